//! Failures that count on whichever node they happen. All of an account is in one slot.

use std::{sync::LazyLock, time::Duration};

use async_trait::async_trait;
use nexus_core::ports::{Attempt, FAILURES_KEPT, Pace, PortResult, Throttle, Tried};

use crate::{Call, Redis, Script, Time};

#[cfg(test)]
mod tests;

static BEGIN: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("throttle/begin.lua")));
static SETTLE: LazyLock<Script> =
    LazyLock::new(|| Script::new(include_str!("throttle/settle.lua")));
static FORGET: LazyLock<Script> =
    LazyLock::new(|| Script::new(include_str!("throttle/forget.lua")));

#[derive(Clone)]
pub struct RedisThrottle {
    redis: Redis,
    time: Time,
}

impl RedisThrottle {
    pub fn new(redis: Redis, time: Time) -> RedisThrottle {
        RedisThrottle { redis, time }
    }

    fn of_account(&self, account: &str) -> String {
        format!("{{{}:g:{account}}}", self.redis.prefix())
    }

    fn at_place(&self, account: &str, place: &str) -> String {
        format!("{}:{place}", self.of_account(account))
    }
}

fn price(call: Call, pace: &Pace) -> Call {
    let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    call.arg(pace.free).arg(millis(pace.first)).arg(millis(pace.most))
}

#[async_trait]
impl Throttle for RedisThrottle {
    async fn begin(&self, attempt: &Attempt<'_>) -> PortResult<Option<Duration>> {
        let mut call = BEGIN.call().key(self.at_place(attempt.account, attempt.place));
        if attempt.everywhere.is_some() {
            call = call.key(self.of_account(attempt.account));
        }
        call = call.arg(&self.time).arg(FAILURES_KEPT.as_millis() as u64);
        call = price(call, attempt.at_place);
        if let Some(pace) = attempt.everywhere {
            call = price(call, pace);
        }
        let wait: u64 = self.redis.script("count a try", call).await?;
        Ok((wait > 0).then(|| Duration::from_millis(wait)))
    }

    async fn settle(&self, attempt: &Attempt<'_>, tried: Tried) -> PortResult<()> {
        let place = self.at_place(attempt.account, attempt.place);
        let everywhere = attempt.everywhere.map(|_| self.of_account(attempt.account));
        let how = match tried {
            Tried::Right => "right",
            Tried::Undecided => "undecided",
        };
        let call = std::iter::once(place).chain(everywhere).fold(SETTLE.call(), Call::key).arg(how);
        let _: u64 = self.redis.script("take a try back", call).await?;
        Ok(())
    }

    async fn forget(&self, account: &str, place: &str) -> PortResult<()> {
        let keys = [self.at_place(account, place), self.of_account(account)];
        let call = keys.into_iter().fold(FORGET.call(), Call::key);
        let _: u64 = self.redis.script("forget failures", call).await?;
        Ok(())
    }
}
