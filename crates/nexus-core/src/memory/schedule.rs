//! Lanes that can be waited for: what every queue of one process hands its ops out of.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use nexus_protocol::{OpId, Timestamp};
use parking_lot::Mutex;
use tokio::sync::Notify;

use super::{Lanes, Waiting};
use crate::ports::{Clock, LaneStats, Lease, QueueStats, QueuedOp};

/// The clock is looked at again at least this often: it may be set.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

pub struct Schedule {
    clock: Arc<dyn Clock>,
    lanes: Mutex<Lanes>,
    /// Nothing is handed out.
    held: AtomicBool,
    /// One for each lane: something may be ready.
    wake: Vec<Notify>,
}

impl Schedule {
    pub fn new(lanes: u16, clock: Arc<dyn Clock>) -> Schedule {
        let lanes = Lanes::new(lanes);
        let wake = (0..lanes.count()).map(|_| Notify::new()).collect();
        Schedule { clock, lanes: Mutex::new(lanes), held: AtomicBool::new(false), wake }
    }

    pub fn lanes(&self) -> u16 {
        self.lanes.lock().count()
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Adds ops in their order; one that is here already stays where it is.
    pub fn push(&self, ops: impl IntoIterator<Item = Waiting>) {
        let mut woken = vec![false; self.wake.len()];
        let mut lanes = self.lanes.lock();
        for op in ops {
            if let Some(lane) = lanes.push(op) {
                woken[usize::from(lane)] = true;
            }
        }
        drop(lanes);
        for (wake, _) in self.wake.iter().zip(woken).filter(|(_, woken)| *woken) {
            wake.notify_waiters();
        }
    }

    /// Waits until the lane has something to hand out. May be dropped at any time: nothing is lost.
    pub async fn take(&self, lane: u16, max: usize) -> Vec<Lease> {
        let Some(wake) = self.wake.get(usize::from(lane)) else {
            return std::future::pending().await;
        };
        loop {
            let mut woken = std::pin::pin!(wake.notified());
            // Before looking, so that nothing slips in between.
            woken.as_mut().enable();
            let now = self.clock.now();
            let due = {
                let mut lanes = self.lanes.lock();
                if self.held.load(Ordering::Relaxed) {
                    None
                } else {
                    let leases = lanes.take(lane, max, now);
                    if !leases.is_empty() {
                        return leases;
                    }
                    lanes.next_due(lane)
                }
            };
            match due {
                None => woken.await,
                Some(due) => {
                    // A moment that is not over yet by the port's clock may be by the timer's.
                    let wait = due.since(now).clamp(Duration::from_millis(1), LOOK_AGAIN);
                    let _ = tokio::time::timeout(wait, woken).await;
                }
            }
        }
    }

    /// Hands out nothing from now on, until [`Schedule::go_on`].
    pub fn hold(&self) {
        let _between_takes = self.lanes.lock();
        self.held.store(true, Ordering::Relaxed);
    }

    pub fn go_on(&self) {
        self.held.store(false, Ordering::Relaxed);
        self.wake_all();
    }

    /// Forgets everything. Answers what was taken.
    pub fn clear(&self) -> Vec<OpId> {
        self.lanes.lock().clear()
    }

    pub fn is_taken(&self, op: OpId) -> bool {
        self.lanes.lock().is_taken(op)
    }

    /// How many are taken and not settled.
    pub fn taken(&self) -> usize {
        self.lanes.lock().taken()
    }

    pub fn depth(&self) -> usize {
        self.lanes.lock().depth()
    }

    pub fn remove(&self, ops: &[OpId]) {
        let mut lanes = self.lanes.lock();
        for op in ops {
            lanes.remove(*op);
        }
        drop(lanes);
        // What they held up may go on; which lanes those are is not worth finding out.
        self.wake_all();
    }

    pub fn release(&self, ops: &[OpId]) {
        let mut lanes = self.lanes.lock();
        for op in ops {
            lanes.release(*op);
        }
        drop(lanes);
        self.wake_all();
    }

    pub fn retry(&self, op: OpId, now: Timestamp, run_at: Timestamp, why: &str) {
        self.lanes.lock().retry(op, now, run_at, why);
        self.wake_all();
    }

    pub fn queued(&self, op: OpId) -> Option<QueuedOp> {
        self.lanes.lock().queued(op)
    }

    pub fn contains(&self, op: OpId) -> bool {
        self.lanes.lock().contains(op)
    }

    pub fn place(&self, op: OpId) -> Option<i64> {
        self.lanes.lock().place(op)
    }

    pub fn stats(&self) -> QueueStats {
        self.lanes.lock().stats()
    }

    pub fn lane_stats(&self) -> Vec<LaneStats> {
        self.lanes.lock().lane_stats()
    }

    fn wake_all(&self) {
        for wake in &self.wake {
            wake.notify_waiters();
        }
    }
}
