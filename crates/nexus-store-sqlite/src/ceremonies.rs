//! What was begun here and ends with a proof from elsewhere.

use async_trait::async_trait;
use nexus_core::ports::{Ceremony, CeremonyKind, CeremonyStore, PortResult, TokenHash};
use nexus_protocol::{Timestamp, UserId};
use rusqlite::{OptionalExtension, Row};
use uuid::Uuid;

use crate::{SqliteStore, columns::time};

#[async_trait]
impl CeremonyStore for SqliteStore {
    async fn put_ceremony(&self, new: &Ceremony) -> PortResult<()> {
        let new = new.clone();
        self.write("begin a ceremony", move |db| {
            let user = new.user_id.map(|user| user.0.into_bytes());
            db.prepare_cached(
                "INSERT INTO ceremonies (hash, kind, user, detail, expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute((&new.hash, new.kind.as_str(), user, &new.detail, new.expires_at.0))
            .map(|_| ())
        })
        .await
    }

    async fn ceremony(
        &self,
        kind: CeremonyKind,
        hash: &TokenHash,
        now: Timestamp,
    ) -> PortResult<Option<Ceremony>> {
        let hash = *hash;
        self.read("look at a ceremony", move |db| {
            db.prepare_cached(
                "SELECT user, detail, expires_at FROM ceremonies
                 WHERE hash = ?1 AND kind = ?2 AND expires_at > ?3",
            )?
            .query_row((&hash, kind.as_str(), now.0), |row| ceremony(row, kind, hash))
            .optional()
        })
        .await
    }

    async fn take_ceremony(
        &self,
        kind: CeremonyKind,
        hash: &TokenHash,
        now: Timestamp,
    ) -> PortResult<Option<Ceremony>> {
        let hash = *hash;
        self.write("end a ceremony", move |db| {
            db.prepare_cached(
                "DELETE FROM ceremonies WHERE hash = ?1 AND kind = ?2 AND expires_at > ?3
                 RETURNING user, detail, expires_at",
            )?
            .query_row((&hash, kind.as_str(), now.0), |row| ceremony(row, kind, hash))
            .optional()
        })
        .await
    }

    async fn prune_ceremonies(&self, before: Timestamp) -> PortResult<()> {
        self.write("forget ceremonies", move |db| {
            db.prepare_cached("DELETE FROM ceremonies WHERE expires_at < ?1")?
                .execute([before.0])
                .map(|_| ())
        })
        .await
    }
}

fn ceremony(row: &Row<'_>, kind: CeremonyKind, hash: TokenHash) -> rusqlite::Result<Ceremony> {
    let user: Option<[u8; 16]> = row.get(0)?;
    Ok(Ceremony {
        hash,
        kind,
        user_id: user.map(|user| UserId(Uuid::from_bytes(user))),
        detail: row.get(1)?,
        expires_at: time(row, 2)?,
    })
}
