//! The queue: in order for each chat, at least once, nothing in each other's way.

use std::time::Duration;

use nexus_protocol::{ChatId, ErrorCode, OpId, Timestamp};
use tokio::time::timeout;

use super::fixture::*;
use crate::{
    ops::{Op, Rejection},
    ports::{Lease, Queue, lane_of},
};

/// `make` answers a queue of any number of lanes on the system's clock.
#[macro_export]
macro_rules! queue_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, queue:
            ops_of_a_chat_come_in_their_order
            a_chat_is_always_on_its_lane
            at_most_so_many_are_taken
            a_chat_in_flight_is_not_handed_out
            all_that_were_taken_must_be_settled_first
            other_chats_go_on_while_one_waits_for_a_retry
            a_retry_keeps_the_order_and_counts
            released_ops_come_again_in_their_old_place
            a_released_op_is_not_a_failed_one
            taking_waits_for_a_push
            taking_waits_for_a_retry_to_come_due
            taking_waits_until_a_chat_is_free
            a_take_that_is_given_up_takes_nothing
            an_op_that_waits_is_not_pushed_again
            an_op_that_is_carried_out_is_not_pushed_again
            a_buried_op_is_among_the_dead_letters
            dead_letters_come_newest_first_in_pages
            dead_letters_are_found_by_their_actor
            a_replayed_letter_waits_at_the_end
            a_discarded_letter_is_gone
            each_op_of_a_push_is_answered
            pushing_a_dead_op_revives_it
            pushes_at_once_lose_nothing
            stats_tell_what_waits
            each_lane_tells_what_waits_in_it
            settling_what_is_not_there_is_harmless
        );
    };
}

const SOON: Duration = Duration::from_millis(40);
const LONG: Duration = Duration::from_secs(3_600);

fn ops(chat: ChatId, texts: &[&str]) -> Vec<Op> {
    texts.iter().map(|text| send(chat, ANN, text)).collect()
}

fn lane(queue: &impl Queue, chat: ChatId) -> u16 {
    lane_of(chat, queue.lanes())
}

/// A chat on the same lane as [`TEAM`].
fn neighbour(queue: &impl Queue) -> ChatId {
    (2..10_000).map(chat).find(|other| lane(queue, *other) == lane(queue, TEAM)).unwrap()
}

/// All of them are taken. Answers when those of them died that were dead.
async fn push(queue: &impl Queue, ops: Vec<Op>) -> Vec<Option<Timestamp>> {
    queue.push(ops).await.into_iter().map(|pushed| pushed.unwrap().died_at).collect()
}

async fn take(queue: &impl Queue, max: usize) -> Vec<Lease> {
    let take = queue.take(lane(queue, TEAM), max);
    timeout(PATIENCE, take).await.expect("something to take").unwrap()
}

async fn nothing_to_take(queue: &impl Queue) {
    let take = queue.take(lane(queue, TEAM), 100);
    if let Ok(taken) = timeout(SOON, take).await {
        panic!("took {:?}", texts(&taken.unwrap()));
    }
}

fn text(op: &Op) -> &str {
    match &op.kind {
        crate::ops::OpKind::Send(new) => &new.content,
        other => panic!("no message: {other:?}"),
    }
}

fn texts(leases: &[Lease]) -> Vec<&str> {
    leases.iter().map(|lease| text(&lease.op)).collect()
}

fn ids(leases: &[Lease]) -> Vec<OpId> {
    leases.iter().map(|lease| lease.op.id).collect()
}

async fn ack(queue: &impl Queue, leases: &[Lease]) {
    queue.ack(lane(queue, TEAM), &ids(leases)).await.unwrap();
}

async fn retry(queue: &impl Queue, lease: &Lease, after: Duration) {
    queue.retry(lane(queue, TEAM), lease.op.id, after, "no luck").await.unwrap();
}

async fn release(queue: &impl Queue, leases: &[Lease]) {
    queue.release(lane(queue, TEAM), &ids(leases)).await.unwrap();
}

