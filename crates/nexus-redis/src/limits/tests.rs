//! Limits over several nodes, and the same as those of one process.

use std::{future::Future, sync::Arc, time::Duration};

use nexus_core::{
    conformance::fixture::NOW,
    memory::{MemoryLimits, SetClock},
    ports::{Limits, Quota},
};

use super::RedisLimits;
use crate::{
    Redis, Time,
    setup::{self, Cleared},
};

mod alone {
    use super::*;
    nexus_core::limits_conformance!(|clock| limits(setup::alone(), clock));
}

mod cluster {
    use super::*;
    nexus_core::limits_conformance!(|clock| limits(setup::cluster(), clock));
}

async fn limits(
    redis: impl Future<Output = (Redis, Cleared)>,
    clock: Arc<SetClock>,
) -> (RedisLimits, Cleared) {
    let (redis, kept) = redis.await;
    (RedisLimits::new(redis, Time::Clock(clock)), kept)
}

const HOURLY: Quota =
    Quota { name: "hourly", burst: 20, refill: 20, per: Duration::from_secs(3_600) };

#[tokio::test]
async fn of_many_at_once_on_three_nodes_only_the_burst_is_allowed() {
    for (_, kept) in [setup::alone().await, setup::cluster().await] {
        let mut nodes = Vec::new();
        for _ in 0..3 {
            let redis = Redis::connect(&kept.0).await.unwrap();
            nodes.push(RedisLimits::new(redis, Time::Server));
        }
        let checks = (0..150).map(|n| nodes[n % 3].check(&HOURLY, "key", 1));
        let verdicts = futures_util::future::join_all(checks).await;
        let allowed = verdicts.into_iter().filter(|verdict| verdict.as_ref().unwrap().allowed);
        assert_eq!(allowed.count(), 20);
    }
}

#[tokio::test]
async fn the_verdicts_are_those_of_one_process() {
    let (redis, _kept) = setup::cluster().await;
    let clock = Arc::new(SetClock::at(NOW));
    let (ours, theirs) =
        (RedisLimits::new(redis, Time::Clock(clock.clone())), MemoryLimits::new(clock.clone()));
    // Thirds of a second and of a nanosecond; an everyday one; one that nothing comes back to soon.
    let quotas =
        [(7, 3, 1), (30, 10, 1), (5, 7, 60), (3, 3, 86_400)].map(|(burst, refill, secs)| Quota {
            name: "same",
            burst,
            refill,
            per: Duration::from_secs(secs),
        });
    for (n, quota) in quotas.iter().enumerate() {
        for step in 0..100_u64 {
            let (key, cost) = (format!("key {n}"), (step * 7 % 10) as u32);
            let verdict = ours.check(quota, &key, cost).await.unwrap();
            assert_eq!(verdict, theirs.check(quota, &key, cost).await.unwrap(), "{quota:?} {step}");
            clock.advance(Duration::from_millis(step * 37 % 1_000));
        }
    }
}

#[tokio::test]
async fn nothing_stays_of_a_key_that_is_full_again() {
    let (redis, _kept) = setup::alone().await;
    let limits = RedisLimits::new(redis.clone(), Time::Server);
    let quota = Quota { name: "short", burst: 5, refill: 5, per: Duration::from_secs(1) };
    limits.check(&quota, "key", 1).await.unwrap();
    let key = format!("{{{}:l:short:key}}", redis.prefix());
    let lives: i64 = redis.query("look", &key, redis::cmd("PTTL").arg(&key)).await.unwrap();
    assert!((0..=5_200).contains(&lives), "{lives} ms");
}
