//! Settings of what stands behind the ports: store, queue, bus and cache.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::{Config, SecretUrl};

/// Where nothing else is said: enough for the processors of one machine…
const EMBEDDED_LANES: u16 = 4;
/// …and to be shared out among the workers of a fleet.
const FLEET_LANES: u16 = 16;

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Store {
    pub url: SecretUrl,
    pub url_file: PathBuf,
    pub commit_wait_ms: u64,
    pub readers: usize,
    pub migrate_at_start: bool,
    pub secondary_reads: bool,
    pub max_pool: u32,
    pub min_pool: u32,
    pub connect_timeout_ms: u64,
    pub selection_timeout_ms: u64,
    pub op_timeout_ms: u64,
}

impl Store {
    pub fn commit_wait(&self) -> Duration {
        Duration::from_millis(self.commit_wait_ms)
    }

    pub fn connect_timeout(&self) -> Duration {
        Duration::from_millis(self.connect_timeout_ms)
    }

    pub fn selection_timeout(&self) -> Duration {
        Duration::from_millis(self.selection_timeout_ms)
    }

    pub fn op_timeout(&self) -> Duration {
        Duration::from_millis(self.op_timeout_ms)
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Redis {
    pub url: SecretUrl,
    pub url_file: PathBuf,
    pub prefix: String,
    pub connect_timeout_ms: u64,
    pub response_timeout_ms: u64,
}

impl Redis {
    pub fn connect_timeout(&self) -> Duration {
        Duration::from_millis(self.connect_timeout_ms)
    }

    pub fn response_timeout(&self) -> Duration {
        Duration::from_millis(self.response_timeout_ms)
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    pub url: SecretUrl,
    pub url_file: PathBuf,
    pub lanes: u16,
    pub batch: usize,
    pub max_attempts: u32,
    pub backoff_base_ms: u64,
    pub backoff_max_ms: u64,
    pub max_depth: u64,
    pub lease_secs: u64,
    pub wait_replicas: u32,
    pub wait_timeout_ms: u64,
}

impl Queue {
    pub fn backoff_base(&self) -> Duration {
        Duration::from_millis(self.backoff_base_ms)
    }

    pub fn backoff_max(&self) -> Duration {
        Duration::from_millis(self.backoff_max_ms)
    }

    pub fn lease(&self) -> Duration {
        Duration::from_secs(self.lease_secs)
    }

    pub fn wait_timeout(&self) -> Duration {
        Duration::from_millis(self.wait_timeout_ms)
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Jobs {
    pub concurrency: usize,
    pub max_attempts: u32,
    pub backoff_base_ms: u64,
    pub backoff_max_ms: u64,
    pub lease_secs: u64,
    pub poll_ms: u64,
}

impl Jobs {
    pub fn backoff_base(&self) -> Duration {
        Duration::from_millis(self.backoff_base_ms)
    }

    pub fn backoff_max(&self) -> Duration {
        Duration::from_millis(self.backoff_max_ms)
    }

    pub fn lease(&self) -> Duration {
        Duration::from_secs(self.lease_secs)
    }

    pub fn poll(&self) -> Duration {
        Duration::from_millis(self.poll_ms)
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Bus {
    pub url: SecretUrl,
    pub url_file: PathBuf,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Cache {
    pub url: SecretUrl,
    pub url_file: PathBuf,
}

impl Config {
    /// One node of many: MongoDB and Redis stand behind the ports.
    pub fn is_fleet(&self) -> bool {
        matches!(self.store.url.scheme(), "mongodb" | "mongodb+srv")
    }

    /// The file behind `store.url`; `None` when it names another kind of store.
    pub fn sqlite_path(&self) -> Option<PathBuf> {
        if self.store.url.is_empty() {
            return Some(self.data_dir.join("nexus.db"));
        }
        let path = self.store.url.expose().strip_prefix("sqlite:")?;
        let path = path.strip_prefix("//").unwrap_or(path);
        // SQLite's other names: each connection would open a file of its own.
        let is_special = path.starts_with(":memory:") || path.starts_with("file:");
        (!path.is_empty() && !is_special).then(|| Path::new(path).to_owned())
    }

    pub fn lanes(&self) -> u16 {
        match (self.queue.lanes, self.is_fleet()) {
            (0, false) => EMBEDDED_LANES,
            (0, true) => FLEET_LANES,
            (set, _) => set,
        }
    }

    pub fn queue_url(&self) -> &SecretUrl {
        self.or_redis(&self.queue.url)
    }

    pub fn bus_url(&self) -> &SecretUrl {
        self.or_redis(&self.bus.url)
    }

    pub fn cache_url(&self) -> &SecretUrl {
        self.or_redis(&self.cache.url)
    }

    fn or_redis<'a>(&'a self, own: &'a SecretUrl) -> &'a SecretUrl {
        if own.is_empty() { &self.redis.url } else { own }
    }
}