async fn bury(queue: &impl Queue, lease: &Lease) -> Timestamp {
    queue.bury(lane(queue, TEAM), lease.op.id, &poison()).await.unwrap().unwrap()
}

fn poison() -> Rejection {
    Rejection::new(ErrorCode::Malformed, "poison")
}

pub async fn ops_of_a_chat_come_in_their_order(queue: impl Queue) {
    push(&queue, ops(TEAM, &["a", "b"])).await;
    push(&queue, ops(TEAM, &["c"])).await;
    let taken = take(&queue, 10).await;
    assert_eq!(texts(&taken), ["a", "b", "c"]);
    assert!(taken.iter().all(|lease| lease.attempt == 1));
    assert_eq!(*taken[0].op, ops(TEAM, &["a"])[0], "whole");
    ack(&queue, &taken).await;
    nothing_to_take(&queue).await;
}

pub async fn a_chat_is_always_on_its_lane(queue: impl Queue) {
    let chats: Vec<_> = (0..50).map(chat).collect();
    let all: Vec<Op> = chats.iter().flat_map(|chat| ops(*chat, &["x", "y"])).collect();
    push(&queue, all).await;
    let mut seen = 0;
    for number in 0..queue.lanes() {
        let here = chats.iter().filter(|chat| lane(&queue, **chat) == number).count();
        if here > 0 {
            let taken = queue.take(number, 1_000).await.unwrap();
            assert_eq!(taken.len(), here * 2);
            assert!(taken.iter().all(|lease| lane(&queue, lease.op.chat) == number));
            seen += taken.len();
        }
    }
    assert_eq!(seen, 100);
}

pub async fn at_most_so_many_are_taken(queue: impl Queue) {
    push(&queue, ops(TEAM, &["a", "b", "c"])).await;
    let first = take(&queue, 2).await;
    assert_eq!(texts(&first), ["a", "b"]);
    ack(&queue, &first).await;
    assert_eq!(texts(&take(&queue, 2).await), ["c"]);
}

pub async fn a_chat_in_flight_is_not_handed_out(queue: impl Queue) {
    let other = neighbour(&queue);
    push(&queue, ops(TEAM, &["a", "b"])).await;
    let first = take(&queue, 1).await;
    push(&queue, ops(TEAM, &["c"])).await;
    nothing_to_take(&queue).await;
    push(&queue, ops(other, &["elsewhere"])).await;
    assert_eq!(texts(&take(&queue, 10).await), ["elsewhere"]);
    ack(&queue, &first).await;
    assert_eq!(texts(&take(&queue, 10).await), ["b", "c"]);
}

pub async fn all_that_were_taken_must_be_settled_first(queue: impl Queue) {
    push(&queue, ops(TEAM, &["a", "b", "c"])).await;
    let taken = take(&queue, 2).await;
    ack(&queue, &taken[..1]).await;
    nothing_to_take(&queue).await;
    ack(&queue, &taken[1..]).await;
    assert_eq!(texts(&take(&queue, 2).await), ["c"]);
}

pub async fn other_chats_go_on_while_one_waits_for_a_retry(queue: impl Queue) {
    let other = neighbour(&queue);
    push(&queue, ops(TEAM, &["a", "b"])).await;
    let taken = take(&queue, 1).await;
    retry(&queue, &taken[0], LONG).await;
    push(&queue, ops(TEAM, &["c"])).await;
    nothing_to_take(&queue).await;
    push(&queue, ops(other, &["x"])).await;
    assert_eq!(texts(&take(&queue, 10).await), ["x"]);
}

