//! Side jobs are kept until they are done, and done by one at a time.

use nexus_protocol::{JobId, Timestamp};
use uuid::Uuid;

use super::fixture::*;
use crate::ports::{JobRecord, JobStats, JobStore, JobTry, NewJob};

#[macro_export]
macro_rules! jobs_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, jobs:
            a_job_is_kept_whole
            a_known_key_makes_no_second_job
            of_two_pushes_at_once_one_makes_the_job
            jobs_are_taken_when_they_are_due_the_longest_due_first
            of_two_who_take_at_once_each_job_has_one
            a_lease_that_ends_gives_the_job_to_the_next
            who_has_lost_a_job_can_not_settle_it
            a_renewed_lease_lasts_longer
            what_is_done_is_forgotten_but_its_key
            a_failed_job_comes_again_at_its_time
            a_job_that_is_given_up_can_be_replayed_or_discarded
            only_what_was_given_up_can_be_replayed_or_discarded
            the_numbers_are_those_of_the_jobs
            pruning_forgets_keys_too
        );
    };
}

const LEASE: i64 = 60;

fn id(n: u128) -> JobId {
    JobId(Uuid::from_u128(0x10B0 + n))
}

fn job(n: u128, key: &str, due: i64) -> NewJob {
    NewJob {
        id: id(n),
        key: key.to_owned(),
        kind: "mail".to_owned(),
        body: format!("{{\"kind\":\"mail\",\"n\":{n}}}"),
        created_at: NOW,
        run_at: at(due),
    }
}

/// Pushes job `n`, due at `due`.
async fn push(store: &impl JobStore, n: u128, due: i64) {
    assert!(store.push_job(&job(n, &format!("key {n}"), due)).await.unwrap());
}

async fn take(store: &impl JobStore, now: i64, max: u32) -> Vec<JobRecord> {
    store.take_jobs(at(now), at(now + LEASE), max).await.unwrap()
}

async fn take_one(store: &impl JobStore, now: i64) -> JobTry {
    let taken = take(store, now, 1).await;
    taken.first().expect("a job is due").current()
}

fn ids(jobs: &[JobRecord]) -> Vec<JobId> {
    jobs.iter().map(|job| job.id).collect()
}

pub async fn a_job_is_kept_whole(store: impl JobStore) {
    push(&store, 1, 5).await;
    let new = job(1, "key 1", 5);
    let waiting = JobRecord {
        id: new.id,
        key: new.key,
        kind: new.kind,
        body: new.body,
        created_at: NOW,
        attempts: 0,
        due_at: Some(at(5)),
        last_error: None,
        died_at: None,
    };
    assert_eq!(store.waiting_jobs(10).await.unwrap(), std::slice::from_ref(&waiting));
    let taken = JobRecord { attempts: 1, due_at: Some(at(5 + LEASE)), ..waiting };
    assert_eq!(take(&store, 5, 10).await, std::slice::from_ref(&taken));
    assert_eq!(store.waiting_jobs(10).await.unwrap(), [taken]);
}

pub async fn a_known_key_makes_no_second_job(store: impl JobStore) {
    push(&store, 1, 0).await;
    let again = job(2, "key 1", 0);
    assert!(!store.push_job(&again).await.unwrap(), "it waits");
    let taken = take_one(&store, 0).await;
    assert!(!store.push_job(&again).await.unwrap(), "it is being carried out");
    assert!(store.finish_job(taken, at(1)).await.unwrap());
    assert!(!store.push_job(&again).await.unwrap(), "it is done");
    push(&store, 3, 0).await;
    let taken = take_one(&store, 0).await;
    assert!(store.bury_job(taken, at(1), "no").await.unwrap());
    assert!(!store.push_job(&job(4, "key 3", 0)).await.unwrap(), "it was given up");
    assert_eq!(take(&store, 1_000, 10).await, []);
}

