//! Words of messages, cut by core, for `search`: a portion of a chat's log at a time.
//!
//! Each call to the database has a time limit of its own, and what is done stays done: however slow
//! the machine is, the next try goes on from there.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use bson::{Bson, Document, Uuid, doc};
use futures_util::TryStreamExt;
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
/// Chats claimed at once, and entries of their logs taken at once.
const CHATS: usize = 100;
const PORTION: u32 = 100;
/// So long nobody else takes on the same chats. Should it take longer, two do the same, which does
/// no harm.
const CLAIM: Duration = Duration::from_secs(10);

/// Takes up to `max` entries of logs, and answers how many those were.
pub async fn index(database: &MongoDatabase, max: u32) -> PortResult<u32> {
    let mut taken = 0;
    for chats in waiting(database, max).await?.chunks(CHATS) {
        while taken < max {
            let claimed = claim(database, chats).await?;
            let most = PORTION.min(max - taken);
            let portion = portion(database, &claimed, most).await?;
            taken += portion;
            if portion < most {
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

/// Those for which no other was faster. What is said of them is on a majority.
pub async fn claim(database: &MongoDatabase, wanted: &[Uuid]) -> PortResult<Vec<ChatDocument>> {
    let (chats, mut filter) = (database.collection::<ChatDocument>("chats"), unclaimed(database));
    filter.insert("_id", doc! { "$in": wanted });
    let until = date(database.clock.now().plus(CLAIM));
    // Whoever claims in the same millisecond does the same work.
    let ours = doc! { "_id": { "$in": wanted }, "indexingUntil": until, "deleted": Bson::Null };
    database
        .run(DOING, async move {
            let claim = doc! { "$set": { "indexingUntil": until } };
            let claimed = chats.update_many(filter, claim).await?;
            if claimed.modified_count == 0 {
                return Ok(Vec::new());
            }
            Ok(chats.find(ours).await?.try_collect().await?)
        })
        .await
}

fn unclaimed(database: &MongoDatabase) -> Document {
    let now = date(database.clock.now());
    doc! { "dirty": 1_i64, "deleted": Bson::Null, "indexingUntil": { "$not": { "$gt": now } } }
}

/// Less than `max` when that was all. Chats of which nothing can be read yet stay claimed for a
/// while.
async fn portion(database: &MongoDatabase, chats: &[ChatDocument], max: u32) -> PortResult<u32> {
    let entries = entries(database, chats, max).await?;
    let count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
    let mut reached: HashMap<Uuid, (i64, i64)> = chats
        .iter()
        .filter(|chat| count == max || chat.indexed_rev >= chat.last_rev)
        .map(|chat| (chat.id, (chat.indexed_rev, chat.indexed_position)))
        .collect();
    let before: HashMap<Uuid, i64> =
        chats.iter().map(|chat| (chat.id, chat.indexed_position)).collect();
    let mut words = Vec::new();
    for entry in &entries {
        let start = before.get(&entry.chat).copied().unwrap_or_default();
        let (rev, position) = reached.entry(entry.chat).or_insert((0, start));
        *rev = entry.rev;
        if entry.r#type == EntryType::Text {
            *position = next_position(*position, entry);
            words.push(new_words(entry, *position));
        }
    }
    add(database, words).await?;
    correct(database, changed(database, &entries).await?).await?;
    move_on(database, reached).await?;
    Ok(count)
}

/// Chat by chat, in order of `rev`.
async fn entries(
    database: &MongoDatabase,
    chats: &[ChatDocument],
    max: u32,
) -> PortResult<Vec<Entry>> {
    let news = chats.iter().filter(|chat| chat.indexed_rev < chat.last_rev).map(|chat| {
        doc! { "chat": chat.id, "rev": { "$gt": chat.indexed_rev, "$lte": chat.last_rev } }
    });
    let news: Vec<Document> = news.collect();
    if news.is_empty() {
        return Ok(Vec::new());
    }
    let messages = database.collection::<Entry>("messages");
    database
        .run(DOING, async move {
            let found = messages.find(doc! { "$or": news }).sort(doc! { "chat": 1, "rev": 1 });
            Ok(found.limit(i64::from(max)).await?.try_collect().await?)
        })
        .await
}

/// Those of a message that has its words already are left out.
async fn add(database: &MongoDatabase, words: Vec<Document>) -> PortResult<()> {
    if words.is_empty() {
        return Ok(());
    }
    let all_words = database.collection::<Document>("searchWords");
    database
        .run(DOING, async move {
            fault::point("mongo.indexing")?;
            bulk::insert_new(&all_words, &words).await?;
            Ok(())
        })
        .await
}

async fn correct(database: &MongoDatabase, words: Vec<Document>) -> PortResult<()> {
    if words.is_empty() {
        return Ok(());
    }
    let handle = database.clone();
    database.run(DOING, async move { bulk::update(&handle, "searchWords", words).await }).await
}

/// Lets the chats go, which are indexed up to a `rev` and a position. One is done unless something
/// has come since.
async fn move_on(database: &MongoDatabase, reached: HashMap<Uuid, (i64, i64)>) -> PortResult<()> {
    let further = reached.into_iter().map(|(chat, (indexed, position))| {
        let is_all = doc! { "$eq": ["$lastRev", indexed] };
        let further = doc! { "$set": {
            "indexedRev": { "$max": ["$indexedRev", indexed] },
            "indexedPosition": { "$max": ["$indexedPosition", position] },
            "indexingUntil": "$$REMOVE",
            "dirty": { "$cond": [is_all, "$$REMOVE", "$dirty"] },
        } };
        doc! { "q": { "_id": chat }, "u": [further] }
    });
    let (further, handle) = (further.collect(), database.clone());
    database.run(DOING, async move { bulk::update(&handle, "chats", further).await }).await
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
    doc! {
        "_id": entry.id, "chat": entry.chat, "sender": entry.sender, "at": entry.created_at,
        "rev": entry.changed_rev.unwrap_or(entry.rev), "position": position,
        "tokens": words(entry),
    }
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
