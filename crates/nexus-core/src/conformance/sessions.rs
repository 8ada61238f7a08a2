//! Signed-in devices and the rotation of their tokens.

use std::time::Duration;

use nexus_protocol::{SessionId, Timestamp, UserId};
use uuid::Uuid;

use super::fixture::*;
use crate::ports::{Rotate, Rotation, SessionRecord, Store, TokenHash};

#[macro_export]
macro_rules! sessions_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, sessions:
            a_session_is_stored_whole
            a_rotation_makes_the_successor_the_token
            a_token_presented_again_at_once_is_replayed
            a_token_presented_again_later_ends_the_session
            of_two_rotations_at_once_one_is_replayed
            an_unknown_an_ended_and_an_expired_token_are_alike
            live_sessions_come_last_used_first
            one_ends_only_ones_own_sessions
            ending_all_answers_which
            one_session_may_be_spared
            ended_sessions_are_found_by_time
            forgetting_takes_only_what_ended_before
        );
    };
}

const WEEK: i64 = 7 * 24 * 3_600;

fn id(n: u128) -> SessionId {
    SessionId(Uuid::from_u128(0x5E00 + n))
}

fn session(n: u128, user: UserId) -> SessionRecord {
    SessionRecord {
        id: id(n),
        user_id: user,
        device: "Firefox".to_owned(),
        address: "::1".to_owned(),
        salt: [7; 32],
        created_at: NOW,
        last_used_at: NOW,
        expires_at: at(WEEK),
        revoked_at: None,
    }
}

/// A user with one session whose token is `[1; 32]`.
async fn signed_in(store: &impl Store) {
    people(store).await;
    store.create_session(&session(1, ANN), &[1; 32]).await.unwrap();
}

async fn rotate(store: &impl Store, from: u8, to: u8, now: Timestamp) -> Rotation {
    let (presented, successor): (TokenHash, TokenHash) = ([from; 32], [to; 32]);
    let rotate = Rotate {
        presented: &presented,
        successor: &successor,
        at: now,
        grace: Duration::from_secs(30),
        expires_at: now.plus(Duration::from_secs(WEEK as u64)),
        address: "10.0.0.1",
    };
    store.rotate(rotate).await.unwrap()
}

pub async fn a_session_is_stored_whole(store: impl Store) {
    signed_in(&store).await;
    let known = session(1, ANN);
    assert_eq!(store.session(id(1)).await.unwrap(), Some(known.clone()));
    assert_eq!(store.session_of_token(&[1; 32]).await.unwrap(), Some(known));
    assert_eq!(store.session(id(2)).await.unwrap(), None);
    assert_eq!(store.session_of_token(&[2; 32]).await.unwrap(), None);
}

pub async fn a_rotation_makes_the_successor_the_token(store: impl Store) {
    signed_in(&store).await;
    let Rotation::Rotated(now) = rotate(&store, 1, 2, at(10)).await else { panic!("rotated") };
    assert_eq!((now.last_used_at, now.expires_at), (at(10), at(10 + WEEK)));
    assert_eq!(now.address, "10.0.0.1");
    assert_eq!(store.session(id(1)).await.unwrap(), Some(now.clone()));
    assert_eq!(store.session_of_token(&[2; 32]).await.unwrap(), Some(now.clone()));
    assert_eq!(store.session_of_token(&[1; 32]).await.unwrap(), Some(now), "the old one too");
    assert!(matches!(rotate(&store, 2, 3, at(100)).await, Rotation::Rotated(_)));
}

pub async fn a_token_presented_again_at_once_is_replayed(store: impl Store) {
    signed_in(&store).await;
    let Rotation::Rotated(first) = rotate(&store, 1, 2, at(10)).await else { panic!("rotated") };
    assert_eq!(rotate(&store, 1, 2, at(40)).await, Rotation::Replayed(first));
    assert!(matches!(rotate(&store, 2, 3, at(41)).await, Rotation::Rotated(_)));
}

pub async fn a_token_presented_again_later_ends_the_session(store: impl Store) {
    signed_in(&store).await;
    rotate(&store, 1, 2, at(10)).await;
    let Rotation::Reused(ended) = rotate(&store, 1, 2, at(41)).await else { panic!("reused") };
    assert_eq!((ended.id, ended.revoked_at), (id(1), Some(at(41))));
    assert_eq!(store.session(id(1)).await.unwrap(), Some(ended));
    assert_eq!(rotate(&store, 2, 3, at(42)).await, Rotation::Unknown, "the thief's is dead too");
    assert_eq!(rotate(&store, 1, 2, at(43)).await, Rotation::Unknown);
}

