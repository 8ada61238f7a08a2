//! Several processes at once, and what one of them still remembers.

use std::collections::{BTreeSet, HashMap};

use bson::{Document, doc};
use futures_util::TryStreamExt;
use nexus_core::{
    conformance::fixture::*,
    ops::{Op, OpKind},
    ports::{ChatStore, Done, MessageStore, Outcome, Page, SearchQuery},
};
use nexus_protocol::{ChatId, ErrorCode, MessageId, UserId};

use super::{beside, database};
use crate::{
    MongoDatabase, MongoStore, Options, SCHEMA_VERSION, SchemaMismatch, log::Entry,
    tests::with_name,
};

const CHATS: [ChatId; 3] = [chat(1), chat(2), chat(3)];
const SENDERS: [UserId; 3] = [ANN, BOB, CAT];

/// Enough chance for a test that shall be the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

/// What one sender does: messages in order, and reactions to the first message of each chat.
fn doings(sender: usize, firsts: &[MessageId]) -> Vec<Op> {
    let mut dice = Dice(sender as u64);
    let mut ops = Vec::new();
    for n in 0..60 {
        let place = dice.below(CHATS.len());
        let (chat, user) = (CHATS[place], SENDERS[sender]);
        ops.push(send(chat, user, &format!("{sender}:{n:03}")));
        if n % 7 == 0 {
            let emoji = format!("{sender}-{n}");
            let kind = OpKind::React { message: firsts[place], emoji, on: true };
            ops.push(op((sender * 1_000 + n) as u128, chat, user, kind));
        }
    }
    ops
}

/// Commits in batches of any size, now and then one again.
async fn commit_all(store: MongoStore, ops: Vec<Op>, seed: u64) -> Vec<(Op, Done)> {
    let mut dice = Dice(seed);
    let (mut told, mut from) = (Vec::new(), 0);
    while from < ops.len() {
        let to = (from + 1 + dice.below(9)).min(ops.len());
        let batch = &ops[from..to];
        for outcome in store.commit(batch).await.unwrap().into_iter().zip(batch) {
            let (Outcome::Done(done), op) = outcome else { panic!("{outcome:?}") };
            told.push((op.clone(), done));
        }
        tokio::time::sleep(std::time::Duration::from_millis(dice.below(8) as u64)).await;
        // Less than all of it is done: the rest is committed again, from somewhere in it.
        from = if dice.below(4) == 0 { from + dice.below(to - from) } else { to };
        from = from.max(to.saturating_sub(3));
    }
    told
}

#[tokio::test]
async fn several_who_write_the_same_chats_leave_no_gap_and_no_double() {
    let (database, _kept) = database().await;
    let store = database.store();
    people(&store).await;
    let mut firsts = Vec::new();
    for (n, chat) in CHATS.into_iter().enumerate() {
        done(&store, create(n as u128 + 1, chat, ANYBODY, &[BOB, CAT])).await;
        firsts.push(say(&store, chat, ANN, "first").await.message.id);
    }
    let mut writers = tokio::task::JoinSet::new();
    for sender in 0..SENDERS.len() {
        let ops = doings(sender, &firsts);
        writers.spawn(commit_all(beside(&database).await, ops.clone(), sender as u64));
        // Another owner of the same work.
        writers.spawn(commit_all(beside(&database).await, ops, 100 + sender as u64));
    }
    let told = writers.join_all().await;
    for chat in CHATS {
        check_log(&database, chat).await;
    }
    for (op, done) in told.iter().flatten() {
        let told = done.message.as_ref().unwrap().message();
        let stored = store.message(op.message()).await.unwrap().unwrap();
        assert_eq!(told.message.seq, stored.message.seq, "{op:?}");
    }
}

