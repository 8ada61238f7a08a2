//! News over two nodes, and over accidents.

use std::{future::Future, sync::Arc, time::Duration};

use nexus_core::{
    conformance::fixture::{ANN, BOB, NOW, chat},
    ports::{Bus, Event, News, Subscription},
};
use nexus_protocol::{
    SessionId, UserId,
    event::{PresenceStatus, PresenceUpdate, RevokeReason, TypingKind, TypingUpdate},
};
use tokio::time::timeout;
use uuid::Uuid;

use super::{BusOptions, Filter, RedisBus, Subject};
use crate::{
    Options, Redis,
    own_server::{OwnServer, own_cluster, urls},
    setup::{self, Cleared},
};

mod parts;

mod alone {
    use super::*;
    nexus_core::bus_conformance!(bus(setup::alone()));
}

mod cluster {
    use super::*;
    nexus_core::bus_conformance!(bus(setup::cluster()));
}

async fn bus(redis: impl Future<Output = (Redis, Cleared)>) -> (RedisBus, Cleared) {
    let (redis, kept) = redis.await;
    (RedisBus::new(redis, Uuid::from_u128(1), BusOptions::default()), kept)
}

async fn node(options: &Options, number: u128) -> RedisBus {
    let redis = Redis::connect(options).await.unwrap();
    RedisBus::new(redis, Uuid::from_u128(number), BusOptions::default())
}

/// The `n`th that `publisher` says about a chat.
fn event(about: u128, publisher: u128, n: u128) -> Event {
    let members = [publisher, n].map(|number| UserId(Uuid::from_u128(number)));
    Event::ChatCreated { chat: chat(about), members: members.to_vec() }
}

async fn next(subscription: &mut Box<dyn Subscription>) -> News {
    timeout(Duration::from_secs(20), subscription.next()).await.unwrap()
}

async fn hear(subscription: &mut Box<dyn Subscription>, count: usize) -> Vec<Event> {
    let mut heard = Vec::new();
    while heard.len() < count {
        match next(subscription).await {
            News::Events(events) => heard.extend(events),
            other => panic!("{other:?}"),
        }
    }
    heard
}

/// What was heard about a chat from one publisher, in order.
fn said(heard: &[Event], about: u128, publisher: u128) -> Vec<Event> {
    let of = |event: &&Event| {
        matches!(event, Event::ChatCreated { chat: it, members }
            if *it == chat(about) && members[0].0.as_u128() == publisher)
    };
    heard.iter().filter(of).cloned().collect()
}

#[tokio::test]
async fn two_nodes_hear_each_other_in_the_order_of_each_chat() {
    for (_, kept) in [setup::alone().await, setup::cluster().await] {
        let (one, other) = (node(&kept.0, 1).await, node(&kept.0, 2).await);
        let (mut at_one, mut at_other) = (one.subscribe(), other.subscribe());
        one.publish(vec![]).await.unwrap();
        other.publish(vec![]).await.unwrap();
        let say = async |bus: &RedisBus, publisher| {
            for n in 0..100 {
                let events = (0..20).map(|about| event(about, publisher, n)).collect();
                bus.publish(events).await.unwrap();
            }
        };
        let (_, _, at_one, at_other) = tokio::join!(
            say(&one, 1),
            say(&other, 2),
            hear(&mut at_one, 4_000),
            hear(&mut at_other, 4_000),
        );
        for heard in [at_one, at_other] {
            for (about, publisher) in (0..20).flat_map(|about| [(about, 1), (about, 2)]) {
                let expected: Vec<_> = (0..100).map(|n| event(about, publisher, n)).collect();
                assert_eq!(said(&heard, about, publisher), expected);
            }
        }
    }
}

#[tokio::test]
async fn a_quiet_bus_is_known_to_be_alive() {
    let (_, kept) = setup::cluster().await;
    let (one, other) = (node(&kept.0, 1).await, node(&kept.0, 2).await);
    let (mut at_one, mut at_other) = (one.subscribe(), other.subscribe());
    let news = async {
        tokio::select! { it = next(&mut at_one) => it, it = next(&mut at_other) => it }
    };
    assert!(timeout(Duration::from_secs(11), news).await.is_err(), "nothing has happened");
}

#[tokio::test]
async fn a_node_that_never_subscribes_still_publishes() {
    let (_, kept) = setup::alone().await;
    let (worker, api) = (node(&kept.0, 1).await, node(&kept.0, 2).await);
    let mut subscription = api.subscribe();
    api.publish(vec![]).await.unwrap();
    worker.publish(vec![event(1, 1, 0)]).await.unwrap();
    assert_eq!(hear(&mut subscription, 1).await, [event(1, 1, 0)]);
    worker.close().await;
}

