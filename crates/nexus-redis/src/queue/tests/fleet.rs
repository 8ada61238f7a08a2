//! Many workers: they come, go and die while ops are pushed, and no chat notices.

use std::collections::{HashMap, HashSet};

use nexus_core::ports::lane_of;
use nexus_protocol::ChatId;
use parking_lot::Mutex;
use tokio::{task::JoinSet, time::sleep};

use super::*;

const LANES: u16 = 8;
const CHATS: u128 = 20;

/// What happened to ops, in the order in which it happened.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Did {
    Take,
    Ack,
}

type Log = Arc<Mutex<Vec<(Did, ChatId, usize)>>>;

struct Worker {
    queue: Arc<RedisQueue>,
    lanes: JoinSet<()>,
}

impl Worker {
    async fn start(options: &Options, node: &str, log: &Log) -> Worker {
        let queue = with(options, steady(node, LANES)).await;
        let queue = Arc::new(queue);
        let mut lanes = JoinSet::new();
        for lane in 0..LANES {
            lanes.spawn(work(Arc::clone(&queue), lane, Arc::clone(log)));
        }
        Worker { queue, lanes }
    }

    async fn close(mut self) {
        // The server ends its workers first; here one may be in the middle of something.
        self.lanes.shutdown().await;
        self.queue.close().await;
    }

    async fn crash(mut self) {
        stop(&self.queue);
        self.lanes.shutdown().await;
    }
}

async fn work(queue: Arc<RedisQueue>, lane: u16, log: Log) {
    loop {
        let taken = queue.take(lane, 7).await.unwrap();
        let note = |did| {
            let done = taken.iter().map(|lease| (did, lease.op.chat, number(&lease.op)));
            log.lock().extend(done);
        };
        note(Did::Take);
        sleep(Duration::from_millis(2)).await;
        // Before it is sent: what dies in between has been carried out.
        match queue.ack(lane, &ids(&taken)).await {
            Ok(()) => note(Did::Ack),
            Err(_) => {
                let _ = queue.release(lane, &ids(&taken)).await;
            }
        }
    }
}

/// Pushes rising numbers to all chats until told to stop; answers how many.
async fn pushes(queue: RedisQueue, done: Arc<Mutex<bool>>) -> usize {
    let mut n = 0;
    while !*done.lock() {
        push_all(&queue, (0..CHATS).map(|chat| op(chat, n))).await;
        n += 1;
        sleep(Duration::from_millis(3)).await;
    }
    n
}

/// Fails if it does not drain.
async fn until_empty(queue: &RedisQueue) {
    let empty = async {
        while queue.stats().await.unwrap().depth > 0 {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(20), empty).await.unwrap();
}

/// Each op is first taken after those before it, all of them are, and none is taken once it is
/// acknowledged, nor one before it.
fn check(log: &Log, pushed: usize) {
    let (mut next, mut acked) = (HashMap::new(), HashMap::new());
    for (did, chat, n) in log.lock().iter().copied() {
        let next = next.entry(chat).or_insert(0);
        let acked = acked.entry(chat).or_insert(0);
        match did {
            Did::Take => {
                assert!(n <= *next, "{n} before {next} in {chat:?}");
                assert!(n >= *acked, "{n} again in {chat:?}, after {acked} was acknowledged");
                *next = (*next).max(n + 1);
            }
            Did::Ack => *acked = (*acked).max(n + 1),
        }
    }
    assert_eq!(next.len(), CHATS as usize);
    assert!(next.values().all(|next| *next == pushed), "{next:?} of {pushed}");
}

/// Lanes that are given up in order are settled first.
fn check_that_nothing_was_done_twice(log: &Log) {
    let log = log.lock();
    let mut seen = HashSet::new();
    for (_, chat, n) in log.iter().filter(|(did, ..)| *did == Did::Take) {
        assert!(seen.insert((*chat, *n)), "{n} of {chat:?} was taken twice");
    }
}

async fn lanes_of(workers: &[&Worker]) -> Vec<u16> {
    workers.iter().map(|worker| worker.queue.lanes_owned()).collect()
}

async fn until_shared(workers: &[&Worker], shares: &[u16]) {
    let shared = async {
        loop {
            let mut lanes = lanes_of(workers).await;
            lanes.sort_unstable();
            if lanes == shares {
                return;
            }
            sleep(Duration::from_millis(10)).await;
        }
    };
    if timeout(PATIENCE, shared).await.is_err() {
        panic!("{:?} and not {shares:?}", lanes_of(workers).await);
    }
}

async fn workers_come_and_go(options: &Options) {
    let log = Log::default();
    let done = Arc::new(Mutex::new(false));
    let pusher = worker(options, "pusher", LANES).await;
    let pushing = tokio::spawn(pushes(pusher, Arc::clone(&done)));

    let a = Worker::start(options, "a", &log).await;
    until_shared(&[&a], &[8]).await;
    let b = Worker::start(options, "b", &log).await;
    until_shared(&[&a, &b], &[4, 4]).await;
    let c = Worker::start(options, "c", &log).await;
    until_shared(&[&a, &b, &c], &[2, 3, 3]).await;
    sleep(Duration::from_millis(200)).await;
    check_that_nothing_was_done_twice(&log);
    b.crash().await;
    until_shared(&[&a, &c], &[4, 4]).await;
    a.close().await;
    until_shared(&[&c], &[8]).await;
    let d = Worker::start(options, "d", &log).await;
    until_shared(&[&c, &d], &[4, 4]).await;
    c.crash().await;
    until_shared(&[&d], &[8]).await;

    *done.lock() = true;
    let pushed = pushing.await.unwrap();
    until_empty(&d.queue).await;
    check(&log, pushed);
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_come_go_and_die_and_every_chat_keeps_its_order() {
    let (_, kept) = setup::alone().await;
    workers_come_and_go(&kept.0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_come_go_and_die_on_a_cluster() {
    let (_, kept) = setup::cluster().await;
    workers_come_and_go(&kept.0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_worker_hands_its_lanes_over_at_once() {
    let (_, kept) = setup::cluster().await;
    let slow = |node| QueueOptions {
        lease: Duration::from_secs(30),
        renew_every: Duration::from_secs(10),
        ..steady(node, 1)
    };
    let (first, second) = (with(&kept.0, slow("a")).await, with(&kept.0, slow("b")).await);
    first.push_one(op(1, 0)).await.unwrap();
    let lane = lane_of(chat(1), 1);
    assert_eq!(take(&first, lane).await.len(), 1);
    let (again, ()) = tokio::join!(take(&second, lane), async {
        sleep(Duration::from_millis(300)).await;
        first.close().await;
    });
    assert_eq!(numbers(&again), [0]);
}
