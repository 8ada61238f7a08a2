//! How often somebody may do something.

use std::time::Duration;

use async_trait::async_trait;

use super::PortResult;

/// So many in so long a time; all of them may come at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Names the tier in keys, headers and metrics.
    pub name: &'static str,
    /// How many may come at once.
    pub burst: u32,
    /// How many come back…
    pub refill: u32,
    /// …in this time, evenly.
    pub per: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub allowed: bool,
    /// How many more would be allowed right now.
    pub remaining: u32,
    /// Until all of the quota is back.
    pub reset_after: Duration,
    /// When refused: until this request would be allowed. `Duration::MAX` when it never would.
    pub retry_after: Duration,
}

#[async_trait]
pub trait Limits: Send + Sync {
    /// One atomic step; a refusal costs nothing.
    async fn check(&self, quota: &Quota, key: &str, cost: u32) -> PortResult<Verdict>;
}
