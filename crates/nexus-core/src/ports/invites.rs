//! Invitations, and those who wait to be let in.

use async_trait::async_trait;
use nexus_protocol::{ChatId, Timestamp, UserId};

use super::PortResult;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteRecord {
    pub code: String,
    pub chat: ChatId,
    pub created_by: UserId,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub max_uses: Option<u32>,
    pub uses: u32,
    pub requires_approval: bool,
    pub revoked_at: Option<Timestamp>,
}

impl InviteRecord {
    pub fn uses_left(&self) -> Option<u32> {
        self.max_uses.map(|most| most.saturating_sub(self.uses))
    }

    /// Why nobody comes in by it at this time.
    pub fn end(&self, at: Timestamp) -> Option<&'static str> {
        if self.revoked_at.is_some() {
            Some("the invitation was revoked")
        } else if self.expires_at.is_some_and(|end| end <= at) {
            Some("the invitation has expired")
        } else if self.uses_left() == Some(0) {
            Some("the invitation is used up")
        } else {
            None
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinRequestRecord {
    pub chat: ChatId,
    pub user: UserId,
    pub code: String,
    pub asked_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedToJoin {
    Now,
    Before,
    /// There is no room for another.
    TooMany,
}

/// Uses are counted by [`super::MessageStore::commit`] alone. All of it goes with its chat.
#[async_trait]
pub trait InviteStore: Send + Sync {
    /// False when the chat has `most` already that are neither revoked nor expired at
    /// `created_at`. Of several at once too few may be stored, never too many.
    async fn create_invite(&self, invite: &InviteRecord, most: u64) -> PortResult<bool>;

    /// By all of its code; whatever has become of it, for 30 days at least.
    async fn invite(&self, code: &str) -> PortResult<Option<InviteRecord>>;

    /// Those of the chat that are neither revoked nor expired, the latest first.
    async fn invites(&self, chat: ChatId, at: Timestamp) -> PortResult<Vec<InviteRecord>>;

    /// From then on nobody comes in by it. False when there is none of the chat.
    async fn revoke_invite(&self, chat: ChatId, code: &str, at: Timestamp) -> PortResult<bool>;

    /// Waits to be let in, once, unless `most` wait already.
    async fn ask_to_join(&self, request: &JoinRequestRecord, most: u64) -> PortResult<AskedToJoin>;

    async fn join_request(
        &self,
        chat: ChatId,
        user: UserId,
    ) -> PortResult<Option<JoinRequestRecord>>;

    /// By user id, those above `after` only.
    async fn join_requests(
        &self,
        chat: ChatId,
        after: Option<UserId>,
        limit: u32,
    ) -> PortResult<Vec<JoinRequestRecord>>;

    /// They wait no more; answers those who did.
    async fn end_join_requests(&self, chat: ChatId, users: &[UserId]) -> PortResult<Vec<UserId>>;
}
