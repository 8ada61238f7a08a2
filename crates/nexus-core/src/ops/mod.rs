//! Changes of a chat: what each needs, and what it does. Pure, so that every store decides alike.
//!
//! All changes of one chat pass one lane, one after the other. When its turn comes, the store asks
//! [`decide`] with the chat as it is at that moment, and writes the answer.

mod decide;
mod done;
mod groups;
mod invites;
mod messages;
#[cfg(test)]
mod tests;

use nexus_protocol::{
    ChatId, ErrorCode, EventError, HistoryVisible, MessageId, MsgFailed, OpId, Permissions,
    PermissionsChange, RemovalReason, ReplyTo, Role, Timestamp, UserId,
};
use serde::{Deserialize, Serialize};

pub use decide::decide;
pub use done::{done, done_before};

use crate::ports::{ChatRecord, InviteRecord, StoredMessage};

/// The actor of what happens by itself.
pub const NOBODY: UserId = UserId(uuid::Uuid::nil());

/// One change of one chat, on its way through the queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Op {
    /// For a message to send: the message's id, so that a repeat is the same op.
    pub id: OpId,
    pub chat: ChatId,
    pub actor: UserId,
    pub queued_at: Timestamp,
    /// A request waits for it and tells its actor how it went.
    pub awaited: bool,
    pub kind: OpKind,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum OpKind {
    Send(NewMessage),
    Edit {
        message: MessageId,
        content: String,
    },
    Delete {
        message: MessageId,
    },
    /// By the server, for its sender who is gone.
    Erase {
        message: MessageId,
    },
    /// By the staff: whoever sent it, and whoever asks.
    Sweep {
        message: MessageId,
    },
    React {
        message: MessageId,
        emoji: String,
        on: bool,
    },
    Pin {
        message: MessageId,
        on: bool,
    },
    /// Of a message past its time: nobody's wish, by [`NOBODY`].
    Expire {
        message: MessageId,
        /// Also one that is older than that, though it has no time of its own.
        #[serde(default)]
        before: Option<Timestamp>,
    },
    CreateGroup {
        title: String,
        about: String,
        members: Vec<UserId>,
        permissions: Permissions,
    },
    AddMembers {
        users: Vec<UserId>,
    },
    /// By the invitation with this code.
    Join {
        code: String,
    },
    /// One who asked to join by it.
    Admit {
        user: UserId,
        code: String,
    },
    RemoveMember {
        user: UserId,
    },
    Leave,
    ChangeRole {
        user: UserId,
        role: Role,
    },
    TransferOwnership {
        user: UserId,
    },
    SetTitle {
        title: String,
    },
    SetAbout {
        about: String,
    },
    SetPermissions {
        change: PermissionsChange,
    },
    SetSlowMode {
        secs: u32,
    },
    SetHistoryVisible {
        visible: HistoryVisible,
    },
    SetDisappearAfter {
        secs: Option<u32>,
    },
    DeleteChat,
}

