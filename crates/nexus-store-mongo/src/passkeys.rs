//! Keys that authenticators hold for people.

use async_trait::async_trait;
use bson::{Binary, DateTime, Uuid, doc, spec::BinarySubtype};
use futures_util::TryStreamExt;
use mongodb::{Collection, options::ReturnDocument};
use nexus_core::ports::{PasskeyRecord, PasskeyStore, PasskeyUse, PortResult};
use nexus_protocol::{PasskeyId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use crate::{
    MongoDatabase, MongoStore,
    columns::{date, id, time, uuid},
    run::is_duplicate,
};

/// In `passkeys`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PasskeyDocument {
    #[serde(rename = "_id")]
    credential: Binary,
    passkey: Uuid,
    user: Uuid,
    name: String,
    public_key: Binary,
    counter: i64,
    transports: Vec<String>,
    backed_up: bool,
    created_at: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_used_at: Option<DateTime>,
}

impl PasskeyDocument {
    fn new(record: &PasskeyRecord) -> PasskeyDocument {
        PasskeyDocument {
            credential: bytes(&record.credential_id),
            passkey: id(record.id.0),
            user: id(record.user_id.0),
            name: record.name.clone(),
            public_key: bytes(&record.public_key),
            counter: record.counter.into(),
            transports: record.transports.clone(),
            backed_up: record.backed_up,
            created_at: date(record.created_at),
            last_used_at: record.last_used_at.map(date),
        }
    }

    fn record(self) -> PasskeyRecord {
        PasskeyRecord {
            id: PasskeyId(uuid(self.passkey)),
            credential_id: self.credential.bytes,
            user_id: UserId(uuid(self.user)),
            name: self.name,
            public_key: self.public_key.bytes,
            counter: u32::try_from(self.counter).unwrap_or(u32::MAX),
            transports: self.transports,
            backed_up: self.backed_up,
            created_at: time(self.created_at),
            last_used_at: self.last_used_at.map(time),
        }
    }
}

fn passkeys(database: &MongoDatabase) -> Collection<PasskeyDocument> {
    database.collection("passkeys")
}

fn bytes(bytes: &[u8]) -> Binary {
    Binary { subtype: BinarySubtype::Generic, bytes: bytes.to_vec() }
}

#[async_trait]
impl PasskeyStore for MongoStore {
    async fn add_passkey(&self, new: &PasskeyRecord) -> PortResult<bool> {
        let new = PasskeyDocument::new(new);
        self.run("add a passkey", move |database| async move {
            let passkeys = passkeys(&database);
            match passkeys.insert_one(&new).await {
                Ok(_) => Ok(true),
                // By somebody else, or by us before the answer was lost.
                Err(error) if is_duplicate(&error) => {
                    let ours = doc! { "_id": new.credential, "passkey": new.passkey };
                    Ok(passkeys.find_one(ours).await?.is_some())
                }
                Err(error) => Err(error.into()),
            }
        })
        .await
    }

    async fn passkey(&self, credential_id: &[u8]) -> PortResult<Option<PasskeyRecord>> {
        let wanted = doc! { "_id": bytes(credential_id) };
        self.run("look for a passkey", move |database| async move {
            let found = passkeys(&database).find_one(wanted).await?;
            Ok(found.map(PasskeyDocument::record))
        })
        .await
    }

    async fn passkeys(&self, user: UserId) -> PortResult<Vec<PasskeyRecord>> {
        self.run("list passkeys", move |database| async move {
            let passkeys = passkeys(&database);
            let found = passkeys.find(doc! { "user": id(user.0) });
            let found = found.sort(doc! { "createdAt": 1, "_id": 1 }).await?;
            let found: Vec<PasskeyDocument> = found.try_collect().await?;
            Ok(found.into_iter().map(PasskeyDocument::record).collect())
        })
        .await
    }

    async fn use_passkey(&self, credential_id: &[u8], used: &PasskeyUse) -> PortResult<bool> {
        let counter = i64::from(used.counter);
        let mut beyond = vec![doc! { "counter": { "$lt": counter } }];
        if counter == 0 {
            beyond.push(doc! { "counter": 0_i64 });
        }
        let wanted = doc! { "_id": bytes(credential_id), "$or": beyond };
        let used = doc! { "$set": {
            "counter": counter,
            "backedUp": used.backed_up,
            "lastUsedAt": date(used.at),
        } };
        self.run("use a passkey", move |database| async move {
            let fine = passkeys(&database).update_one(wanted, used).await?;
            Ok(fine.matched_count > 0)
        })
        .await
    }

    async fn rename_passkey(
        &self,
        user: UserId,
        passkey: PasskeyId,
        name: &str,
    ) -> PortResult<Option<PasskeyRecord>> {
        let wanted = doc! { "passkey": id(passkey.0), "user": id(user.0) };
        let rename = doc! { "$set": { "name": name } };
        self.run("rename a passkey", move |database| async move {
            let passkeys = passkeys(&database);
            let renaming = passkeys.find_one_and_update(wanted, rename);
            let renamed = renaming.return_document(ReturnDocument::After).await?;
            Ok(renamed.map(PasskeyDocument::record))
        })
        .await
    }

    async fn remove_passkey(&self, user: UserId, passkey: PasskeyId) -> PortResult<bool> {
        let wanted = doc! { "passkey": id(passkey.0), "user": id(user.0) };
        self.run("remove a passkey", move |database| async move {
            Ok(passkeys(&database).delete_one(wanted).await?.deleted_count > 0)
        })
        .await
    }

    async fn drop_passkeys(&self, user: UserId, since: Timestamp) -> PortResult<()> {
        let wanted = doc! { "user": id(user.0), "createdAt": { "$gte": date(since) } };
        self.run("drop passkeys", move |database| async move {
            passkeys(&database).delete_many(wanted).await?;
            Ok(())
        })
        .await
    }
}
