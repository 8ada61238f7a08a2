//! Addresses that letters are not sent to.

use nexus_protocol::SuppressionReason::{self, Bounce, SpamReport, Unsubscribe};

use super::fixture::*;
use crate::ports::{Store, Suppression};

#[macro_export]
macro_rules! suppressions_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, suppressions:
            an_address_stays_suppressed_for_the_gravest_reason
            suppressed_addresses_are_listed_in_pages_and_lifted
            of_many_who_suppress_an_address_at_once_one_does
        );
    };
}

fn of(address: &str, reason: SuppressionReason, secs: i64) -> Suppression {
    let detail = format!("said at {secs}");
    Suppression { address: address.to_owned(), reason, detail, at: at(secs) }
}

pub async fn an_address_stays_suppressed_for_the_gravest_reason(store: impl Store) {
    let address = "ann@example.org";
    assert_eq!(store.suppression(address).await.unwrap(), None);
    for (reason, secs, is_new) in [
        (SpamReport, 1, true),
        (SpamReport, 2, false),
        (Unsubscribe, 3, false),
        (Bounce, 4, true),
        (SpamReport, 5, false),
    ] {
        let new = of(address, reason, secs);
        assert_eq!(store.suppress(&new).await.unwrap(), is_new, "{new:?}");
    }
    assert_eq!(store.suppression(address).await.unwrap(), Some(of(address, Bounce, 4)));
    assert_eq!(store.suppression("bob@example.org").await.unwrap(), None);
}

pub async fn suppressed_addresses_are_listed_in_pages_and_lifted(store: impl Store) {
    for (address, reason) in [("c@x", Bounce), ("a@x", Unsubscribe), ("b@x", SpamReport)] {
        store.suppress(&of(address, reason, 1)).await.unwrap();
    }
    let page = async |after, limit| {
        let found = store.suppressions(after, limit).await.unwrap();
        found.into_iter().map(|one| one.address).collect::<Vec<_>>()
    };
    assert_eq!(page(None, 2).await, ["a@x", "b@x"]);
    assert_eq!(page(Some("b@x"), 2).await, ["c@x"]);
    assert!(store.lift_suppression("b@x").await.unwrap());
    assert!(!store.lift_suppression("b@x").await.unwrap());
    assert_eq!(page(None, 9).await, ["a@x", "c@x"]);
    assert!(store.suppress(&of("b@x", Unsubscribe, 2)).await.unwrap(), "anew");
}

pub async fn of_many_who_suppress_an_address_at_once_one_does(store: impl Store) {
    let new = of("ann@example.org", Bounce, 1);
    let (a, b, c) = tokio::join!(store.suppress(&new), store.suppress(&new), store.suppress(&new));
    let done = [a, b, c].into_iter().filter(|done| *done.as_ref().unwrap()).count();
    assert_eq!(done, 1);
}
