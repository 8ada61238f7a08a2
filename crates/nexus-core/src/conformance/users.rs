//! People and their passwords.

use nexus_protocol::{OwnChange, UserId};
use uuid::Uuid;

use super::fixture::*;
use crate::{
    ports::{ProfileUpdate, Store, UserCreation},
    search::fold,
};

#[macro_export]
macro_rules! users_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, users:
            a_user_is_stored_whole
            an_address_or_a_name_is_taken_once
            of_two_who_want_a_name_at_once_one_gets_it
            credentials_are_found_by_address_and_name
            a_password_is_changed
            people_are_found_by_the_beginning_of_their_names
            found_people_come_by_name_and_go_on_above
            a_profile_change_is_noted
            last_seen_never_moves_backwards
        );
    };
}

pub async fn a_user_is_stored_whole(store: impl Store) {
    let mut new = new_user(ANN, "ann", "Ann Ünïcode 😀");
    new.user.about = "about me".to_owned();
    new.user.email_verified = true;
    new.user.last_seen_at = Some(at(5));
    assert_eq!(store.create_user(&new).await.unwrap(), UserCreation::Created);
    assert_eq!(store.user(ANN).await.unwrap(), Some(new.user.clone()));
    assert_eq!(store.user(BOB).await.unwrap(), None);
    assert_eq!(store.users(&[BOB, ANN]).await.unwrap(), [new.user]);
}

pub async fn an_address_or_a_name_is_taken_once(store: impl Store) {
    people(&store).await;
    let mut new = new_user(EVE, "eve", "Eve");
    new.user.email = "ann@example.org".to_owned();
    assert_eq!(store.create_user(&new).await.unwrap(), UserCreation::EmailTaken);
    new.user.username = "bob".to_owned();
    assert_eq!(store.create_user(&new).await.unwrap(), UserCreation::EmailTaken);
    new.user.email = "eve@example.org".to_owned();
    assert_eq!(store.create_user(&new).await.unwrap(), UserCreation::UsernameTaken);
    assert_eq!(store.user(EVE).await.unwrap(), None);
}

pub async fn of_two_who_want_a_name_at_once_one_gets_it(store: impl Store) {
    let (mut one, other) = (new_user(ANN, "eve", "Eve"), new_user(BOB, "eve", "Eve"));
    one.user.email = "another@example.org".to_owned();
    let (one, other) = tokio::join!(store.create_user(&one), store.create_user(&other));
    let mut both = [one.unwrap(), other.unwrap()];
    both.sort_unstable_by_key(|creation| *creation != UserCreation::Created);
    assert_eq!(both, [UserCreation::Created, UserCreation::UsernameTaken]);
}

pub async fn credentials_are_found_by_address_and_name(store: impl Store) {
    people(&store).await;
    for identifier in ["ann", "ann@example.org"] {
        let found = store.credentials(identifier).await.unwrap().unwrap();
        assert_eq!((found.user_id, found.password_hash.as_str()), (ANN, "hash of ann"));
    }
    assert_eq!(store.credentials("nobody").await.unwrap(), None);
    let named = async |name| store.user_named(name).await.unwrap().map(|user| user.id);
    assert_eq!((named("ann").await, named("ann@example.org").await), (Some(ANN), None));
    assert_eq!(store.credentials("").await.unwrap(), None);
}

async fn search(store: &impl Store, query: &str) -> Vec<String> {
    let found = store.search_users(&fold(query), None, 50).await.unwrap();
    found.into_iter().map(|user| user.username).collect()
}

pub async fn a_password_is_changed(store: impl Store) {
    people(&store).await;
    assert_eq!(store.password_hash(ANN).await.unwrap().as_deref(), Some("hash of ann"));
    assert!(store.set_password(ANN, "another hash").await.unwrap());
    assert_eq!(store.password_hash(ANN).await.unwrap().as_deref(), Some("another hash"));
    let known = store.credentials("ann").await.unwrap().unwrap();
    assert_eq!(known.password_hash, "another hash");
    assert_eq!(store.password_hash(BOB).await.unwrap().as_deref(), Some("hash of bob"));
    assert!(!store.set_password(EVE, "a hash").await.unwrap());
    assert_eq!(store.password_hash(EVE).await.unwrap(), None);
}

