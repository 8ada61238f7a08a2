//! Groups whose history is visible from joining on, and slow mode.

use nexus_protocol::{ErrorCode, HistoryVisible, UserId};

use super::fixture::*;
use crate::{
    ops::{Op, OpKind},
    ports::{Outcome, Page, SearchQuery, Store, StoredMessage},
};

#[macro_export]
macro_rules! history_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, history:
            who_joins_late_sees_nothing_of_before
            changes_of_before_are_nothing_to_who_joined_late
            what_is_quoted_of_before_keeps_its_words
            who_comes_back_sees_from_the_latest_joining_on
            those_who_are_there_see_what_they_saw
            slow_mode_keeps_a_members_messages_apart
            a_message_that_is_repeated_in_slow_mode_is_no_other
            slow_mode_is_each_members_own_and_ends
        );
    };
}

/// Ann's team; something is said, then Dan joins, who sees nothing of it. Answers the old message.
async fn late(store: &impl Store) -> StoredMessage {
    team(store).await;
    let old = say(store, TEAM, BOB, "treasure of old").await;
    let hide = OpKind::SetHistoryVisible { visible: HistoryVisible::SinceJoining };
    done(store, op(10, TEAM, ANN, hide)).await;
    done(store, op(11, TEAM, ANN, OpKind::AddMembers { users: vec![DAN] })).await;
    old
}

async fn page(store: &impl Store, viewer: UserId, page: Page) -> Vec<u64> {
    seqs(&store.page(TEAM, viewer, page, 10).await.unwrap())
}

pub async fn who_joins_late_sees_nothing_of_before(store: impl Store) {
    let old = late(&store).await;
    say(&store, TEAM, ANN, "treasure of today").await;
    assert_eq!(store.latecomers(TEAM).await.unwrap(), [(DAN, 4)]);
    assert_eq!(page(&store, DAN, Page::After(0)).await, [4, 5]);
    assert_eq!(page(&store, DAN, Page::Before(u64::MAX)).await, [5, 4]);
    assert_eq!(page(&store, DAN, Page::Before(4)).await, [0; 0]);
    assert_eq!(page(&store, DAN, Page::Around(1)).await, [5, 4]);
    assert_eq!(page(&store, BOB, Page::Around(1)).await, [5, 4, 3, 2, 1]);
    let view = view(&store, DAN, TEAM).await;
    assert_eq!((view.me.history_from, view.unread, view.me.read_seq), (4, 1, 3));
    assert_eq!(view.last_message.unwrap().message.seq, 5);
    while store.index_messages(100).await.unwrap() > 0 {}
    let tokens = vec!["treasure".to_owned()];
    let wanted = SearchQuery { tokens, limit: 10, ..SearchQuery::default() };
    let found = async |user| store.search(user, &wanted).await.unwrap().len();
    assert_eq!((found(DAN).await, found(BOB).await), (1, 2));
    for user in [DAN, BOB] {
        store.set_star(user, old.message.id, true, NOW).await.unwrap();
    }
    assert_eq!(store.starred(DAN, None, 10).await.unwrap(), []);
    assert_eq!(store.starred(BOB, None, 10).await.unwrap().len(), 1);
}

pub async fn changes_of_before_are_nothing_to_who_joined_late(store: impl Store) {
    let old = late(&store).await;
    done(&store, react(12, TEAM, ANN, old.message.id, true)).await;
    let told = async |user| seqs(&store.changed_since(TEAM, user, 0, 100).await.unwrap());
    assert_eq!(told(DAN).await, [4]);
    assert_eq!(told(BOB).await, [1, 3, 4, 2]);
    assert_eq!(view(&store, DAN, TEAM).await.chat.last_rev, 5);
}

pub async fn what_is_quoted_of_before_keeps_its_words(store: impl Store) {
    let old = late(&store).await;
    let quote = |text: &str, of: &StoredMessage| {
        let mut reply = send(TEAM, BOB, text);
        let OpKind::Send(new) = &mut reply.kind else { panic!("a message") };
        new.reply_to = Some(quote_of(of));
        reply
    };
    done(&store, quote("about old", &old)).await;
    let new = say(&store, TEAM, ANN, "treasure of today").await;
    done(&store, quote("about new", &new)).await;
    let previews = async |viewer| {
        let page = store.page(TEAM, viewer, Page::After(4), 10).await.unwrap();
        let quotes = page.into_iter().filter_map(|stored| stored.message.reply_to);
        quotes.map(|quoted| quoted.preview).collect::<Vec<_>>()
    };
    assert_eq!(previews(DAN).await, ["", "treasure of today"]);
    assert_eq!(previews(BOB).await, ["treasure of old", "treasure of today"]);
    done(&store, op(12, TEAM, ANN, OpKind::DeleteChat)).await;
}

