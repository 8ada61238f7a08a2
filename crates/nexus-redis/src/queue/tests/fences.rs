//! Who has lost a lane can't do anything to it.

use nexus_core::ops::Rejection;
use nexus_protocol::ErrorCode;

use super::*;

const AFTER: Duration = Duration::from_millis(1);

fn refusal() -> Rejection {
    Rejection::new(ErrorCode::Forbidden, "no")
}

/// A worker that has taken the only op, was stopped, and has lost its lane to another one.
async fn zombie(options: &Options) -> (RedisQueue, RedisQueue, Lease) {
    let zombie = worker(options, "zombie", 1).await;
    zombie.push_one(op(1, 0)).await.unwrap();
    let taken = take(&zombie, 0).await.remove(0);
    stop(&zombie);
    let heir = worker(options, "heir", 1).await;
    assert_eq!(numbers(&take(&heir, 0).await), [0]);
    (zombie, heir, taken)
}

async fn the_heir_finds_it_as_it_was(heir: &RedisQueue, taken: &Lease) {
    let waiting = heir.queued(taken.op.id).await.unwrap().unwrap();
    assert_eq!((waiting.attempts, waiting.last_error), (0, None));
    assert_eq!(heir.stats().await.unwrap().dead, 0);
    assert_eq!(heir.dead_letters_of(ANN, 10).await.unwrap(), []);
    heir.ack(0, &[taken.op.id]).await.unwrap();
    assert_eq!(heir.stats().await.unwrap().depth, 0);
}

#[tokio::test]
async fn a_zombie_can_not_acknowledge() {
    let (_, kept) = setup::cluster().await;
    let (zombie, heir, taken) = zombie(&kept.0).await;
    assert!(zombie.ack(0, &[taken.op.id]).await.is_err());
    assert!(zombie.ack(0, &[taken.op.id]).await.is_err(), "still");
    assert!(zombie.release(0, &[taken.op.id]).await.is_err(), "by now it knows");
    the_heir_finds_it_as_it_was(&heir, &taken).await;
}

#[tokio::test]
async fn a_zombie_can_not_retry() {
    let (_, kept) = setup::cluster().await;
    let (zombie, heir, taken) = zombie(&kept.0).await;
    assert!(zombie.retry(0, taken.op.id, AFTER, "no luck").await.is_err());
    the_heir_finds_it_as_it_was(&heir, &taken).await;
}

#[tokio::test]
async fn a_zombie_can_not_bury() {
    let (_, kept) = setup::cluster().await;
    let (zombie, heir, taken) = zombie(&kept.0).await;
    assert!(zombie.bury(0, taken.op.id, &refusal()).await.is_err());
    the_heir_finds_it_as_it_was(&heir, &taken).await;
}

#[tokio::test]
async fn what_was_taken_in_an_earlier_tenure_can_not_be_settled_in_a_later_one() {
    let (redis, kept) = setup::alone().await;
    let queue = worker(&kept.0, "a", 1).await;
    queue.push_one(op(1, 0)).await.unwrap();
    let taken = take(&queue, 0).await;
    let owner = queue.shared.lanes[0].keys.owner();
    // As if the server had come back without it.
    let forget = redis::cmd("DEL").arg(owner).to_owned();
    redis.query::<i64>("forget the lease", owner, &forget).await.unwrap();
    let lane = &queue.shared.lanes[0];
    let read_back = async {
        while lane.schedule.depth() == 0 || lane.schedule.taken() > 0 {
            tokio::time::sleep(AFTER).await;
        }
    };
    timeout(PATIENCE, read_back).await.unwrap();
    assert!(queue.bury(0, taken[0].op.id, &refusal()).await.is_err());
    assert!(queue.ack(0, &ids(&taken)).await.is_err());
    let again = take(&queue, 0).await;
    assert_eq!(numbers(&again), [0]);
    queue.ack(0, &ids(&again)).await.unwrap();
}

#[tokio::test]
async fn a_new_owner_reads_back_what_was_taken_then_what_is_new() {
    let (_, kept) = setup::cluster().await;
    let first = worker(&kept.0, "first", 1).await;
    push_all(&first, (0..10).map(|n| op(1, n))).await;
    first.push_one(op(2, 0)).await.unwrap();
    let taken = first.take(0, 5).await.unwrap();
    assert_eq!(numbers(&taken), [0, 1, 2, 3, 4]);
    first.ack(0, &ids(&taken[..2])).await.unwrap();
    let other = first.take(0, 1).await.unwrap();
    first.retry(0, other[0].op.id, AFTER, "no luck").await.unwrap();
    stop(&first);
    push_all(&first, (10..12).map(|n| op(1, n))).await;
    drop(first);

    let second = worker(&kept.0, "second", 1).await;
    let mut seen = Vec::new();
    while seen.len() < 11 {
        let taken = take(&second, 0).await;
        for lease in &taken {
            let tried = lease.op.chat == chat(2);
            assert_eq!(lease.attempt, if tried { 2 } else { 1 });
            seen.extend((!tried).then(|| number(&lease.op)).or(Some(100)));
        }
        second.ack(0, &ids(&taken)).await.unwrap();
    }
    seen.retain(|n| *n != 100);
    assert_eq!(seen, [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    assert_eq!(second.stats().await.unwrap().depth, 0);
}
