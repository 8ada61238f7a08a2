//! What may be done with groups and their members.

use nexus_protocol::{
    ChatType, ErrorCode, HistoryVisible, MAX_MEMBERS, Permissions, PermissionsChange,
    RemovalReason, Role, SystemEvent, Timestamp, UserId,
};

use super::{
    ChatState, Decision, MemberChange, Op, Rejection, Write,
    decide::{Turn, reject, write},
};
use crate::{
    chats::{ADD, EDIT},
    ports::ChatRecord,
};

pub(super) fn create_group<S: ChatState>(
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
        slow_mode_secs: 0,
        history_visible: HistoryVisible::All,
        disappear_after_secs: None,
        member_count: 0,
        last_seq: 0,
        last_rev: 0,
    };
    let turn = Turn { op, chat: &chat, role: Role::Owner, now };
    let mut write = turn.tell(SystemEvent::GroupCreated { title: title.to_owned() });
    let joins = |role| MemberChange::Join { role, history_from: 1 };
    write.members.push((op.actor, joins(Role::Owner)));
    for user in members {
        if write.members.iter().all(|(known, _)| known != user) {
            write.members.push((*user, joins(Role::Member)));
        }
    }
    write.create = Some(chat);
    Ok(Decision::Write(Box::new(write)))
}
impl Turn<'_> {
    pub(super) fn add_members<S: ChatState>(
        &self,
        state: &mut S,
        users: &[UserId],
    ) -> Result<Decision, S::Error> {
        if let Some(refusal) = self.refuse_unless(self.chat.permissions.add_members, ADD) {
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
        if let Some(refusal) = self.no_room_for(joining.len()) {
            return Ok(refusal);
        }
        let mut write = self.tell(SystemEvent::MembersAdded { user_ids: joining.clone() });
        write.members = joining.into_iter().map(|user| (user, self.joins())).collect();
        Ok(Decision::Write(Box::new(write)))
    }

    pub(super) fn no_room_for(&self, joining: usize) -> Option<Decision> {
        let is_full = self.chat.member_count as usize + joining > MAX_MEMBERS;
        let full = || Rejection::new(ErrorCode::Conflict, "a group can have 1,024 members");
        is_full.then(|| reject(full()))
    }

    /// The system message which tells of it is the first that they see in any case.
    pub(super) fn joins(&self) -> MemberChange {
        let history_from = match self.chat.history_visible {
            HistoryVisible::All => 1,
            HistoryVisible::SinceJoining => self.chat.last_seq + 1,
        };
        MemberChange::Join { role: Role::Member, history_from }
    }

    pub(super) fn remove_member<S: ChatState>(
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

    pub(super) fn leave<S: ChatState>(&self, state: &mut S) -> Result<Decision, S::Error> {
        if self.chat.r#type == ChatType::Direct {
            return Ok(reject(Rejection::forbidden("a direct chat can't be left: archive it")));
        }
        if self.chat.member_count <= 1 {
            return Ok(write(Write {
                members: vec![(self.op.actor, MemberChange::Leave(RemovalReason::Left))],
                delete_chat: true,
                ..Write::default()
            }));
        }
        let new_owner_id = self.successor(state)?;
        let mut write = self.tell(SystemEvent::MemberLeft { user_id: self.op.actor, new_owner_id });
        write.members.push((self.op.actor, MemberChange::Leave(RemovalReason::Left)));
        write.members.extend(new_owner_id.map(|user| (user, MemberChange::Role(Role::Owner))));
        Ok(Decision::Write(Box::new(write)))
    }

    /// Of an owner who leaves: the admin who has been there longest, or else the member.
    fn successor<S: ChatState>(&self, state: &mut S) -> Result<Option<UserId>, S::Error> {
        if self.role != Role::Owner {
            return Ok(None);
        }
        let mut others = state.by_seniority()?;
        others.retain(|(user, _)| *user != self.op.actor);
        let admin = others.iter().find(|(_, role)| *role == Role::Admin);
        Ok(admin.or(others.first()).map(|(user, _)| *user))
    }

    pub(super) fn change_role<S: ChatState>(
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

    pub(super) fn transfer<S: ChatState>(
        &self,
        state: &mut S,
        user: UserId,
    ) -> Result<Decision, S::Error> {
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

    pub(super) fn set_title(&self, title: &str) -> Decision {
        if let Some(refusal) = self.refuse_unless(self.chat.permissions.edit_info, EDIT) {
            return refusal;
        }
        if self.chat.title == title {
            return Decision::Nothing(None);
        }
        let mut change = self.tell(SystemEvent::TitleChanged { title: title.to_owned() });
        change.chat.title = Some(title.to_owned());
        write(change)
    }

    pub(super) fn set_about(&self, about: &str) -> Decision {
        if let Some(refusal) = self.refuse_unless(self.chat.permissions.edit_info, EDIT) {
            return refusal;
        }
        if self.chat.about == about {
            return Decision::Nothing(None);
        }
        let mut change = self.tell(SystemEvent::AboutChanged { about: about.to_owned() });
        change.chat.about = Some(about.to_owned());
        write(change)
    }

    /// Admins deal out what members and admins may; what is the owner's alone is the owner's to give.
    pub(super) fn set_permissions(&self, change: PermissionsChange) -> Decision {
        if let Some(refusal) = self.refuse_unless(Role::Admin, "change permissions") {
            return refusal;
        }
        let before = self.chat.permissions;
        let after = before.with(change);
        if after == before {
            return Decision::Nothing(None);
        }
        if self.role < Role::Owner && owned(before) != owned(after) {
            let reason = "only the owner may change what only the owner may do";
            return reject(Rejection::forbidden(reason));
        }
        let mut change = self.tell(SystemEvent::PermissionsChanged { permissions: after });
        change.chat.permissions = Some(after);
        write(change)
    }

    pub(super) fn set_slow_mode(&self, secs: u32) -> Decision {
        if let Some(refusal) = self.refuse_unless(Role::Admin, "change slow mode") {
            return refusal;
        }
        if self.chat.slow_mode_secs == secs {
            return Decision::Nothing(None);
        }
        let mut change = self.tell(SystemEvent::SlowModeChanged { slow_mode_secs: secs });
        change.chat.slow_mode_secs = Some(secs);
        write(change)
    }

    pub(super) fn set_history_visible(&self, visible: HistoryVisible) -> Decision {
        if let Some(refusal) = self.refuse_unless(Role::Admin, "change who sees the history") {
            return refusal;
        }
        if self.chat.history_visible == visible {
            return Decision::Nothing(None);
        }
        let told = SystemEvent::HistoryVisibleChanged { history_visible: visible };
        let mut change = self.tell(told);
        change.chat.history_visible = Some(visible);
        write(change)
    }

    /// In a direct chat it is either's to say.
    pub(super) fn set_disappear_after(&self, secs: Option<u32>) -> Decision {
        let is_group = self.chat.r#type == ChatType::Group;
        if is_group && let Some(no) = self.refuse_unless(self.chat.permissions.edit_info, EDIT) {
            return no;
        }
        if self.chat.disappear_after_secs == secs {
            return Decision::Nothing(None);
        }
        let told = SystemEvent::DisappearAfterChanged { disappear_after_secs: secs };
        let mut change = self.tell(told);
        change.chat.disappear_after_secs = Some(secs);
        write(change)
    }

    pub(super) fn delete_chat(&self) -> Decision {
        if let Some(refusal) = self.refuse_unless(Role::Owner, "delete the group") {
            return refusal;
        }
        write(Write { delete_chat: true, ..Write::default() })
    }
}

/// Which of the rights are the owner's alone.
fn owned(permissions: Permissions) -> [bool; 4] {
    let Permissions { send, add_members, edit_info, pin } = permissions;
    [send, add_members, edit_info, pin].map(|least| least == Role::Owner)
}
