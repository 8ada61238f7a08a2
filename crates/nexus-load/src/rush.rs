//! An open loop of messages: each is sent when it is due, however far behind the server is.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use anyhow::Result;
use nexus_client::{Client, Usage};
use nexus_protocol::{MessageType, MsgSend, event::MSG_SEND};
use tokio::time::sleep_until;

use crate::{
    Args,
    crowd::{self, Group},
    report::Percentiles,
    tally::{Counts, Ear, Tally, client_id},
    target::{Target, Usages},
};

/// How long may pass after the last send until all is acknowledged and heard.
const TAIL: Duration = Duration::from_secs(15);
/// About as long as a chat message is.
const TEXT: &str = "Shall we meet at the station at half past six? I bring the tickets along.";

/// Groups with a socket for every member, ready to write.
pub struct Rush<'a> {
    target: &'a Target,
    groups: Vec<Group>,
    sockets: Vec<Vec<Client>>,
    tally: Arc<Tally>,
    next: u64,
}

/// One stretch at one rate.
#[derive(Clone, Debug)]
pub struct Stretch {
    pub offered_per_sec: f64,
    /// Sent per second, as it came out: below the offer when the generator itself fell behind.
    pub sent_per_sec: f64,
    pub deliveries_per_sec: f64,
    pub ack: Percentiles,
    pub seen: Percentiles,
    /// Messages not acknowledged when the last was sent.
    pub unacked: u64,
    pub deliveries: u64,
    pub servers: Usages,
    pub client: Duration,
}

impl<'a> Rush<'a> {
    pub async fn prepare(args: &Args, target: &'a Target) -> Result<Rush<'a>> {
        let apis = target.apis();
        let groups = crowd::groups(&apis, args.groups, args.members, args.setup()).await?;
        let tally = Tally::new();
        let mut ears = Vec::new();
        for (at, group) in groups.iter().enumerate() {
            for (member, person) in group.members.iter().enumerate() {
                let ear = Ear { group: at, member, first_seq: group.first_seq };
                ears.push((person.token.clone(), ear));
            }
        }
        let mut all = crowd::sockets(&apis, ears, &tally, args.setup()).await?.into_iter();
        let sockets =
            groups.iter().map(|group| all.by_ref().take(group.members.len()).collect()).collect();
        Ok(Rush { target, groups, sockets, tally, next: 0 })
    }

    /// Sends at `per_sec` for `length` after `warm_up`, then waits until it is quiet again.
    pub async fn run(
        &mut self,
        per_sec: f64,
        warm_up: Duration,
        length: Duration,
    ) -> Result<Stretch> {
        let interval = Duration::from_secs_f64(1.0 / per_sec);
        let count = |time: Duration| (time.as_secs_f64() * per_sec).ceil() as u64;
        let (warm_count, total) = (count(warm_up), count(warm_up + length));
        let first = self.next;
        self.next += total;
        let start = self.tally.begin(first, interval, warm_count);
        let under_way = Arc::new(AtomicU64::new(0));
        let mut before = self.reading()?;
        let mut began = start;
        for step in 0..total {
            sleep_until((start + interval * u32::try_from(step)?).into()).await;
            if step == warm_count {
                before = self.reading()?;
                began = Instant::now();
            }
            self.send(first + step, &under_way);
        }
        let took = began.elapsed();
        let unacked = under_way.load(Relaxed);
        self.quiet(&under_way).await;
        let after = self.reading()?;
        let measured = total - warm_count;
        Ok(Stretch {
            offered_per_sec: per_sec,
            sent_per_sec: measured as f64 / took.as_secs_f64(),
            deliveries_per_sec: (measured * self.others()) as f64 / took.as_secs_f64(),
            ack: Percentiles::of(&self.tally.acks()),
            seen: Percentiles::of(&self.tally.seen()),
            unacked,
            deliveries: after.deliveries - before.deliveries,
            servers: after.servers.since(&before.servers),
            client: after.client.saturating_sub(before.client),
        })
    }

    /// Everybody writes in turn, in all groups by turns.
    fn send(&self, number: u64, under_way: &Arc<AtomicU64>) {
        let groups = self.groups.len() as u64;
        let (at, turn) = ((number % groups) as usize, (number / groups) as usize);
        let member = turn % self.groups[at].members.len();
        let body = MsgSend {
            chat_id: self.groups[at].chat,
            client_id: client_id(member, number),
            r#type: MessageType::Text,
            content: TEXT.to_owned(),
            reply_to: None,
            mentions: Vec::new(),
        };
        let pending = self.sockets[at][member].start(MSG_SEND, body);
        let (tally, under_way) = (self.tally.clone(), under_way.clone());
        under_way.fetch_add(1, Relaxed);
        tokio::spawn(async move {
            match pending.answer().await {
                Ok(_) => tally.acked(number),
                Err(_) => tally.refused(),
            }
            under_way.fetch_sub(1, Relaxed);
        });
    }

    async fn quiet(&self, under_way: &AtomicU64) {
        let last_seqs = self.last_seqs();
        let until = Instant::now() + TAIL;
        while Instant::now() < until {
            if under_way.load(Relaxed) == 0 && self.tally.is_complete(&last_seqs) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// What was lost, doubled, out of order in all stretches so far.
    pub fn settle(&self) -> Counts {
        self.tally.settle(&self.last_seqs())
    }

    /// What each group's last `seq` must be now.
    fn last_seqs(&self) -> Vec<u64> {
        let groups = self.groups.len() as u64;
        let written = |at: u64| self.next / groups + u64::from(at < self.next % groups);
        let pairs = self.groups.iter().zip(0..);
        pairs.map(|(group, at)| group.first_seq + written(at)).collect()
    }

    fn others(&self) -> u64 {
        self.groups.first().map_or(0, |group| group.members.len() as u64 - 1)
    }

    fn reading(&self) -> Result<Reading> {
        Ok(Reading {
            deliveries: self.tally.delivered.load(Relaxed),
            servers: self.target.usage()?,
            client: Usage::of(std::process::id())?.cpu(),
        })
    }
}

struct Reading {
    deliveries: u64,
    servers: Usages,
    client: Duration,
}
