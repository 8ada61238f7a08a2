//! What lies between two people.

use async_trait::async_trait;
use nexus_core::ports::{Bond, BondStore, ContactRecord, PortResult};
use nexus_protocol::{OwnChange, Timestamp, UserChange, UserId};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::{
    SqliteStore,
    columns::{count, maybe_time, time, uuid},
    user_changes, users,
};

#[async_trait]
impl BondStore for SqliteStore {
    async fn bonds(&self, user: UserId, others: &[UserId]) -> PortResult<Vec<Bond>> {
        let others = others.to_vec();
        self.read("read what lies between people", move |db| {
            others.into_iter().map(|other| between(db, user, other)).collect()
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
        self.write("block or unblock a user", move |db| {
            let is_so = half(db, user, other)?.blocked_at.is_some();
            if is_so == blocked || users::one(db, user)?.is_none() {
                return Ok(None);
            }
            db.prepare_cached(
                "INSERT INTO bonds (user, other, blocked_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET blocked_at = excluded.blocked_at",
            )?
            .execute((
                user.0.as_bytes(),
                other.0.as_bytes(),
                blocked.then_some(at.0),
            ))?;
            user_changes::note(db, user, OwnChange::Blocks { user_id: other, blocked }, at)
        })
        .await
    }

    async fn blocked(
        &self,
        user: UserId,
        after: Option<UserId>,
        limit: u32,
    ) -> PortResult<Vec<UserId>> {
        self.read("list blocked users", move |db| {
            db.prepare_cached(
                "SELECT other FROM bonds WHERE user = ?1 AND other > ?2
                 AND blocked_at IS NOT NULL ORDER BY other LIMIT ?3",
            )?
            .query_map((user.0.as_bytes(), from(&after), limit), |row| Ok(UserId(uuid(row, 0)?)))?
            .collect()
        })
        .await
    }

    async fn contact(&self, user: UserId, other: UserId) -> PortResult<Option<ContactRecord>> {
        self.read("read a contact", move |db| contact(db, user, other)).await
    }

    async fn put_contact(
        &self,
        user: UserId,
        other: UserId,
        nickname: Option<&str>,
        at: Timestamp,
    ) -> PortResult<Option<UserChange>> {
        let nickname = nickname.map(str::to_owned);
        self.write("add or rename a contact", move |db| {
            let known = contact(db, user, other)?;
            let is_so = known.as_ref().is_some_and(|known| known.nickname == nickname);
            if is_so || users::one(db, user)?.is_none() {
                return Ok(None);
            }
            let added_at = known.map_or(at, |known| known.added_at);
            set_contact(db, user, other, Some((added_at, nickname)), at)
        })
        .await
    }

    async fn remove_contact(
        &self,
        user: UserId,
        other: UserId,
        at: Timestamp,
    ) -> PortResult<Option<UserChange>> {
        self.write("remove a contact", move |db| match contact(db, user, other)? {
            Some(_) => set_contact(db, user, other, None, at),
            None => Ok(None),
        })
        .await
    }

    async fn contacts(
        &self,
        user: UserId,
        after: Option<UserId>,
        limit: u32,
    ) -> PortResult<Vec<ContactRecord>> {
        self.read("list contacts", move |db| {
            db.prepare_cached(
                "SELECT other, nickname, contact_at FROM bonds WHERE user = ?1 AND other > ?2
                 AND contact_at IS NOT NULL ORDER BY other LIMIT ?3",
            )?
            .query_map((user.0.as_bytes(), from(&after), limit), record)?
            .collect()
        })
        .await
    }

    async fn bond_count(&self, user: UserId) -> PortResult<u64> {
        self.read("count contacts and blocks", move |db| {
            db.prepare_cached(
                "SELECT count(contact_at) + count(blocked_at) FROM bonds WHERE user = ?1",
            )?
            .query_row([user.0.as_bytes()], |row| row.get(0).map(count))
        })
        .await
    }
}

/// An empty id sorts before all others.
fn from(after: &Option<UserId>) -> &[u8] {
    after.as_ref().map_or(&[], |user| user.0.as_bytes())
}

/// What one of the two has made of it.
#[derive(Default)]
struct Half {
    contact_at: Option<Timestamp>,
    blocked_at: Option<Timestamp>,
}

fn half(db: &Connection, user: UserId, other: UserId) -> rusqlite::Result<Half> {
    let found = db
        .prepare_cached("SELECT contact_at, blocked_at FROM bonds WHERE user = ?1 AND other = ?2")?
        .query_row((user.0.as_bytes(), other.0.as_bytes()), |row| {
            Ok(Half { contact_at: maybe_time(row, 0)?, blocked_at: maybe_time(row, 1)? })
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

fn between(db: &Connection, user: UserId, other: UserId) -> rusqlite::Result<Bond> {
    let (mine, theirs) = (half(db, user, other)?, half(db, other, user)?);
    Ok(Bond {
        has: mine.contact_at.is_some(),
        is_had: theirs.contact_at.is_some(),
        blocks: mine.blocked_at.is_some(),
        is_blocked: theirs.blocked_at.is_some(),
    })
}

fn record(row: &Row<'_>) -> rusqlite::Result<ContactRecord> {
    Ok(ContactRecord {
        other: UserId(uuid(row, 0)?),
        nickname: row.get(1)?,
        added_at: time(row, 2)?,
    })
}

fn contact(
    db: &Connection,
    user: UserId,
    other: UserId,
) -> rusqlite::Result<Option<ContactRecord>> {
    db.prepare_cached(
        "SELECT other, nickname, contact_at FROM bonds
         WHERE user = ?1 AND other = ?2 AND contact_at IS NOT NULL",
    )?
    .query_row((user.0.as_bytes(), other.0.as_bytes()), record)
    .optional()
}

fn set_contact(
    db: &Connection,
    user: UserId,
    other: UserId,
    contact: Option<(Timestamp, Option<String>)>,
    at: Timestamp,
) -> rusqlite::Result<Option<UserChange>> {
    let is_contact = contact.is_some();
    let (added_at, nickname) = contact.map_or((None, None), |(at, name)| (Some(at.0), name));
    db.prepare_cached(
        "INSERT INTO bonds (user, other, contact_at, nickname) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET contact_at = excluded.contact_at, nickname = excluded.nickname",
    )?
    .execute((user.0.as_bytes(), other.0.as_bytes(), added_at, &nickname))?;
    let change = OwnChange::Contacts { user_id: other, is_contact, nickname };
    user_changes::note(db, user, change, at)
}
