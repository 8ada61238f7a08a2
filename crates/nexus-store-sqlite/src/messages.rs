//! Messages as they are read, and what single users do to them for themselves.

use async_trait::async_trait;
use nexus_core::{
    ops::Op,
    ports::{Due, MessageStore, Outcome, Page, PortResult, SearchQuery, StoredMessage},
};
use nexus_protocol::{ChatId, Edit, MessageId, OpId, OwnChange, Timestamp, UserChange, UserId};
use rusqlite::{Connection, OptionalExtension, ToSql};

use crate::{
    SqliteStore, chats,
    columns::{int, number, time, uuid},
    commit,
    records::{self, AFTER_MESSAGE, MESSAGE, is_alive},
    search, user_changes,
};

#[async_trait]
impl MessageStore for SqliteStore {
    async fn commit(&self, ops: &[Op]) -> PortResult<Vec<Outcome>> {
        let (ops, now) = (ops.to_vec(), self.now());
        self.write("commit ops", move |db| commit::commit(db, &ops, now)).await
    }

    async fn message(&self, id: MessageId) -> PortResult<Option<StoredMessage>> {
        let now = self.now();
        self.read("read a message", move |db| one(db, id, now)).await
    }

    async fn was_committed(&self, op: OpId) -> PortResult<bool> {
        self.read("look for an op", move |db| {
            db.prepare_cached(
                "SELECT 1 FROM done_ops WHERE op = ?1
                 UNION ALL SELECT 1 FROM messages WHERE id = ?1",
            )?
            .exists([op.0.as_bytes()])
        })
        .await
    }

    async fn page(
        &self,
        chat: ChatId,
        viewer: UserId,
        page: Page,
        limit: u32,
    ) -> PortResult<Vec<StoredMessage>> {
        let now = self.now();
        self.read("read a page", move |db| Shown { db, chat, viewer, now }.page(page, limit)).await
    }

    async fn changed_since(
        &self,
        chat: ChatId,
        viewer: UserId,
        rev: u64,
        limit: u32,
    ) -> PortResult<Vec<StoredMessage>> {
        let now = self.now();
        self.read("read changes", move |db| {
            let shown = Shown { db, chat, viewer, now };
            shown.list("m.rev > ?3 ORDER BY m.rev LIMIT ?4", int(rev), limit)
        })
        .await
    }

    async fn pinned(
        &self,
        chat: ChatId,
        viewer: UserId,
        before: Option<(Timestamp, u64)>,
        limit: u32,
    ) -> PortResult<Vec<StoredMessage>> {
        let now = self.now();
        self.read("list pinned messages", move |db| {
            Shown { db, chat, viewer, now }.pinned(before, limit)
        })
        .await
    }

    async fn edits(&self, id: MessageId) -> PortResult<Vec<Edit>> {
        let now = self.now();
        self.read("read a message's edits", move |db| edits(db, id, now)).await
    }

    async fn hide(
        &self,
        user: UserId,
        message: MessageId,
        at: Timestamp,
    ) -> PortResult<Option<UserChange>> {
        self.write("hide a message", move |db| hide(db, user, message, at)).await
    }

    async fn set_star(
        &self,
        user: UserId,
        message: MessageId,
        starred: bool,
        at: Timestamp,
    ) -> PortResult<Option<UserChange>> {
        self.write("star a message", move |db| set_star(db, user, message, starred, at)).await
    }

    async fn starred(
        &self,
        user: UserId,
        before: Option<Timestamp>,
        limit: u32,
    ) -> PortResult<Vec<(Timestamp, StoredMessage)>> {
        let (before, now) = (before.map_or(i64::MAX, |at| at.0), self.now());
        let alive = is_alive(4);
        self.read("list starred messages", move |db| {
            db.prepare_cached(&format!(
                "SELECT {MESSAGE}, s.starred_at, b.history_from FROM stars s
                    JOIN messages m ON m.id = s.message
                    JOIN members b ON b.chat = m.chat AND b.user = s.user AND b.left_at IS NULL
                 WHERE s.user = ?1 AND s.starred_at < ?2 AND {alive}
                    AND m.seq >= b.history_from
                    AND NOT EXISTS (SELECT 1 FROM hidden h
                        WHERE h.user = s.user AND h.chat = m.chat AND h.seq = m.seq)
                 ORDER BY s.starred_at DESC LIMIT ?3"
            ))?
            .query_map((user.0.as_bytes(), before, limit, now.0), |row| {
                let seen = records::message(row, now)?.seen_from(number(row, AFTER_MESSAGE + 1)?);
                Ok((time(row, AFTER_MESSAGE)?, seen))
            })?
            .collect()
        })
        .await
    }

