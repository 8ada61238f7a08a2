//! What users have chosen for themselves.

use async_trait::async_trait;
use nexus_core::ports::{PortResult, SettingsStore};
use nexus_protocol::{OwnChange, Settings, Timestamp, UpdateSettings, UserChange, UserId};
use rusqlite::{Connection, OptionalExtension};

use crate::{
    SqliteStore,
    columns::{parse, to_json},
    user_changes, users,
};

#[async_trait]
impl SettingsStore for SqliteStore {
    async fn settings(&self, user: UserId) -> PortResult<Settings> {
        self.read("read settings", move |db| of(db, user)).await
    }

    async fn settings_of(&self, users: &[UserId]) -> PortResult<Vec<(UserId, Settings)>> {
        let users = users.to_vec();
        self.read("read settings of users", move |db| {
            let found = users.into_iter().map(|user| Ok(chosen(db, user)?.map(|all| (user, all))));
            found.filter_map(Result::transpose).collect()
        })
        .await
    }

    async fn update_settings(
        &self,
        user: UserId,
        patch: &UpdateSettings,
        at: Timestamp,
    ) -> PortResult<Option<(Settings, Option<UserChange>)>> {
        let patch = patch.clone();
        self.write("update settings", move |db| update(db, user, patch, at)).await
    }
}

fn of(db: &Connection, user: UserId) -> rusqlite::Result<Settings> {
    Ok(chosen(db, user)?.unwrap_or_default())
}

fn chosen(db: &Connection, user: UserId) -> rusqlite::Result<Option<Settings>> {
    db.prepare_cached("SELECT settings FROM settings WHERE user = ?1")?
        .query_row([user.0.as_bytes()], |row| parse(row.get_ref(0)?.as_str()?))
        .optional()
}

fn update(
    db: &Connection,
    user: UserId,
    patch: UpdateSettings,
    at: Timestamp,
) -> rusqlite::Result<Option<(Settings, Option<UserChange>)>> {
    if users::one(db, user)?.is_none() {
        return Ok(None);
    }
    let before = of(db, user)?;
    let mut settings = before.clone();
    settings.take_over(patch);
    if settings == before {
        return Ok(Some((settings, None)));
    }
    db.prepare_cached("INSERT OR REPLACE INTO settings VALUES (?1, ?2)")?
        .execute((user.0.as_bytes(), to_json(&settings)?))?;
    let change = user_changes::note(db, user, OwnChange::Settings(settings.clone()), at)?;
    Ok(Some((settings, change)))
}