/// Numbers without gaps, each sender's messages once and in order, and all of the log applied.
async fn check_log(database: &MongoDatabase, chat_id: ChatId) {
    let log = log_of(database, chat_id).await;
    let revs: Vec<i64> = log.iter().map(|entry| entry.rev).collect();
    assert_eq!(revs, (1..=log.len() as i64).collect::<Vec<_>>());
    let messages = all(&database.store(), chat_id, ANN).await;
    assert_eq!(seqs(&messages), (1..=messages.len() as u64).collect::<Vec<_>>());
    let chat = database.store().chat(chat_id).await.unwrap().unwrap();
    assert_eq!((chat.last_rev, chat.last_seq), (log.len() as u64, messages.len() as u64));
    for (n, sender) in SENDERS.into_iter().enumerate() {
        let mine = |text: &&str| text.starts_with(&format!("{n}:"));
        let texts: Vec<&str> = texts(&messages).into_iter().filter(mine).collect();
        assert!(texts.is_sorted_by(|a, b| a < b), "of {sender}: {texts:?}");
        let wanted = doings(n, &[MessageId(uuid::Uuid::nil()); 3]);
        let wanted = wanted.iter().filter(|op| op.chat == chat_id && op.message().0 == op.id.0);
        assert_eq!(texts.len(), wanted.count(), "of {sender}");
    }
    let mut latest: HashMap<_, &Entry> = HashMap::new();
    for entry in log.iter().filter(|entry| entry.target.is_some()) {
        latest.insert(entry.target.unwrap(), entry);
    }
    assert_eq!(latest.len(), 1);
    let (target, last) = latest.into_iter().next().unwrap();
    let first = log.iter().find(|entry| entry.id == target).unwrap();
    assert_eq!((first.changed_rev, &first.state), (Some(last.rev), &last.state));
    let changes = log.iter().filter(|entry| entry.target.is_some()).count();
    assert_eq!(first.state.reactors.len(), changes, "no reaction was overwritten");
}

async fn log_of(database: &MongoDatabase, chat: ChatId) -> Vec<Entry> {
    let filter = doc! { "chat": crate::columns::id(chat.0) };
    let messages = database.collection::<Entry>("messages");
    let log = messages.find(filter).sort(doc! { "rev": 1 }).await.unwrap();
    log.try_collect().await.unwrap()
}

#[tokio::test]
async fn who_was_held_up_does_not_undo_what_others_did() {
    let (database, _kept) = database().await;
    let held_up = database.store();
    team(&held_up).await;
    let id = say(&held_up, TEAM, ANN, "news").await.message.id;
    let other = beside(&database).await;

    done(&other, react(10, TEAM, BOB, id, true)).await;
    done(&held_up, react(11, TEAM, CAT, id, true)).await;
    let stored = held_up.message(id).await.unwrap().unwrap();
    assert_eq!(stored.reactors, [("👍".to_owned(), vec![BOB, CAT])]);

    let title = |n, title: &str| op(n, TEAM, ANN, OpKind::SetTitle { title: title.to_owned() });
    done(&other, title(12, "Theirs")).await;
    let back = done(&held_up, title(13, "The team")).await;
    assert!(back.chat_changed, "for him it was never another");
    assert_eq!(other.chat(TEAM).await.unwrap().unwrap().title, "The team");
}

#[tokio::test]
async fn who_was_held_up_goes_by_the_members_of_now() {
    let (database, _kept) = database().await;
    let held_up = database.store();
    team(&held_up).await;
    rejected(&held_up, send(TEAM, DAN, "not yet")).await;
    say(&held_up, TEAM, BOB, "I am in").await;
    let other = beside(&database).await;
    done(&other, op(10, TEAM, ANN, OpKind::AddMembers { users: vec![DAN] })).await;
    done(&other, op(11, TEAM, ANN, OpKind::RemoveMember { user: BOB })).await;
    let batch = [send(TEAM, BOB, "out"), send(TEAM, DAN, "in"), send(TEAM, BOB, "still out")];
    let outcomes = held_up.commit(&batch).await.unwrap();
    let is_done: Vec<bool> =
        outcomes.iter().map(|outcome| matches!(outcome, Outcome::Done(_))).collect();
    assert_eq!(is_done, [false, true, false]);
    let add = op(12, TEAM, ANN, OpKind::AddMembers { users: vec![BOB] });
    assert_eq!(done(&held_up, add).await.joined, [BOB]);
}

