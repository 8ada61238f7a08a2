//! Invitations and requests to join, and how often a link is used.

use std::sync::Arc;

use nexus_protocol::{ChatId, ErrorCode, Role, Timestamp, UserId};
use uuid::Uuid;

use super::fixture::*;
use crate::{
    ops::{Op, OpKind},
    ports::{AskedToJoin, InviteRecord, JoinRequestRecord, Outcome, Store},
};

#[macro_export]
macro_rules! invites_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, invites:
            an_invitation_is_found_by_all_of_its_code
            a_chat_has_only_so_many_living_invitations
            a_revoked_invitation_is_kept_and_lets_nobody_in
            a_join_counts_once_however_often_it_is_told
            of_many_who_join_at_once_as_many_get_in_as_the_link_says
            one_who_was_removed_gets_in_by_no_link_until_added
            one_who_left_may_come_back_by_a_link
            a_link_is_worth_nothing_once_its_maker_is_gone
            one_who_waits_is_let_in_or_turned_away
            invitations_go_with_their_chat
        );
    };
}

fn invite(code: &str) -> InviteRecord {
    InviteRecord {
        code: code.to_owned(),
        chat: TEAM,
        created_by: ANN,
        created_at: NOW,
        expires_at: None,
        max_uses: None,
        uses: 0,
        requires_approval: false,
        revoked_at: None,
    }
}

fn join(n: u128, user: UserId, code: &str) -> Op {
    op(n, TEAM, user, OpKind::Join { code: code.to_owned() })
}

async fn uses(store: &impl Store, code: &str) -> u32 {
    store.invite(code).await.unwrap().unwrap().uses
}

pub async fn an_invitation_is_found_by_all_of_its_code(store: impl Store) {
    team(&store).await;
    let wanted = InviteRecord {
        expires_at: Some(at(60)),
        max_uses: Some(3),
        requires_approval: true,
        ..invite("code-1")
    };
    assert!(store.create_invite(&wanted, 10).await.unwrap());
    let later = InviteRecord { created_at: at(1), ..invite("code-2") };
    assert!(store.create_invite(&later, 10).await.unwrap());
    assert_eq!(store.invite("code-1").await.unwrap(), Some(wanted.clone()));
    for other in ["code", "code-1%", "", "CODE-1", "code-11"] {
        assert_eq!(store.invite(other).await.unwrap(), None, "{other:?}");
    }
    assert_eq!(store.invites(TEAM, at(59)).await.unwrap(), [later.clone(), wanted]);
    assert_eq!(store.invites(TEAM, at(60)).await.unwrap(), [later], "the other has expired");
    assert_eq!(store.invites(OTHER, NOW).await.unwrap(), []);
}

pub async fn a_chat_has_only_so_many_living_invitations(store: impl Store) {
    team(&store).await;
    for n in 0..3 {
        assert!(store.create_invite(&invite(&format!("c{n}")), 3).await.unwrap());
    }
    assert!(!store.create_invite(&invite("c3"), 3).await.unwrap());
    assert_eq!(store.invite("c3").await.unwrap(), None);
    assert!(store.revoke_invite(TEAM, "c1", NOW).await.unwrap());
    assert!(store.create_invite(&invite("c4"), 3).await.unwrap());
    let elsewhere = InviteRecord { chat: OTHER, ..invite("c5") };
    assert!(store.create_invite(&elsewhere, 3).await.unwrap());
}

pub async fn a_revoked_invitation_is_kept_and_lets_nobody_in(store: impl Store) {
    team(&store).await;
    store.create_invite(&invite("c"), 9).await.unwrap();
    assert!(!store.revoke_invite(OTHER, "c", NOW).await.unwrap(), "of another chat");
    assert!(store.revoke_invite(TEAM, "c", at(1)).await.unwrap());
    assert!(store.revoke_invite(TEAM, "c", at(2)).await.unwrap(), "again is harmless");
    assert_eq!(store.invite("c").await.unwrap().unwrap().revoked_at, Some(at(1)));
    assert_eq!(store.invites(TEAM, at(3)).await.unwrap(), []);
    assert_eq!(rejected(&store, join(10, DAN, "c")).await.code, ErrorCode::Gone);
}

pub async fn a_join_counts_once_however_often_it_is_told(store: impl Store) {
    team(&store).await;
    store.create_invite(&invite("c"), 9).await.unwrap();
    let first = done(&store, join(10, DAN, "c")).await;
    assert_eq!(first.joined, [DAN]);
    assert_eq!(done(&store, join(10, DAN, "c")).await, first);
    let again = done(&store, join(11, DAN, "c")).await;
    assert_eq!(again, crate::ports::Done::default(), "a member is in already");
    assert_eq!(uses(&store, "c").await, 1);
    assert_eq!(store.role(TEAM, DAN).await.unwrap(), Some(Role::Member));
    assert_eq!(store.chat(TEAM).await.unwrap().unwrap().member_count, 4);
}

