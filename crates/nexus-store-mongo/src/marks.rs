//! What users' own changes do: to their memberships, and to messages as they alone see them. Done
//! twice, or late, they do nothing: each mark knows the number it was made by, each membership where
//! it began.

use bson::{Bson, DateTime, Document, Uuid, doc};
use mongodb::Collection;
use nexus_protocol::{ChatId, MessageId, OwnChange};
use serde::{Deserialize, Serialize};

use crate::{
    MongoDatabase, bonds, bulk,
    columns::{date, id, int},
    run::{Result, Turns, is_duplicate},
    settings,
    user_changes::{self, ChangeDocument, Told},
};

/// Profiles aside, which are part of the user.
pub async fn apply(database: &MongoDatabase, entries: &[ChangeDocument]) -> Result<()> {
    let (mut memberships, mut chosen, mut between) = (Vec::new(), Vec::new(), Vec::new());
    for entry in entries {
        let Some(told) = &entry.told else { continue };
        match &told.change.0 {
            OwnChange::Hide { message_id, .. } => hide(database, entry.user, *message_id).await?,
            OwnChange::Star { chat_id, message_id, starred: true } => {
                star(database, entry, *chat_id, *message_id).await?;
            }
            OwnChange::Star { message_id, starred: false, .. } => {
                unstar(database, entry, *message_id).await?;
            }
            OwnChange::Settings(all) => {
                chosen.push(settings::apply(entry.user, entry.user_rev, all)?);
            }
            change @ (OwnChange::Blocks { .. } | OwnChange::Contacts { .. }) => {
                between.extend(bonds::apply(entry, change));
            }
            _ => memberships.extend(of_membership(entry, told)),
        }
    }
    bulk::update_newer(database, "bonds", between).await?;
    bulk::update_newer(database, "settings", chosen).await?;
    bulk::update(database, "members", memberships).await
}

fn of_membership(entry: &ChangeDocument, told: &Told) -> Vec<Document> {
    let membership = Membership { chat: told.subject, user: entry.user, joined: told.joined_seq };
    let mark = |name: &str, field: &str, value: Bson| {
        vec![membership.mark(&format!("marks.{name}"), entry.user_rev, field, value)]
    };
    match &told.change.0 {
        OwnChange::Mute { muted_until, .. } => {
            mark("mute", "mutedUntil", muted_until.map(date).into())
        }
        OwnChange::Pin { pinned, .. } => mark("pin", "pinned", (*pinned).into()),
        OwnChange::Archive { archived, .. } => mark("archive", "archived", (*archived).into()),
        OwnChange::Draft { draft, .. } => mark("draft", "draft", draft.clone().into()),
        OwnChange::Unread { unread_from, .. } => {
            mark("unread", "unreadFrom", unread_from.map(int).into())
        }
        OwnChange::Read { read_seq, .. } => {
            let mut statements = mark("unread", "unreadFrom", Bson::Null);
            statements.push(membership.read(int(*read_seq), entry.at));
            statements
        }
        OwnChange::Star { .. }
        | OwnChange::Hide { .. }
        | OwnChange::Profile { .. }
        | OwnChange::Account { .. }
        | OwnChange::Settings(_)
        | OwnChange::Role { .. }
        | OwnChange::Username { .. }
        | OwnChange::Blocks { .. }
        | OwnChange::Contacts { .. }
        | OwnChange::Dismiss { .. } => Vec::new(),
    }
}

/// A member's time in a chat, from one joining to leaving.
#[derive(Clone, Copy)]
pub struct Membership {
    pub chat: Uuid,
    pub user: Uuid,
    /// `joinedSeq`.
    pub joined: Option<i64>,
}

impl Membership {
    fn filter(&self) -> Document {
        doc! {
            "chat": self.chat,
            "user": self.user,
            "joinedSeq": self.joined,
            "leftAt": Bson::Null,
        }
    }

