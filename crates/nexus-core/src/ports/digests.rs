//! Who was away, and when they were last told by letter of what they missed.

use async_trait::async_trait;
use nexus_protocol::{Timestamp, UserId};

use super::{PortResult, UserRecord};

#[derive(Clone, Debug, PartialEq)]
pub struct Away {
    pub user: UserRecord,
    pub told_at: Option<Timestamp>,
}

#[async_trait]
pub trait DigestStore: Send + Sync {
    /// Who has verified their address and was not seen since `since` (or made the account before
    /// and was never seen), by id; those above `after` only.
    async fn users_away(
        &self,
        since: Timestamp,
        after: Option<UserId>,
        limit: u32,
    ) -> PortResult<Vec<Away>>;

    /// Never moves back.
    async fn note_told(&self, user: UserId, at: Timestamp) -> PortResult<()>;
}
