//! Messages and everything done to them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ChatId, EventError, HistoryVisible, MessageId, Permissions, Role, Timestamp, UserId};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum MessageType {
    Text,
    /// Written by the server: membership and title changes. See `system`.
    System,
}

impl MessageType {
    pub fn as_str(self) -> &'static str {
        match self {
            MessageType::Text => "text",
            MessageType::System => "system",
        }
    }
}

/// A stored message as the caller sees it, and the body of `msg:new` and `msg:updated`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    pub id: MessageId,
    pub chat_id: ChatId,
    /// Position in the chat: 1, 2, 3 … without gaps.
    pub seq: u64,
    /// Number of its latest change among all changes of the chat, without gaps.
    pub rev: u64,
    pub sender_id: UserId,
    /// Chosen by the sender; unique per chat and sender, for ever.
    pub client_id: String,
    pub r#type: MessageType,
    /// Restricted Markdown; empty once deleted.
    pub content: String,
    /// Empty: this server takes no attachments.
    #[schema(value_type = Vec<Object>)]
    pub media: Vec<serde_json::Value>,
    pub reply_to: Option<ReplyTo>,
    pub forwarded: bool,
    pub mentions: Vec<UserId>,
    pub reactions: Vec<Reaction>,
    #[schema(value_type = Option<Object>)]
    pub link_preview: Option<serde_json::Value>,
    pub pinned_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub edited_at: Option<Timestamp>,
    /// Set on a tombstone. Of one that disappeared: its `expiresAt`.
    pub deleted_at: Option<Timestamp>,
    /// From then on it is a tombstone, before `msg:updated` says so and with the same `rev` until then:
    /// drop what it says at this time.
    pub expires_at: Option<Timestamp>,
    pub system: Option<SystemEvent>,
}

impl Message {
    /// Makes a tombstone of it.
    pub fn erase(&mut self, at: Timestamp) {
        self.content.clear();
        self.mentions.clear();
        self.reactions.clear();
        self.reply_to = None;
        self.pinned_at = None;
        self.deleted_at = Some(at);
    }

    /// Takes away what has disappeared by `now`: all it says, or the words it quotes.
    pub fn expire(&mut self, now: Timestamp) {
        if let Some(at) = self.expires_at.filter(|at| *at <= now && self.deleted_at.is_none()) {
            self.erase(at);
        } else if let Some(quoted) = &mut self.reply_to
            && quoted.expires_at.is_some_and(|at| at <= now)
        {
            quoted.preview.clear();
        }
    }
}

/// What a reply quotes, as it was when the reply was written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReplyTo {
    pub id: MessageId,
    pub sender_id: UserId,
    /// Its place in the chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// The first characters of the quoted text; empty for who may not see that message.
    pub preview: String,
    /// When the quoted message disappears, and the preview with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

/// One emoji under a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Reaction {
    pub emoji: String,
    pub count: u32,
    /// The first eight who reacted.
    pub user_ids: Vec<UserId>,
    /// Whether the caller is among them.
    pub mine: bool,
}

/// What a `system` message tells. Its `senderId` is who did it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SystemEvent {
    GroupCreated {
        title: String,
    },
    #[serde(rename_all = "camelCase")]
    MembersAdded {
        user_ids: Vec<UserId>,
    },
    /// By an invitation.
    #[serde(rename_all = "camelCase")]
    MemberJoined {
        user_id: UserId,
        /// Who made the invitation.
        inviter_id: UserId,
    },
    #[serde(rename_all = "camelCase")]
    MemberRemoved {
        user_id: UserId,
    },
    #[serde(rename_all = "camelCase")]
    MemberLeft {
        user_id: UserId,
        /// Where the owner left: who owns the group now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        new_owner_id: Option<UserId>,
    },
    #[serde(rename_all = "camelCase")]
    RoleChanged {
        user_id: UserId,
        role: Role,
    },
    #[serde(rename_all = "camelCase")]
    OwnershipTransferred {
        user_id: UserId,
    },
    TitleChanged {
        title: String,
    },
    AboutChanged {
        about: String,
    },
    PermissionsChanged {
        permissions: Permissions,
    },
    #[serde(rename_all = "camelCase")]
    SlowModeChanged {
        slow_mode_secs: u32,
    },
    #[serde(rename_all = "camelCase")]
    HistoryVisibleChanged {
        history_visible: HistoryVisible,
    },
    /// Of the messages that come after it.
    #[serde(rename_all = "camelCase")]
    DisappearAfterChanged {
        /// Null: they stay.
        disappear_after_secs: Option<u32>,
    },
}

