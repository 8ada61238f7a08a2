//! Failures over several nodes, and the same as those of one process.

use std::{future::Future, sync::Arc, time::Duration};

use nexus_core::{
    memory::SetClock,
    ports::{Attempt, Pace, Throttle},
};

use super::RedisThrottle;
use crate::{
    Redis, Time,
    setup::{self, Cleared},
};

mod alone {
    use super::*;
    nexus_core::throttle_conformance!(|clock| throttle(setup::alone(), clock));
}

mod cluster {
    use super::*;
    nexus_core::throttle_conformance!(|clock| throttle(setup::cluster(), clock));
}

async fn throttle(
    redis: impl Future<Output = (Redis, Cleared)>,
    clock: Arc<SetClock>,
) -> (RedisThrottle, Cleared) {
    let (redis, kept) = redis.await;
    (RedisThrottle::new(redis, Time::Clock(clock)), kept)
}

#[tokio::test]
async fn of_many_at_once_on_three_nodes_only_the_free_ones_get_through() {
    let pace = Pace { free: 5, first: Duration::from_secs(30), most: Duration::from_secs(900) };
    for (_, kept) in [setup::alone().await, setup::cluster().await] {
        let mut nodes = Vec::new();
        for _ in 0..3 {
            let redis = Redis::connect(&kept.0).await.unwrap();
            nodes.push(RedisThrottle::new(redis, Time::Server));
        }
        let attempt =
            Attempt { account: "ann", place: "::1/64", at_place: &pace, everywhere: Some(&pace) };
        let tries = (0..90).map(|n| nodes[n % 3].begin(&attempt));
        let waits = futures_util::future::join_all(tries).await;
        let let_through = waits.into_iter().filter(|wait| wait.as_ref().unwrap().is_none());
        assert_eq!(let_through.count(), 5);
    }
}
