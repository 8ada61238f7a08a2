//! The audit log. Its writers are many: each chains to the last entry it finds, and of two that found
//! the same one gets the number.

use async_trait::async_trait;
use bson::{Document, Uuid, doc, serde_helpers::HumanReadable};
use futures_util::TryStreamExt;
use mongodb::Collection;
use nexus_core::{
    audit::seal,
    ports::{AuditFilter, AuditStore, NewEntry, PortResult},
};
use nexus_protocol::{AuditAction, AuditEntry};
use serde::{Deserialize, Serialize};

use crate::{
    MongoDatabase, MongoStore,
    columns::{id, int},
    run::{Failure, Result, Turns, is_duplicate},
};

/// In `audit`.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct EntryDocument {
    /// The number.
    #[serde(rename = "_id")]
    number: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    actor: Option<Uuid>,
    action: HumanReadable<AuditAction>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    target: Option<Uuid>,
    /// JSON: numbers in it stay what they are.
    entry: String,
}

impl EntryDocument {
    fn new(entry: &AuditEntry) -> Result<EntryDocument> {
        let written = serde_json::to_string(entry);
        Ok(EntryDocument {
            number: int(entry.number),
            actor: entry.actor.user().map(|user| id(user.0)),
            action: HumanReadable(entry.action),
            target: entry.target.map(|target| id(target.id)),
            entry: written.map_err(|_| Failure::Unexpected("an audit entry that is no JSON"))?,
        })
    }

    fn entry(self) -> Result<AuditEntry> {
        let read = serde_json::from_str(&self.entry);
        read.map_err(|_| Failure::Unexpected("an audit entry that can't be read"))
    }
}

#[async_trait]
impl AuditStore for MongoStore {
    async fn append_audit(&self, entry: &NewEntry) -> PortResult<AuditEntry> {
        let entry = entry.clone();
        self.run("append to the audit log", move |database| async move {
            append(&database, &entry).await
        })
        .await
    }

    async fn audit_page(
        &self,
        filter: &AuditFilter,
        before: Option<u64>,
        limit: u32,
    ) -> PortResult<Vec<AuditEntry>> {
        let mut wanted = doc! { "_id": { "$lt": before.map_or(i64::MAX, int) } };
        if let Some(user) = filter.actor {
            wanted.insert("actor", id(user.0));
        }
        if let Some(action) = filter.action {
            wanted.insert("action", action.as_str());
        }
        if let Some(target) = filter.target {
            wanted.insert("target", id(target));
        }
        self.run("read the audit log", move |database| async move {
            read(&database, wanted, doc! { "_id": -1 }, limit).await
        })
        .await
    }

    async fn audit_after(&self, after: u64, limit: u32) -> PortResult<Vec<AuditEntry>> {
        let wanted = doc! { "_id": { "$gt": int(after) } };
        self.run("read the audit log", move |database| async move {
            read(&database, wanted, doc! { "_id": 1 }, limit).await
        })
        .await
    }
}

fn log(database: &MongoDatabase) -> Collection<EntryDocument> {
    database.collection("audit")
}

async fn append(database: &MongoDatabase, new: &NewEntry) -> Result<AuditEntry> {
    let mut turns = Turns::default();
    loop {
        let last = read(database, doc! {}, doc! { "_id": -1 }, 1).await?.pop();
        let sealed = seal(last.as_ref(), new);
        match log(database).insert_one(EntryDocument::new(&sealed)?).await {
            Ok(_) => return Ok(sealed),
            Err(error) if is_duplicate(&error) => turns.pause().await?,
            Err(error) => return Err(error.into()),
        }
    }
}

async fn read(
    database: &MongoDatabase,
    wanted: Document,
    order: Document,
    limit: u32,
) -> Result<Vec<AuditEntry>> {
    let found = log(database).find(wanted).sort(order).limit(i64::from(limit)).await?;
    let found: Vec<EntryDocument> = found.try_collect().await?;
    found.into_iter().map(EntryDocument::entry).collect()
}
