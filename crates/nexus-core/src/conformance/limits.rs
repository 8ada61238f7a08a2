//! So many in so long a time, by the port's clock.

use std::{sync::Arc, time::Duration};

use crate::{
    memory::SetClock,
    ports::{Limits, Quota, Verdict},
};

/// `make` takes the clock to go by.
#[macro_export]
macro_rules! limits_conformance {
    ($make:expr) => {
        $crate::timed_cases!($make, limits:
            a_burst_may_come_at_once_and_no_more
            it_comes_back_evenly
            a_refusal_costs_nothing
            a_cost_counts_as_so_many
            a_cost_above_the_burst_is_never_allowed
            keys_and_quotas_are_apart
            of_many_at_once_only_the_burst_is_allowed
        );
    };
}

/// Five at once, one more each second.
const QUOTA: Quota = Quota { name: "test", burst: 5, refill: 60, per: Duration::from_secs(60) };

async fn check(limits: &impl Limits) -> Verdict {
    limits.check(&QUOTA, "key", 1).await.unwrap()
}

pub async fn a_burst_may_come_at_once_and_no_more(limits: impl Limits, _: Arc<SetClock>) {
    for left in (0..5).rev() {
        let verdict = check(&limits).await;
        assert!(verdict.allowed);
        assert_eq!((verdict.remaining, verdict.retry_after), (left, Duration::ZERO));
        assert_eq!(verdict.reset_after, Duration::from_secs(5 - u64::from(left)));
    }
    let refused = check(&limits).await;
    assert!(!refused.allowed);
    assert_eq!((refused.remaining, refused.retry_after), (0, Duration::from_secs(1)));
    assert_eq!(refused.reset_after, Duration::from_secs(5));
}

pub async fn it_comes_back_evenly(limits: impl Limits, clock: Arc<SetClock>) {
    for _ in 0..5 {
        check(&limits).await;
    }
    clock.advance(Duration::from_millis(999));
    assert_eq!(check(&limits).await.retry_after, Duration::from_millis(1));
    clock.advance(Duration::from_millis(1));
    assert!(check(&limits).await.allowed);
    assert!(!check(&limits).await.allowed);
    clock.advance(Duration::from_secs(3));
    assert_eq!(check(&limits).await.remaining, 2);
    clock.advance(Duration::from_secs(3_600));
    assert_eq!(check(&limits).await.remaining, 4, "never more than the burst");
}

pub async fn a_refusal_costs_nothing(limits: impl Limits, clock: Arc<SetClock>) {
    for _ in 0..5 {
        check(&limits).await;
    }
    for _ in 0..100 {
        assert!(!check(&limits).await.allowed);
    }
    clock.advance(Duration::from_secs(1));
    assert!(check(&limits).await.allowed);
}

pub async fn a_cost_counts_as_so_many(limits: impl Limits, _: Arc<SetClock>) {
    let check = async |cost| limits.check(&QUOTA, "key", cost).await.unwrap();
    assert_eq!(check(3).await.remaining, 2);
    let refused = check(3).await;
    assert!(!refused.allowed);
    assert_eq!((refused.remaining, refused.retry_after), (2, Duration::from_secs(1)));
    assert!(check(2).await.allowed);
    assert!(check(0).await.allowed, "nothing is always allowed");
}

pub async fn a_cost_above_the_burst_is_never_allowed(limits: impl Limits, _: Arc<SetClock>) {
    let refused = limits.check(&QUOTA, "key", 6).await.unwrap();
    assert!(!refused.allowed);
    assert_eq!((refused.remaining, refused.retry_after), (5, Duration::MAX));
}

pub async fn keys_and_quotas_are_apart(limits: impl Limits, _: Arc<SetClock>) {
    for _ in 0..5 {
        check(&limits).await;
    }
    assert!(limits.check(&QUOTA, "other", 1).await.unwrap().allowed);
    let other = Quota { name: "other", ..QUOTA };
    assert!(limits.check(&other, "key", 1).await.unwrap().allowed);
}

pub async fn of_many_at_once_only_the_burst_is_allowed(limits: impl Limits, _: Arc<SetClock>) {
    let checks = (0..50).map(|_| check(&limits));
    let verdicts = futures_util::future::join_all(checks).await;
    assert_eq!(verdicts.iter().filter(|verdict| verdict.allowed).count(), 5);
}
