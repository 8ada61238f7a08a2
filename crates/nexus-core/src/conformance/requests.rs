//! Who asks to be among another's contacts.

use nexus_protocol::{RequestId, UserId};
use uuid::Uuid;

use super::fixture::*;
use crate::ports::{Asked, Decided, RequestRecord, Store};

#[macro_export]
macro_rules! requests_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, requests:
            a_request_waits_until_it_is_decided_once
            of_two_requests_between_the_same_two_the_first_stands
            a_declined_request_makes_room_once_it_has_cooled
            an_accepted_request_makes_room
            both_sides_list_what_waits_the_latest_first
            what_waits_between_two_is_found_and_withdrawn
        );
    };
}

fn request(n: u128, from: UserId, to: UserId, secs: i64) -> RequestRecord {
    let id = RequestId(Uuid::from_u128(n));
    let note = format!("note {n}");
    RequestRecord { id, from, to, note, created_at: at(secs), decision: None }
}

fn decided(accepted: bool, secs: i64) -> Decided {
    Decided { accepted, at: at(secs) }
}

pub async fn a_request_waits_until_it_is_decided_once(store: impl Store) {
    let asked = request(1, ANN, BOB, 1);
    assert_eq!(store.ask(&asked, at(0)).await.unwrap(), Asked::Now);
    assert_eq!(store.request(asked.id).await.unwrap(), Some(asked.clone()));
    assert_eq!(store.request(RequestId(Uuid::from_u128(2))).await.unwrap(), None);
    assert!(store.decide_request(asked.id, decided(true, 2)).await.unwrap());
    assert!(!store.decide_request(asked.id, decided(false, 3)).await.unwrap());
    let decision = store.request(asked.id).await.unwrap().unwrap().decision;
    assert_eq!(decision, Some(decided(true, 2)));
    assert!(!store.decide_request(RequestId(Uuid::nil()), decided(true, 1)).await.unwrap());
}

pub async fn of_two_requests_between_the_same_two_the_first_stands(store: impl Store) {
    let (one, other) = (request(1, ANN, BOB, 1), request(2, ANN, BOB, 2));
    assert_eq!(store.ask(&one, at(0)).await.unwrap(), Asked::Now);
    assert_eq!(store.ask(&other, at(0)).await.unwrap(), Asked::Before(one));
    let back = request(3, BOB, ANN, 3);
    assert_eq!(store.ask(&back, at(0)).await.unwrap(), Asked::Now, "the other way");
    let (one, other) = (request(4, ANN, CAT, 1), request(5, ANN, CAT, 1));
    let (one, other) = tokio::join!(store.ask(&one, at(0)), store.ask(&other, at(0)));
    let new = [one, other].map(|asked| asked.unwrap() == Asked::Now);
    assert!(new == [true, false] || new == [false, true], "{new:?}");
}

pub async fn a_declined_request_makes_room_once_it_has_cooled(store: impl Store) {
    let first = request(1, ANN, BOB, 1);
    store.ask(&first, at(0)).await.unwrap();
    assert!(store.decide_request(first.id, decided(false, 5)).await.unwrap());
    let again = request(2, ANN, BOB, 6);
    let declined = RequestRecord { decision: Some(decided(false, 5)), ..first.clone() };
    assert_eq!(store.ask(&again, at(4)).await.unwrap(), Asked::Before(declined));
    assert_eq!(store.ask(&again, at(6)).await.unwrap(), Asked::Now);
    assert_eq!(store.request(again.id).await.unwrap(), Some(again));
    assert_eq!(store.request(first.id).await.unwrap(), None);
}

pub async fn an_accepted_request_makes_room(store: impl Store) {
    let first = request(1, ANN, BOB, 1);
    store.ask(&first, at(0)).await.unwrap();
    assert!(store.decide_request(first.id, decided(true, 5)).await.unwrap());
    assert_eq!(store.ask(&request(2, ANN, BOB, 6), at(0)).await.unwrap(), Asked::Now);
}

pub async fn both_sides_list_what_waits_the_latest_first(store: impl Store) {
    let all = [
        request(1, ANN, BOB, 1),
        request(2, CAT, ANN, 2),
        request(3, ANN, DAN, 3),
        request(4, DAN, ANN, 4),
        request(5, BOB, CAT, 5),
    ];
    for request in &all {
        store.ask(request, at(0)).await.unwrap();
    }
    let listed = async |user, before: Option<u128>, limit| -> Vec<u128> {
        let before = before.map(|n| RequestId(Uuid::from_u128(n)));
        let found = store.requests(user, before, limit).await.unwrap();
        found.into_iter().map(|request| request.id.0.as_u128()).collect()
    };
    assert_eq!(listed(ANN, None, 10).await, [4, 3, 2, 1]);
    assert_eq!(listed(ANN, None, 2).await, [4, 3]);
    assert_eq!(listed(ANN, Some(3), 2).await, [2, 1]);
    // A refusal is not told: for its sender it waits on.
    store.decide_request(all[2].id, decided(false, 6)).await.unwrap();
    store.decide_request(all[3].id, decided(false, 6)).await.unwrap();
    store.decide_request(all[0].id, decided(true, 6)).await.unwrap();
    assert_eq!(listed(ANN, None, 10).await, [3, 2]);
    assert_eq!(listed(DAN, None, 10).await, [4]);
    assert_eq!(listed(BOB, None, 10).await, [5]);
}

pub async fn what_waits_between_two_is_found_and_withdrawn(store: impl Store) {
    let (asked, other) = (request(1, ANN, BOB, 1), request(2, BOB, ANN, 2));
    assert_eq!(store.waiting_request(ANN, BOB).await.unwrap(), None);
    store.ask(&asked, at(0)).await.unwrap();
    store.ask(&other, at(0)).await.unwrap();
    assert_eq!(store.waiting_request(ANN, BOB).await.unwrap().as_ref(), Some(&asked));
    assert_eq!(store.waiting_request(ANN, CAT).await.unwrap(), None);
    store.withdraw_request(asked.id).await.unwrap();
    store.withdraw_request(asked.id).await.unwrap();
    assert_eq!(store.waiting_request(ANN, BOB).await.unwrap(), None);
    assert_eq!(store.request(asked.id).await.unwrap(), None);
    assert_eq!(store.waiting_request(BOB, ANN).await.unwrap().as_ref(), Some(&other));
    // What is decided stays, so that nobody asks again and again.
    store.decide_request(other.id, decided(false, 5)).await.unwrap();
    assert_eq!(store.waiting_request(BOB, ANN).await.unwrap(), None);
    store.withdraw_request(other.id).await.unwrap();
    assert!(store.request(other.id).await.unwrap().is_some());
    let again = request(3, ANN, BOB, 6);
    assert_eq!(store.ask(&again, at(0)).await.unwrap(), Asked::Now);
}
