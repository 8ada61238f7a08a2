//! Limits that hold over all nodes: GCRA like that of one process, one script a check.

use std::{sync::LazyLock, time::Duration};

use async_trait::async_trait;
use nexus_core::ports::{Limits, PortResult, Quota, Verdict};

use crate::{Redis, Script, Time};

#[cfg(test)]
mod tests;

static CHECK: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("limits/check.lua")));

/// Nanoseconds above this are not exact in Lua. It is a quota of a hundred days.
const MOST_NANOS: u64 = 1 << 53;

#[derive(Clone)]
pub struct RedisLimits {
    redis: Redis,
    time: Time,
}

impl RedisLimits {
    pub fn new(redis: Redis, time: Time) -> RedisLimits {
        RedisLimits { redis, time }
    }
}

#[async_trait]
impl Limits for RedisLimits {
    async fn check(&self, quota: &Quota, key: &str, cost: u32) -> PortResult<Verdict> {
        let each = each(quota);
        // More than all of it is never allowed; nothing at all tells how things stand.
        let asked = if cost > quota.burst { 0 } else { cost };
        let call = CHECK
            .call()
            .key(format!("{{{}:l:{}:{key}}}", self.redis.prefix(), quota.name))
            .arg(times(each, asked))
            .arg(times(each, quota.burst))
            .arg(&self.time);
        let (allowed, taken): (bool, u64) = self.redis.script("check a limit", call).await?;
        Ok(verdict(quota, cost, allowed, taken))
    }
}

/// How long one takes to come back, in nanoseconds.
fn each(quota: &Quota) -> u64 {
    let per = u64::try_from(quota.per.as_nanos()).unwrap_or(u64::MAX);
    per.min(MOST_NANOS) / u64::from(quota.refill.max(1))
}

fn times(each: u64, count: u32) -> u64 {
    each.saturating_mul(u64::from(count)).min(MOST_NANOS)
}

/// `taken` is what was taken before, in nanoseconds.
fn verdict(quota: &Quota, cost: u32, allowed: bool, taken: u64) -> Verdict {
    let (each, all) = (each(quota), times(each(quota), quota.burst));
    let possible = cost <= quota.burst;
    let allowed = allowed && possible;
    let wanted = taken.saturating_add(times(each, cost));
    let after = if allowed { wanted } else { taken };
    let remaining = match each {
        0 => u64::from(quota.burst),
        each => all.saturating_sub(after) / each,
    };
    Verdict {
        allowed,
        remaining: u32::try_from(remaining).unwrap_or(u32::MAX),
        reset_after: Duration::from_nanos(after),
        retry_after: match (allowed, possible) {
            (true, _) => Duration::ZERO,
            (false, true) => Duration::from_nanos(wanted.saturating_sub(all)),
            (false, false) => Duration::MAX,
        },
    }
}
