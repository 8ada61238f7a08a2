//! What each op may do, told by a chat in memory.

use std::{
    collections::{HashMap, HashSet},
    convert::Infallible,
};

use nexus_protocol::{
    ChatId, ChatType, ErrorCode, HistoryVisible, MessageId, OpId, Permissions, PermissionsChange,
    Role, Timestamp, UserId,
};
use uuid::Uuid;

use super::{
    ChatState, Decision, LastSent, MemberChange, MessageWrite, NewMessage, Op, OpKind, Write,
    decide,
};
use crate::ports::{ChatRecord, InviteRecord, StoredMessage};

const DAY: i64 = 24 * 3_600 * 1_000;

fn user(n: u128) -> UserId {
    UserId(Uuid::from_u128(n))
}

/// A chat whose owner is user 1; 2 is an admin, 3 and 4 are members. User 9 is nobody.
struct Room {
    chat: Option<ChatRecord>,
    roles: HashMap<UserId, Role>,
    messages: HashMap<MessageId, StoredMessage>,
    done: HashSet<OpId>,
    banned: HashSet<UserId>,
    /// By anybody.
    last_sent: Option<LastSent>,
    invite: Option<InviteRecord>,
    removed: HashSet<UserId>,
}

impl ChatState for Room {
    type Error = Infallible;

    fn chat(&mut self) -> Result<Option<ChatRecord>, Infallible> {
        Ok(self.chat.clone())
    }

    fn role(&mut self, user: UserId) -> Result<Option<Role>, Infallible> {
        Ok(self.roles.get(&user).copied())
    }

    fn invite(&mut self, code: &str) -> Result<Option<InviteRecord>, Infallible> {
        Ok(self.invite.clone().filter(|invite| invite.code == code))
    }

    fn was_removed(&mut self, user: UserId) -> Result<bool, Infallible> {
        Ok(self.removed.contains(&user))
    }

    fn last_sent(&mut self, _: UserId) -> Result<Option<LastSent>, Infallible> {
        Ok(self.last_sent)
    }

    fn by_seniority(&mut self) -> Result<Vec<(UserId, Role)>, Infallible> {
        let mut members: Vec<_> = self.roles.iter().map(|(user, role)| (*user, *role)).collect();
        members.sort_unstable();
        Ok(members)
    }

    fn message(&mut self, id: MessageId) -> Result<Option<StoredMessage>, Infallible> {
        Ok(self.messages.get(&id).cloned())
    }

    fn was_changed_by(&mut self, _: MessageId, op: OpId) -> Result<bool, Infallible> {
        Ok(self.done.contains(&op))
    }

    fn is_banned(&mut self, user: UserId, _: Timestamp) -> Result<bool, Infallible> {
        Ok(self.banned.contains(&user))
    }

    fn existing_users(&mut self, users: &[UserId]) -> Result<Vec<UserId>, Infallible> {
        Ok(users.iter().filter(|known| **known != user(9)).copied().collect())
    }
}

impl Room {
    fn new(r#type: ChatType) -> Room {
        let anybody = Permissions {
            send: Role::Member,
            add_members: Role::Member,
            edit_info: Role::Member,
            pin: Role::Member,
        };
        let chat = ChatRecord {
            id: ChatId(Uuid::nil()),
            r#type,
            title: "Title".to_owned(),
            about: String::new(),
            created_at: Timestamp(0),
            permissions: anybody,
            slow_mode_secs: 0,
            history_visible: HistoryVisible::All,
            disappear_after_secs: None,
            member_count: 4,
            last_seq: 10,
            last_rev: 20,
        };
        let roles = [
            (user(1), Role::Owner),
            (user(2), Role::Admin),
            (user(3), Role::Member),
            (user(4), Role::Member),
        ];
        Room {
            chat: Some(chat),
            roles: roles.into(),
            messages: HashMap::new(),
            done: HashSet::new(),
            banned: HashSet::new(),
            last_sent: None,
            invite: None,
            removed: HashSet::new(),
        }
    }

    fn ask(&mut self, op: &Op) -> Decision {
        let Ok(decision) = decide(op, self, Timestamp(5));
        decision
    }

    /// What a fresh op of this user would do.
    fn tries(&mut self, actor: u128, kind: OpKind) -> Decision {
        self.ask(&op(1_000, actor, 0, kind))
    }

    fn refuses(&mut self, actor: u128, kind: OpKind, code: ErrorCode) {
        match self.tries(actor, kind.clone()) {
            Decision::Reject(rejection) => assert_eq!(rejection.code, code, "{kind:?}"),
            other => panic!("{kind:?} by {actor}: {other:?}"),
        }
    }

