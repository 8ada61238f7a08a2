use std::{
    collections::HashMap,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use nexus_core::{
    conformance::fixture::{
        ANN, ANYBODY, BOB, CAT, OTHER, TEAM, all, create, done, edit, message_of, send, seqs, team,
        view,
    },
    ops::Op,
    ports::{MessageStore, Outcome},
};
use nexus_fleet::{Gated, services::mongo::ReplicaSet};
use nexus_protocol::{ChatId, MessageId, UserId};
use nexus_store_mongo::{MongoDatabase, MongoStore, Options};
use tokio::time::sleep;

const SENDS: u128 = 4;

/// Places that were given, by message.
type Places = HashMap<MessageId, u64>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_two_stores_have_done_stays_done_while_primaries_step_down_and_die() {
    let folder = tempfile::tempdir().unwrap();
    let mut set = ReplicaSet::start(folder.path(), 3, Gated::No).await.unwrap();
    let [one, other] = [store(&set).await, store(&set).await];
    team(&one).await;
    done(&one, create(2, OTHER, ANYBODY, &[BOB, CAT])).await;
    let over = AtomicBool::new(false);
    let accidents = async {
        for _ in 0..2 {
            sleep(Duration::from_secs(1)).await;
            let now = set.step_down().await.unwrap();
            sleep(Duration::from_secs(1)).await;
            set.members[now].process.kill().await.unwrap();
            set.primary().await.unwrap();
            sleep(Duration::from_secs(1)).await;
            set.members[now].start_again().await.unwrap();
        }
        over.store(true, Ordering::SeqCst);
    };
    let (anns, bobs, ()) =
        tokio::join!(write(&one, ANN, &over), write(&other, BOB, &over), accidents);
    println!(
        "{} and {} messages; {} and {} failed tries",
        anns.0.len(),
        bobs.0.len(),
        anns.1,
        bobs.1
    );
    let places: Places = anns.0.into_iter().chain(bobs.0).collect();
    let mut count = 0;
    for chat in [TEAM, OTHER] {
        count += check(&store(&set).await, chat, &places).await;
    }
    assert_eq!(count, places.len(), "what was acknowledged is there");
    set.stop().await.unwrap();
}

async fn store(set: &ReplicaSet) -> MongoStore {
    let options = Options { min_pool: 0, max_pool: 8, ..Options::default() };
    let database = MongoDatabase::connect(&set.url_of("stress"), options).await.unwrap();
    database.migrate().await.unwrap();
    database.store()
}

/// One batch after the other, each until it is done, as a queue would. And how many tries failed.
async fn write(store: &MongoStore, sender: UserId, over: &AtomicBool) -> (Places, usize) {
    let (mut places, mut failed) = (Places::new(), 0);
    for n in 0.. {
        if over.load(Ordering::SeqCst) {
            break;
        }
        for chat in [TEAM, OTHER] {
            let ops = batch(chat, sender, n);
            let outcomes = loop {
                match store.commit(&ops).await {
                    Ok(outcomes) => break outcomes,
                    Err(_) => failed += 1,
                }
                sleep(Duration::from_millis(100)).await;
            };
            for (op, outcome) in ops.iter().zip(outcomes) {
                let Outcome::Done(done) = outcome else { panic!("{op:?}: {outcome:?}") };
                let message = message_of(done).message;
                let known = places.entry(message.id).or_insert(message.seq);
                assert_eq!(*known, message.seq);
            }
        }
    }
    (places, failed)
}

/// Some messages, and an edit of the first of them.
fn batch(chat: ChatId, sender: UserId, n: u128) -> Vec<Op> {
    let sends = (0..SENDS).map(|part| send(chat, sender, &text(n * SENDS + part)));
    let mut ops: Vec<Op> = sends.collect();
    let first = MessageId(ops[0].id.0);
    let change = edit(0, chat, sender, first, &format!("{} edited", text(n * SENDS)));
    // An id like a message's, and of nothing else.
    let id = send(chat, sender, &format!("edit {n}")).id;
    ops.push(Op { id, ..change });
    ops
}

fn text(n: u128) -> String {
    format!("{n:06}")
}

/// Nothing lost, doubled, out of order or without a place of its own. How many messages there are.
async fn check(store: &MongoStore, chat: ChatId, places: &Places) -> usize {
    let messages = all(store, chat, CAT).await;
    let count = messages.len();
    assert_eq!(seqs(&messages), (1..=count as u64).collect::<Vec<_>>());
    for stored in &messages[1..] {
        assert_eq!(places.get(&stored.message.id), Some(&stored.message.seq));
    }
    for sender in [ANN, BOB] {
        let theirs = messages[1..].iter().filter(|stored| stored.message.sender_id == sender);
        let texts = theirs.map(|stored| stored.message.content.as_str());
        let expected = |n: u128| match n % SENDS {
            0 => format!("{} edited", text(n)),
            _ => text(n),
        };
        assert!(texts.zip(0..).all(|(text, n)| text == expected(n)), "of {sender}");
    }
    let chat = view(store, CAT, chat).await.chat;
    let edits = (count as u64 - 1) / SENDS as u64;
    assert_eq!((chat.last_seq, chat.last_rev), (count as u64, count as u64 + edits));
    count - 1
}
