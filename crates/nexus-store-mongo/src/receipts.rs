//! Watermarks of delivery and reading: a few commands for a whole batch of them.

use std::collections::HashMap;

use async_trait::async_trait;
use bson::{Bson, DateTime, Document, Uuid, doc};
use futures_util::{TryStreamExt, join};
use mongodb::Collection;
use nexus_core::ports::{Advance, Advanced, PortResult, ReceiptKind, ReceiptStore};
use nexus_protocol::{
    ChatId, ChatReceipt, MAX_RECEIPT_MEMBERS, MessageReceipt, OwnChange, Timestamp, UserId,
};
use serde::{Deserialize, Serialize};

use crate::{
    MongoDatabase, MongoStore, bulk,
    columns::{count, date, id, int, time, uuid},
    marks::Membership,
    run::{Result, Turns},
    user_changes::{self, Wanted},
};

#[async_trait]
impl ReceiptStore for MongoStore {
    async fn advance(&self, advances: &[Advance]) -> PortResult<Vec<Option<Advanced>>> {
        let advances = advances.to_vec();
        self.run(
            "advance watermarks",
            |database| async move { advance(&database, &advances).await },
        )
        .await
    }

    async fn message_receipts(&self, chat: ChatId, seq: u64) -> PortResult<Vec<MessageReceipt>> {
        self.run("read a message's receipts", move |database| async move {
            of_message(&database, id(chat.0), int(seq)).await
        })
        .await
    }

    async fn receipts_since(&self, user: UserId, since: Timestamp) -> PortResult<Vec<ChatReceipt>> {
        self.run("read moved watermarks", move |database| async move {
            moved_since(&database, user, since).await
        })
        .await
    }
}

/// A membership's key.
type Member = (Uuid, Uuid);

fn member_of(advance: &Advance) -> Member {
    (id(advance.chat.0), id(advance.user.0))
}

async fn advance(database: &MongoDatabase, advances: &[Advance]) -> Result<Vec<Option<Advanced>>> {
    let mut answers = vec![None; advances.len()];
    let mut open: Vec<usize> = (0..advances.len()).collect();
    let mut turns = Turns::default();
    while !open.is_empty() {
        let these: Vec<&Advance> = open.iter().map(|place| &advances[*place]).collect();
        let tried = try_advance(database, &these).await?;
        let mut again = Vec::new();
        for (place, tried) in open.into_iter().zip(tried) {
            match tried {
                Tried::Done(answer) => answers[place] = answer,
                Tried::Again => again.push(place),
            }
        }
        open = again;
        if !open.is_empty() {
            turns.pause().await?;
        }
    }
    Ok(answers)
}

enum Tried {
    Done(Option<Advanced>),
    /// Somebody else noted something of the same user meanwhile.
    Again,
}

/// The moves go into the log before the watermarks move: tried again, what has moved would be no move.
/// Before they move it also stands there which of them are quiet.
async fn try_advance(database: &MongoDatabase, advances: &[&Advance]) -> Result<Vec<Tried>> {
    let (states, heads) = join!(
        states(database, advances),
        user_changes::heads(database, advances.iter().map(|advance| id(advance.user.0))),
    );
    let (mut states, heads) = (states?, heads?);
    let moves: Vec<Option<Move>> = advances
        .iter()
        .map(|advance| states.get_mut(&member_of(advance)).map(|state| state.take(advance)))
        .collect();
    let all = || advances.iter().copied().zip(&moves);
    let of_each = all().filter_map(|(advance, moved)| Some(moved.as_ref()?.logged(advance)));
    let logged: Vec<MoveDocument> = of_each.flatten().collect();
    let quiet = all().filter_map(|(advance, moved)| moved.as_ref()?.quiet(advance)).collect();
    let (logged, quiet) = join!(
        async { bulk::insert_new(&log(database), &logged).await },
        bulk::update(database, "members", quiet),
    );
    logged?;
    quiet?;
    let delivered = all().filter_map(|(advance, moved)| moved.as_ref()?.delivery(advance));
    let (owners, wanted): (Vec<usize>, Vec<Wanted>) = all()
        .enumerate()
        .filter_map(|(n, (advance, moved))| Some((n, moved.as_ref()?.own(advance)?)))
        .unzip();
    let (delivered, noted) = join!(
        bulk::update(database, "members", delivered.collect()),
        user_changes::try_note(database, &wanted, &heads),
    );
    delivered?;
    let mut noted: HashMap<usize, _> = owners.into_iter().zip(noted?).collect();
    let answer = |(n, moved): (usize, Option<Move>)| {
        let answer = moved.map(|moved| moved.answer);
        match (answer, noted.remove(&n)) {
            (answer, None) => Tried::Done(answer),
            (_, Some(None)) => Tried::Again,
            (answer, Some(own)) => Tried::Done(answer.map(|answer| Advanced { own, ..answer })),
        }
    };
    Ok(moves.into_iter().enumerate().map(answer).collect())
}

