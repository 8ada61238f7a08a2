//! Changes of a chat: what each needs, and what it does. Pure, so that every store decides alike.
//!
//! All changes of one chat pass one lane, one after the other. When its turn comes, the store asks
//! [`decide`] with the chat as it is at that moment, and writes the answer.

mod done;
#[cfg(test)]
mod tests;

use nexus_protocol::{
    ChatId, ChatType, EDIT_WINDOW_SECS, ErrorCode, EventError, MAX_MEMBERS, Message, MessageId,
    MessageType, MsgFailed, OpId, Permissions, RemovalReason, ReplyTo, Role, SystemEvent,
    Timestamp, UserId,
};
use serde::{Deserialize, Serialize};

pub use done::{done, done_before};

use crate::ports::{ChatRecord, StoredMessage};

/// One change of one chat, on its way through the queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Op {
    /// For a message to send: the message's id, so that a repeat is the same op.
    pub id: OpId,
    pub chat: ChatId,
    pub actor: UserId,
    pub queued_at: Timestamp,
    pub kind: OpKind,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum OpKind {
    Send(NewMessage),
    Edit { message: MessageId, content: String },
    Delete { message: MessageId },
    React { message: MessageId, emoji: String, on: bool },
    Pin { message: MessageId, on: bool },
    CreateGroup { title: String, about: String, members: Vec<UserId>, permissions: Permissions },
    AddMembers { users: Vec<UserId> },
    RemoveMember { user: UserId },
    Leave,
    ChangeRole { user: UserId, role: Role },
    TransferOwnership { user: UserId },
    SetTitle { title: String },
    SetAbout { about: String },
    DeleteChat,
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
    /// What was not found.
    #[serde(skip)]
    pub subject: Option<&'static str>,
}

impl Rejection {
    pub fn new(code: ErrorCode, reason: &str) -> Rejection {
        Rejection { code, reason: reason.to_owned(), subject: None }
    }

    fn not_found(subject: &'static str) -> Rejection {
        Rejection {
            code: ErrorCode::NotFound,
            reason: format!("{subject} not found"),
            subject: Some(subject),
        }
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
            | OpKind::React { message, .. }
            | OpKind::Pin { message, .. } => *message,
            _ => MessageId(self.id.0),
        }
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
            retry_after_ms: None,
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
    /// A message of this chat.
    fn message(&mut self, id: MessageId) -> Result<Option<StoredMessage>, Self::Error>;
    /// Whether this op changed the message before. To be known for a week at least: no op is
    /// repeated later than that.
    fn was_changed_by(&mut self, message: MessageId, op: OpId) -> Result<bool, Self::Error>;
    /// Those of `users` that exist.
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
    pub title: Option<String>,
    pub about: Option<String>,
    pub message: Option<MessageWrite>,
    /// All of the chat goes: members, messages, receipts, the chat itself.
    pub delete_chat: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberChange {
    /// Joins now; watermarks begin at the chat's `last_seq` before this op.
    Join(Role),
    Role(Role),
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
    },
}

