//! Failures in a row and what they cost, by the port's clock.

use std::{sync::Arc, time::Duration};

use crate::{
    memory::SetClock,
    ports::{Attempt, FAILURES_KEPT, Pace, Throttle, Tried},
};

/// `make` takes the clock to go by.
#[macro_export]
macro_rules! throttle_conformance {
    ($make:expr) => {
        $crate::timed_cases!($make, throttle:
            the_first_failures_are_free
            each_further_failure_doubles_the_wait_up_to_a_bound
            who_comes_too_early_is_not_held_up_longer
            a_success_makes_the_place_new_again
            a_try_that_found_nothing_out_does_not_count
            failures_from_everywhere_add_up
            a_trusted_place_is_apart_from_all_others
            accounts_are_apart
            what_is_forgotten_is_gone
            failures_are_forgotten_after_a_day
            of_many_at_once_only_the_free_ones_get_through
        );
    };
}

const AT_PLACE: Pace =
    Pace { free: 3, first: Duration::from_secs(10), most: Duration::from_secs(60) };
const EVERYWHERE: Pace =
    Pace { free: 6, first: Duration::from_secs(20), most: Duration::from_secs(60) };

fn stranger<'a>(account: &'a str, place: &'a str) -> Attempt<'a> {
    Attempt { account, place, at_place: &AT_PLACE, everywhere: Some(&EVERYWHERE) }
}

fn trusted<'a>(account: &'a str, place: &'a str) -> Attempt<'a> {
    Attempt { everywhere: None, ..stranger(account, place) }
}

async fn begin(throttle: &impl Throttle, attempt: Attempt<'_>) -> Option<u64> {
    throttle.begin(&attempt).await.unwrap().map(|wait| wait.as_secs())
}

async fn fail(throttle: &impl Throttle, attempt: Attempt<'_>, times: usize) {
    for _ in 0..times {
        assert_eq!(begin(throttle, attempt).await, None);
    }
}

pub async fn the_first_failures_are_free(throttle: impl Throttle, _: Arc<SetClock>) {
    fail(&throttle, stranger("ann", "here"), 3).await;
    assert_eq!(begin(&throttle, stranger("ann", "here")).await, Some(10));
}

pub async fn each_further_failure_doubles_the_wait_up_to_a_bound(
    throttle: impl Throttle,
    clock: Arc<SetClock>,
) {
    let attempt = trusted("ann", "here");
    fail(&throttle, attempt, 3).await;
    for wait in [10, 20, 40, 60, 60] {
        assert_eq!(begin(&throttle, attempt).await, Some(wait));
        clock.advance(Duration::from_secs(wait - 1));
        assert_eq!(begin(&throttle, attempt).await, Some(1));
        clock.advance(Duration::from_secs(1));
        assert_eq!(begin(&throttle, attempt).await, None);
    }
}

pub async fn who_comes_too_early_is_not_held_up_longer(
    throttle: impl Throttle,
    clock: Arc<SetClock>,
) {
    fail(&throttle, stranger("ann", "here"), 3).await;
    for _ in 0..50 {
        assert_eq!(begin(&throttle, stranger("ann", "here")).await, Some(10));
    }
    clock.advance(Duration::from_secs(10));
    assert_eq!(begin(&throttle, stranger("ann", "here")).await, None);
}

pub async fn a_success_makes_the_place_new_again(throttle: impl Throttle, clock: Arc<SetClock>) {
    let attempt = stranger("ann", "here");
    fail(&throttle, attempt, 3).await;
    clock.advance(Duration::from_secs(10));
    assert_eq!(begin(&throttle, attempt).await, None);
    throttle.settle(&attempt, Tried::Right).await.unwrap();
    fail(&throttle, attempt, 3).await;
    assert_eq!(begin(&throttle, attempt).await, Some(20), "three and three from everywhere");
}