/// How far a member is, what this batch moves included.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct State {
    chat: Uuid,
    user: Uuid,
    joined_seq: i64,
    delivered_seq: i64,
    read_seq: i64,
    unread_from: Option<i64>,
    #[serde(default)]
    quiet_from: i64,
    #[serde(default)]
    quiet_to: i64,
    #[serde(skip)]
    last_seq: i64,
}

/// What becomes of one [`Advance`].
struct Move {
    answer: Advanced,
    membership: Membership,
    /// The read watermark after it.
    read_seq: i64,
    /// Up to where others found it read before.
    told_seq: i64,
    clears: bool,
}

/// Up to where others find that a member has read.
pub fn told_seq(read_seq: i64, quiet_from: i64, quiet_to: i64) -> i64 {
    if read_seq > quiet_to { read_seq } else { quiet_from }
}

impl State {
    fn take(&mut self, advance: &Advance) -> Move {
        let seq = int(advance.seq).min(self.last_seq);
        let reads = advance.kind == ReceiptKind::Read;
        let read = (reads && seq > self.read_seq).then_some(seq);
        // Reading is delivery too; and delivery is never behind reading.
        let delivered = (seq > self.delivered_seq).then_some(seq);
        let clears = reads && self.unread_from.is_some();
        let told_seq = told_seq(self.read_seq, self.quiet_from, self.quiet_to);
        self.read_seq = read.unwrap_or(self.read_seq);
        self.delivered_seq = delivered.unwrap_or(self.delivered_seq);
        if reads {
            self.unread_from = None;
        }
        Move {
            answer: Advanced { delivered: delivered.map(count), read: read.map(count), own: None },
            membership: Membership {
                chat: self.chat,
                user: self.user,
                joined: Some(self.joined_seq),
            },
            read_seq: self.read_seq,
            told_seq,
            clears,
        }
    }
}

impl Move {
    fn logged(&self, advance: &Advance) -> impl Iterator<Item = MoveDocument> {
        let Membership { chat, user, .. } = self.membership;
        let at = date(advance.at);
        let read = self.answer.read.filter(|_| !advance.quiet);
        let moves = [(Kind::Delivered, self.answer.delivered), (Kind::Read, read)];
        moves.into_iter().filter_map(move |(kind, seq)| {
            Some(MoveDocument { chat, user, kind, seq: int(seq?), at })
        })
    }

    /// Where it is delivery alone. Reading moves both, by the change that is noted of it.
    fn delivery(&self, advance: &Advance) -> Option<Document> {
        if self.answer.read.is_some() {
            return None;
        }
        let seq = self.answer.delivered?;
        Some(self.membership.deliver(int(seq), date(advance.at)))
    }

    fn quiet(&self, advance: &Advance) -> Option<Document> {
        let seq = self.answer.read.filter(|_| advance.quiet)?;
        Some(self.membership.quiet(self.told_seq, int(seq)))
    }

