//! Who is there, over several nodes.

use std::{future::Future, sync::Arc, time::Duration};

use nexus_core::{
    conformance::fixture::{ANN, BOB, NOW},
    memory::SetClock,
    ports::{PRESENCE_TTL_SECS, Presence, Shown},
};
use nexus_protocol::{UserId, event::PresenceStatus};
use uuid::Uuid;

use super::RedisPresence;
use crate::{
    Redis, Time,
    setup::{self, Cleared},
};

mod alone {
    use super::*;
    nexus_core::presence_conformance!(|clock| presence(setup::alone(), clock));
}

mod cluster {
    use super::*;
    nexus_core::presence_conformance!(|clock| presence(setup::cluster(), clock));
}

async fn presence(
    redis: impl Future<Output = (Redis, Cleared)>,
    clock: Arc<SetClock>,
) -> (RedisPresence, Cleared) {
    let (redis, kept) = redis.await;
    (RedisPresence::new(redis, Time::Clock(clock)), kept)
}

/// Three nodes that share what they know.
async fn nodes(kept: &Cleared, clock: &Arc<SetClock>) -> [RedisPresence; 3] {
    let clock: Arc<dyn nexus_core::ports::Clock> = clock.clone();
    let node = async || {
        let redis = Redis::connect(&kept.0).await.unwrap();
        RedisPresence::new(redis, Time::Clock(clock.clone()))
    };
    [node().await, node().await, node().await]
}

#[tokio::test]
async fn a_user_comes_once_and_goes_once_over_three_nodes() {
    for (_, kept) in [setup::alone().await, setup::cluster().await] {
        let nodes = nodes(&kept, &Arc::new(SetClock::at(NOW))).await;
        for _ in 0..20 {
            let connections: Vec<Uuid> = (1..=30).map(Uuid::from_u128).collect();
            let set =
                |(n, connection): (usize, &Uuid)| nodes[n % 3].set(ANN, *connection, Shown::Online);
            let came = connections.iter().enumerate().map(set);
            let came = futures_util::future::join_all(came).await;
            let clear =
                |(n, connection): (usize, &Uuid)| nodes[(n + 1) % 3].clear(ANN, *connection);
            let went = connections.iter().enumerate().map(clear);
            let went = futures_util::future::join_all(went).await;
            for steps in [came, went] {
                let moved = steps.into_iter().map(Result::unwrap);
                assert_eq!(moved.filter(|moved| moved.before != moved.after).count(), 1);
            }
        }
    }
}

#[tokio::test]
async fn who_expires_is_named_by_one_of_three_nodes() {
    for (_, kept) in [setup::alone().await, setup::cluster().await] {
        let clock = Arc::new(SetClock::at(NOW));
        let nodes = nodes(&kept, &clock).await;
        let mut users: Vec<UserId> =
            (0..2_000).map(|n| UserId(Uuid::from_u128(n << 64 | n))).collect();
        let set = users.iter().map(|user| nodes[0].set(*user, Uuid::nil(), Shown::Away));
        for moved in futures_util::future::join_all(set).await {
            assert_eq!(moved.unwrap().after, PresenceStatus::Away);
        }
        clock.advance(Duration::from_secs(PRESENCE_TTL_SECS));
        let expired = futures_util::future::join_all(nodes.iter().map(Presence::expire)).await;
        let mut named: Vec<UserId> = expired.into_iter().flat_map(Result::unwrap).collect();
        named.sort();
        users.sort();
        assert_eq!(named, users);
    }
}

#[tokio::test]
async fn by_redis_own_clock_who_is_there_stays_there() {
    let (redis, _kept) = setup::cluster().await;
    let presence = RedisPresence::new(redis, Time::Server);
    presence.set(ANN, Uuid::nil(), Shown::Online).await.unwrap();
    assert!(presence.expire().await.unwrap().is_empty());
    let seen = presence.get(&[ANN, BOB]).await.unwrap();
    assert_eq!(seen, [PresenceStatus::Online, PresenceStatus::Offline]);
}
