//! Changes of a user's own state, numbered for their other devices.

use nexus_core::ports::place_of;
use nexus_protocol::{ChatId, OwnChange, Timestamp, UserChange, UserId};
use rusqlite::{Connection, OptionalExtension};

use crate::columns::{int, number, parse, time, to_json};

/// Notes a change under the user's next number; an earlier one of the same kind and subject goes.
/// `None` when there is no such user.
pub fn note(
    db: &Connection,
    user: UserId,
    change: OwnChange,
    at: Timestamp,
) -> rusqlite::Result<Option<UserChange>> {
    let user_rev: Option<i64> = db
        .prepare_cached(
            "UPDATE users SET user_rev = user_rev + 1 WHERE id = ?1 RETURNING user_rev",
        )?
        .query_row([user.0.as_bytes()], |row| row.get(0))
        .optional()?;
    let Some(user_rev) = user_rev else { return Ok(None) };
    let (kind, subject) = place_of(&change);
    db.prepare_cached("DELETE FROM user_changes WHERE user = ?1 AND kind = ?2 AND subject = ?3")?
        .execute((user.0.as_bytes(), kind, subject.as_bytes()))?;
    db.prepare_cached("INSERT INTO user_changes VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?.execute((
        user.0.as_bytes(),
        user_rev,
        kind,
        subject.as_bytes(),
        to_json(&change)?,
        at.0,
    ))?;
    Ok(Some(UserChange { user_rev: crate::columns::count(user_rev), change, at }))
}

pub fn after(
    db: &Connection,
    user: UserId,
    after: u64,
    limit: u32,
) -> rusqlite::Result<Vec<UserChange>> {
    db.prepare_cached(
        "SELECT user_rev, change, at FROM user_changes WHERE user = ?1 AND user_rev > ?2
         ORDER BY user_rev LIMIT ?3",
    )?
    .query_map((user.0.as_bytes(), int(after), limit), |row| {
        let change = parse(row.get_ref(1)?.as_str()?)?;
        Ok(UserChange { user_rev: number(row, 0)?, change, at: time(row, 2)? })
    })?
    .collect()
}

/// The user has left the chat: what they had changed about it there must not be told to a device that
/// finds them in it again, with nothing marked.
pub fn forget(db: &Connection, user: UserId, chat: ChatId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM user_changes WHERE user = ?1 AND subject = ?2")?
        .execute((user.0.as_bytes(), chat.0.as_bytes()))
        .map(|_| ())
}
