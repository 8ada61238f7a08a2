//! The queue against its promises, on Redis alone and as a cluster, and against accidents.

use std::{sync::Arc, time::Duration};

use nexus_core::{
    conformance::fixture::{ANN, PATIENCE, chat, send},
    memory::SystemClock,
    ops::{Op, OpKind},
    ports::{Lease, Queue},
};
use nexus_protocol::OpId;
use tokio::time::timeout;

use super::{QueueError, QueueOptions, RedisQueue};
use crate::{Options, Redis, setup};

mod accidents;
mod fences;
mod fleet;

mod alone {
    use super::queue_on;
    use crate::setup;

    nexus_core::queue_conformance!(queue_on(setup::alone()));
}

mod cluster {
    use super::queue_on;
    use crate::setup;

    nexus_core::queue_conformance!(queue_on(setup::cluster()));
}

async fn queue_on(
    redis: impl Future<Output = (Redis, setup::Cleared)>,
) -> (RedisQueue, setup::Cleared) {
    let (redis, cleared) = redis.await;
    let queue = RedisQueue::connect(redis, steady("only", 4), Arc::new(SystemClock)).await;
    (queue.unwrap(), cleared)
}

/// Leases are not lost by a worker that is only slow.
fn steady(node: &str, lanes: u16) -> QueueOptions {
    QueueOptions {
        lanes,
        node: node.to_owned(),
        renew_every: Duration::from_millis(100),
        ..QueueOptions::default()
    }
}

/// Leases end soon after their worker.
fn quick(node: &str, lanes: u16) -> QueueOptions {
    QueueOptions { lease: Duration::from_secs(2), ..steady(node, lanes) }
}

/// A worker of its own, with its own connections.
async fn worker(options: &Options, node: &str, lanes: u16) -> RedisQueue {
    with(options, quick(node, lanes)).await
}

async fn with(options: &Options, queue: QueueOptions) -> RedisQueue {
    let redis = Redis::connect(options).await.unwrap();
    RedisQueue::connect(redis, queue, Arc::new(SystemClock)).await.unwrap()
}

/// The `n`th op of a chat.
fn op(of: u128, n: usize) -> Op {
    send(chat(of), ANN, &n.to_string())
}

async fn push_all(queue: &RedisQueue, ops: impl IntoIterator<Item = Op>) {
    let pushed = queue.push(ops.into_iter().collect()).await;
    assert!(pushed.iter().all(Result::is_ok), "{pushed:?}");
}

fn number(op: &Op) -> usize {
    match &op.kind {
        OpKind::Send(new) => new.content.parse().unwrap(),
        other => panic!("no message: {other:?}"),
    }
}

fn numbers(leases: &[Lease]) -> Vec<usize> {
    leases.iter().map(|lease| number(&lease.op)).collect()
}

fn ids(leases: &[Lease]) -> Vec<OpId> {
    leases.iter().map(|lease| lease.op.id).collect()
}

async fn take(queue: &RedisQueue, lane: u16) -> Vec<Lease> {
    timeout(PATIENCE, queue.take(lane, 100)).await.unwrap().unwrap()
}

/// Like a process that is killed, or stopped for a long while: nobody hears of it.
fn stop(queue: &RedisQueue) {
    queue.tasks.lock().abort_all();
}

#[tokio::test]
async fn all_nodes_must_agree_on_the_number_of_lanes() {
    let (redis, _kept) = setup::cluster().await;
    let clock = Arc::new(SystemClock);
    let connect = |lanes| RedisQueue::connect(redis.clone(), steady("a", lanes), clock.clone());
    let queue = connect(4).await.unwrap();
    let refused = connect(5).await.err().unwrap();
    assert!(matches!(refused, QueueError::Lanes { configured: 5, found: 4 }), "{refused}");

    let set_lanes = || RedisQueue::set_lanes(redis.clone(), 5, clock.clone());
    queue.push_one(op(1, 0)).await.unwrap();
    assert!(matches!(set_lanes().await, Err(QueueError::NotEmpty)));
    let lane = nexus_core::ports::lane_of(chat(1), 4);
    let taken = take(&queue, lane).await;
    queue.ack(lane, &ids(&taken)).await.unwrap();
    assert!(matches!(set_lanes().await, Err(QueueError::Working)));
    queue.close().await;
    set_lanes().await.unwrap();
    assert_eq!(connect(5).await.unwrap().lanes(), 5);
}

