//! Watermarks of delivery and reading.

use nexus_protocol::{OwnChange, Receipt, Timestamp, UpdateChatMe, UserId};

use super::fixture::*;
use crate::{
    ops::OpKind,
    ports::{Advance, Advanced, ReceiptKind, Store},
};

#[macro_export]
macro_rules! receipts_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, receipts:
            watermarks_only_rise
            watermarks_stop_at_the_last_message
            reading_is_delivery_too
            each_advance_has_its_answer
            reading_is_noted_for_the_readers_other_devices
            reading_clears_a_mark_unread
            a_message_knows_when_each_member_got_and_read_it
            one_who_joined_later_did_not_read_what_was_before
            moved_watermarks_are_found_by_time
            what_is_read_quietly_is_known_to_the_reader_alone
            aloud_one_tells_of_what_was_read_quietly_before
            who_comes_again_has_read_nothing_quietly
        );
    };
}

fn delivered(user: UserId, seq: u64, secs: i64) -> Advance {
    Advance { chat: TEAM, user, kind: ReceiptKind::Delivered, seq, at: at(secs), quiet: false }
}

fn read(user: UserId, seq: u64, secs: i64) -> Advance {
    Advance { kind: ReceiptKind::Read, ..delivered(user, seq, secs) }
}

fn quietly(user: UserId, seq: u64, secs: i64) -> Advance {
    Advance { quiet: true, ..read(user, seq, secs) }
}

/// Bob's watermarks as the viewer finds them, in the chat and in what moved.
async fn bobs(store: &impl Store, viewer: UserId) -> (u64, u64) {
    let listed = view(store, viewer, TEAM).await.receipts;
    let listed = listed.into_iter().find(|receipt| receipt.user_id == BOB).unwrap();
    let moved = store.receipts_since(viewer, Timestamp(0)).await.unwrap();
    let moved = moved.into_iter().find(|receipt| receipt.user_id == BOB).unwrap();
    let listed = (listed.delivered_seq, listed.read_seq);
    assert_eq!((moved.delivered_seq, moved.read_seq), listed);
    listed
}

/// When Bob has read a message, as others may know.
async fn bob_read_at(store: &impl Store, seq: u64) -> Option<Timestamp> {
    let receipts = store.message_receipts(TEAM, seq).await.unwrap();
    receipts.into_iter().find(|receipt| receipt.user_id == BOB).unwrap().read_at
}

async fn advance(store: &impl Store, advance: Advance) -> Advanced {
    store.advance(&[advance]).await.unwrap().remove(0).unwrap()
}

async fn watermarks(store: &impl Store, user: UserId) -> (u64, u64) {
    let me = view(store, user, TEAM).await.me;
    (me.delivered_seq, me.read_seq)
}

/// The team with messages 2 to 6 by Ann.
async fn six(store: &impl Store) {
    team(store).await;
    let ops: Vec<_> = (2..=6).map(|n| send(TEAM, ANN, &format!("m{n}"))).collect();
    store.commit(&ops).await.unwrap();
}

pub async fn watermarks_only_rise(store: impl Store) {
    six(&store).await;
    assert_eq!(advance(&store, delivered(BOB, 4, 1)).await.delivered, Some(4));
    assert_eq!(advance(&store, delivered(BOB, 4, 2)).await.delivered, None);
    assert_eq!(advance(&store, delivered(BOB, 3, 3)).await.delivered, None);
    assert_eq!(watermarks(&store, BOB).await, (4, 0));
    assert_eq!(advance(&store, read(BOB, 3, 4)).await.read, Some(3));
    assert_eq!(advance(&store, read(BOB, 2, 5)).await, nothing());
    assert_eq!(watermarks(&store, BOB).await, (4, 3));
    let receipts = view(&store, ANN, TEAM).await.receipts;
    assert!(receipts.contains(&Receipt { user_id: BOB, delivered_seq: 4, read_seq: 3 }));
    assert_eq!(receipts.len(), 3);
}