    fn allows(&mut self, actor: u128, kind: OpKind) -> Write {
        match self.tries(actor, kind.clone()) {
            Decision::Write(write) => *write,
            other => panic!("{kind:?} by {actor}: {other:?}"),
        }
    }

    /// A message of this user, as it would be stored.
    fn with_message(&mut self, sender: u128) -> MessageId {
        let write = self.allows(sender, send("text"));
        let Some(MessageWrite::Insert(message)) = write.message else { panic!("{write:?}") };
        let id = message.message.id;
        self.messages.insert(id, *message);
        id
    }
}

fn op(n: u128, actor: u128, queued_at: i64, kind: OpKind) -> Op {
    Op {
        id: OpId(Uuid::from_u128(n)),
        chat: ChatId(Uuid::nil()),
        actor: user(actor),
        queued_at: Timestamp(queued_at),
        awaited: false,
        kind,
    }
}

fn send(content: &str) -> OpKind {
    OpKind::Send(NewMessage {
        client_id: "c".to_owned(),
        content: content.to_owned(),
        reply_to: None,
        forwarded: false,
        mentions: Vec::new(),
    })
}

#[test]
fn what_a_banned_user_still_had_waiting_is_refused_but_what_was_done_stays_done() {
    let mut room = Room::new(ChatType::Group);
    room.banned.insert(user(3));
    room.refuses(3, send("hello"), ErrorCode::Banned);
    room.refuses(3, OpKind::SetTitle { title: "mine".to_owned() }, ErrorCode::Banned);
    room.allows(3, OpKind::Leave);
    room.banned.clear();
    let sent = room.with_message(3);
    room.banned.insert(user(3));
    let again = Op { id: OpId(sent.0), ..op(1, 3, 0, send("text")) };
    assert!(matches!(room.ask(&again), Decision::Nothing(Some(_))));
}

#[test]
fn a_message_gets_the_next_numbers() {
    let write = Room::new(ChatType::Group).allows(3, send("hello"));
    let Some(MessageWrite::Insert(stored)) = write.message else { panic!("{:?}", write.message) };
    assert_eq!((stored.message.seq, stored.message.rev), (11, 21));
    assert_eq!((stored.queued_at, stored.committed_at), (Timestamp(0), Timestamp(5)));
}

#[test]
fn an_edit_is_allowed_for_a_day_after_sending_however_long_it_was_queued() {
    let mut room = Room::new(ChatType::Group);
    let message = room.with_message(3);
    let edit = |n, at| op(n, 3, at, OpKind::Edit { message, content: "new".to_owned() });
    assert!(matches!(room.ask(&edit(1, DAY)), Decision::Write(_)));
    let Decision::Reject(late) = room.ask(&edit(2, DAY + 1)) else { panic!("a day is over") };
    assert_eq!(late.code, ErrorCode::Forbidden);
}

#[test]
fn a_change_that_was_done_is_not_done_again_nor_refused() {
    let mut room = Room::new(ChatType::Group);
    let message = room.with_message(3);
    room.done.insert(OpId(Uuid::from_u128(7)));
    let emoji = "👍".to_owned();
    for kind in [
        OpKind::Edit { message, content: "new".to_owned() },
        OpKind::React { message, emoji, on: true },
        OpKind::Pin { message, on: true },
        OpKind::Delete { message },
    ] {
        let stored = room.messages.get(&message).cloned();
        assert_eq!(room.ask(&op(7, 3, 0, kind)), Decision::Nothing(stored));
    }
    room.roles.remove(&user(3));
    let again = room.ask(&op(7, 3, 0, OpKind::Delete { message }));
    assert!(matches!(again, Decision::Nothing(Some(_))), "although its actor has left");
}

#[test]
fn a_message_has_at_most_twenty_different_reactions() {
    let mut room = Room::new(ChatType::Group);
    let message = room.with_message(3);
    let react = |emoji: &str| OpKind::React { message, emoji: emoji.to_owned(), on: true };
    if let Some(stored) = room.messages.get_mut(&message) {
        stored.reactors = (0..20).map(|n| (format!("e{n}"), vec![user(1)])).collect();
    }
    room.refuses(4, react("new"), ErrorCode::Conflict);
    room.allows(4, react("e3"));
    assert!(matches!(room.tries(1, react("e3")), Decision::Nothing(Some(_))));
}