#[tokio::test]
async fn nothing_comes_into_a_chat_that_another_has_deleted() {
    let (database, _kept) = database().await;
    let held_up = database.store();
    team(&held_up).await;
    say(&held_up, TEAM, ANN, "hello").await;
    let other = beside(&database).await;
    done(&other, op(10, TEAM, ANN, OpKind::DeleteChat)).await;
    // The log is empty: nothing but the mark on the chat is in the way.
    assert!(log_of(&database, TEAM).await.is_empty());
    let refused = rejected(&held_up, send(TEAM, BOB, "too late")).await;
    assert_eq!(refused.code, ErrorCode::NotFound);
    let add = op(11, TEAM, ANN, OpKind::AddMembers { users: vec![DAN] });
    rejected(&held_up, add).await;
    assert!(log_of(&database, TEAM).await.is_empty());
    assert!(other.roles(TEAM).await.unwrap().is_empty());
    assert_eq!(other.role(TEAM, DAN).await.unwrap(), None);
}

#[tokio::test]
async fn who_indexes_at_once_finds_each_message_once() {
    let (database, _kept) = database().await;
    let store = database.store();
    team(&store).await;
    let ops: Vec<_> = (0..60).map(|n| send(TEAM, ANN, &format!("word {n}"))).collect();
    store.commit(&ops).await.unwrap();
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..3 {
        let store = beside(&database).await;
        workers.spawn(async move { while store.index_messages(7).await.unwrap() > 0 {} });
    }
    workers.join_all().await;
    let (tokens, last_is_prefix) = nexus_core::search::query("word");
    let query = SearchQuery { tokens, last_is_prefix, limit: 100, ..SearchQuery::default() };
    let found = store.search(BOB, &query).await.unwrap();
    let places: Vec<(i64, u64)> = found.iter().map(|(at, m)| (*at, m.message.seq)).collect();
    assert_eq!(places.len(), 60);
    assert!(places.is_sorted_by(|a, b| a.0 > b.0 && a.1 > b.1), "{places:?}");
    assert_eq!(places.iter().map(|(at, _)| at).collect::<BTreeSet<_>>().len(), 60);
}

#[tokio::test]
async fn old_pages_may_come_from_anywhere_and_are_whole() {
    let (database, _kept) = database().await;
    let store = database.store();
    team(&store).await;
    let ops: Vec<_> = (2..=50).map(|n| send(TEAM, ANN, &format!("m{n}"))).collect();
    store.commit(&ops).await.unwrap();
    let options = Options { secondary_reads: true, ..Options::default() };
    let url = with_name(database.db.name());
    let relaxed = MongoDatabase::open(&url, options).await.unwrap().store();
    let page = relaxed.page(TEAM, BOB, Page::Before(41), 30).await.unwrap();
    assert_eq!(seqs(&page), (11..=40).rev().collect::<Vec<_>>());
}

#[tokio::test]
async fn migrations_can_run_twice_and_at_once() {
    let (database, _kept) = database().await;
    let (one, other) = tokio::join!(database.migrate(), database.migrate());
    assert_eq!((one.unwrap().to, other.unwrap().from), (SCHEMA_VERSION, SCHEMA_VERSION));
    assert_eq!(database.schema_version().await.unwrap(), SCHEMA_VERSION);
    database.ping().await.unwrap();
}

#[tokio::test]
async fn another_schema_is_refused_in_plain_words() {
    let (database, _kept) = database().await;
    let schema = database.collection::<Document>("schema");
    for (version, wanted) in
        [(SCHEMA_VERSION + 1, "newer nexus"), (SCHEMA_VERSION - 1, "run `nexus migrate`")]
    {
        let set = doc! { "$set": { "version": version } };
        schema.update_one(doc! { "_id": "version" }, set).await.unwrap();
        let url = with_name(database.db.name());
        let Err(refused) = MongoDatabase::open(&url, Options::default()).await else {
            panic!("opened")
        };
        assert!(refused.source.downcast_ref::<SchemaMismatch>().is_some());
        assert!(refused.source.to_string().contains(wanted), "{}", refused.source);
    }
}
