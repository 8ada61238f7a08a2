//! One-time codes, recovery codes, and the proof that a session's user is there.

use async_trait::async_trait;
use bson::{Binary, Bson, DateTime, Document, Uuid, doc, spec::BinarySubtype};
use mongodb::{Collection, options::ReturnDocument};
use nexus_core::ports::{PortResult, SecondFactorStore, TokenHash, TotpRecord};
use nexus_protocol::{SessionId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use crate::{
    MongoDatabase, MongoStore,
    columns::{count, date, id, int, time},
    run::is_duplicate,
};

/// In `totp`: all of a user's second factor, so that each step is one write.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TotpDocument {
    #[serde(rename = "_id")]
    user: Uuid,
    secret: Binary,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    enabled_at: Option<DateTime>,
    last_step: i64,
    /// The hashes of recovery codes that were not used.
    codes: Vec<Binary>,
}

impl TotpDocument {
    fn record(self) -> TotpRecord {
        TotpRecord {
            secret: self.secret.bytes,
            enabled_at: self.enabled_at.map(time),
            last_step: count(self.last_step),
        }
    }
}

fn totp(database: &MongoDatabase) -> Collection<TotpDocument> {
    database.collection("totp")
}

fn step_ups(database: &MongoDatabase) -> Collection<Document> {
    database.collection("step_ups")
}

fn bytes(bytes: &[u8]) -> Binary {
    Binary { subtype: BinarySubtype::Generic, bytes: bytes.to_vec() }
}

fn all(codes: &[TokenHash]) -> Vec<Bson> {
    codes.iter().map(|code| Bson::from(bytes(code))).collect()
}

fn in_use(user: UserId) -> Document {
    doc! { "_id": id(user.0), "enabledAt": { "$exists": true } }
}

#[async_trait]
impl SecondFactorStore for MongoStore {
    async fn begin_totp(&self, user: UserId, secret: &[u8]) -> PortResult<bool> {
        let unused = doc! { "_id": id(user.0), "enabledAt": { "$exists": false } };
        let begin = doc! {
            "$set": { "secret": bytes(secret) },
            "$setOnInsert": { "lastStep": 0_i64, "codes": [] },
        };
        self.run("set up one-time codes", move |database| async move {
            match totp(&database).update_one(unused, begin).upsert(true).await {
                Ok(_) => Ok(true),
                // It is there, and in use.
                Err(error) if is_duplicate(&error) => Ok(false),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }

    async fn totp(&self, user: UserId) -> PortResult<Option<TotpRecord>> {
        self.run("read a generator of codes", move |database| async move {
            let found = totp(&database).find_one(doc! { "_id": id(user.0) }).await?;
            Ok(found.map(TotpDocument::record))
        })
        .await
    }

    async fn enable_totp(
        &self,
        user: UserId,
        secret: &[u8],
        step: u64,
        codes: &[TokenHash],
        at: Timestamp,
    ) -> PortResult<bool> {
        let begun = doc! {
            "_id": id(user.0),
            "secret": bytes(secret),
            "enabledAt": { "$exists": false },
        };
        let enable = doc! {
            "$set": { "enabledAt": date(at), "lastStep": int(step), "codes": all(codes) },
        };
        self.change_totp("put one-time codes to use", begun, enable).await
    }

    async fn use_totp_step(&self, user: UserId, step: u64) -> PortResult<bool> {
        let mut before = in_use(user);
        before.insert("lastStep", doc! { "$lt": int(step) });
        let take = doc! { "$set": { "lastStep": int(step) } };
        self.change_totp("take a one-time code", before, take).await
    }

    async fn disable_totp(&self, user: UserId) -> PortResult<bool> {
        self.run("do without one-time codes", move |database| async move {
            let gone = totp(&database).delete_one(in_use(user)).await?;
            Ok(gone.deleted_count > 0)
        })
        .await
    }

    async fn set_recovery_codes(&self, user: UserId, codes: &[TokenHash]) -> PortResult<bool> {
        let replace = doc! { "$set": { "codes": all(codes) } };
        self.change_totp("store recovery codes", in_use(user), replace).await
    }

    async fn take_recovery_code(&self, user: UserId, code: &TokenHash) -> PortResult<Option<u32>> {
        let mut before = in_use(user);
        before.insert("codes", bytes(code));
        let take = doc! { "$pull": { "codes": bytes(code) } };
        self.run("take a recovery code", move |database| async move {
            let totp = totp(&database);
            let taking = totp.find_one_and_update(before, take);
            let left = taking.return_document(ReturnDocument::After).await?;
            Ok(left.map(|left| u32::try_from(left.codes.len()).unwrap_or(u32::MAX)))
        })
        .await
    }

    async fn note_step_up(&self, session: SessionId, until: Timestamp) -> PortResult<()> {
        let until = doc! { "$max": { "until": date(until) } };
        self.run("note a step-up", move |database| async move {
            let step_ups = step_ups(&database);
            step_ups.update_one(doc! { "_id": id(session.0) }, until).upsert(true).await?;
            Ok(())
        })
        .await
    }

    async fn stepped_up(&self, session: SessionId, now: Timestamp) -> PortResult<bool> {
        let wanted = doc! { "_id": id(session.0), "until": { "$gt": date(now) } };
        self.run("look for a step-up", move |database| async move {
            Ok(step_ups(&database).find_one(wanted).await?.is_some())
        })
        .await
    }

    async fn prune_step_ups(&self, before: Timestamp) -> PortResult<()> {
        let ended = doc! { "until": { "$lt": date(before) } };
        self.run("forget step-ups", move |database| async move {
            step_ups(&database).delete_many(ended).await?;
            Ok(())
        })
        .await
    }
}

impl MongoStore {
    /// Answers whether there was what was to be changed.
    async fn change_totp(
        &self,
        doing: &'static str,
        before: Document,
        change: Document,
    ) -> PortResult<bool> {
        self.run(doing, move |database| async move {
            let changed = totp(&database).update_one(before, change).await?;
            Ok(changed.matched_count > 0)
        })
        .await
    }
}
