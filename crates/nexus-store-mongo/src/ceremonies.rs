//! What was begun here and ends with a proof from elsewhere.

use async_trait::async_trait;
use bson::{Binary, DateTime, Document, Uuid, doc, spec::BinarySubtype};
use mongodb::Collection;
use nexus_core::ports::{Ceremony, CeremonyKind, CeremonyStore, PortResult, TokenHash};
use nexus_protocol::{Timestamp, UserId};
use serde::{Deserialize, Serialize};

use crate::{
    MongoDatabase, MongoStore,
    columns::{date, id, time, uuid},
};

/// In `ceremonies`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CeremonyDocument {
    #[serde(rename = "_id")]
    hash: Binary,
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<Uuid>,
    detail: String,
    expires_at: DateTime,
}

impl CeremonyDocument {
    fn new(ceremony: &Ceremony) -> CeremonyDocument {
        CeremonyDocument {
            hash: bytes(&ceremony.hash),
            kind: ceremony.kind.as_str().to_owned(),
            user: ceremony.user_id.map(|user| id(user.0)),
            detail: ceremony.detail.clone(),
            expires_at: date(ceremony.expires_at),
        }
    }

    fn ceremony(self, kind: CeremonyKind, hash: TokenHash) -> Ceremony {
        Ceremony {
            hash,
            kind,
            user_id: self.user.map(|user| UserId(uuid(user))),
            detail: self.detail,
            expires_at: time(self.expires_at),
        }
    }
}

fn ceremonies(database: &MongoDatabase) -> Collection<CeremonyDocument> {
    database.collection("ceremonies")
}

fn bytes(hash: &TokenHash) -> Binary {
    Binary { subtype: BinarySubtype::Generic, bytes: hash.to_vec() }
}

fn live(kind: CeremonyKind, hash: &TokenHash, now: Timestamp) -> Document {
    doc! { "_id": bytes(hash), "kind": kind.as_str(), "expiresAt": { "$gt": date(now) } }
}

#[async_trait]
impl CeremonyStore for MongoStore {
    async fn put_ceremony(&self, new: &Ceremony) -> PortResult<()> {
        let new = CeremonyDocument::new(new);
        self.run("begin a ceremony", move |database| async move {
            let key = doc! { "_id": new.hash.clone() };
            // A repeat after a lost answer stores the same.
            ceremonies(&database).replace_one(key, &new).upsert(true).await?;
            Ok(())
        })
        .await
    }

    async fn ceremony(
        &self,
        kind: CeremonyKind,
        hash: &TokenHash,
        now: Timestamp,
    ) -> PortResult<Option<Ceremony>> {
        let (wanted, hash) = (live(kind, hash, now), *hash);
        self.run("look at a ceremony", move |database| async move {
            let found = ceremonies(&database).find_one(wanted).await?;
            Ok(found.map(|found| found.ceremony(kind, hash)))
        })
        .await
    }

    async fn take_ceremony(
        &self,
        kind: CeremonyKind,
        hash: &TokenHash,
        now: Timestamp,
    ) -> PortResult<Option<Ceremony>> {
        let (wanted, hash) = (live(kind, hash, now), *hash);
        self.run("end a ceremony", move |database| async move {
            let taken = ceremonies(&database).find_one_and_delete(wanted).await?;
            Ok(taken.map(|taken| taken.ceremony(kind, hash)))
        })
        .await
    }

    async fn prune_ceremonies(&self, before: Timestamp) -> PortResult<()> {
        let expired = doc! { "expiresAt": { "$lt": date(before) } };
        self.run("forget ceremonies", move |database| async move {
            ceremonies(&database).delete_many(expired).await?;
            Ok(())
        })
        .await
    }
}
