//! Accounts elsewhere that sign in to accounts here.

use nexus_protocol::UserId;

use super::fixture::*;
use crate::ports::{LinkRecord, Store};

#[macro_export]
macro_rules! links_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, links:
            a_link_is_found_by_issuer_and_subject
            an_account_elsewhere_signs_in_to_one_account
            of_two_who_link_the_same_at_once_one_does
            somebody_has_one_link_of_an_issuer
            a_removed_link_signs_in_no_more
            links_are_dropped_from_a_time_on
        );
    };
}

const HERE: &str = "https://id.example.com";
const THERE: &str = "https://login.example.org";

pub(super) fn link(issuer: &str, subject: &str, user_id: UserId, secs: i64) -> LinkRecord {
    LinkRecord {
        issuer: issuer.to_owned(),
        subject: subject.to_owned(),
        user_id,
        label: (secs > 1).then(|| "ann@example.com".to_owned()),
        created_at: at(secs),
    }
}

async fn add(store: &impl Store, new: LinkRecord) -> LinkRecord {
    assert!(store.add_link(&new).await.unwrap());
    new
}

pub async fn a_link_is_found_by_issuer_and_subject(store: impl Store) {
    people(&store).await;
    let second = add(&store, link(THERE, "1", ANN, 2)).await;
    let first = add(&store, link(HERE, "1", ANN, 1)).await;
    let bobs = add(&store, link(HERE, "2", BOB, 3)).await;
    assert_eq!(store.link(HERE, "1").await.unwrap(), Some(first.clone()));
    assert_eq!(store.link(HERE, "2").await.unwrap(), Some(bobs));
    assert_eq!(store.link(THERE, "2").await.unwrap(), None);
    assert_eq!(store.links(ANN).await.unwrap(), [first, second]);
}

pub async fn an_account_elsewhere_signs_in_to_one_account(store: impl Store) {
    people(&store).await;
    let first = add(&store, link(HERE, "1", ANN, 1)).await;
    assert!(!store.add_link(&link(HERE, "1", BOB, 2)).await.unwrap());
    assert!(!store.add_link(&link(HERE, "1", ANN, 2)).await.unwrap());
    assert_eq!(store.link(HERE, "1").await.unwrap(), Some(first));
    assert_eq!(store.links(BOB).await.unwrap(), []);
}

pub async fn of_two_who_link_the_same_at_once_one_does(store: impl Store) {
    people(&store).await;
    let (anns, bobs) = (link(HERE, "1", ANN, 1), link(HERE, "1", BOB, 1));
    let (one, other) = tokio::join!(store.add_link(&anns), store.add_link(&bobs));
    assert!(one.unwrap() != other.unwrap());
}

pub async fn somebody_has_one_link_of_an_issuer(store: impl Store) {
    people(&store).await;
    let first = add(&store, link(HERE, "1", ANN, 1)).await;
    assert!(!store.add_link(&link(HERE, "2", ANN, 2)).await.unwrap());
    assert_eq!(store.link(HERE, "2").await.unwrap(), None);
    assert_eq!(store.links(ANN).await.unwrap(), [first]);
}

pub async fn a_removed_link_signs_in_no_more(store: impl Store) {
    people(&store).await;
    add(&store, link(HERE, "1", ANN, 1)).await;
    let other = add(&store, link(THERE, "1", ANN, 2)).await;
    assert!(!store.remove_link(BOB, HERE).await.unwrap());
    assert!(store.remove_link(ANN, HERE).await.unwrap());
    assert!(!store.remove_link(ANN, HERE).await.unwrap());
    assert_eq!(store.link(HERE, "1").await.unwrap(), None);
    assert_eq!(store.links(ANN).await.unwrap(), [other]);
    add(&store, link(HERE, "1", BOB, 3)).await;
}

pub async fn links_are_dropped_from_a_time_on(store: impl Store) {
    people(&store).await;
    let kept = add(&store, link(HERE, "1", ANN, 1)).await;
    add(&store, link(THERE, "1", ANN, 2)).await;
    let bobs = add(&store, link(HERE, "2", BOB, 3)).await;
    store.drop_links(ANN, at(2)).await.unwrap();
    assert_eq!(store.links(ANN).await.unwrap(), [kept]);
    assert_eq!(store.links(BOB).await.unwrap(), [bobs]);
}
