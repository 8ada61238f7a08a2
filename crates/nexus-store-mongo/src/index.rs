//! Words of messages, cut by core, for `search`: a portion of a chat's log at a time.
//!
//! Each call to the database has a time limit of its own, and what is done stays done: however slow
//! the machine is, the next try goes on from there.

use std::{collections::HashSet, time::Duration};

use bson::{Bson, Document, Uuid, doc};
use futures_util::TryStreamExt;
use mongodb::options::ReturnDocument;
use nexus_core::{ports::PortResult, search::tokens};
use serde::Deserialize;

use crate::{
    MongoDatabase, bulk,
    columns::date,
    fault,
    log::{Entry, EntryType},
    records::ChatDocument,
};

const DOING: &str = "index messages";
/// Entries of a log taken at once.
const PORTION: u32 = 50;
/// So long nobody else takes on the same chat. Should it take longer, two do the same, which does
/// no harm.
const CLAIM: Duration = Duration::from_secs(10);

/// Takes up to `max` entries of logs, and answers how many those were.
pub async fn index(database: &MongoDatabase, max: u32) -> PortResult<u32> {
    let mut taken = 0;
    for chat in waiting(database, max).await? {
        while taken < max
            && let Some(claimed) = claim(database, chat).await?
        {
            let portion = portion(database, &claimed, PORTION.min(max - taken)).await?;
            taken += portion;
            if portion == 0 {
                break;
            }
        }
    }
    Ok(taken)
}

#[derive(Deserialize)]
struct Waiting {
    #[serde(rename = "_id")]
    id: Uuid,
}

/// Chats with something new that nobody has claimed.
async fn waiting(database: &MongoDatabase, max: u32) -> PortResult<Vec<Uuid>> {
    let (chats, filter) = (database.collection::<Waiting>("chats"), unclaimed(database));
    let waiting: PortResult<Vec<Waiting>> = database
        .run(DOING, async move {
            let found = chats.find(filter).projection(doc! { "_id": 1 }).limit(i64::from(max));
            Ok(found.await?.try_collect().await?)
        })
        .await;
    Ok(waiting?.into_iter().map(|chat| chat.id).collect())
}

/// `None` when another was faster. What it says of the chat is on a majority.
pub async fn claim(database: &MongoDatabase, chat: Uuid) -> PortResult<Option<ChatDocument>> {
    let (chats, mut filter) = (database.collection::<ChatDocument>("chats"), unclaimed(database));
    filter.insert("_id", chat);
    let until = date(database.clock.now().plus(CLAIM));
    database
        .run(DOING, async move {
            let claim = doc! { "$set": { "indexingUntil": until } };
            let claimed = chats.find_one_and_update(filter, claim);
            Ok(claimed.return_document(ReturnDocument::After).await?)
        })
        .await
}

fn unclaimed(database: &MongoDatabase) -> Document {
    let now = date(database.clock.now());
    doc! { "dirty": 1_i64, "deleted": Bson::Null, "indexingUntil": { "$not": { "$gt": now } } }
}

/// Zero when all is taken, or nothing can be read of it yet: then it stays claimed for a while.
async fn portion(database: &MongoDatabase, chat: &ChatDocument, max: u32) -> PortResult<u32> {
    let entries = entries(database, chat, max).await?;
    if entries.is_empty() && chat.indexed_rev < chat.last_rev {
        return Ok(0);
    }
    let mut position = chat.indexed_position;
    let mut words = Vec::new();
    for entry in entries.iter().filter(|entry| entry.r#type == EntryType::Text) {
        position = next_position(position, entry);
        words.push(new_words(entry, position));
    }
    note(database, words).await?;
    note(database, changed(database, &entries).await?).await?;
    let indexed = entries.last().map_or(chat.indexed_rev, |last| last.rev);
    move_on(database, chat.id, indexed, position).await?;
    Ok(u32::try_from(entries.len()).unwrap_or(u32::MAX))
}

