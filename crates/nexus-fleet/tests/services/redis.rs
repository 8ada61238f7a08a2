use std::time::Duration;

use nexus_fleet::{
    Gated,
    services::redis::{Fsync, Redis, Topology},
};
use tokio::time::{sleep, timeout};

#[tokio::test]
async fn a_cluster_hands_a_master_over_and_replaces_a_dead_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut redis = start(&folder, Topology::Cluster, Gated::Yes).await;
    assert_eq!(redis.masters().await.unwrap(), [0, 1, 2]);
    let heir = redis.failover(0).await.unwrap();
    assert!(heir > 2);

    redis.servers[1].process.kill().await.unwrap();
    let replaced = async {
        while redis.masters().await.unwrap().len() != 3
            || redis.masters().await.unwrap().contains(&1)
        {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(Duration::from_secs(30), replaced).await.unwrap();
    redis.start_again(1).await.unwrap();
    assert!(!redis.masters().await.unwrap().contains(&1));
    redis.stop().await.unwrap();
}

#[tokio::test]
async fn a_master_with_replicas_hands_over_and_follows_when_it_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut redis = start(&folder, Topology::Replicas, Gated::Yes).await;
    assert_eq!(redis.masters().await.unwrap(), [0]);
    redis.servers[0].command(&["SET", "a", "1"]).await.unwrap();
    let heir = redis.failover(0).await.unwrap();
    assert_ne!(heir, 0);
    assert_eq!(redis.servers[heir].command(&["GET", "a"]).await.unwrap().text(), "1");

    redis.servers[0].process.kill().await.unwrap();
    redis.start_again(0).await.unwrap();
    assert_eq!(redis.masters().await.unwrap(), [heir]);
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let mut redis = start(&folder, Topology::Alone, Gated::No).await;
    redis.servers[0].command(&["SET", "a", "1"]).await.unwrap();
    redis.servers[0].process.kill().await.unwrap();
    redis.start_again(0).await.unwrap();
    assert_eq!(redis.servers[0].command(&["GET", "a"]).await.unwrap().text(), "1");
    assert!(redis.failover(0).await.is_err());
}

async fn start(folder: &tempfile::TempDir, topology: Topology, gated: Gated) -> Redis {
    Redis::start(folder.path(), topology, Fsync::Always, gated).await.unwrap()
}