    fn own(&self, advance: &Advance) -> Option<Wanted> {
        if self.answer.read.is_none() && !self.clears {
            return None;
        }
        let read_seq = count(self.read_seq);
        let change = OwnChange::Read { chat_id: advance.chat, read_seq, unread_from: None };
        let Membership { user, joined: joined_seq, .. } = self.membership;
        Some(Wanted { user, joined_seq, change, at: advance.at })
    }
}

/// Of those that are members, in chats that there are.
async fn states(database: &MongoDatabase, advances: &[&Advance]) -> Result<HashMap<Member, State>> {
    let mut users: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    let mut wanted: HashMap<Uuid, i64> = HashMap::new();
    for advance in advances {
        let (chat, user) = member_of(advance);
        users.entry(chat).or_default().push(user);
        let highest = wanted.entry(chat).or_default();
        *highest = int(advance.seq).max(*highest);
    }
    let those: Vec<Document> = users
        .into_iter()
        .map(|(chat, users)| doc! { "chat": chat, "user": { "$in": users } })
        .collect();
    let members = database.collection::<State>("members");
    let (last, found) = join!(last_seqs(database, &wanted), async {
        let found = members.find(doc! { "$or": those, "leftAt": Bson::Null }).await?;
        Ok::<Vec<State>, crate::run::Failure>(found.try_collect().await?)
    });
    let last = last?;
    let with_last = |mut state: State| {
        state.last_seq = *last.get(&state.chat)?;
        Some(((state.chat, state.user), state))
    };
    Ok(found?.into_iter().filter_map(with_last).collect())
}

/// `lastSeq` of each chat that there is. Where more is wanted, the log may be ahead of it.
async fn last_seqs(
    database: &MongoDatabase,
    wanted: &HashMap<Uuid, i64>,
) -> Result<HashMap<Uuid, i64>> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Last {
        #[serde(rename = "_id")]
        chat: Uuid,
        last_seq: i64,
    }
    let chats: Vec<Uuid> = wanted.keys().copied().collect();
    let found = database.collection::<Last>("chats");
    let found = found.find(doc! { "_id": { "$in": chats }, "deleted": Bson::Null });
    let found = found.projection(doc! { "lastSeq": 1 }).await?;
    let mut last: HashMap<Uuid, i64> =
        found.map_ok(|one| (one.chat, one.last_seq)).try_collect().await?;
    let beyond: Vec<Document> = last
        .iter()
        .filter(|(chat, last)| wanted.get(chat) > Some(last))
        .map(|(chat, last)| doc! { "chat": chat, "seq": { "$gt": last } })
        .collect();
    if !beyond.is_empty() {
        let newest = database.collection::<Last>("messages");
        let newest = newest
            .aggregate([
                doc! { "$match": { "$or": beyond } },
                doc! { "$group": { "_id": "$chat", "lastSeq": { "$max": "$seq" } } },
            ])
            .with_type::<Last>()
            .await?;
        let newest: Vec<Last> = newest.try_collect().await?;
        last.extend(newest.into_iter().map(|one| (one.chat, one.last_seq)));
    }
    Ok(last)
}

/// In `receipt_log`: each move of a watermark, for the times of a single message's receipts.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct MoveDocument {
    chat: Uuid,
    user: Uuid,
    kind: Kind,
    seq: i64,
    at: DateTime,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Delivered,
    Read,
}

fn log(database: &MongoDatabase) -> Collection<MoveDocument> {
    database.collection("receipt_log")
}

