//! Whose clock counts.

use std::sync::Arc;

use nexus_core::ports::{Clock, PortError, PortResult};
use nexus_protocol::Timestamp;
use redis::{RedisWrite, ToRedisArgs, cmd, from_redis_value};

use crate::Redis;

const ASKING: &str = "ask Redis for its time";

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

impl Redis {
    /// What the clock of each master says.
    pub async fn times(&self) -> PortResult<Vec<Timestamp>> {
        let answers = self.masters(ASKING, &cmd("TIME")).await?;
        let time = |(_, answer)| {
            let (secs, micros): (i64, i64) =
                from_redis_value(answer).map_err(|err| PortError::new(ASKING, err))?;
            Ok(Timestamp(secs * 1_000 + micros / 1_000))
        };
        answers.into_iter().map(time).collect()
    }
}
