//! Queue, bus, presence, limits and first answers on Redis 7, alone, with replicas, or as a cluster.
//!
//! Everything goes through one [`Redis`] (`link`), which knows who holds which key and follows
//! failovers; the ports are small state machines in Lua on top of it, one slot for each step.

mod bus;
mod checks;
mod claims;
mod limits;
mod link;
mod presence;
#[cfg(test)]
mod setup;

pub use link::{Call, Heard, Options, Redis, Replicas, Script, Shape, Subscription};
