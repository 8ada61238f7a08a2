//! A process that dies half-way, and another that goes on.

use nexus_core::{
    conformance::fixture::*,
    ops::{Op, OpKind},
    ports::{
        ChatStore, Done, InviteRecord, InviteStore, MessageStore, Outcome, Page, Store, UserStore,
    },
};
use nexus_protocol::{ErrorCode, HistoryVisible, PermissionsChange, RemovalReason, Role};

use super::{
    beside, database,
    death::{die_at, has_died},
};
use crate::MongoStore;

const POINTS: [&str; 4] =
    ["mongo.before_insert", "mongo.inserted", "mongo.applied", "mongo.marked"];

/// Commits on `store`, whose process dies at `point`.
pub(super) async fn dying_at(point: &'static str, store: &MongoStore, ops: &[Op]) {
    die_at(point);
    assert!(store.commit(ops).await.is_err(), "it died at {point}");
    assert!(has_died(), "it came to {point}");
}

fn told(outcomes: Vec<Outcome>) -> Vec<Done> {
    let told = outcomes.into_iter().map(|outcome| match outcome {
        Outcome::Done(done) => done,
        Outcome::Rejected(rejection) => panic!("rejected: {rejection:?}"),
    });
    told.collect()
}

/// Something of everything, on a message that is there.
fn mixed(message: nexus_protocol::MessageId) -> Vec<Op> {
    vec![
        op(10, TEAM, ANN, OpKind::AddMembers { users: vec![DAN] }),
        mentioning(TEAM, DAN, "here I am", &[ANN]),
        edit(11, TEAM, ANN, message, "edited"),
        react(12, TEAM, BOB, message, true),
        op(13, TEAM, ANN, OpKind::RemoveMember { user: CAT }),
        op(14, TEAM, ANN, OpKind::ChangeRole { user: BOB, role: Role::Admin }),
        op(15, TEAM, BOB, OpKind::SetTitle { title: "Us".to_owned() }),
        send(TEAM, BOB, "a last word"),
    ]
}

/// All that can be seen of the team.
async fn seen(store: &impl Store) -> String {
    let mut roles = store.roles(TEAM).await.unwrap();
    roles.sort_unstable();
    let chat = store.chat(TEAM).await.unwrap();
    let messages = store.page(TEAM, ANN, Page::After(0), 1_000).await.unwrap();
    let messages: Vec<_> = messages
        .into_iter()
        .map(|mut stored| {
            // When it was done is all that may differ.
            stored.committed_at = NOW;
            stored
        })
        .collect();
    format!("{chat:#?} {roles:#?} {messages:#?}")
}

#[tokio::test]
async fn a_batch_cut_off_anywhere_is_done_once_when_it_is_repeated() {
    let (smooth, _kept) = database().await;
    team(&smooth.store()).await;
    let id = say(&smooth.store(), TEAM, ANN, "first").await.message.id;
    let batch = mixed(id);
    let wanted = told(smooth.store().commit(&batch).await.unwrap());
    for point in &POINTS[..3] {
        let (database, _kept) = database().await;
        team(&database.store()).await;
        say(&database.store(), TEAM, ANN, "first").await;
        dying_at(point, &database.store(), &batch).await;
        let other = beside(&database).await;
        let again = told(other.commit(&batch).await.unwrap());
        assert_eq!(seen(&other).await, seen(&smooth.store()).await, "after {point}");
        for (again, wanted) in again.iter().zip(&wanted) {
            assert_eq!((&again.joined, &again.left), (&wanted.joined, &wanted.left));
            assert_eq!(again.message.is_some(), wanted.message.is_some());
        }
        told(other.commit(&batch).await.unwrap());
        assert_eq!(seen(&other).await, seen(&smooth.store()).await, "and nothing is done twice");
    }
}