/// Body of `msg:send`, and of `POST /chats/{id}/messages` (where `chatId` comes from the path).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MsgSend {
    pub chat_id: ChatId,
    /// 1 to 64 characters, chosen by the client; a UUIDv7 is a good one. Sending it again stores nothing.
    pub client_id: String,
    #[serde(default = "text")]
    pub r#type: MessageType,
    /// 1 to 4,000 characters.
    pub content: String,
    /// A message of the same chat.
    #[serde(default)]
    pub reply_to: Option<MessageId>,
    /// Members of the chat, 50 at most.
    #[serde(default)]
    pub mentions: Vec<UserId>,
}

/// Body of `POST /chats/{id}/messages`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SendMessage {
    /// If given, the same as in the path.
    #[serde(default)]
    pub chat_id: Option<ChatId>,
    pub client_id: String,
    #[serde(default = "text")]
    pub r#type: MessageType,
    pub content: String,
    #[serde(default)]
    pub reply_to: Option<MessageId>,
    #[serde(default)]
    pub mentions: Vec<UserId>,
}

impl SendMessage {
    pub fn into_chat(self, chat_id: ChatId) -> MsgSend {
        MsgSend {
            chat_id,
            client_id: self.client_id,
            r#type: self.r#type,
            content: self.content,
            reply_to: self.reply_to,
            mentions: self.mentions,
        }
    }
}

fn text() -> MessageType {
    MessageType::Text
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MsgEdit {
    pub id: MessageId,
    pub content: String,
}

/// Body of `PATCH /messages/{id}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditMessage {
    pub content: String,
}

/// For whom a message is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DeleteScope {
    Me,
    All,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MsgDelete {
    pub id: MessageId,
    pub scope: DeleteScope,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MsgReact {
    pub id: MessageId,
    pub emoji: String,
    pub on: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ForwardMessage {
    /// Up to 20 chats.
    pub chat_ids: Vec<ChatId>,
}

/// How far a sent message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SendStatus {
    /// Durable: it will be committed, or be reported failed.
    Queued,
    /// Committed: it has its place in the chat.
    Sent,
}

/// The acknowledgement of `msg:send`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MsgSent {
    pub status: SendStatus,
    pub id: MessageId,
    pub client_id: String,
    /// There once `status` is `sent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
}

/// Body of `msg:queued`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MsgQueued {
    pub id: MessageId,
    pub client_id: String,
    pub chat_id: ChatId,
    pub status: SendStatus,
}

/// The acknowledgement of `msg:edit`, `msg:delete` and `msg:react`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ChangeQueued {
    pub status: SendStatus,
    pub id: MessageId,
}

/// Body of `msg:failed`: the message, or the change to it, is in the dead letters. A `queued` that is
/// answered after it, to a repeat, holds: the message lives again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MsgFailed {
    pub id: MessageId,
    pub client_id: String,
    pub chat_id: ChatId,
    pub error: EventError,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MessageAnswer {
    pub message: Message,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Messages {
    pub messages: Vec<Message>,
    pub next_cursor: Option<String>,
}

/// What `POST /messages/{id}/forward` put into the queue, one for each chat.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Forwarded {
    pub messages: Vec<MsgQueued>,
}

/// One earlier text of an edited message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Edit {
    pub content: String,
    /// When this text was written.
    pub written_at: Timestamp,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct EditHistory {
    /// Oldest first; the last is the text as it is now.
    pub edits: Vec<Edit>,
}

/// One step of a message's way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum LedgerEntry {
    Queued {
        at: Timestamp,
    },
    Retrying {
        at: Timestamp,
        attempt: u32,
        error: String,
    },
    Committed {
        at: Timestamp,
        seq: u64,
    },
    #[serde(rename_all = "camelCase")]
    Delivered {
        at: Timestamp,
        user_id: UserId,
    },
    #[serde(rename_all = "camelCase")]
    Read {
        at: Timestamp,
        user_id: UserId,
    },
    Failed {
        at: Timestamp,
        error: EventError,
    },
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Ledger {
    pub id: MessageId,
    pub ledger: Vec<LedgerEntry>,
}
