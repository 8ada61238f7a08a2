//! What may be done with messages.

use std::time::Duration;

use nexus_protocol::{
    ChatType, EDIT_WINDOW_SECS, ErrorCode, MessageId, MessageType, Role, Timestamp,
};

use super::{
    ChatState, Decision, LastSent, MessageWrite, NewMessage, Rejection, Write,
    decide::{Turn, reject, write},
};
use crate::{members::too_low, ports::StoredMessage};

/// Most different emoji under one message.
const MAX_EMOJI: usize = 20;

impl Turn<'_> {
    pub(super) fn send<S: ChatState>(
        &self,
        state: &mut S,
        new: &NewMessage,
    ) -> Result<Decision, S::Error> {
        if self.role < self.chat.permissions.send {
            let reason = too_low(self.chat.permissions.send, "write here");
            return Ok(reject(Rejection::forbidden(&reason)));
        }
        let in_slow_mode = self.chat.slow_mode_secs > 0 && self.role < Role::Admin;
        if in_slow_mode
            && let Some(last) = state.last_sent(self.op.actor)?
            && let Some(refusal) = self.too_soon(last)
        {
            return Ok(refusal);
        }
        let mut message = self.blank(MessageType::Text, &new.client_id);
        message.message.content.clone_from(&new.content);
        message.message.reply_to.clone_from(&new.reply_to);
        message.message.forwarded = new.forwarded;
        message.message.mentions.clone_from(&new.mentions);
        let lasts = |secs: u32| self.now.plus(Duration::from_secs(secs.into()));
        message.message.expires_at = self.chat.disappear_after_secs.map(lasts);
        let message = Some(MessageWrite::Insert(Box::new(message.as_of(self.now))));
        Ok(write(Write { message, in_slow_mode, ..Write::default() }))
    }

    /// Far enough apart where they were sent, or where they got their places: a message that waited
    /// in the queue is not to blame for it, nor is one that is tried again later.
    fn too_soon(&self, last: LastSent) -> Option<Decision> {
        let pause = i64::from(self.chat.slow_mode_secs) * 1_000;
        let sent = self.op.queued_at.0 - last.queued_at.0;
        let placed = self.now.0 - last.committed_at.0;
        let left = u64::try_from(pause - sent.max(placed)).ok().filter(|left| *left > 0)?;
        let mut refusal = Rejection::new(ErrorCode::RateLimited, "this group is in slow mode");
        refusal.retry_after_ms = Some(left);
        Some(reject(refusal))
    }

    /// What is to be changed. One past its time is gone, whether it was swept or not.
    fn target<S: ChatState>(
        &self,
        state: &mut S,
        id: MessageId,
    ) -> Result<Option<StoredMessage>, S::Error> {
        let now = self.now;
        let target = state.message(id)?;
        Ok(target.map(|found| if found.has_expired(now) { found.as_of(now) } else { found }))
    }

    /// Nothing where there is nothing left to take away.
    pub(super) fn expire<S: ChatState>(
        &self,
        state: &mut S,
        id: MessageId,
        before: Option<Timestamp>,
    ) -> Result<Decision, S::Error> {
        let Some(mut target) = state.message(id)? else { return Ok(Decision::Nothing(None)) };
        let is_there = target.message.deleted_at.is_none()
            && target.message.r#type == MessageType::Text
            && !target.has_expired(self.now);
        if is_there && before.is_some_and(|before| target.committed_at < before) {
            target.message.erase(self.now);
            target.reactors.clear();
            return Ok(self.replace(target, None, true));
        }
        if target.due_at().is_none_or(|at| at > self.now) {
            return Ok(Decision::Nothing(None));
        }
        let erased = target.has_expired(self.now);
        Ok(self.replace(target, None, erased))
    }

    pub(super) fn edit<S: ChatState>(
        &self,
        state: &mut S,
        id: MessageId,
        content: &str,
    ) -> Result<Decision, S::Error> {
        let Some(mut target) = self.target(state, id)? else { return Ok(no_message()) };
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

    pub(super) fn delete<S: ChatState>(
        &self,
        state: &mut S,
        id: MessageId,
    ) -> Result<Decision, S::Error> {
        let Some(target) = self.target(state, id)? else { return Ok(no_message()) };
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
        Ok(self.tombstone(target))
    }

    /// What is not there (any more) needs no erasing.
    pub(super) fn erase<S: ChatState>(
        &self,
        state: &mut S,
        id: MessageId,
    ) -> Result<Decision, S::Error> {
        Ok(match state.message(id)? {
            Some(target)
                if target.message.sender_id == self.op.actor && unchangeable(&target).is_none() =>
            {
                self.tombstone(target)
            }
            other => Decision::Nothing(other),
        })
    }

    /// Likewise, whoever sent it.
    pub(super) fn sweep<S: ChatState>(
        &self,
        state: &mut S,
        id: MessageId,
    ) -> Result<Decision, S::Error> {
        Ok(match state.message(id)? {
            Some(target) if unchangeable(&target).is_none() => self.tombstone(target),
            other => Decision::Nothing(other),
        })
    }

    fn tombstone(&self, mut target: StoredMessage) -> Decision {
        target.message.erase(self.now);
        target.reactors.clear();
        self.replace(target, None, true)
    }

    pub(super) fn react<S: ChatState>(
        &self,
        state: &mut S,
        id: MessageId,
        emoji: &str,
        on: bool,
    ) -> Result<Decision, S::Error> {
        let Some(mut target) = self.target(state, id)? else { return Ok(no_message()) };
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

    pub(super) fn pin<S: ChatState>(
        &self,
        state: &mut S,
        id: MessageId,
        on: bool,
    ) -> Result<Decision, S::Error> {
        if self.role < self.chat.permissions.pin {
            let reason = too_low(self.chat.permissions.pin, "pin here");
            return Ok(reject(Rejection::forbidden(&reason)));
        }
        let Some(mut target) = self.target(state, id)? else { return Ok(no_message()) };
        if let Some(refusal) = unchangeable(&target) {
            return Ok(refusal);
        }
        if target.message.pinned_at.is_some() == on {
            return Ok(Decision::Nothing(Some(target)));
        }
        target.message.pinned_at = on.then_some(self.now);
        Ok(self.replace(target, None, false))
    }
}

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
