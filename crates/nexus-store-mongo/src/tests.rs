//! This backend against the promises of the ports, and against accidents.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use nexus_core::{conformance::fixture::NOW, memory::SetClock};

use crate::{MongoDatabase, MongoStore, Options};

mod accidents;
mod crashes;
mod death;
mod disappearing;
mod group;
mod index;
mod log;
mod nodes;
mod own;
mod people;

static NEXT: AtomicU32 = AtomicU32::new(0);

/// With few connections, and patience with a busy machine.
fn options() -> Options {
    Options { max_pool: 8, min_pool: 0, op_timeout: Duration::from_secs(60), ..Options::default() }
}

/// A database of its own, up to date.
pub async fn database() -> (MongoDatabase, Dropped) {
    let url = with_name(&fresh_name());
    let database = MongoDatabase::connect(&url, options()).await.unwrap();
    database.migrate().await.unwrap();
    (database.clone(), Dropped(Some(database)))
}

pub async fn store() -> (MongoStore, Dropped) {
    let (database, kept) = database().await;
    (database.store(), kept)
}

/// With the time in the test's hands.
pub async fn timed() -> ((MongoStore, Arc<SetClock>), Dropped) {
    let clock = Arc::new(SetClock::at(NOW));
    let (made, kept) = database().await;
    let options = Options { clock: clock.clone(), ..options() };
    let database = MongoDatabase::open(&with_name(made.db.name()), options).await.unwrap();
    ((database.store(), clock), kept)
}

/// The same database as another process sees it.
pub async fn beside(database: &MongoDatabase) -> MongoStore {
    MongoDatabase::open(&with_name(database.db.name()), options()).await.unwrap().store()
}

fn fresh_name() -> String {
    format!("nexus_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

fn with_name(name: &str) -> String {
    let url = std::env::var("NEXUS_TEST_MONGO").unwrap_or_else(|_| {
        panic!(
            "set NEXUS_TEST_MONGO to the URL of a replica set: `make services` starts one, and \
             `make test` does both"
        )
    });
    let (servers, options) = url.split_once("/?").unwrap_or((url.trim_end_matches('/'), ""));
    format!("{servers}/{name}?{options}")
}

/// Drops the database with the test.
pub struct Dropped(Option<MongoDatabase>);

impl Drop for Dropped {
    fn drop(&mut self) {
        let Some(database) = self.0.take() else { return };
        // The test's runtime may be one thread, and about to end: drop with one of its own.
        let name = database.db.name().to_owned();
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async move {
                let other = MongoDatabase::connect(&with_name(&name), Options::default()).await;
                other.unwrap().db.drop().await.unwrap();
            });
        });
        dropping.join().unwrap();
    }
}