async fn entries(
    database: &MongoDatabase,
    chat: &ChatDocument,
    max: u32,
) -> PortResult<Vec<Entry>> {
    let applied = doc! { "$gt": chat.indexed_rev, "$lte": chat.last_rev };
    let filter = doc! { "chat": chat.id, "rev": applied };
    let messages = database.collection::<Entry>("messages");
    database
        .run(DOING, async move {
            let found = messages.find(filter).sort(doc! { "rev": 1 }).limit(i64::from(max));
            Ok(found.await?.try_collect().await?)
        })
        .await
}

async fn note(database: &MongoDatabase, words: Vec<Document>) -> PortResult<()> {
    if words.is_empty() {
        return Ok(());
    }
    let handle = database.clone();
    database
        .run(DOING, async move {
            fault::point("mongo.indexing")?;
            bulk::update(&handle, "searchWords", words).await
        })
        .await
}

/// Lets the chat go. It is done unless something has come since.
async fn move_on(
    database: &MongoDatabase,
    chat: Uuid,
    indexed: i64,
    position: i64,
) -> PortResult<()> {
    let chats = database.collection::<Document>("chats");
    let is_all = doc! { "$eq": ["$lastRev", indexed] };
    let further = doc! { "$set": {
        "indexedRev": { "$max": ["$indexedRev", indexed] },
        "indexedPosition": { "$max": ["$indexedPosition", position] },
        "indexingUntil": "$$REMOVE",
        "dirty": { "$cond": [is_all, "$$REMOVE", "$dirty"] },
    } };
    database
        .run(DOING, async move {
            chats.update_one(doc! { "_id": chat }, vec![further]).await?;
            Ok(())
        })
        .await
}

/// By the time of the commit, above all before it in its chat, and seldom that of another chat's.
fn next_position(before: i64, entry: &Entry) -> i64 {
    let [.., a, b, c] = entry.chat.bytes();
    let chat = (i64::from(a & 0xF) << 16) | (i64::from(b) << 8) | i64::from(c);
    let by_time = (entry.committed_at.timestamp_millis() << 20) | chat;
    by_time.max(before + 1)
}

/// One document in `searchWords` for each message with text; `rev` is that of the message which had
/// these words.
fn new_words(entry: &Entry, position: i64) -> Document {
    let words = words(entry);
    let first = doc! {
        "chat": entry.chat, "sender": entry.sender, "at": entry.created_at,
        "rev": entry.changed_rev.unwrap_or(entry.rev), "position": position, "tokens": words,
    };
    let mut statement = bulk::one(doc! { "_id": entry.id }, doc! { "$setOnInsert": first });
    statement.insert("upsert", true);
    statement
}

/// The words of messages whose text these entries change.
async fn changed(database: &MongoDatabase, entries: &[Entry]) -> PortResult<Vec<Document>> {
    let changes = entries.iter().filter(|entry| entry.former.is_some() || entry.erased);
    let targets: HashSet<Uuid> = changes.filter_map(|entry| entry.target).collect();
    if targets.is_empty() {
        return Ok(Vec::new());
    }
    let targets: Vec<Uuid> = targets.into_iter().collect();
    let messages = database.collection::<Entry>("messages");
    let messages: PortResult<Vec<Entry>> = database
        .run(DOING, async move {
            Ok(messages.find(doc! { "_id": { "$in": targets } }).await?.try_collect().await?)
        })
        .await;
    let now = |message: &Entry| {
        let rev = message.changed_rev.unwrap_or(message.rev);
        bulk::one(
            doc! { "_id": message.id, "rev": { "$lt": rev } },
            doc! { "$set": { "rev": rev, "tokens": words(message) } },
        )
    };
    Ok(messages?.iter().map(now).collect())
}

fn words(message: &Entry) -> Vec<String> {
    if message.state.deleted_at.is_some() { Vec::new() } else { tokens(&message.state.content) }
}
