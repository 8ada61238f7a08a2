//! Words of messages, cut by core, in a collection of their own.

use std::collections::{HashMap, HashSet};

use bson::{Bson, Document, Uuid, doc};
use futures_util::TryStreamExt;
use nexus_core::{
    ports::{SearchQuery, StoredMessage},
    search::tokens,
};
use nexus_protocol::UserId;
use serde::Deserialize;

use crate::{
    MongoDatabase, bulk,
    columns::{date, id},
    log::{Entry, EntryType},
    pages::hidden_among,
    records::ChatDocument,
    run::Result,
};

/// Candidates are read this many at least, some being hidden, deleted or others by now.
const AT_LEAST: u32 = 50;
/// Above every character that a token can go on with.
const LAST: char = '\u{10FFFF}';

/// Newest first. Membership is part of the query.
pub async fn search(
    database: MongoDatabase,
    user: UserId,
    query: SearchQuery,
) -> Result<Vec<(i64, StoredMessage)>> {
    let mut filter = doc! { "$and": matching(&query) };
    if query.tokens.is_empty() {
        return Ok(Vec::new());
    }
    let chats = chats_of(&database, user, &query).await?;
    filter.insert("chat", doc! { "$in": chats });
    if let Some(sender) = query.sender {
        filter.insert("sender", id(sender.0));
    }
    let mut when = Document::new();
    when.extend(query.from.map(|at| ("$gte".to_owned(), date(at).into())));
    when.extend(query.to.map(|at| ("$lt".to_owned(), date(at).into())));
    if !when.is_empty() {
        filter.insert("at", when);
    }
    let search = Search { database, user, query, filter };
    search.run().await
}

struct Search {
    database: MongoDatabase,
    user: UserId,
    query: SearchQuery,
    filter: Document,
}

impl Search {
    async fn run(mut self) -> Result<Vec<(i64, StoredMessage)>> {
        let wanted = self.query.limit as usize;
        let (mut found, mut below) = (Vec::new(), self.query.before.unwrap_or(i64::MAX));
        while found.len() < wanted {
            let candidates = self.candidates(below).await?;
            let Some(last) = candidates.last() else { break };
            below = last.position;
            found.extend(self.rightly(candidates).await?);
        }
        found.truncate(wanted);
        Ok(found)
    }

    async fn candidates(&mut self, below: i64) -> Result<Vec<Candidate>> {
        self.filter.insert("position", doc! { "$lt": below });
        let words = self.database.collection::<Candidate>("searchWords");
        let found = words
            .find(self.filter.clone())
            .sort(doc! { "position": -1 })
            .limit(i64::from(self.query.limit.max(AT_LEAST)))
            .projection(doc! { "position": 1 })
            .selection_criteria(self.database.relaxed())
            .await?;
        Ok(found.try_collect().await?)
    }

    /// Those that are found rightly: not hidden, not deleted, and still with these words.
    async fn rightly(&self, candidates: Vec<Candidate>) -> Result<Vec<(i64, StoredMessage)>> {
        let ids: Vec<Uuid> = candidates.iter().map(|candidate| candidate.id).collect();
        let messages = self.database.collection::<Entry>("messages");
        let messages = messages.find(doc! { "_id": { "$in": ids } });
        let messages: Vec<Entry> = messages.await?.try_collect().await?;
        let hidden = hidden_among(&self.database, self.user, &messages).await?;
        let shown = messages.iter().filter(|entry| {
            entry.state.deleted_at.is_none()
                && !hidden.contains(&(entry.chat, entry.seq))
                && self.fits(&entry.state.content)
        });
        let mut shown: HashMap<Uuid, &Entry> = shown.map(|entry| (entry.id, entry)).collect();
        let in_order = candidates.into_iter().filter_map(|candidate| {
            Some((candidate.position, shown.remove(&candidate.id)?.stored()?))
        });
        Ok(in_order.collect())
    }

    fn fits(&self, text: &str) -> bool {
        let have = tokens(text);
        let last = self.query.tokens.len() - 1;
        self.query.tokens.iter().enumerate().all(|(n, token)| {
            let is_prefix = self.query.last_is_prefix && n == last;
            have.iter().any(|word| word == token || is_prefix && word.starts_with(token.as_str()))
        })
    }
}

#[derive(Deserialize)]
struct Candidate {
    #[serde(rename = "_id")]
    id: Uuid,
    position: i64,
}

/// One condition a token.
fn matching(query: &SearchQuery) -> Vec<Document> {
    let last = query.tokens.len().saturating_sub(1);
    let condition = |(n, token): (usize, &String)| {
        if n == last && query.last_is_prefix {
            let beyond = format!("{token}{LAST}");
            doc! { "tokens": { "$elemMatch": { "$gte": token, "$lt": beyond } } }
        } else {
            doc! { "tokens": token }
        }
    };
    query.tokens.iter().enumerate().map(condition).collect()
}

