//! Search finds what it should, and nothing that the searcher may not see.

use nexus_protocol::{ChatId, UserId};

use super::fixture::*;
use crate::{
    ops::OpKind,
    ports::{SearchQuery, Store},
};

#[macro_export]
macro_rules! search_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, search:
            words_are_found_in_every_script
            all_words_must_match_and_the_last_may_be_a_beginning
            words_with_punctuation_are_found_whole
            one_finds_only_what_one_is_a_member_of
            an_edit_is_found_by_its_new_words_only
            a_deleted_message_is_not_found
            a_hidden_message_is_not_found_by_that_user
            results_can_be_narrowed
            results_are_newest_first_and_go_on_below
            indexing_goes_in_steps_and_ends
            no_words_find_nothing
        );
    };
}

/// Texts of what `user` finds, newest first, after everything is indexed.
pub async fn found(store: &impl Store, user: UserId, text: &str) -> Vec<String> {
    while store.index_messages(7).await.unwrap() > 0 {}
    let results = store.search(user, &query(text)).await.unwrap();
    results.into_iter().map(|(_, stored)| stored.message.content).collect()
}

fn query(text: &str) -> SearchQuery {
    let (tokens, last_is_prefix) = crate::search::query(text);
    SearchQuery { tokens, last_is_prefix, limit: 100, ..SearchQuery::default() }
}

pub async fn words_are_found_in_every_script(store: impl Store) {
    team(&store).await;
    let cases = [
        ("Meet me at the Café", "cafe"),
        ("我们明天在北京见面", "北京"),
        ("東京タワーで会いましょう", "タワー"),
        ("السَّلَامُ عَلَيْكُمْ", "السلام"),
        ("שָׁלוֹם עולם", "שלום"),
        ("안녕하세요 여러분", "안녕"),
        ("Привет, мир", "прив"),
        ("สวัสดีครับ", "ครับ"),
    ];
    for (text, _) in cases {
        say(&store, TEAM, ANN, text).await;
    }
    for (text, wanted) in cases {
        assert_eq!(found(&store, BOB, wanted).await, [text], "{wanted}");
    }
    assert!(found(&store, BOB, "东京").await.is_empty());
}

pub async fn all_words_must_match_and_the_last_may_be_a_beginning(store: impl Store) {
    team(&store).await;
    say(&store, TEAM, ANN, "hello world").await;
    say(&store, TEAM, ANN, "hello there").await;
    assert_eq!(found(&store, BOB, "hello wor").await, ["hello world"]);
    assert_eq!(found(&store, BOB, "wor hello").await, [""; 0], "only the last is a beginning");
    assert_eq!(found(&store, BOB, "hello wor ").await, [""; 0], "a space ends the word");
    assert_eq!(found(&store, BOB, "HEL").await, ["hello there", "hello world"]);
    assert_eq!(found(&store, BOB, "ello").await, [""; 0]);
}

pub async fn words_with_punctuation_are_found_whole(store: impl Store) {
    team(&store).await;
    say(&store, TEAM, ANN, "don't panic").await;
    say(&store, TEAM, ANN, "release v2.1 is out").await;
    say(&store, TEAM, ANN, "a snake_case name").await;
    assert_eq!(found(&store, BOB, "don't ").await, ["don't panic"]);
    assert_eq!(found(&store, BOB, "don'").await, ["don't panic"]);
    assert_eq!(found(&store, BOB, "v2.1").await, ["release v2.1 is out"]);
    assert_eq!(found(&store, BOB, "snake_c").await, ["a snake_case name"]);
    assert_eq!(found(&store, BOB, "t ").await, [""; 0], "no part of don't");
    assert_eq!(found(&store, BOB, "\" OR AND * ( :").await, [""; 0], "nothing but words counts");
}

pub async fn one_finds_only_what_one_is_a_member_of(store: impl Store) {
    team(&store).await;
    done(&store, create(2, OTHER, ANYBODY, &[DAN])).await;
    say(&store, TEAM, ANN, "secret of the team").await;
    say(&store, OTHER, ANN, "secret of the others").await;
    assert_eq!(found(&store, BOB, "secret").await, ["secret of the team"]);
    assert_eq!(found(&store, DAN, "secret").await, ["secret of the others"]);
    assert_eq!(found(&store, ANN, "secret").await.len(), 2);
    let prying = SearchQuery { chat: Some(OTHER), ..query("secret") };
    assert!(store.search(BOB, &prying).await.unwrap().is_empty());
    done(&store, op(10, TEAM, BOB, OpKind::Leave)).await;
    assert!(found(&store, BOB, "secret").await.is_empty());
}

