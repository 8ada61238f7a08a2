//! Chats as one member sees them, many at once: a few queries for all of them, none for each.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use bson::{Bson, Document, Uuid, doc};
use futures_util::{TryStreamExt, future::join, join};
use nexus_core::ports::{ChatCursor, ChatView, MemberRecord, StoredMessage, UserRecord};
use nexus_protocol::{ChatId, MAX_RECEIPT_MEMBERS, Receipt, UserId};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    MongoDatabase,
    chats::{self, peer},
    columns::{count, date, id, time, uuid},
    log::Entry,
    receipts::told_seq,
    records::{ChatDocument, MemberDocument},
    run::Result,
    users,
};

/// One who looks at their chats.
pub struct Viewer {
    pub database: MongoDatabase,
    pub user: UserId,
}

/// A chat, the user's own membership, and what they have hidden in it.
struct Mine {
    chat: ChatDocument,
    me: MemberDocument,
    hidden: BTreeSet<i64>,
}

impl Viewer {
    /// Those of `chats` that the user is a member of, in the same order.
    pub async fn views(&self, chats: &[ChatId]) -> Result<Vec<ChatView>> {
        let wanted: Vec<Uuid> = chats.iter().map(|chat| id(chat.0)).collect();
        let (known, mine) = join(
            self.find("chats", doc! { "_id": { "$in": &wanted }, "deleted": Bson::Null }),
            self.find("members", self.of_chats(&wanted)),
        )
        .await;
        let mut known: HashMap<Uuid, ChatDocument> =
            known?.into_iter().map(|chat: ChatDocument| (chat.id, chat)).collect();
        let mut mine: HashMap<Uuid, MemberDocument> =
            mine?.into_iter().map(|me: MemberDocument| (me.chat, me)).collect();
        let both = wanted.iter().filter_map(|chat| Some((known.remove(chat)?, mine.remove(chat)?)));
        self.show(both.collect()).await
    }

    pub async fn list(
        &self,
        after: Option<ChatCursor>,
        limit: u32,
    ) -> Result<Vec<(ChatCursor, ChatView)>> {
        let mine = doc! { "user": id(self.user.0), "leftAt": Bson::Null };
        let mine: Vec<MemberDocument> = self.find("members", mine).await?;
        let mut mine: HashMap<Uuid, MemberDocument> =
            mine.into_iter().map(|me| (me.chat, me)).collect();
        let chats: Vec<Uuid> = mine.keys().copied().collect();
        let mut filter = doc! { "_id": { "$in": chats }, "deleted": Bson::Null };
        if let Some(ChatCursor { active_at, id: last }) = after {
            let (active_at, last) = (date(active_at), id(last.0));
            filter.insert(
                "$or",
                [
                    doc! { "activeAt": { "$lt": active_at } },
                    doc! { "activeAt": active_at, "_id": { "$lt": last } },
                ],
            );
        }
        let chats = chats::chats(&self.database);
        let page = chats.find(filter).sort(doc! { "activeAt": -1, "_id": -1 });
        let page: Vec<ChatDocument> = page.limit(i64::from(limit)).await?.try_collect().await?;
        let both: Vec<_> =
            page.into_iter().filter_map(|chat| Some((mine.remove(&chat.id)?, chat))).collect();
        let cursors: Vec<ChatCursor> = both
            .iter()
            .map(|(_, chat)| ChatCursor {
                active_at: time(chat.active_at),
                id: ChatId(uuid(chat.id)),
            })
            .collect();
        let views = self.show(both.into_iter().map(|(me, chat)| (chat, me)).collect()).await?;
        Ok(cursors.into_iter().zip(views).collect())
    }

