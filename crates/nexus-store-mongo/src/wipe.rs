//! The end of a chat: it is marked first, then all of it goes. The shell of its document stays.

use std::collections::HashSet;

use bson::{Bson, Document, Uuid, doc};
use futures_util::TryStreamExt;
use mongodb::ClientSession;
use serde::Deserialize;

use crate::{MongoDatabase, records::Deletion, run::Result};

/// Everything that is of one chat, by the field `chat`.
const OF_A_CHAT: &[&str] = &[
    "searchWords",
    "stars",
    "hidden",
    "receipt_log",
    "last_sent",
    "invites",
    "join_requests",
    "members",
    "messages",
];

#[derive(Deserialize)]
struct Present {
    user: Uuid,
}

/// Who is a member now.
pub async fn present(
    database: &MongoDatabase,
    session: &mut ClientSession,
    chat: Uuid,
) -> Result<Vec<Uuid>> {
    let mut found = database
        .collection::<Present>("members")
        .find(doc! { "chat": chat, "leftAt": Bson::Null })
        .projection(doc! { "user": 1 })
        .session(&mut *session)
        .await?;
    let present: Vec<Present> = found.stream(session).try_collect().await?;
    Ok(present.into_iter().map(|member| member.user).collect())
}

/// Marks the chat unless it has come further than `rev`; answers whether it did. From then on its
/// log takes nothing that would count.
pub async fn mark(
    database: &MongoDatabase,
    session: &mut ClientSession,
    chat: Uuid,
    rev: i64,
    deletion: &Deletion,
) -> Result<bool> {
    let as_known = doc! { "_id": chat, "lastRev": rev, "deleted": Bson::Null };
    let mark = doc! { "$set": { "deleted": bson::serialize_to_bson(deletion)? } };
    let marked = database
        .collection::<Document>("chats")
        .update_one(as_known, mark)
        .session(session)
        .await?;
    Ok(marked.matched_count > 0)
}

/// Those of the chats that are deleted.
pub async fn gone(
    database: &MongoDatabase,
    session: &mut ClientSession,
    chats: &HashSet<Uuid>,
) -> Result<Vec<Uuid>> {
    let wanted: Vec<Uuid> = chats.iter().copied().collect();
    let mut found = database
        .collection::<Document>("chats")
        .find(doc! { "_id": { "$in": wanted }, "deleted": { "$ne": Bson::Null } })
        .projection(doc! { "_id": 1 })
        .session(&mut *session)
        .await?;
    let found: Vec<Document> = found.stream(session).try_collect().await?;
    found
        .into_iter()
        .map(|chat| Ok(bson::deserialize_from_bson(chat.get("_id").cloned().unwrap_or_default())?))
        .collect()
}

/// Takes away all of a chat that is marked. Safe to repeat.
pub async fn wipe(database: &MongoDatabase, session: &mut ClientSession, chat: Uuid) -> Result<()> {
    for collection in OF_A_CHAT {
        database
            .collection::<Document>(collection)
            .delete_many(doc! { "chat": chat })
            .session(&mut *session)
            .await?;
    }
    let shell = doc! {
        "$set": { "title": "", "about": "", "memberCount": 0_i64 },
        "$unset": { "dirty": "", "pair": "" },
    };
    database
        .collection::<Document>("chats")
        .update_one(doc! { "_id": chat, "deleted": { "$ne": Bson::Null } }, shell)
        .session(session)
        .await?;
    Ok(())
}