impl OpKind {
    /// What it is called where it is listed.
    pub fn name(&self) -> &'static str {
        match self {
            OpKind::Send(_) => "send",
            OpKind::Edit { .. } => "edit",
            OpKind::Delete { .. } => "delete",
            OpKind::Erase { .. } => "erase",
            OpKind::Sweep { .. } => "sweep",
            OpKind::React { .. } => "react",
            OpKind::Pin { .. } => "pin",
            OpKind::Expire { .. } => "expire",
            OpKind::CreateGroup { .. } => "create_group",
            OpKind::AddMembers { .. } => "add_members",
            OpKind::Join { .. } => "join",
            OpKind::Admit { .. } => "admit",
            OpKind::RemoveMember { .. } => "remove_member",
            OpKind::Leave => "leave",
            OpKind::ChangeRole { .. } => "change_role",
            OpKind::TransferOwnership { .. } => "transfer_ownership",
            OpKind::SetTitle { .. } => "set_title",
            OpKind::SetAbout { .. } => "set_about",
            OpKind::SetPermissions { .. } => "set_permissions",
            OpKind::SetSlowMode { .. } => "set_slow_mode",
            OpKind::SetHistoryVisible { .. } => "set_history_visible",
            OpKind::SetDisappearAfter { .. } => "set_disappear_after",
            OpKind::DeleteChat => "delete_chat",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewMessage {
    pub client_id: String,
    pub content: String,
    pub reply_to: Option<ReplyTo>,
    pub forwarded: bool,
    pub mentions: Vec<UserId>,
}

/// Why an op can never be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rejection {
    pub code: ErrorCode,
    pub reason: String,
    /// When it would not be refused, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

impl Rejection {
    pub fn new(code: ErrorCode, reason: &str) -> Rejection {
        Rejection { code, reason: reason.to_owned(), retry_after_ms: None }
    }

    fn not_found(subject: &str) -> Rejection {
        Rejection::new(ErrorCode::NotFound, &format!("{subject} not found"))
    }

    fn forbidden(reason: &str) -> Rejection {
        Rejection::new(ErrorCode::Forbidden, reason)
    }
}

impl Op {
    /// The message this op makes or changes; for a change of the chat, the system message it makes.
    pub fn message(&self) -> MessageId {
        match &self.kind {
            OpKind::Edit { message, .. }
            | OpKind::Delete { message }
            | OpKind::Erase { message }
            | OpKind::Sweep { message }
            | OpKind::React { message, .. }
            | OpKind::Pin { message, .. }
            | OpKind::Expire { message, .. } => *message,
            _ => MessageId(self.id.0),
        }
    }

    /// Whether somebody may want to try it again after it was refused. A message is worth keeping
    /// for its sender; any other change was answered, and done later it would be a surprise.
    pub fn outlives_refusal(&self) -> bool {
        matches!(self.kind, OpKind::Send(_))
    }

    /// What the actor is told when the op is given up.
    pub fn failed(&self, rejection: &Rejection) -> MsgFailed {
        let client_id = match &self.kind {
            OpKind::Send(new) => new.client_id.clone(),
            _ => String::new(),
        };
        let error = EventError {
            code: rejection.code,
            message: rejection.reason.clone(),
            retryable: rejection.code.is_retryable(),
            retry_after_ms: rejection.retry_after_ms,
        };
        MsgFailed { id: self.message(), client_id, chat_id: self.chat, error }
    }
}

/// The chat as it is when an op's turn comes. The store answers from its open transaction (or from
/// what it has read for this batch, its own earlier decisions included).
pub trait ChatState {
    type Error;
    fn chat(&mut self) -> Result<Option<ChatRecord>, Self::Error>;
    /// `None` for one who is no member.
    fn role(&mut self, user: UserId) -> Result<Option<Role>, Self::Error>;
    /// By its code; also one of another chat.
    fn invite(&mut self, code: &str) -> Result<Option<InviteRecord>, Self::Error>;
    /// Whether the user was a member last time until somebody removed them.
    fn was_removed(&mut self, user: UserId) -> Result<bool, Self::Error>;
    /// When the member's last message was sent, as far as it was sent in slow mode.
    fn last_sent(&mut self, user: UserId) -> Result<Option<LastSent>, Self::Error>;
    /// All present members; who has been in it longest comes first.
    fn by_seniority(&mut self) -> Result<Vec<(UserId, Role)>, Self::Error>;
    /// A message of this chat.
    fn message(&mut self, id: MessageId) -> Result<Option<StoredMessage>, Self::Error>;
    /// Whether this op changed the message before. To be known for a week at least: no op is
    /// repeated later than that.
    fn was_changed_by(&mut self, message: MessageId, op: OpId) -> Result<bool, Self::Error>;
    /// Whether a ban keeps the user out. May be a second old.
    fn is_banned(&mut self, user: UserId, now: Timestamp) -> Result<bool, Self::Error>;
    /// Those of `users` that exist, and are not gone (see [`crate::ports::DeletionStore`]).
    fn existing_users(&mut self, users: &[UserId]) -> Result<Vec<UserId>, Self::Error>;
}

/// What the store has to do for an op.
#[expect(clippy::large_enum_variant, reason = "one at a time, on the stack, taken apart at once")]
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    Reject(Rejection),
    /// It was done before, or there is nothing to do; here is the message it is about.
    Nothing(Option<StoredMessage>),
    Write(Box<Write>),
}

/// To be written in one atomic step (MongoDB: members and info first, the message last).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Write {
    /// A chat that is not there yet; `last_seq`, `last_rev` and `member_count` are 0 in it.
    pub create: Option<ChatRecord>,
    pub members: Vec<(UserId, MemberChange)>,
    pub chat: ChatChange,
    pub message: Option<MessageWrite>,
    /// So many have come in by this invitation now.
    pub invite_uses: Option<(String, u32)>,
    /// The message is one that [`ChatState::last_sent`] answers from now on.
    pub in_slow_mode: bool,
    /// All of the chat goes: members, messages, receipts, the chat itself.
    pub delete_chat: bool,
}

/// When a message was sent, and when it got its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastSent {
    pub queued_at: Timestamp,
    pub committed_at: Timestamp,
}

/// What of the chat itself is another now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChatChange {
    pub title: Option<String>,
    pub about: Option<String>,
    pub permissions: Option<Permissions>,
    pub slow_mode_secs: Option<u32>,
    pub history_visible: Option<HistoryVisible>,
    pub disappear_after_secs: Option<Option<u32>>,
}

impl ChatChange {
    pub fn is_empty(&self) -> bool {
        *self == ChatChange::default()
    }

    pub fn apply(&self, chat: &mut ChatRecord) {
        self.title.iter().for_each(|title| chat.title.clone_from(title));
        self.about.iter().for_each(|about| chat.about.clone_from(about));
        chat.permissions = self.permissions.unwrap_or(chat.permissions);
        chat.slow_mode_secs = self.slow_mode_secs.unwrap_or(chat.slow_mode_secs);
        chat.history_visible = self.history_visible.unwrap_or(chat.history_visible);
        chat.disappear_after_secs = self.disappear_after_secs.unwrap_or(chat.disappear_after_secs);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberChange {
    /// Joins now; watermarks begin at the chat's `last_seq` before this op, and what they may see
    /// at `history_from`.
    Join {
        role: Role,
        history_from: u64,
    },
    Role(Role),
    /// Their own marks in the chat go, and the own changes noted of them.
    Leave(RemovalReason),
}

#[derive(Clone, Debug, PartialEq)]
pub enum MessageWrite {
    /// Insert, with the `seq` and `rev` that it carries: the next of the chat.
    Insert(Box<StoredMessage>),
    /// Replace the message with this id; its `rev` is the next of the chat.
    Replace {
        message: Box<StoredMessage>,
        /// The op that edited it; the former text is kept with it.
        edited_by: Option<OpId>,
        /// Text, former texts, mentions, reactions and search tokens go.
        erased: bool,
        /// The words it quotes go.
        unquoted: bool,
    },
}
