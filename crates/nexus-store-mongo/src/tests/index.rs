//! Search is filled by slow machines, and by several at once.

use std::{sync::Arc, time::Duration};

use nexus_core::{
    conformance::fixture::*,
    memory::SetClock,
    ports::{MessageStore, SearchQuery},
};

use super::{database, with_name};
use crate::{MongoDatabase, MongoStore, Options, columns::id, index};

async fn say_much(store: &MongoStore, count: usize) {
    team(store).await;
    let ops: Vec<_> = (0..count).map(|n| send(TEAM, ANN, &format!("word {n}"))).collect();
    store.commit(&ops).await.unwrap();
}

async fn found(store: &MongoStore) -> usize {
    let (tokens, last_is_prefix) = nexus_core::search::query("word");
    let query = SearchQuery { tokens, last_is_prefix, limit: 1_000, ..SearchQuery::default() };
    store.search(BOB, &query).await.unwrap().len()
}

#[tokio::test]
async fn indexing_gets_on_however_much_longer_it_takes_than_one_call_may() {
    const COUNT: usize = 700;
    let (database, _kept) = database().await;
    say_much(&database.store(), COUNT).await;
    let options = Options { op_timeout: Duration::from_secs(6), ..Options::default() };
    let url = with_name(database.db.name());
    let slow = MongoDatabase::open(&url, options).await.unwrap().store();
    fail::cfg("mongo.indexing", "sleep(1000)").unwrap();
    let began = tokio::time::Instant::now();
    let taken = slow.index_messages(1_000).await;
    fail::remove("mongo.indexing");
    assert!(taken.unwrap() as usize >= COUNT);
    assert!(began.elapsed() > Duration::from_secs(6), "{:?}", began.elapsed());
    assert_eq!(found(&slow).await, COUNT);
}

#[tokio::test]
async fn what_one_indexes_others_leave_alone_for_some_seconds() {
    let (mut database, _kept) = database().await;
    let now = database.clock.now();
    database.clock = Arc::new(SetClock::at(now));
    let store = database.store();
    say_much(&store, 3).await;
    let team = [id(TEAM.0)];
    let claim = || index::claim(&database, &team);
    assert_eq!(claim().await.unwrap().len(), 1);
    assert_eq!(claim().await.unwrap().len(), 0);
    assert_eq!(store.index_messages(100).await.unwrap(), 0);
    assert_eq!(found(&store).await, 0);
    // Whoever claimed it has died.
    let mut later = database.clone();
    later.clock = Arc::new(SetClock::at(now.plus(Duration::from_secs(11))));
    let later = later.store();
    assert_eq!(later.index_messages(100).await.unwrap(), 4, "with the group's first message");
    assert_eq!(found(&store).await, 3);
}