pub async fn of_two_pushes_at_once_one_makes_the_job(store: impl JobStore) {
    let (one, two) = (job(1, "same", 0), job(2, "same", 0));
    let (a, b) = tokio::join!(store.push_job(&one), store.push_job(&two));
    assert_ne!(a.unwrap(), b.unwrap());
    assert_eq!(take(&store, 0, 10).await.len(), 1);
}

pub async fn jobs_are_taken_when_they_are_due_the_longest_due_first(store: impl JobStore) {
    for (n, due) in [(1, 30), (2, 10), (3, 20), (4, 40)] {
        push(&store, n, due).await;
    }
    assert_eq!(take(&store, 9, 10).await, []);
    assert_eq!(ids(&take(&store, 30, 2).await), [id(2), id(3)]);
    assert_eq!(ids(&take(&store, 30, 2).await), [id(1)]);
}

pub async fn of_two_who_take_at_once_each_job_has_one(store: impl JobStore) {
    for n in 0..20 {
        push(&store, n, 0).await;
    }
    let (a, b) = tokio::join!(take(&store, 0, 12), take(&store, 0, 12));
    let mut all = [ids(&a), ids(&b)].concat();
    all.extend(ids(&take(&store, 0, 12).await));
    all.sort();
    assert_eq!(all, (0..20).map(id).collect::<Vec<_>>());
}

pub async fn a_lease_that_ends_gives_the_job_to_the_next(store: impl JobStore) {
    push(&store, 1, 0).await;
    assert_eq!(take(&store, 0, 1).await[0].attempts, 1);
    assert_eq!(take(&store, LEASE - 1, 1).await, []);
    assert_eq!(take(&store, LEASE, 1).await[0].attempts, 2);
}

pub async fn who_has_lost_a_job_can_not_settle_it(store: impl JobStore) {
    push(&store, 1, 0).await;
    let lost = take_one(&store, 0).await;
    let current = take_one(&store, LEASE).await;
    assert!(!store.renew_job(lost, at(500)).await.unwrap());
    assert!(!store.finish_job(lost, at(61)).await.unwrap());
    assert!(!store.retry_job(lost, at(61), "late").await.unwrap());
    assert!(!store.bury_job(lost, at(61), "late").await.unwrap());
    assert!(store.finish_job(current, at(62)).await.unwrap());
    assert!(!store.finish_job(current, at(63)).await.unwrap(), "it is settled");
    assert_eq!(take(&store, 1_000, 1).await, []);
}

pub async fn a_renewed_lease_lasts_longer(store: impl JobStore) {
    push(&store, 1, 0).await;
    let taken = take_one(&store, 0).await;
    assert!(store.renew_job(taken, at(100)).await.unwrap());
    assert_eq!(take(&store, 99, 1).await, []);
    assert_eq!(take(&store, 100, 1).await.len(), 1);
}

pub async fn what_is_done_is_forgotten_but_its_key(store: impl JobStore) {
    push(&store, 1, 0).await;
    let taken = take_one(&store, 0).await;
    assert!(store.finish_job(taken, at(1)).await.unwrap());
    assert_eq!(store.waiting_jobs(10).await.unwrap(), []);
    assert_eq!(store.dead_jobs(10).await.unwrap(), []);
    assert!(!store.replay_job(id(1), at(2)).await.unwrap());
    assert!(!store.push_job(&job(2, "key 1", 0)).await.unwrap());
}

pub async fn a_failed_job_comes_again_at_its_time(store: impl JobStore) {
    push(&store, 1, 0).await;
    let taken = take_one(&store, 0).await;
    assert!(store.retry_job(taken, at(30), "the line was busy").await.unwrap());
    assert_eq!(take(&store, 29, 1).await, []);
    let again = take(&store, 30, 1).await.remove(0);
    assert_eq!((again.attempts, again.last_error.as_deref()), (2, Some("the line was busy")));
}

