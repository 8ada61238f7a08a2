//! Delivered and read: watermarks, never per-message events.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ChatId, MessageId, Timestamp, UserId};

/// How far one member has received and read a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    pub user_id: UserId,
    pub delivered_seq: u64,
    pub read_seq: u64,
}

/// A watermark that moved while the caller was away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChatReceipt {
    pub chat_id: ChatId,
    pub user_id: UserId,
    pub delivered_seq: u64,
    pub read_seq: u64,
}

/// Body of `msg:delivered` and `msg:read`: a `seq`, or a message of the chat instead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Watermark {
    pub chat_id: ChatId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
}

/// Body of `POST /chats/{id}/read`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadUpTo {
    pub seq: u64,
}

/// Body of `status:delivered` and `status:read`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    pub chat_id: ChatId,
    pub user_id: UserId,
    pub seq: u64,
    pub at: Timestamp,
}

/// When one member received and read one message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageReceipt {
    pub user_id: UserId,
    pub delivered_at: Option<Timestamp>,
    pub read_at: Option<Timestamp>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MessageReceipts {
    pub receipts: Vec<MessageReceipt>,
}

/// The acknowledgement of an event that has nothing more to tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Done {
    pub ok: bool,
}

impl Done {
    pub const OK: Done = Done { ok: true };
}