pub async fn of_two_rotations_at_once_one_is_replayed(store: impl Store) {
    signed_in(&store).await;
    let (a, b) = tokio::join!(rotate(&store, 1, 2, at(10)), rotate(&store, 1, 2, at(10)));
    assert!(
        matches!(
            (&a, &b),
            (Rotation::Rotated(_), Rotation::Replayed(_))
                | (Rotation::Replayed(_), Rotation::Rotated(_))
        ),
        "{a:?} {b:?}"
    );
}

pub async fn an_unknown_an_ended_and_an_expired_token_are_alike(store: impl Store) {
    signed_in(&store).await;
    assert_eq!(rotate(&store, 9, 2, at(10)).await, Rotation::Unknown);
    assert_eq!(rotate(&store, 1, 2, at(WEEK)).await, Rotation::Unknown);
    assert!(store.revoke_session(ANN, id(1), at(20)).await.unwrap());
    assert_eq!(rotate(&store, 1, 2, at(30)).await, Rotation::Unknown);
}

pub async fn live_sessions_come_last_used_first(store: impl Store) {
    signed_in(&store).await;
    store.create_session(&session(2, ANN), &[2; 32]).await.unwrap();
    store.create_session(&session(3, BOB), &[3; 32]).await.unwrap();
    let mut short = session(4, ANN);
    short.expires_at = at(60);
    store.create_session(&short, &[4; 32]).await.unwrap();
    rotate(&store, 1, 11, at(10)).await;
    let list = async |now| {
        let sessions = store.sessions_of(ANN, now).await.unwrap();
        sessions.into_iter().map(|session| session.id).collect::<Vec<_>>()
    };
    assert_eq!(list(at(20)).await.len(), 3);
    assert_eq!(list(at(60)).await, [id(1), id(2)], "one has expired");
    store.revoke_session(ANN, id(1), at(61)).await.unwrap();
    assert_eq!(list(at(62)).await, [id(2)]);
}

pub async fn one_ends_only_ones_own_sessions(store: impl Store) {
    signed_in(&store).await;
    assert!(!store.revoke_session(BOB, id(1), at(1)).await.unwrap());
    assert!(store.revoke_session(ANN, id(1), at(2)).await.unwrap());
    assert!(!store.revoke_session(ANN, id(1), at(3)).await.unwrap(), "it was ended already");
    assert_eq!(store.session(id(1)).await.unwrap().unwrap().revoked_at, Some(at(2)));
    assert!(!store.revoke_session(ANN, id(9), at(4)).await.unwrap());
}

pub async fn ending_all_answers_which(store: impl Store) {
    signed_in(&store).await;
    store.create_session(&session(2, ANN), &[2; 32]).await.unwrap();
    store.create_session(&session(3, BOB), &[3; 32]).await.unwrap();
    let mut ended = store.revoke_sessions(ANN, None, at(5)).await.unwrap();
    ended.sort_unstable();
    assert_eq!(ended, [id(1), id(2)]);
    assert!(store.revoke_sessions(ANN, None, at(6)).await.unwrap().is_empty());
    assert!(store.session(id(3)).await.unwrap().unwrap().revoked_at.is_none());
}

pub async fn one_session_may_be_spared(store: impl Store) {
    signed_in(&store).await;
    store.create_session(&session(2, ANN), &[2; 32]).await.unwrap();
    let ended = store.revoke_sessions(ANN, Some(id(2)), at(5)).await.unwrap();
    assert_eq!(ended, [id(1)]);
    assert!(store.session(id(2)).await.unwrap().unwrap().revoked_at.is_none());
}

pub async fn ended_sessions_are_found_by_time(store: impl Store) {
    signed_in(&store).await;
    store.create_session(&session(2, ANN), &[2; 32]).await.unwrap();
    store.revoke_session(ANN, id(1), at(10)).await.unwrap();
    store.revoke_session(ANN, id(2), at(20)).await.unwrap();
    let mut all = store.revoked_since(at(10)).await.unwrap();
    all.sort_unstable();
    assert_eq!(all, [id(1), id(2)]);
    assert_eq!(store.revoked_since(at(11)).await.unwrap(), [id(2)]);
    assert!(store.revoked_since(at(21)).await.unwrap().is_empty());
}

pub async fn forgetting_takes_only_what_ended_before(store: impl Store) {
    signed_in(&store).await;
    for n in [2, 3] {
        store.create_session(&session(n, ANN), &[n as u8; 32]).await.unwrap();
    }
    store.revoke_session(ANN, id(1), at(10)).await.unwrap();
    store.revoke_session(ANN, id(2), at(20)).await.unwrap();
    store.prune_sessions(at(20)).await.unwrap();
    assert!(store.session(id(1)).await.unwrap().is_none());
    assert!(store.session_of_token(&[1; 32]).await.unwrap().is_none());
    assert!(store.session(id(2)).await.unwrap().is_some());
    store.prune_sessions(at(WEEK + 1)).await.unwrap();
    assert!(store.session(id(3)).await.unwrap().is_none(), "it had expired");
}
