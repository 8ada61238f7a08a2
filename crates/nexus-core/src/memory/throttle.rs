//! Failures of one process' users.

use std::{collections::HashMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use nexus_protocol::Timestamp;
use parking_lot::Mutex;

use crate::ports::{Attempt, Clock, FAILURES_KEPT, Pace, PortResult, Throttle, Tried};

/// Fewer keys than this are not worth a sweep.
const SWEEP_FROM: usize = 4_096;

pub struct MemoryThrottle {
    clock: Arc<dyn Clock>,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    /// By account, and place if it is about one.
    failures: HashMap<(String, Option<String>), Failures>,
    /// With so many keys, those that no longer count are forgotten.
    sweep_at: usize,
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    last_at: Timestamp,
    next_at: Timestamp,
}

impl MemoryThrottle {
    pub fn new(clock: Arc<dyn Clock>) -> MemoryThrottle {
        MemoryThrottle { clock, counts: Mutex::default() }
    }
}

/// What a try counts for, and at what price.
fn keys<'a>(
    attempt: &Attempt<'a>,
) -> impl Iterator<Item = ((String, Option<String>), &'a Pace)> + use<'a> {
    let account = attempt.account.to_owned();
    let at_place = ((account.clone(), Some(attempt.place.to_owned())), attempt.at_place);
    let everywhere = attempt.everywhere.map(|pace| ((account, None), pace));
    std::iter::once(at_place).chain(everywhere)
}

#[async_trait]
impl Throttle for MemoryThrottle {
    async fn begin(&self, attempt: &Attempt<'_>) -> PortResult<Option<Duration>> {
        let now = self.clock.now();
        let mut counts = self.counts.lock();
        let waits = keys(attempt).filter_map(|(key, _)| counts.known(&key, now));
        let wait = waits.map(|known| known.next_at.since(now)).max().unwrap_or_default();
        if wait > Duration::ZERO {
            return Ok(Some(wait));
        }
        for (key, pace) in keys(attempt) {
            counts.fail(key, pace, now);
        }
        Ok(None)
    }

    async fn settle(&self, attempt: &Attempt<'_>, tried: Tried) -> PortResult<()> {
        let mut counts = self.counts.lock();
        for (key, _) in keys(attempt) {
            match tried {
                Tried::Right if key.1.is_some() => counts.forget(&key),
                Tried::Right | Tried::Undecided => counts.take_back(&key),
            }
        }
        Ok(())
    }

    async fn forget(&self, account: &str, place: &str) -> PortResult<()> {
        let mut counts = self.counts.lock();
        counts.forget(&(account.to_owned(), Some(place.to_owned())));
        counts.forget(&(account.to_owned(), None));
        Ok(())
    }
}

impl Counts {
    fn known(&self, key: &(String, Option<String>), now: Timestamp) -> Option<Failures> {
        let known = self.failures.get(key).copied();
        known.filter(|known| now.since(known.last_at) < FAILURES_KEPT)
    }

    fn fail(&mut self, key: (String, Option<String>), pace: &Pace, now: Timestamp) {
        let count = self.known(&key, now).map_or(0, |known| known.count) + 1;
        if self.failures.len() >= self.sweep_at.max(SWEEP_FROM) {
            self.failures.retain(|_, known| now.since(known.last_at) < FAILURES_KEPT);
            self.sweep_at = self.failures.len() * 2;
        }
        let next_at = now.plus(pace.delay(count));
        self.failures.insert(key, Failures { count, last_at: now, next_at });
    }

    fn forget(&mut self, key: &(String, Option<String>)) {
        self.failures.remove(key);
    }

    /// It was let through, so nobody waited before it.
    fn take_back(&mut self, key: &(String, Option<String>)) {
        if let Some(known) = self.failures.get_mut(key) {
            known.count -= 1;
            known.next_at = known.last_at;
            if known.count == 0 {
                self.failures.remove(key);
            }
        }
    }
}
