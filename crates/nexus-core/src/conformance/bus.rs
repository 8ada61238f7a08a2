//! Every subscriber hears everything, of each chat and each user in order.

use nexus_protocol::{
    UserId,
    event::{PresenceStatus, PresenceUpdate},
};
use tokio::time::timeout;
use uuid::Uuid;

use super::fixture::*;
use crate::ports::{Bus, Event, News, Subscription};

/// A bus may be slow to subscribe: a case waits for its first event before it counts.
#[macro_export]
macro_rules! bus_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, bus:
            everybody_hears_everything_and_each_chat_and_user_in_order
            a_subscriber_that_left_holds_nobody_up
        );
    };
}

/// The `n`th about a chat.
fn said(about: u128, n: u128) -> Event {
    Event::ChatCreated { chat: chat(about), members: vec![UserId(Uuid::from_u128(n))] }
}

/// The `n`th about a user.
fn seen(about: u128, n: u128) -> Event {
    Event::Presence(PresenceUpdate {
        user_id: UserId(Uuid::from_u128(about)),
        status: PresenceStatus::Online,
        last_seen_at: Some(at(n as i64)),
    })
}

async fn hear(subscription: &mut Box<dyn Subscription>, count: usize) -> Vec<Event> {
    let mut heard = Vec::new();
    while heard.len() < count {
        let next = timeout(PATIENCE, subscription.next());
        match next.await.expect("an event comes") {
            News::Events(events) => heard.extend(events),
            other => panic!("{other:?}"),
        }
    }
    heard
}

pub async fn everybody_hears_everything_and_each_chat_and_user_in_order(bus: impl Bus) {
    const SUBJECTS: u128 = 10;
    const EACH: u128 = 20;
    let (mut one, mut other) = (bus.subscribe(), bus.subscribe());
    let turn = |n| (0..SUBJECTS).flat_map(move |about| [said(about, n), seen(about, n)]);
    let all: Vec<Event> = (0..EACH).flat_map(turn).collect();
    for chunk in all.chunks(3) {
        bus.publish(chunk.to_vec()).await.unwrap();
    }
    for subscription in [&mut one, &mut other] {
        let heard = hear(subscription, all.len()).await;
        for about in 0..SUBJECTS {
            for event in [said, seen] {
                let expected: Vec<Event> = (0..EACH).map(|n| event(about, n)).collect();
                let of_it = heard.iter().filter(|event| expected.contains(event));
                assert_eq!(of_it.cloned().collect::<Vec<_>>(), expected);
            }
        }
    }
}

pub async fn a_subscriber_that_left_holds_nobody_up(bus: impl Bus) {
    let mut stays = bus.subscribe();
    drop(bus.subscribe());
    let publish = async {
        for n in 0..3_000 {
            bus.publish(vec![said(1, n)]).await.unwrap();
        }
    };
    let (heard, ()) = tokio::join!(hear(&mut stays, 3_000), publish);
    assert_eq!(heard.last(), Some(&said(1, 2_999)));
}
