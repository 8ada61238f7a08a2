//! What stands behind the ports, as the configuration asks: everything in this process and one
//! file.

mod embedded;

use std::{pin::Pin, sync::Arc};

use async_trait::async_trait;
use nexus_core::ports::{Bus, Clock, IdempotencyStore, Limits, PortResult, Presence, Queue, Store};

use crate::{config::Config, http::server::Part};

pub use embedded::{migrate, open_queue};

/// One backend for each port, and what a node must know about them.
pub struct Backends {
    pub store: Arc<dyn Store>,
    pub claims: Arc<dyn IdempotencyStore>,
    pub queue: Arc<dyn Queue>,
    pub bus: Arc<dyn Bus>,
    pub presence: Arc<dyn Presence>,
    /// Counts for all nodes.
    pub limits: Arc<dyn Limits>,
    /// What `/readyz` looks at.
    pub parts: Vec<Arc<dyn Part>>,
    /// To be awaited last: nothing is asked of them any more.
    pub close: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Backends {
    pub async fn open(config: &Config, clock: Arc<dyn Clock>) -> anyhow::Result<Backends> {
        embedded::open(config, clock).await
    }
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
