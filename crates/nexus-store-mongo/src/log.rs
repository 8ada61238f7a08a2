//! What is in a chat's log, `messages`: messages, system messages, and changes of messages.

use bson::{DateTime, Uuid, serde_helpers::HumanReadable};
use nexus_core::{
    ops::{MemberChange, Op, Write},
    ports::{ChatRecord, StoredMessage},
};
use nexus_protocol::{
    ChatId, HistoryVisible, Message, MessageId, MessageType, Permissions, RemovalReason, ReplyTo,
    Role, SystemEvent, Timestamp, UserId,
};
use serde::{Deserialize, Serialize};

use crate::columns::{count, date, id, int, time, uuid};

/// One entry. `rev` is the number by which it came into the log, for ever.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Of a change: the id of its op.
    #[serde(rename = "_id")]
    pub id: Uuid,
    pub chat: Uuid,
    /// Of a change: −rev, so that all of a chat's are different.
    pub seq: i64,
    pub rev: i64,
    /// Of a message: the number of its latest change, which is what readers know as its `rev`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_rev: Option<i64>,
    pub r#type: EntryType,
    pub sender: Uuid,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub client_id: String,
    #[serde(default, skip_serializing_if = "is_false")]
    pub forwarded: bool,
    pub created_at: DateTime,
    pub queued_at: DateTime,
    pub committed_at: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<HumanReadable<SystemEvent>>,
    /// Of a message: as it is now. Of a change: what it made of its target.
    pub state: State,
    /// Of a message: when it disappears.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime>,
    /// Of a message: when the next of what it holds disappears, the words it quotes included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime>,
    /// Its sender's next one must keep its distance.
    #[serde(default, skip_serializing_if = "is_false")]
    pub in_slow_mode: bool,
    /// What a system message's op did besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// Of a change: the message it changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Uuid>,
    /// Of an edit: the text that it replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<Former>,
    /// Of a deletion: text, former texts, mentions and words go.
    #[serde(default, skip_serializing_if = "is_false")]
    pub erased: bool,
    /// Of a change: the words that the message quotes go.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unquoted: bool,
    /// Of a change: `dueAt` of its target from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_due_at: Option<DateTime>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryType {
    Text,
    System,
    Change,
}

/// What of a message can change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct State {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub content: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Quoted>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Uuid>,
    /// Emoji in order of first use, each with its users in order of reacting.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactors: Vec<Reactors>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<DateTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<DateTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pinned_at: Option<DateTime>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quoted {
    pub id: Uuid,
    pub sender: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<i64>,
    pub preview: String,
    #[serde(rename = "expiresAt", default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reactors {
    pub emoji: String,
    pub users: Vec<Uuid>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Former {
    pub content: String,
    pub written_at: DateTime,
}

/// The chat as it is after the op, and who joined, left, or has another role by it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Effect {
    /// The chat begins with this op.
    #[serde(default, skip_serializing_if = "is_false")]
    pub begins: bool,
    pub title: String,
    pub about: String,
    pub permissions: Permissions,
    pub slow_mode_secs: i64,
    pub history_visible: HistoryVisible,
    #[serde(default)]
    pub disappear_after_secs: Option<i64>,
    pub member_count: i64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<MemberEffect>,
    /// How many have come in by an invitation now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invite: Option<InviteEffect>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InviteEffect {
    pub code: String,
    pub uses: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MemberEffect {
    pub user: Uuid,
    pub change: MembershipChange,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Of one who joins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history_from: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MembershipChange {
    Join,
    Role,
    Leave,
    /// Leaves, and not by themselves.
    Removal,
}

impl MembershipChange {
    pub fn is_leaving(self) -> bool {
        matches!(self, MembershipChange::Leave | MembershipChange::Removal)
    }
}

/// How a message is changed, and when.
pub struct ChangeKind {
    pub is_edit: bool,
    pub erased: bool,
    pub unquoted: bool,
    pub at: Timestamp,
}

impl Entry {
    /// A message that is new.
    pub fn message(stored: &StoredMessage) -> Entry {
        let message = &stored.message;
        Entry {
            id: id(message.id.0),
            chat: id(message.chat_id.0),
            seq: int(message.seq),
            rev: int(message.rev),
            changed_rev: Some(int(message.rev)),
            r#type: match message.r#type {
                MessageType::Text => EntryType::Text,
                MessageType::System => EntryType::System,
            },
            sender: id(message.sender_id.0),
            client_id: message.client_id.clone(),
            forwarded: message.forwarded,
            created_at: date(message.created_at),
            queued_at: date(stored.queued_at),
            committed_at: date(stored.committed_at),
            system: message.system.clone().map(HumanReadable),
            state: State::of(stored),
            expires_at: message.expires_at.map(date),
            due_at: stored.due_at().map(date),
            in_slow_mode: false,
            effect: None,
            target: None,
            former: None,
            erased: false,
            unquoted: false,
            next_due_at: None,
        }
    }

    /// What `op` makes of the message that was `before` and is `after`.
    pub fn change(op: &Op, before: &Entry, after: &StoredMessage, write: &ChangeKind) -> Entry {
        let rev = int(after.message.rev);
        let former = write.is_edit.then(|| Former {
            content: before.state.content.clone(),
            written_at: before.state.edited_at.unwrap_or(before.created_at),
        });
        Entry {
            id: id(op.id.0),
            chat: before.chat,
            seq: -rev,
            rev,
            changed_rev: None,
            r#type: EntryType::Change,
            sender: id(op.actor.0),
            client_id: String::new(),
            forwarded: false,
            created_at: date(op.queued_at),
            queued_at: date(op.queued_at),
            committed_at: date(write.at),
            system: None,
            state: State::of(after),
            expires_at: None,
            due_at: None,
            in_slow_mode: false,
            effect: None,
            target: Some(before.id),
            former,
            erased: write.erased,
            unquoted: write.unquoted,
            next_due_at: after.due_at().map(date),
        }
    }

    /// The message for who reads at `now`: what has disappeared by then is not in it, whatever is
    /// stored. `None` for a change.
    pub fn shown(&self, now: Timestamp) -> Option<StoredMessage> {
        Some(self.stored()?.as_of(now))
    }

    /// Whether it is no tombstone to whoever reads at `now`.
    pub fn is_alive(&self, now: Timestamp) -> bool {
        self.state.deleted_at.is_none() && self.expires_at.is_none_or(|at| time(at) > now)
    }

    /// The message as it is stored, for whoever decides what becomes of it; `None` for a change.
    pub fn stored(&self) -> Option<StoredMessage> {
        let r#type = match self.r#type {
            EntryType::Text => MessageType::Text,
            EntryType::System => MessageType::System,
            EntryType::Change => return None,
        };
        let mut stored = StoredMessage {
            message: Message {
                id: MessageId(uuid(self.id)),
                chat_id: ChatId(uuid(self.chat)),
                seq: count(self.seq),
                rev: count(self.changed_rev.unwrap_or(self.rev)),
                sender_id: UserId(uuid(self.sender)),
                client_id: self.client_id.clone(),
                r#type,
                content: String::new(),
                media: Vec::new(),
                reply_to: None,
                forwarded: self.forwarded,
                mentions: Vec::new(),
                reactions: Vec::new(),
                link_preview: None,
                pinned_at: None,
                created_at: time(self.created_at),
                edited_at: None,
                deleted_at: None,
                expires_at: self.expires_at.map(time),
                system: self.system.as_ref().map(|system| system.0.clone()),
            },
            reactors: Vec::new(),
            queued_at: time(self.queued_at),
            committed_at: time(self.committed_at),
        };
        self.state.fill(&mut stored);
        Some(stored)
    }
}

