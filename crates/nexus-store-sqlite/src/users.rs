//! People and their passwords.

use async_trait::async_trait;
use nexus_core::{
    ports::{Credentials, NewUser, PortResult, ProfileUpdate, UserCreation, UserRecord, UserStore},
    search,
};
use nexus_protocol::{OwnChange, Timestamp, UserChange, UserId};
use rusqlite::{Connection, OptionalExtension, params_from_iter, types::Value};

use crate::{
    SqliteStore,
    columns::{count, uuid},
    names,
    records::{self, USER},
    user_changes,
};

#[async_trait]
impl UserStore for SqliteStore {
    async fn create_user(&self, new: &NewUser) -> PortResult<UserCreation> {
        let new = new.clone();
        self.write("create a user", move |db| create(db, &new)).await
    }

    async fn user(&self, id: UserId) -> PortResult<Option<UserRecord>> {
        self.read("read a user", move |db| one(db, id)).await
    }

    async fn users(&self, ids: &[UserId]) -> PortResult<Vec<UserRecord>> {
        let ids = ids.to_vec();
        self.read("read users", move |db| {
            let mut found = Vec::new();
            for id in ids {
                found.extend(one(db, id)?);
            }
            Ok(found)
        })
        .await
    }

    async fn user_named(&self, username: &str) -> PortResult<Option<UserRecord>> {
        let username = username.to_owned();
        self.read("read a user by name", move |db| {
            db.prepare_cached(&format!("SELECT {USER} FROM users u WHERE u.username = ?1"))?
                .query_row([username], records::user)
                .optional()
        })
        .await
    }

    async fn credentials(&self, identifier: &str) -> PortResult<Option<Credentials>> {
        let identifier = identifier.to_owned();
        self.read("read credentials", move |db| {
            db.prepare_cached(
                "SELECT id, password_hash FROM users WHERE email = ?1 OR username = ?1",
            )?
            .query_row([identifier], |row| {
                Ok(Credentials { user_id: UserId(uuid(row, 0)?), password_hash: row.get(1)? })
            })
            .optional()
        })
        .await
    }

    async fn set_password(&self, id: UserId, password_hash: &str) -> PortResult<bool> {
        let hash = password_hash.to_owned();
        self.write("change a password", move |db| {
            let changed = db
                .prepare_cached("UPDATE users SET password_hash = ?2 WHERE id = ?1")?
                .execute((id.0.as_bytes(), hash))?;
            Ok(changed > 0)
        })
        .await
    }

    async fn password_hash(&self, id: UserId) -> PortResult<Option<String>> {
        self.read("read a password's hash", move |db| {
            db.prepare_cached("SELECT password_hash FROM users WHERE id = ?1")?
                .query_row([id.0.as_bytes()], |row| row.get(0))
                .optional()
        })
        .await
    }

    async fn search_users(
        &self,
        query: &str,
        after: Option<&str>,
        limit: u32,
    ) -> PortResult<Vec<UserRecord>> {
        let (query, after) = (query.trim().to_owned(), after.unwrap_or_default().to_owned());
        self.read("search users", move |db| search_users(db, query, after, limit)).await
    }

    async fn update_profile(
        &self,
        id: UserId,
        update: &ProfileUpdate,
        at: Timestamp,
    ) -> PortResult<Option<(UserRecord, UserChange)>> {
        let update = update.clone();
        self.write("update a profile", move |db| update_profile(db, id, update, at)).await
    }

    async fn set_last_seen(&self, id: UserId, at: Timestamp) -> PortResult<()> {
        self.write("note when a user was last seen", move |db| {
            db.prepare_cached(
                "UPDATE users SET last_seen_at = MAX(COALESCE(last_seen_at, ?2), ?2) WHERE id = ?1",
            )?
            .execute((id.0.as_bytes(), at.0))
            .map(|_| ())
        })
        .await
    }

    async fn user_rev(&self, id: UserId) -> PortResult<u64> {
        self.read("read a user's number of changes", move |db| {
            let rev = db
                .prepare_cached("SELECT user_rev FROM users WHERE id = ?1")?
                .query_row([id.0.as_bytes()], |row| row.get(0))
                .optional()?;
            Ok(rev.map_or(0, count))
        })
        .await
    }

    async fn user_changes(
        &self,
        id: UserId,
        after: u64,
        limit: u32,
    ) -> PortResult<Vec<UserChange>> {
        self.read("read a user's changes", move |db| user_changes::after(db, id, after, limit))
            .await
    }
}

