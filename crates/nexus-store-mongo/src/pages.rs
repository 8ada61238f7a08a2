//! Pages of a chat, and what one user has hidden in it.

use std::collections::HashSet;

use bson::{DateTime, Document, Uuid, doc};
use futures_util::TryStreamExt;
use mongodb::options::SelectionCriteria;
use nexus_core::ports::{Page, StoredMessage};
use nexus_protocol::{ChatId, Timestamp, UserId};
use serde::Deserialize;

use crate::{
    MongoDatabase,
    columns::{count, date, id, int},
    log::Entry,
    records::first,
    run::Result,
};

/// Messages are read this many at least, some being hidden.
const AT_LEAST: u32 = 20;

/// A chat's messages as the viewer may see them, without those that they have hidden.
#[derive(Clone)]
pub struct Shown {
    pub database: MongoDatabase,
    pub chat: ChatId,
    pub viewer: UserId,
}

/// By which number messages are listed, and which way.
#[derive(Clone, Copy)]
enum Order {
    SeqDown,
    SeqUp,
    RevUp,
}

impl Order {
    fn field(self) -> &'static str {
        match self {
            Order::SeqDown | Order::SeqUp => "seq",
            Order::RevUp => "changedRev",
        }
    }

    fn direction(self) -> i32 {
        match self {
            Order::SeqDown => -1,
            Order::SeqUp | Order::RevUp => 1,
        }
    }

    /// Changes have a `seq` below zero, and no `changedRev`; `lowest` is above zero.
    fn beyond(self, from: i64, lowest: i64) -> Document {
        match self {
            Order::SeqDown => doc! { "seq": { "$lt": from, "$gte": lowest } },
            Order::SeqUp => doc! { "seq": { "$gt": from, "$gte": lowest } },
            Order::RevUp => doc! { "changedRev": { "$gt": from }, "seq": { "$gte": lowest } },
        }
    }

    fn place(self, entry: &Entry) -> i64 {
        match self {
            Order::SeqDown | Order::SeqUp => entry.seq,
            Order::RevUp => entry.changed_rev.unwrap_or(entry.rev),
        }
    }
}

impl Shown {
    pub async fn page(&self, page: Page, limit: u32) -> Result<Vec<StoredMessage>> {
        match page {
            Page::Before(seq) => self.before(seq, limit).await,
            Page::After(seq) => self.list(Order::SeqUp, int(seq), limit, None).await,
            Page::Around(seq) => self.around(int(seq), limit).await,
        }
    }

    pub async fn changed_since(&self, rev: u64, limit: u32) -> Result<Vec<StoredMessage>> {
        self.list(Order::RevUp, int(rev), limit, None).await
    }

    /// What is old may come from a secondary, unless that one does not even have the first of it.
    async fn before(&self, seq: u64, limit: u32) -> Result<Vec<StoredMessage>> {
        let below = int(seq);
        if seq < u64::MAX {
            let relaxed = Some(self.database.relaxed());
            let page = self.list(Order::SeqDown, below, limit, relaxed).await?;
            if page.first().is_some_and(|newest| newest.message.seq + 1 == seq) {
                return Ok(page);
            }
        }
        self.list(Order::SeqDown, below, limit, None).await
    }

    /// Where one side is short, the other fills the page up.
    async fn around(&self, seq: i64, limit: u32) -> Result<Vec<StoredMessage>> {
        let mut newer = self.list(Order::SeqUp, seq, limit, None).await?;
        let below = seq.saturating_add(1);
        let mut older = self.list(Order::SeqDown, below, limit, None).await?;
        let limit = limit as usize;
        let older_wanted = limit.div_ceil(2).max(limit.saturating_sub(newer.len()));
        older.truncate(older_wanted);
        newer.truncate(limit - older.len());
        newer.reverse();
        newer.append(&mut older);
        Ok(newer)
    }

    pub async fn pinned(
        &self,
        before: Option<(Timestamp, u64)>,
        limit: u32,
    ) -> Result<Vec<StoredMessage>> {
        let lowest = history_from(&self.database, self.chat, self.viewer).await?;
        let (mut shown, now) = (Vec::new(), self.database.clock.now());
        let mut before = before.map(|(at, seq)| (date(at), int(seq)));
        let more = limit.max(AT_LEAST);
        while shown.len() < limit as usize {
            let found = self.read_pinned(before, lowest, more).await?;
            let hidden = hidden_among(&self.database, self.viewer, &found).await?;
            let kept = found
                .iter()
                .filter(|entry| entry.is_alive(now) && !hidden.contains(&(entry.chat, entry.seq)));
            shown.extend(kept.filter_map(|entry| Some(entry.shown(now)?.seen_from(count(lowest)))));
            let Some(last) = found.last().filter(|_| found.len() == more as usize) else { break };
            before = last.state.pinned_at.map(|at| (at, last.seq));
        }
        shown.truncate(limit as usize);
        Ok(shown)
    }

