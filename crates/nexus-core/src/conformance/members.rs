//! Who is in a chat, and what joining and leaving does.

use nexus_protocol::{
    ErrorCode, Permissions, PermissionsChange, RemovalReason, Role, SystemEvent, UpdateChatMe,
};

use super::fixture::*;
use crate::{
    ops::OpKind,
    ports::{Advance, NewDirectChat, Outcome, ReceiptKind, Store},
};

#[macro_export]
macro_rules! members_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, members:
            a_new_group_has_its_owner_and_members
            one_who_joins_begins_with_what_comes_after
            one_who_was_removed_sees_no_chat
            one_who_comes_back_begins_anew
            members_are_listed_by_id_in_pages
            roles_change_and_ownership_moves
            ranks_are_kept
            somebody_unknown_can_not_be_added
            those_there_already_are_not_added_again
            the_chats_of_several_people_are_told_at_once
            permissions_hold
            permissions_change_and_hold_at_once
            an_owner_who_leaves_hands_the_group_over
            an_owner_leaves_right_after_others_did
        );
    };
}

pub async fn a_new_group_has_its_owner_and_members(store: impl Store) {
    people(&store).await;
    let made = done(&store, create(1, TEAM, ANYBODY, &[BOB, CAT, BOB, ANN])).await;
    assert_eq!(made.joined, [ANN, BOB, CAT]);
    assert!(made.chat_changed);
    let chat = store.chat(TEAM).await.unwrap().unwrap();
    assert_eq!((chat.member_count, chat.last_seq, chat.last_rev), (3, 1, 1));
    assert_eq!((chat.title.as_str(), chat.about.as_str()), ("The team", "About us"));
    assert_eq!((chat.permissions, chat.created_at), (ANYBODY, NOW));
    let mut roles = store.roles(TEAM).await.unwrap();
    roles.sort_unstable();
    assert_eq!(roles, [(ANN, Role::Owner), (BOB, Role::Member), (CAT, Role::Member)]);
    assert_eq!(store.role(TEAM, ANN).await.unwrap(), Some(Role::Owner));
    assert_eq!(store.role(TEAM, DAN).await.unwrap(), None);
    assert_eq!(rejected(&store, create(2, TEAM, ANYBODY, &[])).await.code, ErrorCode::Conflict);
}

pub async fn one_who_joins_begins_with_what_comes_after(store: impl Store) {
    team(&store).await;
    for n in 0..3 {
        say(&store, TEAM, ANN, &format!("before {n}")).await;
    }
    let joined = done(&store, op(10, TEAM, BOB, OpKind::AddMembers { users: vec![DAN] })).await;
    assert_eq!((joined.joined.as_slice(), joined.chat_changed), (&[DAN][..], true));
    let before = view(&store, DAN, TEAM).await;
    assert_eq!((before.me.read_seq, before.me.delivered_seq, before.unread), (4, 4, 0));
    assert_eq!(before.chat.member_count, 4);
    say(&store, TEAM, ANN, "after").await;
    assert_eq!(view(&store, DAN, TEAM).await.unread, 1);
}

pub async fn one_who_was_removed_sees_no_chat(store: impl Store) {
    team(&store).await;
    let id = say(&store, TEAM, ANN, "hello").await.message.id;
    store.set_star(BOB, id, true, NOW).await.unwrap();
    store.index_messages(100).await.unwrap();
    let removed = done(&store, op(10, TEAM, ANN, OpKind::RemoveMember { user: BOB })).await;
    assert_eq!(removed.left, [(BOB, RemovalReason::Removed)]);
    assert_eq!(store.role(TEAM, BOB).await.unwrap(), None);
    assert_eq!(store.roles(TEAM).await.unwrap().len(), 2);
    assert_eq!(store.chat(TEAM).await.unwrap().unwrap().member_count, 2);
    assert!(store.chat_revs(BOB).await.unwrap().is_empty());
    assert!(store.chat_views(BOB, &[TEAM]).await.unwrap().is_empty());
    assert!(store.chat_list(BOB, None, 10).await.unwrap().is_empty());
    assert!(store.starred(BOB, None, 10).await.unwrap().is_empty());
    assert!(store.receipts_since(BOB, nexus_protocol::Timestamp(0)).await.unwrap().is_empty());
    assert!(super::search::found(&store, BOB, "hello").await.is_empty());
    let read =
        Advance { chat: TEAM, user: BOB, kind: ReceiptKind::Read, seq: 2, at: NOW, quiet: false };
    assert_eq!(store.advance(&[read]).await.unwrap(), [None]);
    assert!(store.update_chat_me(BOB, TEAM, &Default::default(), NOW).await.unwrap().is_none());
    assert_eq!(rejected(&store, send(TEAM, BOB, "hi")).await.code, ErrorCode::NotFound);
}

