//! Accounts elsewhere that sign in to accounts here.

use async_trait::async_trait;
use bson::{DateTime, Uuid, doc};
use futures_util::TryStreamExt;
use mongodb::Collection;
use nexus_core::ports::{LinkRecord, LinkStore, PortResult};
use nexus_protocol::{Timestamp, UserId};
use serde::{Deserialize, Serialize};

use crate::{
    MongoDatabase, MongoStore,
    columns::{date, id, time, uuid},
    run::is_duplicate,
};

/// In `links`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct LinkDocument {
    issuer: String,
    subject: String,
    user: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    created_at: DateTime,
}

impl LinkDocument {
    fn new(record: &LinkRecord) -> LinkDocument {
        LinkDocument {
            issuer: record.issuer.clone(),
            subject: record.subject.clone(),
            user: id(record.user_id.0),
            label: record.label.clone(),
            created_at: date(record.created_at),
        }
    }

    fn record(self) -> LinkRecord {
        LinkRecord {
            issuer: self.issuer,
            subject: self.subject,
            user_id: UserId(uuid(self.user)),
            label: self.label,
            created_at: time(self.created_at),
        }
    }
}

fn links(database: &MongoDatabase) -> Collection<LinkDocument> {
    database.collection("links")
}

#[async_trait]
impl LinkStore for MongoStore {
    async fn add_link(&self, new: &LinkRecord) -> PortResult<bool> {
        let new = LinkDocument::new(new);
        self.run("link a sign-in", move |database| async move {
            match links(&database).insert_one(&new).await {
                Ok(_) => Ok(true),
                Err(error) if is_duplicate(&error) => Ok(false),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }

    async fn link(&self, issuer: &str, subject: &str) -> PortResult<Option<LinkRecord>> {
        let wanted = doc! { "issuer": issuer, "subject": subject };
        self.run("look for a linked sign-in", move |database| async move {
            Ok(links(&database).find_one(wanted).await?.map(LinkDocument::record))
        })
        .await
    }

    async fn links(&self, user: UserId) -> PortResult<Vec<LinkRecord>> {
        self.run("list linked sign-ins", move |database| async move {
            let links = links(&database);
            let found = links.find(doc! { "user": id(user.0) });
            let found = found.sort(doc! { "createdAt": 1, "issuer": 1 }).await?;
            let found: Vec<LinkDocument> = found.try_collect().await?;
            Ok(found.into_iter().map(LinkDocument::record).collect())
        })
        .await
    }

    async fn remove_link(&self, user: UserId, issuer: &str) -> PortResult<bool> {
        let wanted = doc! { "user": id(user.0), "issuer": issuer };
        self.run("remove a linked sign-in", move |database| async move {
            Ok(links(&database).delete_one(wanted).await?.deleted_count > 0)
        })
        .await
    }

    async fn drop_links(&self, user: UserId, since: Timestamp) -> PortResult<()> {
        let wanted = doc! { "user": id(user.0), "createdAt": { "$gte": date(since) } };
        self.run("drop linked sign-ins", move |database| async move {
            links(&database).delete_many(wanted).await?;
            Ok(())
        })
        .await
    }
}
