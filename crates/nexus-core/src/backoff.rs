//! How long to wait before another try.

use std::time::Duration;

use crate::ports::Ids;

/// Exponential from `base` at the first attempt up to `max`, between half and all of the full pause,
/// so that retries don't march in step.
pub fn pause(ids: &dyn Ids, base: Duration, max: Duration, attempt: u32) -> Duration {
    let doubled = base.saturating_mul(1 << attempt.saturating_sub(1).min(20));
    let full = doubled.min(max);
    let mut chance = [0];
    ids.fill(&mut chance);
    full / 2 + full.mul_f32(f32::from(chance[0]) / 512.0)
}
