//! Queue, bus, presence, limits and first answers on Redis 7, alone, with replicas, or as a cluster.
//!
//! Everything goes through one [`Redis`] (`link`), which knows who holds which key and follows
//! failovers; the ports are small state machines in Lua on top of it, one slot for each step.

mod bus;
mod checks;
mod claims;
mod fault;
mod keyring;
mod limits;
mod link;
#[cfg(test)]
mod own_server;
mod presence;
mod queue;
#[cfg(test)]
mod setup;
mod throttle;
mod time;

pub use bus::{BusOptions, Filter, Header, RedisBus, Subject};
pub use checks::{Finding, Role, Severity};
pub use claims::RedisClaims;
pub use keyring::Keyring;
pub use limits::RedisLimits;
pub use link::{Call, Heard, Options, Redis, Replicas, Script, Shape, Subscription};
pub use presence::RedisPresence;
pub use queue::{QueueError, QueueOptions, RedisQueue};
pub use throttle::RedisThrottle;
pub use time::Time;