pub async fn watermarks_stop_at_the_last_message(store: impl Store) {
    six(&store).await;
    let advanced = advance(&store, read(BOB, u64::MAX, 1)).await;
    assert_eq!((advanced.delivered, advanced.read), (Some(6), Some(6)));
    assert_eq!(watermarks(&store, BOB).await, (6, 6));
    assert_eq!(advance(&store, read(BOB, 100, 2)).await, nothing());
}

pub async fn reading_is_delivery_too(store: impl Store) {
    six(&store).await;
    let advanced = advance(&store, read(BOB, 3, 1)).await;
    assert_eq!((advanced.delivered, advanced.read), (Some(3), Some(3)));
    advance(&store, delivered(BOB, 6, 2)).await;
    let advanced = advance(&store, read(BOB, 5, 3)).await;
    assert_eq!((advanced.delivered, advanced.read), (None, Some(5)));
    assert_eq!(watermarks(&store, BOB).await, (6, 5));
}

pub async fn each_advance_has_its_answer(store: impl Store) {
    six(&store).await;
    let elsewhere = Advance { chat: OTHER, ..read(BOB, 1, 1) };
    let batch = [read(DAN, 3, 1), read(BOB, 3, 1), elsewhere, delivered(CAT, 2, 1)];
    let answers = store.advance(&batch).await.unwrap();
    let moved: Vec<_> = answers.iter().map(|a| a.as_ref().map(|a| (a.delivered, a.read))).collect();
    assert_eq!(moved, [None, Some((Some(3), Some(3))), None, Some((Some(2), None))]);
}

pub async fn reading_is_noted_for_the_readers_other_devices(store: impl Store) {
    six(&store).await;
    assert_eq!(advance(&store, delivered(BOB, 3, 1)).await.own, None);
    let own = advance(&store, read(BOB, 3, 2)).await.own.unwrap();
    let change = OwnChange::Read { chat_id: TEAM, read_seq: 3, unread_from: None };
    assert_eq!((own.user_rev, own.at, &own.change), (1, at(2), &change));
    assert_eq!(store.user_changes(BOB, 0, 10).await.unwrap(), [own]);
}

pub async fn reading_clears_a_mark_unread(store: impl Store) {
    six(&store).await;
    advance(&store, read(BOB, 6, 1)).await;
    let mark = UpdateChatMe { unread_from: Some(Some(4)), ..UpdateChatMe::default() };
    store.update_chat_me(BOB, TEAM, &mark, at(2)).await.unwrap();
    assert_eq!(advance(&store, delivered(BOB, 6, 3)).await, nothing());
    assert_eq!(view(&store, BOB, TEAM).await.me.unread_from, Some(4));
    let cleared = advance(&store, read(BOB, 5, 4)).await;
    assert_eq!((cleared.delivered, cleared.read), (None, None));
    let change = OwnChange::Read { chat_id: TEAM, read_seq: 6, unread_from: None };
    assert_eq!(cleared.own.unwrap().change, change);
    assert_eq!(view(&store, BOB, TEAM).await.me.unread_from, None);
}

pub async fn a_message_knows_when_each_member_got_and_read_it(store: impl Store) {
    six(&store).await;
    let moves = [delivered(BOB, 2, 1), delivered(BOB, 4, 2), read(BOB, 3, 3), read(BOB, 6, 4)];
    for step in moves {
        advance(&store, step).await;
    }
    advance(&store, delivered(ANN, 6, 5)).await;
    let of = async |seq| {
        let receipts = store.message_receipts(TEAM, seq).await.unwrap();
        let mut rows: Vec<_> =
            receipts.iter().map(|r| (r.user_id, r.delivered_at, r.read_at)).collect();
        rows.sort_unstable();
        rows
    };
    assert_eq!(of(2).await, [(BOB, Some(at(1)), Some(at(3))), (CAT, None, None)]);
    assert_eq!(of(4).await, [(BOB, Some(at(2)), Some(at(4))), (CAT, None, None)]);
    assert_eq!(of(6).await, [(BOB, Some(at(4)), Some(at(4))), (CAT, None, None)]);
    done(&store, op(10, TEAM, CAT, OpKind::Leave)).await;
    assert_eq!(of(6).await.len(), 1, "present members only");
}

