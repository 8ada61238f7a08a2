//! The ports of one process against their promises.

use std::{sync::Arc, time::Duration};

use nexus_protocol::{ChatId, OpId, Timestamp, UserId};
use uuid::Uuid;

use super::{CountingIds, Lanes, SystemClock, SystemIds, Waiting};
use crate::{
    ops::{Op, OpKind},
    ports::{Clock, Ids, lane_of},
};

#[cfg(feature = "conformance")]
mod conformance {
    use std::sync::Arc;

    use crate::{
        memory::{
            MemoryBus, MemoryLimits, MemoryPresence, MemoryQueue, MemoryThrottle, SetClock,
            SystemClock,
        },
        ports::{Bus, News},
    };

    async fn queue() -> (MemoryQueue, ()) {
        (MemoryQueue::new(4, Arc::new(SystemClock)), ())
    }

    async fn bus() -> (MemoryBus, ()) {
        (MemoryBus::new(), ())
    }

    async fn presence(clock: Arc<SetClock>) -> (MemoryPresence, ()) {
        (MemoryPresence::new(clock), ())
    }

    async fn limits(clock: Arc<SetClock>) -> (MemoryLimits, ()) {
        (MemoryLimits::new(clock), ())
    }

    async fn throttle(clock: Arc<SetClock>) -> (MemoryThrottle, ()) {
        (MemoryThrottle::new(clock), ())
    }

    crate::queue_conformance!(queue());
    crate::bus_conformance!(bus());
    crate::presence_conformance!(presence);
    crate::limits_conformance!(limits);
    crate::throttle_conformance!(throttle);

    #[tokio::test]
    async fn a_closed_bus_ends_its_subscriptions() {
        let bus = MemoryBus::new();
        let mut subscription = bus.subscribe();
        bus.close().await;
        assert_eq!(subscription.next().await, News::Closed);
    }
}

fn op(n: u128, chat: u128) -> Arc<Op> {
    Arc::new(Op {
        id: OpId(Uuid::from_u128(n)),
        chat: ChatId(Uuid::from_u128(chat)),
        actor: UserId(Uuid::nil()),
        queued_at: Timestamp(n as i64),
        awaited: false,
        kind: OpKind::Leave,
    })
}

#[test]
fn reloaded_ops_wait_as_before() {
    let mut lanes = Lanes::new(1);
    let tried = Waiting { attempts: 2, run_at: Some(Timestamp(100)), ..Waiting::new(op(1, 1), 1) };
    lanes.push(tried);
    lanes.push(Waiting::new(op(2, 1), 2));
    assert!(lanes.take(0, 10, Timestamp(99)).is_empty());
    assert_eq!(lanes.next_due(0), Some(Timestamp(100)));
    assert_eq!(lanes.stats().retrying, 1);
    let attempts: Vec<u32> =
        lanes.take(0, 10, Timestamp(100)).iter().map(|lease| lease.attempt).collect();
    assert_eq!(attempts, [3, 1]);
}

#[test]
fn a_busy_chat_leaves_room_for_the_others() {
    let mut lanes = Lanes::new(1);
    for n in 0..100 {
        lanes.push(Waiting::new(op(n, 1), n as i64));
    }
    lanes.push(Waiting::new(op(200, 2), 200));
    assert_eq!(lanes.take(0, 10, Timestamp(0)).len(), 10);
    let next = lanes.take(0, 10, Timestamp(0));
    assert_eq!(next.len(), 1);
    assert_eq!(next[0].op.chat, op(0, 2).chat);
}

#[test]
fn lanes_forget_what_is_settled() {
    let mut lanes = Lanes::new(3);
    for n in 0..1_000 {
        lanes.push(Waiting::new(op(n, n % 50), n as i64));
    }
    for lane in 0..3 {
        for lease in lanes.take(lane, 1_000, Timestamp(0)) {
            lanes.remove(lease.op.id);
        }
    }
    assert_eq!(lanes.stats(), crate::ports::QueueStats::default());
}

#[test]
fn cleared_lanes_tell_what_was_taken() {
    let mut lanes = Lanes::new(1);
    for n in 0..4 {
        lanes.push(Waiting::new(op(n, n), n as i64));
    }
    let taken: Vec<OpId> = lanes.take(0, 2, Timestamp(0)).iter().map(|lease| lease.op.id).collect();
    assert_eq!((lanes.taken(), lanes.depth()), (2, 4));
    assert!(lanes.is_taken(taken[0]));
    let mut cleared = lanes.clear();
    cleared.sort();
    assert_eq!(cleared, taken);
    assert_eq!((lanes.taken(), lanes.depth()), (0, 0));
    assert!(lanes.take(0, 10, Timestamp(0)).is_empty());
}

#[tokio::test]
async fn a_held_schedule_hands_out_nothing_until_it_goes_on() {
    let schedule = super::Schedule::new(1, Arc::new(SystemClock));
    schedule.hold();
    schedule.push([Waiting::new(op(1, 1), 1)]);
    let take = tokio::time::timeout(Duration::from_millis(20), schedule.take(0, 1));
    assert!(take.await.is_err());
    let (taken, ()) = tokio::join!(schedule.take(0, 1), async { schedule.go_on() });
    assert_eq!(taken.len(), 1);
}

#[test]
fn chats_are_spread_over_the_lanes() {
    let ids = SystemIds::new();
    let mut count = [0_u32; 8];
    for _ in 0..8_000 {
        count[usize::from(lane_of(ChatId(ids.uuid()), 8))] += 1;
    }
    assert!(count.iter().all(|n| (800..1_200).contains(n)), "{count:?}");
    assert_eq!(lane_of(ChatId(ids.uuid()), 1), 0);
}

#[test]
fn ids_rise_and_chance_differs() {
    for ids in [&SystemIds::new() as &dyn Ids, &CountingIds::new()] {
        let made: Vec<Uuid> = (0..10_000).map(|_| ids.uuid()).collect();
        assert!(made.is_sorted_by(|a, b| a < b));
        assert_eq!(made[0].get_version_num(), 7);
        let (mut one, mut other) = ([0; 33], [0; 33]);
        ids.fill(&mut one);
        ids.fill(&mut other);
        assert_ne!(one, other);
    }
    assert_eq!(CountingIds::new().uuid(), CountingIds::new().uuid());
}

#[tokio::test]
async fn full_limits_are_forgotten() {
    use crate::ports::{Limits, Quota};
    let clock = Arc::new(super::SetClock::at(Timestamp(0)));
    let limits = super::MemoryLimits::new(clock.clone());
    let quota = Quota { name: "q", burst: 1, refill: 1, per: Duration::from_secs(1) };
    for n in 0..20_000 {
        limits.check(&quota, &n.to_string(), 1).await.unwrap();
        clock.advance(Duration::from_millis(1));
    }
    assert!(limits.keys() < 5_000, "{}", limits.keys());
}

#[test]
fn the_system_clock_is_in_this_century() {
    assert!(SystemClock.now() > Timestamp(1_700_000_000_000));
}
