//! Which signing keys the running nodes have, so that a node with keys of its own is found out
//! before anybody's token is refused.

use std::{sync::LazyLock, time::Duration};

use nexus_core::ports::PortResult;

use redis::cmd;

use crate::{Redis, Script};

#[cfg(test)]
mod tests;

static SHARE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("keyring/share.lua")));

const COMPARING: &str = "compare signing keys with other nodes";

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
        let call = SHARE.call().key(self.key());
        let call = call.arg(u64::try_from(GONE_AFTER.as_millis()).unwrap_or(u64::MAX));
        let call = kids.iter().fold(call, |call, kid| call.arg(kid));
        self.redis.script(COMPARING, call).await
    }

    /// The keys of all nodes that run.
    pub async fn known(&self) -> PortResult<Vec<String>> {
        let key = self.key();
        let list = cmd("ZRANGE").arg(&key).arg(0).arg(-1).to_owned();
        self.redis.query(COMPARING, &key, &list).await
    }

    fn key(&self) -> String {
        format!("{{{}:keys}}", self.redis.prefix())
    }
}
