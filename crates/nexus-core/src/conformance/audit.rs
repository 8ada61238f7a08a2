//! The log of what staff did.

use futures_util::future::join_all;
use nexus_protocol::{AuditAction, AuditActor, AuditTarget, UserId};
use serde_json::json;

use super::fixture::*;
use crate::{
    audit::{BEGINNING, Verifier},
    ports::{AuditFilter, NewEntry, Store},
};

#[macro_export]
macro_rules! audit_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, audit:
            entries_are_chained_and_come_back_whole
            of_many_writers_at_once_each_gets_a_number_of_its_own
            entries_are_found_by_who_what_and_whom
        );
    };
}

fn entry(actor: AuditActor, action: AuditAction, target: Option<UserId>) -> NewEntry {
    let detail =
        json!({ "reason": "ünï \" 😀", "count": 3, "nested": { "b": [1, null], "a": true } });
    NewEntry { at: at(1), actor, action, target: target.map(AuditTarget::user), detail }
}

pub async fn entries_are_chained_and_come_back_whole(store: impl Store) {
    assert!(store.audit_after(0, 10).await.unwrap().is_empty());
    let by_ann = AuditActor::User { id: ANN };
    let first =
        store.append_audit(&entry(by_ann, AuditAction::UserBanned, Some(BOB))).await.unwrap();
    let second =
        store.append_audit(&entry(AuditActor::Operator, AuditAction::SweepEnded, None)).await;
    let second = second.unwrap();
    assert_eq!((first.number, first.previous.as_str()), (1, BEGINNING));
    assert_eq!((second.number, &second.previous), (2, &first.hash));
    let log = store.audit_after(0, 10).await.unwrap();
    assert_eq!(log, [first, second.clone()]);
    let mut verifier = Verifier::default();
    log.iter().for_each(|entry| verifier.next(entry).unwrap());
    assert_eq!(verifier.end(), (2, second.hash.as_str()));
    assert_eq!(store.audit_after(1, 10).await.unwrap(), [second]);
}

pub async fn of_many_writers_at_once_each_gets_a_number_of_its_own(store: impl Store) {
    let new = entry(AuditActor::Server, AuditAction::SessionStolen, Some(ANN));
    let written = join_all((0..20).map(|_| store.append_audit(&new))).await;
    let mut numbers: Vec<u64> = written.into_iter().map(|entry| entry.unwrap().number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
    let mut verifier = Verifier::default();
    for entry in store.audit_after(0, 100).await.unwrap() {
        verifier.next(&entry).unwrap();
    }
    assert_eq!(verifier.end().0, 20);
}

pub async fn entries_are_found_by_who_what_and_whom(store: impl Store) {
    let (ann, bob) = (AuditActor::User { id: ANN }, AuditActor::User { id: BOB });
    for (actor, action, target) in [
        (ann, AuditAction::UserBanned, Some(CAT)),
        (bob, AuditAction::UserBanned, Some(DAN)),
        (ann, AuditAction::BanLifted, Some(CAT)),
        (AuditActor::Server, AuditAction::SweepEnded, None),
    ] {
        store.append_audit(&entry(actor, action, target)).await.unwrap();
    }
    let found = async |filter: AuditFilter, before, limit| -> Vec<u64> {
        let found = store.audit_page(&filter, before, limit).await.unwrap();
        found.into_iter().map(|entry| entry.number).collect()
    };
    let any = AuditFilter::default();
    assert_eq!(found(any.clone(), None, 10).await, [4, 3, 2, 1]);
    assert_eq!(found(any.clone(), Some(4), 2).await, [3, 2]);
    let actor = Some(ANN);
    assert_eq!(found(AuditFilter { actor, ..any.clone() }, None, 10).await, [3, 1]);
    let action = Some(AuditAction::UserBanned);
    assert_eq!(found(AuditFilter { action, ..any.clone() }, None, 10).await, [2, 1]);
    let target = Some(CAT.0);
    assert_eq!(found(AuditFilter { target, ..any.clone() }, None, 10).await, [3, 1]);
    assert_eq!(found(AuditFilter { actor, action, target }, None, 10).await, [1]);
}