pub async fn a_retry_keeps_the_order_and_counts(queue: impl Queue) {
    push(&queue, ops(TEAM, &["a", "b", "c"])).await;
    for attempt in 1..=3 {
        let taken = take(&queue, 2).await;
        assert_eq!(texts(&taken), ["a", "b"]);
        assert_eq!((taken[0].attempt, taken[1].attempt), (attempt, 1));
        retry(&queue, &taken[0], Duration::from_millis(1)).await;
        release(&queue, &taken[1..]).await;
        let waiting = queue.queued(taken[0].op.id).await.unwrap().unwrap();
        assert_eq!(waiting.attempts, attempt);
        assert_eq!(waiting.last_error.as_deref(), Some("no luck"));
        assert!(waiting.last_tried_at.is_some());
    }
    let taken = take(&queue, 10).await;
    assert_eq!(texts(&taken), ["a", "b", "c"]);
    ack(&queue, &taken).await;
    assert_eq!(queue.stats().await.unwrap().depth, 0);
}

pub async fn released_ops_come_again_in_their_old_place(queue: impl Queue) {
    push(&queue, ops(TEAM, &["a", "b", "c", "d"])).await;
    let taken = take(&queue, 3).await;
    ack(&queue, &taken[..1]).await;
    // Not in their order.
    release(&queue, &taken[2..]).await;
    release(&queue, &taken[1..2]).await;
    assert_eq!(texts(&take(&queue, 10).await), ["b", "c", "d"]);
}

pub async fn a_released_op_is_not_a_failed_one(queue: impl Queue) {
    push(&queue, ops(TEAM, &["a"])).await;
    let taken = take(&queue, 1).await;
    release(&queue, &taken).await;
    assert_eq!(queue.stats().await.unwrap().retrying, 0);
    assert_eq!(take(&queue, 1).await[0].attempt, 1);
}

pub async fn taking_waits_for_a_push(queue: impl Queue) {
    let (taken, ()) = tokio::join!(take(&queue, 10), async {
        tokio::time::sleep(SOON).await;
        push(&queue, ops(TEAM, &["a"])).await;
    });
    assert_eq!(texts(&taken), ["a"]);
}

pub async fn taking_waits_for_a_retry_to_come_due(queue: impl Queue) {
    push(&queue, ops(TEAM, &["a"])).await;
    let taken = take(&queue, 1).await;
    let begun = std::time::Instant::now();
    retry(&queue, &taken[0], SOON * 3).await;
    let again = take(&queue, 1).await;
    assert_eq!(again[0].attempt, 2);
    assert!(begun.elapsed() >= SOON * 2, "not before it is due");
}

pub async fn taking_waits_until_a_chat_is_free(queue: impl Queue) {
    push(&queue, ops(TEAM, &["a", "b"])).await;
    let first = take(&queue, 1).await;
    let (taken, ()) = tokio::join!(take(&queue, 10), async {
        tokio::time::sleep(SOON).await;
        ack(&queue, &first).await;
    });
    assert_eq!(texts(&taken), ["b"]);
}

pub async fn a_take_that_is_given_up_takes_nothing(queue: impl Queue) {
    nothing_to_take(&queue).await;
    push(&queue, ops(TEAM, &["a"])).await;
    assert_eq!(texts(&take(&queue, 1).await), ["a"]);
}

pub async fn an_op_that_waits_is_not_pushed_again(queue: impl Queue) {
    push(&queue, ops(TEAM, &["a", "b"])).await;
    push(&queue, ops(TEAM, &["a", "c", "c"])).await;
    assert_eq!(queue.stats().await.unwrap().depth, 3);
    assert_eq!(texts(&take(&queue, 10).await), ["a", "b", "c"]);
}

pub async fn an_op_that_is_carried_out_is_not_pushed_again(queue: impl Queue) {
    push(&queue, ops(TEAM, &["a"])).await;
    let taken = take(&queue, 1).await;
    push(&queue, ops(TEAM, &["a"])).await;
    assert_eq!(queue.stats().await.unwrap().depth, 1);
    ack(&queue, &taken).await;
    nothing_to_take(&queue).await;
    push(&queue, ops(TEAM, &["a"])).await;
    assert_eq!(texts(&take(&queue, 1).await), ["a"], "once it is done it may come again");
}

