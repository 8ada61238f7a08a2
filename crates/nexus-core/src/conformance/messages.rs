//! What single users do to messages for themselves: hiding and starring.

use nexus_protocol::OwnChange;

use super::fixture::*;
use crate::ports::Store;

#[macro_export]
macro_rules! messages_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, messages:
            hiding_twice_is_noted_once
            a_star_is_put_and_taken_off
            starred_messages_come_last_starred_first_in_pages
            a_deleted_or_hidden_message_is_no_longer_starred
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

pub async fn what_is_not_there_can_be_neither_hidden_nor_starred(store: impl Store) {
    team(&store).await;
    let nothing = send(TEAM, ANN, "never sent").message();
    assert_eq!(store.hide(BOB, nothing, NOW).await.unwrap(), None);
    assert_eq!(store.set_star(BOB, nothing, true, NOW).await.unwrap(), None);
    assert_eq!(store.message(nothing).await.unwrap(), None);
    assert!(store.edits(nothing).await.unwrap().is_empty());
}