pub async fn people_are_found_by_the_beginning_of_their_names(store: impl Store) {
    for (n, username, display_name) in [
        (1, "maria", "María José Núñez"),
        (2, "marc_", "Jean-Luc"),
        (3, "li", "李小龍"),
        (4, "percent", "100% Ann_e"),
        (5, "zoe", "Maria Luz"),
    ] {
        let new = new_user(UserId(Uuid::from_u128(n)), username, display_name);
        store.create_user(&new).await.unwrap();
    }
    assert_eq!(search(&store, "mar").await, ["marc_", "maria", "zoe"]);
    assert_eq!(search(&store, "maria").await, ["maria", "zoe"]);
    assert_eq!(search(&store, "maria n").await, ["maria"]);
    assert_eq!(search(&store, "nunez JOSE").await, ["maria"]);
    assert_eq!(search(&store, "luc").await, ["marc_"]);
    assert_eq!(search(&store, "marc_").await, ["marc_"]);
    assert_eq!(search(&store, "李小").await, ["li"]);
    assert_eq!(search(&store, "aria").await, [""; 0], "beginnings only");
    assert_eq!(search(&store, "%").await, [""; 0], "no patterns");
    assert_eq!(search(&store, "m_rc").await, [""; 0], "no patterns");
    assert_eq!(search(&store, "example.org").await, [""; 0], "never by address");
}

pub async fn found_people_come_by_name_and_go_on_above(store: impl Store) {
    for (n, name) in ["pat_c", "pat_a", "pat_b"].into_iter().enumerate() {
        let new = new_user(UserId(Uuid::from_u128(n as u128 + 1)), name, name);
        store.create_user(&new).await.unwrap();
    }
    let page = async |after| {
        let found = store.search_users("pat", after, 2).await.unwrap();
        found.into_iter().map(|user| user.username).collect::<Vec<_>>()
    };
    assert_eq!(page(None).await, ["pat_a", "pat_b"]);
    assert_eq!(page(Some("pat_b")).await, ["pat_c"]);
}

pub async fn a_profile_change_is_noted(store: impl Store) {
    people(&store).await;
    let update = ProfileUpdate { display_name: Some("Annabel".to_owned()), about: None };
    let (user, change) = store.update_profile(ANN, &update, at(1)).await.unwrap().unwrap();
    assert_eq!((user.display_name.as_str(), user.about.as_str()), ("Annabel", ""));
    assert_eq!(store.user(ANN).await.unwrap(), Some(user));
    let profile = OwnChange::Profile { display_name: "Annabel".to_owned(), about: String::new() };
    assert_eq!((change.user_rev, change.at, &change.change), (1, at(1), &profile));
    assert_eq!(store.user_changes(ANN, 0, 10).await.unwrap(), [change]);
    assert_eq!(search(&store, "annab").await, ["ann"]);
    let about = ProfileUpdate { display_name: None, about: Some("hi".to_owned()) };
    let (user, change) = store.update_profile(ANN, &about, at(2)).await.unwrap().unwrap();
    assert_eq!((user.display_name.as_str(), user.about.as_str()), ("Annabel", "hi"));
    assert_eq!(change.user_rev, 2);
    assert!(store.update_profile(EVE, &about, at(3)).await.unwrap().is_none());
}

pub async fn last_seen_never_moves_backwards(store: impl Store) {
    people(&store).await;
    for (seen, expected) in [(10, 10), (5, 10), (20, 20)] {
        store.set_last_seen(ANN, at(seen)).await.unwrap();
        let user = store.user(ANN).await.unwrap().unwrap();
        assert_eq!(user.last_seen_at, Some(at(expected)));
    }
    store.set_last_seen(EVE, at(1)).await.unwrap();
}
