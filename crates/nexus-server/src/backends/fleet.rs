//! MongoDB for what must last, Redis for what joins the nodes.

use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, bail};
use async_trait::async_trait;
use nexus_core::{
    memory::SystemClock,
    ports::{Clock, PortResult, Queue, Store},
};
use nexus_redis::{
    BusOptions, Filter, Finding, Header, QueueOptions, Redis, RedisBus, RedisClaims, RedisLimits,
    RedisPresence, RedisQueue, RedisThrottle, Replicas, Role, Severity, Subject, Time,
};
use nexus_store_mongo::{MongoDatabase, SCHEMA_VERSION};

use super::{Backends, Interest, Keyring, QueuePart, patient::PatientBus};
use crate::{
    app::{Inputs, SharedTime},
    config::{Config, SecretUrl},
    http::server::Part,
};

pub(super) async fn open(config: &Config, inputs: &Inputs) -> anyhow::Result<Backends> {
    let servers = Servers::connect(config).await?;
    heed(servers.findings(config).await?)?;
    let database = open_database(config, inputs.clock.clone()).await?;
    let time = match inputs.shared_time {
        SharedTime::OfRedis => Time::Server,
        SharedTime::OfClock => Time::Clock(inputs.clock.clone()),
    };
    let options = queue_options(config);
    let queue = RedisQueue::connect(servers.queue.clone(), options, inputs.clock.clone()).await?;
    let queue: Arc<dyn Queue> = Arc::new(queue);
    let bus = RedisBus::new(servers.bus.clone(), inputs.ids.uuid(), BusOptions::default());
    let bus = Arc::new(bus);
    let heard = bus.clone();
    Ok(Backends {
        store: Arc::new(database.store()),
        claims: Arc::new(RedisClaims::new(servers.cache.clone())),
        queue: queue.clone(),
        bus: Arc::new(PatientBus::new(bus)),
        presence: Arc::new(RedisPresence::new(servers.cache.clone(), time.clone())),
        limits: Arc::new(RedisLimits::new(servers.cache.clone(), time.clone())),
        throttle: Arc::new(RedisThrottle::new(servers.cache.clone(), time)),
        parts: vec![
            Arc::new(DatabasePart(database.clone())),
            Arc::new(QueuePart(queue)),
            Arc::new(BusPart(servers.bus)),
            Arc::new(CachePart(servers.cache.clone())),
        ],
        subscribe: Box::new(move |interest| heard.subscribe_filtered(filter(interest))),
        keyring: Some(Arc::new(nexus_redis::Keyring::new(servers.cache))),
        close: Box::pin(async move { database.close().await }),
    })
}

pub(super) async fn open_queue(config: &Config) -> anyhow::Result<Arc<dyn Queue>> {
    let redis = connect(config, config.queue_url()).await?;
    let queue = RedisQueue::connect(redis, queue_options(config), Arc::new(SystemClock)).await?;
    Ok(Arc::new(queue))
}

pub(super) async fn open_store(config: &Config) -> anyhow::Result<Arc<dyn Store>> {
    Ok(Arc::new(open_database(config, Arc::new(SystemClock)).await?.store()))
}

pub(super) async fn set_lanes(config: &Config, lanes: u16) -> anyhow::Result<()> {
    let redis = connect(config, config.queue_url()).await?;
    Ok(RedisQueue::set_lanes(redis, lanes, Arc::new(SystemClock)).await?)
}

pub(super) async fn migrate(config: &Config) -> anyhow::Result<String> {
    let database = connect_database(config, Arc::new(SystemClock)).await?;
    let report = database.migrate().await?;
    database.close().await;
    Ok(match report.from == report.to {
        true => format!("schema version {}: nothing to do", report.to),
        false => format!("schema version {} -> {}", report.from, report.to),
    })
}

/// The servers behind the three uses; one, most of the time.
pub struct Servers {
    pub queue: Redis,
    pub bus: Redis,
    pub cache: Redis,
}

impl Servers {
    pub async fn connect(config: &Config) -> anyhow::Result<Servers> {
        let [queue, bus, cache] = [config.queue_url(), config.bus_url(), config.cache_url()];
        let for_queue = connect(config, queue).await?;
        let for_bus = match bus.expose() == queue.expose() {
            true => for_queue.clone(),
            false => connect(config, bus).await?,
        };
        let for_cache = match cache.expose() {
            url if url == queue.expose() => for_queue.clone(),
            url if url == bus.expose() => for_bus.clone(),
            _ => connect(config, cache).await?,
        };
        Ok(Servers { queue: for_queue, bus: for_bus, cache: for_cache })
    }

