//! People and their passwords.

use std::collections::HashMap;

use async_trait::async_trait;
use bson::{DateTime, Document, Uuid, doc, serde_helpers::HumanReadable};
use futures_util::TryStreamExt;
use mongodb::Collection;
use nexus_core::{
    ports::{
        Credentials, DeletionRecord, NewUser, PortResult, ProfileUpdate, UserCreation, UserRecord,
        UserStore,
    },
    search,
};
use nexus_protocol::{Ban, OwnChange, Timestamp, UserChange, UserId, UserRole};
use serde::{Deserialize, Serialize};

use crate::{
    MongoDatabase, MongoStore,
    columns::{count, date, id, ids, int, time, uuid},
    names::{self, FormerName, Holder},
    run::{Failure, Result, Turns, is_duplicate},
    user_changes::{self, Wanted},
};

/// In `users`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserDocument {
    #[serde(rename = "_id")]
    pub id: Uuid,
    pub email: String,
    pub email_verified: bool,
    pub username: String,
    pub display_name: String,
    pub about: String,
    pub password_hash: String,
    /// Of the display name, to find people by their beginnings.
    pub words: Vec<String>,
    pub created_at: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen_at: Option<DateTime>,
    #[serde(default, skip_serializing_if = "is_user")]
    pub role: UserRole,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ban: Option<HumanReadable<Ban>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletion: Option<HumanReadable<DeletionRecord>>,
    /// The user's own and those kept for them: a unique index sees to it that no other has one.
    pub names: Vec<String>,
    /// Names that were given up, each with when.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<FormerName>,
    /// The name the user is about to take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserved: Option<FormerName>,
    /// All of the user's log up to this is applied.
    pub user_rev: i64,
}

impl UserDocument {
    fn new(new: &NewUser) -> UserDocument {
        let user = &new.user;
        UserDocument {
            id: id(user.id.0),
            email: user.email.clone(),
            email_verified: user.email_verified,
            username: user.username.clone(),
            display_name: user.display_name.clone(),
            about: user.about.clone(),
            password_hash: new.password_hash.clone(),
            words: search::tokens(&user.display_name),
            created_at: date(user.created_at),
            last_seen_at: user.last_seen_at.map(date),
            role: user.role,
            ban: user.ban.clone().map(HumanReadable),
            deletion: user.deletion.map(HumanReadable),
            names: vec![user.username.clone()],
            former: Vec::new(),
            reserved: None,
            user_rev: 0,
        }
    }

    /// The fields of a profile.
    pub fn profile(display_name: &str, about: &str) -> Document {
        let words = search::tokens(display_name);
        doc! { "displayName": display_name, "about": about, "words": words }
    }

    pub fn record(self) -> UserRecord {
        UserRecord {
            id: UserId(uuid(self.id)),
            email: self.email,
            email_verified: self.email_verified,
            username: self.username,
            display_name: self.display_name,
            about: self.about,
            created_at: time(self.created_at),
            last_seen_at: self.last_seen_at.map(time),
            role: self.role,
            ban: self.ban.map(|ban| ban.0),
            deletion: self.deletion.map(|deletion| deletion.0),
        }
    }
}

/// So that staff are found by the field.
fn is_user(role: &UserRole) -> bool {
    *role == UserRole::User
}

pub fn users(database: &MongoDatabase) -> Collection<UserDocument> {
    database.collection("users")
}

#[async_trait]
impl UserStore for MongoStore {
    async fn create_user(&self, new: &NewUser) -> PortResult<UserCreation> {
        let new = UserDocument::new(new);
        self.run("create a user", |database| async move { create(&database, &new).await }).await
    }

    async fn user(&self, user: UserId) -> PortResult<Option<UserRecord>> {
        self.run("read a user", move |database| async move {
            let found = users(&database).find_one(doc! { "_id": id(user.0) }).await?;
            Ok(found.map(UserDocument::record))
        })
        .await
    }

    async fn users(&self, ids: &[UserId]) -> PortResult<Vec<UserRecord>> {
        let ids = ids.to_vec();
        self.run("read users", |database| async move {
            let found = by_ids(&database, ids).await?;
            Ok(found.into_iter().map(UserDocument::record).collect())
        })
        .await
    }

    async fn user_named(&self, username: &str) -> PortResult<Option<UserRecord>> {
        let named = doc! { "username": username };
        self.run("read a user by name", |database| async move {
            Ok(users(&database).find_one(named).await?.map(UserDocument::record))
        })
        .await
    }

    async fn credentials(&self, identifier: &str) -> PortResult<Option<Credentials>> {
        let either = doc! { "$or": [{ "email": identifier }, { "username": identifier }] };
        self.run("read credentials", |database| async move {
            let found = users(&database).find_one(either).await?;
            Ok(found.map(|user| Credentials {
                user_id: UserId(uuid(user.id)),
                password_hash: user.password_hash,
            }))
        })
        .await
    }

    async fn set_password(&self, user: UserId, password_hash: &str) -> PortResult<bool> {
        let change = doc! { "$set": { "passwordHash": password_hash } };
        self.run("change a password", move |database| async move {
            let changed = users(&database).update_one(doc! { "_id": id(user.0) }, change).await?;
            Ok(changed.matched_count > 0)
        })
        .await
    }

    async fn password_hash(&self, user: UserId) -> PortResult<Option<String>> {
        self.run("read a password's hash", move |database| async move {
            let found = users(&database).find_one(doc! { "_id": id(user.0) }).await?;
            Ok(found.map(|user| user.password_hash))
        })
        .await
    }

