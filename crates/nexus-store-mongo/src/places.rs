//! From where, and with what, accounts were signed in to.

use async_trait::async_trait;
use bson::{DateTime, Document, Uuid, doc};
use mongodb::{Collection, options::ReturnDocument};
use nexus_core::ports::{Familiar, Place, PlaceStore, PortResult};
use nexus_protocol::{Timestamp, UserId};
use serde::{Deserialize, Serialize};

use crate::{
    MongoDatabase, MongoStore,
    columns::{date, id},
    run::{Result, is_duplicate},
};

/// In `places`, where the whole key is the `_id`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PlaceDocument {
    #[serde(rename = "_id")]
    id: Key,
    last_at: DateTime,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Key {
    user: Uuid,
    kind: String,
    name: String,
}

const ADDRESS: &str = "address";
const DEVICE: &str = "device";

fn places(database: &MongoDatabase) -> Collection<PlaceDocument> {
    database.collection("places")
}

fn key(user: UserId, kind: &str, name: &str) -> Document {
    doc! { "_id": { "user": id(user.0), "kind": kind, "name": name } }
}

#[async_trait]
impl PlaceStore for MongoStore {
    async fn note_place(
        &self,
        user: UserId,
        place: Place<'_>,
        at: Timestamp,
    ) -> PortResult<Familiar> {
        let (address, device) =
            (key(user, ADDRESS, place.address), key(user, DEVICE, place.device));
        self.run("note a sign-in's place", move |database| async move {
            Ok(Familiar {
                address: note(&database, address, at).await?,
                device: note(&database, device, at).await?,
            })
        })
        .await
    }

    async fn knows_address(&self, user: UserId, address: &str) -> PortResult<bool> {
        let key = key(user, ADDRESS, address);
        self.run("look for a place", move |database| async move {
            Ok(places(&database).find_one(key).await?.is_some())
        })
        .await
    }

    async fn prune_places(&self, before: Timestamp) -> PortResult<()> {
        let old = doc! { "lastAt": { "$lt": date(before) } };
        self.run("forget places", move |database| async move {
            places(&database).delete_many(old).await?;
            Ok(())
        })
        .await
    }
}

/// Answers whether it was known.
async fn note(database: &MongoDatabase, key: Document, at: Timestamp) -> Result<bool> {
    let places = places(database);
    let seen = doc! { "$max": { "lastAt": date(at) } };
    let noting =
        places.find_one_and_update(key, seen).upsert(true).return_document(ReturnDocument::Before);
    match noting.await {
        Ok(before) => Ok(before.is_some()),
        // Somebody was first at the same moment.
        Err(error) if is_duplicate(&error) => Ok(true),
        Err(error) => Err(error.into()),
    }
}
