//! Accounts elsewhere that sign in to accounts here.

use async_trait::async_trait;
use nexus_protocol::{Timestamp, UserId};

use super::PortResult;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRecord {
    /// With `subject`, what names the account elsewhere for good: a name or an address may pass to
    /// somebody else.
    pub issuer: String,
    pub subject: String,
    pub user_id: UserId,
    /// What the account elsewhere was called.
    pub label: Option<String>,
    pub created_at: Timestamp,
}

#[async_trait]
pub trait LinkStore: Send + Sync {
    /// False where the account elsewhere is linked to anybody, or the user to another one of the same
    /// issuer.
    async fn add_link(&self, new: &LinkRecord) -> PortResult<bool>;

    async fn link(&self, issuer: &str, subject: &str) -> PortResult<Option<LinkRecord>>;

    /// The oldest first.
    async fn links(&self, user: UserId) -> PortResult<Vec<LinkRecord>>;

    /// False where the user has none of this issuer.
    async fn remove_link(&self, user: UserId, issuer: &str) -> PortResult<bool>;

    /// Those of the user that were made at `since` or later are gone.
    async fn drop_links(&self, user: UserId, since: Timestamp) -> PortResult<()>;
}
