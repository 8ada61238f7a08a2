//! Pages of a chat, and what changed in it.

use super::fixture::*;
use crate::ports::{Page, Store};

#[macro_export]
macro_rules! pages_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, pages:
            before_is_exclusive_and_newest_first
            after_is_exclusive_and_oldest_first
            around_has_both_sides_and_fills_up_at_the_ends
            changes_come_in_order_of_rev
            hidden_messages_are_missing_for_that_user_alone
            a_chat_that_is_not_there_has_no_pages
        );
    };
}

/// Messages 2 to 10; 1 is the system message.
async fn ten(store: &impl Store) {
    team(store).await;
    let ops: Vec<_> = (2..=10).map(|n| send(TEAM, ANN, &format!("m{n}"))).collect();
    store.commit(&ops).await.unwrap();
}

async fn page(store: &impl Store, page: Page, limit: u32) -> Vec<u64> {
    seqs(&store.page(TEAM, BOB, page, limit).await.unwrap())
}

pub async fn before_is_exclusive_and_newest_first(store: impl Store) {
    ten(&store).await;
    assert_eq!(page(&store, Page::Before(u64::MAX), 3).await, [10, 9, 8]);
    assert_eq!(page(&store, Page::Before(8), 3).await, [7, 6, 5]);
    assert_eq!(page(&store, Page::Before(3), 3).await, [2, 1]);
    assert_eq!(page(&store, Page::Before(1), 3).await, [0; 0]);
}

pub async fn after_is_exclusive_and_oldest_first(store: impl Store) {
    ten(&store).await;
    assert_eq!(page(&store, Page::After(0), 3).await, [1, 2, 3]);
    assert_eq!(page(&store, Page::After(8), 3).await, [9, 10]);
    assert_eq!(page(&store, Page::After(10), 3).await, [0; 0]);
    assert_eq!(page(&store, Page::After(u64::MAX), 3).await, [0; 0]);
}

pub async fn around_has_both_sides_and_fills_up_at_the_ends(store: impl Store) {
    ten(&store).await;
    assert_eq!(page(&store, Page::Around(5), 4).await, [7, 6, 5, 4]);
    assert_eq!(page(&store, Page::Around(5), 5).await, [7, 6, 5, 4, 3]);
    assert_eq!(page(&store, Page::Around(1), 4).await, [4, 3, 2, 1]);
    assert_eq!(page(&store, Page::Around(10), 4).await, [10, 9, 8, 7]);
    assert_eq!(page(&store, Page::Around(100), 4).await, [10, 9, 8, 7]);
    assert_eq!(page(&store, Page::Around(5), 1).await, [5]);
    assert_eq!(page(&store, Page::Around(5), 100).await, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
}

pub async fn changes_come_in_order_of_rev(store: impl Store) {
    ten(&store).await;
    let third = store.page(TEAM, ANN, Page::After(2), 1).await.unwrap().remove(0).message;
    done(&store, edit(50, TEAM, ANN, third.id, "edited")).await;
    done(&store, react(51, TEAM, BOB, third.id, true)).await;
    let changed = store.changed_since(TEAM, BOB, 8, 10).await.unwrap();
    let revs: Vec<_> = changed.iter().map(|m| (m.message.rev, m.message.seq)).collect();
    assert_eq!(revs, [(9, 9), (10, 10), (12, 3)]);
    let limited = store.changed_since(TEAM, BOB, 0, 2).await.unwrap();
    assert_eq!(seqs(&limited), [1, 2]);
    assert!(store.changed_since(TEAM, BOB, 12, 10).await.unwrap().is_empty());
}

pub async fn hidden_messages_are_missing_for_that_user_alone(store: impl Store) {
    ten(&store).await;
    let last = store.page(TEAM, BOB, Page::Before(u64::MAX), 1).await.unwrap().remove(0);
    let hidden = store.hide(BOB, last.message.id, NOW).await.unwrap();
    assert!(hidden.is_some());
    assert_eq!(page(&store, Page::Before(u64::MAX), 2).await, [9, 8]);
    assert_eq!(page(&store, Page::After(8), 10).await, [9]);
    assert_eq!(page(&store, Page::Around(10), 2).await, [9, 8]);
    let changed = store.changed_since(TEAM, BOB, 8, 10).await.unwrap();
    assert_eq!(seqs(&changed), [9]);
    assert_eq!(view(&store, BOB, TEAM).await.last_message.unwrap().message.seq, 9);
    assert_eq!(view(&store, CAT, TEAM).await.last_message.unwrap().message.seq, 10);
    assert_eq!(all(&store, TEAM, CAT).await.len(), 10);
}

pub async fn a_chat_that_is_not_there_has_no_pages(store: impl Store) {
    assert_eq!(page(&store, Page::After(0), 3).await, [0; 0]);
    assert!(store.changed_since(TEAM, BOB, 0, 3).await.unwrap().is_empty());
    assert!(store.chat(TEAM).await.unwrap().is_none());
}
