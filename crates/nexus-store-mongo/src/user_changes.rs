//! Changes of a user's own state, numbered for their other devices.
//!
//! Each user has a log of them, as each chat has one: a change is first inserted under the user's
//! next number, then `marks` does what it says, and only then `userRev` of the user moves on to it.
//! Who meets a number that is taken carries out what was cut off there. What a later change has
//! overtaken keeps its number for a day, empty, so that nobody who was held up gives it again.

use std::{collections::HashMap, time::Duration};

use bson::{Bson, DateTime, Document, Uuid, doc, serde_helpers::HumanReadable};
use futures_util::TryStreamExt;
use mongodb::Collection;
use nexus_core::ports::place_of;
use nexus_protocol::{OwnChange, Timestamp, UserChange, UserId};
use serde::{Deserialize, Serialize};

use crate::{
    MongoDatabase, bulk,
    columns::{count, date, id, time},
    fault, marks,
    run::{Result, Turns},
    users::UserDocument,
};

/// How often, and after how long each time, another writer of the same user is looked at before it
/// is taken to be dead: if all were to help it, none would get on.
const GRACE: [u64; 4] = [5, 10, 20, 40];

/// A change that wants a number.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub user: Uuid,
    /// Of a change in a chat: `joinedSeq` of the membership that it belongs to.
    pub joined_seq: Option<i64>,
    pub change: OwnChange,
    pub at: Timestamp,
}

/// In `user_changes`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeDocument {
    pub user: Uuid,
    pub user_rev: i64,
    pub at: DateTime,
    /// Goes once it is overtaken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Told>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Told {
    pub kind: String,
    pub subject: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined_seq: Option<i64>,
    pub change: HumanReadable<OwnChange>,
}

impl ChangeDocument {
    fn new(wanted: &Wanted, user_rev: i64) -> ChangeDocument {
        let (kind, subject) = place_of(&wanted.change);
        let told = Told {
            kind: kind.to_owned(),
            subject: id(subject),
            joined_seq: wanted.joined_seq,
            change: HumanReadable(wanted.change.clone()),
        };
        ChangeDocument { user: wanted.user, user_rev, at: date(wanted.at), told: Some(told) }
    }

    fn change(self) -> Option<UserChange> {
        let change = self.told?.change.0;
        Some(UserChange { user_rev: count(self.user_rev), change, at: time(self.at) })
    }
}

fn log(database: &MongoDatabase) -> Collection<ChangeDocument> {
    database.collection("user_changes")
}

/// Up to where the user's log is applied. `None` when there is no such user.
pub async fn head(database: &MongoDatabase, user: UserId) -> Result<Option<i64>> {
    Ok(heads(database, [id(user.0)]).await?.remove(&id(user.0)))
}

/// Likewise of each of those that exist.
pub async fn heads(
    database: &MongoDatabase,
    users: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, i64>> {
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Head {
        #[serde(rename = "_id")]
        user: Uuid,
        user_rev: i64,
    }
    let users: Vec<Bson> = users.into_iter().map(Bson::from).collect();
    let heads = database.collection::<Head>("users");
    let found = heads.find(doc! { "_id": { "$in": users } }).projection(doc! { "userRev": 1 });
    let found = found.await?;
    Ok(found.map_ok(|head| (head.user, head.user_rev)).try_collect().await?)
}

/// Numbers a change of a user and carries it out. `None` when there is no such user.
pub async fn note(
    database: &MongoDatabase,
    user: UserId,
    change: OwnChange,
    at: Timestamp,
) -> Result<Option<UserChange>> {
    let wanted = [Wanted { user: id(user.0), joined_seq: None, change, at }];
    let mut turns = Turns::default();
    loop {
        let heads = heads(database, [id(user.0)]).await?;
        if heads.is_empty() {
            return Ok(None);
        }
        if let Some(noted) = try_note(database, &wanted, &heads).await?.pop().flatten() {
            return Ok(Some(noted));
        }
        turns.pause().await?;
    }
}

/// Gives each change the number after the head of its user, and carries those out that got it.
/// `None` for one that found its number taken (or has no user): to be decided again, on what is
/// there now.
pub async fn try_note(
    database: &MongoDatabase,
    wanted: &[Wanted],
    heads: &HashMap<Uuid, i64>,
) -> Result<Vec<Option<UserChange>>> {
    let mut next = heads.clone();
    let mut places = Vec::new();
    let mut entries = Vec::new();
    for (place, wanted) in wanted.iter().enumerate() {
        let Some(number) = next.get_mut(&wanted.user) else { continue };
        *number += 1;
        places.push(place);
        entries.push(ChangeDocument::new(wanted, *number));
    }
    let taken = bulk::insert_new(&log(database), &entries).await?;
    fault::point("mongo.own_noted")?;
    let mut noted = vec![None; wanted.len()];
    let (mut ours, mut others) = (Vec::new(), HashMap::new());
    for (n, entry) in entries.into_iter().enumerate() {
        if taken.contains(&n) {
            others.entry(entry.user).or_insert(entry.user_rev);
        } else {
            noted[places[n]] = entry.clone().change();
            ours.push(entry);
        }
    }
    carry_out(database, &ours).await?;
    finish_others(database, others).await?;
    Ok(noted)
}

/// Does what the entries say, tells their users' heads, and empties what they overtake.
async fn carry_out(database: &MongoDatabase, entries: &[ChangeDocument]) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    marks::apply(database, entries).await?;
    fault::point("mongo.own_applied")?;
    bulk::update(database, "users", move_heads(entries)).await?;
    bulk::update(database, "user_changes", entries.iter().filter_map(overtake).collect()).await
}

