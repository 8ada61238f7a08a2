//! Who was away, and when they were told of what they missed.

use std::collections::HashMap;

use async_trait::async_trait;
use bson::{DateTime, Uuid, doc};
use futures_util::TryStreamExt;
use mongodb::Collection;
use nexus_core::ports::{Away, DigestStore, PortResult};
use nexus_protocol::{Timestamp, UserId};
use serde::{Deserialize, Serialize};

use crate::{
    MongoDatabase, MongoStore,
    columns::{date, id, time},
    users::{UserDocument, users},
};

/// In `digests`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct DigestDocument {
    #[serde(rename = "_id")]
    user: Uuid,
    told_at: DateTime,
}

fn digests(database: &MongoDatabase) -> Collection<DigestDocument> {
    database.collection("digests")
}

#[async_trait]
impl DigestStore for MongoStore {
    async fn users_away(
        &self,
        since: Timestamp,
        after: Option<UserId>,
        limit: u32,
    ) -> PortResult<Vec<Away>> {
        let since = date(since);
        let mut filter = doc! {
            "emailVerified": true,
            "$or": [
                { "lastSeenAt": { "$lte": since } },
                { "lastSeenAt": null, "createdAt": { "$lte": since } },
            ],
        };
        if let Some(after) = after {
            filter.insert("_id", doc! { "$gt": id(after.0) });
        }
        self.run("look for who was away", move |database| async move {
            let users = users(&database);
            let found = users.find(filter).sort(doc! { "_id": 1 });
            let found: Vec<UserDocument> =
                found.limit(i64::from(limit)).await?.try_collect().await?;
            let ids: Vec<Uuid> = found.iter().map(|user| user.id).collect();
            let told = digests(&database).find(doc! { "_id": { "$in": ids } }).await?;
            let told: HashMap<Uuid, Timestamp> =
                told.map_ok(|one| (one.user, time(one.told_at))).try_collect().await?;
            let with_told = |user: UserDocument| {
                let told_at = told.get(&user.id).copied();
                Away { user: user.record(), told_at }
            };
            Ok(found.into_iter().map(with_told).collect())
        })
        .await
    }

    async fn note_told(&self, user: UserId, at: Timestamp) -> PortResult<()> {
        let later = doc! { "$max": { "toldAt": date(at) } };
        self.run("note that somebody was told", move |database| async move {
            digests(&database).update_one(doc! { "_id": id(user.0) }, later).upsert(true).await?;
            Ok(())
        })
        .await
    }
}
