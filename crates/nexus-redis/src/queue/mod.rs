//! The queue of a fleet: lanes that workers share out among them.
//!
//! Ops wait in Redis; the owner of a lane keeps their order in memory, with the same code as the
//! embedded queue. Each step is one script on the lane's slot, and those of an owner do nothing once
//! the lane is somebody else's.

mod connect;
mod lane;
mod letters;
mod look;
mod push;
mod reader;
mod scripts;
mod settle;
mod steward;
#[cfg(test)]
mod tests;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use nexus_core::{
    ops::{Op, Rejection},
    ports::{
        Clock, DeadLetter, LaneStats, Lease, PortError, PortResult, Pushed, Queue, QueueStats,
        QueuedOp,
    },
};
use nexus_protocol::{OpId, Timestamp, UserId};
use parking_lot::Mutex;
use redis::FromRedisValue;
use tokio::{sync::Notify, task::JoinSet};

use self::{lane::Lane, push::Pushers, scripts::FleetKeys};
use crate::{Call, Redis, Replicas};

pub use connect::QueueError;

#[derive(Clone, Debug)]
pub struct QueueOptions {
    /// The same for the whole fleet, for good.
    pub lanes: u16,
    /// How people know this process.
    pub node: String,
    /// Replicas that must have a push or a death before it counts.
    pub replicas: Option<Replicas>,
    /// Ops that may wait in all lanes together, evenly shared out; 0 for any number.
    pub max_depth: u64,
    /// A lane whose owner is silent for so long is taken over.
    pub lease: Duration,
    pub renew_every: Duration,
    /// How soon an op is found whose wake-up got lost.
    pub poll_every: Duration,
    /// Ops of a lane that are held in memory.
    pub portion: usize,
}

impl Default for QueueOptions {
    fn default() -> QueueOptions {
        QueueOptions {
            lanes: 64,
            node: "node".to_owned(),
            replicas: None,
            max_depth: 1_000_000,
            lease: Duration::from_secs(5),
            renew_every: Duration::from_secs(1),
            poll_every: Duration::from_secs(1),
            portion: 4_096,
        }
    }
}

/// One process's part in it. It works lanes from the first `take` on.
pub struct RedisQueue {
    shared: Arc<Shared>,
    pushers: Pushers,
    /// Empty until the first `take`, and after `close`.
    tasks: Mutex<JoinSet<()>>,
    begun: AtomicBool,
}

struct Shared {
    redis: Redis,
    options: QueueOptions,
    fleet: FleetKeys,
    lanes: Vec<Lane>,
    /// The node, and what makes this process different from all others of that name.
    worker: String,
    claims: AtomicU64,
    /// Lanes may be free, or may be given up.
    look_again: Notify,
}

impl Shared {
    fn number_of_lanes(&self) -> u16 {
        self.options.lanes
    }

    /// Ops that may wait in one lane.
    fn bound(&self) -> u64 {
        self.options.max_depth.div_ceil(u64::from(self.options.lanes))
    }

    fn next_claim(&self) -> u64 {
        self.claims.fetch_add(1, Ordering::Relaxed)
    }

    /// A step that people are told of: a failover must not undo it. An error says nothing of whether
    /// it was done.
    async fn lasting<T: FromRedisValue>(&self, doing: &'static str, call: Call) -> PortResult<T> {
        match self.options.replicas {
            Some(replicas) => self.redis.script_on_replicas(doing, call, replicas).await,
            None => self.redis.script(doing, call).await,
        }
    }
}

