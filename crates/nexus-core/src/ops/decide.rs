//! Whose turn it is, and which rule looks at it.

use nexus_protocol::{
    ChatType, ErrorCode, Message, MessageId, MessageType, OpId, Role, SystemEvent, Timestamp,
};

use super::{
    ChatState, Decision, MessageWrite, Op, OpKind, Rejection, Write, groups::create_group,
};
use crate::{
    members::too_low,
    ports::{ChatRecord, StoredMessage},
};

/// Says what `op` does at `now`. See [`crate::ports::MessageStore::commit`].
pub fn decide<S: ChatState>(op: &Op, state: &mut S, now: Timestamp) -> Result<Decision, S::Error> {
    Ok(match rule(op, state, now)? {
        Decision::Nothing(Some(message)) => Decision::Nothing(Some(message.as_of(now))),
        decision => decision,
    })
}

fn rule<S: ChatState>(op: &Op, state: &mut S, now: Timestamp) -> Result<Decision, S::Error> {
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
    // Who was kept out meanwhile goes all the same, and staff have asked for what they may.
    let ends = matches!(op.kind, OpKind::Leave | OpKind::Erase { .. } | OpKind::Sweep { .. });
    if !ends && state.is_banned(op.actor, now)? {
        return Ok(Decision::Reject(Rejection::new(ErrorCode::Banned, "your account is banned")));
    }
    let chat = state.chat()?;
    if let OpKind::CreateGroup { title, about, members, permissions } = &op.kind {
        return create_group(op, state, chat, (title, about), members, *permissions, now);
    }
    let Some(chat) = chat else {
        return Ok(match op.kind {
            // The last member leaves by deleting the chat.
            OpKind::DeleteChat
            | OpKind::Leave
            | OpKind::Erase { .. }
            | OpKind::Sweep { .. }
            | OpKind::Expire { .. } => Decision::Nothing(None),
            _ => Decision::Reject(Rejection::not_found("chat")),
        });
    };
    if let OpKind::Sweep { message } = op.kind {
        return Turn { op, chat: &chat, role: Role::Owner, now }.sweep(state, message);
    }
    if let OpKind::Expire { message, before } = op.kind {
        return Turn { op, chat: &chat, role: Role::Member, now }.expire(state, message, before);
    }
    let role = state.role(op.actor)?;
    if let OpKind::Join { code } = &op.kind {
        let turn = Turn { op, chat: &chat, role: Role::Member, now };
        return if role.is_some() { Ok(Decision::Nothing(None)) } else { turn.join(state, code) };
    }
    if let OpKind::Erase { message } = op.kind {
        return Turn { op, chat: &chat, role: Role::Member, now }.erase(state, message);
    }
    let Some(role) = role else {
        return Ok(Decision::Reject(Rejection::not_found("chat")));
    };
    let turn = Turn { op, chat: &chat, role, now };
    match &op.kind {
        OpKind::Send(new) => turn.send(state, new),
        OpKind::Edit { message, content } => turn.edit(state, *message, content),
        OpKind::Delete { message } => turn.delete(state, *message),
        OpKind::React { message, emoji, on } => turn.react(state, *message, emoji, *on),
        OpKind::Pin { message, on } => turn.pin(state, *message, *on),
        OpKind::AddMembers { users } => turn.add_members(state, users),
        OpKind::Admit { user, code } => turn.admit(state, *user, code),
        OpKind::RemoveMember { user } => turn.remove_member(state, *user),
        OpKind::Leave => turn.leave(state),
        OpKind::ChangeRole { user, role } => turn.change_role(state, *user, *role),
        OpKind::TransferOwnership { user } => turn.transfer(state, *user),
        OpKind::SetTitle { title } => Ok(turn.set_title(title)),
        OpKind::SetAbout { about } => Ok(turn.set_about(about)),
        OpKind::SetPermissions { change } => Ok(turn.set_permissions(*change)),
        OpKind::SetSlowMode { secs } => Ok(turn.set_slow_mode(*secs)),
        OpKind::SetHistoryVisible { visible } => Ok(turn.set_history_visible(*visible)),
        OpKind::SetDisappearAfter { secs } => Ok(turn.set_disappear_after(*secs)),
        OpKind::DeleteChat => Ok(turn.delete_chat()),
        OpKind::CreateGroup { .. }
        | OpKind::Join { .. }
        | OpKind::Erase { .. }
        | OpKind::Sweep { .. }
        | OpKind::Expire { .. } => Ok(Decision::Nothing(None)),
    }
}

fn made_by_insert(kind: &OpKind) -> bool {
    !matches!(
        kind,
        OpKind::Edit { .. }
            | OpKind::Delete { .. }
            | OpKind::Erase { .. }
            | OpKind::Sweep { .. }
            | OpKind::React { .. }
            | OpKind::Pin { .. }
            | OpKind::Expire { .. }
    )
}

/// One op whose turn it is, with what every rule looks at.
pub(super) struct Turn<'a> {
    pub(super) op: &'a Op,
    pub(super) chat: &'a ChatRecord,
    pub(super) role: Role,
    pub(super) now: Timestamp,
}

impl Turn<'_> {
    /// For changes of a group that take a role.
    pub(super) fn refuse_unless(&self, least: Role, doing: &str) -> Option<Decision> {
        if self.chat.r#type == ChatType::Direct {
            return Some(reject(Rejection::forbidden("a direct chat is always between the two")));
        }
        if self.role < least {
            return Some(reject(Rejection::forbidden(&too_low(least, doing))));
        }
        None
    }

    /// A write that is nothing yet but the system message which tells of it.
    pub(super) fn tell(&self, event: SystemEvent) -> Write {
        let mut message = self.blank(MessageType::System, &self.op.id.to_string());
        message.message.system = Some(event);
        Write { message: Some(MessageWrite::Insert(Box::new(message))), ..Write::default() }
    }

    /// The chat's next message, by the actor, empty.
    pub(super) fn blank(&self, r#type: MessageType, client_id: &str) -> StoredMessage {
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

    pub(super) fn replace(
        &self,
        mut message: StoredMessage,
        edited_by: Option<OpId>,
        erased: bool,
    ) -> Decision {
        message.message.rev = self.chat.last_rev + 1;
        let quotes = |message: &StoredMessage| {
            message.message.reply_to.as_ref().is_some_and(|quoted| !quoted.preview.is_empty())
        };
        let had_words = quotes(&message);
        let message = Box::new(message.as_of(self.now));
        let unquoted = had_words && !quotes(&message);
        write(Write {
            message: Some(MessageWrite::Replace { message, edited_by, erased, unquoted }),
            ..Write::default()
        })
    }
}

pub(super) fn reject(rejection: Rejection) -> Decision {
    Decision::Reject(rejection)
}

pub(super) fn write(write: Write) -> Decision {
    Decision::Write(Box::new(write))
}
