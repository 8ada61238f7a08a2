//! Contacts and blocks.

use nexus_protocol::{OwnChange, UserId};

use super::fixture::*;
use crate::ports::{Bond, ContactRecord, Store};

#[macro_export]
macro_rules! bonds_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, bonds:
            between_strangers_there_is_nothing
            a_block_is_seen_from_both_sides_and_noted_for_one
            a_contact_is_added_renamed_and_removed
            a_contact_may_be_blocked_and_stays_one
            contacts_and_blocks_come_by_id_and_go_on_above
            nobody_has_no_contacts_and_blocks_nobody
            of_two_who_block_at_once_one_change_is_noted
        );
    };
}

async fn bond(store: &impl Store, user: UserId, other: UserId) -> Bond {
    store.bonds(user, &[other]).await.unwrap()[0]
}

async fn add(store: &impl Store, user: UserId, other: UserId, nickname: Option<&str>) {
    store.put_contact(user, other, nickname, at(1)).await.unwrap().unwrap();
}

pub async fn between_strangers_there_is_nothing(store: impl Store) {
    people(&store).await;
    assert_eq!(store.bonds(ANN, &[BOB, EVE]).await.unwrap(), [Bond::default(); 2]);
    assert_eq!(store.bonds(ANN, &[]).await.unwrap(), []);
    assert_eq!(store.blocked(ANN, None, 10).await.unwrap(), []);
    assert_eq!(store.contacts(ANN, None, 10).await.unwrap(), []);
    assert_eq!(store.contact(ANN, BOB).await.unwrap(), None);
    assert_eq!(store.bond_count(ANN).await.unwrap(), 0);
}

pub async fn a_block_is_seen_from_both_sides_and_noted_for_one(store: impl Store) {
    people(&store).await;
    let change = store.set_blocked(ANN, BOB, true, at(1)).await.unwrap().unwrap();
    assert_eq!((change.user_rev, change.at), (1, at(1)));
    assert_eq!(change.change, OwnChange::Blocks { user_id: BOB, blocked: true });
    assert_eq!(store.set_blocked(ANN, BOB, true, at(2)).await.unwrap(), None);
    let blocks = Bond { blocks: true, ..Bond::default() };
    assert_eq!(store.bonds(ANN, &[CAT, BOB]).await.unwrap(), [Bond::default(), blocks]);
    assert_eq!(bond(&store, BOB, ANN).await, blocks.turned());
    assert_eq!(store.blocked(ANN, None, 10).await.unwrap(), [BOB]);
    assert_eq!(store.blocked(BOB, None, 10).await.unwrap(), []);
    assert_eq!(store.user_changes(ANN, 0, 10).await.unwrap(), [change]);
    assert_eq!(store.user_rev(BOB).await.unwrap(), 0);

    let change = store.set_blocked(ANN, BOB, false, at(3)).await.unwrap().unwrap();
    assert_eq!(change.change, OwnChange::Blocks { user_id: BOB, blocked: false });
    assert_eq!(bond(&store, ANN, BOB).await, Bond::default());
    assert_eq!(store.set_blocked(ANN, BOB, false, at(4)).await.unwrap(), None);
    assert_eq!(store.user_changes(ANN, 0, 10).await.unwrap(), [change]);
}