pub async fn a_job_that_is_given_up_can_be_replayed_or_discarded(store: impl JobStore) {
    for n in 1..=3 {
        push(&store, n, 0).await;
        let taken = take_one(&store, 0).await;
        assert!(store.bury_job(taken, at(n as i64), "no such mailbox").await.unwrap());
    }
    assert_eq!(take(&store, 1_000, 10).await, []);
    let dead = store.dead_jobs(10).await.unwrap();
    assert_eq!(ids(&dead), [id(3), id(2), id(1)], "the last first");
    assert_eq!((dead[0].died_at, dead[0].due_at), (Some(at(3)), None));
    assert_eq!(dead[0].last_error.as_deref(), Some("no such mailbox"));
    assert_eq!(ids(&store.dead_jobs(1).await.unwrap()), [id(3)]);

    assert!(store.replay_job(id(1), at(50)).await.unwrap());
    let again = take(&store, 50, 10).await;
    assert_eq!(ids(&again), [id(1)]);
    assert_eq!((again[0].attempts, again[0].died_at), (1, None), "it begins anew");
    assert!(store.discard_job(id(2)).await.unwrap());
    assert!(!store.discard_job(id(2)).await.unwrap());
    assert_eq!(ids(&store.dead_jobs(10).await.unwrap()), [id(3)]);
    assert!(store.push_job(&job(4, "key 2", 0)).await.unwrap(), "its key is free again");
}

pub async fn only_what_was_given_up_can_be_replayed_or_discarded(store: impl JobStore) {
    push(&store, 1, 0).await;
    for taken in [false, true] {
        if taken {
            take_one(&store, 0).await;
        }
        assert!(!store.replay_job(id(1), at(1)).await.unwrap());
        assert!(!store.discard_job(id(1)).await.unwrap());
    }
    assert!(!store.replay_job(id(9), at(1)).await.unwrap());
    assert!(!store.discard_job(id(9)).await.unwrap());
}

pub async fn the_numbers_are_those_of_the_jobs(store: impl JobStore) {
    assert_eq!(store.job_stats().await.unwrap(), JobStats::default());
    for (n, due) in [(1, 30), (2, 10), (3, 20)] {
        push(&store, n, due).await;
    }
    let first = take_one(&store, 10).await;
    let stats = store.job_stats().await.unwrap();
    assert_eq!(stats, JobStats { waiting: 3, first_due_at: Some(at(20)), dead: 0 });
    assert!(store.bury_job(first, at(11), "no").await.unwrap());
    let second = take_one(&store, 20).await;
    assert!(store.finish_job(second, at(21)).await.unwrap());
    let stats = store.job_stats().await.unwrap();
    assert_eq!(stats, JobStats { waiting: 1, first_due_at: Some(at(30)), dead: 1 });
}

pub async fn pruning_forgets_keys_too(store: impl JobStore) {
    for (n, settled) in [(1, 10), (2, 20), (3, 10), (4, 20)] {
        push(&store, n, 0).await;
        let taken = take_one(&store, 0).await;
        let settled = at(settled);
        let done = match n {
            1 | 2 => store.finish_job(taken, settled).await,
            _ => store.bury_job(taken, settled, "no").await,
        };
        assert!(done.unwrap());
    }
    push(&store, 5, 0).await;
    store.prune_jobs(at(20), Timestamp(0)).await.unwrap();
    assert!(store.push_job(&job(11, "key 1", 0)).await.unwrap());
    assert!(!store.push_job(&job(12, "key 2", 0)).await.unwrap());
    store.prune_jobs(Timestamp(0), at(20)).await.unwrap();
    assert!(store.push_job(&job(13, "key 3", 0)).await.unwrap());
    assert!(!store.push_job(&job(14, "key 4", 0)).await.unwrap());
    assert!(!store.push_job(&job(15, "key 5", 0)).await.unwrap(), "it waits");
}