pub fn one(db: &Connection, id: UserId) -> rusqlite::Result<Option<UserRecord>> {
    db.prepare_cached(&format!("SELECT {USER} FROM users u WHERE u.id = ?1"))?
        .query_row([id.0.as_bytes()], records::user)
        .optional()
}

fn create(db: &Connection, new: &NewUser) -> rusqlite::Result<UserCreation> {
    let user = &new.user;
    let taken = |sql: &str, value: &str| db.prepare_cached(sql)?.exists([value]);
    if taken("SELECT 1 FROM users WHERE email = ?1", &user.email)? {
        return Ok(UserCreation::EmailTaken);
    }
    if names::is_taken(db, &user.username, user.id, user.created_at)? {
        return Ok(UserCreation::UsernameTaken);
    }
    db.prepare_cached(
        "INSERT INTO users (id, email, email_verified, username, display_name, about,
            password_hash, created_at, last_seen_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute((
        user.id.0.as_bytes(),
        &user.email,
        user.email_verified,
        &user.username,
        &user.display_name,
        &user.about,
        &new.password_hash,
        user.created_at.0,
        user.last_seen_at.map(|at| at.0),
    ))?;
    set_words(db, user.id, &user.display_name)?;
    Ok(UserCreation::Created)
}

fn set_words(db: &Connection, user: UserId, display_name: &str) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM user_words WHERE user = ?1")?.execute([user.0.as_bytes()])?;
    let mut insert = db.prepare_cached("INSERT INTO user_words VALUES (?1, ?2)")?;
    for word in search::tokens(display_name) {
        insert.execute((word, user.0.as_bytes()))?;
    }
    Ok(())
}

fn update_profile(
    db: &Connection,
    id: UserId,
    update: ProfileUpdate,
    at: Timestamp,
) -> rusqlite::Result<Option<(UserRecord, UserChange)>> {
    let Some(mut user) = one(db, id)? else { return Ok(None) };
    if let Some(display_name) = update.display_name {
        set_words(db, id, &display_name)?;
        user.display_name = display_name;
    }
    if let Some(about) = update.about {
        user.about = about;
    }
    db.prepare_cached("UPDATE users SET display_name = ?2, about = ?3 WHERE id = ?1")?
        .execute((id.0.as_bytes(), &user.display_name, &user.about))?;
    let (display_name, about) = (user.display_name.clone(), user.about.clone());
    let change = user_changes::note(db, id, OwnChange::Profile { display_name, about }, at)?;
    Ok(change.map(|change| (user, change)))
}

fn search_users(
    db: &Connection,
    query: String,
    after: String,
    limit: u32,
) -> rusqlite::Result<Vec<UserRecord>> {
    let (words, _) = search::query(&query);
    let mut sql = format!("SELECT {USER} FROM users u WHERE u.username > ? AND u.id IN (");
    let mut values = vec![Value::from(after)];
    named(&query, &words, &mut sql, &mut values);
    sql.push_str(") ORDER BY u.username LIMIT ?");
    values.push(Value::from(limit));
    db.prepare_cached(&sql)?.query_map(params_from_iter(values), records::user)?.collect()
}

/// The ids of those whose user name begins like `query`, or whose display name has all of `words`.
pub fn named(query: &str, words: &[String], sql: &mut String, values: &mut Vec<Value>) {
    sql.push_str("SELECT id FROM users WHERE username >= ? AND username < ?");
    values.extend([Value::from(query.to_owned()), Value::from(end(query))]);
    for (n, word) in words.iter().enumerate() {
        // Left to right: the words' users intersected, joined with those found by user name.
        sql.push_str(if n == 0 { " UNION SELECT user FROM (" } else { " INTERSECT " });
        sql.push_str("SELECT user FROM user_words WHERE word >= ? AND word < ?");
        values.extend([Value::from(word.clone()), Value::from(end(word))]);
    }
    if !words.is_empty() {
        sql.push(')');
    }
}

/// Above all that begins with `prefix`.
pub fn end(prefix: &str) -> String {
    format!("{prefix}{}", char::MAX)
}

/// Those of `ids` that exist, and are not gone.
pub fn existing(db: &Connection, ids: &[UserId]) -> rusqlite::Result<Vec<UserId>> {
    let mut found = Vec::new();
    for id in ids {
        if one(db, *id)?.is_some_and(|user| !user.is_gone()) {
            found.push(*id);
        }
    }
    Ok(found)
}
