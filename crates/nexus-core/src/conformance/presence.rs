//! Who is there, by the port's clock.

use std::{sync::Arc, time::Duration};

use nexus_protocol::event::PresenceStatus::{self, Away, Offline, Online};
use uuid::Uuid;

use super::fixture::*;
use crate::{
    memory::SetClock,
    ports::{PRESENCE_TTL_SECS, Presence, Shown, Transition},
};

/// `make` takes the clock to go by.
#[macro_export]
macro_rules! presence_conformance {
    ($make:expr) => {
        $crate::timed_cases!($make, presence:
            a_user_is_online_while_any_connection_is
            online_beats_away_beats_invisible
            a_connection_not_renewed_is_gone
            who_expires_is_named_once
            an_invisible_one_that_expires_is_no_news
            answers_come_in_the_order_asked_for
        );
    };
}

/// Like [`conformance_cases`](crate::conformance_cases), for ports that go by a clock.
#[macro_export]
macro_rules! timed_cases {
    ($make:expr, $suite:ident: $($case:ident)*) => {
        mod $suite {
            use super::*;
            $(
                #[tokio::test]
                async fn $case() {
                    let now = $crate::conformance::fixture::NOW;
                    let clock = ::std::sync::Arc::new($crate::memory::SetClock::at(now));
                    let (backend, _kept) = ($make)(clock.clone()).await;
                    $crate::conformance::$suite::$case(backend, clock).await;
                }
            )*
        }
    };
}

const PHONE: Uuid = Uuid::from_u128(1);
const LAPTOP: Uuid = Uuid::from_u128(2);

fn from(before: PresenceStatus, after: PresenceStatus) -> Transition {
    Transition { before, after }
}

async fn status(presence: &impl Presence) -> PresenceStatus {
    presence.get(&[ANN]).await.unwrap()[0]
}

pub async fn a_user_is_online_while_any_connection_is(presence: impl Presence, _: Arc<SetClock>) {
    assert_eq!(status(&presence).await, Offline);
    let set = async |connection| presence.set(ANN, connection, Shown::Online).await.unwrap();
    assert_eq!(set(PHONE).await, from(Offline, Online));
    assert_eq!(set(LAPTOP).await, from(Online, Online));
    assert_eq!(presence.clear(ANN, PHONE).await.unwrap(), from(Online, Online));
    assert_eq!(presence.clear(ANN, LAPTOP).await.unwrap(), from(Online, Offline));
    assert_eq!(presence.clear(ANN, LAPTOP).await.unwrap(), from(Offline, Offline));
    assert_eq!(status(&presence).await, Offline);
}

pub async fn online_beats_away_beats_invisible(presence: impl Presence, _: Arc<SetClock>) {
    let set = async |connection, shown| presence.set(ANN, connection, shown).await.unwrap();
    assert_eq!(set(PHONE, Shown::Invisible).await, from(Offline, Offline));
    assert_eq!(set(PHONE, Shown::Away).await, from(Offline, Away));
    assert_eq!(set(LAPTOP, Shown::Online).await, from(Away, Online));
    assert_eq!(set(LAPTOP, Shown::Invisible).await, from(Online, Away));
    assert_eq!(status(&presence).await, Away);
}

fn ttl() -> Duration {
    Duration::from_secs(PRESENCE_TTL_SECS)
}

pub async fn a_connection_not_renewed_is_gone(presence: impl Presence, clock: Arc<SetClock>) {
    presence.set(ANN, PHONE, Shown::Online).await.unwrap();
    clock.advance(ttl() - Duration::from_secs(1));
    assert_eq!(status(&presence).await, Online);
    presence.set(ANN, PHONE, Shown::Online).await.unwrap();
    clock.advance(ttl() - Duration::from_secs(1));
    assert_eq!(status(&presence).await, Online, "it was renewed");
    clock.advance(Duration::from_secs(2));
    assert_eq!(status(&presence).await, Offline);
}

pub async fn who_expires_is_named_once(presence: impl Presence, clock: Arc<SetClock>) {
    presence.set(ANN, PHONE, Shown::Online).await.unwrap();
    presence.set(BOB, PHONE, Shown::Away).await.unwrap();
    clock.advance(Duration::from_secs(10));
    presence.set(ANN, LAPTOP, Shown::Online).await.unwrap();
    assert!(presence.expire().await.unwrap().is_empty());
    clock.advance(ttl() - Duration::from_secs(5));
    assert_eq!(presence.expire().await.unwrap(), [BOB], "Ann has another connection");
    assert!(presence.expire().await.unwrap().is_empty());
    clock.advance(ttl());
    assert_eq!(presence.expire().await.unwrap(), [ANN]);
    assert!(presence.expire().await.unwrap().is_empty());
}

pub async fn an_invisible_one_that_expires_is_no_news(
    presence: impl Presence,
    clock: Arc<SetClock>,
) {
    presence.set(ANN, PHONE, Shown::Invisible).await.unwrap();
    clock.advance(ttl() * 2);
    assert!(presence.expire().await.unwrap().is_empty());
}

pub async fn answers_come_in_the_order_asked_for(presence: impl Presence, _: Arc<SetClock>) {
    presence.set(BOB, PHONE, Shown::Online).await.unwrap();
    presence.set(CAT, PHONE, Shown::Away).await.unwrap();
    let answers = presence.get(&[CAT, ANN, BOB, CAT]).await.unwrap();
    assert_eq!(answers, [Away, Offline, Online, Away]);
    assert!(presence.get(&[]).await.unwrap().is_empty());
}
