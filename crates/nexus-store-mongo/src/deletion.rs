//! Accounts that come to their end: each step is a single write of the user's document, the last one
//! once all that was around it is gone.

use async_trait::async_trait;
use bson::{Bson, Document, Uuid, doc, serde_helpers::HumanReadable};
use futures_util::TryStreamExt;
use nexus_core::{
    passwords::NO_PASSWORD,
    ports::{
        DELETED_NAME, DeletionRecord, DeletionStage, DeletionStore, PortResult, Writings,
        deleted_address, deleted_name,
    },
};
use nexus_protocol::{ChatId, MessageId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use crate::{
    MongoDatabase, MongoStore,
    columns::{id, int, uuid},
    run::{Result, is_duplicate},
    users::users,
};

/// What is of one user and of nobody else: collection, and the field that says whose.
const THEIRS: &[(&str, &str)] = &[
    // First: what is noted there and was cut off must not be carried out later.
    ("user_changes", "user"),
    ("settings", "_id"),
    ("digests", "_id"),
    ("places", "_id.user"),
    ("bonds", "user"),
    ("contact_requests", "from"),
    ("contact_requests", "to"),
    ("join_requests", "user"),
    ("email_tokens", "_id.user"),
    ("totp", "_id"),
    ("passkeys", "user"),
    ("links", "user"),
    ("announcements", "to"),
    ("stars", "user"),
    ("hidden", "user"),
];

#[async_trait]
impl DeletionStore for MongoStore {
    async fn ask_deletion(&self, user: UserId, asked: &DeletionRecord) -> PortResult<bool> {
        let asked = *asked;
        self.run("note a deletion", move |database| async move {
            change(&database, user, None, Some(asked)).await
        })
        .await
    }

    async fn take_deletion_back(&self, user: UserId) -> PortResult<bool> {
        self.run("take a deletion back", move |database| async move {
            match found(&database, user).await? {
                Some(asked) if asked.stage == DeletionStage::Asked => {
                    change(&database, user, Some(asked), None).await
                }
                _ => Ok(false),
            }
        })
        .await
    }

    async fn begin_deletion(&self, user: UserId, asked_at: Timestamp) -> PortResult<bool> {
        self.run("begin a deletion", move |database| async move {
            match found(&database, user).await? {
                Some(asked) if asked.asked_at == asked_at && asked.stage != DeletionStage::Done => {
                    let begun = DeletionRecord { stage: DeletionStage::Begun, ..asked };
                    change(&database, user, Some(asked), Some(begun)).await
                }
                _ => Ok(false),
            }
        })
        .await
    }

    async fn erase_user(&self, user: UserId) -> PortResult<()> {
        self.run("erase a user", move |database| async move { erase(&database, user).await }).await
    }

    async fn free_name(&self, user: UserId) -> PortResult<()> {
        self.run("free a user name", move |database| async move {
            let gone = doc! { "_id": id(user.0), "deletion.stage": "done" };
            let name = deleted_name(user);
            let name = doc! {
                "$set": { "username": &name, "names": [&name] },
                "$unset": { "former": "", "reserved": "" },
            };
            match users(&database).update_one(gone, name).await {
                Err(error) if !is_duplicate(&error) => Err(error.into()),
                _ => Ok(()),
            }
        })
        .await
    }

    async fn chats_ever_of(&self, user: UserId) -> PortResult<Vec<ChatId>> {
        #[derive(Serialize, Deserialize)]
        struct Membership {
            chat: Uuid,
        }
        self.run("read a user's chats of all times", move |database| async move {
            let members = database.collection::<Membership>("members");
            let found = members.find(doc! { "user": id(user.0) }).sort(doc! { "chat": 1 });
            let found = found.projection(doc! { "_id": 0, "chat": 1 }).await?;
            Ok(found.map_ok(|member| ChatId(uuid(member.chat))).try_collect().await?)
        })
        .await
    }

    async fn writings(&self, part: &Writings) -> PortResult<Vec<MessageId>> {
        #[derive(Serialize, Deserialize)]
        struct Found {
            #[serde(rename = "_id")]
            id: Uuid,
        }
        let wanted = doc! {
            "chat": id(part.chat.0),
            "seq": { "$gt": int(part.after), "$lte": int(part.up_to) },
            "sender": id(part.sender.0),
            "type": "text",
            "state.deletedAt": Bson::Null,
        };
        self.run("look for messages of a user", move |database| async move {
            let messages = database.collection::<Found>("messages");
            let found = messages.find(wanted).sort(doc! { "seq": 1 });
            let found = found.projection(doc! { "_id": 1 }).await?;
            Ok(found.map_ok(|found| MessageId(uuid(found.id))).try_collect().await?)
        })
        .await
    }
}

async fn found(database: &MongoDatabase, user: UserId) -> Result<Option<DeletionRecord>> {
    let found = users(database).find_one(doc! { "_id": id(user.0) }).await?;
    Ok(found.and_then(|user| user.deletion).map(|deletion| deletion.0))
}

/// Whether it was as known until now.
async fn change(
    database: &MongoDatabase,
    user: UserId,
    known: Option<DeletionRecord>,
    now: Option<DeletionRecord>,
) -> Result<bool> {
    let known = bson::serialize_to_bson(&known.map(HumanReadable))?;
    let as_known = doc! { "_id": id(user.0), "deletion": known };
    let change = match now {
        Some(now) => doc! { "$set": { "deletion": bson::serialize_to_bson(&HumanReadable(now))? } },
        None => doc! { "$unset": { "deletion": "" } },
    };
    Ok(users(database).update_one(as_known, change).await?.matched_count > 0)
}

async fn erase(database: &MongoDatabase, user: UserId) -> Result<()> {
    let Some(deletion) = found(database, user).await? else { return Ok(()) };
    if deletion.stage == DeletionStage::Asked {
        return Ok(());
    }
    forget_sessions(database, user).await?;
    for (collection, field) in THEIRS {
        let theirs = doc! { *field: id(user.0) };
        database.collection::<Document>(collection).delete_many(theirs).await?;
    }
    let marks = doc! {
        "$set": { "pinned": false, "archived": false },
        "$unset": { "mutedUntil": "", "draft": "", "unreadFrom": "" },
    };
    let members = database.collection::<Document>("members");
    members.update_many(doc! { "user": id(user.0) }, marks).await?;
    let done = DeletionRecord { stage: DeletionStage::Done, ..deletion };
    let nobody = doc! {
        "$set": {
            "email": deleted_address(user),
            "emailVerified": false,
            "displayName": DELETED_NAME,
            "about": "",
            "words": [],
            "passwordHash": NO_PASSWORD,
            "deletion": bson::serialize_to_bson(&HumanReadable(done))?,
        },
        "$unset": { "lastSeenAt": "", "role": "", "ban": "" },
    };
    users(database).update_one(doc! { "_id": id(user.0) }, nobody).await?;
    database.memory.forget_bans();
    Ok(())
}

/// Their ids stay until no access token of theirs can be valid.
async fn forget_sessions(database: &MongoDatabase, user: UserId) -> Result<()> {
    #[derive(Serialize, Deserialize)]
    struct Id {
        #[serde(rename = "_id")]
        id: Uuid,
    }
    let sessions = database.collection::<Id>("sessions");
    let theirs = doc! { "user": id(user.0) };
    let found = sessions.find(theirs.clone()).projection(doc! { "_id": 1 }).await?;
    let ids: Vec<Bson> = found.map_ok(|session| Bson::from(session.id)).try_collect().await?;
    let tokens = database.collection::<Document>("tokens");
    tokens.delete_many(doc! { "session": { "$in": ids } }).await?;
    let forget = doc! { "$set": { "device": "", "address": "" } };
    sessions.update_many(theirs, forget).await?;
    Ok(())
}