#[test]
fn only_the_sender_edits_and_moderators_may_delete() {
    let mut room = Room::new(ChatType::Group);
    let message = room.with_message(3);
    let edit = OpKind::Edit { message, content: "new".to_owned() };
    for other in [1, 2, 4] {
        room.refuses(other, edit.clone(), ErrorCode::Forbidden);
    }
    room.refuses(4, OpKind::Delete { message }, ErrorCode::Forbidden);
    for allowed in [1, 2, 3] {
        room.allows(allowed, OpKind::Delete { message });
    }
    room.refuses(9, OpKind::Delete { message }, ErrorCode::NotFound);
}

#[test]
fn a_system_message_stays_as_it_is() {
    let mut room = Room::new(ChatType::Group);
    let write = room.allows(1, OpKind::SetTitle { title: "New".to_owned() });
    let Some(MessageWrite::Insert(stored)) = write.message else { panic!("{:?}", write.message) };
    let message = stored.message.id;
    room.messages.insert(message, *stored);
    room.refuses(1, OpKind::Delete { message }, ErrorCode::Forbidden);
    room.refuses(1, OpKind::Pin { message, on: true }, ErrorCode::Forbidden);
}

#[test]
fn a_direct_chat_is_always_between_the_two() {
    let mut room = Room::new(ChatType::Direct);
    for kind in [
        OpKind::AddMembers { users: vec![user(5)] },
        OpKind::RemoveMember { user: user(3) },
        OpKind::Leave,
        OpKind::SetTitle { title: "New".to_owned() },
        OpKind::DeleteChat,
        OpKind::TransferOwnership { user: user(3) },
    ] {
        room.refuses(1, kind, ErrorCode::Forbidden);
    }
    let message = room.with_message(3);
    room.refuses(1, OpKind::Delete { message }, ErrorCode::Forbidden);
}

#[test]
fn a_group_is_never_without_an_owner() {
    let mut room = Room::new(ChatType::Group);
    let step_down = OpKind::ChangeRole { user: user(1), role: Role::Member };
    room.refuses(1, step_down, ErrorCode::Conflict);
    let handed = room.allows(1, OpKind::TransferOwnership { user: user(3) });
    assert_eq!(handed.members.len(), 2);
    room.refuses(2, OpKind::TransferOwnership { user: user(2) }, ErrorCode::Forbidden);
    room.refuses(2, OpKind::ChangeRole { user: user(1), role: Role::Member }, ErrorCode::Forbidden);
    room.refuses(2, OpKind::DeleteChat, ErrorCode::Forbidden);
    assert!(room.allows(1, OpKind::DeleteChat).delete_chat);
}

#[test]
fn who_is_admin_longest_or_else_member_longest_follows_an_owner_who_leaves() {
    let mut room = Room::new(ChatType::Group);
    let owner = |n| (user(n), MemberChange::Role(Role::Owner));
    assert_eq!(room.allows(1, OpKind::Leave).members[1..], [owner(2)]);
    assert_eq!(room.allows(2, OpKind::Leave).members.len(), 1, "an admin leaves no gap");
    room.roles.remove(&user(2));
    assert_eq!(room.allows(1, OpKind::Leave).members[1..], [owner(3)]);
}

#[test]
fn admins_deal_out_rights_but_not_the_owners() {
    let mut room = Room::new(ChatType::Group);
    let send = |role| OpKind::SetPermissions {
        change: PermissionsChange { send: Some(role), ..PermissionsChange::default() },
    };
    room.refuses(3, send(Role::Admin), ErrorCode::Forbidden);
    room.refuses(2, send(Role::Owner), ErrorCode::Forbidden);
    let after = room.allows(2, send(Role::Admin)).chat.permissions.unwrap();
    assert_eq!((after.send, after.pin), (Role::Admin, Role::Member), "the others stay");
    assert!(matches!(room.tries(1, send(Role::Member)), Decision::Nothing(None)));
    room.allows(1, send(Role::Owner));
    if let Some(chat) = &mut room.chat {
        chat.permissions.send = Role::Owner;
    }
    room.refuses(2, send(Role::Admin), ErrorCode::Forbidden);
}