/// Says what `op` does at `now`. See [`crate::ports::MessageStore::commit`].
pub fn decide<S: ChatState>(op: &Op, state: &mut S, now: Timestamp) -> Result<Decision, S::Error> {
    // A message that is there was made by an earlier try of this op, whatever has changed since.
    if made_by_insert(&op.kind) {
        if let Some(done) = state.message(op.message())? {
            return Ok(Decision::Nothing(Some(done)));
        }
    } else if state.was_changed_by(op.message(), op.id)? {
        // Likewise: what later ops made of the message must not turn a change that was done into a
        // refused one, or have it done twice.
        return Ok(Decision::Nothing(state.message(op.message())?));
    }
    let chat = state.chat()?;
    if let OpKind::CreateGroup { title, about, members, permissions } = &op.kind {
        return create_group(op, state, chat, (title, about), members, *permissions, now);
    }
    let Some(chat) = chat else {
        return Ok(match op.kind {
            // The last member leaves by deleting the chat.
            OpKind::DeleteChat | OpKind::Leave => Decision::Nothing(None),
            _ => Decision::Reject(Rejection::not_found("chat")),
        });
    };
    let Some(role) = state.role(op.actor)? else {
        return Ok(Decision::Reject(Rejection::not_found("chat")));
    };
    let turn = Turn { op, chat: &chat, role, now };
    match &op.kind {
        OpKind::Send(new) => Ok(turn.send(new)),
        OpKind::Edit { message, content } => turn.edit(state, *message, content),
        OpKind::Delete { message } => turn.delete(state, *message),
        OpKind::React { message, emoji, on } => turn.react(state, *message, emoji, *on),
        OpKind::Pin { message, on } => turn.pin(state, *message, *on),
        OpKind::AddMembers { users } => turn.add_members(state, users),
        OpKind::RemoveMember { user } => turn.remove_member(state, *user),
        OpKind::Leave => turn.leave(state),
        OpKind::ChangeRole { user, role } => turn.change_role(state, *user, *role),
        OpKind::TransferOwnership { user } => turn.transfer(state, *user),
        OpKind::SetTitle { title } => Ok(turn.set_title(title)),
        OpKind::SetAbout { about } => Ok(turn.set_about(about)),
        OpKind::DeleteChat => Ok(turn.delete_chat()),
        OpKind::CreateGroup { .. } => Ok(Decision::Nothing(None)),
    }
}

fn made_by_insert(kind: &OpKind) -> bool {
    !matches!(
        kind,
        OpKind::Edit { .. } | OpKind::Delete { .. } | OpKind::React { .. } | OpKind::Pin { .. }
    )
}

fn create_group<S: ChatState>(
    op: &Op,
    state: &mut S,
    chat: Option<ChatRecord>,
    (title, about): (&str, &str),
    members: &[UserId],
    permissions: Permissions,
    now: Timestamp,
) -> Result<Decision, S::Error> {
    if chat.is_some() {
        return Ok(Decision::Reject(Rejection::new(ErrorCode::Conflict, "the chat is there")));
    }
    let found = state.existing_users(members)?;
    if found.len() < members.len() {
        return Ok(Decision::Reject(Rejection::not_found("user")));
    }
    let chat = ChatRecord {
        id: op.chat,
        r#type: ChatType::Group,
        title: title.to_owned(),
        about: about.to_owned(),
        created_at: op.queued_at,
        permissions,
        member_count: 0,
        last_seq: 0,
        last_rev: 0,
    };
    let turn = Turn { op, chat: &chat, role: Role::Owner, now };
    let mut write = turn.tell(SystemEvent::GroupCreated { title: title.to_owned() });
    write.members.push((op.actor, MemberChange::Join(Role::Owner)));
    for user in members {
        if write.members.iter().all(|(known, _)| known != user) {
            write.members.push((*user, MemberChange::Join(Role::Member)));
        }
    }
    write.create = Some(chat);
    Ok(Decision::Write(Box::new(write)))
}

/// One op whose turn it is, with what every rule looks at.
struct Turn<'a> {
    op: &'a Op,
    chat: &'a ChatRecord,
    role: Role,
    now: Timestamp,
}