    /// One view for each, in the same order.
    async fn show(&self, chats: Vec<(ChatDocument, MemberDocument)>) -> Result<Vec<ChatView>> {
        let mine = self.with_hidden(chats).await?;
        let (counts, last, peers, receipts) = join!(
            self.counts(&mine),
            self.last_messages(&mine),
            self.peers(&mine),
            self.receipts(&mine),
        );
        let (mut counts, mut last, peers, mut receipts) = (counts?, last?, peers?, receipts?);
        let view = |mine: Mine| {
            let (unread, mentions) = counts.remove(&mine.chat.id).unwrap_or_default();
            let peer = peer(&mine.chat, self.user);
            Some(ChatView {
                unread,
                mentions,
                last_message: last.remove(&mine.chat.id),
                peer: peer.and_then(|peer| peers.get(&peer).cloned()),
                receipts: receipts.remove(&mine.chat.id).unwrap_or_default(),
                me: mine.member(),
                chat: mine.chat.record()?,
            })
        };
        Ok(mine.into_iter().filter_map(view).collect())
    }

    async fn with_hidden(&self, chats: Vec<(ChatDocument, MemberDocument)>) -> Result<Vec<Mine>> {
        #[derive(Deserialize)]
        struct Hidden {
            chat: Uuid,
            seq: i64,
        }
        let ids: Vec<Uuid> = chats.iter().map(|(chat, _)| chat.id).collect();
        let hidden = doc! { "user": id(self.user.0), "chat": { "$in": ids } };
        let hidden: Vec<Hidden> = self.find("hidden", hidden).await?;
        let mut seqs: HashMap<Uuid, BTreeSet<i64>> = HashMap::new();
        for one in hidden {
            seqs.entry(one.chat).or_default().insert(one.seq);
        }
        let with_hidden = |(chat, me): (ChatDocument, MemberDocument)| {
            let hidden = seqs.remove(&chat.id).unwrap_or_default();
            Mine { chat, me, hidden }
        };
        Ok(chats.into_iter().map(with_hidden).collect())
    }

    /// Unread messages, and how many of them mention the user, by chat.
    async fn counts(&self, mine: &[Mine]) -> Result<HashMap<Uuid, (u64, u64)>> {
        #[derive(Deserialize)]
        struct Counted {
            #[serde(rename = "_id")]
            chat: Uuid,
            unread: i64,
            mentions: i64,
        }
        let unread: Vec<Document> = mine.iter().filter_map(Mine::unread).collect();
        if unread.is_empty() {
            return Ok(HashMap::new());
        }
        let (me, now) = (id(self.user.0), date(self.database.clock.now()));
        let mentioned = doc! { "$in": [me, { "$ifNull": ["$state.mentions", []] }] };
        let messages = self.database.collection::<Counted>("messages");
        let counts = messages.aggregate([
            doc! { "$match": {
                "$or": unread,
                "type": "text",
                "sender": { "$ne": me },
                "state.deletedAt": Bson::Null,
                "expiresAt": { "$not": { "$lte": now } },
            } },
            doc! { "$group": {
                "_id": "$chat",
                "unread": { "$sum": 1_i64 },
                "mentions": { "$sum": { "$cond": [mentioned, 1_i64, 0_i64] } },
            } },
        ]);
        let counts = counts.with_type::<Counted>().await?;
        let by_chat = counts.map_ok(|one| (one.chat, (count(one.unread), count(one.mentions))));
        Ok(by_chat.try_collect().await?)
    }

    async fn last_messages(&self, mine: &[Mine]) -> Result<HashMap<Uuid, StoredMessage>> {
        let places: Vec<Document> = mine.iter().filter_map(Mine::last_shown).collect();
        if places.is_empty() {
            return Ok(HashMap::new());
        }
        let found: Vec<Entry> = self.find("messages", doc! { "$or": places }).await?;
        let now = self.database.clock.now();
        let seen_from = |chat| mine.iter().find(|mine| mine.chat.id == chat);
        let seen_from = |chat| seen_from(chat).map_or(1, |mine| count(mine.me.history_from));
        let shown =
            |entry: &Entry| Some((entry.chat, entry.shown(now)?.seen_from(seen_from(entry.chat))));
        Ok(found.iter().filter_map(shown).collect())
    }

