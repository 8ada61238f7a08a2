//! What stands behind the ports, as `store.url` asks: everything in this process and one file, or
//! MongoDB and Redis, shared with other nodes.

mod embedded;
#[cfg(all(feature = "mongo", feature = "redis"))]
pub mod fleet;
#[cfg(all(feature = "mongo", feature = "redis"))]
mod patient;

use std::{pin::Pin, sync::Arc};

use async_trait::async_trait;
use nexus_core::ports::{
    Bus, IdempotencyStore, Limits, PortResult, Presence, Queue, Store, Subscription, Throttle,
};
use nexus_protocol::{ChatId, OpId, UserId};

use crate::{app::Inputs, config::Config, http::server::Part};

/// One backend for each port, and what a node must know about them.
pub struct Backends {
    pub store: Arc<dyn Store>,
    pub claims: Arc<dyn IdempotencyStore>,
    pub queue: Arc<dyn Queue>,
    pub bus: Arc<dyn Bus>,
    pub presence: Arc<dyn Presence>,
    /// Counts for all nodes.
    pub limits: Arc<dyn Limits>,
    pub throttle: Arc<dyn Throttle>,
    /// What `/readyz` looks at.
    pub parts: Vec<Arc<dyn Part>>,
    pub subscribe: Subscribe,
    /// Where there are other nodes.
    pub keyring: Option<Arc<dyn Keyring>>,
    /// To be awaited last: nothing is asked of them any more.
    pub close: Pin<Box<dyn Future<Output = ()> + Send>>,
}

/// Hears the bus, where it can without what is of no interest.
pub type Subscribe = Box<dyn FnOnce(Arc<dyn Interest>) -> Box<dyn Subscription> + Send>;

/// Whom this node has to tell of something.
pub trait Interest: Send + Sync {
    fn chat(&self, chat: ChatId) -> bool;
    fn user(&self, user: UserId) -> bool;
    /// Somebody looks at whether this user is there.
    fn watched(&self, user: UserId) -> bool;
    /// A request waits for this op.
    fn op(&self, op: OpId) -> bool;
}

/// Lets nodes find out whether they sign with the same keys.
#[async_trait]
pub trait Keyring: Send + Sync {
    /// Says that a node with these keys runs; to be repeated every few seconds. False where others
    /// run and none of them has any of these.
    async fn share(&self, kids: &[String]) -> PortResult<bool>;
}

impl Backends {
    pub async fn open(config: &Config, inputs: &Inputs) -> anyhow::Result<Backends> {
        #[cfg(all(feature = "mongo", feature = "redis"))]
        if config.is_fleet() {
            return fleet::open(config, inputs).await;
        }
        embedded::open(config, inputs.clock.clone()).await
    }
}

/// The queue of what is there already, be a server running on it or not.
pub async fn open_queue(config: &Config) -> anyhow::Result<Arc<dyn Queue>> {
    #[cfg(all(feature = "mongo", feature = "redis"))]
    if config.is_fleet() {
        return fleet::open_queue(config).await;
    }
    embedded::open_queue(config).await
}

/// The store of what is there already, be a server running on it or not.
pub async fn open_store(config: &Config) -> anyhow::Result<Arc<dyn Store>> {
    #[cfg(all(feature = "mongo", feature = "redis"))]
    if config.is_fleet() {
        return fleet::open_store(config).await;
    }
    embedded::open_store(config).await
}

/// Brings the stored data up to date, and answers what was done.
pub async fn migrate(config: &Config) -> anyhow::Result<String> {
    #[cfg(all(feature = "mongo", feature = "redis"))]
    if config.is_fleet() {
        return fleet::migrate(config).await;
    }
    embedded::migrate(config).await
}

/// Changes the number of lanes of a fleet that is at rest.
pub async fn set_lanes(config: &Config, lanes: u16) -> anyhow::Result<()> {
    #[cfg(all(feature = "mongo", feature = "redis"))]
    if config.is_fleet() {
        return fleet::set_lanes(config, lanes).await;
    }
    let _ = config;
    anyhow::bail!("with SQLite nothing is fixed: set queue.lanes to {lanes} and start again")
}

/// Ready when the queue can tell what it holds.
struct QueuePart(Arc<dyn Queue>);

#[async_trait]
impl Part for QueuePart {
    fn name(&self) -> &'static str {
        "queue"
    }

    async fn check(&self) -> PortResult<()> {
        self.0.stats().await.map(|_| ())
    }
}