pub async fn a_buried_op_is_among_the_dead_letters(queue: impl Queue) {
    push(&queue, ops(TEAM, &["poison", "b"])).await;
    let taken = take(&queue, 1).await;
    let id = taken[0].op.id;
    let died_at = bury(&queue, &taken[0]).await;
    assert_eq!(texts(&take(&queue, 10).await), ["b"], "the next may go");
    assert_eq!(queue.queued(id).await.unwrap(), None);
    let letter = queue.dead_letter(id).await.unwrap().unwrap();
    assert_eq!((&letter.op, &letter.rejection), (&*taken[0].op, &poison()));
    assert_eq!((letter.attempts, letter.died_at), (1, died_at));
    assert_eq!(queue.dead_letters(None, 10).await.unwrap(), [letter]);
    let stats = queue.stats().await.unwrap();
    assert_eq!((stats.depth, stats.dead), (1, 1));
}

pub async fn dead_letters_come_newest_first_in_pages(queue: impl Queue) {
    push(&queue, ops(TEAM, &["a", "b", "c", "d", "e"])).await;
    for lease in take(&queue, 10).await {
        bury(&queue, &lease).await;
    }
    let (mut letters, mut before) = (Vec::new(), None);
    loop {
        let page = queue.dead_letters(before, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.died_at);
        letters.extend(page.iter().map(|letter| text(&letter.op).to_owned()));
    }
    assert_eq!(letters, ["e", "d", "c", "b", "a"]);
}

