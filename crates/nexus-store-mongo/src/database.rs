//! One database of a replica set, connected to: the store comes from here.

use std::{sync::Arc, time::Duration};

use bson::doc;
use mongodb::{
    Client, Collection, Database,
    options::{
        Acknowledgment, ClientOptions, ReadConcern, ReadPreference, SelectionCriteria, WriteConcern,
    },
};
use nexus_core::{
    memory::SystemClock,
    ops::Op,
    ports::{Clock, Outcome, PortResult, StoredMessage, failed},
};
use nexus_protocol::MessageId;

use crate::{
    MongoStore, Report,
    group::Group,
    memory::Memory,
    migrate,
    run::{self, Result},
};

/// Where the URL names no database.
const DEFAULT_DATABASE: &str = "nexus";

#[derive(Clone)]
pub struct Options {
    /// Connections of this process to each member of the replica set.
    pub max_pool: u32,
    pub min_pool: u32,
    pub connect_timeout: Duration,
    /// How long a call waits for a primary, while one is being elected say.
    pub server_selection_timeout: Duration,
    /// How long a caller waits for the answer of one call.
    pub op_timeout: Duration,
    /// Whether old pages and searches may be answered by secondaries.
    pub secondary_reads: bool,
    /// What the server's log calls this process.
    pub app_name: String,
    /// Gives commits their time.
    pub clock: Arc<dyn Clock>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            max_pool: 64,
            min_pool: 4,
            connect_timeout: Duration::from_secs(5),
            server_selection_timeout: Duration::from_secs(5),
            op_timeout: Duration::from_secs(10),
            secondary_reads: false,
            app_name: "nexus".to_owned(),
            clock: Arc::new(SystemClock),
        }
    }
}

/// How long a busy node gathers messages to look up, to ask once for many.
const BETWEEN_READS: Duration = Duration::from_millis(5);

/// A handle; clones share the connections.
#[derive(Clone)]
pub struct MongoDatabase {
    pub(crate) client: Client,
    pub(crate) db: Database,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) memory: Arc<Memory>,
    pub(crate) commits: Arc<Group<Op, Outcome>>,
    pub(crate) reads: Arc<Group<MessageId, Option<StoredMessage>>>,
    op_timeout: Duration,
    secondary_reads: bool,
}

impl MongoDatabase {
    /// Connects, and makes sure that this build knows the schema: a [`crate::SchemaMismatch`] is
    /// the source of the error when it does not.
    pub async fn open(url: &str, options: Options) -> PortResult<MongoDatabase> {
        let database = MongoDatabase::connect(url, options).await?;
        migrate::require_current(&database).await?;
        Ok(database)
    }

    /// Without a look at the schema: for [`MongoDatabase::migrate`].
    pub async fn connect(url: &str, options: Options) -> PortResult<MongoDatabase> {
        let mut settings =
            ClientOptions::parse(url).await.map_err(failed("read the URL of the database"))?;
        settings.app_name = Some(options.app_name);
        settings.max_pool_size = Some(options.max_pool.max(1));
        settings.min_pool_size = Some(options.min_pool.min(options.max_pool));
        settings.connect_timeout = Some(options.connect_timeout);
        settings.server_selection_timeout = Some(options.server_selection_timeout);
        settings.retry_reads = Some(true);
        settings.read_concern = Some(ReadConcern::majority());
        settings.write_concern = Some(durable());
        settings.selection_criteria =
            Some(SelectionCriteria::ReadPreference(ReadPreference::Primary));
        let name = settings.default_database.clone();
        let client = Client::with_options(settings).map_err(failed("set up the database"))?;
        Ok(MongoDatabase {
            db: client.database(name.as_deref().unwrap_or(DEFAULT_DATABASE)),
            client,
            clock: options.clock,
            memory: Arc::default(),
            commits: Arc::new(Group::new(Duration::ZERO)),
            reads: Arc::new(Group::new(BETWEEN_READS)),
            op_timeout: options.op_timeout,
            secondary_reads: options.secondary_reads,
        })
    }

    pub fn store(&self) -> MongoStore {
        MongoStore::new(self.clone())
    }

    /// Brings the schema up to date, or makes it. Never takes anything away; safe to run twice,
    /// and from two processes at once.
    pub async fn migrate(&self) -> PortResult<Report> {
        migrate::bring_up_to_date(self).await
    }

    /// Zero before the first [`MongoDatabase::migrate`].
    pub async fn schema_version(&self) -> PortResult<i32> {
        migrate::version(self).await
    }

    /// Whether a majority takes writes.
    pub async fn ping(&self) -> PortResult<()> {
        let schema = self.collection::<bson::Document>("schema");
        self.run("write to the database", async move {
            let touch = doc! { "$currentDate": { "pingedAt": true } };
            schema.update_one(doc! { "_id": "ping" }, touch).upsert(true).await?;
            Ok(())
        })
        .await
    }

    /// Lets go of the connections, once what is under way has ended.
    pub async fn close(&self) {
        let client = self.client.clone();
        // In a task of its own, like every call: see `run`.
        let closing = tokio::spawn(async move { client.shutdown().await });
        let _ = tokio::time::timeout(self.op_timeout, closing).await;
    }

    /// Carries a call to the driver out; see [`run::run`].
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        doing: &'static str,
        call: impl Future<Output = Result<T>> + Send + 'static,
    ) -> PortResult<T> {
        run::run(self.op_timeout, doing, call).await
    }

    pub(crate) fn collection<T: Send + Sync>(&self, name: &str) -> Collection<T> {
        self.db.collection(name)
    }

    /// Where to read what may be some moments old.
    pub(crate) fn relaxed(&self) -> SelectionCriteria {
        SelectionCriteria::ReadPreference(if self.secondary_reads {
            ReadPreference::SecondaryPreferred { options: None }
        } else {
            ReadPreference::Primary
        })
    }
}

/// On the disks of a majority: what no failover loses.
pub(crate) fn durable() -> WriteConcern {
    WriteConcern::builder().w(Acknowledgment::Majority).journal(true).build()
}