/// The first move at or above the message. One who joined (again) after it has seen it only if a
/// move before that joining says so.
async fn of_message(database: &MongoDatabase, chat: Uuid, seq: i64) -> Result<Vec<MessageReceipt>> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Present {
        user: Uuid,
        joined_seq: i64,
    }
    #[derive(Deserialize)]
    struct Sent {
        sender: Uuid,
    }
    let (members, messages) =
        (database.collection::<Present>("members"), database.collection::<Sent>("messages"));
    let (first, present, sent) = join!(
        first_moves(database, chat, seq),
        async {
            members.find(doc! { "chat": chat, "leftAt": Bson::Null }).sort(doc! { "user": 1 }).await
        },
        async { messages.find_one(doc! { "chat": chat, "seq": seq }).await },
    );
    let (first, present) = (first?, present?.try_collect::<Vec<_>>().await?);
    let sender = sent?.map(|sent| sent.sender);
    let receipt = |member: Present| {
        let at = |kind| {
            let first = first.get(&(member.user, kind))?;
            let is_seen = member.joined_seq < seq || first.seq <= member.joined_seq;
            is_seen.then_some(time(first.at))
        };
        let (delivered_at, read_at) = (at(Kind::Delivered), at(Kind::Read));
        MessageReceipt { user_id: UserId(uuid(member.user)), delivered_at, read_at }
    };
    let others = present.into_iter().filter(|member| Some(member.user) != sender);
    Ok(others.map(receipt).collect())
}

#[derive(Deserialize)]
struct FirstMove {
    #[serde(rename = "_id")]
    of: MoveOf,
    seq: i64,
    at: DateTime,
}

#[derive(Deserialize)]
struct MoveOf {
    user: Uuid,
    kind: Kind,
}

async fn first_moves(
    database: &MongoDatabase,
    chat: Uuid,
    seq: i64,
) -> Result<HashMap<(Uuid, Kind), FirstMove>> {
    let log = log(database);
    let first = log.aggregate([
        doc! { "$match": { "chat": chat, "seq": { "$gte": seq } } },
        doc! { "$sort": { "seq": 1 } },
        doc! { "$group": {
            "_id": { "user": "$user", "kind": "$kind" },
            "seq": { "$first": "$seq" },
            "at": { "$first": "$at" },
        } },
    ]);
    let found = first.with_type::<FirstMove>().await?;
    Ok(found.map_ok(|first| ((first.of.user, first.of.kind), first)).try_collect().await?)
}

async fn moved_since(
    database: &MongoDatabase,
    user: UserId,
    since: Timestamp,
) -> Result<Vec<ChatReceipt>> {
    #[derive(Deserialize)]
    struct Mine {
        chat: Uuid,
    }
    #[derive(Deserialize)]
    struct Small {
        #[serde(rename = "_id")]
        id: Uuid,
    }
    let mine = database.collection::<Mine>("members");
    let mine = mine.find(doc! { "user": id(user.0), "leftAt": Bson::Null });
    let mine: Vec<Uuid> =
        mine.projection(doc! { "chat": 1 }).await?.map_ok(|mine| mine.chat).try_collect().await?;
    let most = MAX_RECEIPT_MEMBERS as i64;
    let small = database.collection::<Small>("chats");
    let small = small
        .find(
            doc! { "_id": { "$in": mine }, "memberCount": { "$lte": most }, "deleted": Bson::Null },
        )
        .projection(doc! { "_id": 1 });
    let small: Vec<Uuid> = small.await?.map_ok(|small| small.id).try_collect().await?;
    let moved = doc! {
        "chat": { "$in": small },
        "movedAt": { "$gte": date(since) },
        "leftAt": Bson::Null,
    };
    let found = database.collection::<State>("members").find(moved).await?;
    Ok(found.map_ok(|state| state.receipt(user)).try_collect().await?)
}

impl State {
    fn receipt(self, viewer: UserId) -> ChatReceipt {
        let user = UserId(uuid(self.user));
        let told = told_seq(self.read_seq, self.quiet_from, self.quiet_to);
        ChatReceipt {
            chat_id: ChatId(uuid(self.chat)),
            user_id: user,
            delivered_seq: count(self.delivered_seq),
            read_seq: count(if user == viewer { self.read_seq } else { told }),
        }
    }
}
