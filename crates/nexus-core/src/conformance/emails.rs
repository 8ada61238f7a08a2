//! The address of an account, and whether its owner reads it.

use nexus_protocol::{OwnChange, UserId};

use super::fixture::*;
use crate::ports::{EmailSet, Store, lost_address};

#[macro_export]
macro_rules! emails_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, emails:
            an_address_is_verified_and_that_is_noted
            only_the_address_of_now_is_verified
            a_new_address_is_verified_and_found_by
            an_address_that_somebody_has_verified_is_taken
            of_two_who_want_an_address_at_once_one_gets_it
            who_has_not_verified_an_address_loses_it_to_who_has
            nobody_loses_an_address_to_themselves
            an_address_is_free_once_who_has_not_verified_it_has_lost_it
        );
    };
}

async fn set(store: &impl Store, user: UserId, address: &str) -> EmailSet {
    store.set_email(user, address, at(10)).await.unwrap()
}

async fn address_of(store: &impl Store, user: UserId) -> (String, bool) {
    let user = store.user(user).await.unwrap().unwrap();
    (user.email, user.email_verified)
}

pub async fn an_address_is_verified_and_that_is_noted(store: impl Store) {
    people(&store).await;
    let noted = store.verify_email(ANN, "ann@example.org", at(1)).await.unwrap();
    let change = noted.unwrap().unwrap();
    let account = OwnChange::Account { email: "ann@example.org".to_owned(), email_verified: true };
    assert_eq!((change.user_rev, &change.change, change.at), (1, &account, at(1)));
    assert_eq!(store.user_changes(ANN, 0, 10).await.unwrap(), [change]);
    assert_eq!(store.user_rev(ANN).await.unwrap(), 1);
    assert_eq!(address_of(&store, ANN).await, ("ann@example.org".to_owned(), true));
    let again = store.verify_email(ANN, "ann@example.org", at(2)).await.unwrap();
    assert_eq!(again, Some(None));
    assert_eq!(store.user_rev(ANN).await.unwrap(), 1);
}

pub async fn only_the_address_of_now_is_verified(store: impl Store) {
    people(&store).await;
    assert_eq!(store.verify_email(ANN, "bob@example.org", at(1)).await.unwrap(), None);
    assert_eq!(store.verify_email(EVE, "eve@example.org", at(1)).await.unwrap(), None);
    assert!(!address_of(&store, ANN).await.1);
}

pub async fn a_new_address_is_verified_and_found_by(store: impl Store) {
    people(&store).await;
    let EmailSet::Done(changes) = set(&store, ANN, "new@example.org").await else {
        panic!("it is free")
    };
    let [(user, change)] = changes.try_into().unwrap();
    let account = OwnChange::Account { email: "new@example.org".to_owned(), email_verified: true };
    assert_eq!((user, change.user_rev, change.change), (ANN, 1, account));
    assert_eq!(address_of(&store, ANN).await, ("new@example.org".to_owned(), true));
    let known = store.credentials("new@example.org").await.unwrap().unwrap();
    assert_eq!(known.user_id, ANN);
    assert_eq!(store.credentials("ann@example.org").await.unwrap(), None);
    assert_eq!(set(&store, EVE, "eve@example.org").await, EmailSet::Unknown);
}

pub async fn an_address_that_somebody_has_verified_is_taken(store: impl Store) {
    people(&store).await;
    store.verify_email(BOB, "bob@example.org", at(1)).await.unwrap();
    assert_eq!(set(&store, ANN, "bob@example.org").await, EmailSet::Taken);
    assert_eq!(address_of(&store, ANN).await, ("ann@example.org".to_owned(), false));
    assert_eq!(address_of(&store, BOB).await, ("bob@example.org".to_owned(), true));
}

pub async fn of_two_who_want_an_address_at_once_one_gets_it(store: impl Store) {
    people(&store).await;
    let want = async |user| set(&store, user, "new@example.org").await;
    let (ann, bob) = tokio::join!(want(ANN), want(BOB));
    let got = |set: &EmailSet| matches!(set, EmailSet::Done(_));
    assert!(got(&ann) != got(&bob), "{ann:?} {bob:?}");
    assert!(ann == EmailSet::Taken || bob == EmailSet::Taken);
}

pub async fn who_has_not_verified_an_address_loses_it_to_who_has(store: impl Store) {
    people(&store).await;
    let EmailSet::Done(changes) = set(&store, ANN, "bob@example.org").await else {
        panic!("Bob has not shown that it is his")
    };
    let mut users: Vec<UserId> = changes.iter().map(|(user, _)| *user).collect();
    users.sort_unstable();
    assert_eq!(users, [ANN, BOB]);
    assert_eq!(address_of(&store, ANN).await, ("bob@example.org".to_owned(), true));
    assert_eq!(address_of(&store, BOB).await, (lost_address(BOB), false));
    let bobs = store.user_changes(BOB, 0, 10).await.unwrap();
    let lost = OwnChange::Account { email: lost_address(BOB), email_verified: false };
    assert_eq!(bobs[0].change, lost);
    assert!(store.credentials("bob").await.unwrap().is_some(), "the name is still his");
}

pub async fn nobody_loses_an_address_to_themselves(store: impl Store) {
    people(&store).await;
    assert!(matches!(set(&store, ANN, "ann@example.org").await, EmailSet::Done(_)));
    assert_eq!(address_of(&store, ANN).await, ("ann@example.org".to_owned(), true));
}

pub async fn an_address_is_free_once_who_has_not_verified_it_has_lost_it(store: impl Store) {
    people(&store).await;
    store.verify_email(BOB, "bob@example.org", at(1)).await.unwrap();
    assert_eq!(store.free_email("bob@example.org", at(2)).await.unwrap(), None);
    assert_eq!(store.free_email("nobody@example.org", at(2)).await.unwrap(), None);
    let (user, change) = store.free_email("ann@example.org", at(2)).await.unwrap().unwrap();
    let lost = OwnChange::Account { email: lost_address(ANN), email_verified: false };
    assert_eq!((user, change.user_rev, change.change), (ANN, 1, lost));
    assert_eq!(address_of(&store, ANN).await, (lost_address(ANN), false));
    assert_eq!(address_of(&store, BOB).await, ("bob@example.org".to_owned(), true));
    assert_eq!(store.free_email("ann@example.org", at(3)).await.unwrap(), None);
}
