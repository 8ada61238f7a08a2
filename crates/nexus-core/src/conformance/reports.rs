//! Reports, gathered by what they are about.

use futures_util::future::join_all;
use nexus_protocol::{
    Complaint, Evidence, Report, ReportAction, ReportId, ReportReason, ReportState, ReportSubject,
    Resolution, UserId,
};
use uuid::Uuid;

use super::fixture::*;
use crate::ports::{MAX_COMPLAINTS, Store};

#[macro_export]
macro_rules! reports_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, reports:
            a_report_comes_back_whole_and_lists_leave_out_its_evidence
            what_several_say_about_one_subject_is_one_report
            many_who_complain_at_once_make_one_report
            a_report_is_resolved_once_and_then_another_begins
            reports_are_listed_by_state_and_go_on_below
        );
    };
}

fn report(n: u128, about: UserId, reporter: UserId) -> Report {
    Report {
        id: ReportId(Uuid::from_u128(n)),
        subject: ReportSubject::User { id: about },
        reported_id: Some(about),
        state: ReportState::Open,
        created_at: at(1),
        complaints: vec![Complaint {
            reporter_id: reporter,
            reason: ReportReason::Spam,
            note: Some("ünï 😀".to_owned()),
            at: at(1),
            evidence: Some(Evidence::default()),
        }],
        resolution: None,
    }
}

fn resolution() -> Resolution {
    Resolution { action: ReportAction::Ban, note: None, by: Some(DAN), at: at(2) }
}

pub async fn a_report_comes_back_whole_and_lists_leave_out_its_evidence(store: impl Store) {
    let filed = report(1, ANN, BOB);
    store.file_report(&filed).await.unwrap();
    assert_eq!(store.report(filed.id).await.unwrap().unwrap(), filed);
    let listed = store.reports(None, None, 10).await.unwrap().remove(0);
    assert_eq!((listed.id, listed.complaints.len()), (filed.id, 1));
    assert_eq!(listed.complaints[0].evidence, None);
    assert_eq!(store.report(ReportId(Uuid::nil())).await.unwrap(), None);
}

pub async fn what_several_say_about_one_subject_is_one_report(store: impl Store) {
    for (n, reporter) in [(1, BOB), (2, CAT), (3, BOB)] {
        store.file_report(&report(n, ANN, reporter)).await.unwrap();
    }
    store.file_report(&report(4, DAN, BOB)).await.unwrap();
    let all = store.reports(None, None, 10).await.unwrap();
    assert_eq!(all.len(), 2);
    let gathered = store.report(ReportId(Uuid::from_u128(1))).await.unwrap().unwrap();
    let reporters: Vec<UserId> = gathered.complaints.iter().map(|one| one.reporter_id).collect();
    assert_eq!(reporters, [BOB, CAT]);
}

pub async fn many_who_complain_at_once_make_one_report(store: impl Store) {
    let filing = (1..=u128::from(MAX_COMPLAINTS) + 5).map(|n| {
        let (store, report) = (&store, report(n, ANN, UserId(Uuid::from_u128(1_000 + n))));
        async move { store.file_report(&report).await }
    });
    join_all(filing).await.into_iter().for_each(|filed| filed.unwrap());
    let [report] = &store.reports(None, None, 10).await.unwrap()[..] else { panic!("not one") };
    assert_eq!(report.complaints.len(), MAX_COMPLAINTS as usize);
}

pub async fn a_report_is_resolved_once_and_then_another_begins(store: impl Store) {
    let first = report(1, ANN, BOB);
    store.file_report(&first).await.unwrap();
    assert!(store.resolve_report(first.id, &resolution()).await.unwrap());
    assert!(!store.resolve_report(first.id, &resolution()).await.unwrap());
    assert!(!store.resolve_report(ReportId(Uuid::nil()), &resolution()).await.unwrap());
    let resolved = store.report(first.id).await.unwrap().unwrap();
    assert_eq!((resolved.state, resolved.resolution), (ReportState::Resolved, Some(resolution())));
    store.file_report(&report(2, ANN, BOB)).await.unwrap();
    let open = store.reports(Some(ReportState::Open), None, 10).await.unwrap();
    assert_eq!(open.iter().map(|report| report.id.0.as_u128()).collect::<Vec<_>>(), [2]);
}

pub async fn reports_are_listed_by_state_and_go_on_below(store: impl Store) {
    for (n, about) in [(1, ANN), (2, BOB), (3, CAT), (4, DAN)] {
        store.file_report(&report(n, about, EVE)).await.unwrap();
    }
    store.resolve_report(ReportId(Uuid::from_u128(3)), &resolution()).await.unwrap();
    let listed = async |state, before: Option<u128>| -> Vec<u128> {
        let before = before.map(|n| ReportId(Uuid::from_u128(n)));
        let found = store.reports(state, before, 2).await.unwrap();
        found.into_iter().map(|report| report.id.0.as_u128()).collect()
    };
    assert_eq!(listed(None, None).await, [4, 3]);
    assert_eq!(listed(None, Some(3)).await, [2, 1]);
    assert_eq!(listed(Some(ReportState::Open), None).await, [4, 2]);
    assert_eq!(listed(Some(ReportState::Open), Some(2)).await, [1]);
    assert_eq!(listed(Some(ReportState::Resolved), None).await, [3]);
}