impl Effect {
    /// What `write` does besides its message, where `chat` is what it makes of the chat.
    pub fn of(write: &Write, chat: &ChatRecord) -> Option<Effect> {
        let is_plain = write.members.is_empty() && write.chat.is_empty();
        if is_plain && write.create.is_none() {
            return None;
        }
        Some(Effect {
            begins: write.create.is_some(),
            title: chat.title.clone(),
            about: chat.about.clone(),
            permissions: chat.permissions,
            slow_mode_secs: chat.slow_mode_secs.into(),
            history_visible: chat.history_visible,
            disappear_after_secs: chat.disappear_after_secs.map(i64::from),
            member_count: i64::from(chat.member_count),
            members: write
                .members
                .iter()
                .map(|(user, change)| member_effect(*user, *change))
                .collect(),
            invite: write
                .invite_uses
                .clone()
                .map(|(code, uses)| InviteEffect { code, uses: uses.into() }),
        })
    }
}

fn member_effect(user: UserId, change: MemberChange) -> MemberEffect {
    let history_from = match change {
        MemberChange::Join { history_from, .. } => Some(int(history_from)),
        _ => None,
    };
    let (change, role) = match change {
        MemberChange::Join { role, .. } => (MembershipChange::Join, Some(role)),
        MemberChange::Role(role) => (MembershipChange::Role, Some(role)),
        MemberChange::Leave(RemovalReason::Removed) => (MembershipChange::Removal, None),
        MemberChange::Leave(_) => (MembershipChange::Leave, None),
    };
    MemberEffect { user: id(user.0), change, role, history_from }
}

impl State {
    pub fn of(stored: &StoredMessage) -> State {
        let message = &stored.message;
        State {
            content: message.content.clone(),
            reply_to: message.reply_to.as_ref().map(|quoted| Quoted {
                id: id(quoted.id.0),
                sender: id(quoted.sender_id.0),
                seq: quoted.seq.map(int),
                preview: quoted.preview.clone(),
                expires_at: quoted.expires_at.map(date),
            }),
            mentions: message.mentions.iter().map(|user| id(user.0)).collect(),
            reactors: stored.reactors.iter().map(Reactors::of).collect(),
            edited_at: message.edited_at.map(date),
            deleted_at: message.deleted_at.map(date),
            pinned_at: message.pinned_at.map(date),
        }
    }

    fn fill(&self, stored: &mut StoredMessage) {
        let message = &mut stored.message;
        message.content.clone_from(&self.content);
        message.reply_to = self.reply_to.as_ref().map(|quoted| ReplyTo {
            id: MessageId(uuid(quoted.id)),
            sender_id: UserId(uuid(quoted.sender)),
            seq: quoted.seq.map(count),
            preview: quoted.preview.clone(),
            expires_at: quoted.expires_at.map(time),
        });
        message.mentions = self.mentions.iter().map(|user| UserId(uuid(*user))).collect();
        message.edited_at = self.edited_at.map(time);
        message.deleted_at = self.deleted_at.map(time);
        message.pinned_at = self.pinned_at.map(time);
        stored.reactors = self.reactors.iter().map(Reactors::known).collect();
    }
}

impl Reactors {
    fn of((emoji, users): &(String, Vec<UserId>)) -> Reactors {
        Reactors { emoji: emoji.clone(), users: users.iter().map(|user| id(user.0)).collect() }
    }

    fn known(&self) -> (String, Vec<UserId>) {
        (self.emoji.clone(), self.users.iter().map(|user| UserId(uuid(*user))).collect())
    }
}

fn is_false(value: &bool) -> bool {
    !value
}