/// What members may and see is part of the log like all else; a link is used once for each who came.
#[tokio::test]
async fn who_joins_by_a_link_while_it_dies_is_in_once_and_counted_once() {
    let settings = [
        OpKind::SetSlowMode { secs: 3_600 },
        OpKind::SetHistoryVisible { visible: HistoryVisible::SinceJoining },
        OpKind::SetPermissions {
            change: PermissionsChange { pin: Some(Role::Admin), ..PermissionsChange::default() },
        },
    ];
    let mut batch: Vec<Op> = (10..).zip(settings).map(|(n, kind)| op(n, TEAM, ANN, kind)).collect();
    batch.push(op(20, TEAM, DAN, OpKind::Join { code: "c".to_owned() }));
    batch.push(send(TEAM, DAN, "here I am"));
    batch.push(op(21, TEAM, ANN, OpKind::Leave));
    for point in &POINTS[..3] {
        let (database, _kept) = database().await;
        team(&database.store()).await;
        let invite = InviteRecord {
            code: "c".to_owned(),
            chat: TEAM,
            created_by: BOB,
            created_at: NOW,
            expires_at: None,
            max_uses: Some(1),
            uses: 0,
            requires_approval: false,
            revoked_at: None,
        };
        database.store().create_invite(&invite, 9).await.unwrap();
        dying_at(point, &database.store(), &batch).await;
        let other = beside(&database).await;
        for _ in 0..2 {
            assert_eq!(told(other.commit(&batch).await.unwrap())[3].joined, [DAN], "{point}");
        }
        let chat = other.chat(TEAM).await.unwrap().unwrap();
        assert_eq!((chat.member_count, chat.last_rev, chat.slow_mode_secs), (3, 7, 3_600));
        assert_eq!((chat.permissions.pin, chat.permissions.send), (Role::Admin, Role::Member));
        assert_eq!(other.latecomers(TEAM).await.unwrap(), [(DAN, 5)]);
        assert_eq!(other.role(TEAM, BOB).await.unwrap(), Some(Role::Owner));
        assert_eq!(other.invite("c").await.unwrap().unwrap().uses, 1, "{point}");
        let again = rejected(&other, send(TEAM, DAN, "me again")).await;
        assert_eq!(again.code, ErrorCode::RateLimited);
    }
}

#[tokio::test]
async fn what_was_cut_off_is_done_before_anything_else() {
    let (database, _kept) = database().await;
    team(&database.store()).await;
    let id = say(&database.store(), TEAM, ANN, "first").await.message.id;
    dying_at("mongo.inserted", &database.store(), &mixed(id)).await;

    let other = beside(&database).await;
    let hidden = other.chat(TEAM).await.unwrap().unwrap();
    assert_eq!((hidden.last_rev, hidden.title.as_str()), (2, "The team"), "not applied yet");
    say(&other, TEAM, DAN, "I am a member").await;
    rejected(&other, send(TEAM, CAT, "I am none")).await;
    let chat = other.chat(TEAM).await.unwrap().unwrap();
    assert_eq!((chat.title.as_str(), chat.member_count, chat.last_rev), ("Us", 3, 11));
    let message = other.message(id).await.unwrap().unwrap();
    assert_eq!((message.message.content.as_str(), message.reactors.len()), ("edited", 1));
}

#[tokio::test]
async fn a_new_group_cut_off_is_there_once() {
    let (database, _kept) = database().await;
    people(&database.store()).await;
    let creation = [create(1, TEAM, ANYBODY, &[BOB])];
    dying_at("mongo.inserted", &database.store(), &creation).await;
    let other = beside(&database).await;
    assert!(other.chat(TEAM).await.unwrap().is_none());
    let made = told(other.commit(&creation).await.unwrap());
    assert_eq!(made[0].joined, [ANN, BOB]);
    assert_eq!(other.chat(TEAM).await.unwrap().unwrap().member_count, 2);
    assert_eq!(say(&other, TEAM, BOB, "hello").await.message.seq, 2);
}

#[tokio::test]
async fn a_deletion_cut_off_is_told_in_full_when_it_is_repeated() {
    for (last, kind, reason) in [
        (false, OpKind::DeleteChat, RemovalReason::Deleted),
        (true, OpKind::Leave, RemovalReason::Left),
    ] {
        let (database, _kept) = database().await;
        let store = database.store();
        people(&store).await;
        let others = if last { vec![] } else { vec![BOB] };
        done(&store, create(1, TEAM, ANYBODY, &others)).await;
        let id = say(&store, TEAM, ANN, "secret").await.message.id;
        let deletion = [op(10, TEAM, ANN, kind)];
        dying_at("mongo.marked", &store, &deletion).await;

        let other = beside(&database).await;
        assert!(other.chat(TEAM).await.unwrap().is_none(), "gone from here on");
        for _ in 0..2 {
            let mut gone = told(other.commit(&deletion).await.unwrap()).remove(0).left;
            gone.sort_unstable_by_key(|(user, _)| *user);
            let rest = others.iter().map(|user| (*user, reason));
            assert_eq!(gone, [(ANN, reason)].into_iter().chain(rest).collect::<Vec<_>>());
        }
        assert!(other.message(id).await.unwrap().is_none());
        assert_eq!(other.user(ANN).await.unwrap().unwrap().id, ANN);
    }
}