    async fn peers(&self, mine: &[Mine]) -> Result<HashMap<UserId, UserRecord>> {
        let peers = mine.iter().filter_map(|mine| peer(&mine.chat, self.user));
        let found = users::by_ids(&self.database, peers).await?;
        Ok(found.into_iter().map(|user| (UserId(uuid(user.id)), user.record())).collect())
    }

    async fn receipts(&self, mine: &[Mine]) -> Result<HashMap<Uuid, Vec<Receipt>>> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Watermarks {
            chat: Uuid,
            user: Uuid,
            delivered_seq: i64,
            read_seq: i64,
            #[serde(default)]
            quiet_from: i64,
            #[serde(default)]
            quiet_to: i64,
        }
        let small: HashMap<Uuid, i64> = mine
            .iter()
            .filter(|mine| mine.chat.member_count <= MAX_RECEIPT_MEMBERS as i64)
            .map(|mine| (mine.chat.id, mine.chat.last_seq))
            .collect();
        let chats: Vec<Uuid> = small.keys().copied().collect();
        let present = doc! { "chat": { "$in": chats }, "leftAt": Bson::Null };
        let found: Vec<Watermarks> = self.find("members", present).await?;
        let mut receipts: HashMap<Uuid, BTreeMap<UserId, Receipt>> = HashMap::new();
        for one in found {
            // They are read after the chat, and may have passed it.
            let seen = small.get(&one.chat).copied().unwrap_or(0);
            let user_id = UserId(uuid(one.user));
            let told = told_seq(one.read_seq, one.quiet_from, one.quiet_to);
            let read = if user_id == self.user { one.read_seq } else { told };
            let receipt = Receipt {
                user_id,
                delivered_seq: count(one.delivered_seq.min(seen)),
                read_seq: count(read.min(seen)),
            };
            receipts.entry(one.chat).or_default().insert(receipt.user_id, receipt);
        }
        let by_user = |(chat, found): (Uuid, BTreeMap<UserId, Receipt>)| {
            (chat, found.into_values().collect())
        };
        Ok(receipts.into_iter().map(by_user).collect())
    }

    /// The user's own, present membership of each of the chats.
    fn of_chats(&self, chats: &[Uuid]) -> Document {
        doc! { "user": id(self.user.0), "chat": { "$in": chats }, "leftAt": Bson::Null }
    }

    async fn find<T: DeserializeOwned + Send + Sync>(
        &self,
        collection: &str,
        filter: Document,
    ) -> Result<Vec<T>> {
        let found = self.database.collection::<T>(collection).find(filter).await?;
        Ok(found.try_collect().await?)
    }
}

impl Mine {
    /// The view is of the moment of its chat: what came later is not in it.
    fn member(&self) -> MemberRecord {
        let mut me = self.me.record();
        let seen = count(self.chat.last_seq);
        me.delivered_seq = me.delivered_seq.min(seen);
        me.read_seq = me.read_seq.min(seen);
        me
    }

    /// Where unread messages may be.
    fn unread(&self) -> Option<Document> {
        let (read, last) = (self.me.read_seq, self.chat.last_seq);
        if read >= last {
            return None;
        }
        let mut seq = doc! { "$gt": read, "$lte": last };
        let hidden: Vec<i64> = self.hidden.iter().copied().filter(|seq| *seq > read).collect();
        if !hidden.is_empty() {
            seq.insert("$nin", hidden);
        }
        Some(doc! { "chat": self.chat.id, "seq": seq })
    }

    /// Each number up to the last is one of a message.
    fn last_shown(&self) -> Option<Document> {
        let last = (self.me.history_from..=self.chat.last_seq)
            .rev()
            .find(|seq| !self.hidden.contains(seq))?;
        Some(doc! { "chat": self.chat.id, "seq": last })
    }
}
