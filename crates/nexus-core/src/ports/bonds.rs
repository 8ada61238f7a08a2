//! What lies between two people: each may have the other among their contacts, and each may block
//! the other.

use async_trait::async_trait;
use nexus_protocol::{Timestamp, UserChange, UserId};

use super::PortResult;

/// Between a user and one other, seen by the user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bond {
    /// The user has the other among their contacts.
    pub has: bool,
    /// The other has the user among theirs.
    pub is_had: bool,
    pub blocks: bool,
    pub is_blocked: bool,
}

impl Bond {
    pub fn is_barred(self) -> bool {
        self.blocks || self.is_blocked
    }

    /// As the other sees it.
    pub fn turned(self) -> Bond {
        Bond {
            has: self.is_had,
            is_had: self.has,
            blocks: self.is_blocked,
            is_blocked: self.blocks,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactRecord {
    pub other: UserId,
    pub nickname: Option<String>,
    pub added_at: Timestamp,
}

#[async_trait]
pub trait BondStore: Send + Sync {
    /// In the order asked for.
    async fn bonds(&self, user: UserId, others: &[UserId]) -> PortResult<Vec<Bond>>;

    /// Notes an [`nexus_protocol::OwnChange::Blocks`] in the same atomic step. `None` when it is so
    /// already, or there is no such user.
    async fn set_blocked(
        &self,
        user: UserId,
        other: UserId,
        blocked: bool,
        at: Timestamp,
    ) -> PortResult<Option<UserChange>>;

    /// Whom the user blocks, by id, those above `after` only.
    async fn blocked(
        &self,
        user: UserId,
        after: Option<UserId>,
        limit: u32,
    ) -> PortResult<Vec<UserId>>;

    async fn contact(&self, user: UserId, other: UserId) -> PortResult<Option<ContactRecord>>;

    /// Adds or renames a contact and notes an [`nexus_protocol::OwnChange::Contacts`], in one atomic
    /// step. When it was added first stays. `None` when it is so already, or there is no such user.
    async fn put_contact(
        &self,
        user: UserId,
        other: UserId,
        nickname: Option<&str>,
        at: Timestamp,
    ) -> PortResult<Option<UserChange>>;

    /// Likewise.
    async fn remove_contact(
        &self,
        user: UserId,
        other: UserId,
        at: Timestamp,
    ) -> PortResult<Option<UserChange>>;

    /// By the other's id, those above `after` only.
    async fn contacts(
        &self,
        user: UserId,
        after: Option<UserId>,
        limit: u32,
    ) -> PortResult<Vec<ContactRecord>>;

    /// How many contacts and blocks the user has.
    async fn bond_count(&self, user: UserId) -> PortResult<u64>;
}
