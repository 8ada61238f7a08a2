//! What is forgotten because it is old.

use async_trait::async_trait;
use bson::{Bson, DateTime, Document, Uuid, doc};
use futures_util::TryStreamExt;
use nexus_core::ports::{OldMessage, PortResult, RetentionStore};
use nexus_protocol::{ChatId, MessageId, Timestamp};
use serde::Deserialize;

use crate::{
    MongoDatabase, MongoStore,
    columns::{count, date, id, int, time, uuid},
    run::Result,
};

#[async_trait]
impl RetentionStore for MongoStore {
    async fn chats_after(&self, after: Option<ChatId>, limit: u32) -> PortResult<Vec<ChatId>> {
        let mut filter = doc! { "deleted": Bson::Null };
        filter.extend(after.map(|chat| ("_id".to_owned(), doc! { "$gt": id(chat.0) }.into())));
        self.run("list chats", move |database| async move {
            let chats = database.collection::<Id>("chats");
            let found = chats.find(filter).sort(doc! { "_id": 1 }).limit(i64::from(limit));
            let found = found.projection(doc! { "_id": 1 }).await?;
            Ok(found.map_ok(|chat| ChatId(uuid(chat.id))).try_collect().await?)
        })
        .await
    }

    async fn old_messages(
        &self,
        chat: ChatId,
        before: Timestamp,
        above: u64,
        limit: u32,
    ) -> PortResult<Vec<OldMessage>> {
        self.run("look for old messages", move |database| {
            old_messages(database, chat, before, above, limit)
        })
        .await
    }

    async fn old_receipts(&self, chat: ChatId, before: Timestamp) -> PortResult<u64> {
        self.run("count old receipts", move |database| async move {
            let log = database.collection::<Document>("receipt_log");
            Ok(log.count_documents(old(chat, before)).await?)
        })
        .await
    }

    async fn prune_receipts(&self, chat: ChatId, before: Timestamp) -> PortResult<()> {
        self.run("forget old receipts", move |database| async move {
            let log = database.collection::<Document>("receipt_log");
            log.delete_many(old(chat, before)).await?;
            Ok(())
        })
        .await
    }

    async fn former_tokens(&self, kept: u32) -> PortResult<u64> {
        self.run("count former tokens", move |database| async move {
            let many = sessions_with_many(&database, kept).await?;
            Ok(many.iter().map(|session| count(session.tokens - i64::from(kept) - 1)).sum())
        })
        .await
    }

    async fn prune_former_tokens(&self, kept: u32) -> PortResult<()> {
        self.run("forget former tokens", move |database| async move {
            for session in sessions_with_many(&database, kept).await? {
                prune_tokens(&database, session.id, kept).await?;
            }
            Ok(())
        })
        .await
    }

    async fn ended_sessions(&self, before: Timestamp) -> PortResult<u64> {
        let before = doc! { "$lt": date(before) };
        let ended = doc! { "$or": [{ "expiresAt": &before }, { "revokedAt": before }] };
        self.run("count ended sessions", move |database| async move {
            Ok(database.collection::<Document>("sessions").count_documents(ended).await?)
        })
        .await
    }

    async fn prune_audit(&self, up_to: u64) -> PortResult<()> {
        self.run("forget old audit entries", move |database| async move {
            let log = database.collection::<Document>("audit");
            log.delete_many(doc! { "_id": { "$lte": int(up_to) } }).await?;
            Ok(())
        })
        .await
    }
}

#[derive(Deserialize)]
struct Id {
    #[serde(rename = "_id")]
    id: Uuid,
}

fn old(chat: ChatId, before: Timestamp) -> Document {
    doc! { "chat": id(chat.0), "at": { "$lt": date(before) } }
}

/// Up to the first that is young: what follows it is younger.
async fn old_messages(
    database: MongoDatabase,
    chat: ChatId,
    before: Timestamp,
    above: u64,
    limit: u32,
) -> Result<Vec<OldMessage>> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Found {
        #[serde(rename = "_id")]
        id: Uuid,
        seq: i64,
        committed_at: DateTime,
    }
    let filter = doc! {
        "chat": id(chat.0), "seq": { "$gt": int(above) }, "type": "text",
        "state.deletedAt": Bson::Null,
    };
    let messages = database.collection::<Found>("messages");
    let found = messages.find(filter).sort(doc! { "seq": 1 }).limit(i64::from(limit));
    let found = found.projection(doc! { "seq": 1, "committedAt": 1 }).await?;
    let found: Vec<Found> = found.try_collect().await?;
    let old = found.into_iter().take_while(|found| time(found.committed_at) < before);
    let old = old.map(|found| OldMessage { seq: count(found.seq), id: MessageId(uuid(found.id)) });
    Ok(old.collect())
}

#[derive(Deserialize)]
struct Session {
    #[serde(rename = "_id")]
    id: Uuid,
    /// The present one included.
    tokens: i64,
}

async fn sessions_with_many(database: &MongoDatabase, kept: u32) -> Result<Vec<Session>> {
    let tokens = database.collection::<Document>("tokens");
    let many = tokens.aggregate([
        doc! { "$group": { "_id": "$session", "tokens": { "$sum": 1_i64 } } },
        doc! { "$match": { "tokens": { "$gt": i64::from(kept) + 1 } } },
    ]);
    Ok(many.with_type::<Session>().await?.try_collect().await?)
}

/// All but the latest: of those and the present one none goes.
async fn prune_tokens(database: &MongoDatabase, session: Uuid, kept: u32) -> Result<()> {
    #[derive(Deserialize)]
    struct Added {
        #[serde(default)]
        at: Option<DateTime>,
    }
    let tokens = database.collection::<Added>("tokens");
    let last = tokens.find_one(doc! { "session": session }).sort(doc! { "at": -1 });
    let last = last.skip(u64::from(kept) + 1).projection(doc! { "at": 1 }).await?;
    let Some(last) = last.and_then(|last| last.at) else { return Ok(()) };
    tokens.delete_many(doc! { "session": session, "at": { "$lte": last } }).await?;
    Ok(())
}
