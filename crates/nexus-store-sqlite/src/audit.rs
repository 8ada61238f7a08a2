//! The audit log. One writer: the last entry is the one to go on from.

use async_trait::async_trait;
use nexus_core::{
    audit::seal,
    ports::{AuditFilter, AuditStore, NewEntry, PortResult},
};
use nexus_protocol::AuditEntry;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::{
    SqliteStore,
    columns::{int, parse, to_json},
};

#[async_trait]
impl AuditStore for SqliteStore {
    async fn append_audit(&self, entry: &NewEntry) -> PortResult<AuditEntry> {
        let entry = entry.clone();
        self.write("append to the audit log", move |db| append(db, &entry)).await
    }

    async fn audit_page(
        &self,
        filter: &AuditFilter,
        before: Option<u64>,
        limit: u32,
    ) -> PortResult<Vec<AuditEntry>> {
        let (filter, before) = (filter.clone(), before.map_or(i64::MAX, int));
        self.read("read the audit log", move |db| {
            db.prepare_cached(
                "SELECT entry FROM audit
                 WHERE number < ?1 AND (?2 IS NULL OR actor = ?2) AND (?3 IS NULL OR action = ?3)
                    AND (?4 IS NULL OR target = ?4)
                 ORDER BY number DESC LIMIT ?5",
            )?
            .query_map(
                (
                    before,
                    filter.actor.as_ref().map(|user| user.0.as_bytes()),
                    filter.action.map(nexus_protocol::AuditAction::as_str),
                    filter.target.as_ref().map(uuid::Uuid::as_bytes),
                    limit,
                ),
                entry,
            )?
            .collect()
        })
        .await
    }

    async fn audit_after(&self, after: u64, limit: u32) -> PortResult<Vec<AuditEntry>> {
        self.read("read the audit log", move |db| {
            db.prepare_cached("SELECT entry FROM audit WHERE number > ?1 ORDER BY number LIMIT ?2")?
                .query_map((int(after), limit), entry)?
                .collect()
        })
        .await
    }
}

fn append(db: &Connection, new: &NewEntry) -> rusqlite::Result<AuditEntry> {
    let last = db
        .prepare_cached("SELECT entry FROM audit ORDER BY number DESC LIMIT 1")?
        .query_row([], entry)
        .optional()?;
    let sealed = seal(last.as_ref(), new);
    db.prepare_cached("INSERT INTO audit VALUES (?1, ?2, ?3, ?4, ?5)")?.execute((
        int(sealed.number),
        sealed.actor.user().as_ref().map(|user| user.0.as_bytes()),
        sealed.action.as_str(),
        sealed.target.as_ref().map(|target| target.id.as_bytes()),
        to_json(&sealed)?,
    ))?;
    Ok(sealed)
}

fn entry(row: &Row<'_>) -> rusqlite::Result<AuditEntry> {
    parse(row.get_ref(0)?.as_str()?)
}
