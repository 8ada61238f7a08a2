//! Limits of one process, by GCRA: one number for each key, and no timers.

use std::{collections::HashMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use parking_lot::Mutex;

use crate::ports::{Clock, Limits, PortResult, Quota, Verdict};

/// Fewer keys than this are not worth a sweep.
const SWEEP_FROM: usize = 4_096;

pub struct MemoryLimits {
    clock: Arc<dyn Clock>,
    tiers: Mutex<HashMap<&'static str, Tier>>,
}

/// The keys of one quota.
struct Tier {
    /// When all of a key's quota will be back, in nanoseconds since the epoch.
    full_at: HashMap<String, i128>,
    /// With so many keys, those that are full again are forgotten.
    sweep_at: usize,
}

impl MemoryLimits {
    pub fn new(clock: Arc<dyn Clock>) -> MemoryLimits {
        MemoryLimits { clock, tiers: Mutex::default() }
    }

    /// How many keys are remembered.
    pub fn keys(&self) -> usize {
        self.tiers.lock().values().map(|tier| tier.full_at.len()).sum()
    }
}

#[async_trait]
impl Limits for MemoryLimits {
    async fn check(&self, quota: &Quota, key: &str, cost: u32) -> PortResult<Verdict> {
        let now = i128::from(self.clock.now().0) * 1_000_000;
        let mut tiers = self.tiers.lock();
        let tier = tiers
            .entry(quota.name)
            .or_insert_with(|| Tier { full_at: HashMap::new(), sweep_at: SWEEP_FROM });
        let before = tier.full_at.get(key).copied().unwrap_or(now).max(now);
        let (verdict, after) = decide(quota, now, before, cost);
        if after > before {
            tier.note(key, after, now);
        }
        Ok(verdict)
    }
}

impl Tier {
    fn note(&mut self, key: &str, full_at: i128, now: i128) {
        if let Some(known) = self.full_at.get_mut(key) {
            *known = full_at;
            return;
        }
        if self.full_at.len() >= self.sweep_at {
            self.full_at.retain(|_, full_at| *full_at > now);
            self.sweep_at = (self.full_at.len() * 2).max(SWEEP_FROM);
        }
        self.full_at.insert(key.to_owned(), full_at);
    }
}

/// The verdict, and when all of the quota is back after it.
fn decide(quota: &Quota, now: i128, full_at: i128, cost: u32) -> (Verdict, i128) {
    let each = i128::try_from(quota.per.as_nanos()).unwrap_or(i128::MAX / 2)
        / i128::from(quota.refill.max(1));
    let all = each.saturating_mul(i128::from(quota.burst));
    let wanted = full_at.saturating_add(each.saturating_mul(i128::from(cost)));
    let too_much = wanted - now - all;
    let allowed = too_much <= 0 && cost <= quota.burst;
    let after = if allowed { wanted } else { full_at };
    let retry_after = match (allowed, cost > quota.burst) {
        (true, _) => Duration::ZERO,
        (false, true) => Duration::MAX,
        (false, false) => duration(too_much),
    };
    let remaining = match each {
        0 => i128::from(quota.burst),
        each => (all - (after - now)) / each,
    };
    let verdict = Verdict {
        allowed,
        remaining: u32::try_from(remaining).unwrap_or(0),
        reset_after: duration(after - now),
        retry_after,
    };
    (verdict, after)
}

fn duration(nanos: i128) -> Duration {
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}
