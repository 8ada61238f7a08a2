//! Keys that authenticators hold for people.

use async_trait::async_trait;
use nexus_protocol::{PasskeyId, Timestamp, UserId};

use super::PortResult;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyRecord {
    pub id: PasskeyId,
    /// The authenticator's own name of it.
    pub credential_id: Vec<u8>,
    pub user_id: UserId,
    pub name: String,
    /// As COSE writes it.
    pub public_key: Vec<u8>,
    /// Of the last signature; 0 where the authenticator doesn't count.
    pub counter: u32,
    /// How browsers reach it, in their words.
    pub transports: Vec<String>,
    pub backed_up: bool,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

/// One signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasskeyUse {
    pub counter: u32,
    pub backed_up: bool,
    pub at: Timestamp,
}

#[async_trait]
pub trait PasskeyStore: Send + Sync {
    /// False where this credential is known, whosever it is.
    async fn add_passkey(&self, new: &PasskeyRecord) -> PortResult<bool>;

    async fn passkey(&self, credential_id: &[u8]) -> PortResult<Option<PasskeyRecord>>;

    /// The oldest first.
    async fn passkeys(&self, user: UserId) -> PortResult<Vec<PasskeyRecord>>;

    /// Notes a signature. False where the passkey is gone, or its counter is not beyond the last one
    /// (and not both are 0): there are two of it.
    async fn use_passkey(&self, credential_id: &[u8], used: &PasskeyUse) -> PortResult<bool>;

    /// `None` where the user has no such passkey.
    async fn rename_passkey(
        &self,
        user: UserId,
        id: PasskeyId,
        name: &str,
    ) -> PortResult<Option<PasskeyRecord>>;

    /// False where the user has no such passkey.
    async fn remove_passkey(&self, user: UserId, id: PasskeyId) -> PortResult<bool>;

    /// Those of the user that were made at `since` or later are gone.
    async fn drop_passkeys(&self, user: UserId, since: Timestamp) -> PortResult<()>;
}