    async fn read_pinned(
        &self,
        before: Option<(DateTime, i64)>,
        lowest: i64,
        limit: u32,
    ) -> Result<Vec<Entry>> {
        // Above all times; and no change, for those have a `seq` below zero.
        let (at, seq) = before.unwrap_or((DateTime::MAX, 0));
        let filter = doc! {
            "chat": id(self.chat.0),
            "state.pinnedAt": { "$exists": true },
            "seq": { "$gte": lowest },
            "$or": [
                { "state.pinnedAt": { "$lt": at } },
                { "state.pinnedAt": at, "seq": { "$lt": seq } },
            ],
        };
        let messages = self.database.collection::<Entry>("messages");
        let found = messages.find(filter).sort(doc! { "state.pinnedAt": -1, "seq": -1 });
        Ok(found.limit(i64::from(limit)).await?.try_collect().await?)
    }

    async fn list(
        &self,
        order: Order,
        from: i64,
        limit: u32,
        at: Option<SelectionCriteria>,
    ) -> Result<Vec<StoredMessage>> {
        let lowest = history_from(&self.database, self.chat, self.viewer).await?;
        let (mut shown, mut from, now) = (Vec::new(), from, self.database.clock.now());
        let wanted = limit as usize;
        while shown.len() < wanted {
            let missing = u32::try_from(wanted - shown.len()).unwrap_or(u32::MAX);
            let more = missing.max(AT_LEAST);
            let found = self.read(order, (from, lowest), more, at.clone()).await?;
            let is_all = found.len() < more as usize;
            let Some(last) = found.last() else { break };
            from = order.place(last);
            let hidden = hidden_among(&self.database, self.viewer, &found).await?;
            let kept = found.iter().filter(|entry| !hidden.contains(&(entry.chat, entry.seq)));
            shown.extend(kept.filter_map(|entry| Some(entry.shown(now)?.seen_from(count(lowest)))));
            if is_all {
                break;
            }
        }
        shown.truncate(wanted);
        Ok(shown)
    }

    async fn read(
        &self,
        order: Order,
        (from, lowest): (i64, i64),
        limit: u32,
        at: Option<SelectionCriteria>,
    ) -> Result<Vec<Entry>> {
        let mut filter = doc! { "chat": id(self.chat.0) };
        filter.extend(order.beyond(from, lowest));
        let mut sort = Document::new();
        sort.insert(order.field(), order.direction());
        let messages = self.database.collection::<Entry>("messages");
        let mut find = messages.find(filter).sort(sort).limit(i64::from(limit));
        if let Some(at) = at {
            find = find.selection_criteria(at);
        }
        Ok(find.await?.try_collect().await?)
    }
}

/// The first `seq` of the chat that they may see, or might when they were in it.
async fn history_from(database: &MongoDatabase, chat: ChatId, user: UserId) -> Result<i64> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Seen {
        #[serde(default = "first")]
        history_from: i64,
    }
    let members = database.collection::<Seen>("members");
    let me = members.find_one(doc! { "chat": id(chat.0), "user": id(user.0) });
    let me = me.projection(doc! { "historyFrom": 1 }).await?;
    Ok(me.map_or_else(first, |me| me.history_from))
}

#[derive(Deserialize)]
struct Hidden {
    chat: Uuid,
    seq: i64,
}

/// Those of the messages that the user has hidden, by chat and `seq`.
pub async fn hidden_among(
    database: &MongoDatabase,
    user: UserId,
    messages: &[Entry],
) -> Result<HashSet<(Uuid, i64)>> {
    if messages.is_empty() {
        return Ok(HashSet::new());
    }
    let chats: HashSet<Uuid> = messages.iter().map(|entry| entry.chat).collect();
    let seqs: Vec<i64> = messages.iter().map(|entry| entry.seq).collect();
    let chats: Vec<Uuid> = chats.into_iter().collect();
    let filter = doc! { "user": id(user.0), "chat": { "$in": chats }, "seq": { "$in": seqs } };
    let hidden = database.collection::<Hidden>("hidden");
    let found: Vec<Hidden> = hidden.find(filter).await?.try_collect().await?;
    Ok(found.into_iter().map(|hidden| (hidden.chat, hidden.seq)).collect())
}
