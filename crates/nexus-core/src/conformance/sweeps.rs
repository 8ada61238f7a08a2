//! What a sweep goes through, and how far it has come.

use nexus_protocol::{MessageId, Sweep, SweepId, SweepState};
use uuid::Uuid;

use super::fixture::*;
use crate::{
    ops::OpKind,
    ports::{Store, Stretch, SweepRecord},
};

#[macro_export]
macro_rules! sweeps_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, sweeps:
            how_far_a_sweep_is_is_kept
            sweeps_are_listed_the_last_first
            chats_that_were_left_are_gone_through_too
            texts_of_one_sender_are_found_in_a_stretch
            staff_who_are_no_members_sweep_a_message_and_twice_is_once
        );
    };
}

fn sweep(n: u128) -> SweepRecord {
    let id = SweepId(Uuid::from_u128(n));
    let sweep = Sweep {
        id: Some(id),
        user_id: BOB,
        chat_id: None,
        from: None,
        to: Some(at(9)),
        by: Some(DAN),
        started_at: NOW,
        finished_at: None,
        state: SweepState::Running,
        chats: 2,
        chats_done: 0,
        messages: 0,
    };
    SweepRecord { id, sweep, reached: None, passed_at: None }
}

pub async fn how_far_a_sweep_is_is_kept(store: impl Store) {
    let mut record = sweep(1);
    let id = record.id;
    store.save_sweep(&record).await.unwrap();
    assert_eq!(store.sweep(id).await.unwrap().as_ref(), Some(&record));
    record.reached = Some((TEAM, 7));
    record.sweep.messages = 7;
    store.save_sweep(&record).await.unwrap();
    assert_eq!(store.sweep(id).await.unwrap(), Some(record));
    assert_eq!(store.sweep(SweepId(Uuid::nil())).await.unwrap(), None);
}

pub async fn sweeps_are_listed_the_last_first(store: impl Store) {
    for n in 1..=3 {
        store.save_sweep(&sweep(n)).await.unwrap();
    }
    let listed = async |before: Option<u128>| -> Vec<u128> {
        let before = before.map(|n| SweepId(Uuid::from_u128(n)));
        let found = store.sweeps(before, 2).await.unwrap();
        found.into_iter().map(|record| record.id.0.as_u128()).collect()
    };
    assert_eq!(listed(None).await, [3, 2]);
    assert_eq!(listed(Some(2)).await, [1]);
    assert_eq!(listed(Some(1)).await, [0; 0]);
}

pub async fn chats_that_were_left_are_gone_through_too(store: impl Store) {
    team(&store).await;
    done(&store, create(2, OTHER, ANYBODY, &[BOB])).await;
    done(&store, op(3, TEAM, BOB, OpKind::Leave)).await;
    assert_eq!(store.chats_ever_of(BOB).await.unwrap(), [TEAM, OTHER]);
    assert_eq!(store.chats_ever_of(DAN).await.unwrap(), []);
}

pub async fn texts_of_one_sender_are_found_in_a_stretch(store: impl Store) {
    team(&store).await;
    let mut sent = Vec::new();
    for (n, sender) in [BOB, CAT, BOB, BOB].into_iter().enumerate() {
        sent.push(say(&store, TEAM, sender, &format!("text {n}")).await.message);
    }
    let first = sent[0].seq;
    let all = Stretch { chat: TEAM, sender: BOB, after: 0, up_to: 1_000, from: None, to: None };
    let found = async |stretch| store.texts_of(&stretch).await.unwrap();
    let of = |places: &[usize]| -> Vec<MessageId> { places.iter().map(|n| sent[*n].id).collect() };
    assert_eq!(found(all).await, of(&[0, 2, 3]));
    assert_eq!(found(Stretch { after: first, up_to: first + 2, ..all }).await, of(&[2]));
    assert_eq!(found(Stretch { from: Some(at(1)), ..all }).await, []);
    assert_eq!(found(Stretch { to: Some(at(1)), ..all }).await, of(&[0, 2, 3]));
    assert_eq!(found(Stretch { to: Some(NOW), ..all }).await, []);
    assert_eq!(found(Stretch { chat: OTHER, ..all }).await, []);
    done(&store, delete(50, TEAM, BOB, sent[2].id)).await;
    assert_eq!(found(all).await, of(&[0, 3]));
}

pub async fn staff_who_are_no_members_sweep_a_message_and_twice_is_once(store: impl Store) {
    team(&store).await;
    let sent = say(&store, TEAM, BOB, "spam").await.message;
    let sweep = |n| op(n, TEAM, DAN, OpKind::Sweep { message: sent.id });
    let swept = message_of(done(&store, sweep(10)).await).message;
    assert_eq!((swept.content.as_str(), swept.sender_id, swept.rev), ("", BOB, sent.rev + 1));
    assert!(swept.deleted_at.is_some());
    for again in [10, 11] {
        assert_eq!(message_of(done(&store, sweep(again)).await).message.rev, swept.rev);
    }
    let nowhere = OpKind::Sweep { message: MessageId(Uuid::nil()) };
    assert_eq!(done(&store, op(12, TEAM, DAN, nowhere.clone())).await.message, None);
    assert_eq!(done(&store, op(13, OTHER, DAN, nowhere)).await.message, None);
}