#[tokio::test]
async fn what_concerns_nobody_here_is_passed_by() {
    let (_, kept) = setup::cluster().await;
    let bus = node(&kept.0, 1).await;
    let filter: Filter = Arc::new(|header| header.subjects.contains(&Subject::User(BOB)));
    let (mut all, mut some) = (bus.subscribe(), bus.subscribe_filtered(filter));
    let presence = |user_id| {
        let status = PresenceStatus::Online;
        Event::Presence(PresenceUpdate { user_id, status, last_seen_at: Some(NOW) })
    };
    let typing = |to: Vec<UserId>| {
        let (chat_id, user_id, kind) = (chat(1), ANN, TypingKind::Text);
        Event::Typing { update: TypingUpdate { chat_id, user_id, kind, typing: true }, to }
    };
    let session = SessionId(Uuid::from_u128(9));
    let revoked = Event::SessionRevoked { session, reason: RevokeReason::Logout };
    let many: Vec<UserId> = (100..200).map(|n| UserId(Uuid::from_u128(n))).collect();
    let events = [
        presence(BOB),
        typing(vec![ANN]),
        typing(vec![ANN, BOB]),
        typing(many.clone()),
        revoked.clone(),
    ];
    // One by one: there is no order between topics.
    let mut heard = Vec::new();
    for event in &events {
        bus.publish(vec![event.clone()]).await.unwrap();
        heard.extend(hear(&mut all, 1).await);
    }
    assert_eq!(heard, events);
    let expected = [typing(vec![ANN, BOB]), typing(many), revoked];
    assert_eq!(hear(&mut some, 3).await, expected);
}

#[tokio::test]
async fn a_closed_bus_says_what_waits_then_that_it_is_closed() {
    for (_, kept) in [setup::alone().await, setup::cluster().await] {
        let bus = node(&kept.0, 1).await;
        let mut subscription = bus.subscribe();
        let publish = (0..200).map(|n| bus.publish(vec![event(n, 1, 0)]));
        let published = futures_util::future::join_all(publish).await;
        assert!(published.iter().all(Result::is_ok));
        bus.close().await;
        assert_eq!(hear(&mut subscription, 200).await.len(), 200);
        assert_eq!(next(&mut subscription).await, News::Closed);
        assert_eq!(next(&mut subscription).await, News::Closed);
        assert_eq!(next(&mut bus.subscribe()).await, News::Closed);
        assert!(bus.publish(vec![event(1, 1, 1)]).await.is_err());
    }
}

#[tokio::test]
async fn after_a_restart_of_redis_a_node_knows_that_it_missed_something_and_hears_again() {
    let mut server = OwnServer::start(&["--save", ""]).await;
    let bus = node(&setup::options(&server.url()), 1).await;
    let (mut subscription, mut witness) = (bus.subscribe(), bus.subscribe());
    bus.publish(vec![event(1, 1, 0)]).await.unwrap();
    assert_eq!(hear(&mut witness, 1).await.len(), 1);
    server.kill();
    assert!(bus.publish(vec![event(1, 1, 1)]).await.is_err(), "nobody has it");
    assert_eq!(hear(&mut subscription, 1).await, [event(1, 1, 0)], "it came before the gap");
    assert_eq!(next(&mut subscription).await, News::Lagged, "while it is away");
    server.restart().await;
    assert_eq!(next(&mut subscription).await, News::Lagged, "when it is back");
    bus.publish(vec![event(1, 1, 2)]).await.unwrap();
    assert_eq!(hear(&mut subscription, 1).await, [event(1, 1, 2)]);
}

#[tokio::test]
async fn when_a_master_dies_all_topics_are_heard_again_from_its_replica() {
    let mut servers = own_cluster().await;
    let options = setup::options(&urls(&servers));
    let (one, other) = (node(&options, 1).await, node(&options, 2).await);
    let mut subscription = one.subscribe();
    one.publish(vec![event(1, 1, 0)]).await.unwrap();
    assert_eq!(hear(&mut subscription, 1).await.len(), 1);
    let master = servers.iter_mut().find(|server| server.ask(&["ROLE"]).starts_with("master"));
    master.unwrap().kill();
    assert_eq!(next(&mut subscription).await, News::Lagged);
    let all = || (0..200).map(|about| event(about, 2, 7)).collect::<Vec<_>>();
    let again = async {
        let mut heard = Vec::new();
        while (0..200).any(|about| said(&heard, about, 2).is_empty()) {
            heard.clear();
            // Fails until all topics have a master again.
            let _ = other.publish(all()).await;
            while let Ok(news) = timeout(Duration::from_millis(500), subscription.next()).await {
                match news {
                    News::Events(events) => heard.extend(events),
                    News::Lagged => {}
                    News::Closed => panic!("nobody closed it"),
                }
            }
        }
    };
    timeout(Duration::from_secs(30), again).await.unwrap();
}
