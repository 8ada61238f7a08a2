//! First answers to requests that carry an `Idempotency-Key`, on whichever node they come.

use std::sync::{
    Arc, LazyLock,
    atomic::{AtomicI64, Ordering},
};

use async_trait::async_trait;
use nexus_core::{
    idempotency::KEPT_FOR,
    ports::{Claim, FirstAnswer, IdempotencyStore, PortError, PortResult},
};
use nexus_protocol::{Timestamp, UserId};

use crate::{Call, Redis, Script};

#[cfg(test)]
mod tests;

static CLAIM: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("claims/claim.lua")));
static FINISH: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("claims/finish.lua")));
static RELEASE: LazyLock<Script> =
    LazyLock::new(|| Script::new(include_str!("claims/release.lua")));

const CLAIMING: &str = "claim an idempotency key";
/// A claim not finished within this time was cut off.
const CUT_OFF_MILLIS: u64 = 60_000;

#[derive(Clone)]
pub struct RedisClaims {
    redis: Redis,
    /// Claims before this are forgotten. Redis lets go of them by itself after [`KEPT_FOR`]; this
    /// is for whoever wants it sooner.
    forgotten: Arc<AtomicI64>,
}

impl RedisClaims {
    pub fn new(redis: Redis) -> RedisClaims {
        RedisClaims { redis, forgotten: Arc::new(AtomicI64::new(i64::MIN)) }
    }

    fn call(&self, script: &'static Script, user: UserId, key: &str) -> Call {
        script.call().key(format!("{{{}:c:{user}:{key}}}", self.redis.prefix()))
    }
}

#[async_trait]
impl IdempotencyStore for RedisClaims {
    async fn claim(
        &self,
        user: UserId,
        key: &str,
        fingerprint: &[u8; 32],
        at: Timestamp,
    ) -> PortResult<Claim> {
        let call = self
            .call(&CLAIM, user, key)
            .arg(fingerprint)
            .arg(at.0)
            .arg(CUT_OFF_MILLIS)
            .arg(self.forgotten.load(Ordering::Relaxed))
            .arg(KEPT_FOR.as_millis() as u64);
        let answer: Vec<Vec<u8>> = self.redis.script(CLAIMING, call).await?;
        claim(answer).ok_or_else(|| PortError::new(CLAIMING, "the first answer makes no sense"))
    }

    async fn finish(&self, user: UserId, key: &str, answer: &FirstAnswer) -> PortResult<()> {
        let call = self
            .call(&FINISH, user, key)
            .arg(answer.status)
            .arg(&answer.content_type)
            .arg(&answer.body);
        self.redis.script("keep a first answer", call).await
    }

    async fn release(&self, user: UserId, key: &str) -> PortResult<()> {
        self.redis.script("release an idempotency key", self.call(&RELEASE, user, key)).await
    }

    async fn prune_claims(&self, before: Timestamp) -> PortResult<()> {
        self.forgotten.fetch_max(before.0, Ordering::Relaxed);
        Ok(())
    }
}

fn claim(answer: Vec<Vec<u8>>) -> Option<Claim> {
    let mut parts = answer.into_iter();
    match parts.next()?.as_slice() {
        b"new" => Some(Claim::New),
        b"in progress" => Some(Claim::InProgress),
        b"mismatch" => Some(Claim::Mismatch),
        _ => {
            let status = String::from_utf8(parts.next()?).ok()?.parse().ok()?;
            let content_type = String::from_utf8(parts.next()?).ok()?;
            Some(Claim::Answered(FirstAnswer { status, content_type, body: parts.next()? }))
        }
    }
}