#[test]
fn slow_mode_goes_by_the_longer_of_two_pauses() {
    let mut room = Room::new(ChatType::Group);
    room.chat.as_mut().unwrap().slow_mode_secs = 30;
    assert!(room.allows(3, send("first")).in_slow_mode);
    assert!(!room.allows(2, send("an admin's")).in_slow_mode);
    let last = |queued_at, committed_at| LastSent {
        queued_at: Timestamp(queued_at),
        committed_at: Timestamp(committed_at),
    };
    // Ops here are sent at 0 and get their place at 5.
    room.last_sent = Some(last(-29_000, -28_995));
    let Decision::Reject(refused) = room.tries(3, send("second")) else { panic!("too soon") };
    assert_eq!((refused.code, refused.retry_after_ms), (ErrorCode::RateLimited, Some(1_000)));
    room.allows(1, send("the owner's"));
    for long_ago in [last(-30_000, 5), last(-10_000, -29_995)] {
        room.last_sent = Some(long_ago);
        room.allows(3, send("second"));
    }
}

#[test]
fn who_joins_sees_all_or_nothing_of_before() {
    let mut room = Room::new(ChatType::Group);
    let joins = |room: &mut Room| match room
        .allows(2, OpKind::AddMembers { users: vec![user(5)] })
        .members[..]
    {
        [(_, MemberChange::Join { history_from, .. })] => history_from,
        ref other => panic!("{other:?}"),
    };
    assert_eq!(joins(&mut room), 1);
    let hide = OpKind::SetHistoryVisible { visible: HistoryVisible::SinceJoining };
    room.refuses(3, hide.clone(), ErrorCode::Forbidden);
    let change = room.allows(2, hide).chat;
    change.apply(room.chat.as_mut().unwrap());
    assert_eq!(joins(&mut room), 11, "the message which tells of it");
}

#[test]
fn an_invitation_is_good_while_it_lasts_and_its_maker_may_invite() {
    let mut room = Room::new(ChatType::Group);
    let join = || OpKind::Join { code: "c".to_owned() };
    room.refuses(5, join(), ErrorCode::NotFound);
    let invite = InviteRecord {
        code: "c".to_owned(),
        chat: ChatId(Uuid::nil()),
        created_by: user(3),
        created_at: Timestamp(-10),
        expires_at: Some(Timestamp(1)),
        max_uses: Some(2),
        uses: 1,
        requires_approval: false,
        revoked_at: None,
    };
    room.invite = Some(invite.clone());
    let write = room.allows(5, join());
    assert_eq!(write.invite_uses, Some(("c".to_owned(), 2)));
    assert!(matches!(room.tries(4, join()), Decision::Nothing(None)), "a member is in already");
    for over in [
        InviteRecord { expires_at: Some(Timestamp(0)), ..invite.clone() },
        InviteRecord { uses: 2, ..invite.clone() },
        InviteRecord { revoked_at: Some(Timestamp(-1)), ..invite.clone() },
        InviteRecord { created_by: user(9), ..invite.clone() },
    ] {
        room.invite = Some(over);
        room.refuses(5, join(), ErrorCode::Gone);
    }
    room.invite = Some(InviteRecord { chat: ChatId(Uuid::max()), ..invite.clone() });
    room.refuses(5, join(), ErrorCode::NotFound);
    room.invite = Some(InviteRecord { requires_approval: true, ..invite.clone() });
    room.refuses(5, join(), ErrorCode::Forbidden);
    let admit = OpKind::Admit { user: user(5), code: "c".to_owned() };
    room.refuses(5, admit.clone(), ErrorCode::NotFound);
    assert!(room.allows(3, admit).invite_uses.is_some());
    room.invite = Some(invite);
    room.removed.insert(user(5));
    room.refuses(5, join(), ErrorCode::Forbidden);
    room.chat.as_mut().unwrap().permissions.add_members = Role::Admin;
    room.refuses(6, join(), ErrorCode::Gone);
}

#[test]
fn a_group_has_at_most_1024_members() {
    let mut room = Room::new(ChatType::Group);
    if let Some(chat) = &mut room.chat {
        chat.member_count = 1_023;
    }
    room.allows(3, OpKind::AddMembers { users: vec![user(5)] });
    room.refuses(3, OpKind::AddMembers { users: vec![user(5), user(6)] }, ErrorCode::Conflict);
    room.refuses(3, OpKind::AddMembers { users: vec![user(9)] }, ErrorCode::NotFound);
}

#[test]
fn what_comes_after_the_end_of_a_chat() {
    let mut room = Room::new(ChatType::Group);
    room.chat = None;
    room.roles.clear();
    assert_eq!(room.tries(1, OpKind::DeleteChat), Decision::Nothing(None));
    assert_eq!(room.tries(1, OpKind::Leave), Decision::Nothing(None));
    room.refuses(1, send("late"), ErrorCode::NotFound);
}
