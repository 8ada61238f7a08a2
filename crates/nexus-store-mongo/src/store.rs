//! The store: each method is one call, or a few, of a task of its own.

use nexus_core::ports::PortResult;

use crate::{MongoDatabase, run::Result};

#[derive(Clone)]
pub struct MongoStore {
    pub(crate) database: MongoDatabase,
}

impl MongoStore {
    pub(crate) fn new(database: MongoDatabase) -> MongoStore {
        MongoStore { database }
    }

    /// `call` gets the database, runs to its end whatever happens to this future, and its caller
    /// waits for it at most the operation's time limit.
    pub(crate) async fn run<T: Send + 'static, F>(
        &self,
        doing: &'static str,
        call: impl FnOnce(MongoDatabase) -> F,
    ) -> PortResult<T>
    where
        F: Future<Output = Result<T>> + Send + 'static,
    {
        tracing::trace!(doing);
        self.database.run(doing, call(self.database.clone())).await
    }
}