pub async fn one_who_joined_later_did_not_read_what_was_before(store: impl Store) {
    six(&store).await;
    done(&store, op(10, TEAM, ANN, OpKind::AddMembers { users: vec![DAN] })).await;
    say(&store, TEAM, ANN, "welcome").await;
    advance(&store, read(DAN, 8, 1)).await;
    let of = async |seq| {
        let receipts = store.message_receipts(TEAM, seq).await.unwrap();
        receipts.into_iter().find(|receipt| receipt.user_id == DAN).unwrap().read_at
    };
    assert_eq!(of(6).await, None);
    assert_eq!(of(8).await, Some(at(1)));
}

pub async fn moved_watermarks_are_found_by_time(store: impl Store) {
    six(&store).await;
    // Later than any clock's present, so that joining is before all of it.
    let later = 100_000_000_000;
    advance(&store, read(BOB, 3, later + 10)).await;
    advance(&store, delivered(CAT, 2, later + 20)).await;
    let since = async |user, at: Timestamp| {
        let moved = store.receipts_since(user, at).await.unwrap();
        let mut rows: Vec<_> =
            moved.iter().map(|r| (r.chat_id, r.user_id, r.delivered_seq, r.read_seq)).collect();
        rows.sort_unstable();
        rows
    };
    let (bob, cat) = ((TEAM, BOB, 3, 3), (TEAM, CAT, 2, 0));
    assert_eq!(since(ANN, at(later + 10)).await, [bob, cat], "`since` is inclusive");
    assert_eq!(since(BOB, at(later + 11)).await, [cat]);
    assert_eq!(since(ANN, at(later + 21)).await, []);
    assert_eq!(since(DAN, at(later)).await, [], "no member");
    let all: Vec<_> = since(ANN, Timestamp(0)).await.iter().map(|row| row.1).collect();
    assert_eq!(all, [ANN, BOB, CAT], "from the beginning: everybody");
}

pub async fn what_is_read_quietly_is_known_to_the_reader_alone(store: impl Store) {
    six(&store).await;
    advance(&store, read(BOB, 3, 1)).await;
    for (seq, secs) in [(5, 2), (6, 3)] {
        let advanced = advance(&store, quietly(BOB, seq, secs)).await;
        assert_eq!((advanced.delivered, advanced.read), (Some(seq), Some(seq)));
        let change = OwnChange::Read { chat_id: TEAM, read_seq: seq, unread_from: None };
        assert_eq!(advanced.own.unwrap().change, change);
        assert_eq!(watermarks(&store, BOB).await, (seq, seq));
        assert_eq!(bobs(&store, BOB).await, (seq, seq));
        assert_eq!(bobs(&store, ANN).await, (seq, 3));
    }
    assert_eq!(bob_read_at(&store, 3).await, Some(at(1)));
    assert_eq!(bob_read_at(&store, 4).await, None);
    assert_eq!(advance(&store, read(BOB, 6, 4)).await, nothing(), "it was read before");
    assert_eq!(bobs(&store, ANN).await, (6, 3));
}

pub async fn aloud_one_tells_of_what_was_read_quietly_before(store: impl Store) {
    six(&store).await;
    advance(&store, quietly(BOB, 4, 1)).await;
    assert_eq!(bobs(&store, ANN).await, (4, 0));
    advance(&store, read(BOB, 5, 2)).await;
    assert_eq!(bobs(&store, ANN).await, (5, 5));
    assert_eq!(bob_read_at(&store, 3).await, Some(at(2)));
    advance(&store, quietly(BOB, 6, 3)).await;
    assert_eq!(bobs(&store, ANN).await, (6, 5));
}

pub async fn who_comes_again_has_read_nothing_quietly(store: impl Store) {
    six(&store).await;
    advance(&store, quietly(BOB, 6, 1)).await;
    done(&store, op(10, TEAM, BOB, OpKind::Leave)).await;
    done(&store, op(11, TEAM, ANN, OpKind::AddMembers { users: vec![BOB] })).await;
    assert_eq!(bobs(&store, ANN).await, watermarks(&store, BOB).await);
}

fn nothing() -> Advanced {
    Advanced { delivered: None, read: None, own: None }
}