pub async fn who_comes_back_sees_from_the_latest_joining_on(store: impl Store) {
    late(&store).await;
    done(&store, op(12, TEAM, BOB, OpKind::Leave)).await;
    say(&store, TEAM, ANN, "while away").await;
    done(&store, op(13, TEAM, ANN, OpKind::AddMembers { users: vec![BOB] })).await;
    assert_eq!(page(&store, BOB, Page::After(0)).await, [7]);
    assert_eq!(page(&store, DAN, Page::After(0)).await, [4, 5, 6, 7]);
}

pub async fn those_who_are_there_see_what_they_saw(store: impl Store) {
    late(&store).await;
    let show = OpKind::SetHistoryVisible { visible: HistoryVisible::All };
    done(&store, op(12, TEAM, ANN, show)).await;
    assert_eq!(page(&store, CAT, Page::After(0)).await, [1, 2, 3, 4, 5]);
    assert_eq!(page(&store, DAN, Page::After(0)).await, [4, 5]);
    done(&store, op(13, TEAM, DAN, OpKind::Leave)).await;
    done(&store, op(14, TEAM, ANN, OpKind::AddMembers { users: vec![DAN] })).await;
    assert_eq!(page(&store, DAN, Page::After(0)).await, [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(store.latecomers(TEAM).await.unwrap(), []);
}

/// A message sent so many seconds after [`NOW`].
fn sent(secs: i64, sender: UserId, text: &str) -> Op {
    Op { queued_at: at(secs), ..send(TEAM, sender, text) }
}

async fn slow(store: &impl Store) {
    team(store).await;
    // Longer than any test takes: places are given by the store's own clock.
    done(store, op(10, TEAM, ANN, OpKind::SetSlowMode { secs: 3_600 })).await;
}

pub async fn slow_mode_keeps_a_members_messages_apart(store: impl Store) {
    slow(&store).await;
    assert_eq!(view(&store, BOB, TEAM).await.chat.slow_mode_secs, 3_600);
    let batch = [
        sent(0, BOB, "one"),
        sent(10, BOB, "too soon"),
        sent(3_600, BOB, "two"),
        sent(1, CAT, "hers"),
        sent(0, ANN, "owner"),
        sent(1, ANN, "owner again"),
    ];
    let outcomes = store.commit(&batch).await.unwrap();
    let went: Vec<bool> = outcomes.iter().map(|one| matches!(one, Outcome::Done(_))).collect();
    assert_eq!(went, [true, false, true, true, true, true]);
    let refused = rejected(&store, sent(7_199, BOB, "too soon again")).await;
    assert_eq!(refused.code, ErrorCode::RateLimited);
    assert!(refused.retry_after_ms.is_some_and(|after| after <= 1_000), "{refused:?}");
    done(&store, sent(7_200, BOB, "three")).await;
}

pub async fn a_message_that_is_repeated_in_slow_mode_is_no_other(store: impl Store) {
    slow(&store).await;
    let first = done(&store, sent(0, BOB, "once")).await;
    assert_eq!(done(&store, sent(1, BOB, "once")).await, first);
}

pub async fn slow_mode_is_each_members_own_and_ends(store: impl Store) {
    slow(&store).await;
    done(&store, sent(0, BOB, "one")).await;
    rejected(&store, sent(1, BOB, "two")).await;
    done(&store, op(11, TEAM, ANN, OpKind::SetSlowMode { secs: 0 })).await;
    done(&store, sent(2, BOB, "two")).await;
    done(&store, op(12, TEAM, ANN, OpKind::SetSlowMode { secs: 3_600 })).await;
    assert_eq!(rejected(&store, sent(3, BOB, "three")).await.code, ErrorCode::RateLimited);
}