pub async fn one_who_comes_back_begins_anew(store: impl Store) {
    team(&store).await;
    let pin = UpdateChatMe { pinned: Some(true), ..UpdateChatMe::default() };
    store.update_chat_me(BOB, TEAM, &pin, NOW).await.unwrap().unwrap();
    let numbered = store.user_rev(BOB).await.unwrap();
    done(&store, op(10, TEAM, BOB, OpKind::Leave)).await;
    say(&store, TEAM, ANN, "while away").await;
    done(&store, op(11, TEAM, CAT, OpKind::AddMembers { users: vec![BOB] })).await;
    let back = view(&store, BOB, TEAM).await;
    assert_eq!((back.me.read_seq, back.unread, back.me.role), (3, 0, Role::Member));
    assert_eq!(back.chat.member_count, 3);
    assert!(!back.me.pinned);
    assert_eq!(store.user_changes(BOB, 0, 10).await.unwrap(), [], "nothing tells of the old pin");
    assert_eq!(store.user_rev(BOB).await.unwrap(), numbered, "and numbers are not given twice");
    say(&store, TEAM, BOB, "back again").await;
}

pub async fn members_are_listed_by_id_in_pages(store: impl Store) {
    team(&store).await;
    let list = async |after| {
        let page = store.members(TEAM, after, 2).await.unwrap();
        page.into_iter().map(|(user, member)| (user.id, member.user_id)).collect::<Vec<_>>()
    };
    assert_eq!(list(None).await, [(ANN, ANN), (BOB, BOB)]);
    assert_eq!(list(Some(BOB)).await, [(CAT, CAT)]);
    done(&store, op(10, TEAM, ANN, OpKind::RemoveMember { user: BOB })).await;
    assert_eq!(list(None).await, [(ANN, ANN), (CAT, CAT)]);
}

pub async fn roles_change_and_ownership_moves(store: impl Store) {
    team(&store).await;
    let promoted =
        done(&store, op(10, TEAM, ANN, OpKind::ChangeRole { user: BOB, role: Role::Admin })).await;
    assert!(promoted.chat_changed && promoted.joined.is_empty() && promoted.left.is_empty());
    assert_eq!(store.role(TEAM, BOB).await.unwrap(), Some(Role::Admin));
    done(&store, op(11, TEAM, ANN, OpKind::TransferOwnership { user: CAT })).await;
    assert_eq!(store.role(TEAM, CAT).await.unwrap(), Some(Role::Owner));
    assert_eq!(store.role(TEAM, ANN).await.unwrap(), Some(Role::Admin));
    assert_eq!(store.chat(TEAM).await.unwrap().unwrap().member_count, 3);
}

pub async fn ranks_are_kept(store: impl Store) {
    team(&store).await;
    let remove = |n, actor, user| op(n, TEAM, actor, OpKind::RemoveMember { user });
    assert_eq!(rejected(&store, remove(10, BOB, CAT)).await.code, ErrorCode::Forbidden);
    done(&store, op(11, TEAM, ANN, OpKind::ChangeRole { user: BOB, role: Role::Admin })).await;
    assert_eq!(rejected(&store, remove(12, BOB, ANN)).await.code, ErrorCode::Forbidden);
    done(&store, remove(13, BOB, CAT)).await;
    assert_eq!(
        rejected(&store, op(15, TEAM, BOB, OpKind::DeleteChat)).await.code,
        ErrorCode::Forbidden
    );
}

pub async fn somebody_unknown_can_not_be_added(store: impl Store) {
    team(&store).await;
    let add = op(10, TEAM, ANN, OpKind::AddMembers { users: vec![DAN, EVE] });
    assert_eq!(rejected(&store, add).await.code, ErrorCode::NotFound);
    assert_eq!(store.role(TEAM, DAN).await.unwrap(), None);
    let create = create(11, OTHER, ANYBODY, &[EVE]);
    assert_eq!(rejected(&store, create).await.code, ErrorCode::NotFound);
    assert!(store.chat(OTHER).await.unwrap().is_none());
}

pub async fn those_there_already_are_not_added_again(store: impl Store) {
    team(&store).await;
    let add = |n, users: &[_]| op(n, TEAM, ANN, OpKind::AddMembers { users: users.to_vec() });
    assert_eq!(done(&store, add(10, &[BOB])).await, crate::ports::Done::default());
    assert_eq!(done(&store, add(11, &[BOB, DAN, DAN])).await.joined, [DAN]);
    assert_eq!(store.chat(TEAM).await.unwrap().unwrap().member_count, 4);
}

