//! The ports of one process that has nobody to share with: what the embedded mode runs on.

mod bus;
mod clock;
mod ids;
mod lanes;
mod limits;
mod mail;
mod presence;
mod queue;
mod schedule;
#[cfg(test)]
mod tests;
mod throttle;

pub use bus::MemoryBus;
pub use clock::{SetClock, SystemClock};
pub use ids::{CountingIds, SystemIds};
pub use lanes::{Lanes, Waiting};
pub use limits::MemoryLimits;
pub use mail::MemoryMail;
pub use presence::MemoryPresence;
pub use queue::MemoryQueue;
pub use schedule::Schedule;
pub use throttle::MemoryThrottle;
