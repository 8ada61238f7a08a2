//! Tokens that travel in letters.

use nexus_protocol::UserId;

use super::fixture::*;
use crate::ports::{EmailToken, EmailTokenKind, Store};

#[macro_export]
macro_rules! email_tokens_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, email_tokens:
            a_token_is_good_once
            of_two_who_take_a_token_at_once_one_gets_it
            a_token_is_of_one_kind
            an_expired_token_is_no_good
            a_new_token_replaces_the_one_before
            the_way_back_to_an_address_is_not_replaced_by_that_to_another
            dropped_tokens_are_no_good
            tokens_are_dropped_from_a_time_on
            expired_tokens_are_forgotten
        );
    };
}

fn token(n: u8, user: UserId, kind: EmailTokenKind) -> EmailToken {
    EmailToken {
        hash: [n; 32],
        kind,
        user_id: user,
        address: "ann@example.org".to_owned(),
        created_at: NOW,
        expires_at: at(60),
    }
}

async fn put(store: &impl Store, n: u8, kind: EmailTokenKind) -> EmailToken {
    let token = token(n, ANN, kind);
    store.put_email_token(&token).await.unwrap();
    token
}

async fn take(store: &impl Store, n: u8, kind: EmailTokenKind, secs: i64) -> Option<EmailToken> {
    store.take_email_token(kind, &[n; 32], at(secs)).await.unwrap()
}

pub async fn a_token_is_good_once(store: impl Store) {
    for kind in EmailTokenKind::ALL {
        let token = put(&store, 1, kind).await;
        let seen = store.email_token(kind, &[1; 32], at(1)).await.unwrap();
        assert_eq!(seen, Some(token.clone()), "a look takes nothing");
        assert_eq!(store.email_token_made_at(ANN, kind).await.unwrap(), Some(NOW));
        assert_eq!(take(&store, 1, kind, 1).await, Some(token));
        assert_eq!(take(&store, 1, kind, 1).await, None);
        assert_eq!(store.email_token(kind, &[1; 32], at(1)).await.unwrap(), None);
        assert_eq!(store.email_token_made_at(ANN, kind).await.unwrap(), None);
    }
}

pub async fn of_two_who_take_a_token_at_once_one_gets_it(store: impl Store) {
    let kind = EmailTokenKind::ResetPassword;
    put(&store, 1, kind).await;
    let (one, other) = tokio::join!(take(&store, 1, kind, 1), take(&store, 1, kind, 1));
    assert!(one.is_some() != other.is_some());
}

pub async fn a_token_is_of_one_kind(store: impl Store) {
    put(&store, 1, EmailTokenKind::Verify).await;
    for other in [EmailTokenKind::Change, EmailTokenKind::Revert, EmailTokenKind::ResetPassword] {
        assert_eq!(take(&store, 1, other, 1).await, None);
        assert_eq!(store.email_token(other, &[1; 32], at(1)).await.unwrap(), None);
    }
    assert!(take(&store, 1, EmailTokenKind::Verify, 1).await.is_some());
}

pub async fn an_expired_token_is_no_good(store: impl Store) {
    let kind = EmailTokenKind::Verify;
    put(&store, 1, kind).await;
    assert_eq!(store.email_token(kind, &[1; 32], at(60)).await.unwrap(), None);
    assert_eq!(take(&store, 1, kind, 60).await, None);
    assert!(take(&store, 1, kind, 59).await.is_some());
}

pub async fn a_new_token_replaces_the_one_before(store: impl Store) {
    let kind = EmailTokenKind::ResetPassword;
    put(&store, 1, kind).await;
    put(&store, 2, kind).await;
    store.put_email_token(&token(3, BOB, kind)).await.unwrap();
    put(&store, 4, EmailTokenKind::Verify).await;
    assert_eq!(take(&store, 1, kind, 1).await, None);
    assert!(take(&store, 2, kind, 1).await.is_some());
    assert!(take(&store, 3, kind, 1).await.is_some(), "another's");
}

pub async fn the_way_back_to_an_address_is_not_replaced_by_that_to_another(store: impl Store) {
    let kind = EmailTokenKind::Revert;
    put(&store, 1, kind).await;
    let other = EmailToken { address: "eve@example.org".to_owned(), ..token(2, ANN, kind) };
    store.put_email_token(&other).await.unwrap();
    put(&store, 3, kind).await;
    assert_eq!(take(&store, 1, kind, 1).await, None, "replaced by the third");
    assert_eq!(take(&store, 2, kind, 1).await, Some(other));
    assert!(take(&store, 3, kind, 1).await.is_some());
}

pub async fn dropped_tokens_are_no_good(store: impl Store) {
    put(&store, 1, EmailTokenKind::Verify).await;
    put(&store, 2, EmailTokenKind::Change).await;
    put(&store, 3, EmailTokenKind::Revert).await;
    store.put_email_token(&token(4, BOB, EmailTokenKind::Verify)).await.unwrap();
    let some = [EmailTokenKind::Verify, EmailTokenKind::Revert];
    store.drop_email_tokens(ANN, &some, NOW).await.unwrap();
    assert_eq!(take(&store, 1, EmailTokenKind::Verify, 1).await, None);
    assert_eq!(take(&store, 3, EmailTokenKind::Revert, 1).await, None);
    assert!(take(&store, 2, EmailTokenKind::Change, 1).await.is_some());
    assert!(take(&store, 4, EmailTokenKind::Verify, 1).await.is_some());
}

pub async fn tokens_are_dropped_from_a_time_on(store: impl Store) {
    let kind = EmailTokenKind::Revert;
    for (n, secs) in [(1, 0), (2, 1), (3, 2)] {
        let address = format!("ann{n}@example.org");
        let made = EmailToken { address, created_at: at(secs), ..token(n, ANN, kind) };
        store.put_email_token(&made).await.unwrap();
    }
    store.drop_email_tokens(ANN, &[kind], at(1)).await.unwrap();
    assert!(take(&store, 1, kind, 3).await.is_some());
    assert_eq!(take(&store, 2, kind, 3).await, None);
    assert_eq!(take(&store, 3, kind, 3).await, None);
}

pub async fn expired_tokens_are_forgotten(store: impl Store) {
    let kind = EmailTokenKind::Verify;
    put(&store, 1, kind).await;
    store.prune_email_tokens(at(60)).await.unwrap();
    assert!(store.email_token(kind, &[1; 32], at(0)).await.unwrap().is_some());
    store.prune_email_tokens(at(61)).await.unwrap();
    assert!(store.email_token(kind, &[1; 32], at(0)).await.unwrap().is_none());
}
