//! What is forgotten because it is old: see [`crate::retention`].

use async_trait::async_trait;
use nexus_protocol::{ChatId, MessageId, Timestamp};

use super::PortResult;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OldMessage {
    pub seq: u64,
    pub id: MessageId,
}

#[async_trait]
pub trait RetentionStore: Send + Sync {
    /// All chats by id, those above `after` only.
    async fn chats_after(&self, after: Option<ChatId>, limit: u32) -> PortResult<Vec<ChatId>>;

    /// Messages of people committed before `before` that are no tombstones, by `seq`, above `above`.
    async fn old_messages(
        &self,
        chat: ChatId,
        before: Timestamp,
        above: u64,
        limit: u32,
    ) -> PortResult<Vec<OldMessage>>;

    /// Moves of watermarks noted before `before`; the watermarks themselves stay.
    async fn old_receipts(&self, chat: ChatId, before: Timestamp) -> PortResult<u64>;

    async fn prune_receipts(&self, chat: ChatId, before: Timestamp) -> PortResult<()>;

    /// Rotated refresh tokens of sessions beyond the latest `kept` of each.
    async fn former_tokens(&self, kept: u32) -> PortResult<u64>;

    async fn prune_former_tokens(&self, kept: u32) -> PortResult<()>;

    /// Sessions that ended before `before`.
    async fn ended_sessions(&self, before: Timestamp) -> PortResult<u64>;

    /// Takes the audit log's entries up to this number away. To be noted in it before.
    async fn prune_audit(&self, up_to: u64) -> PortResult<()>;
}
