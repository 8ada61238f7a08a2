//! The store: each method is one job of the writer or one read.

use nexus_core::ports::PortResult;
use nexus_protocol::Timestamp;
use rusqlite::Connection;

use crate::Database;

#[derive(Clone)]
pub struct SqliteStore {
    database: Database,
}

impl SqliteStore {
    pub(crate) fn new(database: Database) -> SqliteStore {
        SqliteStore { database }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.database.clock.now()
    }

    pub(crate) async fn read<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> PortResult<T> {
        tracing::trace!(doing);
        self.database.readers.read(doing, work).await
    }

    pub(crate) async fn write<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> PortResult<T> {
        tracing::trace!(doing);
        self.database.writer.write(doing, work).await
    }
}
