//! What single users do to messages for themselves: hiding and starring.

use nexus_protocol::{HistoryVisible, MessageId, OwnChange, UserId};

use super::fixture::*;
use crate::{
    ops::OpKind,
    ports::{Store, StoredMessage},
};

#[macro_export]
macro_rules! messages_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, messages:
            hiding_twice_is_noted_once
            a_star_is_put_and_taken_off
            starred_messages_come_last_starred_first_in_pages
            a_deleted_or_hidden_message_is_no_longer_starred
            pinned_messages_come_last_pinned_first_in_pages
            what_is_pinned_is_seen_by_those_who_may_see_the_message
            what_is_not_there_can_be_neither_hidden_nor_starred
        );
    };
}

pub async fn hiding_twice_is_noted_once(store: impl Store) {
    team(&store).await;
    let id = say(&store, TEAM, ANN, "hello").await.message.id;
    let change = store.hide(BOB, id, NOW).await.unwrap().unwrap();
    assert_eq!(change.change, OwnChange::Hide { chat_id: TEAM, message_id: id });
    assert_eq!((change.user_rev, change.at), (1, NOW));
    assert_eq!(store.hide(BOB, id, NOW).await.unwrap(), None);
    assert_eq!(store.user_rev(BOB).await.unwrap(), 1);
}

pub async fn a_star_is_put_and_taken_off(store: impl Store) {
    team(&store).await;
    let id = say(&store, TEAM, ANN, "hello").await.message.id;
    let star = async |starred| store.set_star(BOB, id, starred, NOW).await.unwrap();
    assert_eq!(star(false).await, None);
    let change = star(true).await.unwrap();
    assert_eq!(change.change, OwnChange::Star { chat_id: TEAM, message_id: id, starred: true });
    assert_eq!(star(true).await, None);
    assert_eq!(store.starred(BOB, None, 10).await.unwrap().len(), 1);
    assert!(store.starred(ANN, None, 10).await.unwrap().is_empty());
    assert_eq!(star(false).await.unwrap().user_rev, 2);
    assert!(store.starred(BOB, None, 10).await.unwrap().is_empty());
    let changes = store.user_changes(BOB, 0, 10).await.unwrap();
    let last = OwnChange::Star { chat_id: TEAM, message_id: id, starred: false };
    assert_eq!(changes.last().unwrap().change, last);
}

pub async fn starred_messages_come_last_starred_first_in_pages(store: impl Store) {
    team(&store).await;
    // All in one millisecond: paging must not lose any.
    for text in ["a", "b", "c", "d", "e"] {
        let id = say(&store, TEAM, ANN, text).await.message.id;
        store.set_star(BOB, id, true, NOW).await.unwrap();
    }
    let (mut found, mut before) = (Vec::new(), None);
    loop {
        let page = store.starred(BOB, before, 2).await.unwrap();
        let Some((at, _)) = page.last() else { break };
        before = Some(*at);
        found.extend(page.into_iter().map(|(_, stored)| stored.message.content));
    }
    assert_eq!(found, ["e", "d", "c", "b", "a"]);
}

pub async fn a_deleted_or_hidden_message_is_no_longer_starred(store: impl Store) {
    team(&store).await;
    let one = say(&store, TEAM, ANN, "one").await.message.id;
    let two = say(&store, TEAM, ANN, "two").await.message.id;
    for id in [one, two] {
        store.set_star(BOB, id, true, NOW).await.unwrap();
    }
    done(&store, delete(10, TEAM, ANN, one)).await;
    store.hide(BOB, two, NOW).await.unwrap();
    assert!(store.starred(BOB, None, 10).await.unwrap().is_empty());
}

async fn pin(store: &impl Store, n: u128, message: MessageId, on: bool) {
    done(store, op(n, TEAM, BOB, OpKind::Pin { message, on })).await;
}

async fn pinned(store: &impl Store, viewer: UserId) -> Vec<String> {
    texts(store.pinned(TEAM, viewer, None, 10).await.unwrap())
}

fn texts(page: Vec<StoredMessage>) -> Vec<String> {
    page.into_iter().map(|stored| stored.message.content).collect()
}

pub async fn pinned_messages_come_last_pinned_first_in_pages(store: impl Store) {
    team(&store).await;
    let mut ids = Vec::new();
    for text in ["a", "b", "c", "d", "e", "never"] {
        ids.push(say(&store, TEAM, ANN, text).await.message.id);
    }
    // In another order than they were said in; all of one batch may have one time.
    let pins = [2, 0, 4, 1, 3].map(|at: usize| {
        op(10 + at as u128, TEAM, BOB, OpKind::Pin { message: ids[at], on: true })
    });
    store.commit(&pins).await.unwrap();
    let all = store.pinned(TEAM, CAT, None, 10).await.unwrap();
    let place = |stored: &StoredMessage| (stored.message.pinned_at.unwrap(), stored.message.seq);
    assert_eq!(all.len(), 5);
    assert!(all.is_sorted_by(|one, next| place(one) > place(next)), "{all:?}");
    let (mut found, mut before) = (Vec::new(), None);
    loop {
        let page = store.pinned(TEAM, CAT, before, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(place(last));
        found.extend(page);
    }
    assert_eq!(found, all);
}

pub async fn what_is_pinned_is_seen_by_those_who_may_see_the_message(store: impl Store) {
    team(&store).await;
    let mut ids = Vec::new();
    for text in ["kept", "deleted", "hidden", "taken off"] {
        ids.push(say(&store, TEAM, ANN, text).await.message.id);
    }
    for (n, id) in (20..).zip(&ids) {
        pin(&store, n, *id, true).await;
    }
    done(&store, delete(30, TEAM, ANN, ids[1])).await;
    store.hide(CAT, ids[2], NOW).await.unwrap();
    pin(&store, 31, ids[3], false).await;
    assert_eq!(pinned(&store, CAT).await, ["kept"]);
    assert_eq!(pinned(&store, ANN).await.len(), 2);

    let hide = OpKind::SetHistoryVisible { visible: HistoryVisible::SinceJoining };
    done(&store, op(40, TEAM, ANN, hide)).await;
    done(&store, op(41, TEAM, ANN, OpKind::AddMembers { users: vec![DAN] })).await;
    assert_eq!(pinned(&store, DAN).await, [""; 0]);
    let new = say(&store, TEAM, ANN, "of today").await.message.id;
    pin(&store, 42, new, true).await;
    assert_eq!(pinned(&store, DAN).await, ["of today"]);
}

pub async fn what_is_not_there_can_be_neither_hidden_nor_starred(store: impl Store) {
    team(&store).await;
    let nothing = send(TEAM, ANN, "never sent").message();
    assert_eq!(store.hide(BOB, nothing, NOW).await.unwrap(), None);
    assert_eq!(store.set_star(BOB, nothing, true, NOW).await.unwrap(), None);
    assert_eq!(store.message(nothing).await.unwrap(), None);
    assert!(store.edits(nothing).await.unwrap().is_empty());
}