pub async fn permissions_hold(store: impl Store) {
    people(&store).await;
    done(&store, create(1, TEAM, ADMINS, &[BOB])).await;
    let id = say(&store, TEAM, ANN, "only admins write").await.message.id;
    for refused in [
        send(TEAM, BOB, "may I?"),
        op(10, TEAM, BOB, OpKind::AddMembers { users: vec![CAT] }),
        op(11, TEAM, BOB, OpKind::SetTitle { title: "Mine".to_owned() }),
        op(12, TEAM, BOB, OpKind::Pin { message: id, on: true }),
        delete(13, TEAM, BOB, id),
    ] {
        assert_eq!(rejected(&store, refused).await.code, ErrorCode::Forbidden);
    }
    done(&store, react(14, TEAM, BOB, id, true)).await;
}

pub async fn permissions_change_and_hold_at_once(store: impl Store) {
    team(&store).await;
    let only = |right: fn(&mut PermissionsChange) -> &mut Option<Role>| {
        let mut change = PermissionsChange::default();
        *right(&mut change) = Some(Role::Admin);
        OpKind::SetPermissions { change }
    };
    let batch = [
        op(10, TEAM, ANN, only(|change| &mut change.send)),
        send(TEAM, BOB, "too late"),
        send(TEAM, ANN, "still"),
        op(11, TEAM, ANN, only(|change| &mut change.add_members)),
        op(12, TEAM, BOB, OpKind::AddMembers { users: vec![DAN] }),
    ];
    let outcomes = store.commit(&batch).await.unwrap();
    let went: Vec<bool> = outcomes.iter().map(|one| matches!(one, Outcome::Done(_))).collect();
    assert_eq!(went, [true, false, true, true, false]);
    let chat = store.chat(TEAM).await.unwrap().unwrap();
    let wanted = Permissions { edit_info: Role::Member, pin: Role::Member, ..ADMINS };
    assert_eq!(chat.permissions, wanted);
    assert_eq!(view(&store, BOB, TEAM).await.chat.permissions, wanted);
    let again = store.commit(&batch[..1]).await.unwrap();
    assert_eq!(again[0], outcomes[0]);
    assert_eq!(store.chat(TEAM).await.unwrap().unwrap(), chat, "once is enough");
}

pub async fn an_owner_who_leaves_hands_the_group_over(store: impl Store) {
    team(&store).await;
    done(&store, op(10, TEAM, ANN, OpKind::AddMembers { users: vec![DAN] })).await;
    done(&store, op(11, TEAM, ANN, OpKind::ChangeRole { user: DAN, role: Role::Admin })).await;
    let leave = op(12, TEAM, ANN, OpKind::Leave);
    let left = done(&store, leave.clone()).await;
    assert_eq!(left.left, [(ANN, RemovalReason::Left)]);
    let told = message_of(left.clone()).message.system;
    assert_eq!(told, Some(SystemEvent::MemberLeft { user_id: ANN, new_owner_id: Some(DAN) }));
    assert_eq!(store.role(TEAM, DAN).await.unwrap(), Some(Role::Owner), "an admin before others");
    assert_eq!(done(&store, leave).await, left);
    done(&store, op(13, TEAM, DAN, OpKind::Leave)).await;
    assert_eq!(store.role(TEAM, BOB).await.unwrap(), Some(Role::Owner));
    assert_eq!(store.chat(TEAM).await.unwrap().unwrap().member_count, 2);
}

pub async fn an_owner_leaves_right_after_others_did(store: impl Store) {
    team(&store).await;
    let batch = [
        op(10, TEAM, BOB, OpKind::Leave),
        op(11, TEAM, ANN, OpKind::AddMembers { users: vec![DAN] }),
        op(12, TEAM, ANN, OpKind::Leave),
        op(13, TEAM, CAT, OpKind::Leave),
    ];
    store.commit(&batch).await.unwrap();
    assert_eq!(store.roles(TEAM).await.unwrap(), [(DAN, Role::Owner)]);
}

pub async fn the_chats_of_several_people_are_told_at_once(store: impl Store) {
    team(&store).await;
    done(&store, op(10, TEAM, ANN, OpKind::RemoveMember { user: CAT })).await;
    let direct =
        NewDirectChat { id: OTHER, creator: ANN, peer: DAN, permissions: ANYBODY, at: NOW };
    store.create_direct(&direct).await.unwrap();
    let mut found = store.memberships(&[ANN, BOB, CAT]).await.unwrap();
    found.sort_unstable();
    let mut expected = [(ANN, TEAM), (ANN, OTHER), (BOB, TEAM)];
    expected.sort_unstable();
    assert_eq!(found, expected);
    assert_eq!(store.memberships(&[]).await.unwrap(), []);
}
