//! How long somebody who guesses has to wait.

use std::time::Duration;

use async_trait::async_trait;

use super::PortResult;

/// What failures in a row cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// So many failures cost nothing.
    pub free: u32,
    /// The wait after the last of them; each further failure doubles it…
    pub first: Duration,
    /// …up to this.
    pub most: Duration,
}

impl Pace {
    /// How long after this failure the next try may come. Zero while they are free.
    pub fn delay(&self, failures: u32) -> Duration {
        match failures.checked_sub(self.free) {
            Some(beyond) => self.first.saturating_mul(1 << beyond.min(20)).min(self.most),
            None => Duration::ZERO,
        }
    }
}

/// Failures are forgotten this long after the last one.
pub const FAILURES_KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// One try at an account's secret.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// Without any of `{}`.
    pub account: &'a str,
    /// From where.
    pub place: &'a str,
    pub at_place: &'a Pace,
    /// What failures from everywhere cost; `None` for a place that others' failures don't hold up,
    /// and whose own don't hold up others.
    pub everywhere: Option<&'a Pace>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// The place has no failures any more.
    Right,
    /// Nothing was found out: as if there had been no try.
    Undecided,
}

/// Counts failures by account and place, and by account.
#[async_trait]
pub trait Throttle: Send + Sync {
    /// Answers how long to wait, or counts the try as failed, in one atomic step: of many at once,
    /// no more get through than one after the other would.
    async fn begin(&self, attempt: &Attempt<'_>) -> PortResult<Option<Duration>>;

    /// Takes the count of a try back that has not failed.
    async fn settle(&self, attempt: &Attempt<'_>, tried: Tried) -> PortResult<()>;

    /// Nothing is held against the account any more, nor against the place.
    async fn forget(&self, account: &str, place: &str) -> PortResult<()>;
}