impl RedisQueue {
    fn new(redis: Redis, options: QueueOptions, clock: Arc<dyn Clock>) -> RedisQueue {
        let prefix = redis.prefix().to_owned();
        let lanes = (0..options.lanes).map(|n| Lane::new(&prefix, n, Arc::clone(&clock)));
        let shared = Arc::new(Shared {
            lanes: lanes.collect(),
            fleet: FleetKeys::new(&prefix),
            worker: format!("{}|{:016x}", options.node, rand::random::<u64>()),
            claims: AtomicU64::new(0),
            look_again: Notify::new(),
            redis,
            options,
        });
        RedisQueue {
            pushers: Pushers::new(Arc::clone(&shared)),
            shared,
            tasks: Mutex::default(),
            begun: AtomicBool::new(false),
        }
    }

    fn lane(&self, lane: u16) -> PortResult<&Lane> {
        let lane = self.shared.lanes.get(usize::from(lane));
        lane.ok_or_else(|| PortError::new("find a lane", "there are fewer lanes"))
    }

    fn begin(&self) {
        if self.begun.swap(true, Ordering::AcqRel) {
            return;
        }
        let mut tasks = self.tasks.lock();
        tasks.spawn(steward::run(Arc::clone(&self.shared)));
        tasks.spawn(reader::listen(Arc::clone(&self.shared)));
        for lane in 0..self.shared.number_of_lanes() {
            tasks.spawn(reader::run(Arc::clone(&self.shared), lane));
        }
    }
}

#[async_trait]
impl Queue for RedisQueue {
    fn lanes(&self) -> u16 {
        self.shared.number_of_lanes()
    }

    fn lanes_owned(&self) -> u16 {
        let owned = self.shared.lanes.iter().filter(|lane| lane.tenure().is_some());
        u16::try_from(owned.count()).unwrap_or(u16::MAX)
    }

    async fn push(&self, ops: Vec<Op>) -> Vec<PortResult<Pushed>> {
        self.pushers.push(ops).await
    }

    async fn take(&self, lane: u16, max: usize) -> PortResult<Vec<Lease>> {
        self.begin();
        Ok(self.lane(lane)?.take(max).await)
    }

    async fn ack(&self, lane: u16, ops: &[OpId]) -> PortResult<()> {
        self.shared.ack(self.lane(lane)?, ops).await
    }

    async fn retry(&self, lane: u16, op: OpId, after: Duration, error: &str) -> PortResult<()> {
        self.shared.retry(self.lane(lane)?, op, after, error).await
    }

    async fn release(&self, lane: u16, ops: &[OpId]) -> PortResult<()> {
        self.shared.release(self.lane(lane)?, ops)
    }

    async fn bury(
        &self,
        lane: u16,
        op: OpId,
        rejection: &Rejection,
    ) -> PortResult<Option<Timestamp>> {
        self.shared.bury(self.lane(lane)?, op, rejection).await
    }

    async fn queued(&self, op: OpId) -> PortResult<Option<QueuedOp>> {
        self.shared.queued(op).await
    }

    async fn stats(&self) -> PortResult<QueueStats> {
        self.shared.stats().await
    }

    async fn lane_stats(&self) -> PortResult<Vec<LaneStats>> {
        self.shared.lane_stats().await
    }

    async fn dead_letters(
        &self,
        before: Option<Timestamp>,
        limit: u32,
    ) -> PortResult<Vec<DeadLetter>> {
        self.shared.dead_letters(before, limit).await
    }

    async fn dead_letters_of(&self, actor: UserId, limit: u32) -> PortResult<Vec<DeadLetter>> {
        self.shared.dead_letters_of(actor, limit).await
    }

    async fn dead_letter(&self, op: OpId) -> PortResult<Option<DeadLetter>> {
        self.shared.dead_letter(op).await
    }

    async fn replay(&self, op: OpId) -> PortResult<bool> {
        self.shared.replay(op).await
    }

    async fn discard(&self, op: OpId) -> PortResult<bool> {
        self.shared.discard(op).await
    }

    async fn close(&self) {
        // Never to begin again.
        self.begun.store(true, Ordering::Release);
        let mut tasks = std::mem::take(&mut *self.tasks.lock());
        tasks.shutdown().await;
        steward::close(&self.shared).await;
    }
}