    /// What is to be said about how they are set up.
    pub async fn findings(&self, config: &Config) -> PortResult<Vec<Finding>> {
        let wait_replicas = usize::try_from(config.queue.wait_replicas).unwrap_or(usize::MAX);
        let mut found = self.queue.warnings(Role::Queue { wait_replicas }).await?;
        for (redis, role) in [(&self.bus, Role::Bus), (&self.cache, Role::Cache)] {
            for finding in redis.warnings(role).await? {
                if !found.contains(&finding) {
                    found.push(finding);
                }
            }
        }
        Ok(found)
    }
}

/// Warnings are told, and what can't work is the end.
fn heed(findings: Vec<Finding>) -> anyhow::Result<()> {
    let (errors, warnings): (Vec<Finding>, Vec<Finding>) =
        findings.into_iter().partition(|finding| finding.severity == Severity::Error);
    for warning in warnings {
        tracing::warn!("{}", warning.text);
    }
    if errors.is_empty() {
        return Ok(());
    }
    let errors: Vec<String> = errors.into_iter().map(|error| error.text).collect();
    bail!(errors.join("\n"))
}

async fn connect(config: &Config, url: &SecretUrl) -> anyhow::Result<Redis> {
    let options = nexus_redis::Options {
        urls: url.expose().to_owned(),
        prefix: config.redis.prefix.clone(),
        connect_timeout: config.redis.connect_timeout(),
        response_timeout: config.redis.response_timeout(),
    };
    let connected = Redis::connect(&options).await;
    connected.with_context(|| format!("{} can't be used; is it running?", url.shown()))
}

/// Up to date, or refused.
async fn open_database(config: &Config, clock: Arc<dyn Clock>) -> anyhow::Result<MongoDatabase> {
    let unusable = || format!("{} can't be used", config.store.url.shown());
    let database = connect_database(config, clock.clone()).await?;
    let version = database.schema_version().await.with_context(unusable)?;
    if version == SCHEMA_VERSION {
        return Ok(database);
    }
    if config.store.migrate_at_start {
        let report = database.migrate().await.with_context(unusable)?;
        tracing::info!(from = report.from, to = report.to, "the database was brought up to date");
        return Ok(database);
    }
    let options = database_options(config, clock);
    MongoDatabase::open(config.store.url.expose(), options).await.with_context(unusable)
}

pub async fn connect_database(
    config: &Config,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<MongoDatabase> {
    let url = &config.store.url;
    let connected = MongoDatabase::connect(url.expose(), database_options(config, clock)).await;
    connected.with_context(|| format!("{} can't be used", url.shown()))
}

fn database_options(config: &Config, clock: Arc<dyn Clock>) -> nexus_store_mongo::Options {
    let store = &config.store;
    nexus_store_mongo::Options {
        max_pool: store.max_pool,
        min_pool: store.min_pool,
        connect_timeout: store.connect_timeout(),
        server_selection_timeout: store.selection_timeout(),
        op_timeout: store.op_timeout(),
        secondary_reads: store.secondary_reads,
        app_name: config.node_name(),
        clock,
    }
}

fn queue_options(config: &Config) -> QueueOptions {
    let queue = &config.queue;
    let replicas = Replicas { number: queue.wait_replicas, within: queue.wait_timeout() };
    let lease = queue.lease();
    QueueOptions {
        lanes: config.lanes(),
        node: config.node_name(),
        replicas: (queue.wait_replicas > 0).then_some(replicas),
        max_depth: queue.max_depth,
        lease,
        renew_every: (lease / 5).min(Duration::from_secs(1)),
        ..QueueOptions::default()
    }
}

/// Leaves out what nobody here is to be told.
fn filter(interest: Arc<dyn Interest>) -> Filter {
    Arc::new(move |header: &Header| {
        header.subjects.iter().any(|subject| match *subject {
            Subject::Chat(chat) => interest.chat(chat),
            Subject::User(user) => interest.user(user),
            Subject::Watched(user) => interest.watched(user),
            Subject::Op(op) => interest.op(op),
        })
    })
}

#[async_trait]
impl Keyring for nexus_redis::Keyring {
    async fn share(&self, kids: &[String]) -> PortResult<bool> {
        nexus_redis::Keyring::share(self, kids).await
    }
}

struct DatabasePart(MongoDatabase);

#[async_trait]
impl Part for DatabasePart {
    fn name(&self) -> &'static str {
        "store"
    }

    async fn check(&self) -> PortResult<()> {
        self.0.ping().await
    }
}

struct BusPart(Redis);

#[async_trait]
impl Part for BusPart {
    fn name(&self) -> &'static str {
        "bus"
    }

    async fn check(&self) -> PortResult<()> {
        self.0.ping().await
    }
}

/// Limits are counted here while it is away, and presence stands still.
struct CachePart(Redis);

#[async_trait]
impl Part for CachePart {
    fn name(&self) -> &'static str {
        "cache"
    }

    fn is_optional(&self) -> bool {
        true
    }

    async fn check(&self) -> PortResult<()> {
        self.0.ping().await
    }
}
