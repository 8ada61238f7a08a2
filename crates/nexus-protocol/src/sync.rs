//! Catching up: what a client has against what there is.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Chat, ChatId, ChatReceipt, Message, Settings, Timestamp, UserRole};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SyncRequest {
    /// The highest `userRev` the client has applied; 0 at first.
    #[serde(default)]
    pub user_rev: u64,
    /// For each chat it knows, the highest `rev` it has applied.
    #[serde(default)]
    #[schema(value_type = HashMap<String, u64>)]
    pub chats: HashMap<ChatId, u64>,
    /// Most chats in the answer: default 50, at most 200.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// As the last answer gave it; without it the watermarks of all its chats come back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipts_cursor: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SyncAnswer {
    pub user_rev: u64,
    /// Changes of the user's own state above the client's `userRev`, oldest first.
    pub me: Vec<UserChange>,
    pub chats: Vec<ChatSync>,
    /// Chats the client knows and is no member of.
    pub removed: Vec<ChatId>,
    /// Watermarks of members that moved since the cursor.
    pub receipts: Vec<ChatReceipt>,
    pub receipts_cursor: String,
    /// There is more: apply this and ask again.
    pub more: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SyncMode {
    /// All messages with a `rev` above the client's.
    Delta,
    /// The newest 30 messages: forget what you had of this chat.
    Snapshot,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChatSync {
    pub chat: Chat,
    pub mode: SyncMode,
    /// In order of `rev`.
    pub messages: Vec<Message>,
    pub to_rev: u64,
}

/// One change of a user's own state, and the body of `me:updated`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserChange {
    pub user_rev: u64,
    #[serde(flatten)]
    pub change: OwnChange,
    pub at: Timestamp,
}

/// What changed, as `kind` and `data`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", content = "data", rename_all = "snake_case")]
pub enum OwnChange {
    #[serde(rename_all = "camelCase")]
    Read { chat_id: ChatId, read_seq: u64, unread_from: Option<u64> },
    #[serde(rename_all = "camelCase")]
    Mute { chat_id: ChatId, muted_until: Option<Timestamp> },
    #[serde(rename_all = "camelCase")]
    Pin { chat_id: ChatId, pinned: bool },
    #[serde(rename_all = "camelCase")]
    Archive { chat_id: ChatId, archived: bool },
    #[serde(rename_all = "camelCase")]
    Draft { chat_id: ChatId, draft: Option<String> },
    #[serde(rename_all = "camelCase")]
    Unread { chat_id: ChatId, unread_from: Option<u64> },
    #[serde(rename_all = "camelCase")]
    Star { chat_id: ChatId, message_id: crate::MessageId, starred: bool },
    /// A message deleted for this user alone.
    #[serde(rename_all = "camelCase")]
    Hide { chat_id: ChatId, message_id: crate::MessageId },
    #[serde(rename_all = "camelCase")]
    Profile { display_name: String, about: String },
    /// The address, or whether its owner has shown to read it.
    #[serde(rename_all = "camelCase")]
    Account { email: String, email_verified: bool },
    #[serde(rename_all = "camelCase")]
    Username { username: String },
    /// All of them, as they are now.
    Settings(Settings),
    /// An announcement was put away.
    #[serde(rename_all = "camelCase")]
    Dismiss { announcement_id: crate::AnnouncementId },
    /// What the user may do on this server.
    Role { role: UserRole },
    #[serde(rename_all = "camelCase")]
    Blocks { user_id: crate::UserId, blocked: bool },
    /// A contact was added, renamed or removed.
    #[serde(rename_all = "camelCase")]
    Contacts { user_id: crate::UserId, is_contact: bool, nickname: Option<String> },
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SyncCheck {
    #[serde(default)]
    pub user_rev: u64,
    #[serde(default)]
    #[schema(value_type = HashMap<String, u64>)]
    pub chats: HashMap<ChatId, u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SyncChecked {
    /// Chats to `sync`: changed, new to the client, or no longer the user's.
    pub stale: Vec<ChatId>,
    pub user_stale: bool,
}
