//! The parts that need no Redis.

use std::time::Duration;

use nexus_core::ports::{Event, News, Subscription};
use tokio::time::Instant;
use uuid::Uuid;

use super::event;
use crate::bus::{
    inbox::{Inbox, RedisSubscription},
    proof::{Found, Proof},
    wire::{self, Kind, Message},
};

const NODE: Uuid = Uuid::from_u128(7);

fn message(events: &[Event]) -> Vec<u8> {
    let mut message = wire::head(Kind::Events, NODE);
    events.iter().for_each(|event| wire::write(event, &mut message).unwrap());
    message
}

#[test]
fn an_event_of_a_newer_kind_is_passed_by_alone() {
    let mut bytes = message(&[event(1, 1, 1)]);
    let body = br#"{"Called":{"ring":true}}"#;
    bytes.push(u8::MAX);
    bytes.extend((body.len() as u32).to_be_bytes());
    bytes.extend(body);
    wire::write(&event(2, 1, 2), &mut bytes).unwrap();
    let read: Vec<Option<Event>> = Message::read(&bytes)
        .unwrap()
        .map(|frame| serde_json::from_slice(frame.body).ok())
        .collect();
    assert_eq!(read, [Some(event(1, 1, 1)), None, Some(event(2, 1, 2))]);
}

#[test]
fn who_a_newer_event_is_about_may_be_unknown() {
    let mut bytes = wire::head(Kind::Events, NODE);
    bytes.extend([1, b'?']);
    bytes.extend([0; 16]);
    bytes.extend(2_u32.to_be_bytes());
    bytes.extend(b"{}");
    let frames: Vec<_> = Message::read(&bytes).unwrap().map(|frame| frame.header).collect();
    assert_eq!(frames, [None], "it is for everybody");
}

#[test]
fn a_message_that_makes_no_sense_does_no_harm() {
    let whole = message(&[event(1, 1, 1), event(2, 1, 2)]);
    for length in 0..whole.len() {
        let frames = Message::read(&whole[..length]).map_or(0, Iterator::count);
        assert!(frames < 2, "{length}");
    }
    let mut newer = whole.clone();
    newer[0] += 1;
    assert!(Message::read(&newer).is_none());
}

#[tokio::test]
async fn who_does_not_listen_is_cut_and_told_so_once() {
    let inbox = Inbox::new(None, 10);
    let mut subscription = RedisSubscription(inbox.clone());
    for n in 0..50 {
        inbox.events(vec![event(1, 1, n), event(1, 2, n)]);
    }
    for n in 0..5 {
        let expected = News::Events(vec![event(1, 1, n), event(1, 2, n)]);
        assert_eq!(subscription.next().await, expected);
    }
    inbox.events(vec![event(1, 1, 50)]);
    assert_eq!(subscription.next().await, News::Lagged);
    assert_eq!(subscription.next().await, News::Events(vec![event(1, 1, 50)]));
}

#[tokio::test]
async fn a_publication_larger_than_the_inbox_still_comes() {
    let inbox = Inbox::new(None, 2);
    inbox.events((0..5).map(|n| event(1, 1, n)).collect());
    let news = RedisSubscription(inbox).next().await;
    assert!(matches!(news, News::Events(events) if events.len() == 5));
}

/// A proof of three topics that are heard.
fn live() -> (Proof, Instant) {
    let now = Instant::now();
    let mut proof = Proof::new(3, now);
    assert!(!proof.live(now), "nothing was missed before");
    (proof, now)
}

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

#[tokio::test]
async fn a_short_gap_is_told_of_once() {
    let (mut proof, now) = live();
    proof.lost(now);
    assert_eq!(proof.tick(now + secs(1) / 2), Found::Nothing);
    assert!(proof.live(now + secs(1)));
    assert_eq!(proof.tick(now + secs(2)), Found::Nothing);
}

#[tokio::test]
async fn a_long_gap_is_told_of_again_and_again() {
    let (mut proof, now) = live();
    proof.lost(now);
    assert_eq!(proof.tick(now + secs(1)), Found::Lagged);
    assert_eq!(proof.tick(now + secs(10)), Found::Nothing);
    assert_eq!(proof.tick(now + secs(11)), Found::Lagged);
    proof.lost(now + secs(12));
    assert_eq!(proof.tick(now + secs(21)), Found::Lagged);
    assert!(proof.live(now + secs(22)));
}

#[tokio::test]
async fn a_bus_that_is_away_from_the_start_is_told_of() {
    let now = Instant::now();
    let mut proof = Proof::new(3, now);
    assert_eq!(proof.tick(now + secs(9)), Found::Nothing);
    assert_eq!(proof.tick(now + secs(10)), Found::Lagged);
    assert!(proof.live(now + secs(11)));
}

#[tokio::test]
async fn a_topic_that_stays_silent_is_not_heard() {
    let (mut proof, now) = live();
    assert!(proof.quiet(now + secs(3)).is_empty());
    proof.heard(1, now + secs(4));
    assert_eq!(proof.quiet(now + secs(5)), [0, 2]);
    proof.heard(0, now + secs(5));
    assert_eq!(proof.tick(now + secs(8)), Found::Nothing);
    assert_eq!(proof.tick(now + secs(9)), Found::Deaf);
    assert!(proof.quiet(now + secs(9)).is_empty(), "it is heard anew first");
    assert!(proof.live(now + secs(10)));
}
