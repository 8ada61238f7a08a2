//! What beside a password proves who somebody is.

use async_trait::async_trait;
use nexus_protocol::{SessionId, Timestamp, UserId};

use super::{PortResult, TokenHash};

/// A generator of one-time codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TotpRecord {
    /// Sealed by [`crate::vault`].
    pub secret: Vec<u8>,
    /// `None` while it is being set up.
    pub enabled_at: Option<Timestamp>,
    /// The step of the last code that was taken.
    pub last_step: u64,
}

#[async_trait]
pub trait SecondFactorStore: Send + Sync {
    /// Notes a generator that is not in use yet, in place of another such one. False where one is in
    /// use.
    async fn begin_totp(&self, user: UserId, secret: &[u8]) -> PortResult<bool>;

    async fn totp(&self, user: UserId) -> PortResult<Option<TotpRecord>>;

    /// Puts the generator to use that has this secret, and these recovery codes in place of any
    /// others. False when there is none such, or it is in use.
    async fn enable_totp(
        &self,
        user: UserId,
        secret: &[u8],
        step: u64,
        codes: &[TokenHash],
        at: Timestamp,
    ) -> PortResult<bool>;

    /// Notes that the code of this step was taken; false when it, or a later one, was already, or
    /// there is no generator in use.
    async fn use_totp_step(&self, user: UserId, step: u64) -> PortResult<bool>;

    /// Generator and recovery codes are gone; answers whether one was in use.
    async fn disable_totp(&self, user: UserId) -> PortResult<bool>;

    /// False where no generator is in use.
    async fn set_recovery_codes(&self, user: UserId, codes: &[TokenHash]) -> PortResult<bool>;

    /// Uses a code up and answers how many are left; `None` for one that isn't there (any more).
    async fn take_recovery_code(&self, user: UserId, code: &TokenHash) -> PortResult<Option<u32>>;

    /// Who has this session has proven, until then, to be its user.
    async fn note_step_up(&self, session: SessionId, until: Timestamp) -> PortResult<()>;

    async fn stepped_up(&self, session: SessionId, now: Timestamp) -> PortResult<bool>;

    /// Forgets proofs that ended before `before`.
    async fn prune_step_ups(&self, before: Timestamp) -> PortResult<()>;
}
