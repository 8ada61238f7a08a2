//! User names that change. A user's document has all names that are theirs, the present one and those
//! kept for them, under a unique index: taking a name is one write. The change itself then goes
//! through the user's log.

use async_trait::async_trait;
use bson::{DateTime, Document, doc};
use nexus_core::ports::{NAME_HELD, NameQuota, NameStore, PortResult, Renaming, UserRecord};
use nexus_protocol::{OwnChange, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use crate::{
    MongoDatabase, MongoStore,
    columns::{date, id, time},
    run::{Failure, Result, Turns, is_duplicate},
    user_changes,
    users::{UserDocument, users},
};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FormerName {
    pub name: String,
    pub at: DateTime,
}

#[async_trait]
impl NameStore for MongoStore {
    async fn rename(
        &self,
        user: UserId,
        name: &str,
        quota: NameQuota,
        at: Timestamp,
    ) -> PortResult<Option<Renaming>> {
        let name = name.to_owned();
        self.run("change a user name", move |database| async move {
            rename(&database, user, &name, quota, at).await
        })
        .await
    }

    async fn user_formerly(&self, name: &str, at: Timestamp) -> PortResult<Option<UserRecord>> {
        let kept = doc! {
            "names": name,
            "former": { "$elemMatch": { "name": name, "at": { "$gt": date(at.minus(NAME_HELD)) } } },
        };
        self.run("read a user by a former name", |database| async move {
            Ok(users(&database).find_one(kept).await?.map(UserDocument::record))
        })
        .await
    }
}

/// Whose a name is.
pub enum Holder {
    Nobody,
    Somebody,
    /// It was kept long enough, and is free now.
    NoLonger,
}

pub async fn holder(database: &MongoDatabase, name: &str, at: Timestamp) -> Result<Holder> {
    let users = users(database);
    let Some(known) = users.find_one(doc! { "names": name }).await? else {
        return Ok(Holder::Nobody);
    };
    let kept_after = at.minus(NAME_HELD);
    let is_kept = known
        .former
        .iter()
        .chain(&known.reserved)
        .any(|former| former.name == name && time(former.at) > kept_after);
    if known.username == name || is_kept {
        return Ok(Holder::Somebody);
    }
    // Unless they take it again just now.
    let as_known = doc! {
        "_id": known.id,
        "username": &known.username,
        "reserved.name": known.reserved.map(|reserved| reserved.name),
    };
    users.update_one(as_known, doc! { "$pull": { "names": name } }).await?;
    Ok(Holder::NoLonger)
}

async fn rename(
    database: &MongoDatabase,
    user: UserId,
    name: &str,
    quota: NameQuota,
    at: Timestamp,
) -> Result<Option<Renaming>> {
    let mut turns = Turns::default();
    loop {
        let found = users(database).find_one(doc! { "_id": id(user.0) }).await?;
        let Some(known) = found else { return Ok(None) };
        if known.username == name {
            return Ok(Some(Renaming::Renamed(Box::new(known.record()), None)));
        }
        // An earlier try was cut off after it had given the present name up.
        let has_begun = known.former.last().is_some_and(|last| last.name == known.username);
        let counted_after = at.minus(quota.per);
        let recent = known.former.iter().filter(|former| time(former.at) > counted_after);
        if !has_begun && recent.count() >= quota.most as usize {
            return Ok(Some(Renaming::TooOften));
        }
        match reserve(database, &known, name, has_begun, at).await? {
            Reservation::Done => {
                let change = OwnChange::Username { username: name.to_owned() };
                let change = user_changes::note(database, user, change, at).await?;
                let renamed = users(database).find_one(doc! { "_id": id(user.0) }).await?;
                let renamed = renamed.ok_or(Failure::Unexpected("a user who is gone"))?;
                return Ok(Some(Renaming::Renamed(Box::new(renamed.record()), change)));
            }
            Reservation::Taken => return Ok(Some(Renaming::Taken)),
            Reservation::Again => turns.pause().await?,
        }
    }
}

enum Reservation {
    Done,
    Taken,
    Again,
}

/// Makes the name the user's, and gives the present one up, in one write.
async fn reserve(
    database: &MongoDatabase,
    known: &UserDocument,
    name: &str,
    has_begun: bool,
    at: Timestamp,
) -> Result<Reservation> {
    let next = format!("former.{}", known.former.len());
    let as_known = doc! {
        "_id": known.id,
        "username": &known.username,
        next: { "$exists": false },
    };
    let mut change = doc! {
        "$addToSet": { "names": name },
        "$set": { "reserved": entry(name, at) },
    };
    if !has_begun {
        change.insert("$push", doc! { "former": entry(&known.username, at) });
    }
    match users(database).update_one(as_known, change).await {
        Ok(reserved) if reserved.matched_count > 0 => Ok(Reservation::Done),
        Ok(_) => Ok(Reservation::Again),
        Err(error) if is_duplicate(&error) => match holder(database, name, at).await? {
            Holder::Somebody => Ok(Reservation::Taken),
            Holder::NoLonger | Holder::Nobody => Ok(Reservation::Again),
        },
        Err(error) => Err(error.into()),
    }
}

fn entry(name: &str, at: Timestamp) -> Document {
    doc! { "name": name, "at": date(at) }
}
