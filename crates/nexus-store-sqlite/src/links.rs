//! Accounts elsewhere that sign in to accounts here.

use async_trait::async_trait;
use nexus_core::ports::{LinkRecord, LinkStore, PortResult};
use nexus_protocol::{Timestamp, UserId};
use rusqlite::{OptionalExtension, Row};

use crate::{
    SqliteStore,
    columns::{time, uuid},
};

#[async_trait]
impl LinkStore for SqliteStore {
    async fn add_link(&self, new: &LinkRecord) -> PortResult<bool> {
        let new = new.clone();
        self.write("link a sign-in", move |db| {
            let added = db
                .prepare_cached(
                    "INSERT INTO links (issuer, subject, user, label, created_at)
                     VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
                )?
                .execute((
                    &new.issuer,
                    &new.subject,
                    new.user_id.0.as_bytes(),
                    &new.label,
                    new.created_at.0,
                ))?;
            Ok(added > 0)
        })
        .await
    }

    async fn link(&self, issuer: &str, subject: &str) -> PortResult<Option<LinkRecord>> {
        let (issuer, subject) = (issuer.to_owned(), subject.to_owned());
        self.read("look for a linked sign-in", move |db| {
            db.prepare_cached(
                "SELECT issuer, subject, user, label, created_at FROM links
                 WHERE issuer = ?1 AND subject = ?2",
            )?
            .query_row((issuer, subject), link)
            .optional()
        })
        .await
    }

    async fn links(&self, user: UserId) -> PortResult<Vec<LinkRecord>> {
        self.read("list linked sign-ins", move |db| {
            db.prepare_cached(
                "SELECT issuer, subject, user, label, created_at FROM links
                 WHERE user = ?1 ORDER BY created_at, issuer",
            )?
            .query_map([user.0.as_bytes()], link)?
            .collect()
        })
        .await
    }

    async fn remove_link(&self, user: UserId, issuer: &str) -> PortResult<bool> {
        let issuer = issuer.to_owned();
        self.write("remove a linked sign-in", move |db| {
            let removed = db
                .prepare_cached("DELETE FROM links WHERE user = ?1 AND issuer = ?2")?
                .execute((user.0.as_bytes(), issuer))?;
            Ok(removed > 0)
        })
        .await
    }

    async fn drop_links(&self, user: UserId, since: Timestamp) -> PortResult<()> {
        self.write("drop linked sign-ins", move |db| {
            db.prepare_cached("DELETE FROM links WHERE user = ?1 AND created_at >= ?2")?
                .execute((user.0.as_bytes(), since.0))
                .map(|_| ())
        })
        .await
    }
}

fn link(row: &Row<'_>) -> rusqlite::Result<LinkRecord> {
    Ok(LinkRecord {
        issuer: row.get(0)?,
        subject: row.get(1)?,
        user_id: UserId(uuid(row, 2)?),
        label: row.get(3)?,
        created_at: time(row, 4)?,
    })
}
