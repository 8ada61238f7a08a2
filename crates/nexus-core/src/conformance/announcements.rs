//! What staff have to say, and who has put it away.

use nexus_protocol::{AnnouncementId, AnnouncementLevel, AnnouncementRecord, OwnChange, UserId};
use uuid::Uuid;

use super::fixture::*;
use crate::ports::Store;

#[macro_export]
macro_rules! announcements_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, announcements:
            announcements_hold_until_they_are_over_or_withdrawn
            a_warning_is_for_one_user_alone
            what_was_dismissed_is_noted_and_known
        );
    };
}

fn id(n: u128) -> AnnouncementId {
    AnnouncementId(Uuid::from_u128(n))
}

fn announcement(n: u128, to: Option<UserId>, until: Option<i64>) -> AnnouncementRecord {
    AnnouncementRecord {
        id: id(n),
        content: "we move house, ünï 😀".to_owned(),
        level: AnnouncementLevel::Critical,
        by: Some(DAN),
        to,
        created_at: NOW,
        until: until.map(at),
        withdrawn_at: None,
    }
}

async fn shown(store: &impl Store, user: UserId, secs: i64) -> Vec<u128> {
    let found = store.announcements_for(user, at(secs), 10).await.unwrap();
    found.into_iter().map(|one| one.id.0.as_u128()).collect()
}

pub async fn announcements_hold_until_they_are_over_or_withdrawn(store: impl Store) {
    for (n, until) in [(1, None), (2, Some(10)), (3, None)] {
        store.add_announcement(&announcement(n, None, until)).await.unwrap();
    }
    assert_eq!(shown(&store, ANN, 9).await, [3, 2, 1]);
    assert_eq!(shown(&store, ANN, 10).await, [3, 1]);
    let withdrawn = store.withdraw_announcement(id(3), at(5)).await.unwrap().unwrap();
    assert_eq!(withdrawn.withdrawn_at, Some(at(5)));
    assert_eq!(store.announcement(id(3)).await.unwrap(), Some(withdrawn));
    assert_eq!(store.withdraw_announcement(id(3), at(6)).await.unwrap(), None);
    assert_eq!(store.withdraw_announcement(id(9), at(6)).await.unwrap(), None);
    assert_eq!(shown(&store, ANN, 9).await, [2, 1]);
    let all = store.announcements(None, 2).await.unwrap();
    assert_eq!(all.iter().map(|one| one.id).collect::<Vec<_>>(), [id(3), id(2)]);
    let rest = store.announcements(Some(id(2)), 2).await.unwrap();
    assert_eq!(rest, [announcement(1, None, None)]);
}

pub async fn a_warning_is_for_one_user_alone(store: impl Store) {
    store.add_announcement(&announcement(1, Some(ANN), None)).await.unwrap();
    store.add_announcement(&announcement(2, None, None)).await.unwrap();
    assert_eq!(shown(&store, ANN, 0).await, [2, 1]);
    assert_eq!(shown(&store, BOB, 0).await, [2]);
}

pub async fn what_was_dismissed_is_noted_and_known(store: impl Store) {
    people(&store).await;
    let change = store.dismiss(ANN, id(1), at(1)).await.unwrap().unwrap();
    assert_eq!(change.change, OwnChange::Dismiss { announcement_id: id(1) });
    store.dismiss(ANN, id(2), at(1)).await.unwrap().unwrap();
    assert_eq!(store.user_changes(ANN, 0, 10).await.unwrap()[0], change);
    let among = [id(1), id(2), id(3)];
    let mut dismissed = store.dismissed(ANN, &among).await.unwrap();
    dismissed.sort_unstable();
    assert_eq!(dismissed, among[..2]);
    assert_eq!(store.dismissed(BOB, &among).await.unwrap(), []);
    assert!(store.dismiss(EVE, id(1), at(1)).await.unwrap().is_none());
}
