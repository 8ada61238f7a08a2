//! Messages as they are read, and what single users do to them for themselves.

use std::collections::HashMap;

use async_trait::async_trait;
use bson::{Bson, DateTime, Document, Uuid, doc};
use futures_util::TryStreamExt;
use nexus_core::{
    ops::Op,
    ports::{Due, MessageStore, Outcome, Page, PortResult, SearchQuery, StoredMessage},
};
use nexus_protocol::{ChatId, Edit, MessageId, OpId, OwnChange, Timestamp, UserChange, UserId};
use serde::Deserialize;

use crate::{
    MongoDatabase, MongoStore,
    columns::{count, date, id, time, uuid},
    commit, index,
    log::{Entry, EntryType, Former},
    pages::{Shown, hidden_among},
    records::first,
    run::Result,
    search, user_changes,
};

#[async_trait]
impl MessageStore for MongoStore {
    async fn commit(&self, ops: &[Op]) -> PortResult<Vec<Outcome>> {
        commit::commit(&self.database, ops.to_vec()).await
    }

    async fn message(&self, id: MessageId) -> PortResult<Option<StoredMessage>> {
        let (reads, database) = (self.database.reads.clone(), self.database.clone());
        let read = move |wanted| {
            let (reading, database) = (database.clone(), database.clone());
            async move { database.run(READ, messages(reading, wanted)).await }
        };
        Ok(reads.call(READ, vec![id], read).await?.pop().flatten())
    }

    async fn was_committed(&self, op: OpId) -> PortResult<bool> {
        self.run("look for an op", move |database| async move {
            let entries = database.collection::<Entry>("messages");
            Ok(entries.find_one(doc! { "_id": id(op.0) }).await?.is_some())
        })
        .await
    }

    async fn page(
        &self,
        chat: ChatId,
        viewer: UserId,
        page: Page,
        limit: u32,
    ) -> PortResult<Vec<StoredMessage>> {
        self.run("read a page", move |database| async move {
            Shown { database, chat, viewer }.page(page, limit).await
        })
        .await
    }

    async fn changed_since(
        &self,
        chat: ChatId,
        viewer: UserId,
        rev: u64,
        limit: u32,
    ) -> PortResult<Vec<StoredMessage>> {
        self.run("read changes", move |database| async move {
            Shown { database, chat, viewer }.changed_since(rev, limit).await
        })
        .await
    }

    async fn pinned(
        &self,
        chat: ChatId,
        viewer: UserId,
        before: Option<(Timestamp, u64)>,
        limit: u32,
    ) -> PortResult<Vec<StoredMessage>> {
        self.run("list pinned messages", move |database| async move {
            Shown { database, chat, viewer }.pinned(before, limit).await
        })
        .await
    }

    async fn edits(&self, id: MessageId) -> PortResult<Vec<Edit>> {
        self.run("read a message's edits", move |database| edits(database, id)).await
    }

    async fn hide(
        &self,
        user: UserId,
        message: MessageId,
        at: Timestamp,
    ) -> PortResult<Option<UserChange>> {
        self.run("hide a message", move |database| hide(database, user, message, at)).await
    }

    async fn set_star(
        &self,
        user: UserId,
        message: MessageId,
        starred: bool,
        at: Timestamp,
    ) -> PortResult<Option<UserChange>> {
        self.run("star a message", move |database| async move {
            set_star(database, user, message, starred, at).await
        })
        .await
    }

    async fn starred(
        &self,
        user: UserId,
        before: Option<Timestamp>,
        limit: u32,
    ) -> PortResult<Vec<(Timestamp, StoredMessage)>> {
        self.run("list starred messages", move |database| starred(database, user, before, limit))
            .await
    }

    async fn search(
        &self,
        user: UserId,
        query: &SearchQuery,
    ) -> PortResult<Vec<(i64, StoredMessage)>> {
        let query = query.clone();
        self.run("search messages", move |database| search::search(database, user, query)).await
    }

