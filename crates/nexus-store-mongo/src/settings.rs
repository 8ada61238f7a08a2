//! What users have chosen for themselves.

use std::collections::HashMap;

use async_trait::async_trait;
use bson::{Document, Uuid, doc, serde_helpers::HumanReadable};
use futures_util::TryStreamExt;
use mongodb::Collection;
use nexus_core::ports::{PortResult, SettingsStore};
use nexus_protocol::{OwnChange, Settings, Timestamp, UpdateSettings, UserChange, UserId};
use serde::{Deserialize, Serialize};

use crate::{
    MongoDatabase, MongoStore, bulk,
    columns::{id, ids, uuid},
    run::{Result, Turns},
    user_changes::{self, Wanted},
};

/// In `settings`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SettingsDocument {
    #[serde(rename = "_id")]
    user: Uuid,
    /// The number in the user's log that they were made by.
    user_rev: i64,
    settings: HumanReadable<Settings>,
}

fn documents(database: &MongoDatabase) -> Collection<SettingsDocument> {
    database.collection("settings")
}

#[async_trait]
impl SettingsStore for MongoStore {
    async fn settings(&self, user: UserId) -> PortResult<Settings> {
        self.run("read settings", move |database| async move { of(&database, user).await }).await
    }

    async fn settings_of(&self, users: &[UserId]) -> PortResult<Vec<(UserId, Settings)>> {
        let users = ids(users.iter().map(|user| user.0));
        self.run("read settings of users", move |database| async move {
            let found = documents(&database).find(doc! { "_id": { "$in": users } }).await?;
            let with_user = |one: SettingsDocument| (UserId(uuid(one.user)), one.settings.0);
            Ok(found.map_ok(with_user).try_collect().await?)
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
        self.run("update settings", move |database| async move {
            update(&database, user, patch, at).await
        })
        .await
    }
}

async fn of(database: &MongoDatabase, user: UserId) -> Result<Settings> {
    let found = documents(database).find_one(doc! { "_id": id(user.0) }).await?;
    Ok(found.map(|found| found.settings.0).unwrap_or_default())
}

/// What the entry with this number says; too late, it does nothing.
pub fn apply(user: Uuid, user_rev: i64, settings: &Settings) -> Result<Document> {
    let settings = bson::serialize_to_bson(&HumanReadable(settings))?;
    Ok(bulk::upsert(
        doc! { "_id": user, "userRev": { "$lt": user_rev } },
        doc! { "$set": { "userRev": user_rev, "settings": settings } },
    ))
}

/// The change carries all settings, so it is made from the very state that its number follows: what
/// is there once the head was read is as new as the head, or its number is taken.
async fn update(
    database: &MongoDatabase,
    user: UserId,
    patch: UpdateSettings,
    at: Timestamp,
) -> Result<Option<(Settings, Option<UserChange>)>> {
    let mut turns = Turns::default();
    loop {
        let heads: HashMap<Uuid, i64> = user_changes::heads(database, [id(user.0)]).await?;
        if heads.is_empty() {
            return Ok(None);
        }
        let before = of(database, user).await?;
        let mut settings = before.clone();
        settings.take_over(patch.clone());
        if settings == before {
            return Ok(Some((settings, None)));
        }
        let change = OwnChange::Settings(settings.clone());
        let wanted = [Wanted { user: id(user.0), joined_seq: None, change, at }];
        let noted = user_changes::try_note(database, &wanted, &heads).await?.pop();
        if let Some(change) = noted.flatten() {
            return Ok(Some((settings, Some(change))));
        }
        turns.pause().await?;
    }
}
