//! Every subscriber hears everything, in each publisher's order.

use std::time::Duration;

use tokio::time::timeout;

use super::fixture::*;
use crate::ports::{Bus, Event, News, Subscription};

/// A bus may be slow to subscribe: a case waits for its first event before it counts.
#[macro_export]
macro_rules! bus_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, bus:
            everybody_hears_everything_in_order
            a_subscriber_that_left_holds_nobody_up
        );
    };
}

fn event(n: u128) -> Event {
    Event::ChatCreated { chat: chat(n), members: vec![ANN, BOB] }
}

async fn hear(subscription: &mut Box<dyn Subscription>, count: usize) -> Vec<Event> {
    let mut heard = Vec::new();
    while heard.len() < count {
        let next = timeout(Duration::from_secs(5), subscription.next());
        match next.await.expect("an event within five seconds") {
            News::Events(events) => heard.extend(events),
            other => panic!("{other:?}"),
        }
    }
    heard
}

pub async fn everybody_hears_everything_in_order(bus: impl Bus) {
    let (mut one, mut other) = (bus.subscribe(), bus.subscribe());
    let expected: Vec<Event> = (0..300).map(event).collect();
    for chunk in expected.chunks(3) {
        bus.publish(chunk.to_vec()).await.unwrap();
    }
    assert_eq!(hear(&mut one, 300).await, expected);
    assert_eq!(hear(&mut other, 300).await, expected);
}

pub async fn a_subscriber_that_left_holds_nobody_up(bus: impl Bus) {
    let mut stays = bus.subscribe();
    drop(bus.subscribe());
    let publish = async {
        for n in 0..3_000 {
            bus.publish(vec![event(n)]).await.unwrap();
        }
    };
    let (heard, ()) = tokio::join!(hear(&mut stays, 3_000), publish);
    assert_eq!(heard.last(), Some(&event(2_999)));
}
