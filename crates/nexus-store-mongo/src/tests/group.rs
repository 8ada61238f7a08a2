//! Calls that are carried out together.

use std::{sync::Arc, time::Duration};

use nexus_core::{
    conformance::fixture::*,
    ports::{MessageStore, Outcome, PortError, PortResult},
};
use tokio::task::JoinSet;

use super::{
    database,
    death::{die_at, has_died},
    store,
};
use crate::{
    commit::together,
    group::{Answers, Group},
};

/// Answers each item with how many calls were carried out together.
async fn sizes(calls: Vec<Vec<u32>>) -> Answers<usize> {
    tokio::time::sleep(Duration::from_millis(50)).await;
    if calls.iter().flatten().any(|item| *item == 13) {
        return Err(PortError::new("count", "of a 13"));
    }
    let together = calls.len();
    Ok(calls.into_iter().map(|call| Ok(vec![together; call.len()])).collect())
}

/// The first is under way when the others come.
async fn in_turn<const N: usize>(
    group: &Arc<Group<u32, usize>>,
    items: [u32; N],
) -> Vec<PortResult<usize>> {
    let mut calls = JoinSet::new();
    for item in items {
        calls.spawn(group.clone().call("count", vec![item], sizes));
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
    }
    let told = calls.join_all().await;
    told.into_iter().map(|told| told.map(|counts| counts[0])).collect()
}

#[tokio::test(start_paused = true)]
async fn calls_that_come_meanwhile_wait_and_go_together() {
    let group = Arc::new(Group::new(Duration::from_millis(5)));
    let told = in_turn(&group, [1, 2, 3, 4]).await;
    let mut told: Vec<_> = told.into_iter().map(Result::unwrap).collect();
    told.sort_unstable();
    assert_eq!(told, [1, 3, 3, 3]);
}

#[tokio::test(start_paused = true)]
async fn a_group_that_fails_is_told_to_all_of_it_and_the_next_goes_on() {
    let group = Arc::new(Group::new(Duration::ZERO));
    let told = in_turn(&group, [1, 12, 13]).await;
    assert_eq!(told.iter().filter(|told| told.is_err()).count(), 2);
    assert_eq!(group.call("count", vec![14], sizes).await.unwrap(), [1]);
}

#[tokio::test]
async fn a_commit_fails_by_nobody_elses_ops() {
    let (database, _kept) = database().await;
    let store = database.store();
    team(&store).await;
    done(&store, create(2, OTHER, ANYBODY, &[BOB])).await;
    die_at("mongo.inserted");
    let calls = vec![vec![send(TEAM, ANN, "one")], vec![send(OTHER, ANN, "two")]];
    for told in together(database, calls).await.unwrap() {
        assert!(matches!(told.unwrap()[..], [Outcome::Done(_)]));
    }
    assert!(has_died());
    for chat in [TEAM, OTHER] {
        assert_eq!(seqs(&all(&store, chat, ANN).await), [1, 2]);
    }
}

#[tokio::test]
async fn many_who_commit_and_read_at_once_get_their_own_answers() {
    let (store, _kept) = store().await;
    people(&store).await;
    let mut calls = JoinSet::new();
    for n in 0..40 {
        let store = store.clone();
        calls.spawn(async move {
            done(&store, create(n, chat(n), ANYBODY, &[BOB])).await;
            let op = send(chat(n), ANN, &n.to_string());
            store.commit(std::slice::from_ref(&op)).await.unwrap();
            let stored = store.message(op.message()).await.unwrap().unwrap();
            assert_eq!((stored.message.chat_id, stored.message.seq), (chat(n), 2));
            assert_eq!(stored.message.content, n.to_string());
        });
    }
    calls.join_all().await;
}
