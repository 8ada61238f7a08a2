//! Search by words, which `index` keeps in a collection of their own.

use std::collections::HashMap;

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
    columns::{count, date, id},
    log::Entry,
    pages::hidden_among,
    records::first,
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
    filter.insert("chat", doc! { "$in": chats.keys().copied().collect::<Vec<_>>() });
    if let Some(sender) = query.sender {
        filter.insert("sender", id(sender.0));
    }
    let mut when = Document::new();
    when.extend(query.from.map(|at| ("$gte".to_owned(), date(at).into())));
    when.extend(query.to.map(|at| ("$lt".to_owned(), date(at).into())));
    if !when.is_empty() {
        filter.insert("at", when);
    }
    let search = Search { database, user, query, filter, chats };
    search.run().await
}

struct Search {
    database: MongoDatabase,
    user: UserId,
    query: SearchQuery,
    filter: Document,
    /// The first `seq` that the user may see of each.
    chats: HashMap<Uuid, i64>,
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
        let now = self.database.clock.now();
        let shown = messages.iter().filter(|entry| {
            entry.is_alive(now)
                && entry.seq >= self.seen_from(entry.chat)
                && !hidden.contains(&(entry.chat, entry.seq))
                && self.fits(&entry.state.content)
        });
        let mut shown: HashMap<Uuid, &Entry> = shown.map(|entry| (entry.id, entry)).collect();
        let in_order = candidates.into_iter().filter_map(|candidate| {
            let entry = shown.remove(&candidate.id)?;
            let seen = entry.shown(now)?.seen_from(count(self.seen_from(entry.chat)));
            Some((candidate.position, seen))
        });
        Ok(in_order.collect())
    }

    fn seen_from(&self, chat: Uuid) -> i64 {
        self.chats.get(&chat).copied().unwrap_or(i64::MAX)
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
#[serde(rename_all = "camelCase")]
struct Membership {
    chat: Uuid,
    #[serde(default = "first")]
    history_from: i64,
}

/// Where the user may look: in the chat they name, if they are in it, or in all of theirs.
async fn chats_of(
    database: &MongoDatabase,
    user: UserId,
    query: &SearchQuery,
) -> Result<HashMap<Uuid, i64>> {
    let mut filter = doc! { "user": id(user.0), "leftAt": Bson::Null };
    filter.extend(query.chat.map(|chat| ("chat".to_owned(), id(chat.0).into())));
    let members = database.collection::<Membership>("members");
    let mine = members.find(filter).projection(doc! { "chat": 1, "historyFrom": 1 }).await?;
    let mine: Vec<Membership> = mine.try_collect().await?;
    Ok(mine.into_iter().map(|mine| (mine.chat, mine.history_from)).collect())
}

/// For [`crate::apply`]: the words of an erased message go at once.
pub fn forget(erasure: &Entry) -> Document {
    let tokens: Vec<String> = Vec::new();
    bulk::one(
        doc! { "_id": erasure.target, "rev": { "$lt": erasure.rev } },
        doc! { "$set": { "tokens": tokens, "rev": erasure.rev } },
    )
}
