//! What was begun here and ends with a proof from elsewhere.

use super::fixture::*;
use crate::ports::{Ceremony, CeremonyKind, Store};

#[macro_export]
macro_rules! ceremonies_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, ceremonies:
            a_ceremony_ends_once
            of_two_who_end_a_ceremony_at_once_one_does
            a_ceremony_is_of_one_kind
            an_expired_ceremony_ends_no_more
            expired_ceremonies_are_forgotten
        );
    };
}

fn begun(n: u8, kind: CeremonyKind) -> Ceremony {
    let detail = r#"{"name":"ünï"}"#.to_owned();
    Ceremony { hash: [n; 32], kind, user_id: None, detail, expires_at: at(60) }
}

pub async fn a_ceremony_ends_once(store: impl Store) {
    for (kind, n) in CeremonyKind::ALL.into_iter().zip(1..) {
        let user_id = (n % 2 == 0).then_some(ANN);
        let ceremony = Ceremony { user_id, ..begun(n, kind) };
        store.put_ceremony(&ceremony).await.unwrap();
        let seen = store.ceremony(kind, &[n; 32], at(1)).await.unwrap();
        assert_eq!(seen, Some(ceremony.clone()), "a look takes nothing");
        let taken = store.take_ceremony(kind, &[n; 32], at(1)).await.unwrap();
        assert_eq!(taken, Some(ceremony));
        assert_eq!(store.take_ceremony(kind, &[n; 32], at(1)).await.unwrap(), None);
        assert_eq!(store.ceremony(kind, &[n; 32], at(1)).await.unwrap(), None);
    }
}

pub async fn of_two_who_end_a_ceremony_at_once_one_does(store: impl Store) {
    let kind = CeremonyKind::PasskeyLogin;
    store.put_ceremony(&begun(1, kind)).await.unwrap();
    let (one, other) = tokio::join!(
        store.take_ceremony(kind, &[1; 32], at(1)),
        store.take_ceremony(kind, &[1; 32], at(1))
    );
    assert!(one.unwrap().is_some() != other.unwrap().is_some());
}

pub async fn a_ceremony_is_of_one_kind(store: impl Store) {
    store.put_ceremony(&begun(1, CeremonyKind::PasskeyLogin)).await.unwrap();
    for other in CeremonyKind::ALL.into_iter().filter(|kind| *kind != CeremonyKind::PasskeyLogin) {
        assert_eq!(store.ceremony(other, &[1; 32], at(1)).await.unwrap(), None);
        assert_eq!(store.take_ceremony(other, &[1; 32], at(1)).await.unwrap(), None);
    }
    let kind = CeremonyKind::PasskeyLogin;
    assert!(store.take_ceremony(kind, &[1; 32], at(1)).await.unwrap().is_some());
}

pub async fn an_expired_ceremony_ends_no_more(store: impl Store) {
    let kind = CeremonyKind::OidcTicket;
    store.put_ceremony(&begun(1, kind)).await.unwrap();
    assert_eq!(store.ceremony(kind, &[1; 32], at(60)).await.unwrap(), None);
    assert_eq!(store.take_ceremony(kind, &[1; 32], at(60)).await.unwrap(), None);
    assert!(store.take_ceremony(kind, &[1; 32], at(59)).await.unwrap().is_some());
}

pub async fn expired_ceremonies_are_forgotten(store: impl Store) {
    let kind = CeremonyKind::AddPasskey;
    store.put_ceremony(&begun(1, kind)).await.unwrap();
    store.prune_ceremonies(at(60)).await.unwrap();
    assert!(store.ceremony(kind, &[1; 32], at(0)).await.unwrap().is_some());
    store.prune_ceremonies(at(61)).await.unwrap();
    assert!(store.ceremony(kind, &[1; 32], at(0)).await.unwrap().is_none());
}
