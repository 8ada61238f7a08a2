//! First answers to requests that carry an `Idempotency-Key`.

use async_trait::async_trait;
use nexus_protocol::{Timestamp, UserId};

use super::PortResult;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstAnswer {
    pub status: u16,
    pub content_type: String,
    pub body: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The caller is the first: carry out, then `finish` (or `release`).
    New,
    /// Another request with this key is being carried out.
    InProgress,
    Answered(FirstAnswer),
    /// The key was used for another request.
    Mismatch,
}

#[async_trait]
pub trait IdempotencyStore: Send + Sync {
    /// One atomic step: of two calls at once, one is `New`. A claim that is not finished within a
    /// minute was cut off, and is `New` again.
    async fn claim(
        &self,
        user: UserId,
        key: &str,
        fingerprint: &[u8; 32],
        at: Timestamp,
    ) -> PortResult<Claim>;

    async fn finish(&self, user: UserId, key: &str, answer: &FirstAnswer) -> PortResult<()>;

    /// Gives a claim back whose request failed in a way worth repeating.
    async fn release(&self, user: UserId, key: &str) -> PortResult<()>;

    /// Forgets claims made before `before`.
    async fn prune_claims(&self, before: Timestamp) -> PortResult<()>;
}
