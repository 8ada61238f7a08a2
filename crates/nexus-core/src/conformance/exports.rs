//! Copies of what an account holds.

use nexus_protocol::ExportId;
use uuid::Uuid;

use super::fixture::*;
use crate::ports::{ChunkPlace, ExportFile, ExportRecord, Store};

#[macro_export]
macro_rules! exports_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, exports:
            an_export_is_begun_once_in_a_while
            of_two_exports_begun_at_once_one_is_stored
            an_export_is_finished_once
            chunks_are_kept_apart_by_try_and_dropped
            a_dropped_export_is_gone_and_a_later_one_is_not
        );
    };
}

const FILE: ExportFile = ExportFile { attempt: 2, chunks: 3, size: 700_000, until: NOW };

fn export(n: u128, secs: i64) -> ExportRecord {
    let id = ExportId(Uuid::from_u128(n));
    ExportRecord { id, user: ANN, created_at: at(secs), progress: 0, file: None }
}

fn place(attempt: u32, number: u32) -> ChunkPlace {
    ChunkPlace { export: export(1, 0).id, attempt, number }
}

pub async fn an_export_is_begun_once_in_a_while(store: impl Store) {
    let (first, second) = (export(1, 0), export(2, 60));
    assert_eq!(store.export_of(ANN).await.unwrap(), None);
    assert_eq!(store.begin_export(&first, at(-60)).await.unwrap(), None);
    assert_eq!(store.begin_export(&second, at(0)).await.unwrap(), Some(first));
    assert_eq!(store.export_of(ANN).await.unwrap(), Some(first));
    assert_eq!(store.begin_export(&second, at(1)).await.unwrap(), None);
    assert_eq!(store.export_of(ANN).await.unwrap(), Some(second));
    assert_eq!(store.export_of(BOB).await.unwrap(), None);
}

pub async fn of_two_exports_begun_at_once_one_is_stored(store: impl Store) {
    let (first, second) = (export(1, 0), export(2, 0));
    let (a, b) =
        tokio::join!(store.begin_export(&first, at(-60)), store.begin_export(&second, at(-60)));
    assert!(matches!((a.unwrap(), b.unwrap()), (None, Some(_)) | (Some(_), None)));
}

pub async fn an_export_is_finished_once(store: impl Store) {
    let first = export(1, 0);
    store.begin_export(&first, at(-60)).await.unwrap();
    assert!(!store.finish_export(&export(2, 0), &FILE).await.unwrap(), "another one");
    store.note_export_progress(&first, 40).await.unwrap();
    let now = store.export_of(ANN).await.unwrap().unwrap();
    assert_eq!(now, ExportRecord { progress: 40, ..first });
    assert!(store.finish_export(&first, &FILE).await.unwrap());
    let other = ExportFile { attempt: 3, ..FILE };
    assert!(!store.finish_export(&first, &other).await.unwrap());
    store.note_export_progress(&first, 50).await.unwrap();
    let now = store.export_of(ANN).await.unwrap().unwrap();
    assert_eq!(now, ExportRecord { progress: 100, file: Some(FILE), ..first });
}

pub async fn chunks_are_kept_apart_by_try_and_dropped(store: impl Store) {
    let bytes = |n: u8| vec![n; 300_000];
    for (attempt, number, n) in [(1, 0, 1), (1, 1, 2), (2, 0, 3), (2, 0, 4)] {
        store.put_export_chunk(place(attempt, number), bytes(n)).await.unwrap();
    }
    let read = async |attempt, number| {
        store.export_chunk(place(attempt, number)).await.unwrap().map(|bytes| bytes[0])
    };
    assert_eq!(read(1, 0).await, Some(1));
    assert_eq!(read(1, 1).await, Some(2));
    assert_eq!(read(2, 0).await, Some(4), "written again");
    assert_eq!(read(2, 1).await, None);
    store.drop_export_chunks(place(0, 0).export, Some(2)).await.unwrap();
    assert_eq!((read(1, 0).await, read(1, 1).await, read(2, 0).await), (None, None, Some(4)));
    store.drop_export_chunks(ExportId(Uuid::from_u128(9)), None).await.unwrap();
    assert_eq!(read(2, 0).await, Some(4), "another's");
    store.drop_export_chunks(place(0, 0).export, None).await.unwrap();
    assert_eq!(read(2, 0).await, None);
}

pub async fn a_dropped_export_is_gone_and_a_later_one_is_not(store: impl Store) {
    let (first, second) = (export(1, 0), export(2, 60));
    store.begin_export(&first, at(-60)).await.unwrap();
    store.begin_export(&second, at(1)).await.unwrap();
    store.drop_export(&first).await.unwrap();
    assert_eq!(store.export_of(ANN).await.unwrap(), Some(second));
    store.drop_export(&second).await.unwrap();
    assert_eq!(store.export_of(ANN).await.unwrap(), None);
    assert!(!store.finish_export(&second, &FILE).await.unwrap());
}
