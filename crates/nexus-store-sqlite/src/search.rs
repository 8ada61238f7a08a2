//! Words of messages: FTS5 over the tokens that core has cut.

use nexus_core::{
    ports::{SearchQuery, StoredMessage},
    search::tokens,
};
use nexus_protocol::{ChatId, Timestamp, UserId};
use rusqlite::{Connection, params_from_iter, types::Value};
use uuid::Uuid;

use crate::{
    columns::{number, uuid},
    records::{self, AFTER_MESSAGE, MESSAGE},
};

/// Newest first. Membership is part of the query.
pub fn search(
    db: &Connection,
    user: UserId,
    query: &SearchQuery,
    now: Timestamp,
) -> rusqlite::Result<Vec<(i64, StoredMessage)>> {
    let Some(wanted) = expression(query) else { return Ok(Vec::new()) };
    let mut sql = format!(
        "SELECT {MESSAGE}, m.position, b.history_from FROM words w JOIN messages m ON m.position = w.rowid
            JOIN members b ON b.chat = m.chat AND b.user = ? AND b.left_at IS NULL
         WHERE w.words MATCH ? AND w.rowid < ? AND m.deleted_at IS NULL
            AND (m.expires_at IS NULL OR m.expires_at > ?) AND m.seq >= b.history_from AND NOT EXISTS
            (SELECT 1 FROM hidden h WHERE h.user = b.user AND h.chat = m.chat AND h.seq = m.seq)"
    );
    let before = query.before.unwrap_or(i64::MAX);
    let mut values =
        vec![blob(user.0), Value::from(wanted), Value::from(before), Value::from(now.0)];
    let filters = [
        ("m.chat = ?", query.chat.map(|chat| blob(chat.0))),
        ("m.sender = ?", query.sender.map(|sender| blob(sender.0))),
        ("m.created_at >= ?", query.from.map(|at| Value::from(at.0))),
        ("m.created_at < ?", query.to.map(|at| Value::from(at.0))),
    ];
    for (condition, value) in filters {
        if let Some(value) = value {
            sql.push_str(" AND ");
            sql.push_str(condition);
            values.push(value);
        }
    }
    sql.push_str(" ORDER BY w.rowid DESC LIMIT ?");
    values.push(Value::from(query.limit));
    db.prepare_cached(&sql)?
        .query_map(params_from_iter(values), |row| {
            let seen = records::message(row, now)?.seen_from(number(row, AFTER_MESSAGE + 1)?);
            Ok((row.get(AFTER_MESSAGE)?, seen))
        })?
        .collect()
}

/// Takes up to `max` messages that are new or changed, and answers how many those were.
pub fn index(db: &Connection, max: u32) -> rusqlite::Result<u32> {
    let changed: Vec<i64> = db
        .prepare_cached(
            "DELETE FROM reindex WHERE position IN
            (SELECT position FROM reindex LIMIT ?1) RETURNING position",
        )?
        .query_map([max], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for position in &changed {
        let again = db
            .prepare_cached(
                "SELECT position, chat, content FROM messages
                 WHERE position = ?1 AND type = 0 AND deleted_at IS NULL",
            )?
            .query_map([position], text)?
            .collect::<Result<Vec<_>, _>>()?;
        for text in again {
            put(db, &text)?;
        }
    }
    let taken = u32::try_from(changed.len()).unwrap_or(u32::MAX);
    Ok(taken + index_new(db, max.saturating_sub(taken))?)
}

fn index_new(db: &Connection, max: u32) -> rusqlite::Result<u32> {
    let up_to = up_to(db)?;
    let new: Vec<Text> = db
        .prepare_cached(
            "SELECT position, chat, IIF(type = 0 AND deleted_at IS NULL, content, '')
             FROM messages WHERE position > ?1 ORDER BY position LIMIT ?2",
        )?
        .query_map((up_to, max), text)?
        .collect::<Result<_, _>>()?;
    let Some(last) = new.last() else { return Ok(0) };
    db.prepare_cached("UPDATE indexed SET up_to = ?1")?.execute([last.position])?;
    for text in &new {
        put(db, text)?;
    }
    Ok(u32::try_from(new.len()).unwrap_or(u32::MAX))
}

/// The message's text is another now: its words go at once, the new ones come with the indexer.
pub fn forget(db: &Connection, position: i64) -> rusqlite::Result<()> {
    if position > up_to(db)? {
        return Ok(());
    }
    db.prepare_cached("DELETE FROM words WHERE rowid = ?1")?.execute([position])?;
    db.prepare_cached("INSERT OR IGNORE INTO reindex VALUES (?1)")?.execute([position])?;
    Ok(())
}

fn up_to(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached("SELECT up_to FROM indexed")?.query_row([], |row| row.get(0))
}

struct Text {
    position: i64,
    chat: ChatId,
    content: String,
}

fn text(row: &rusqlite::Row<'_>) -> rusqlite::Result<Text> {
    Ok(Text { position: row.get(0)?, chat: ChatId(uuid(row, 1)?), content: row.get(2)? })
}

fn put(db: &Connection, text: &Text) -> rusqlite::Result<()> {
    let words = tokens(&text.content);
    if words.is_empty() {
        return Ok(());
    }
    let mut all = chat_word(text.chat);
    for word in words {
        all.push(' ');
        all.push_str(&as_word(&word));
    }
    db.prepare_cached("INSERT INTO words (rowid, tokens) VALUES (?1, ?2)")?
        .execute((text.position, all))
        .map(|_| ())
}

/// What FTS5 is to look for; `None` for nothing.
fn expression(query: &SearchQuery) -> Option<String> {
    let last = query.tokens.len().checked_sub(1)?;
    let mut all: Vec<String> =
        query.chat.map(|chat| quoted(&chat_word(chat))).into_iter().collect();
    all.extend(query.tokens.iter().enumerate().map(|(n, token)| {
        let star = if n == last && query.last_is_prefix { "*" } else { "" };
        quoted(&as_word(token)) + star
    }));
    Some(all.join(" AND "))
}

fn quoted(word: &str) -> String {
    format!("\"{word}\"")
}

/// The tokeniser `ascii` cuts at ASCII punctuation, and nowhere else: what a token of ours has of
/// it (`don't`, `v2.1`) takes the form of letters that nobody writes.
fn as_word(token: &str) -> String {
    token.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { stand_in(c) }).collect()
}

fn stand_in(c: char) -> char {
    match c.is_ascii() {
        true => char::from_u32(0xF000 + u32::from(c)).unwrap_or(c),
        false => c,
    }
}

/// Each message has a word for its chat, so that a search in one chat reads no others. No token of
/// a text begins like it.
fn chat_word(chat: ChatId) -> String {
    format!("\u{F0FF}{}", chat.0.simple())
}

fn blob(id: Uuid) -> Value {
    Value::from(id.as_bytes().to_vec())
}
