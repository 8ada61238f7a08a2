//! One-time codes, recovery codes, and the proof that a session's user is there.

use nexus_protocol::SessionId;
use uuid::Uuid;

use super::fixture::*;
use crate::ports::{Store, TotpRecord};

#[macro_export]
macro_rules! second_factors_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, second_factors:
            a_generator_is_set_up_and_then_put_to_use
            a_generator_in_use_is_not_replaced
            only_the_secret_that_was_set_up_last_is_put_to_use
            each_step_is_taken_once_and_forwards_only
            of_two_who_take_a_step_at_once_one_gets_it
            a_recovery_code_is_good_once
            of_two_who_take_a_code_at_once_one_gets_it
            new_codes_replace_the_old_ones
            nothing_is_left_of_a_disabled_generator
            a_step_up_lasts_until_its_end
        );
    };
}

async fn enabled(store: &impl Store) {
    people(store).await;
    assert!(store.begin_totp(ANN, b"sealed").await.unwrap());
    let codes = [[1; 32], [2; 32], [3; 32]];
    assert!(store.enable_totp(ANN, b"sealed", 100, &codes, at(1)).await.unwrap());
}

pub async fn a_generator_is_set_up_and_then_put_to_use(store: impl Store) {
    people(&store).await;
    assert_eq!(store.totp(ANN).await.unwrap(), None);
    assert!(store.begin_totp(ANN, b"sealed").await.unwrap());
    let mut record = TotpRecord { secret: b"sealed".to_vec(), enabled_at: None, last_step: 0 };
    assert_eq!(store.totp(ANN).await.unwrap(), Some(record.clone()));
    assert!(!store.use_totp_step(ANN, 5).await.unwrap(), "not in use yet");
    assert!(!store.set_recovery_codes(ANN, &[[1; 32]]).await.unwrap());
    assert!(!store.disable_totp(ANN).await.unwrap());
    assert!(store.begin_totp(ANN, b"sealed").await.unwrap());
    assert!(store.enable_totp(ANN, b"sealed", 100, &[[1; 32]], at(1)).await.unwrap());
    (record.enabled_at, record.last_step) = (Some(at(1)), 100);
    assert_eq!(store.totp(ANN).await.unwrap(), Some(record));
    assert_eq!(store.totp(BOB).await.unwrap(), None);
}

pub async fn a_generator_in_use_is_not_replaced(store: impl Store) {
    enabled(&store).await;
    assert!(!store.begin_totp(ANN, b"another").await.unwrap());
    assert!(!store.enable_totp(ANN, b"sealed", 101, &[[9; 32]], at(2)).await.unwrap());
    assert_eq!(store.totp(ANN).await.unwrap().unwrap().secret, b"sealed");
    assert_eq!(store.take_recovery_code(ANN, &[9; 32]).await.unwrap(), None);
}

pub async fn only_the_secret_that_was_set_up_last_is_put_to_use(store: impl Store) {
    people(&store).await;
    store.begin_totp(ANN, b"first").await.unwrap();
    store.begin_totp(ANN, b"second").await.unwrap();
    assert!(!store.enable_totp(ANN, b"first", 1, &[], at(1)).await.unwrap());
    assert!(!store.enable_totp(BOB, b"second", 1, &[], at(1)).await.unwrap());
    assert!(store.enable_totp(ANN, b"second", 1, &[], at(1)).await.unwrap());
}

pub async fn each_step_is_taken_once_and_forwards_only(store: impl Store) {
    enabled(&store).await;
    for (step, fine) in [(100, false), (99, false), (101, true), (101, false), (105, true)] {
        assert_eq!(store.use_totp_step(ANN, step).await.unwrap(), fine, "{step}");
    }
    assert!(!store.use_totp_step(ANN, 104).await.unwrap());
    assert!(!store.use_totp_step(BOB, 200).await.unwrap());
}

pub async fn of_two_who_take_a_step_at_once_one_gets_it(store: impl Store) {
    enabled(&store).await;
    let (one, other) = tokio::join!(store.use_totp_step(ANN, 101), store.use_totp_step(ANN, 101));
    assert!(one.unwrap() != other.unwrap());
}

pub async fn a_recovery_code_is_good_once(store: impl Store) {
    enabled(&store).await;
    assert_eq!(store.take_recovery_code(ANN, &[4; 32]).await.unwrap(), None);
    assert_eq!(store.take_recovery_code(BOB, &[1; 32]).await.unwrap(), None);
    assert_eq!(store.take_recovery_code(ANN, &[1; 32]).await.unwrap(), Some(2));
    assert_eq!(store.take_recovery_code(ANN, &[1; 32]).await.unwrap(), None);
    assert_eq!(store.take_recovery_code(ANN, &[3; 32]).await.unwrap(), Some(1));
}

pub async fn of_two_who_take_a_code_at_once_one_gets_it(store: impl Store) {
    enabled(&store).await;
    let (one, other) = tokio::join!(
        store.take_recovery_code(ANN, &[2; 32]),
        store.take_recovery_code(ANN, &[2; 32])
    );
    assert!(one.unwrap().is_some() != other.unwrap().is_some());
}

pub async fn new_codes_replace_the_old_ones(store: impl Store) {
    enabled(&store).await;
    assert!(store.set_recovery_codes(ANN, &[[7; 32], [8; 32]]).await.unwrap());
    assert_eq!(store.take_recovery_code(ANN, &[1; 32]).await.unwrap(), None);
    assert_eq!(store.take_recovery_code(ANN, &[8; 32]).await.unwrap(), Some(1));
}

pub async fn nothing_is_left_of_a_disabled_generator(store: impl Store) {
    enabled(&store).await;
    assert!(store.disable_totp(ANN).await.unwrap());
    assert_eq!(store.totp(ANN).await.unwrap(), None);
    assert_eq!(store.take_recovery_code(ANN, &[1; 32]).await.unwrap(), None);
    assert!(!store.disable_totp(ANN).await.unwrap());
    assert!(store.begin_totp(ANN, b"another").await.unwrap());
}

pub async fn a_step_up_lasts_until_its_end(store: impl Store) {
    let [session, other] = [1, 2].map(|n| SessionId(Uuid::from_u128(n)));
    assert!(!store.stepped_up(session, at(0)).await.unwrap());
    store.note_step_up(session, at(60)).await.unwrap();
    assert!(store.stepped_up(session, at(59)).await.unwrap());
    assert!(!store.stepped_up(session, at(60)).await.unwrap());
    assert!(!store.stepped_up(other, at(0)).await.unwrap());
    store.note_step_up(session, at(120)).await.unwrap();
    assert!(store.stepped_up(session, at(119)).await.unwrap());
    store.prune_step_ups(at(121)).await.unwrap();
    assert!(!store.stepped_up(session, at(0)).await.unwrap());
}
