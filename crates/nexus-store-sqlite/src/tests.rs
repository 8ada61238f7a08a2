//! Our own backend against the promises of the ports, and against accidents.

use std::sync::Arc;

use nexus_core::{
    conformance::fixture::NOW,
    memory::{SetClock, SystemClock},
};
use tempfile::TempDir;

use crate::{Database, Durability, Options, SqliteQueue, SqliteStore};

mod accidents;

nexus_core::store_conformance!(store());
nexus_core::disappearing_conformance!(timed());
nexus_core::idempotency_conformance!(store());
nexus_core::queue_conformance!(waiting());

fn options() -> Options {
    Options { durability: Durability::Process, readers: 2, ..Options::default() }
}

fn database() -> (Database, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    (Database::open(dir.path().join("nexus.db"), options()).unwrap(), dir)
}

async fn store() -> (SqliteStore, TempDir) {
    let (database, dir) = database();
    (database.store(), dir)
}

/// With the time in the test's hands.
async fn timed() -> ((SqliteStore, Arc<SetClock>), TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(SetClock::at(NOW));
    let options = Options { clock: clock.clone(), ..options() };
    let database = Database::open(dir.path().join("nexus.db"), options).unwrap();
    ((database.store(), clock), dir)
}

async fn waiting() -> (SqliteQueue, TempDir) {
    let (database, dir) = database();
    (database.queue(4, Arc::new(SystemClock)).await.unwrap(), dir)
}
