//! Watermarks of delivery and reading.

use async_trait::async_trait;
use nexus_protocol::{ChatId, ChatReceipt, MessageReceipt, Timestamp, UserChange, UserId};
use serde::{Deserialize, Serialize};

use super::PortResult;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ReceiptKind {
    Delivered,
    Read,
}

/// A member says how far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advance {
    pub chat: ChatId,
    pub user: UserId,
    pub kind: ReceiptKind,
    pub seq: u64,
    pub at: Timestamp,
    /// Nobody else learns that it was read, now or later.
    pub quiet: bool,
}

/// What an [`Advance`] moved.
#[derive(Clone, Debug, PartialEq)]
pub struct Advanced {
    /// The delivered watermark now, if it moved.
    pub delivered: Option<u64>,
    /// The read watermark now, if it moved.
    pub read: Option<u64>,
    /// Noted for the user's other devices when `read` moved or a mark-unread was cleared.
    pub own: Option<UserChange>,
}

#[async_trait]
pub trait ReceiptStore: Send + Sync {
    /// Moves watermarks up, never down, never above the chat's `last_seq`; reading is delivery too;
    /// reading clears a mark-unread. One answer for each, `None` for one who is no member.
    ///
    /// What is read quietly moves the member's own state alone: wherever others are told of it, the
    /// watermark stays until it is moved on aloud.
    async fn advance(&self, advances: &[Advance]) -> PortResult<Vec<Option<Advanced>>>;

    /// When each present member but the sender received and read the message with this `seq`.
    async fn message_receipts(&self, chat: ChatId, seq: u64) -> PortResult<Vec<MessageReceipt>>;

    /// Watermarks, of all members of the user's chats of at most
    /// [`nexus_protocol::MAX_RECEIPT_MEMBERS`], that moved at or after `since`.
    async fn receipts_since(&self, user: UserId, since: Timestamp) -> PortResult<Vec<ChatReceipt>>;
}
