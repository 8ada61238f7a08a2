//! Redis dies under the queue.

use std::collections::HashMap;

use nexus_core::ops::Rejection;
use nexus_protocol::ErrorCode;
use tokio::time::sleep;

use super::*;
use crate::{
    Replicas,
    own_server::{OwnServer, own_cluster, until, urls},
};

const CHATS: u128 = 8;

/// Pushes numbers to one chat until `last` has been acknowledged; each again until it is.
async fn push_on(queue: Arc<RedisQueue>, chat: u128, last: usize) {
    for n in 0..=last {
        let op = op(chat, n);
        while queue.push_one(op.clone()).await.is_err() {
            sleep(Duration::from_millis(20)).await;
        }
        sleep(Duration::from_millis(1)).await;
    }
}

/// Works all lanes until every chat has come to `last`; answers what was first seen of each chat, in
/// that order.
async fn work_on(queue: &RedisQueue, last: usize) -> HashMap<nexus_protocol::ChatId, Vec<usize>> {
    let mut seen: HashMap<_, Vec<usize>> = HashMap::new();
    let complete = |seen: &HashMap<_, Vec<usize>>| {
        seen.len() == CHATS as usize && seen.values().all(|seen| seen.contains(&last))
    };
    while !complete(&seen) {
        let Ok(taken) = timeout(Duration::from_secs(30), queue.take(0, 100)).await else {
            panic!("nothing more comes, after {seen:?}");
        };
        let taken = taken.unwrap();
        for lease in &taken {
            let (seen, n) = (seen.entry(lease.op.chat).or_default(), number(&lease.op));
            if !seen.contains(&n) {
                seen.push(n);
            }
        }
        if queue.ack(0, &ids(&taken)).await.is_err() {
            let _ = queue.release(0, &ids(&taken)).await;
            sleep(Duration::from_millis(20)).await;
        }
    }
    seen
}

/// Pushes and works while `accident` happens.
async fn survives(options: &Options, queue: QueueOptions, accident: impl Future<Output = ()>) {
    const LAST: usize = 400;
    let pusher = Arc::new(with(options, queue.clone()).await);
    let pushing: Vec<_> =
        (0..CHATS).map(|chat| tokio::spawn(push_on(Arc::clone(&pusher), chat, LAST))).collect();
    let worker = with(options, queue).await;
    let (seen, ()) = tokio::join!(work_on(&worker, LAST), accident);
    for pushed in pushing {
        pushed.await.unwrap();
    }
    for seen in seen.values() {
        assert!(seen.iter().copied().eq(0..=LAST), "{seen:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_of_redis_loses_nothing_that_was_acknowledged() {
    let mut server = OwnServer::start(&["--appendonly", "yes", "--save", ""]).await;
    let options = setup::options(&server.url());
    survives(&options, steady("a", 1), async {
        sleep(Duration::from_millis(300)).await;
        for _ in 0..2 {
            server.kill();
            sleep(Duration::from_millis(300)).await;
            server.restart().await;
            sleep(Duration::from_millis(300)).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_that_loses_a_master_goes_on_with_its_replica() {
    let mut servers = own_cluster().await;
    let options = setup::options(&urls(&servers));
    let wait_for = Replicas { number: 1, within: Duration::from_millis(500) };
    let queue = QueueOptions { replicas: Some(wait_for), ..steady("a", 1) };
    let ops = format!("{{{}:q:0}}:ops", options.prefix);
    survives(&options, queue, async {
        sleep(Duration::from_millis(500)).await;
        let has_it = |server: &OwnServer| server.ask(&["EXISTS", &ops]) == "1";
        let mut at = None;
        until("there is something to lose", || {
            at = servers.iter().position(has_it);
            at.is_some()
        })
        .await;
        let mut master = servers.remove(at.unwrap());
        master.kill();
        until("a replica takes over", || servers.iter().any(has_it)).await;
        // As the replica that it is waited for by now.
        master.restart().await;
        servers.push(master);
    })
    .await;
}

/// How much of the master's writes a replica has.
fn offset(replica: &OwnServer) -> u64 {
    let info = replica.ask(&["INFO", "replication"]);
    let offset = info.lines().find_map(|line| line.strip_prefix("slave_repl_offset:"));
    offset.unwrap().trim().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failover_loses_nothing_that_a_replica_was_waited_for() {
    let mut master = OwnServer::start(&["--save", ""]).await;
    let follow = format!("127.0.0.1 {}", master.port);
    let replica = ["--save", "", "--repl-diskless-sync-delay", "0", "--replicaof", &follow];
    let mut replicas = [OwnServer::start(&replica).await, OwnServer::start(&replica).await];
    until("both replicas follow", || {
        master.ask(&["INFO", "replication"]).matches("state=online").count() == 2
    })
    .await;
    let ports = [master.port, replicas[0].port, replicas[1].port];
    let options = setup::options(&format!(
        "redis://127.0.0.1:{},127.0.0.1:{},127.0.0.1:{}",
        ports[0], ports[1], ports[2]
    ));
    let wait_for = Replicas { number: 1, within: Duration::from_millis(500) };
    let queue = QueueOptions { replicas: Some(wait_for), ..steady("a", 1) };
    survives(&options, queue, async {
        sleep(Duration::from_millis(300)).await;
        master.kill();
        sleep(Duration::from_millis(200)).await;
        // As a sentinel does: the one that has most becomes the master.
        replicas.sort_by_key(offset);
        let [other, heir] = &replicas;
        assert_eq!(heir.ask(&["REPLICAOF", "NO", "ONE"]), "OK");
        assert_eq!(other.ask(&["REPLICAOF", "127.0.0.1", &heir.port.to_string()]), "OK");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_few_replicas_are_an_error_and_the_op_is_added_once() {
    let (redis, _kept) = setup::alone().await;
    let replicas = Some(Replicas { number: 1, within: Duration::from_millis(20) });
    let options = QueueOptions { replicas, ..steady("a", 1) };
    let queue = RedisQueue::connect(redis, options, Arc::new(SystemClock)).await.unwrap();
    assert!(queue.push_one(op(1, 0)).await.is_err());
    assert!(queue.push_one(op(1, 0)).await.is_err());
    assert_eq!(queue.stats().await.unwrap().depth, 1);
}

#[tokio::test]
async fn an_op_whose_death_is_in_doubt_is_not_carried_out_again() {
    let (redis, kept) = setup::alone().await;
    let queue = RedisQueue::connect(redis, steady("a", 1), Arc::new(SystemClock)).await.unwrap();
    push_all(&queue, [op(1, 0), op(1, 1)]).await;
    // There are no replicas: it is done, and the answer is an error.
    let replicas = Some(Replicas { number: 1, within: Duration::from_millis(20) });
    let doubting = with(&kept.0, QueueOptions { replicas, ..steady("b", 1) }).await;
    let taken = take(&doubting, 0).await;
    assert_eq!(numbers(&taken), [0, 1]);
    let rejection = Rejection::new(ErrorCode::Forbidden, "no");
    assert!(doubting.bury(0, taken[0].op.id, &rejection).await.is_err());
    assert!(doubting.release(0, &ids(&taken)).await.is_err(), "its lane is to be read back");
    assert_eq!(numbers(&take(&doubting, 0).await), [1]);
    assert!(queue.dead_letter(taken[0].op.id).await.unwrap().is_some());
}