impl Turn<'_> {
    fn send(&self, new: &NewMessage) -> Decision {
        if self.role < self.chat.permissions.send {
            return reject(Rejection::forbidden("only admins may write here"));
        }
        let mut message = self.blank(MessageType::Text, &new.client_id);
        message.message.content.clone_from(&new.content);
        message.message.reply_to.clone_from(&new.reply_to);
        message.message.forwarded = new.forwarded;
        message.message.mentions.clone_from(&new.mentions);
        write(Write { message: Some(MessageWrite::Insert(Box::new(message))), ..Write::default() })
    }

    fn edit<S: ChatState>(
        &self,
        state: &mut S,
        id: MessageId,
        content: &str,
    ) -> Result<Decision, S::Error> {
        let Some(mut target) = state.message(id)? else { return Ok(no_message()) };
        if target.message.sender_id != self.op.actor {
            return Ok(reject(Rejection::forbidden("only its sender may edit a message")));
        }
        if let Some(refusal) = unchangeable(&target) {
            return Ok(refusal);
        }
        let window = EDIT_WINDOW_SECS * 1_000;
        if self.op.queued_at.0 - target.message.created_at.0 > window {
            return Ok(reject(Rejection::forbidden("a message can be edited for 24 hours")));
        }
        if target.message.content == content {
            return Ok(Decision::Nothing(Some(target)));
        }
        content.clone_into(&mut target.message.content);
        target.message.edited_at = Some(self.op.queued_at);
        Ok(self.replace(target, Some(self.op.id), false))
    }

    fn delete<S: ChatState>(&self, state: &mut S, id: MessageId) -> Result<Decision, S::Error> {
        let Some(mut target) = state.message(id)? else { return Ok(no_message()) };
        if target.message.deleted_at.is_some() {
            return Ok(Decision::Nothing(Some(target)));
        }
        if target.message.r#type == MessageType::System {
            return Ok(reject(Rejection::forbidden("a system message stays")));
        }
        let is_moderator = self.chat.r#type == ChatType::Group && self.role >= Role::Admin;
        if target.message.sender_id != self.op.actor && !is_moderator {
            return Ok(reject(Rejection::forbidden("only its sender may delete a message")));
        }
        let message = &mut target.message;
        message.content.clear();
        message.mentions.clear();
        message.reply_to = None;
        message.pinned_at = None;
        message.deleted_at = Some(self.now);
        target.reactors.clear();
        Ok(self.replace(target, None, true))
    }

    fn react<S: ChatState>(
        &self,
        state: &mut S,
        id: MessageId,
        emoji: &str,
        on: bool,
    ) -> Result<Decision, S::Error> {
        let Some(mut target) = state.message(id)? else { return Ok(no_message()) };
        if let Some(refusal) = unchangeable(&target) {
            return Ok(refusal);
        }
        let actor = self.op.actor;
        let place = target.reactors.iter().position(|(known, _)| known == emoji);
        match (on, place) {
            (true, None) if target.reactors.len() >= MAX_EMOJI => {
                return Ok(reject(Rejection::new(
                    ErrorCode::Conflict,
                    "a message can have 20 different reactions",
                )));
            }
            (true, None) => target.reactors.push((emoji.to_owned(), vec![actor])),
            (true, Some(at)) if !target.reactors[at].1.contains(&actor) => {
                target.reactors[at].1.push(actor);
            }
            (false, Some(at)) if target.reactors[at].1.contains(&actor) => {
                target.reactors[at].1.retain(|user| *user != actor);
                if target.reactors[at].1.is_empty() {
                    target.reactors.remove(at);
                }
            }
            _ => return Ok(Decision::Nothing(Some(target))),
        }
        Ok(self.replace(target, None, false))
    }

    fn pin<S: ChatState>(
        &self,
        state: &mut S,
        id: MessageId,
        on: bool,
    ) -> Result<Decision, S::Error> {
        if self.role < self.chat.permissions.pin {
            return Ok(reject(Rejection::forbidden("only admins may pin here")));
        }
        let Some(mut target) = state.message(id)? else { return Ok(no_message()) };
        if let Some(refusal) = unchangeable(&target) {
            return Ok(refusal);
        }
        if target.message.pinned_at.is_some() == on {
            return Ok(Decision::Nothing(Some(target)));
        }
        target.message.pinned_at = on.then_some(self.now);
        Ok(self.replace(target, None, false))
    }

    fn add_members<S: ChatState>(
        &self,
        state: &mut S,
        users: &[UserId],
    ) -> Result<Decision, S::Error> {
        if let Some(refusal) = self.refuse_unless(self.chat.permissions.add_members, "add members")
        {
            return Ok(refusal);
        }
        if state.existing_users(users)?.len() < users.len() {
            return Ok(reject(Rejection::not_found("user")));
        }
        let mut joining = Vec::new();
        for user in users {
            if state.role(*user)?.is_none() && !joining.contains(user) {
                joining.push(*user);
            }
        }
        if joining.is_empty() {
            return Ok(Decision::Nothing(None));
        }
        if self.chat.member_count as usize + joining.len() > MAX_MEMBERS {
            return Ok(reject(Rejection::new(
                ErrorCode::Conflict,
                "a group can have 1,024 members",
            )));
        }
        let mut write = self.tell(SystemEvent::MembersAdded { user_ids: joining.clone() });
        write.members =
            joining.into_iter().map(|user| (user, MemberChange::Join(Role::Member))).collect();
        Ok(Decision::Write(Box::new(write)))
    }

    fn remove_member<S: ChatState>(
        &self,
        state: &mut S,
        user: UserId,
    ) -> Result<Decision, S::Error> {
        if let Some(refusal) = self.refuse_unless(Role::Admin, "remove members") {
            return Ok(refusal);
        }
        if user == self.op.actor {
            return self.leave(state);
        }
        let Some(theirs) = state.role(user)? else {
            return Ok(reject(Rejection::not_found("member")));
        };
        if theirs >= self.role {
            return Ok(reject(Rejection::forbidden("only those below you can be removed")));
        }
        let mut write = self.tell(SystemEvent::MemberRemoved { user_id: user });
        write.members.push((user, MemberChange::Leave(RemovalReason::Removed)));
        Ok(Decision::Write(Box::new(write)))
    }

    fn leave<S: ChatState>(&self, _state: &mut S) -> Result<Decision, S::Error> {
        if self.chat.r#type == ChatType::Direct {
            return Ok(reject(Rejection::forbidden("a direct chat can't be left: archive it")));
        }
        if self.role == Role::Owner && self.chat.member_count > 1 {
            return Ok(reject(Rejection::new(
                ErrorCode::Conflict,
                "hand the group over to another member first, or delete it",
            )));
        }
        if self.chat.member_count <= 1 {
            return Ok(write(Write {
                members: vec![(self.op.actor, MemberChange::Leave(RemovalReason::Left))],
                delete_chat: true,
                ..Write::default()
            }));
        }
        let mut write = self.tell(SystemEvent::MemberLeft { user_id: self.op.actor });
        write.members.push((self.op.actor, MemberChange::Leave(RemovalReason::Left)));
        Ok(Decision::Write(Box::new(write)))
    }

    fn change_role<S: ChatState>(
        &self,
        state: &mut S,
        user: UserId,
        role: Role,
    ) -> Result<Decision, S::Error> {
        if role == Role::Owner {
            return self.transfer(state, user);
        }
        if let Some(refusal) = self.refuse_unless(Role::Admin, "change roles") {
            return Ok(refusal);
        }
        let Some(theirs) = state.role(user)? else {
            return Ok(reject(Rejection::not_found("member")));
        };
        if theirs == role {
            return Ok(Decision::Nothing(None));
        }
        // An admin may make admins, and step down; whom they can't remove they can't demote.
        if theirs >= self.role && user != self.op.actor {
            return Ok(reject(Rejection::forbidden("only those below you can be changed")));
        }
        if theirs == Role::Owner {
            return Ok(reject(Rejection::new(
                ErrorCode::Conflict,
                "hand the group over to another member first",
            )));
        }
        let mut write = self.tell(SystemEvent::RoleChanged { user_id: user, role });
        write.members.push((user, MemberChange::Role(role)));
        Ok(Decision::Write(Box::new(write)))
    }

    fn transfer<S: ChatState>(&self, state: &mut S, user: UserId) -> Result<Decision, S::Error> {
        if let Some(refusal) = self.refuse_unless(Role::Owner, "hand the group over") {
            return Ok(refusal);
        }
        if state.role(user)?.is_none() {
            return Ok(reject(Rejection::not_found("member")));
        }
        if user == self.op.actor {
            return Ok(Decision::Nothing(None));
        }
        let mut write = self.tell(SystemEvent::OwnershipTransferred { user_id: user });
        write.members.push((user, MemberChange::Role(Role::Owner)));
        write.members.push((self.op.actor, MemberChange::Role(Role::Admin)));
        Ok(Decision::Write(Box::new(write)))
    }

    fn set_title(&self, title: &str) -> Decision {
        if let Some(refusal) = self.refuse_unless(self.chat.permissions.edit_info, "edit the group")
        {
            return refusal;
        }
        if self.chat.title == title {
            return Decision::Nothing(None);
        }
        let mut change = self.tell(SystemEvent::TitleChanged { title: title.to_owned() });
        change.title = Some(title.to_owned());
        write(change)
    }

    fn set_about(&self, about: &str) -> Decision {
        if let Some(refusal) = self.refuse_unless(self.chat.permissions.edit_info, "edit the group")
        {
            return refusal;
        }
        if self.chat.about == about {
            return Decision::Nothing(None);
        }
        let mut change = self.tell(SystemEvent::AboutChanged { about: about.to_owned() });
        change.about = Some(about.to_owned());
        write(change)
    }

    fn delete_chat(&self) -> Decision {
        if let Some(refusal) = self.refuse_unless(Role::Owner, "delete the group") {
            return refusal;
        }
        write(Write { delete_chat: true, ..Write::default() })
    }

    /// For changes of a group that take a role.
    fn refuse_unless(&self, least: Role, doing: &str) -> Option<Decision> {
        if self.chat.r#type == ChatType::Direct {
            return Some(reject(Rejection::forbidden("a direct chat is always between the two")));
        }
        if self.role < least {
            let who = if least == Role::Owner { "the owner" } else { "admins" };
            return Some(reject(Rejection::forbidden(&format!("only {who} may {doing}"))));
        }
        None
    }

    /// A write that is nothing yet but the system message which tells of it.
    fn tell(&self, event: SystemEvent) -> Write {
        let mut message = self.blank(MessageType::System, &self.op.id.to_string());
        message.message.system = Some(event);
        Write { message: Some(MessageWrite::Insert(Box::new(message))), ..Write::default() }
    }

    /// The chat's next message, by the actor, empty.
    fn blank(&self, r#type: MessageType, client_id: &str) -> StoredMessage {
        StoredMessage {
            message: Message {
                id: MessageId(self.op.id.0),
                chat_id: self.chat.id,
                seq: self.chat.last_seq + 1,
                rev: self.chat.last_rev + 1,
                sender_id: self.op.actor,
                client_id: client_id.to_owned(),
                r#type,
                content: String::new(),
                media: Vec::new(),
                reply_to: None,
                forwarded: false,
                mentions: Vec::new(),
                reactions: Vec::new(),
                link_preview: None,
                pinned_at: None,
                created_at: self.op.queued_at,
                edited_at: None,
                deleted_at: None,
                expires_at: None,
                system: None,
            },
            reactors: Vec::new(),
            queued_at: self.op.queued_at,
            committed_at: self.now,
        }
    }

    fn replace(
        &self,
        mut message: StoredMessage,
        edited_by: Option<OpId>,
        erased: bool,
    ) -> Decision {
        message.message.rev = self.chat.last_rev + 1;
        let message = Box::new(message);
        write(Write {
            message: Some(MessageWrite::Replace { message, edited_by, erased }),
            ..Write::default()
        })
    }
}

/// Most different emoji under one message.
const MAX_EMOJI: usize = 20;

fn unchangeable(target: &StoredMessage) -> Option<Decision> {
    if target.message.deleted_at.is_some() {
        return Some(reject(Rejection::new(ErrorCode::Gone, "the message was deleted")));
    }
    if target.message.r#type == MessageType::System {
        return Some(reject(Rejection::forbidden("a system message can't be changed")));
    }
    None
}

fn no_message() -> Decision {
    reject(Rejection::not_found("message"))
}

fn reject(rejection: Rejection) -> Decision {
    Decision::Reject(rejection)
}

fn write(write: Write) -> Decision {
    Decision::Write(Box::new(write))
}
