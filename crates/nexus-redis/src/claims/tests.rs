//! First answers, on whichever node they are asked for.

use std::future::Future;

use nexus_core::{
    conformance::fixture::{ANN, at},
    ports::{Claim, FirstAnswer, IdempotencyStore},
};

use super::RedisClaims;
use crate::{
    Redis,
    setup::{self, Cleared},
};

mod alone {
    use super::*;
    nexus_core::idempotency_conformance!(claims(setup::alone()));
}

mod cluster {
    use super::*;
    nexus_core::idempotency_conformance!(claims(setup::cluster()));
}

async fn claims(redis: impl Future<Output = (Redis, Cleared)>) -> (RedisClaims, Cleared) {
    let (redis, kept) = redis.await;
    (RedisClaims::new(redis), kept)
}

#[tokio::test]
async fn of_many_nodes_at_once_one_carries_out_and_all_know_the_answer() {
    let (_, kept) = setup::cluster().await;
    let mut nodes = Vec::new();
    for _ in 0..3 {
        nodes.push(RedisClaims::new(Redis::connect(&kept.0).await.unwrap()));
    }
    let claim = |node: usize| nodes[node % 3].claim(ANN, "key", &[1; 32], at(0));
    let claimed = futures_util::future::join_all((0..30).map(claim)).await;
    let new = claimed.into_iter().filter(|claim| matches!(claim, Ok(Claim::New)));
    assert_eq!(new.count(), 1);
    // Answers are bytes, not text.
    let answer = FirstAnswer { status: 200, content_type: "a/b".to_owned(), body: vec![0, 255] };
    nodes[0].finish(ANN, "key", &answer).await.unwrap();
    assert_eq!(claim(1).await.unwrap(), Claim::Answered(answer));
}

#[tokio::test]
async fn a_claim_is_forgotten_by_itself_after_a_day() {
    let (redis, _kept) = setup::alone().await;
    let claims = RedisClaims::new(redis.clone());
    claims.claim(ANN, "key", &[1; 32], at(0)).await.unwrap();
    let answer = FirstAnswer { status: 200, content_type: String::new(), body: Vec::new() };
    for _ in 0..2 {
        let key = format!("{{{}:c:{ANN}:key}}", redis.prefix());
        let lives: i64 = redis.query("look", &key, redis::cmd("TTL").arg(&key)).await.unwrap();
        assert!((86_390..=86_400).contains(&lives), "{lives} s");
        claims.finish(ANN, "key", &answer).await.unwrap();
    }
}

#[tokio::test]
async fn an_answer_to_a_claim_that_is_over_is_not_kept() {
    let (redis, _kept) = setup::alone().await;
    let claims = RedisClaims::new(redis);
    let answer = FirstAnswer { status: 200, content_type: String::new(), body: Vec::new() };
    claims.finish(ANN, "key", &answer).await.unwrap();
    assert_eq!(claims.claim(ANN, "key", &[1; 32], at(0)).await.unwrap(), Claim::New);
}