pub async fn a_contact_is_added_renamed_and_removed(store: impl Store) {
    people(&store).await;
    let contacts = |nickname: Option<&str>, is_contact| OwnChange::Contacts {
        user_id: BOB,
        is_contact,
        nickname: nickname.map(str::to_owned),
    };
    let record = |nickname: Option<&str>, secs| ContactRecord {
        other: BOB,
        nickname: nickname.map(str::to_owned),
        added_at: at(secs),
    };
    let added = store.put_contact(ANN, BOB, None, at(1)).await.unwrap().unwrap();
    assert_eq!(added.change, contacts(None, true));
    assert_eq!(store.put_contact(ANN, BOB, None, at(2)).await.unwrap(), None);
    assert_eq!(store.contact(ANN, BOB).await.unwrap(), Some(record(None, 1)));
    let renamed = store.put_contact(ANN, BOB, Some("Bobby"), at(3)).await.unwrap().unwrap();
    assert_eq!((renamed.user_rev, &renamed.change), (2, &contacts(Some("Bobby"), true)));
    assert_eq!(store.contacts(ANN, None, 10).await.unwrap(), [record(Some("Bobby"), 1)]);
    let has = Bond { has: true, ..Bond::default() };
    assert_eq!(bond(&store, ANN, BOB).await, has);
    assert_eq!(bond(&store, BOB, ANN).await, has.turned());
    assert_eq!(store.user_changes(ANN, 0, 10).await.unwrap(), [renamed]);

    let removed = store.remove_contact(ANN, BOB, at(4)).await.unwrap().unwrap();
    assert_eq!(removed.change, contacts(None, false));
    assert_eq!(store.remove_contact(ANN, BOB, at(5)).await.unwrap(), None);
    assert_eq!(store.contacts(ANN, None, 10).await.unwrap(), []);
    assert_eq!(bond(&store, BOB, ANN).await, Bond::default());
    add(&store, ANN, BOB, Some("B")).await;
    assert_eq!(store.contact(ANN, BOB).await.unwrap(), Some(record(Some("B"), 1)));
}

pub async fn a_contact_may_be_blocked_and_stays_one(store: impl Store) {
    people(&store).await;
    add(&store, ANN, BOB, Some("Bobby")).await;
    store.set_blocked(ANN, BOB, true, at(2)).await.unwrap().unwrap();
    store.set_blocked(BOB, ANN, true, at(2)).await.unwrap().unwrap();
    let both = Bond { has: true, is_had: false, blocks: true, is_blocked: true };
    assert_eq!(bond(&store, ANN, BOB).await, both);
    assert_eq!(store.bond_count(ANN).await.unwrap(), 2);
    store.set_blocked(ANN, BOB, false, at(3)).await.unwrap().unwrap();
    let nickname = store.contact(ANN, BOB).await.unwrap().unwrap().nickname;
    assert_eq!(nickname.as_deref(), Some("Bobby"));
    assert_eq!(store.user_changes(ANN, 0, 10).await.unwrap().len(), 2, "one of each kind");
}

pub async fn contacts_and_blocks_come_by_id_and_go_on_above(store: impl Store) {
    people(&store).await;
    for other in [DAN, BOB, CAT] {
        add(&store, ANN, other, None).await;
        store.set_blocked(ANN, other, true, at(2)).await.unwrap().unwrap();
    }
    let contacts = async |after, limit| -> Vec<UserId> {
        let found = store.contacts(ANN, after, limit).await.unwrap();
        found.into_iter().map(|contact| contact.other).collect()
    };
    assert_eq!(contacts(None, 2).await, [BOB, CAT]);
    assert_eq!(contacts(Some(CAT), 2).await, [DAN]);
    assert_eq!(store.blocked(ANN, None, 2).await.unwrap(), [BOB, CAT]);
    assert_eq!(store.blocked(ANN, Some(CAT), 2).await.unwrap(), [DAN]);
}

pub async fn nobody_has_no_contacts_and_blocks_nobody(store: impl Store) {
    people(&store).await;
    assert_eq!(store.set_blocked(EVE, BOB, true, at(1)).await.unwrap(), None);
    assert_eq!(store.put_contact(EVE, BOB, None, at(1)).await.unwrap(), None);
    assert_eq!(store.remove_contact(EVE, BOB, at(1)).await.unwrap(), None);
    assert_eq!(bond(&store, EVE, BOB).await, Bond::default());
}

pub async fn of_two_who_block_at_once_one_change_is_noted(store: impl Store) {
    people(&store).await;
    let (one, other) = tokio::join!(
        store.set_blocked(ANN, BOB, true, at(1)),
        store.set_blocked(ANN, BOB, true, at(1)),
    );
    let noted = [one, other].map(|change| change.unwrap().is_some());
    assert!(noted == [true, false] || noted == [false, true], "{noted:?}");
    assert_eq!(store.user_rev(ANN).await.unwrap(), 1);
}