#[derive(Deserialize)]
struct Membership {
    chat: Uuid,
}

/// Where the user may look: in the chat they name, if they are in it, or in all of theirs.
async fn chats_of(
    database: &MongoDatabase,
    user: UserId,
    query: &SearchQuery,
) -> Result<Vec<Uuid>> {
    let mut filter = doc! { "user": id(user.0), "leftAt": Bson::Null };
    filter.extend(query.chat.map(|chat| ("chat".to_owned(), id(chat.0).into())));
    let members = database.collection::<Membership>("members");
    let mine = members.find(filter).projection(doc! { "chat": 1 }).await?;
    let mine: Vec<Membership> = mine.try_collect().await?;
    Ok(mine.into_iter().map(|membership| membership.chat).collect())
}

/// For [`crate::apply`]: the words of an erased message go at once.
pub fn forget(erasure: &Entry) -> Document {
    let tokens: Vec<String> = Vec::new();
    bulk::one(
        doc! { "_id": erasure.target, "rev": { "$lt": erasure.rev } },
        doc! { "$set": { "tokens": tokens, "rev": erasure.rev } },
    )
}

/// Takes up to `max` entries of logs, and answers how many those were. Several may do so at once:
/// each does the same.
pub async fn index(database: MongoDatabase, max: u32) -> Result<u32> {
    let chats = database.collection::<ChatDocument>("chats");
    let dirty = chats.find(doc! { "dirty": 1_i64, "deleted": Bson::Null }).limit(i64::from(max));
    let dirty: Vec<ChatDocument> = dirty.await?.try_collect().await?;
    let mut taken = 0;
    for chat in dirty {
        if taken >= max {
            break;
        }
        taken += index_chat(&database, &chat, max - taken).await?;
    }
    Ok(taken)
}

async fn index_chat(database: &MongoDatabase, chat: &ChatDocument, max: u32) -> Result<u32> {
    let applied = doc! { "$gt": chat.indexed_rev, "$lte": chat.last_rev };
    let entries: Vec<Entry> = database
        .collection::<Entry>("messages")
        .find(doc! { "chat": chat.id, "rev": applied })
        .sort(doc! { "rev": 1 })
        .limit(i64::from(max))
        .await?
        .try_collect()
        .await?;
    let mut position = chat.indexed_position;
    let mut statements = Vec::new();
    for entry in entries.iter().filter(|entry| entry.r#type == EntryType::Text) {
        position = next_position(position, entry);
        statements.push(new_words(entry, position)?);
    }
    bulk::update(database, "searchWords", statements).await?;
    bulk::update(database, "searchWords", changed(database, &entries).await?).await?;
    let indexed = entries.last().map_or(chat.indexed_rev, |last| last.rev);
    let chats = database.collection::<ChatDocument>("chats");
    let further = doc! { "$max": { "indexedRev": indexed, "indexedPosition": position } };
    chats.update_one(doc! { "_id": chat.id }, further).await?;
    // Unless something has come since.
    let is_all = doc! { "_id": chat.id, "lastRev": indexed };
    chats.update_one(is_all, doc! { "$unset": { "dirty": "" } }).await?;
    Ok(u32::try_from(entries.len()).unwrap_or(u32::MAX))
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
fn new_words(entry: &Entry, position: i64) -> Result<Document> {
    let words = words(entry);
    let first = doc! {
        "chat": entry.chat, "sender": entry.sender, "at": entry.created_at,
        "rev": entry.changed_rev.unwrap_or(entry.rev), "position": position, "tokens": words,
    };
    let mut statement = bulk::one(doc! { "_id": entry.id }, doc! { "$setOnInsert": first });
    statement.insert("upsert", true);
    Ok(statement)
}

/// The words of messages whose text these entries change.
async fn changed(database: &MongoDatabase, entries: &[Entry]) -> Result<Vec<Document>> {
    let changes = entries.iter().filter(|entry| entry.former.is_some() || entry.erased);
    let targets: HashSet<Uuid> = changes.filter_map(|entry| entry.target).collect();
    if targets.is_empty() {
        return Ok(Vec::new());
    }
    let targets: Vec<Uuid> = targets.into_iter().collect();
    let messages = database.collection::<Entry>("messages");
    let messages = messages.find(doc! { "_id": { "$in": targets } });
    let messages: Vec<Entry> = messages.await?.try_collect().await?;
    let now = |message: &Entry| {
        let rev = message.changed_rev.unwrap_or(message.rev);
        bulk::one(
            doc! { "_id": message.id, "rev": { "$lt": rev } },
            doc! { "$set": { "rev": rev, "tokens": words(message) } },
        )
    };
    Ok(messages.iter().map(now).collect())
}

fn words(message: &Entry) -> Vec<String> {
    if message.state.deleted_at.is_some() { Vec::new() } else { tokens(&message.state.content) }
}
