//! Accounts as staff see and change them.

use async_trait::async_trait;
use nexus_protocol::{Ban, Stats, Timestamp, UserChange, UserId, UserRole};

use super::{PortResult, UserRecord};

/// Which accounts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccountFilter {
    /// As [`super::UserStore::search_users`] takes it, and the beginning of an e-mail address.
    pub query: Option<String>,
    pub role: Option<UserRole>,
    /// Those with a ban, be it over or not.
    pub banned_only: bool,
}

#[async_trait]
pub trait StaffStore: Send + Sync {
    /// By user name, those above `after` only.
    async fn accounts(
        &self,
        filter: &AccountFilter,
        after: Option<&str>,
        limit: u32,
    ) -> PortResult<Vec<UserRecord>>;

    /// Changes the role and notes an [`nexus_protocol::OwnChange::Role`], in one atomic step.
    async fn set_role(
        &self,
        id: UserId,
        role: UserRole,
        at: Timestamp,
    ) -> PortResult<Option<(UserRecord, UserChange)>>;

    /// Puts a ban in place of the one before, or takes it away. Answers whether there is such a
    /// user. What is committed a second later goes by it.
    async fn set_ban(&self, id: UserId, ban: Option<&Ban>) -> PortResult<bool>;

    /// How much there is. Counts all of it: not for every second.
    async fn stats(&self, now: Timestamp) -> PortResult<Stats>;
}
