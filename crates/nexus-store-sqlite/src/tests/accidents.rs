//! Crashes, failures half-way, other processes, other versions.

use std::{path::Path, sync::Arc, time::Duration};

use nexus_core::{
    conformance::fixture::*,
    memory::SystemClock,
    ops::Rejection,
    ports::{ChatStore, MessageStore, Queue, UserStore, lane_of},
};
use nexus_protocol::ErrorCode;
use rusqlite::Connection;

use super::{database, options};
use crate::{Database, SCHEMA_VERSION, SqliteQueue, migrate};

const LANES: u16 = 2;

async fn queue(database: &Database) -> SqliteQueue {
    database.queue(LANES, Arc::new(SystemClock)).await.unwrap()
}

fn reopen(path: &Path) -> Database {
    Database::open(path, options()).unwrap()
}

#[tokio::test]
async fn what_people_wrote_is_for_the_owner_of_the_file_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let database = reopen(&folder.path().join("new.db"));
    team(&database.store()).await;
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
    }
}

fn here() -> u16 {
    lane_of(TEAM, LANES)
}

async fn push(queue: &SqliteQueue, texts: &[&str]) {
    let pushed = queue.push(texts.iter().map(|text| send(TEAM, ANN, text)).collect()).await;
    assert!(pushed.iter().all(Result::is_ok), "{pushed:?}");
}

async fn texts_of(queue: &SqliteQueue) -> Vec<(String, u32)> {
    let taken = queue.take(here(), 100).await.unwrap();
    let client_id = |lease: &nexus_core::ports::Lease| match &lease.op.kind {
        nexus_core::ops::OpKind::Send(new) => new.client_id.clone(),
        _ => String::new(),
    };
    taken.iter().map(|lease| (client_id(lease), lease.attempt)).collect()
}

#[tokio::test]
async fn everything_is_there_after_a_start_without_a_close() {
    let (first, dir) = database();
    let path = dir.path().join("nexus.db");
    team(&first.store()).await;
    say(&first.store(), TEAM, ANN, "kept").await;
    let waiting = queue(&first).await;
    push(&waiting, &["a", "b", "c", "d"]).await;
    let taken = waiting.take(here(), 3).await.unwrap();
    waiting.ack(here(), &[taken[0].op.id]).await.unwrap();
    waiting.retry(here(), taken[1].op.id, Duration::from_millis(1), "no luck").await.unwrap();
    drop((waiting, first));

    let second = reopen(&path);
    assert_eq!(all(&second.store(), TEAM, BOB).await.len(), 2);
    let waiting = queue(&second).await;
    let queued = waiting.queued(taken[1].op.id).await.unwrap().unwrap();
    assert_eq!((queued.attempts, queued.last_error.as_deref()), (1, Some("no luck")));
    assert!(queued.last_tried_at.is_some());
    let expected = [("b".to_owned(), 2), ("c".to_owned(), 1), ("d".to_owned(), 1)];
    assert_eq!(texts_of(&waiting).await, expected);
}

#[tokio::test]
async fn a_job_that_fails_undoes_only_itself() {
    let (database, _dir) = database();
    people(&database.store()).await;
    let mut others = Vec::new();
    for n in 0..20 {
        let database = database.clone();
        others.push(tokio::spawn(async move {
            let write = database.writer.write("test", move |db| {
                db.execute("INSERT INTO indexed VALUES (?1)", [1_000 + n])?;
                match n % 3 {
                    0 => Ok(()),
                    1 => db.execute("INSERT INTO nowhere VALUES (1)", []).map(|_| ()),
                    _ => panic!("a bug in job {n}"),
                }
            });
            (n % 3 == 0, write.await)
        }));
    }
    for other in others {
        let (should, did) = other.await.unwrap();
        assert_eq!(should, did.is_ok(), "{did:?}");
    }
    let count = database.readers.read("count", |db| {
        db.query_row("SELECT COUNT(*) FROM indexed WHERE up_to >= 1000", [], |row| {
            row.get::<_, i64>(0)
        })
    });
    assert_eq!(count.await.unwrap(), 7);
    database.ping().await.unwrap();
}

#[tokio::test]
async fn a_full_disk_is_an_error_and_nothing_is_lost() {
    let (database, _dir) = database();
    let store = database.store();
    team(&store).await;
    let waiting = queue(&database).await;
    let limit = |pages: i64| {
        database.writer.write("limit", move |db| {
            db.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
        })
    };
    limit(1).await.unwrap();
    let long = "x".repeat(3_900);
    let mut sent = 0;
    while waiting.push_one(send(TEAM, ANN, &format!("{sent} {long}"))).await.is_ok() {
        sent += 1;
        assert!(sent < 10_000, "it is full some day");
    }
    assert_eq!(waiting.stats().await.unwrap().depth, sent, "what failed is not there");
    limit(1_000_000).await.unwrap();
    waiting.push_one(send(TEAM, ANN, "after")).await.unwrap();
    let taken = waiting.take(here(), 1_000).await.unwrap();
    let ops: Vec<_> = taken.iter().map(|lease| (*lease.op).clone()).collect();
    store.commit(&ops).await.unwrap();
    let chat = store.chat(TEAM).await.unwrap().unwrap();
    assert_eq!(chat.last_seq, sent + 2);
}