    async fn search(
        &self,
        user: UserId,
        query: &SearchQuery,
    ) -> PortResult<Vec<(i64, StoredMessage)>> {
        let (query, now) = (query.clone(), self.now());
        self.read("search messages", move |db| search::search(db, user, &query, now)).await
    }

    async fn due(&self, now: Timestamp, after: Option<Due>, limit: u32) -> PortResult<Vec<Due>> {
        self.read("look for what has disappeared", move |db| due(db, now, after, limit)).await
    }

    async fn index_messages(&self, max: u32) -> PortResult<u32> {
        self.write("index messages", move |db| search::index(db, max)).await
    }
}

pub fn one(
    db: &Connection,
    id: MessageId,
    now: Timestamp,
) -> rusqlite::Result<Option<StoredMessage>> {
    Ok(stored(db, id)?.map(|found| found.as_of(now)))
}

/// As it is in the row, its time over or not.
pub fn stored(db: &Connection, id: MessageId) -> rusqlite::Result<Option<StoredMessage>> {
    db.prepare_cached(&format!("SELECT {MESSAGE} FROM messages m WHERE m.id = ?1"))?
        .query_row([id.0.as_bytes()], records::stored_message)
        .optional()
}

/// A chat's messages as the viewer may see them, without those that they have hidden.
pub struct Shown<'a> {
    pub db: &'a Connection,
    pub chat: ChatId,
    pub viewer: UserId,
    pub now: Timestamp,
}

impl Shown<'_> {
    fn page(&self, page: Page, limit: u32) -> rusqlite::Result<Vec<StoredMessage>> {
        match page {
            Page::Before(seq) => self.before(int(seq), limit),
            Page::After(seq) => self.after(int(seq), limit),
            Page::Around(seq) => self.around(int(seq), limit),
        }
    }

    pub fn before(&self, seq: i64, limit: u32) -> rusqlite::Result<Vec<StoredMessage>> {
        self.list("m.seq < ?3 ORDER BY m.seq DESC LIMIT ?4", seq, limit)
    }

    fn after(&self, seq: i64, limit: u32) -> rusqlite::Result<Vec<StoredMessage>> {
        self.list("m.seq > ?3 ORDER BY m.seq LIMIT ?4", seq, limit)
    }

    /// Where one side is short, the other fills the page up.
    fn around(&self, seq: i64, limit: u32) -> rusqlite::Result<Vec<StoredMessage>> {
        let mut newer = self.after(seq, limit)?;
        let mut older = self.before(seq.saturating_add(1), limit)?;
        let limit = limit as usize;
        let older_wanted = limit.div_ceil(2).max(limit.saturating_sub(newer.len()));
        older.truncate(older_wanted);
        newer.truncate(limit - older.len());
        newer.reverse();
        newer.append(&mut older);
        Ok(newer)
    }

    fn pinned(
        &self,
        before: Option<(Timestamp, u64)>,
        limit: u32,
    ) -> rusqlite::Result<Vec<StoredMessage>> {
        let history_from = chats::history_from(self.db, self.chat, self.viewer)?;
        let (at, seq) = before.map_or((i64::MAX, 0), |(at, seq)| (at.0, int(seq)));
        let alive = is_alive(7);
        let sql = format!(
            "SELECT {MESSAGE} FROM messages m
             WHERE m.chat = ?1 AND m.pinned_at IS NOT NULL AND (m.pinned_at, m.seq) < (?3, ?4)
                AND m.seq >= ?5 AND {alive} AND NOT EXISTS
                (SELECT 1 FROM hidden h WHERE h.user = ?2 AND h.chat = m.chat AND h.seq = m.seq)
             ORDER BY m.pinned_at DESC, m.seq DESC LIMIT ?6"
        );
        let (chat, viewer) = (self.chat.0.as_bytes(), self.viewer.0.as_bytes());
        let values = (chat, viewer, at, seq, int(history_from), limit, self.now.0);
        self.db
            .prepare_cached(&sql)?
            .query_map(values, |row| Ok(records::message(row, self.now)?.seen_from(history_from)))?
            .collect()
    }

    /// `part` says which messages (`?3`) and how many (`?4`).
    fn list(&self, part: &str, from: i64, limit: u32) -> rusqlite::Result<Vec<StoredMessage>> {
        let history_from = chats::history_from(self.db, self.chat, self.viewer)?;
        let sql = format!(
            "SELECT {MESSAGE} FROM messages m WHERE m.chat = ?1 AND m.seq >= ?5 AND NOT EXISTS
                (SELECT 1 FROM hidden h WHERE h.user = ?2 AND h.chat = m.chat AND h.seq = m.seq)
             AND {part}"
        );
        let values: [&dyn ToSql; 5] =
            [self.chat.0.as_bytes(), self.viewer.0.as_bytes(), &from, &limit, &int(history_from)];
        self.db
            .prepare_cached(&sql)?
            .query_map(values, |row| Ok(records::message(row, self.now)?.seen_from(history_from)))?
            .collect()
    }
}

