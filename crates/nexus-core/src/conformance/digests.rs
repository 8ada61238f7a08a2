//! Who was away, and when they were told of what they missed.

use nexus_protocol::{Timestamp, UserId};

use super::fixture::*;
use crate::ports::{NewUser, Store};

#[macro_export]
macro_rules! digests_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, digests:
            those_who_were_away_with_a_verified_address_are_found_in_pages
            when_somebody_was_told_never_moves_back
        );
    };
}

fn person(id: UserId, name: &str, seen: Option<i64>, verified: bool) -> NewUser {
    let mut new = new_user(id, name, name);
    new.user.email_verified = verified;
    new.user.created_at = at(10);
    new.user.last_seen_at = seen.map(at);
    new
}

async fn away(store: &impl Store, since: i64) -> Vec<(UserId, Option<Timestamp>)> {
    let found = store.users_away(at(since), None, 10).await.unwrap();
    found.into_iter().map(|away| (away.user.id, away.told_at)).collect()
}

pub async fn those_who_were_away_with_a_verified_address_are_found_in_pages(store: impl Store) {
    for new in [
        person(ANN, "ann", Some(20), true),
        person(BOB, "bob", Some(30), true),
        person(EVE, "eve", None, true),
    ] {
        store.create_user(&new).await.unwrap();
    }
    let mut all = [ANN, BOB, EVE];
    all.sort();
    let ids =
        async |since| away(&store, since).await.into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    assert_eq!(ids(30).await, all, "those who were seen just then are away");
    assert_eq!(ids(9).await, []);
    assert_eq!(ids(19).await, [EVE], "who was never seen is away since there is the account");
    let first = store.users_away(at(30), None, 2).await.unwrap();
    assert_eq!(first.iter().map(|away| away.user.id).collect::<Vec<_>>(), all[..2]);
    assert_eq!(first[0].user, store.user(all[0]).await.unwrap().unwrap());
    let rest = store.users_away(at(30), Some(all[1]), 2).await.unwrap();
    assert_eq!(rest.iter().map(|away| away.user.id).collect::<Vec<_>>(), all[2..]);
    store.set_last_seen(BOB, at(40)).await.unwrap();
    assert!(!ids(30).await.contains(&BOB));
}

pub async fn when_somebody_was_told_never_moves_back(store: impl Store) {
    store.create_user(&person(ANN, "ann", Some(20), true)).await.unwrap();
    store.create_user(&person(BOB, "bob", Some(20), false)).await.unwrap();
    assert_eq!(away(&store, 50).await, [(ANN, None)], "Bob's address is not verified");
    for (told, expected) in [(30, 30), (25, 30), (40, 40)] {
        store.note_told(ANN, at(told)).await.unwrap();
        assert_eq!(away(&store, 50).await, [(ANN, Some(at(expected)))]);
    }
}