#[tokio::test]
async fn what_another_process_replays_is_taken_in() {
    let (server, dir) = database();
    let waiting = queue(&server).await;
    push(&waiting, &["a", "b"]).await;
    let taken = waiting.take(here(), 1).await.unwrap();
    let why = Rejection::new(ErrorCode::Malformed, "poison");
    waiting.bury(here(), taken[0].op.id, &why).await.unwrap();
    waiting.refresh().await.unwrap();
    assert_eq!(waiting.stats().await.unwrap().depth, 1);

    let admin = reopen(&dir.path().join("nexus.db"));
    assert!(queue(&admin).await.replay(taken[0].op.id).await.unwrap());
    admin.close().await.unwrap();

    waiting.refresh().await.unwrap();
    waiting.refresh().await.unwrap();
    let stats = waiting.stats().await.unwrap();
    assert_eq!((stats.depth, stats.dead), (2, 0));
    assert_eq!(texts_of(&waiting).await, [("b".to_owned(), 1), ("a".to_owned(), 1)]);
}

#[tokio::test]
async fn pushes_at_once_enter_memory_as_they_were_committed() {
    let (first, dir) = database();
    let waiting = Arc::new(queue(&first).await);
    let mut pushes = Vec::new();
    for n in 0..200 {
        let waiting = Arc::clone(&waiting);
        pushes.push(tokio::spawn(async move {
            waiting.push_one(send(TEAM, ANN, &n.to_string())).await.unwrap();
        }));
    }
    for push in pushes {
        push.await.unwrap();
    }
    let second = reopen(&dir.path().join("nexus.db"));
    let in_the_file = queue(&second).await.take(here(), 1_000).await.unwrap();
    let in_memory = waiting.take(here(), 1_000).await.unwrap();
    let ids = |leases: &[nexus_core::ports::Lease]| {
        leases.iter().map(|lease| lease.op.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(&in_memory), ids(&in_the_file));
    assert_eq!(in_memory.len(), 200);
}

#[tokio::test]
async fn migrations_can_run_twice_and_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("nexus.db");
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let path = path.clone();
            std::thread::spawn(move || migrate(&path).unwrap())
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(migrate(&path).unwrap(), SCHEMA_VERSION);
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_refused_in_plain_words() {
    let (database, dir) = database();
    database.close().await.unwrap();
    let path = dir.path().join("nexus.db");
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let Err(refused) = Database::open(&path, options()) else { panic!("opened") };
    let why = std::error::Error::source(&refused).unwrap().to_string();
    assert!(why.contains("schema version 99") && why.contains("newer nexus"), "{why}");
}

#[tokio::test]
async fn a_closed_file_stands_alone_and_refuses_work() {
    let (database, dir) = database();
    people(&database.store()).await;
    database.close().await.unwrap();
    assert!(database.store().user(ANN).await.is_err());
    assert!(database.store().set_last_seen(ANN, NOW).await.is_err());
    assert!(!dir.path().join("nexus.db-wal").exists(), "the log is folded in");
    database.close().await.unwrap();
}

#[tokio::test]
async fn health_tells_sizes_and_what_is_not_indexed() {
    let (database, _dir) = database();
    team(&database.store()).await;
    say(&database.store(), TEAM, ANN, "hello").await;
    let health = database.check().await.unwrap();
    assert!(health.damage.is_empty(), "{:?}", health.damage);
    assert_eq!((health.messages, health.pending_index), (2, 2));
    assert!(health.file_bytes + health.log_bytes > 0);
    database.store().index_messages(10).await.unwrap();
    assert_eq!(database.sizes().await.unwrap().pending_index, 0);
}

/// The plans of what is asked most often: an index each, and no scan.
#[tokio::test]
async fn unread_is_counted_from_an_index_alone() {
    let (database, _dir) = database();
    let plan = database.readers.read("explain", |db| {
        db.query_row(
            "EXPLAIN QUERY PLAN SELECT COUNT(*) FROM messages INDEXED BY messages_unread
             WHERE chat = x'00' AND seq > 5 AND sender <> x'01' AND type = 0
                AND deleted_at IS NULL AND (expires_at IS NULL OR expires_at > 7)",
            [],
            |row| row.get::<_, String>(3),
        )
    });
    let plan = plan.await.unwrap();
    assert!(plan.contains("COVERING INDEX messages_unread (chat=? AND seq>?)"), "{plan}");
}
