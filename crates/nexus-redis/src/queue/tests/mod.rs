//! The queue against its promises, on Redis alone and as a cluster.

use std::sync::Arc;

use nexus_core::memory::SystemClock;

use super::{QueueOptions, RedisQueue};
use crate::{Redis, setup};

mod alone {
    use super::queue_on;
    use crate::setup;

    nexus_core::queue_conformance!(queue_on(setup::alone().await));
}

mod cluster {
    use super::queue_on;
    use crate::setup;

    nexus_core::queue_conformance!(queue_on(setup::cluster().await));
}

async fn queue_on(on: (Redis, setup::Cleared)) -> (RedisQueue, setup::Cleared) {
    let (redis, cleared) = on;
    let options = QueueOptions { lanes: 4, ..QueueOptions::default() };
    (RedisQueue::connect(redis, options, Arc::new(SystemClock)).await.unwrap(), cleared)
}
