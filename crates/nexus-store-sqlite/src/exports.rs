//! Copies of what an account holds.

use async_trait::async_trait;
use nexus_core::ports::{ChunkPlace, ExportFile, ExportRecord, ExportStore, PortResult};
use nexus_protocol::{ExportId, Timestamp, UserId};
use rusqlite::{Connection, OptionalExtension};

use crate::{
    SqliteStore,
    columns::{parse, to_json},
};

#[async_trait]
impl ExportStore for SqliteStore {
    async fn begin_export(
        &self,
        new: &ExportRecord,
        since: Timestamp,
    ) -> PortResult<Option<ExportRecord>> {
        let new = *new;
        self.write("begin an export", move |db| {
            let last = of(db, new.user)?.filter(|last| last.created_at >= since);
            if last.is_none() {
                save(db, &new)?;
            }
            Ok(last)
        })
        .await
    }

    async fn export_of(&self, user: UserId) -> PortResult<Option<ExportRecord>> {
        self.read("read an export", move |db| of(db, user)).await
    }

    async fn note_export_progress(&self, export: &ExportRecord, percent: u8) -> PortResult<()> {
        let export = *export;
        self.write("note how far an export is", move |db| match running(db, &export)? {
            Some(now) => save(db, &ExportRecord { progress: percent, ..now }),
            None => Ok(()),
        })
        .await
    }

    async fn finish_export(&self, export: &ExportRecord, file: &ExportFile) -> PortResult<bool> {
        let (export, file) = (*export, *file);
        self.write("finish an export", move |db| match running(db, &export)? {
            Some(now) => {
                save(db, &ExportRecord { progress: 100, file: Some(file), ..now }).map(|()| true)
            }
            None => Ok(false),
        })
        .await
    }

    async fn drop_export(&self, export: &ExportRecord) -> PortResult<()> {
        let export = *export;
        self.write("drop an export", move |db| match of(db, export.user)? {
            Some(now) if now.id == export.id => db
                .prepare_cached("DELETE FROM exports WHERE user = ?1")?
                .execute([export.user.0.as_bytes()])
                .map(|_| ()),
            _ => Ok(()),
        })
        .await
    }

    async fn put_export_chunk(&self, place: ChunkPlace, bytes: Vec<u8>) -> PortResult<()> {
        self.write("store a part of an export", move |db| {
            db.prepare_cached("INSERT OR REPLACE INTO export_chunks VALUES (?1, ?2, ?3, ?4)")?
                .execute((place.export.0.as_bytes(), place.attempt, place.number, &bytes))
                .map(|_| ())
        })
        .await
    }

    async fn export_chunk(&self, place: ChunkPlace) -> PortResult<Option<Vec<u8>>> {
        self.read("read a part of an export", move |db| {
            db.prepare_cached(
                "SELECT bytes FROM export_chunks
                 WHERE export = ?1 AND attempt = ?2 AND number = ?3",
            )?
            .query_row((place.export.0.as_bytes(), place.attempt, place.number), |row| row.get(0))
            .optional()
        })
        .await
    }

    async fn drop_export_chunks(&self, export: ExportId, spared: Option<u32>) -> PortResult<()> {
        self.write("drop parts of an export", move |db| {
            db.prepare_cached("DELETE FROM export_chunks WHERE export = ?1 AND attempt IS NOT ?2")?
                .execute((export.0.as_bytes(), spared))
                .map(|_| ())
        })
        .await
    }
}

fn of(db: &Connection, user: UserId) -> rusqlite::Result<Option<ExportRecord>> {
    db.prepare_cached("SELECT export FROM exports WHERE user = ?1")?
        .query_row([user.0.as_bytes()], |row| parse(row.get_ref(0)?.as_str()?))
        .optional()
}

fn save(db: &Connection, export: &ExportRecord) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT OR REPLACE INTO exports VALUES (?1, ?2)")?
        .execute((export.user.0.as_bytes(), to_json(export)?))
        .map(|_| ())
}

/// As it is now, if it is this one and still being written.
fn running(db: &Connection, export: &ExportRecord) -> rusqlite::Result<Option<ExportRecord>> {
    Ok(of(db, export.user)?.filter(|now| now.id == export.id && now.file.is_none()))
}
