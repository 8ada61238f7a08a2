//! Who is connected to any node.

use std::{collections::BTreeMap, error::Error, sync::LazyLock};

use async_trait::async_trait;
use nexus_core::ports::{
    PRESENCE_TTL_SECS, PortError, PortResult, Presence, Shown, Transition, lane_of,
};
use nexus_protocol::{ChatId, UserId, event::PresenceStatus};
use redis::{FromRedisValue, Value, from_redis_value};
use uuid::Uuid;

use crate::{Call, Redis, Script, Time};

#[cfg(test)]
mod tests;

macro_rules! scripts {
    ($($name:ident = $file:literal)*) => { $(
        static $name: LazyLock<Script> = LazyLock::new(|| {
            Script::new(concat!(include_str!("presence/connections.lua"), include_str!($file)))
        });
    )* };
}

scripts! {
    STEP = "presence/step.lua"
    LOOK = "presence/look.lua"
    EXPIRE = "presence/expire.lua"
}

/// All of a user is in one of these. Every node must have the same number, so it is no option.
const SHARDS: u16 = 32;
/// So many users of a shard are looked at in one step.
const PORTION: usize = 500;

const LOOKING: &str = "look who is there";
const EXPIRING: &str = "look who is gone";

#[derive(Clone)]
pub struct RedisPresence {
    redis: Redis,
    time: Time,
}

impl RedisPresence {
    pub fn new(redis: Redis, time: Time) -> RedisPresence {
        RedisPresence { redis, time }
    }

    fn call(&self, script: &'static Script, shard: u16) -> Call {
        let shard = format!("{{{}:p:{shard}}}", self.redis.prefix());
        script.call().key(format!("{shard}:users")).key(format!("{shard}:due")).arg(&self.time)
    }

    fn step(&self, user: UserId, connection: Uuid) -> Call {
        let connection = connection.simple().to_string();
        self.call(&STEP, shard_of(user)).arg(user.0.as_bytes()).arg(connection)
    }

    async fn take(&self, step: Call) -> PortResult<Transition> {
        let (before, after) = self.redis.script("note who is there", step).await?;
        Ok(Transition { before: status(before), after: status(after) })
    }
}

#[async_trait]
impl Presence for RedisPresence {
    async fn set(&self, user: UserId, connection: Uuid, shown: Shown) -> PortResult<Transition> {
        let rank = match shown {
            Shown::Online => 2,
            Shown::Away => 1,
            Shown::Invisible => 0,
        };
        self.take(self.step(user, connection).arg(rank).arg(PRESENCE_TTL_SECS * 1_000)).await
    }

    async fn clear(&self, user: UserId, connection: Uuid) -> PortResult<Transition> {
        self.take(self.step(user, connection)).await
    }

    async fn get(&self, users: &[UserId]) -> PortResult<Vec<PresenceStatus>> {
        let mut shards: BTreeMap<u16, Vec<usize>> = BTreeMap::new();
        for (place, user) in users.iter().enumerate() {
            shards.entry(shard_of(*user)).or_default().push(place);
        }
        let calls = shards.iter().map(|(shard, places)| {
            places
                .iter()
                .fold(self.call(&LOOK, *shard), |call, place| call.arg(users[*place].0.as_bytes()))
        });
        let answers = self.redis.scripts(LOOKING, calls).await;
        let mut statuses = vec![PresenceStatus::Offline; users.len()];
        for (places, answer) in shards.values().zip(answers) {
            let ranks: Vec<u8> = typed(LOOKING, answer?)?;
            for (place, rank) in places.iter().zip(ranks) {
                statuses[*place] = status(rank);
            }
        }
        Ok(statuses)
    }

    async fn expire(&self) -> PortResult<Vec<UserId>> {
        let (mut gone, mut failed) = (Vec::new(), None);
        let mut shards: Vec<u16> = (0..SHARDS).collect();
        while !shards.is_empty() {
            let calls = shards.iter().map(|shard| self.call(&EXPIRE, *shard).arg(PORTION));
            let answers = self.redis.scripts(EXPIRING, calls).await;
            let mut more = Vec::new();
            for (shard, answer) in shards.into_iter().zip(answers) {
                match answer.and_then(|answer| typed::<(usize, Vec<Vec<u8>>)>(EXPIRING, answer)) {
                    Ok((looked_at, users)) => {
                        more.extend((looked_at == PORTION).then_some(shard));
                        gone.extend(users.iter().filter_map(|user| Uuid::from_slice(user).ok()));
                    }
                    Err(err) => failed = Some(err),
                }
            }
            shards = more;
        }
        match failed {
            Some(err) if gone.is_empty() => return Err(err),
            // Nobody else will be told of those.
            Some(err) => tracing::warn!(error = &err as &dyn Error, "presence not all looked at"),
            None => {}
        }
        Ok(gone.into_iter().map(UserId).collect())
    }
}

fn typed<T: FromRedisValue>(doing: &'static str, answer: Value) -> PortResult<T> {
    from_redis_value(answer).map_err(|err| PortError::new(doing, err))
}

/// Spread like chats over lanes.
fn shard_of(user: UserId) -> u16 {
    lane_of(ChatId(user.0), SHARDS)
}

fn status(rank: u8) -> PresenceStatus {
    match rank {
        0 => PresenceStatus::Offline,
        1 => PresenceStatus::Away,
        _ => PresenceStatus::Online,
    }
}