    async fn search_users(
        &self,
        query: &str,
        after: Option<&str>,
        limit: u32,
    ) -> PortResult<Vec<UserRecord>> {
        let after = after.unwrap_or_default();
        let filter = doc! { "username": { "$gt": after }, "$or": named(query.trim()) };
        self.run("search users", move |database| async move {
            let users = users(&database);
            let found = users.find(filter).sort(doc! { "username": 1 }).limit(i64::from(limit));
            Ok(found.await?.map_ok(UserDocument::record).try_collect().await?)
        })
        .await
    }

    async fn update_profile(
        &self,
        user: UserId,
        update: &ProfileUpdate,
        at: Timestamp,
    ) -> PortResult<Option<(UserRecord, UserChange)>> {
        let update = update.clone();
        self.run("update a profile", move |database| async move {
            update_profile(&database, user, update, at).await
        })
        .await
    }

    async fn set_last_seen(&self, user: UserId, at: Timestamp) -> PortResult<()> {
        self.run("note when a user was last seen", move |database| async move {
            let later = doc! { "$max": { "lastSeenAt": date(at) } };
            users(&database).update_one(doc! { "_id": id(user.0) }, later).await?;
            Ok(())
        })
        .await
    }

    async fn user_rev(&self, user: UserId) -> PortResult<u64> {
        self.run("read a user's number of changes", move |database| async move {
            let head = user_changes::head(&database, user).await?;
            Ok(head.map_or(0, count))
        })
        .await
    }

    async fn user_changes(
        &self,
        user: UserId,
        after: u64,
        limit: u32,
    ) -> PortResult<Vec<UserChange>> {
        self.run("read a user's changes", move |database| async move {
            user_changes::after(&database, user, int(after), limit).await
        })
        .await
    }
}

/// Those of these that are not gone.
pub fn there(users: &[UserId]) -> Document {
    doc! {
        "_id": { "$in": ids(users.iter().map(|user| user.0)) },
        "deletion.stage": { "$nin": ["begun", "done"] },
    }
}

pub async fn by_ids(
    database: &MongoDatabase,
    wanted: impl IntoIterator<Item = UserId>,
) -> Result<Vec<UserDocument>> {
    let wanted = ids(wanted.into_iter().map(|user| user.0));
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let found = users(database).find(doc! { "_id": { "$in": wanted } }).await?;
    Ok(found.try_collect().await?)
}

/// The unique indexes decide. Which of them stood in the way is looked up: the server names only one
/// of several.
async fn create(database: &MongoDatabase, new: &UserDocument) -> Result<UserCreation> {
    let users = users(database);
    let mut turns = Turns::default();
    loop {
        match users.insert_one(new).await {
            Ok(_) => return Ok(UserCreation::Created),
            Err(error) if is_duplicate(&error) => {}
            Err(error) => return Err(error.into()),
        }
        if let Some(known) = users.find_one(doc! { "email": &new.email }).await? {
            // Ours: the answer to an earlier try was lost.
            let ours = known.id == new.id;
            return Ok(if ours { UserCreation::Created } else { UserCreation::EmailTaken });
        }
        match names::holder(database, &new.username, time(new.created_at)).await? {
            Holder::Somebody => return Ok(UserCreation::UsernameTaken),
            Holder::NoLonger => continue,
            Holder::Nobody => {}
        }
        if users.find_one(doc! { "_id": new.id }).await?.is_some() {
            return Err(Failure::Unexpected("another user with this id"));
        }
        // Whoever took it has no majority yet.
        turns.pause().await?;
    }
}

/// What both carry out alike: see [`UserStore::search_users`].
pub fn named(query: &str) -> Vec<Document> {
    let (words, _) = search::query(query);
    let mut either = vec![doc! { "username": begins_with(query) }];
    if !words.is_empty() {
        let each: Vec<Document> = words
            .iter()
            .map(|word| doc! { "words": { "$elemMatch": begins_with(word) } })
            .collect();
        either.push(doc! { "$and": each });
    }
    either
}

/// A range, not a pattern.
pub fn begins_with(prefix: &str) -> Document {
    doc! { "$gte": prefix, "$lt": format!("{prefix}{}", char::MAX) }
}

/// The change carries the whole profile, so it is made from the very state that its number follows.
async fn update_profile(
    database: &MongoDatabase,
    user: UserId,
    update: ProfileUpdate,
    at: Timestamp,
) -> Result<Option<(UserRecord, UserChange)>> {
    let mut turns = Turns::default();
    loop {
        let found = users(database).find_one(doc! { "_id": id(user.0) }).await?;
        let Some(mut now) = found else { return Ok(None) };
        if let Some(display_name) = &update.display_name {
            now.display_name.clone_from(display_name);
        }
        if let Some(about) = &update.about {
            now.about.clone_from(about);
        }
        let (display_name, about) = (now.display_name.clone(), now.about.clone());
        let change = OwnChange::Profile { display_name, about };
        let wanted = [Wanted { user: now.id, joined_seq: None, change, at }];
        let heads = HashMap::from([(now.id, now.user_rev)]);
        let noted = user_changes::try_note(database, &wanted, &heads).await?.pop();
        if let Some(change) = noted.flatten() {
            return Ok(Some((now.record(), change)));
        }
        turns.pause().await?;
    }
}
