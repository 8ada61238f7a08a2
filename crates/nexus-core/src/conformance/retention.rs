//! What is forgotten because it is old, and what must not be.

use std::time::Duration;

use nexus_protocol::{AuditAction, AuditActor, ErrorCode, SessionId, Timestamp};
use serde_json::json;
use uuid::Uuid;

use super::fixture::*;
use crate::{
    audit::Verifier,
    ops::{NOBODY, OpKind},
    ports::{Advance, NewEntry, ReceiptKind, Rotate, Rotation, SessionRecord, Store, TokenHash},
};

#[macro_export]
macro_rules! retention_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, retention:
            all_chats_come_in_portions
            old_messages_are_those_before_that_still_say_something
            an_old_message_becomes_a_stone_once
            old_receipts_go_and_young_ones_stay_exact
            former_tokens_go_and_the_present_one_stays
            a_log_that_tells_what_it_lacks_is_whole
        );
    };
}

pub async fn all_chats_come_in_portions(store: impl Store) {
    people(&store).await;
    for n in 1..=3 {
        done(&store, create(n, chat(n), ANYBODY, &[])).await;
    }
    done(&store, op(10, chat(2), ANN, OpKind::DeleteChat)).await;
    assert_eq!(store.chats_after(None, 1).await.unwrap(), [chat(1)]);
    assert_eq!(store.chats_after(Some(chat(1)), 10).await.unwrap(), [chat(3)]);
    assert_eq!(store.chats_after(Some(chat(3)), 10).await.unwrap(), []);
}

pub async fn old_messages_are_those_before_that_still_say_something(store: impl Store) {
    team(&store).await;
    let deleted = say(&store, TEAM, ANN, "deleted").await;
    done(&store, delete(10, TEAM, ANN, deleted.message.id)).await;
    for text in ["one", "two", "three"] {
        say(&store, TEAM, ANN, text).await;
    }
    tokio::time::sleep(Duration::from_millis(20)).await;
    let young = say(&store, TEAM, ANN, "young").await.committed_at;
    let old = async |before, above, limit| -> Vec<u64> {
        let old = store.old_messages(TEAM, before, above, limit).await.unwrap();
        old.into_iter().map(|old| old.seq).collect()
    };
    assert_eq!(old(young, 0, 10).await, [3, 4, 5]);
    assert_eq!(old(young, 3, 1).await, [4]);
    assert_eq!(old(NOW, 0, 10).await, [0; 0]);
    assert_eq!(old(young.plus(Duration::from_millis(1)), 0, 10).await, [3, 4, 5, 6]);
    assert_eq!(store.old_messages(OTHER, young, 0, 10).await.unwrap(), []);
}

pub async fn an_old_message_becomes_a_stone_once(store: impl Store) {
    team(&store).await;
    let sent = say(&store, TEAM, ANN, "hello").await;
    let (message, at) = (sent.message.id, sent.committed_at);
    let forget = |n, before| op(n, TEAM, NOBODY, OpKind::Expire { message, before: Some(before) });
    let nothing = crate::ports::Done::default();
    assert_eq!(done(&store, forget(10, at)).await, nothing, "it is not older");
    let before = at.plus(Duration::from_millis(1));
    let stone = message_of(done(&store, forget(11, before)).await).message;
    assert!(stone.content.is_empty() && stone.deleted_at.is_some(), "{stone:?}");
    assert_eq!(stone.rev, 3);
    assert_eq!(done(&store, forget(12, before)).await, nothing, "a stone it is already");
    assert_eq!(rejected(&store, edit(13, TEAM, ANN, message, "x")).await.code, ErrorCode::Gone);
    let system = store.page(TEAM, ANN, crate::ports::Page::After(0), 1).await.unwrap().remove(0);
    let (message, before) = (system.message.id, Some(Timestamp(i64::MAX)));
    let forget = op(14, TEAM, NOBODY, OpKind::Expire { message, before });
    assert_eq!(done(&store, forget).await, nothing, "what the system says stays");
}

