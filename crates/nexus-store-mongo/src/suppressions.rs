//! Addresses that letters are not sent to.

use async_trait::async_trait;
use bson::{DateTime, doc};
use futures_util::TryStreamExt;
use mongodb::Collection;
use nexus_core::ports::{PortResult, Suppression, SuppressionStore};
use nexus_protocol::SuppressionReason;
use serde::{Deserialize, Serialize};

use crate::{
    MongoDatabase, MongoStore,
    columns::{date, time},
    run::is_duplicate,
};

/// In `suppressions`.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct SuppressionDocument {
    #[serde(rename = "_id")]
    address: String,
    reason: SuppressionReason,
    /// A graver reason has a higher one.
    gravity: i32,
    detail: String,
    at: DateTime,
}

impl SuppressionDocument {
    fn suppression(self) -> Suppression {
        let SuppressionDocument { address, reason, detail, at, .. } = self;
        Suppression { address, reason, detail, at: time(at) }
    }
}

fn suppressions(database: &MongoDatabase) -> Collection<SuppressionDocument> {
    database.collection("suppressions")
}

fn gravity(reason: SuppressionReason) -> i32 {
    match reason {
        SuppressionReason::Unsubscribe => 0,
        SuppressionReason::SpamReport => 1,
        SuppressionReason::Bounce => 2,
    }
}

#[async_trait]
impl SuppressionStore for MongoStore {
    async fn suppress(&self, new: &Suppression) -> PortResult<bool> {
        let gravity = gravity(new.reason);
        let lighter = doc! { "_id": &new.address, "gravity": { "$lt": gravity } };
        let set = doc! { "$set": {
            "reason": new.reason.as_str(),
            "gravity": gravity,
            "detail": &new.detail,
            "at": date(new.at),
        } };
        self.run("suppress an address", move |database| async move {
            match suppressions(&database).update_one(lighter, set).upsert(true).await {
                Ok(_) => Ok(true),
                // It is there, for as grave a reason.
                Err(error) if is_duplicate(&error) => Ok(false),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }

    async fn suppression(&self, address: &str) -> PortResult<Option<Suppression>> {
        let this = doc! { "_id": address };
        self.run("look for a suppressed address", move |database| async move {
            let found = suppressions(&database).find_one(this).await?;
            Ok(found.map(SuppressionDocument::suppression))
        })
        .await
    }

    async fn lift_suppression(&self, address: &str) -> PortResult<bool> {
        let this = doc! { "_id": address };
        self.run("lift a suppression", move |database| async move {
            Ok(suppressions(&database).delete_one(this).await?.deleted_count > 0)
        })
        .await
    }

    async fn suppressions(&self, after: Option<&str>, limit: u32) -> PortResult<Vec<Suppression>> {
        let above = doc! { "_id": { "$gt": after.unwrap_or_default() } };
        self.run("list suppressed addresses", move |database| async move {
            let suppressions = suppressions(&database);
            let found = suppressions.find(above).sort(doc! { "_id": 1 });
            let found = found.limit(i64::from(limit)).await?;
            Ok(found.map_ok(SuppressionDocument::suppression).try_collect().await?)
        })
        .await
    }
}