fn edits(db: &Connection, id: MessageId, now: Timestamp) -> rusqlite::Result<Vec<Edit>> {
    let Some(StoredMessage { message, .. }) = one(db, id, now)? else { return Ok(Vec::new()) };
    if message.deleted_at.is_some() {
        return Ok(Vec::new());
    }
    let mut edits: Vec<Edit> = db
        .prepare_cached("SELECT content, written_at FROM edits WHERE message = ?1 ORDER BY rev")?
        .query_map([id.0.as_bytes()], |row| {
            Ok(Edit { content: row.get(0)?, written_at: time(row, 1)? })
        })?
        .collect::<Result<_, _>>()?;
    let written_at = message.edited_at.unwrap_or(message.created_at);
    edits.push(Edit { content: message.content, written_at });
    Ok(edits)
}

fn due(
    db: &Connection,
    now: Timestamp,
    after: Option<Due>,
    limit: u32,
) -> rusqlite::Result<Vec<Due>> {
    // An empty id sorts before all others.
    let (at, last) = after
        .as_ref()
        .map_or((i64::MIN, &[][..]), |due| (due.at.0, due.message.0.as_bytes().as_slice()));
    db.prepare_cached(
        "SELECT due_at, id, chat FROM messages
         WHERE due_at IS NOT NULL AND due_at <= ?1 AND (due_at, id) > (?2, ?3)
         ORDER BY due_at, id LIMIT ?4",
    )?
    .query_map((now.0, at, last, limit), |row| {
        let (message, chat) = (MessageId(uuid(row, 1)?), ChatId(uuid(row, 2)?));
        Ok(Due { at: time(row, 0)?, message, chat })
    })?
    .collect()
}

fn hide(
    db: &Connection,
    user: UserId,
    id: MessageId,
    at: Timestamp,
) -> rusqlite::Result<Option<UserChange>> {
    let Some((chat, seq)) = place(db, id)? else { return Ok(None) };
    let hidden = db
        .prepare_cached("INSERT OR IGNORE INTO hidden VALUES (?1, ?2, ?3)")?
        .execute((user.0.as_bytes(), chat.0.as_bytes(), seq))?;
    if hidden == 0 {
        return Ok(None);
    }
    user_changes::note(db, user, OwnChange::Hide { chat_id: chat, message_id: id }, at)
}

fn set_star(
    db: &Connection,
    user: UserId,
    id: MessageId,
    starred: bool,
    at: Timestamp,
) -> rusqlite::Result<Option<UserChange>> {
    let Some((chat, _)) = place(db, id)? else { return Ok(None) };
    let sql = if starred {
        "INSERT OR IGNORE INTO stars
         SELECT ?1, ?2, MAX(?3, COALESCE(MAX(starred_at) + 1, ?3)) FROM stars WHERE user = ?1"
    } else {
        "DELETE FROM stars WHERE user = ?1 AND message = ?2 AND ?3 IS NOT NULL"
    };
    let changed = db.prepare_cached(sql)?.execute((user.0.as_bytes(), id.0.as_bytes(), at.0))?;
    if changed == 0 {
        return Ok(None);
    }
    let change = OwnChange::Star { chat_id: chat, message_id: id, starred };
    user_changes::note(db, user, change, at)
}

fn place(db: &Connection, id: MessageId) -> rusqlite::Result<Option<(ChatId, i64)>> {
    db.prepare_cached("SELECT chat, seq FROM messages WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| Ok((ChatId(uuid(row, 0)?), row.get(1)?)))
        .optional()
}