pub async fn dead_letters_are_found_by_their_actor(queue: impl Queue) {
    let by = |actor, text| send(TEAM, actor, text);
    push(&queue, vec![by(ANN, "1"), by(BOB, "2"), by(ANN, "3"), by(ANN, "4")]).await;
    for lease in take(&queue, 4).await {
        bury(&queue, &lease).await;
    }
    let texts = async |actor, limit| {
        let letters = queue.dead_letters_of(actor, limit).await.unwrap();
        letters.iter().map(|letter| text(&letter.op).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(texts(ANN, 10).await, ["4", "3", "1"]);
    assert_eq!(texts(ANN, 2).await, ["4", "3"]);
    assert_eq!(texts(BOB, 10).await, ["2"]);
    assert_eq!(texts(EVE, 10).await, [""; 0]);
}

pub async fn a_replayed_letter_waits_at_the_end(queue: impl Queue) {
    push(&queue, ops(TEAM, &["a", "b"])).await;
    let taken = take(&queue, 1).await;
    bury(&queue, &taken[0]).await;
    assert!(queue.replay(taken[0].op.id).await.unwrap());
    assert!(!queue.replay(taken[0].op.id).await.unwrap(), "it is dead no longer");
    let again = take(&queue, 10).await;
    assert_eq!(texts(&again), ["b", "a"]);
    assert_eq!(again[1].attempt, 1, "a new life");
    assert_eq!(queue.stats().await.unwrap().dead, 0);
}

pub async fn a_discarded_letter_is_gone(queue: impl Queue) {
    push(&queue, ops(TEAM, &["a"])).await;
    let taken = take(&queue, 1).await;
    bury(&queue, &taken[0]).await;
    assert!(queue.discard(taken[0].op.id).await.unwrap());
    assert!(!queue.discard(taken[0].op.id).await.unwrap());
    assert_eq!(queue.dead_letter(taken[0].op.id).await.unwrap(), None);
    assert!(!queue.replay(taken[0].op.id).await.unwrap());
    nothing_to_take(&queue).await;
}

pub async fn each_op_of_a_push_is_answered(queue: impl Queue) {
    assert_eq!(push(&queue, Vec::new()).await, []);
    let chats: Vec<_> = (0..50).map(chat).collect();
    let all: Vec<Op> = chats.iter().flat_map(|chat| ops(*chat, &["x", "x", "y"])).collect();
    assert_eq!(push(&queue, all).await, [None; 150], "also those that wait already");
    assert_eq!(queue.stats().await.unwrap().depth, 100);
}

pub async fn pushing_a_dead_op_revives_it(queue: impl Queue) {
    push(&queue, ops(TEAM, &["a"])).await;
    let taken = take(&queue, 1).await;
    let died_at = bury(&queue, &taken[0]).await;
    let again = push(&queue, ops(TEAM, &["b", "a", "a"])).await;
    assert_eq!(again, [None, Some(died_at), None], "it is told which death is over");
    assert_eq!(texts(&take(&queue, 10).await), ["b", "a"]);
    assert_eq!(queue.dead_letter(taken[0].op.id).await.unwrap(), None);
    assert_eq!(queue.stats().await.unwrap().dead, 0);
}

pub async fn pushes_at_once_lose_nothing(queue: impl Queue) {
    let batches: Vec<Vec<Op>> =
        (0..8).map(|n| (0..10).map(|m| send(TEAM, ANN, &format!("{n} {m}"))).collect()).collect();
    let pushes = batches.into_iter().map(|batch| push(&queue, batch));
    futures_util::future::join_all(pushes).await;
    let taken = take(&queue, 1_000).await;
    let mut seen = [0; 8];
    for lease in &taken {
        let (batch, number) = text(&lease.op).split_once(' ').unwrap();
        let batch: usize = batch.parse().unwrap();
        assert_eq!(number.parse::<usize>().unwrap(), seen[batch], "the order within each call");
        seen[batch] += 1;
    }
    assert_eq!(seen, [10; 8]);
}

pub async fn stats_tell_what_waits(queue: impl Queue) {
    assert_eq!(queue.stats().await.unwrap(), crate::ports::QueueStats::default());
    let mut new = ops(TEAM, &["a", "b", "c"]);
    for (op, secs) in new.iter_mut().zip([30, 10, 20]) {
        op.queued_at = at(secs);
    }
    push(&queue, new).await;
    let stats = queue.stats().await.unwrap();
    assert_eq!((stats.depth, stats.oldest_at, stats.retrying), (3, Some(at(10)), 0));
    let taken = take(&queue, 2).await;
    assert_eq!(queue.stats().await.unwrap().depth, 3, "those being carried out included");
    ack(&queue, &taken[1..]).await;
    retry(&queue, &taken[0], LONG).await;
    let stats = queue.stats().await.unwrap();
    assert_eq!((stats.depth, stats.oldest_at, stats.retrying), (2, Some(at(20)), 1));
}

pub async fn each_lane_tells_what_waits_in_it(queue: impl Queue) {
    let mut new = ops(TEAM, &["a", "b"]);
    (new[0].queued_at, new[1].queued_at) = (at(20), at(10));
    push(&queue, new).await;
    let lanes = queue.lane_stats().await.unwrap();
    let numbers: Vec<u16> = lanes.iter().map(|stats| stats.lane).collect();
    assert_eq!(numbers, (0..queue.lanes()).collect::<Vec<_>>());
    for stats in lanes {
        let here = stats.lane == lane(&queue, TEAM);
        let expected = if here { (2, Some(at(10))) } else { (0, None) };
        assert_eq!((stats.depth, stats.oldest_at), expected, "lane {}", stats.lane);
    }
}

pub async fn settling_what_is_not_there_is_harmless(queue: impl Queue) {
    let nobody = send(TEAM, ANN, "never pushed").id;
    queue.ack(0, &[nobody]).await.unwrap();
    queue.release(0, &[nobody]).await.unwrap();
    queue.retry(0, nobody, LONG, "x").await.unwrap();
    assert_eq!(queue.bury(0, nobody, &poison()).await.unwrap(), None);
    assert_eq!(queue.queued(nobody).await.unwrap(), None);
    assert_eq!(queue.dead_letter(nobody).await.unwrap(), None);
    assert_eq!(queue.stats().await.unwrap(), crate::ports::QueueStats::default());
}
