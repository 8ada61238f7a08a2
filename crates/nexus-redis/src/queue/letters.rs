//! Dead letters: in the lane of their chat, and listed for their actor.

use nexus_core::ports::{DeadLetter, PortError, PortResult};
use nexus_protocol::{OpId, Timestamp, UserId};
use redis::{Value, from_redis_value};

use super::{
    Shared,
    lane::Lane,
    scripts::{DISCARD, FORGET, LETTERS},
};

impl Shared {
    pub(super) async fn dead_letters(
        &self,
        before: Option<Timestamp>,
        limit: u32,
    ) -> PortResult<Vec<DeadLetter>> {
        const DOING: &str = "list dead letters";
        let before = before.map_or_else(|| "+inf".to_owned(), |at| at.0.to_string());
        let calls = self.lanes.iter().map(|lane| {
            // The first of them all are among the first of each.
            lane.keys.call(&LETTERS).arg(&before).arg(limit)
        });
        let mut letters = Vec::new();
        for found in self.redis.scripts(DOING, calls).await {
            let found: Vec<String> = parse(DOING, found?)?;
            for letter in found {
                letters.push(from_json(DOING, &letter)?);
            }
        }
        Ok(newest(letters, limit))
    }

    pub(super) async fn dead_letters_of(
        &self,
        actor: UserId,
        limit: u32,
    ) -> PortResult<Vec<DeadLetter>> {
        const DOING: &str = "list an actor's dead letters";
        let (list, wanted) = (self.fleet.letters_of(actor), limit as usize);
        let (mut letters, mut seen, mut is_end) = (Vec::new(), 0, wanted == 0);
        // Hardly ever more than one round: only what a crash has left over is listed and not there.
        while !is_end && letters.len() < wanted {
            let mut range = redis::cmd("ZRANGE");
            range.arg(&list).arg(seen).arg(seen + wanted - 1).arg("REV");
            let listed: Vec<String> = self.redis.query(DOING, &list, &range).await?;
            seen += listed.len();
            is_end = listed.len() < wanted;
            let gets = listed.iter().filter_map(|entry| self.get_listed(entry));
            for found in self.redis.queries(DOING, gets).await {
                let found: Option<String> = parse(DOING, found?)?;
                if let Some(letter) = found {
                    letters.push(from_json(DOING, &letter)?);
                }
            }
        }
        Ok(newest(letters, limit))
    }

    pub(super) async fn dead_letter(&self, op: OpId) -> PortResult<Option<DeadLetter>> {
        Ok(self.find_letter(op).await?.map(|(_, letter)| letter))
    }

    pub(super) async fn replay(&self, op: OpId) -> PortResult<bool> {
        match self.find_letter(op).await? {
            Some((lane, letter)) => self.revive(lane, &letter).await,
            None => Ok(false),
        }
    }

    pub(super) async fn discard(&self, op: OpId) -> PortResult<bool> {
        const DOING: &str = "discard a dead letter";
        let Some((lane, _)) = self.find_letter(op).await? else { return Ok(false) };
        let call = lane.keys.call(&DISCARD).arg(op.to_string());
        let letter: Option<String> = self.redis.script(DOING, call).await?;
        if let Some(letter) = &letter {
            self.forget_letter(lane.number, &from_json(DOING, letter)?).await;
        }
        Ok(letter.is_some())
    }

    /// An id doesn't say which lane it is on, so all are asked.
    async fn find_letter(&self, op: OpId) -> PortResult<Option<(&Lane, DeadLetter)>> {
        const DOING: &str = "read a dead letter";
        let gets = self.lanes.iter().map(|lane| get(lane, &op.to_string()));
        for (lane, found) in self.lanes.iter().zip(self.redis.queries(DOING, gets).await) {
            let found: Option<String> = parse(DOING, found?)?;
            if let Some(letter) = found {
                return Ok(Some((lane, from_json(DOING, &letter)?)));
            }
        }
        Ok(None)
    }

    pub(super) async fn list_letter(&self, lane: u16, letter: &DeadLetter) -> PortResult<()> {
        let list = self.fleet.letters_of(letter.op.actor);
        let mut add = redis::cmd("ZADD");
        add.arg(&list).arg(letter.died_at.0).arg(entry(lane, letter.op.id));
        self.redis.query("list a dead letter", &list, &add).await
    }

    /// After the letter is gone. What stays listed by mistake is passed over by who reads it.
    pub(super) async fn forget_letter(&self, lane: u16, letter: &DeadLetter) {
        let list = self.fleet.letters_of(letter.op.actor);
        let call = FORGET.call().key(list).arg(entry(lane, letter.op.id)).arg(letter.died_at.0);
        let forgotten: PortResult<Value> = self.redis.script("forget a dead letter", call).await;
        if let Err(err) = forgotten {
            tracing::debug!(error = &err as &dyn std::error::Error, "a letter stays listed");
        }
    }

    fn get_listed(&self, entry: &str) -> Option<(String, redis::Cmd)> {
        let (lane, op) = entry.split_once(':')?;
        let lane = self.lanes.get(lane.parse::<usize>().ok()?)?;
        Some(get(lane, op))
    }
}

fn get(lane: &Lane, op: &str) -> (String, redis::Cmd) {
    let mut get = redis::cmd("HGET");
    get.arg(lane.keys.dead()).arg(op);
    (lane.keys.dead().to_owned(), get)
}

fn entry(lane: u16, op: OpId) -> String {
    format!("{lane}:{op}")
}

fn newest(mut letters: Vec<DeadLetter>, limit: u32) -> Vec<DeadLetter> {
    letters.sort_by_key(|letter| std::cmp::Reverse(letter.died_at));
    letters.truncate(limit as usize);
    letters
}

pub(super) fn parse<T: redis::FromRedisValue>(doing: &'static str, value: Value) -> PortResult<T> {
    from_redis_value(value).map_err(|err| PortError::new(doing, err))
}

pub(super) fn from_json<T: serde::de::DeserializeOwned>(
    doing: &'static str,
    text: &str,
) -> PortResult<T> {
    serde_json::from_str(text).map_err(|err| PortError::new(doing, err))
}