/// Profile and role are part of the user: they change in the same step as the head. Whoever moved the head
/// further has seen to it.
fn move_heads(entries: &[ChangeDocument]) -> Vec<Document> {
    let mut users: HashMap<Uuid, (i64, Document)> = HashMap::new();
    for entry in entries {
        let (head, set) = users.entry(entry.user).or_default();
        *head = entry.user_rev.max(*head);
        match entry.told.as_ref().map(|told| &told.change.0) {
            Some(OwnChange::Profile { display_name, about }) => {
                set.extend(UserDocument::profile(display_name, about));
            }
            Some(OwnChange::Username { username }) => {
                set.insert("username", username);
            }
            Some(OwnChange::Role { role }) => {
                set.insert("role", role.as_str());
            }
            _ => {}
        }
    }
    let move_head = |(user, (head, mut set)): (Uuid, (i64, Document))| {
        set.insert("userRev", head);
        bulk::one(doc! { "_id": user, "userRev": { "$lt": head } }, doc! { "$set": set })
    };
    users.into_iter().map(move_head).collect()
}

fn overtake(by: &ChangeDocument) -> Option<Document> {
    let told = by.told.as_ref()?;
    let earlier = doc! {
        "user": by.user,
        "told.subject": told.subject,
        "told.kind": &told.kind,
        "userRev": { "$lt": by.user_rev },
    };
    Some(bulk::all(earlier, empty()))
}

fn empty() -> Document {
    doc! { "$unset": { "told": "" }, "$currentDate": { "overtakenAt": true } }
}

/// Where others gave numbers and then do not move the head on, does it for them.
async fn finish_others(database: &MongoDatabase, mut taken: HashMap<Uuid, i64>) -> Result<()> {
    let mut behind = HashMap::new();
    for millis in GRACE {
        if taken.is_empty() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(millis)).await;
        behind = heads(database, taken.keys().copied()).await?;
        behind.retain(|user, head| taken.get(user).is_some_and(|number| *head < *number));
        taken.retain(|user, _| behind.contains_key(user));
    }
    for (user, head) in behind {
        let above = doc! { "user": user, "userRev": { "$gt": head } };
        let found = log(database).find(above).sort(doc! { "userRev": 1 }).await?;
        let mut entries: Vec<ChangeDocument> = found.try_collect().await?;
        entries.truncate(dense(head, &entries));
        carry_out(database, &entries).await?;
    }
    Ok(())
}

/// Only what is applied, so that nobody hears of what is not there yet. What was noted and cut off is
/// done first: its marks may be there already, and whoever asks would see them without being told.
pub async fn after(
    database: &MongoDatabase,
    user: UserId,
    after: i64,
    limit: u32,
) -> Result<Vec<UserChange>> {
    let Some(head) = head(database, user).await? else { return Ok(Vec::new()) };
    let wanted = doc! {
        "user": id(user.0),
        "userRev": { "$gt": after },
        "told": { "$exists": true },
    };
    let log = log(database);
    let found = log.find(wanted).sort(doc! { "userRev": 1 }).limit(i64::from(limit)).await?;
    let mut found: Vec<ChangeDocument> = found.try_collect().await?;
    let begun = found.iter().position(|entry| entry.user_rev > head).unwrap_or(found.len());
    let done = begun + dense(head, &found[begun..]);
    carry_out(database, &found[begun..done]).await?;
    found.truncate(done);
    Ok(found.into_iter().filter_map(ChangeDocument::change).collect())
}

/// What the changes that match are about.
pub async fn subjects(database: &MongoDatabase, noted: Document) -> Result<Vec<Uuid>> {
    let found: Vec<ChangeDocument> = log(database).find(noted).await?.try_collect().await?;
    Ok(found.into_iter().filter_map(|entry| Some(entry.told?.subject)).collect())
}

/// How many of these follow the head without a hole.
fn dense(head: i64, entries: &[ChangeDocument]) -> usize {
    (head + 1..).zip(entries).take_while(|(number, entry)| *number == entry.user_rev).count()
}

/// The users have left the chat by the message `left_seq`: what they had changed about it there must
/// not be told to a device that finds them in it again, with nothing marked.
pub async fn forget(
    database: &MongoDatabase,
    chat: Uuid,
    users: &[Uuid],
    left_seq: i64,
) -> Result<()> {
    let of_then = |user: &Uuid| {
        let noted = doc! {
            "user": user,
            "told.subject": chat,
            "told.joinedSeq": { "$lt": left_seq },
        };
        bulk::all(noted, empty())
    };
    bulk::update(database, "user_changes", users.iter().map(of_then).collect()).await
}
