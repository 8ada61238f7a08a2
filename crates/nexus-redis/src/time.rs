//! Whose clock counts.

use std::sync::Arc;

use nexus_core::ports::Clock;
use redis::{RedisWrite, ToRedisArgs};

/// The clocks of nodes differ, so Redis' own counts for what they share.
#[derive(Clone)]
pub enum Time {
    Server,
    Clock(Arc<dyn Clock>),
}

/// The time in milliseconds for a script; empty when it is to take its own.
impl ToRedisArgs for &Time {
    fn write_redis_args<W: ?Sized + RedisWrite>(&self, out: &mut W) {
        match self {
            Time::Server => out.write_arg(b""),
            Time::Clock(clock) => out.write_arg_fmt(clock.now().0),
        }
    }
}