pub async fn an_edit_is_found_by_its_new_words_only(store: impl Store) {
    team(&store).await;
    let id = say(&store, TEAM, ANN, "meet on monday").await.message.id;
    assert_eq!(found(&store, BOB, "monday").await.len(), 1);
    done(&store, edit(10, TEAM, ANN, id, "meet on friday")).await;
    let before = store.search(BOB, &query("monday")).await.unwrap();
    assert!(before.is_empty(), "gone at once, not only with the next indexing");
    assert_eq!(found(&store, BOB, "friday").await, ["meet on friday"]);
    assert!(found(&store, BOB, "monday").await.is_empty());
    // Edited before it was ever indexed.
    let id = say(&store, TEAM, ANN, "bring tea").await.message.id;
    done(&store, edit(11, TEAM, ANN, id, "bring coffee")).await;
    assert_eq!(found(&store, BOB, "coffee").await.len(), 1);
    assert!(found(&store, BOB, "tea").await.is_empty());
}

pub async fn a_deleted_message_is_not_found(store: impl Store) {
    team(&store).await;
    let id = say(&store, TEAM, ANN, "secret").await.message.id;
    assert_eq!(found(&store, BOB, "secret").await.len(), 1);
    done(&store, delete(10, TEAM, ANN, id)).await;
    assert!(store.search(BOB, &query("secret")).await.unwrap().is_empty());
    assert!(found(&store, BOB, "secret").await.is_empty());
}

pub async fn a_hidden_message_is_not_found_by_that_user(store: impl Store) {
    team(&store).await;
    let id = say(&store, TEAM, ANN, "hello").await.message.id;
    store.hide(BOB, id, NOW).await.unwrap();
    assert!(found(&store, BOB, "hello").await.is_empty());
    assert_eq!(found(&store, CAT, "hello").await.len(), 1);
}

pub async fn results_can_be_narrowed(store: impl Store) {
    team(&store).await;
    done(&store, create(2, OTHER, ANYBODY, &[BOB])).await;
    let sendings = [(TEAM, ANN, 0), (TEAM, BOB, 10), (OTHER, ANN, 20), (OTHER, BOB, 30)];
    for (chat, sender, secs) in sendings {
        let mut op = send(chat, sender, &format!("word {secs}"));
        op.queued_at = at(secs);
        done(&store, op).await;
    }
    found(&store, ANN, "word").await;
    let narrowed = async |query: SearchQuery| -> Vec<(ChatId, UserId)> {
        let results = store.search(ANN, &query).await.unwrap();
        results.iter().map(|(_, m)| (m.message.chat_id, m.message.sender_id)).collect()
    };
    let all = query("word");
    let in_team = SearchQuery { chat: Some(TEAM), ..all.clone() };
    assert_eq!(narrowed(in_team).await, [(TEAM, BOB), (TEAM, ANN)]);
    let by_bob = SearchQuery { sender: Some(BOB), ..all.clone() };
    assert_eq!(narrowed(by_bob).await, [(OTHER, BOB), (TEAM, BOB)]);
    let between = SearchQuery { from: Some(at(10)), to: Some(at(30)), ..all };
    assert_eq!(narrowed(between).await, [(OTHER, ANN), (TEAM, BOB)], "`to` is exclusive");
}

pub async fn results_are_newest_first_and_go_on_below(store: impl Store) {
    team(&store).await;
    for n in 0..5 {
        say(&store, TEAM, ANN, &format!("word number {n}")).await;
    }
    found(&store, BOB, "word").await;
    let (mut texts, mut before) = (Vec::new(), None);
    loop {
        let page = SearchQuery { before, limit: 2, ..query("word") };
        let results = store.search(BOB, &page).await.unwrap();
        let Some((position, _)) = results.last() else { break };
        before = Some(*position);
        texts.extend(results.into_iter().map(|(_, stored)| stored.message.content));
    }
    let expected: Vec<_> = (0..5).rev().map(|n| format!("word number {n}")).collect();
    assert_eq!(texts, expected);
}

pub async fn indexing_goes_in_steps_and_ends(store: impl Store) {
    team(&store).await;
    for n in 0..4 {
        say(&store, TEAM, ANN, &format!("word {n}")).await;
    }
    let mut steps = 0;
    while store.index_messages(2).await.unwrap() > 0 {
        steps += 1;
        assert!(steps < 10, "it must come to an end");
    }
    assert!(steps >= 2);
    assert_eq!(store.search(BOB, &query("word")).await.unwrap().len(), 4);
}

pub async fn no_words_find_nothing(store: impl Store) {
    team(&store).await;
    say(&store, TEAM, ANN, "hello").await;
    assert!(found(&store, BOB, "  ").await.is_empty());
}
