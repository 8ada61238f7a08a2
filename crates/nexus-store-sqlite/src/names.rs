//! User names that change.

use async_trait::async_trait;
use nexus_core::ports::{NAME_HELD, NameQuota, NameStore, PortResult, Renaming, UserRecord};
use nexus_protocol::{OwnChange, Timestamp, UserId};
use rusqlite::{Connection, OptionalExtension};

use crate::{SqliteStore, columns::uuid, user_changes, users};

#[async_trait]
impl NameStore for SqliteStore {
    async fn rename(
        &self,
        user: UserId,
        name: &str,
        quota: NameQuota,
        at: Timestamp,
    ) -> PortResult<Option<Renaming>> {
        let name = name.to_owned();
        self.write("change a user name", move |db| rename(db, user, name, quota, at)).await
    }

    async fn user_formerly(&self, name: &str, at: Timestamp) -> PortResult<Option<UserRecord>> {
        let name = name.to_owned();
        self.read("read a user by a former name", move |db| {
            let user = db
                .prepare_cached(
                    "SELECT user FROM former_names WHERE name = ?1 AND given_up_at > ?2
                     ORDER BY given_up_at DESC LIMIT 1",
                )?
                .query_row((name, at.minus(NAME_HELD).0), |row| uuid(row, 0))
                .optional()?;
            user.map_or(Ok(None), |user| users::one(db, UserId(user)))
        })
        .await
    }
}

/// Whether the name is another's, or was of late.
pub fn is_taken(
    db: &Connection,
    name: &str,
    user: UserId,
    at: Timestamp,
) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "SELECT 1 FROM users WHERE username = ?1 AND id <> ?2
         UNION ALL
         SELECT 1 FROM former_names WHERE name = ?1 AND user <> ?2 AND given_up_at > ?3",
    )?
    .exists((name, user.0.as_bytes(), at.minus(NAME_HELD).0))
}

fn rename(
    db: &Connection,
    user: UserId,
    name: String,
    quota: NameQuota,
    at: Timestamp,
) -> rusqlite::Result<Option<Renaming>> {
    let Some(mut record) = users::one(db, user)? else { return Ok(None) };
    if record.username == name {
        return Ok(Some(Renaming::Renamed(Box::new(record), None)));
    }
    if is_taken(db, &name, user, at)? {
        return Ok(Some(Renaming::Taken));
    }
    let changed: u32 = db
        .prepare_cached("SELECT count(*) FROM former_names WHERE user = ?1 AND given_up_at > ?2")?
        .query_row((user.0.as_bytes(), at.minus(quota.per).0), |row| row.get(0))?;
    if changed >= quota.most {
        return Ok(Some(Renaming::TooOften));
    }
    db.prepare_cached("INSERT OR REPLACE INTO former_names VALUES (?1, ?2, ?3)")?.execute((
        user.0.as_bytes(),
        &record.username,
        at.0,
    ))?;
    db.prepare_cached("UPDATE users SET username = ?2 WHERE id = ?1")?
        .execute((user.0.as_bytes(), &name))?;
    record.username.clone_from(&name);
    let change = user_changes::note(db, user, OwnChange::Username { username: name }, at)?;
    Ok(Some(Renaming::Renamed(Box::new(record), change)))
}
