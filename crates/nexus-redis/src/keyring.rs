//! Which signing keys the running nodes have, so that a node with keys of its own is found out
//! before anybody's token is refused.

use std::{sync::LazyLock, time::Duration};

use nexus_core::ports::PortResult;

use crate::{Redis, Script};

#[cfg(test)]
mod tests;

static SHARE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("keyring/share.lua")));

/// A node that was silent this long is gone, and its keys count no more.
const GONE_AFTER: Duration = Duration::from_secs(20);

#[derive(Clone)]
pub struct Keyring {
    redis: Redis,
}

impl Keyring {
    pub fn new(redis: Redis) -> Keyring {
        Keyring { redis }
    }

    /// Says that a node with these keys runs; to be repeated every few seconds. False, and nothing
    /// is noted, where others run and none of them has any of these.
    pub async fn share(&self, kids: &[String]) -> PortResult<bool> {
        let call = SHARE.call().key(format!("{{{}:keys}}", self.redis.prefix()));
        let call = call.arg(u64::try_from(GONE_AFTER.as_millis()).unwrap_or(u64::MAX));
        let call = kids.iter().fold(call, |call, kid| call.arg(kid));
        self.redis.script("compare signing keys with other nodes", call).await
    }
}
