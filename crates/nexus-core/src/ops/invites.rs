//! Who may come into a group by an invitation.

use nexus_protocol::{ErrorCode, SystemEvent, UserId};

use super::{
    ChatState, Decision, Rejection,
    decide::{Turn, reject, write},
};
use crate::chats::ADD;

impl Turn<'_> {
    /// By one who is no member. Whether it has expired goes by when they came: the lane may be slow.
    pub(super) fn join<S: ChatState>(
        &self,
        state: &mut S,
        code: &str,
    ) -> Result<Decision, S::Error> {
        let invite = state.invite(code)?.filter(|invite| invite.chat == self.chat.id);
        let Some(invite) = invite else { return Ok(reject(Rejection::not_found("invitation"))) };
        if let Some(why) = invite.end(self.op.queued_at) {
            return Ok(reject(Rejection::new(ErrorCode::Gone, why)));
        }
        let maker = state.role(invite.created_by)?;
        if maker.is_none_or(|role| role < self.chat.permissions.add_members) {
            let why = "who made the invitation may not invite any more";
            return Ok(reject(Rejection::new(ErrorCode::Gone, why)));
        }
        if invite.requires_approval {
            return Ok(reject(Rejection::forbidden("ask to join")));
        }
        if state.was_removed(self.op.actor)? {
            return Ok(reject(Rejection::forbidden(REMOVED)));
        }
        if let Some(refusal) = self.no_room_for(1) {
            return Ok(refusal);
        }
        let (user_id, inviter_id) = (self.op.actor, invite.created_by);
        let mut joined = self.tell(SystemEvent::MemberJoined { user_id, inviter_id });
        joined.members.push((user_id, self.joins()));
        joined.invite_uses = Some((invite.code, invite.uses.saturating_add(1)));
        Ok(write(joined))
    }

    /// Whoever may add members lets in whom they like: the invitation only counts it.
    pub(super) fn admit<S: ChatState>(
        &self,
        state: &mut S,
        user: UserId,
        code: &str,
    ) -> Result<Decision, S::Error> {
        if let Some(refusal) = self.refuse_unless(self.chat.permissions.add_members, ADD) {
            return Ok(refusal);
        }
        if state.role(user)?.is_some() {
            return Ok(Decision::Nothing(None));
        }
        if state.existing_users(&[user])?.is_empty() {
            return Ok(reject(Rejection::not_found("user")));
        }
        if let Some(refusal) = self.no_room_for(1) {
            return Ok(refusal);
        }
        let mut added = self.tell(SystemEvent::MembersAdded { user_ids: vec![user] });
        added.members.push((user, self.joins()));
        let invite = state.invite(code)?.filter(|invite| invite.chat == self.chat.id);
        added.invite_uses = invite.map(|invite| (invite.code, invite.uses.saturating_add(1)));
        Ok(write(added))
    }
}

/// Said to one who was removed and comes with a link.
pub const REMOVED: &str = "you were removed from this group: somebody in it must add you";
