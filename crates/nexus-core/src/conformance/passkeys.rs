//! Keys that authenticators hold for people.

use nexus_protocol::{PasskeyId, UserId};
use uuid::Uuid;

use super::fixture::*;
use crate::ports::{PasskeyRecord, PasskeyUse, Store};

#[macro_export]
macro_rules! passkeys_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, passkeys:
            a_passkey_is_found_by_its_credential
            a_credential_is_of_one_account
            a_counter_only_grows
            a_passkey_that_does_not_count_is_used_again_and_again
            of_two_uses_with_one_count_at_once_one_counts
            only_its_owner_renames_or_removes_a_passkey
            passkeys_are_dropped_from_a_time_on
        );
    };
}

pub(super) fn passkey(n: u8, user_id: UserId) -> PasskeyRecord {
    PasskeyRecord {
        id: PasskeyId(Uuid::from_u128(n.into())),
        credential_id: vec![n; 16],
        user_id,
        name: format!("Phone {n}"),
        public_key: vec![0xA5, n],
        counter: 0,
        transports: vec!["internal".to_owned(), "hybrid".to_owned()],
        backed_up: n.is_multiple_of(2),
        created_at: at(n.into()),
        last_used_at: None,
    }
}

async fn add(store: &impl Store, n: u8, user: UserId) -> PasskeyRecord {
    let new = passkey(n, user);
    assert!(store.add_passkey(&new).await.unwrap());
    new
}

async fn sign(store: &impl Store, n: u8, counter: u32) -> bool {
    let used = PasskeyUse { counter, backed_up: true, at: at(100) };
    store.use_passkey(&[n; 16], &used).await.unwrap()
}

pub async fn a_passkey_is_found_by_its_credential(store: impl Store) {
    people(&store).await;
    let second = add(&store, 2, ANN).await;
    let first = add(&store, 1, ANN).await;
    let bobs = add(&store, 3, BOB).await;
    assert_eq!(store.passkeys(ANN).await.unwrap(), [first.clone(), second]);
    assert_eq!(store.passkeys(BOB).await.unwrap(), [bobs]);
    assert_eq!(store.passkey(&[1; 16]).await.unwrap(), Some(first));
    assert_eq!(store.passkey(&[1; 15]).await.unwrap(), None);
}

pub async fn a_credential_is_of_one_account(store: impl Store) {
    people(&store).await;
    let first = add(&store, 1, ANN).await;
    for user in [ANN, BOB] {
        let id = PasskeyId(Uuid::from_u128(9));
        let again = PasskeyRecord { id, ..passkey(1, user) };
        assert!(!store.add_passkey(&again).await.unwrap());
    }
    assert_eq!(store.passkey(&[1; 16]).await.unwrap(), Some(first));
    assert_eq!(store.passkeys(BOB).await.unwrap(), []);
}

pub async fn a_counter_only_grows(store: impl Store) {
    people(&store).await;
    add(&store, 1, ANN).await;
    for (counter, fine) in [(5, true), (5, false), (4, false), (0, false), (6, true), (900, true)] {
        assert_eq!(sign(&store, 1, counter).await, fine, "{counter}");
    }
    let record = store.passkey(&[1; 16]).await.unwrap().unwrap();
    assert_eq!((record.counter, record.last_used_at), (900, Some(at(100))));
    assert!(record.backed_up);
    assert!(!sign(&store, 2, 1).await, "there is none such");
}

pub async fn a_passkey_that_does_not_count_is_used_again_and_again(store: impl Store) {
    people(&store).await;
    add(&store, 1, ANN).await;
    assert!(sign(&store, 1, 0).await);
    assert!(sign(&store, 1, 0).await);
}

pub async fn of_two_uses_with_one_count_at_once_one_counts(store: impl Store) {
    people(&store).await;
    add(&store, 1, ANN).await;
    let (one, other) = tokio::join!(sign(&store, 1, 7), sign(&store, 1, 7));
    assert!(one != other);
}

pub async fn only_its_owner_renames_or_removes_a_passkey(store: impl Store) {
    people(&store).await;
    let new = add(&store, 1, ANN).await;
    assert_eq!(store.rename_passkey(BOB, new.id, "Mine").await.unwrap(), None);
    assert!(!store.remove_passkey(BOB, new.id).await.unwrap());
    let renamed = PasskeyRecord { name: "Key".to_owned(), ..new.clone() };
    assert_eq!(store.rename_passkey(ANN, new.id, "Key").await.unwrap(), Some(renamed.clone()));
    assert_eq!(store.passkeys(ANN).await.unwrap(), [renamed]);
    assert!(store.remove_passkey(ANN, new.id).await.unwrap());
    assert!(!store.remove_passkey(ANN, new.id).await.unwrap());
    assert_eq!(store.passkey(&[1; 16]).await.unwrap(), None);
    assert_eq!(store.rename_passkey(ANN, new.id, "Key").await.unwrap(), None);
}

pub async fn passkeys_are_dropped_from_a_time_on(store: impl Store) {
    people(&store).await;
    let kept = add(&store, 1, ANN).await;
    add(&store, 2, ANN).await;
    add(&store, 3, ANN).await;
    let bobs = add(&store, 4, BOB).await;
    store.drop_passkeys(ANN, at(2)).await.unwrap();
    assert_eq!(store.passkeys(ANN).await.unwrap(), [kept]);
    assert_eq!(store.passkeys(BOB).await.unwrap(), [bobs]);
}
