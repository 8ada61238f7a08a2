//! From where, and with what, accounts were signed in to.

use async_trait::async_trait;
use nexus_core::ports::{Familiar, Place, PlaceStore, PortResult};
use nexus_protocol::{Timestamp, UserId};
use rusqlite::Connection;

use crate::SqliteStore;

const ADDRESS: i64 = 0;
const DEVICE: i64 = 1;

#[async_trait]
impl PlaceStore for SqliteStore {
    async fn note_place(
        &self,
        user: UserId,
        place: Place<'_>,
        at: Timestamp,
    ) -> PortResult<Familiar> {
        let (address, device) = (place.address.to_owned(), place.device.to_owned());
        self.write("note a sign-in's place", move |db| {
            Ok(Familiar {
                address: note(db, user, ADDRESS, &address, at)?,
                device: note(db, user, DEVICE, &device, at)?,
            })
        })
        .await
    }

    async fn knows_address(&self, user: UserId, address: &str) -> PortResult<bool> {
        let address = address.to_owned();
        self.read("look for a place", move |db| known(db, user, ADDRESS, &address)).await
    }

    async fn prune_places(&self, before: Timestamp) -> PortResult<()> {
        self.write("forget places", move |db| {
            db.prepare_cached("DELETE FROM places WHERE last_at < ?1")?
                .execute([before.0])
                .map(|_| ())
        })
        .await
    }
}

fn known(db: &Connection, user: UserId, kind: i64, name: &str) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM places WHERE user = ?1 AND kind = ?2 AND name = ?3")?.exists((
        user.0.as_bytes(),
        kind,
        name,
    ))
}

/// Answers whether it was known.
fn note(
    db: &Connection,
    user: UserId,
    kind: i64,
    name: &str,
    at: Timestamp,
) -> rusqlite::Result<bool> {
    let known = known(db, user, kind, name)?;
    db.prepare_cached(
        "INSERT INTO places (user, kind, name, last_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET last_at = excluded.last_at",
    )?
    .execute((user.0.as_bytes(), kind, name, at.0))?;
    Ok(known)
}
