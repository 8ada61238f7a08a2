//! User names that change.

use std::time::Duration;

use nexus_protocol::{OwnChange, Timestamp, UserId};

use super::fixture::*;
use crate::ports::{NAME_HELD, NameQuota, Renaming, Store, UserCreation};

#[macro_export]
macro_rules! names_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, names:
            a_new_name_leads_to_its_user_and_the_old_one_only_as_such
            a_name_given_up_is_kept_for_its_owner_for_some_time
            a_name_changes_so_often_and_no_more
            of_two_who_want_a_name_one_gets_it_however_they_ask
        );
    };
}

const TWICE: NameQuota = NameQuota { most: 2, per: Duration::from_secs(1_000) };
const OFTEN: NameQuota = NameQuota { most: 100, per: Duration::from_secs(1_000) };

async fn rename(store: &impl Store, user: UserId, name: &str, secs: i64) -> Renaming {
    store.rename(user, name, OFTEN, at(secs)).await.unwrap().unwrap()
}

fn is_done(renaming: &Renaming) -> bool {
    matches!(renaming, Renaming::Renamed(_, Some(_)))
}

pub async fn a_new_name_leads_to_its_user_and_the_old_one_only_as_such(store: impl Store) {
    people(&store).await;
    let Renaming::Renamed(user, change) = rename(&store, ANN, "annabel", 1).await else {
        panic!("not renamed")
    };
    let change = change.unwrap();
    assert_eq!((user.id, user.username.as_str()), (ANN, "annabel"));
    assert_eq!((change.user_rev, change.at), (1, at(1)));
    assert_eq!(change.change, OwnChange::Username { username: "annabel".to_owned() });
    assert_eq!(store.user(ANN).await.unwrap(), Some((*user).clone()));
    assert_eq!(store.user_changes(ANN, 0, 10).await.unwrap(), [change]);
    let named = async |name| store.user_named(name).await.unwrap().map(|user| user.id);
    assert_eq!((named("annabel").await, named("ann").await), (Some(ANN), None));
    assert_eq!(store.credentials("ann").await.unwrap(), None);
    assert_eq!(store.credentials("annabel").await.unwrap().unwrap().user_id, ANN);
    assert_eq!(store.user_formerly("ann", at(2)).await.unwrap(), Some((*user).clone()));
    assert_eq!(store.user_formerly("annabel", at(2)).await.unwrap(), None, "it is the present one");
    assert_eq!(rename(&store, ANN, "annabel", 2).await, Renaming::Renamed(user, None));
    assert_eq!(store.rename(EVE, "eve", TWICE, at(1)).await.unwrap(), None);
}

pub async fn a_name_given_up_is_kept_for_its_owner_for_some_time(store: impl Store) {
    people(&store).await;
    assert_eq!(rename(&store, BOB, "ann", 1).await, Renaming::Taken);
    assert!(is_done(&rename(&store, ANN, "annabel", 1).await));
    assert_eq!(rename(&store, BOB, "ann", 2).await, Renaming::Taken);
    let mut eve = new_user(EVE, "ann", "Eve");
    eve.user.email = "eve@example.org".to_owned();
    eve.user.created_at = at(3);
    assert_eq!(store.create_user(&eve).await.unwrap(), UserCreation::UsernameTaken);
    assert!(is_done(&rename(&store, ANN, "ann", 4).await), "back to the old one");
    assert!(is_done(&rename(&store, ANN, "anna", 5).await));
    let held = i64::try_from(NAME_HELD.as_secs()).unwrap();
    assert_eq!(rename(&store, BOB, "ann", held + 4).await, Renaming::Taken);
    let formerly = async |secs| store.user_formerly("ann", at(secs)).await.unwrap();
    assert_eq!(formerly(held + 4).await.map(|user| user.id), Some(ANN));
    assert_eq!(formerly(held + 6).await, None);
    eve.user.created_at = at(held + 6);
    assert_eq!(store.create_user(&eve).await.unwrap(), UserCreation::Created);
    assert_eq!(rename(&store, ANN, "ann", held + 7).await, Renaming::Taken, "it has a new owner");
    assert!(is_done(&rename(&store, BOB, "annabel", held + 8).await));
}

pub async fn a_name_changes_so_often_and_no_more(store: impl Store) {
    people(&store).await;
    let change = async |name: &'static str, secs| {
        let at: Timestamp = at(secs);
        is_done(&store.rename(ANN, name, TWICE, at).await.unwrap().unwrap())
    };
    assert!(change("ann1", 1).await && change("ann2", 2).await);
    let third = store.rename(ANN, "ann3", TWICE, at(3)).await.unwrap().unwrap();
    assert_eq!(third, Renaming::TooOften);
    assert_eq!(store.user(ANN).await.unwrap().unwrap().username, "ann2");
    assert!(change("ann3", 1_001).await, "the first was long ago");
    assert!(!change("ann4", 1_001).await);
}

pub async fn of_two_who_want_a_name_one_gets_it_however_they_ask(store: impl Store) {
    people(&store).await;
    let eve = new_user(EVE, "prize", "Eve");
    let (ann, bob, eve) = tokio::join!(
        store.rename(ANN, "prize", OFTEN, at(1)),
        store.rename(BOB, "prize", OFTEN, at(1)),
        store.create_user(&eve),
    );
    let renamed = [ann, bob].map(|renaming| is_done(&renaming.unwrap().unwrap()));
    let created = eve.unwrap() == UserCreation::Created;
    let winners = renamed.into_iter().chain([created]).filter(|won| *won).count();
    assert_eq!(winners, 1);
    let holders = store.users(&[ANN, BOB, EVE]).await.unwrap();
    assert_eq!(holders.iter().filter(|user| user.username == "prize").count(), 1);
}