pub async fn a_try_that_found_nothing_out_does_not_count(
    throttle: impl Throttle,
    clock: Arc<SetClock>,
) {
    let attempt = stranger("ann", "here");
    for _ in 0..20 {
        assert_eq!(begin(&throttle, attempt).await, None);
        throttle.settle(&attempt, Tried::Undecided).await.unwrap();
    }
    fail(&throttle, attempt, 3).await;
    clock.advance(Duration::from_secs(10));
    assert_eq!(begin(&throttle, attempt).await, None);
    throttle.settle(&attempt, Tried::Undecided).await.unwrap();
    assert_eq!(begin(&throttle, attempt).await, None, "at once: it was not its turn's fault");
    assert_eq!(begin(&throttle, attempt).await, Some(20));
}

pub async fn failures_from_everywhere_add_up(throttle: impl Throttle, clock: Arc<SetClock>) {
    for place in ["1", "2", "3", "4", "5", "6"] {
        fail(&throttle, stranger("ann", place), 1).await;
    }
    assert_eq!(begin(&throttle, stranger("ann", "7")).await, Some(20));
    clock.advance(Duration::from_secs(20));
    let right = stranger("ann", "7");
    assert_eq!(begin(&throttle, right).await, None);
    throttle.settle(&right, Tried::Right).await.unwrap();
    assert_eq!(begin(&throttle, stranger("ann", "8")).await, None, "a success is no failure");
    assert_eq!(begin(&throttle, stranger("ann", "9")).await, Some(40));
}

pub async fn a_trusted_place_is_apart_from_all_others(throttle: impl Throttle, _: Arc<SetClock>) {
    for place in ["1", "2", "3", "4", "5", "6"] {
        fail(&throttle, stranger("ann", place), 1).await;
    }
    assert_eq!(begin(&throttle, stranger("ann", "home")).await, Some(20));
    fail(&throttle, trusted("ann", "home"), 3).await;
    assert_eq!(begin(&throttle, trusted("ann", "home")).await, Some(10), "its own still count");
    assert_eq!(begin(&throttle, stranger("ann", "7")).await, Some(20), "and only there");
}

pub async fn accounts_are_apart(throttle: impl Throttle, _: Arc<SetClock>) {
    fail(&throttle, stranger("ann", "here"), 3).await;
    assert_eq!(begin(&throttle, stranger("bob", "here")).await, None);
}

pub async fn what_is_forgotten_is_gone(throttle: impl Throttle, _: Arc<SetClock>) {
    fail(&throttle, stranger("ann", "here"), 3).await;
    fail(&throttle, stranger("ann", "there"), 3).await;
    throttle.forget("ann", "here").await.unwrap();
    assert_eq!(begin(&throttle, stranger("ann", "here")).await, None);
    assert_eq!(begin(&throttle, stranger("ann", "there")).await, Some(10), "that is another's");
    throttle.settle(&stranger("eve", "here"), Tried::Right).await.unwrap();
    throttle.settle(&stranger("eve", "here"), Tried::Undecided).await.unwrap();
    fail(&throttle, stranger("eve", "here"), 3).await;
    assert_eq!(begin(&throttle, stranger("eve", "here")).await, Some(10));
}

pub async fn failures_are_forgotten_after_a_day(throttle: impl Throttle, clock: Arc<SetClock>) {
    fail(&throttle, stranger("ann", "here"), 2).await;
    clock.advance(FAILURES_KEPT);
    fail(&throttle, stranger("ann", "here"), 3).await;
    assert_eq!(begin(&throttle, stranger("ann", "here")).await, Some(10));
}

pub async fn of_many_at_once_only_the_free_ones_get_through(
    throttle: impl Throttle,
    _: Arc<SetClock>,
) {
    let attempt = stranger("ann", "here");
    let tries = (0..40).map(|_| throttle.begin(&attempt));
    let waits = futures_util::future::join_all(tries).await;
    assert_eq!(waits.into_iter().filter(|wait| wait.as_ref().unwrap().is_none()).count(), 3);
}