#[tokio::test]
async fn a_full_queue_refuses_more_until_it_drains() {
    let (redis, _kept) = setup::alone().await;
    let options = QueueOptions { max_depth: 10, ..steady("a", 1) };
    let queue = RedisQueue::connect(redis, options, Arc::new(SystemClock)).await.unwrap();
    for n in 0..10 {
        queue.push_one(op(1, n)).await.unwrap();
    }
    assert!(queue.push_one(op(1, 10)).await.is_err());
    let taken = take(&queue, 0).await;
    queue.ack(0, &ids(&taken)).await.unwrap();
    queue.push_one(op(1, 10)).await.unwrap();
    assert_eq!(numbers(&take(&queue, 0).await), [10]);
}

#[tokio::test]
async fn of_a_push_that_comes_to_a_full_lane_the_others_take_their_part() {
    let (redis, _kept) = setup::cluster().await;
    let options = QueueOptions { max_depth: 10, ..steady("a", 2) };
    let queue = RedisQueue::connect(redis, options, Arc::new(SystemClock)).await.unwrap();
    let lane = |of: &u128| nexus_core::ports::lane_of(chat(*of), 2);
    let full = 1;
    let free = (2..).find(|of| lane(of) != lane(&full)).unwrap();
    push_all(&queue, (0..5).map(|n| op(full, n))).await;
    let pushed = queue.push(vec![op(free, 0), op(full, 5), op(free, 1), op(full, 6)]).await;
    let taken: Vec<bool> = pushed.iter().map(Result::is_ok).collect();
    assert_eq!(taken, [true, false, true, false]);
    assert_eq!(numbers(&take(&queue, lane(&free)).await), [0, 1]);
    assert_eq!(numbers(&take(&queue, lane(&full)).await), [0, 1, 2, 3, 4]);
}

#[tokio::test]
async fn a_long_line_is_worked_through_in_portions() {
    let (redis, _kept) = setup::cluster().await;
    let options = QueueOptions { portion: 16, ..steady("a", 1) };
    let queue = RedisQueue::connect(redis, options, Arc::new(SystemClock)).await.unwrap();
    push_all(&queue, (0..1_000).map(|n| op(1, n))).await;
    let mut seen = Vec::new();
    while seen.len() < 1_000 {
        let taken = take(&queue, 0).await;
        assert!(taken.len() <= 16, "{} at once", taken.len());
        seen.extend(numbers(&taken));
        queue.ack(0, &ids(&taken)).await.unwrap();
    }
    assert!(seen.into_iter().eq(0..1_000));
    assert_eq!(queue.stats().await.unwrap().depth, 0);
}

#[tokio::test]
async fn everybody_sees_who_works_which_lane() {
    let (redis, kept) = setup::cluster().await;
    let onlooker = RedisQueue::connect(redis, steady("onlooker", 2), Arc::new(SystemClock)).await;
    let onlooker = onlooker.unwrap();
    let owners = async || {
        let stats = onlooker.lane_stats().await.unwrap();
        stats.into_iter().map(|lane| lane.owner).collect::<Vec<_>>()
    };
    assert_eq!(owners().await, [None, None]);
    let queue = with(&kept.0, steady("a|b", 2)).await;
    onlooker.push_one(op(1, 0)).await.unwrap();
    take(&queue, nexus_core::ports::lane_of(chat(1), 2)).await;
    assert_eq!(owners().await, [Some("a|b".to_owned()), Some("a|b".to_owned())]);
    assert_eq!((queue.lanes_owned(), onlooker.lanes_owned()), (2, 0));
    queue.close().await;
    assert_eq!(owners().await, [None, None]);
    assert_eq!(queue.lanes_owned(), 0);
}
