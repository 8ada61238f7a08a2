//! First answers are given again.

use super::fixture::*;
use crate::ports::{Claim, FirstAnswer, IdempotencyStore};

#[macro_export]
macro_rules! idempotency_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, idempotency:
            the_first_answer_is_given_again
            of_two_claims_at_once_one_is_new
            a_key_is_for_one_request
            each_user_has_their_own_keys
            a_released_claim_is_new_again
            a_claim_cut_off_is_new_after_a_minute
            old_claims_are_forgotten
        );
    };
}

const PRINT: [u8; 32] = [1; 32];

async fn claim(store: &impl IdempotencyStore, key: &str, secs: i64) -> Claim {
    store.claim(ANN, key, &PRINT, at(secs)).await.unwrap()
}

fn answer() -> FirstAnswer {
    FirstAnswer {
        status: 201,
        content_type: "application/json".to_owned(),
        body: b"{\"ok\":true}".to_vec(),
    }
}

pub async fn the_first_answer_is_given_again(store: impl IdempotencyStore) {
    assert_eq!(claim(&store, "k", 0).await, Claim::New);
    assert_eq!(claim(&store, "k", 1).await, Claim::InProgress);
    store.finish(ANN, "k", &answer()).await.unwrap();
    assert_eq!(claim(&store, "k", 2).await, Claim::Answered(answer()));
    assert_eq!(claim(&store, "k", 3_600).await, Claim::Answered(answer()));
}

pub async fn of_two_claims_at_once_one_is_new(store: impl IdempotencyStore) {
    let (a, b) = tokio::join!(claim(&store, "k", 0), claim(&store, "k", 0));
    assert!(
        matches!((&a, &b), (Claim::New, Claim::InProgress) | (Claim::InProgress, Claim::New)),
        "{a:?} {b:?}"
    );
}

pub async fn a_key_is_for_one_request(store: impl IdempotencyStore) {
    claim(&store, "k", 0).await;
    let other = store.claim(ANN, "k", &[2; 32], at(1)).await.unwrap();
    assert_eq!(other, Claim::Mismatch);
    store.finish(ANN, "k", &answer()).await.unwrap();
    let other = store.claim(ANN, "k", &[2; 32], at(3_600)).await.unwrap();
    assert_eq!(other, Claim::Mismatch);
}

pub async fn each_user_has_their_own_keys(store: impl IdempotencyStore) {
    claim(&store, "k", 0).await;
    assert_eq!(store.claim(BOB, "k", &PRINT, at(1)).await.unwrap(), Claim::New);
    assert_eq!(claim(&store, "other", 1).await, Claim::New);
}

pub async fn a_released_claim_is_new_again(store: impl IdempotencyStore) {
    claim(&store, "k", 0).await;
    store.release(ANN, "k").await.unwrap();
    assert_eq!(claim(&store, "k", 1).await, Claim::New);
}

pub async fn a_claim_cut_off_is_new_after_a_minute(store: impl IdempotencyStore) {
    claim(&store, "k", 0).await;
    assert_eq!(claim(&store, "k", 59).await, Claim::InProgress);
    assert_eq!(claim(&store, "k", 61).await, Claim::New);
    assert_eq!(claim(&store, "k", 62).await, Claim::InProgress);
}

pub async fn old_claims_are_forgotten(store: impl IdempotencyStore) {
    claim(&store, "old", 0).await;
    claim(&store, "new", 10).await;
    for key in ["old", "new"] {
        store.finish(ANN, key, &answer()).await.unwrap();
    }
    store.prune_claims(at(10)).await.unwrap();
    assert_eq!(claim(&store, "old", 20).await, Claim::New);
    assert_eq!(claim(&store, "new", 20).await, Claim::Answered(answer()));
}
