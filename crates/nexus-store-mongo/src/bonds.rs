//! What lies between two people. Each half of it is made by its user's log.

use std::collections::HashMap;

use async_trait::async_trait;
use bson::{DateTime, Document, Uuid, doc};
use futures_util::TryStreamExt;
use mongodb::Collection;
use nexus_core::ports::{Bond, BondStore, ContactRecord, PortResult};
use nexus_protocol::{OwnChange, Timestamp, UserChange, UserId};
use serde::{Deserialize, Serialize};

use crate::{
    MongoDatabase, MongoStore, bulk,
    columns::{id, ids, time, uuid},
    run::{Result, Turns},
    user_changes::{self, ChangeDocument, Wanted},
};

/// In `bonds`: what one user has made of another. It stays when that is nothing any more, so that
/// what comes late is known to be late.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Half {
    user: Uuid,
    other: Uuid,
    #[serde(default)]
    contact_at: Option<DateTime>,
    #[serde(default)]
    nickname: Option<String>,
    #[serde(default)]
    blocked_at: Option<DateTime>,
}

impl Half {
    fn contact(&self) -> Option<ContactRecord> {
        Some(ContactRecord {
            other: UserId(uuid(self.other)),
            nickname: self.nickname.clone(),
            added_at: time(self.contact_at?),
        })
    }
}

fn halves(database: &MongoDatabase) -> Collection<Half> {
    database.collection("bonds")
}

#[async_trait]
impl BondStore for MongoStore {
    async fn bonds(&self, user: UserId, others: &[UserId]) -> PortResult<Vec<Bond>> {
        let others = others.to_vec();
        self.run("read what lies between people", move |database| async move {
            between(&database, user, &others).await
        })
        .await
    }

    async fn set_blocked(
        &self,
        user: UserId,
        other: UserId,
        blocked: bool,
        at: Timestamp,
    ) -> PortResult<Option<UserChange>> {
        self.run("block or unblock a user", move |database| async move {
            change(&database, user, other, at, |half| {
                let is_so = half.is_some_and(|half| half.blocked_at.is_some());
                (is_so != blocked).then_some(OwnChange::Blocks { user_id: other, blocked })
            })
            .await
        })
        .await
    }

    async fn blocked(
        &self,
        user: UserId,
        after: Option<UserId>,
        limit: u32,
    ) -> PortResult<Vec<UserId>> {
        self.run("list blocked users", move |database| async move {
            let found = page(&database, user, "blockedAt", after, limit).await?;
            Ok(found.iter().map(|half| UserId(uuid(half.other))).collect())
        })
        .await
    }

    async fn contact(&self, user: UserId, other: UserId) -> PortResult<Option<ContactRecord>> {
        self.run("read a contact", move |database| async move {
            Ok(half(&database, user, other).await?.and_then(|half| half.contact()))
        })
        .await
    }

    async fn put_contact(
        &self,
        user: UserId,
        other: UserId,
        nickname: Option<&str>,
        at: Timestamp,
    ) -> PortResult<Option<UserChange>> {
        let nickname = nickname.map(str::to_owned);
        self.run("add or rename a contact", move |database| async move {
            change(&database, user, other, at, |half| {
                let known = half.and_then(Half::contact);
                let is_so = known.is_some_and(|known| known.nickname == nickname);
                let nickname = nickname.clone();
                (!is_so).then_some(OwnChange::Contacts {
                    user_id: other,
                    is_contact: true,
                    nickname,
                })
            })
            .await
        })
        .await
    }

    async fn remove_contact(
        &self,
        user: UserId,
        other: UserId,
        at: Timestamp,
    ) -> PortResult<Option<UserChange>> {
        self.run("remove a contact", move |database| async move {
            change(&database, user, other, at, |half| {
                half.and_then(Half::contact)?;
                Some(OwnChange::Contacts { user_id: other, is_contact: false, nickname: None })
            })
            .await
        })
        .await
    }

    async fn contacts(
        &self,
        user: UserId,
        after: Option<UserId>,
        limit: u32,
    ) -> PortResult<Vec<ContactRecord>> {
        self.run("list contacts", move |database| async move {
            let found = page(&database, user, "contactAt", after, limit).await?;
            Ok(found.iter().filter_map(Half::contact).collect())
        })
        .await
    }

