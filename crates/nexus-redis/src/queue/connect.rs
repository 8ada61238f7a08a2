//! Joining a fleet's queue: everyone must agree on the number of lanes.

use std::sync::Arc;

use nexus_core::ports::{Clock, PortError, PortResult};
use redis::Value;

use super::{QueueOptions, RedisQueue, scripts::FleetKeys};
use crate::Redis;

#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    #[error(
        "the queue has {found} lanes, and this node is configured for {configured}: configure \
         {found}, or stop all nodes once the queue is empty and set the number of lanes anew"
    )]
    Lanes { configured: u16, found: u16 },
    #[error("the queue is not empty, dead letters included: let the workers finish first")]
    NotEmpty,
    #[error("workers are still running: stop all nodes first")]
    Working,
    #[error(transparent)]
    Unavailable(#[from] PortError),
}

impl RedisQueue {
    /// The first to connect decides on the number of lanes.
    pub async fn connect(
        redis: Redis,
        options: QueueOptions,
        clock: Arc<dyn Clock>,
    ) -> Result<RedisQueue, QueueError> {
        let options = QueueOptions { lanes: options.lanes.max(1), ..options };
        let key = FleetKeys::new(redis.prefix()).lanes();
        let decide = redis::cmd("SETNX").arg(&key).arg(options.lanes).to_owned();
        let _: bool = redis.query("agree on the number of lanes", &key, &decide).await?;
        let found = agreed(&redis, &key).await?.unwrap_or(options.lanes);
        if found != options.lanes {
            return Err(QueueError::Lanes { configured: options.lanes, found });
        }
        Ok(RedisQueue::new(redis, options, clock))
    }

    /// Sets the number of lanes of a queue that nobody works and nothing waits in: a chat's ops
    /// would be on two lanes otherwise, and lose their order.
    pub async fn set_lanes(
        redis: Redis,
        lanes: u16,
        clock: Arc<dyn Clock>,
    ) -> Result<(), QueueError> {
        let fleet = FleetKeys::new(redis.prefix());
        let (key, workers) = (fleet.lanes(), fleet.workers());
        let Some(found) = agreed(&redis, &key).await? else { return Ok(()) };
        let alive = redis::cmd("ZCARD").arg(&workers).to_owned();
        if redis.query::<u64>("count the workers", &workers, &alive).await? > 0 {
            return Err(QueueError::Working);
        }
        let options = QueueOptions { lanes: found, ..QueueOptions::default() };
        let stats = RedisQueue::new(redis.clone(), options, clock).shared.stats().await?;
        if stats.depth + stats.dead > 0 {
            return Err(QueueError::NotEmpty);
        }
        let set = redis::cmd("SET").arg(&key).arg(lanes.max(1)).to_owned();
        redis.query::<Value>("set the number of lanes", &key, &set).await?;
        Ok(())
    }
}

async fn agreed(redis: &Redis, key: &str) -> PortResult<Option<u16>> {
    let get = redis::cmd("GET").arg(key).to_owned();
    redis.query("agree on the number of lanes", key, &get).await
}
