//! One SQLite file for what must last, memory for the rest.

use std::{fs, sync::Arc};

use anyhow::Context as _;
use async_trait::async_trait;
use nexus_core::{
    memory::{MemoryBus, MemoryLimits, MemoryPresence, MemoryThrottle, SystemClock},
    ports::{Bus as _, Clock, PortResult, Queue, Store},
};
use nexus_store_sqlite::{Database, Options};

use super::{Backends, QueuePart};
use crate::{config::Config, http::server::Part};

pub(super) async fn open(config: &Config, clock: Arc<dyn Clock>) -> anyhow::Result<Backends> {
    let options =
        Options { readers: config.store.readers, clock: clock.clone(), ..Options::default() };
    make_folder(config)?;
    let database = open_file(config, options).await?;
    let queue = Arc::new(database.queue(config.lanes(), clock.clone()).await?);
    let bus = Arc::new(MemoryBus::new());
    Ok(Backends {
        store: Arc::new(database.store()),
        claims: Arc::new(database.store()),
        queue: queue.clone(),
        bus: bus.clone(),
        presence: Arc::new(MemoryPresence::new(clock.clone())),
        limits: Arc::new(MemoryLimits::new(clock.clone())),
        throttle: Arc::new(MemoryThrottle::new(clock)),
        parts: vec![Arc::new(FilePart(database.clone())), Arc::new(QueuePart(queue))],
        subscribe: Box::new(move |_interest| bus.subscribe()),
        keyring: None,
        close: Box::pin(async move {
            if let Err(err) = database.close().await {
                let error = &err as &dyn std::error::Error;
                tracing::error!(error, "the data file was not folded up");
            }
        }),
    })
}

pub(super) async fn open_queue(config: &Config) -> anyhow::Result<Arc<dyn Queue>> {
    let database = open_beside(config).await?;
    Ok(Arc::new(database.queue(config.lanes(), Arc::new(SystemClock)).await?))
}

pub(super) async fn open_store(config: &Config) -> anyhow::Result<Arc<dyn Store>> {
    Ok(Arc::new(open_beside(config).await?.store()))
}

/// What is there already, as a command sees it.
async fn open_beside(config: &Config) -> anyhow::Result<Database> {
    let path = config.sqlite_path().context("store.url: only sqlite: is known")?;
    anyhow::ensure!(path.exists(), "there is no data at {} yet", path.display());
    open_file(config, Options { readers: 1, ..Options::default() }).await
}

pub(super) async fn migrate(config: &Config) -> anyhow::Result<String> {
    let path = config.sqlite_path().context("store.url: only sqlite: is known")?;
    make_folder(config)?;
    let before = tokio::task::spawn_blocking(move || nexus_store_sqlite::migrate(&path)).await??;
    let now = nexus_store_sqlite::SCHEMA_VERSION;
    Ok(match before {
        before if before == now => format!("schema version {now}: nothing to do"),
        before => format!("schema version {before} -> {now}"),
    })
}

fn make_folder(config: &Config) -> anyhow::Result<()> {
    fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("can't make the data folder {}", config.data_dir.display()))
}

async fn open_file(config: &Config, options: Options) -> anyhow::Result<Database> {
    let path = config.sqlite_path().context("store.url: only sqlite: is known")?;
    Ok(tokio::task::spawn_blocking(move || Database::open(path, options)).await??)
}

struct FilePart(Database);

#[async_trait]
impl Part for FilePart {
    fn name(&self) -> &'static str {
        "store"
    }

    async fn check(&self) -> PortResult<()> {
        self.0.ping().await
    }
}