    fn mark(&self, number: &str, user_rev: i64, field: &str, value: Bson) -> Document {
        let mut filter = self.filter();
        filter.insert(number, doc! { "$not": { "$gte": user_rev } });
        let change = match value {
            Bson::Null => doc! { "$set": { number: user_rev }, "$unset": { field: "" } },
            value => doc! { "$set": { number: user_rev, field: value } },
        };
        bulk::one(filter, change)
    }

    /// Reading is delivery too.
    fn read(&self, seq: i64, at: DateTime) -> Document {
        let mut filter = self.filter();
        filter.insert("readSeq", doc! { "$lt": seq });
        let moved = doc! { "$max": { "readSeq": seq, "deliveredSeq": seq, "movedAt": at } };
        bulk::one(filter, moved)
    }

    /// Others find it read up to `from` while it is not read beyond `to`.
    pub fn quiet(&self, from: i64, to: i64) -> Document {
        let mut filter = self.filter();
        filter.insert("quietTo", doc! { "$not": { "$gte": to } });
        bulk::one(filter, doc! { "$set": { "quietFrom": from, "quietTo": to } })
    }

    pub fn deliver(&self, seq: i64, at: DateTime) -> Document {
        let mut filter = self.filter();
        filter.insert("deliveredSeq", doc! { "$lt": seq });
        bulk::one(filter, doc! { "$max": { "deliveredSeq": seq, "movedAt": at } })
    }
}

/// In `hidden`: a message that a user deleted for themselves.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HiddenDocument {
    pub user: Uuid,
    pub chat: Uuid,
    pub seq: i64,
}

async fn hide(database: &MongoDatabase, user: Uuid, message: MessageId) -> Result<()> {
    #[derive(Serialize, Deserialize)]
    struct Place {
        chat: Uuid,
        seq: i64,
    }
    let messages = database.collection::<Place>("messages");
    let wanted = messages.find_one(doc! { "_id": id(message.0) });
    let Some(found) = wanted.projection(doc! { "chat": 1, "seq": 1 }).await? else {
        return Ok(());
    };
    let hidden = HiddenDocument { user, chat: found.chat, seq: found.seq };
    bulk::insert_new(&database.collection("hidden"), &[hidden]).await?;
    Ok(())
}

/// In `stars`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StarDocument {
    pub user: Uuid,
    pub message: Uuid,
    pub chat: Uuid,
    /// Different for each star of a user: lists go on below it.
    pub starred_at: DateTime,
    /// The number in the user's log that it was made by.
    pub user_rev: i64,
}

async fn star(
    database: &MongoDatabase,
    entry: &ChangeDocument,
    chat: ChatId,
    message: MessageId,
) -> Result<()> {
    let stars: Collection<StarDocument> = database.collection("stars");
    let mut star = StarDocument {
        user: entry.user,
        message: id(message.0),
        chat: id(chat.0),
        starred_at: entry.at,
        user_rev: entry.user_rev,
    };
    let this = doc! { "user": star.user, "message": star.message };
    let mut turns = Turns::default();
    loop {
        // Nothing is left of a star that was taken away: the head tells whether this is late.
        let heads = user_changes::heads(database, [entry.user]).await?;
        let is_late = heads.get(&entry.user).is_none_or(|head| *head >= entry.user_rev);
        if is_late || stars.find_one(this.clone()).await?.is_some() {
            return Ok(());
        }
        match stars.insert_one(&star).await {
            Ok(_) => return Ok(()),
            Err(error) if is_duplicate(&error) => {
                star.starred_at = DateTime::from_millis(star.starred_at.timestamp_millis() + 1);
                turns.pause().await?;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

async fn unstar(
    database: &MongoDatabase,
    entry: &ChangeDocument,
    message: MessageId,
) -> Result<()> {
    let stars: Collection<StarDocument> = database.collection("stars");
    let earlier = doc! {
        "user": entry.user,
        "message": id(message.0),
        "userRev": { "$lt": entry.user_rev },
    };
    stars.delete_one(earlier).await?;
    Ok(())
}