pub async fn of_many_who_join_at_once_as_many_get_in_as_the_link_says(store: impl Store) {
    team(&store).await;
    let crowd: Vec<UserId> = (0..50).map(|n| UserId(Uuid::from_u128(0xFF00 + n))).collect();
    for (n, user) in crowd.iter().enumerate() {
        store.create_user(&new_user(*user, &format!("crowd{n}"), "Crowd")).await.unwrap();
    }
    let few = InviteRecord { max_uses: Some(5), ..invite("c") };
    store.create_invite(&few, 9).await.unwrap();
    let store = Arc::new(store);
    let batches = crowd.chunks(7).enumerate().map(|(batch, users)| {
        let ops: Vec<Op> =
            (100 * (batch as u128 + 1)..).zip(users).map(|(n, user)| join(n, *user, "c")).collect();
        let store = store.clone();
        async move { store.commit(&ops).await.unwrap() }
    });
    let mut in_by_it = 0;
    for outcome in futures_util::future::join_all(batches).await.into_iter().flatten() {
        match outcome {
            Outcome::Done(_) => in_by_it += 1,
            Outcome::Rejected(why) => assert_eq!(why.code, ErrorCode::Gone),
        }
    }
    assert_eq!((in_by_it, uses(&*store, "c").await), (5, 5));
    assert_eq!(store.roles(TEAM).await.unwrap().len(), 8);
}

pub async fn one_who_was_removed_gets_in_by_no_link_until_added(store: impl Store) {
    team(&store).await;
    store.create_invite(&invite("c"), 9).await.unwrap();
    let batch = [op(10, TEAM, ANN, OpKind::RemoveMember { user: BOB }), join(11, BOB, "c")];
    let outcomes = store.commit(&batch).await.unwrap();
    assert!(matches!(&outcomes[1], Outcome::Rejected(why) if why.code == ErrorCode::Forbidden));
    assert_eq!(rejected(&store, join(12, BOB, "c")).await.code, ErrorCode::Forbidden);
    done(&store, op(13, TEAM, ANN, OpKind::AddMembers { users: vec![BOB] })).await;
    done(&store, op(14, TEAM, BOB, OpKind::Leave)).await;
    done(&store, join(15, BOB, "c")).await;
    assert_eq!(uses(&store, "c").await, 1);
}

pub async fn one_who_left_may_come_back_by_a_link(store: impl Store) {
    team(&store).await;
    store.create_invite(&invite("c"), 9).await.unwrap();
    let batch = [op(10, TEAM, BOB, OpKind::Leave), join(11, BOB, "c")];
    let outcomes = store.commit(&batch).await.unwrap();
    assert!(matches!(&outcomes[1], Outcome::Done(done) if done.joined == [BOB]));
}

pub async fn a_link_is_worth_nothing_once_its_maker_is_gone(store: impl Store) {
    team(&store).await;
    let bobs = InviteRecord { created_by: BOB, ..invite("c") };
    store.create_invite(&bobs, 9).await.unwrap();
    let batch = [op(10, TEAM, ANN, OpKind::RemoveMember { user: BOB }), join(11, DAN, "c")];
    let outcomes = store.commit(&batch).await.unwrap();
    assert!(matches!(&outcomes[1], Outcome::Rejected(why) if why.code == ErrorCode::Gone));
}

fn request(chat: ChatId, user: UserId) -> JoinRequestRecord {
    JoinRequestRecord { chat, user, code: "c".to_owned(), asked_at: Timestamp(NOW.0 + 5) }
}

pub async fn one_who_waits_is_let_in_or_turned_away(store: impl Store) {
    team(&store).await;
    let by_request = InviteRecord { requires_approval: true, ..invite("c") };
    store.create_invite(&by_request, 9).await.unwrap();
    assert_eq!(rejected(&store, join(10, DAN, "c")).await.code, ErrorCode::Forbidden);
    let ask = async |user, most| store.ask_to_join(&request(TEAM, user), most).await.unwrap();
    assert_eq!(ask(DAN, 2).await, AskedToJoin::Now);
    assert_eq!(ask(DAN, 2).await, AskedToJoin::Before);
    assert_eq!(ask(EVE, 2).await, AskedToJoin::Now);
    assert_eq!(ask(UserId(Uuid::from_u128(0xF)), 2).await, AskedToJoin::TooMany);
    let page = store.join_requests(TEAM, None, 10).await.unwrap();
    assert_eq!(page, [request(TEAM, DAN), request(TEAM, EVE)]);
    assert_eq!(store.join_requests(TEAM, Some(DAN), 10).await.unwrap(), [request(TEAM, EVE)]);
    assert_eq!(store.join_request(TEAM, DAN).await.unwrap(), Some(request(TEAM, DAN)));
    assert_eq!(store.join_request(OTHER, DAN).await.unwrap(), None);
    let admit = op(11, TEAM, ANN, OpKind::Admit { user: DAN, code: "c".to_owned() });
    assert_eq!(done(&store, admit.clone()).await.joined, [DAN]);
    assert_eq!(done(&store, admit).await.joined, [DAN]);
    assert_eq!(uses(&store, "c").await, 1);
    assert_eq!(store.end_join_requests(TEAM, &[DAN, BOB]).await.unwrap(), [DAN]);
    assert_eq!(store.end_join_requests(TEAM, &[DAN]).await.unwrap(), []);
    assert_eq!(store.join_request(TEAM, DAN).await.unwrap(), None);
}

pub async fn invitations_go_with_their_chat(store: impl Store) {
    team(&store).await;
    store.create_invite(&invite("c"), 9).await.unwrap();
    store.ask_to_join(&request(TEAM, DAN), 9).await.unwrap();
    done(&store, op(10, TEAM, ANN, OpKind::DeleteChat)).await;
    assert_eq!(store.invite("c").await.unwrap(), None);
    assert_eq!(store.join_requests(TEAM, None, 9).await.unwrap(), []);
    assert_eq!(rejected(&store, join(11, DAN, "c")).await.code, ErrorCode::NotFound);
}