    async fn bond_count(&self, user: UserId) -> PortResult<u64> {
        self.run("count contacts and blocks", move |database| async move {
            let halves = halves(&database);
            let contacts = halves.count_documents(present(user, "contactAt")).await?;
            let blocks = halves.count_documents(present(user, "blockedAt")).await?;
            Ok(contacts + blocks)
        })
        .await
    }
}

/// Those of the user's bonds that have the field.
fn present(user: UserId, field: &str) -> Document {
    doc! { "user": id(user.0), field: { "$exists": true } }
}

async fn page(
    database: &MongoDatabase,
    user: UserId,
    field: &str,
    after: Option<UserId>,
    limit: u32,
) -> Result<Vec<Half>> {
    let mut wanted = present(user, field);
    if let Some(after) = after {
        wanted.insert("other", doc! { "$gt": id(after.0) });
    }
    let halves = halves(database);
    let found = halves.find(wanted).sort(doc! { "other": 1 }).limit(i64::from(limit)).await?;
    Ok(found.try_collect().await?)
}

async fn half(database: &MongoDatabase, user: UserId, other: UserId) -> Result<Option<Half>> {
    let this = doc! { "user": id(user.0), "other": id(other.0) };
    Ok(halves(database).find_one(this).await?)
}

async fn between(database: &MongoDatabase, user: UserId, others: &[UserId]) -> Result<Vec<Bond>> {
    if others.is_empty() {
        return Ok(Vec::new());
    }
    let all = ids(others.iter().map(|other| other.0));
    let mine = doc! { "user": id(user.0), "other": { "$in": all.clone() } };
    let theirs = doc! { "other": id(user.0), "user": { "$in": all } };
    let found: Vec<Half> =
        halves(database).find(doc! { "$or": [mine, theirs] }).await?.try_collect().await?;
    let mut bonds: HashMap<Uuid, Bond> = HashMap::new();
    for half in found {
        let (contact, blocked) = (half.contact_at.is_some(), half.blocked_at.is_some());
        if half.user == id(user.0) {
            let bond = bonds.entry(half.other).or_default();
            (bond.has, bond.blocks) = (contact, blocked);
        } else {
            let bond = bonds.entry(half.user).or_default();
            (bond.is_had, bond.is_blocked) = (contact, blocked);
        }
    }
    Ok(others.iter().map(|other| bonds.get(&id(other.0)).copied().unwrap_or_default()).collect())
}

/// Decided on what is there once the head was read: as new as the head, or its number is taken.
async fn change(
    database: &MongoDatabase,
    user: UserId,
    other: UserId,
    at: Timestamp,
    decide: impl Fn(Option<&Half>) -> Option<OwnChange>,
) -> Result<Option<UserChange>> {
    let mut turns = Turns::default();
    loop {
        let heads = user_changes::heads(database, [id(user.0)]).await?;
        if heads.is_empty() {
            return Ok(None);
        }
        let half = half(database, user, other).await?;
        let Some(change) = decide(half.as_ref()) else { return Ok(None) };
        let wanted = [Wanted { user: id(user.0), joined_seq: None, change, at }];
        let noted = user_changes::try_note(database, &wanted, &heads).await?.pop();
        if let Some(change) = noted.flatten() {
            return Ok(Some(change));
        }
        turns.pause().await?;
    }
}

/// What an entry of a user's log says about another user; too late, it does nothing.
pub fn apply(entry: &ChangeDocument, change: &OwnChange) -> Option<Document> {
    let (other, number, mut change) = match change {
        OwnChange::Blocks { user_id, blocked } => {
            let change = match blocked {
                true => doc! { "$set": { "blockedAt": entry.at } },
                false => doc! { "$unset": { "blockedAt": "" } },
            };
            (user_id, "blockRev", change)
        }
        OwnChange::Contacts { user_id, is_contact, nickname } => {
            let change = match is_contact {
                // When it was added first stays.
                true => doc! {
                    "$set": { "nickname": nickname.clone() },
                    "$min": { "contactAt": entry.at },
                },
                false => doc! { "$unset": { "contactAt": "", "nickname": "" } },
            };
            (user_id, "contactRev", change)
        }
        _ => return None,
    };
    let earlier = doc! {
        "user": entry.user,
        "other": id(other.0),
        number: { "$not": { "$gte": entry.user_rev } },
    };
    change.insert("$max", doc! { number: entry.user_rev });
    Some(bulk::upsert(earlier, change))
}
