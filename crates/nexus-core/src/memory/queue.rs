//! A queue that lives and dies with its process: for tests, and for data that may be lost.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use nexus_protocol::{OpId, Timestamp, UserId};
use parking_lot::Mutex;

use super::{Schedule, Waiting};
use crate::{
    ops::{Op, Rejection},
    ports::{Clock, DeadLetter, LaneStats, Lease, PortResult, Pushed, Queue, QueueStats, QueuedOp},
};

pub struct MemoryQueue {
    schedule: Schedule,
    next_place: AtomicI64,
    /// By time of death, which is different for each.
    dead: Mutex<BTreeMap<Timestamp, DeadLetter>>,
}

impl MemoryQueue {
    pub fn new(lanes: u16, clock: Arc<dyn Clock>) -> MemoryQueue {
        MemoryQueue {
            schedule: Schedule::new(lanes, clock),
            next_place: AtomicI64::new(1),
            dead: Mutex::default(),
        }
    }

    fn push_at_the_end(&self, ops: impl IntoIterator<Item = Arc<Op>>) {
        let next = || self.next_place.fetch_add(1, Ordering::Relaxed);
        self.schedule.push(ops.into_iter().map(|op| Waiting::new(op, next())));
    }

    fn take_dead(&self, op: OpId) -> Option<DeadLetter> {
        take_out(&mut self.dead.lock(), op)
    }
}

#[async_trait]
impl Queue for MemoryQueue {
    fn lanes(&self) -> u16 {
        self.schedule.lanes()
    }

    async fn push(&self, ops: Vec<Op>) -> Vec<PortResult<Pushed>> {
        // Held to the end, so that two calls at once don't mix up the order of places.
        let mut dead = self.dead.lock();
        let revive = |op: &Op| Pushed { died_at: take_out(&mut dead, op.id).map(|l| l.died_at) };
        let pushed = ops.iter().map(revive).map(Ok).collect();
        self.push_at_the_end(ops.into_iter().map(Arc::new));
        pushed
    }

    async fn take(&self, lane: u16, max: usize) -> PortResult<Vec<Lease>> {
        Ok(self.schedule.take(lane, max).await)
    }

    async fn ack(&self, _lane: u16, ops: &[OpId]) -> PortResult<()> {
        self.schedule.remove(ops);
        Ok(())
    }

    async fn retry(&self, _lane: u16, op: OpId, after: Duration, error: &str) -> PortResult<()> {
        let now = self.schedule.now();
        self.schedule.retry(op, now, now.plus(after), error);
        Ok(())
    }

    async fn release(&self, _lane: u16, ops: &[OpId]) -> PortResult<()> {
        self.schedule.release(ops);
        Ok(())
    }

    async fn bury(
        &self,
        _lane: u16,
        op: OpId,
        rejection: &Rejection,
    ) -> PortResult<Option<Timestamp>> {
        let Some(queued) = self.schedule.queued(op) else { return Ok(None) };
        let mut dead = self.dead.lock();
        let last = dead.last_key_value().map_or(Timestamp(i64::MIN), |(at, _)| *at);
        let died_at = self.schedule.now().max(last.plus(Duration::from_millis(1)));
        let letter = DeadLetter {
            op: Op::clone(&queued.op),
            rejection: rejection.clone(),
            attempts: queued.attempts + 1,
            died_at,
        };
        dead.insert(died_at, letter);
        self.schedule.remove(&[op]);
        Ok(Some(died_at))
    }

    async fn queued(&self, op: OpId) -> PortResult<Option<QueuedOp>> {
        Ok(self.schedule.queued(op))
    }

    async fn stats(&self) -> PortResult<QueueStats> {
        Ok(QueueStats { dead: self.dead.lock().len() as u64, ..self.schedule.stats() })
    }

    async fn lane_stats(&self) -> PortResult<Vec<LaneStats>> {
        Ok(self.schedule.lane_stats())
    }

    async fn dead_letters(
        &self,
        before: Option<Timestamp>,
        limit: u32,
    ) -> PortResult<Vec<DeadLetter>> {
        let dead = self.dead.lock();
        let before = before.unwrap_or(Timestamp(i64::MAX));
        let letters = dead.range(..before).rev().map(|(_, letter)| letter.clone());
        Ok(letters.take(limit as usize).collect())
    }

    async fn dead_letters_of(&self, actor: UserId, limit: u32) -> PortResult<Vec<DeadLetter>> {
        let dead = self.dead.lock();
        let theirs = dead.values().rev().filter(|letter| letter.op.actor == actor);
        Ok(theirs.take(limit as usize).cloned().collect())
    }

    async fn dead_letter(&self, op: OpId) -> PortResult<Option<DeadLetter>> {
        Ok(self.dead.lock().values().find(|letter| letter.op.id == op).cloned())
    }

    async fn replay(&self, op: OpId) -> PortResult<bool> {
        let Some(letter) = self.take_dead(op) else { return Ok(false) };
        self.push_at_the_end([Arc::new(letter.op)]);
        Ok(true)
    }

    async fn discard(&self, op: OpId) -> PortResult<bool> {
        Ok(self.take_dead(op).is_some())
    }
}

fn take_out(dead: &mut BTreeMap<Timestamp, DeadLetter>, op: OpId) -> Option<DeadLetter> {
    let at = *dead.iter().find(|(_, letter)| letter.op.id == op)?.0;
    dead.remove(&at)
}
