//! A user's own changes that are cut off half-way.

use nexus_core::{
    conformance::fixture::*,
    ops::OpKind,
    ports::{Advance, ChatStore, MessageStore, PortResult, ReceiptKind, ReceiptStore, UserStore},
};
use nexus_protocol::{OwnChange, UpdateChatMe};

use super::{beside, database, death::die_at};
use crate::MongoStore;

const POINTS: [&str; 2] = ["mongo.own_noted", "mongo.own_applied"];

async fn pin(store: &MongoStore) -> PortResult<()> {
    let pin = UpdateChatMe { pinned: Some(true), ..UpdateChatMe::default() };
    store.update_chat_me(BOB, TEAM, &pin, at(1)).await.map(|_| ())
}

async fn draft(store: &MongoStore) {
    let draft = UpdateChatMe { draft: Some(Some("dear".to_owned())), ..UpdateChatMe::default() };
    store.update_chat_me(BOB, TEAM, &draft, at(2)).await.unwrap().unwrap();
}

async fn told(store: &MongoStore) -> Vec<(u64, OwnChange)> {
    let changes = store.user_changes(BOB, 0, 10).await.unwrap();
    changes.into_iter().map(|change| (change.user_rev, change.change)).collect()
}

const DRAFT: fn() -> OwnChange =
    || OwnChange::Draft { chat_id: TEAM, draft: Some("dear".to_owned()) };

#[tokio::test]
async fn what_was_cut_off_is_done_when_its_user_asks() {
    for point in POINTS {
        let (database, _kept) = database().await;
        let other = beside(&database).await;
        let store = database.store();
        team(&store).await;
        die_at(point);
        pin(&store).await.unwrap_err();
        assert_eq!(store.user_rev(BOB).await.unwrap(), 0, "cut off at {point}");
        let pinned = OwnChange::Pin { chat_id: TEAM, pinned: true };
        assert_eq!(told(&other).await, [(1, pinned.clone())], "cut off at {point}");
        assert!(view(&store, BOB, TEAM).await.me.pinned);
        draft(&store).await;
        assert_eq!(told(&other).await, [(1, pinned), (2, DRAFT())]);
    }
}

#[tokio::test]
async fn what_was_cut_off_may_be_done_again() {
    for point in POINTS {
        let (database, _kept) = database().await;
        let (store, other) = (database.store(), beside(&database).await);
        team(&store).await;
        let message = say(&store, TEAM, ANN, "hello").await.message.id;
        let read = [Advance {
            chat: TEAM,
            user: BOB,
            kind: ReceiptKind::Read,
            seq: 2,
            at: at(3),
            quiet: false,
        }];
        die_at(point);
        store.hide(BOB, message, at(1)).await.unwrap_err();
        other.hide(BOB, message, at(1)).await.unwrap();
        die_at(point);
        store.set_star(BOB, message, true, at(2)).await.unwrap_err();
        other.set_star(BOB, message, true, at(2)).await.unwrap();
        die_at(point);
        store.advance(&read).await.unwrap_err();
        other.advance(&read).await.unwrap();
        draft(&other).await;
        let kinds: Vec<OwnChange> = told(&store).await.into_iter().map(|told| told.1).collect();
        assert_eq!(
            kinds,
            [
                OwnChange::Hide { chat_id: TEAM, message_id: message },
                OwnChange::Star { chat_id: TEAM, message_id: message, starred: true },
                OwnChange::Read { chat_id: TEAM, read_seq: 2, unread_from: None },
                DRAFT(),
            ]
        );
        let now = view(&store, BOB, TEAM).await;
        assert_eq!((now.me.read_seq, now.last_message.unwrap().message.seq), (2, 1), "{point}");
        let receipts = store.message_receipts(TEAM, 2).await.unwrap();
        let bob = receipts.into_iter().find(|receipt| receipt.user_id == BOB).unwrap();
        assert_eq!((bob.delivered_at, bob.read_at), (Some(at(3)), Some(at(3))));
    }
}

#[tokio::test]
async fn what_was_cut_off_before_one_left_does_not_come_back_with_them() {
    for point in POINTS {
        let (database, _kept) = database().await;
        let (store, other) = (database.store(), beside(&database).await);
        team(&store).await;
        die_at(point);
        pin(&store).await.unwrap_err();
        done(&other, op(10, TEAM, BOB, OpKind::Leave)).await;
        done(&other, op(11, TEAM, ANN, OpKind::AddMembers { users: vec![BOB] })).await;
        draft(&other).await;
        assert_eq!(told(&store).await, [(2, DRAFT())], "the number is not given again");
        assert!(!view(&store, BOB, TEAM).await.me.pinned);
    }
}
