//! One data file, opened: the store and the queue come from here.

use std::{
    fs,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use nexus_core::{
    memory::SystemClock,
    ports::{Clock, PortResult, failed},
};
use rusqlite::Connection;

use crate::{SqliteQueue, SqliteStore, readers::Readers, schema, writer::Writer};

/// When a write counts as done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// When it is on the disk: survives a loss of power.
    #[default]
    Full,
    /// When the operating system has it: survives the death of the process only. For tests.
    Process,
}

#[derive(Clone)]
pub struct Options {
    pub durability: Durability,
    /// How many reads can go on at once.
    pub readers: usize,
    /// Gives commits their time.
    pub clock: Arc<dyn Clock>,
}

impl Default for Options {
    fn default() -> Options {
        Options { durability: Durability::Full, readers: 4, clock: Arc::new(SystemClock) }
    }
}

/// A handle; clones share the file. It is closed by [`Database::close`], or left to be folded up at
/// the next start when all handles are dropped: either way nothing is lost.
#[derive(Clone)]
pub struct Database {
    pub(crate) path: Arc<PathBuf>,
    pub(crate) writer: Arc<Writer>,
    pub(crate) readers: Arc<Readers>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Database {
    /// Opens the file, making it or bringing it up to date if need be. Blocks: call it at start.
    pub fn open(path: impl AsRef<Path>, options: Options) -> PortResult<Database> {
        let path = path.as_ref();
        let mut db = create(path)?;
        prepare(&db, options.durability).map_err(failed("prepare the data file"))?;
        schema::bring_up_to_date(&mut db)?;
        Ok(Database {
            path: Arc::new(path.to_owned()),
            writer: Arc::new(Writer::start(db)?),
            readers: Arc::new(Readers::start(path, options.readers)?),
            clock: options.clock,
        })
    }

    pub fn store(&self) -> SqliteStore {
        SqliteStore::new(self.clone())
    }

    /// The queue in this file, with what waited in it when it was last closed. One for each file:
    /// two would hand out every op twice.
    pub async fn queue(&self, lanes: u16, clock: Arc<dyn Clock>) -> PortResult<SqliteQueue> {
        SqliteQueue::open(self.clone(), lanes, clock).await
    }

    /// Whether reads and writes are answered. Really writes, so that a full disk is found out.
    pub async fn ping(&self) -> PortResult<()> {
        self.readers.read("read", |db| db.query_row("SELECT 1", [], |_| Ok(()))).await?;
        let touch = "UPDATE indexed SET up_to = up_to";
        self.writer.write("write", move |db| db.execute(touch, []).map(|_| ())).await
    }

    /// Does what waits, folds the log into the file, and lets go of it.
    pub async fn close(&self) -> PortResult<()> {
        let (writer, readers) = (Arc::clone(&self.writer), Arc::clone(&self.readers));
        let close = move || {
            // Readers first: they would keep the log from being emptied.
            readers.close();
            writer.close();
        };
        tokio::task::spawn_blocking(close).await.map_err(failed("close the data file"))
    }
}

/// Opens the file to write, or makes it: readable by its owner alone, as is then all that SQLite
/// puts beside it.
pub(crate) fn create(path: &Path) -> PortResult<Connection> {
    let mut private = fs::OpenOptions::new();
    private.create(true).append(true).mode(0o600);
    private.open(path).map_err(failed("make the data file"))?;
    Connection::open(path).map_err(failed("open the data file"))
}

/// Settings of a connection that writes.
pub(crate) fn prepare(db: &Connection, durability: Durability) -> rusqlite::Result<()> {
    db.set_prepared_statement_cache_capacity(256);
    db.busy_timeout(Duration::from_secs(5))?;
    db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    let synchronous = match durability {
        Durability::Full => "FULL",
        Durability::Process => "OFF",
    };
    db.pragma_update(None, "synchronous", synchronous)?;
    db.pragma_update(None, "foreign_keys", true)?;
    db.pragma_update(None, "cache_size", -65_536)?;
    db.pragma_update(None, "temp_store", "MEMORY")?;
    // The writer folds the log up when it is idle; under load at 32 MiB, which spares it writing
    // the same hot pages again and again.
    db.pragma_update_and_check(None, "wal_autocheckpoint", 8_192, |_| Ok(()))?;
    db.pragma_update_and_check(None, "journal_size_limit", 67_108_864, |_| Ok(()))?;
    Ok(())
}