pub async fn old_receipts_go_and_young_ones_stay_exact(store: impl Store) {
    team(&store).await;
    for n in 2..=5 {
        say(&store, TEAM, ANN, &format!("m{n}")).await;
    }
    for (seq, secs) in [(2, 10), (3, 20), (5, 30)] {
        let kind = ReceiptKind::Read;
        store
            .advance(&[Advance { chat: TEAM, user: BOB, kind, seq, at: at(secs), quiet: false }])
            .await
            .unwrap();
    }
    assert_eq!(store.old_receipts(TEAM, at(20)).await.unwrap(), 2, "delivered, and read");
    store.prune_receipts(TEAM, at(20)).await.unwrap();
    assert_eq!(store.old_receipts(TEAM, at(20)).await.unwrap(), 0);
    for (seq, secs) in [(3, 20), (4, 30), (5, 30)] {
        let receipts = store.message_receipts(TEAM, seq).await.unwrap();
        let bobs = receipts.into_iter().find(|receipt| receipt.user_id == BOB).unwrap();
        assert_eq!(bobs.read_at, Some(at(secs)), "of message {seq}");
    }
    let me = view(&store, BOB, TEAM).await.me;
    assert_eq!((me.delivered_seq, me.read_seq), (5, 5), "the marks themselves stay");
}

pub async fn former_tokens_go_and_the_present_one_stays(store: impl Store) {
    const WEEK: i64 = 7 * 86_400;
    people(&store).await;
    for (n, user) in [(1, ANN), (2, BOB)] {
        let session = SessionRecord {
            id: SessionId(Uuid::from_u128(0x5E00 + u128::from(n))),
            user_id: user,
            device: String::new(),
            address: String::new(),
            salt: [7; 32],
            created_at: NOW,
            last_used_at: NOW,
            expires_at: at(WEEK),
            revoked_at: None,
        };
        store.create_session(&session, &[n * 100; 32]).await.unwrap();
    }
    let rotate = async |from: u8, secs: i64| {
        let (presented, successor): (TokenHash, TokenHash) = ([from; 32], [from + 1; 32]);
        let rotate = Rotate {
            presented: &presented,
            successor: &successor,
            at: at(secs),
            grace: Duration::from_secs(30),
            expires_at: at(secs + WEEK),
            address: "",
        };
        store.rotate(rotate).await.unwrap()
    };
    for n in 0..6 {
        assert!(matches!(rotate(100 + n, 1 + i64::from(n)).await, Rotation::Rotated(_)));
    }
    assert!(matches!(rotate(200, 1).await, Rotation::Rotated(_)));
    assert_eq!(store.former_tokens(2).await.unwrap(), 4);
    store.prune_former_tokens(2).await.unwrap();
    assert_eq!(store.former_tokens(2).await.unwrap(), 0);
    for gone in 100..104 {
        assert!(store.session_of_token(&[gone; 32]).await.unwrap().is_none(), "{gone}");
    }
    assert!(matches!(rotate(201, 10).await, Rotation::Rotated(_)), "the other's is as it was");
    assert!(matches!(rotate(106, 10).await, Rotation::Rotated(_)), "the present one");
    assert!(matches!(rotate(105, 100).await, Rotation::Reused(_)), "a thief is known by it");
}

pub async fn a_log_that_tells_what_it_lacks_is_whole(store: impl Store) {
    let entry = |action, detail| NewEntry {
        at: NOW,
        actor: AuditActor::Server,
        action,
        target: None,
        detail,
    };
    let mut log = Vec::new();
    for _ in 0..5 {
        log.push(store.append_audit(&entry(AuditAction::UserBanned, json!({}))).await.unwrap());
    }
    let is_whole = async || {
        let mut verifier = Verifier::default();
        for entry in store.audit_after(0, 100).await.unwrap() {
            verifier.next(&entry).unwrap();
        }
        (verifier.beginning().is_ok(), verifier.end().0)
    };
    assert_eq!(is_whole().await, (true, 5));
    store.prune_audit(2).await.unwrap();
    assert_eq!(store.audit_after(0, 100).await.unwrap(), log[2..]);
    assert_eq!(is_whole().await, (false, 5), "nothing says so");
    let forged = json!({ "auditUpTo": 2, "auditHash": log[0].hash });
    store.append_audit(&entry(AuditAction::RetentionApplied, forged)).await.unwrap();
    assert_eq!(is_whole().await, (false, 6), "another was the last");
    let told = json!({ "auditUpTo": 2, "auditHash": log[1].hash });
    store.append_audit(&entry(AuditAction::RetentionApplied, told)).await.unwrap();
    assert_eq!(is_whole().await, (true, 7));
}
