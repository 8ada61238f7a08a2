//! What has disappeared leaves the log, and all that was made of it, though whoever sweeps dies.

use std::{sync::Arc, time::Duration};

use bson::{Document, doc};
use futures_util::TryStreamExt;
use nexus_core::{
    conformance::fixture::*,
    disappearing::expiry,
    memory::SetClock,
    ops::{Op, OpKind},
    ports::{ChatStore, Clock, MessageStore},
};

use super::{crashes::dying_at, database, timed, with_name};
use crate::{MongoDatabase, Options};

nexus_core::disappearing_conformance!(timed());

const HOUR: Duration = Duration::from_secs(3_600);

async fn texts_of(database: &MongoDatabase) -> String {
    let mut all = String::new();
    for name in ["messages", "searchWords"] {
        let found = database.collection::<Document>(name).find(doc! {}).await.unwrap();
        let found: Vec<Document> = found.try_collect().await.unwrap();
        all.push_str(&format!("{found:?}"));
    }
    all
}

/// A message that disappears, and an answer to it that stays; both changed since.
async fn said(database: &MongoDatabase) {
    let store = database.store();
    team(&store).await;
    let lasting = |secs| OpKind::SetDisappearAfter { secs };
    done(&store, op(10, TEAM, ANN, lasting(Some(3_600)))).await;
    let mut sent = send(TEAM, ANN, "a");
    let OpKind::Send(new) = &mut sent.kind else { panic!("a message") };
    // The clientId stays: another than the text.
    "treasure".clone_into(&mut new.content);
    let sent = message_of(done(&store, sent).await);
    done(&store, op(11, TEAM, ANN, lasting(None))).await;
    let mut reply = send(TEAM, BOB, "an answer");
    let OpKind::Send(new) = &mut reply.kind else { panic!("a message") };
    new.reply_to = Some(quote_of(&sent));
    let reply = message_of(done(&store, reply).await).message.id;
    done(&store, edit(12, TEAM, ANN, sent.message.id, "treasures")).await;
    done(&store, react(13, TEAM, CAT, sent.message.id, true)).await;
    done(&store, edit(14, TEAM, BOB, reply, "an answer!")).await;
    while store.index_messages(100).await.unwrap() > 0 {}
}

#[tokio::test]
async fn a_sweep_cut_off_anywhere_is_done_once_and_leaves_no_word() {
    for point in ["mongo.before_insert", "mongo.inserted", "mongo.applied"] {
        let (mut database, _kept) = database().await;
        let clock = Arc::new(SetClock::at(NOW));
        database.clock = clock.clone();
        said(&database).await;
        assert!(texts_of(&database).await.contains("treasure"));
        clock.advance(HOUR);
        let due = database.store().due(clock.now(), None, 10).await.unwrap();
        let ops: Vec<Op> = due.into_iter().map(|due| expiry(due, clock.now())).collect();
        assert_eq!(ops.len(), 2);
        dying_at(point, &database.store(), &ops).await;
        let options = Options { max_pool: 8, min_pool: 0, clock, ..Options::default() };
        let url = with_name(database.db.name());
        let other = MongoDatabase::open(&url, options).await.unwrap().store();
        for _ in 0..2 {
            other.commit(&ops).await.unwrap();
            assert_eq!(other.chat(TEAM).await.unwrap().unwrap().last_rev, 10, "{point}");
        }
        assert!(!texts_of(&database).await.contains("treasure"), "{point}");
        assert_eq!(other.due(Clock::now(&*database.clock), None, 10).await.unwrap(), []);
    }
}

#[tokio::test]
async fn what_is_due_is_found_by_an_index() {
    let (database, _kept) = database().await;
    said(&database).await;
    let plan = database.db.run_command(doc! { "explain": {
        "find": "messages",
        "filter": { "dueAt": { "$lte": bson::DateTime::now() } },
        "sort": { "dueAt": 1, "_id": 1 },
    } });
    let plan = format!("{:?}", plan.await.unwrap());
    assert!(plan.contains("dueAt_1__id_1") && !plan.contains("COLLSCAN"), "{plan}");
}
