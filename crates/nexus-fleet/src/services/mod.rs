//! Real servers as children of this process, on free ports of loopback, data in a folder of ours.

pub mod mongo;
pub mod nginx;
pub mod redis;

use std::{path::Path, time::Duration};

use anyhow::Result;
use mongo::ReplicaSet;
use redis::{Fsync, Redis, Topology};

/// After so long, a server that was asked to end is killed.
const STOPPING: Duration = Duration::from_secs(5);

/// Whether everybody connects through a proxy, which can be told to misbehave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gated {
    Yes,
    #[default]
    No,
}

/// What the tests of the backends need: the smallest of each kind.
pub struct Services {
    pub mongo: ReplicaSet,
    pub redis: Redis,
    pub cluster: Redis,
}

impl Services {
    pub async fn start(folder: &Path) -> Result<Services> {
        let (mongo, redis, cluster) = tokio::try_join!(
            ReplicaSet::start(folder, 1, Gated::No),
            Redis::start(folder, Topology::Alone, Fsync::Everysec, Gated::No),
            Redis::small_cluster(folder),
        )?;
        Ok(Services { mongo, redis, cluster })
    }

    /// Where tests look for them.
    pub fn environment(&self) -> [(&'static str, String); 3] {
        [
            ("NEXUS_TEST_MONGO", self.mongo.url()),
            ("NEXUS_TEST_REDIS", self.redis.url()),
            ("NEXUS_TEST_REDIS_CLUSTER", self.cluster.url()),
        ]
    }

    pub async fn stop(&mut self) -> Result<()> {
        tokio::try_join!(self.mongo.stop(), self.redis.stop(), self.cluster.stop())?;
        Ok(())
    }
}
