//! From where, and with what, accounts were signed in to.

use super::fixture::*;
use crate::ports::{Familiar, Place, Store};

#[macro_export]
macro_rules! places_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, places:
            a_place_is_known_once_it_was_noted
            address_and_device_are_known_apart
            each_user_has_their_own_places
            of_two_sign_ins_at_once_one_is_the_first
            places_not_seen_for_long_are_forgotten
        );
    };
}

const HOME: Place<'_> = Place { address: "10.0.0.1", device: "Firefox" };
const NEW: Familiar = Familiar { address: false, device: false };
const KNOWN: Familiar = Familiar { address: true, device: true };

pub async fn a_place_is_known_once_it_was_noted(store: impl Store) {
    assert!(!store.knows_address(ANN, "10.0.0.1").await.unwrap());
    assert_eq!(store.note_place(ANN, HOME, at(0)).await.unwrap(), NEW);
    assert!(store.knows_address(ANN, "10.0.0.1").await.unwrap());
    assert_eq!(store.note_place(ANN, HOME, at(1)).await.unwrap(), KNOWN);
}

pub async fn address_and_device_are_known_apart(store: impl Store) {
    store.note_place(ANN, HOME, at(0)).await.unwrap();
    let away = Place { address: "10.0.0.2", ..HOME };
    let familiar = store.note_place(ANN, away, at(1)).await.unwrap();
    assert_eq!(familiar, Familiar { address: false, device: true });
    let phone = Place { device: "10.0.0.1", ..HOME };
    let familiar = store.note_place(ANN, phone, at(2)).await.unwrap();
    assert_eq!(familiar, Familiar { address: true, device: false });
    assert!(!store.knows_address(ANN, "Firefox").await.unwrap());
}

pub async fn each_user_has_their_own_places(store: impl Store) {
    store.note_place(ANN, HOME, at(0)).await.unwrap();
    assert!(!store.knows_address(BOB, "10.0.0.1").await.unwrap());
    assert_eq!(store.note_place(BOB, HOME, at(1)).await.unwrap(), NEW);
}

pub async fn of_two_sign_ins_at_once_one_is_the_first(store: impl Store) {
    let note = || store.note_place(ANN, HOME, at(0));
    let (a, b) = tokio::join!(note(), note());
    let (a, b) = (a.unwrap(), b.unwrap());
    assert!(a.address != b.address && a.device != b.device, "{a:?} {b:?}");
}

pub async fn places_not_seen_for_long_are_forgotten(store: impl Store) {
    store.note_place(ANN, HOME, at(0)).await.unwrap();
    store.note_place(ANN, Place { address: "10.0.0.2", ..HOME }, at(10)).await.unwrap();
    store.prune_places(at(5)).await.unwrap();
    assert!(!store.knows_address(ANN, "10.0.0.1").await.unwrap());
    let familiar = store.note_place(ANN, HOME, at(11)).await.unwrap();
    assert_eq!(familiar, Familiar { address: false, device: true });
}
