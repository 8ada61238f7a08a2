//! Keys that authenticators hold for people.

use async_trait::async_trait;
use nexus_core::ports::{PasskeyRecord, PasskeyStore, PasskeyUse, PortResult};
use nexus_protocol::{PasskeyId, Timestamp, UserId};
use rusqlite::{OptionalExtension, Row};

use crate::{
    SqliteStore,
    columns::{maybe_time, time, uuid},
};

const PASSKEY: &str = "credential, id, user, name, public_key, counter, transports, backed_up, \
                       created_at, last_used_at";

#[async_trait]
impl PasskeyStore for SqliteStore {
    async fn add_passkey(&self, new: &PasskeyRecord) -> PortResult<bool> {
        let new = new.clone();
        self.write("add a passkey", move |db| {
            let added = db
                .prepare_cached(&format!(
                    "INSERT INTO passkeys ({PASSKEY})
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING"
                ))?
                .execute((
                    &new.credential_id,
                    new.id.0.as_bytes(),
                    new.user_id.0.as_bytes(),
                    &new.name,
                    &new.public_key,
                    new.counter,
                    new.transports.join(" "),
                    new.backed_up,
                    new.created_at.0,
                    new.last_used_at.map(|at| at.0),
                ))?;
            Ok(added > 0)
        })
        .await
    }

    async fn passkey(&self, credential_id: &[u8]) -> PortResult<Option<PasskeyRecord>> {
        let credential_id = credential_id.to_vec();
        self.read("look for a passkey", move |db| {
            db.prepare_cached(&format!("SELECT {PASSKEY} FROM passkeys WHERE credential = ?1"))?
                .query_row([credential_id], passkey)
                .optional()
        })
        .await
    }

    async fn passkeys(&self, user: UserId) -> PortResult<Vec<PasskeyRecord>> {
        self.read("list passkeys", move |db| {
            db.prepare_cached(&format!(
                "SELECT {PASSKEY} FROM passkeys WHERE user = ?1 ORDER BY created_at, credential"
            ))?
            .query_map([user.0.as_bytes()], passkey)?
            .collect()
        })
        .await
    }

    async fn use_passkey(&self, credential_id: &[u8], used: &PasskeyUse) -> PortResult<bool> {
        let (credential_id, used) = (credential_id.to_vec(), *used);
        self.write("use a passkey", move |db| {
            let fine = db
                .prepare_cached(
                    "UPDATE passkeys SET counter = ?2, backed_up = ?3, last_used_at = ?4
                     WHERE credential = ?1 AND (counter < ?2 OR (counter = 0 AND ?2 = 0))",
                )?
                .execute((credential_id, used.counter, used.backed_up, used.at.0))?;
            Ok(fine > 0)
        })
        .await
    }

    async fn rename_passkey(
        &self,
        user: UserId,
        id: PasskeyId,
        name: &str,
    ) -> PortResult<Option<PasskeyRecord>> {
        let name = name.to_owned();
        self.write("rename a passkey", move |db| {
            db.prepare_cached(&format!(
                "UPDATE passkeys SET name = ?3 WHERE id = ?1 AND user = ?2 RETURNING {PASSKEY}"
            ))?
            .query_row((id.0.as_bytes(), user.0.as_bytes(), name), passkey)
            .optional()
        })
        .await
    }

    async fn remove_passkey(&self, user: UserId, id: PasskeyId) -> PortResult<bool> {
        self.write("remove a passkey", move |db| {
            let removed = db
                .prepare_cached("DELETE FROM passkeys WHERE id = ?1 AND user = ?2")?
                .execute((id.0.as_bytes(), user.0.as_bytes()))?;
            Ok(removed > 0)
        })
        .await
    }

    async fn drop_passkeys(&self, user: UserId, since: Timestamp) -> PortResult<()> {
        self.write("drop passkeys", move |db| {
            db.prepare_cached("DELETE FROM passkeys WHERE user = ?1 AND created_at >= ?2")?
                .execute((user.0.as_bytes(), since.0))
                .map(|_| ())
        })
        .await
    }
}

fn passkey(row: &Row<'_>) -> rusqlite::Result<PasskeyRecord> {
    let transports: String = row.get(6)?;
    Ok(PasskeyRecord {
        credential_id: row.get(0)?,
        id: PasskeyId(uuid(row, 1)?),
        user_id: UserId(uuid(row, 2)?),
        name: row.get(3)?,
        public_key: row.get(4)?,
        counter: row.get(5)?,
        transports: transports.split_whitespace().map(str::to_owned).collect(),
        backed_up: row.get(7)?,
        created_at: time(row, 8)?,
        last_used_at: maybe_time(row, 9)?,
    })
}