    async fn due(&self, now: Timestamp, after: Option<Due>, limit: u32) -> PortResult<Vec<Due>> {
        self.run("look for what has disappeared", move |database| due(database, now, after, limit))
            .await
    }

    async fn index_messages(&self, max: u32) -> PortResult<u32> {
        index::index(&self.database, max).await
    }
}

const READ: &str = "read a message";

/// Of each call what it wants.
async fn messages(
    database: MongoDatabase,
    calls: Vec<Vec<MessageId>>,
) -> Result<Vec<PortResult<Vec<Option<StoredMessage>>>>> {
    let now = database.clock.now();
    let wanted: Vec<Uuid> = calls.iter().flatten().map(|message| id(message.0)).collect();
    let entries = database.collection::<Entry>("messages");
    let found: Vec<Entry> =
        entries.find(doc! { "_id": { "$in": wanted } }).await?.try_collect().await?;
    let found: HashMap<Uuid, StoredMessage> =
        found.iter().filter_map(|entry| Some((entry.id, entry.shown(now)?))).collect();
    let of = |message: MessageId| found.get(&id(message.0)).cloned();
    Ok(calls.into_iter().map(|call| Ok(call.into_iter().map(of).collect())).collect())
}

/// A message; no change of one.
async fn entry(database: &MongoDatabase, message: MessageId) -> Result<Option<Entry>> {
    let messages = database.collection::<Entry>("messages");
    let found = messages.find_one(doc! { "_id": id(message.0) }).await?;
    Ok(found.filter(|entry| entry.r#type != EntryType::Change))
}

#[derive(Deserialize)]
struct Edited {
    former: Former,
}

/// The changes hold the former texts. One that is not applied yet has not happened.
async fn edits(database: MongoDatabase, message: MessageId) -> Result<Vec<Edit>> {
    let Some(entry) = entry(&database, message).await? else { return Ok(Vec::new()) };
    if !entry.is_alive(database.clock.now()) {
        return Ok(Vec::new());
    }
    let applied = doc! { "$lte": entry.changed_rev.unwrap_or(entry.rev) };
    let changes = database.collection::<Edited>("messages");
    let edited: Vec<Edited> = changes
        .find(doc! { "target": entry.id, "rev": applied, "former": { "$ne": Bson::Null } })
        .sort(doc! { "rev": 1 })
        .projection(doc! { "former": 1 })
        .await?
        .try_collect()
        .await?;
    let mut edits: Vec<Edit> = edited.into_iter().map(|edited| edit(edited.former)).collect();
    let written_at = entry.state.edited_at.unwrap_or(entry.created_at);
    edits.push(edit(Former { content: entry.state.content, written_at }));
    Ok(edits)
}

fn edit(former: Former) -> Edit {
    Edit { content: former.content, written_at: time(former.written_at) }
}

async fn due(
    database: MongoDatabase,
    now: Timestamp,
    after: Option<Due>,
    limit: u32,
) -> Result<Vec<Due>> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Found {
        #[serde(rename = "_id")]
        id: Uuid,
        chat: Uuid,
        due_at: DateTime,
    }
    let mut filter = doc! { "dueAt": { "$lte": date(now) } };
    if let Some(last) = after {
        let (at, message) = (date(last.at), id(last.message.0));
        let later = doc! { "dueAt": { "$gt": at, "$lte": date(now) } };
        filter = doc! { "$or": [later, { "dueAt": at, "_id": { "$gt": message } }] };
    }
    let messages = database.collection::<Found>("messages");
    let found = messages.find(filter).sort(doc! { "dueAt": 1, "_id": 1 }).limit(i64::from(limit));
    let found = found.projection(doc! { "chat": 1, "dueAt": 1 }).await?;
    let due = |found: Found| Due {
        at: time(found.due_at),
        message: MessageId(uuid(found.id)),
        chat: ChatId(uuid(found.chat)),
    };
    Ok(found.map_ok(due).try_collect().await?)
}

async fn hide(
    database: MongoDatabase,
    user: UserId,
    message: MessageId,
    at: Timestamp,
) -> Result<Option<UserChange>> {
    let Some(entry) = entry(&database, message).await? else { return Ok(None) };
    let hidden = hidden_among(&database, user, std::slice::from_ref(&entry)).await?;
    if !hidden.is_empty() {
        return Ok(None);
    }
    let change = OwnChange::Hide { chat_id: ChatId(uuid(entry.chat)), message_id: message };
    user_changes::note(&database, user, change, at).await
}

async fn set_star(
    database: MongoDatabase,
    user: UserId,
    message_id: MessageId,
    starred: bool,
    at: Timestamp,
) -> Result<Option<UserChange>> {
    let Some(entry) = entry(&database, message_id).await? else { return Ok(None) };
    let stars = database.collection::<Document>("stars");
    let star = doc! { "user": id(user.0), "message": entry.id };
    if stars.find_one(star).await?.is_some() == starred {
        return Ok(None);
    }
    let change = OwnChange::Star { chat_id: ChatId(uuid(entry.chat)), message_id, starred };
    user_changes::note(&database, user, change, at).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Star {
    message: Uuid,
    starred_at: DateTime,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Membership {
    chat: Uuid,
    #[serde(default = "first")]
    history_from: i64,
}

/// Stars are read some more at once, as not all of their messages can be shown.
async fn starred(
    database: MongoDatabase,
    user: UserId,
    before: Option<Timestamp>,
    limit: u32,
) -> Result<Vec<(Timestamp, StoredMessage)>> {
    let (mut found, mut before) = (Vec::new(), before.map(date));
    while found.len() < limit as usize {
        let mut filter = doc! { "user": id(user.0) };
        filter.extend(before.map(|at| ("starredAt".to_owned(), doc! { "$lt": at }.into())));
        let stars = database.collection::<Star>("stars");
        let stars = stars.find(filter).sort(doc! { "starredAt": -1 }).limit(i64::from(limit) + 10);
        let stars: Vec<Star> = stars.await?.try_collect().await?;
        let Some(last) = stars.last() else { break };
        before = Some(last.starred_at);
        let now = database.clock.now();
        let messages = showable(&database, user, &stars).await?;
        let shown = stars.iter().filter_map(|star| {
            let (entry, from) = messages.iter().find(|(entry, _)| entry.id == star.message)?;
            Some((time(star.starred_at), entry.shown(now)?.seen_from(count(*from))))
        });
        found.extend(shown);
    }
    found.truncate(limit as usize);
    Ok(found)
}

/// Neither deleted nor hidden, in chats that the user is a member of; each with the first `seq` that
/// they may see there.
async fn showable(
    database: &MongoDatabase,
    user: UserId,
    stars: &[Star],
) -> Result<Vec<(Entry, i64)>> {
    let ids: Vec<Uuid> = stars.iter().map(|star| star.message).collect();
    let messages = database.collection::<Entry>("messages");
    let messages = messages.find(doc! { "_id": { "$in": ids }, "state.deletedAt": Bson::Null });
    let messages: Vec<Entry> = messages.await?.try_collect().await?;
    let chats: Vec<Uuid> = messages.iter().map(|entry| entry.chat).collect();
    let mine = doc! { "user": id(user.0), "chat": { "$in": chats }, "leftAt": Bson::Null };
    let members = database.collection::<Membership>("members");
    let mine = members.find(mine).projection(doc! { "chat": 1, "historyFrom": 1 }).await?;
    let mine: Vec<Membership> = mine.try_collect().await?;
    let hidden = hidden_among(database, user, &messages).await?;
    let now = database.clock.now();
    let shown = messages.into_iter().filter_map(|entry| {
        let from = mine.iter().find(|mine| mine.chat == entry.chat)?.history_from;
        let is_shown =
            entry.is_alive(now) && entry.seq >= from && !hidden.contains(&(entry.chat, entry.seq));
        is_shown.then_some((entry, from))
    });
    Ok(shown.collect())
}
