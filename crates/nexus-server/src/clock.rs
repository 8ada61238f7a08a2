//! The machine's own time, behind the `Clock` port.

use std::time::{SystemTime, UNIX_EPOCH};

use nexus_core::ports::Clock;
use nexus_protocol::Timestamp;

pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the Clock port")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}
