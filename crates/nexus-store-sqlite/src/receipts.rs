//! Watermarks of delivery and reading.

use async_trait::async_trait;
use nexus_core::ports::{Advance, Advanced, PortResult, ReceiptKind, ReceiptStore};
use nexus_protocol::{
    ChatId, ChatReceipt, MAX_RECEIPT_MEMBERS, MessageReceipt, OwnChange, Timestamp, UserId,
};
use rusqlite::{Connection, OptionalExtension};

use crate::{
    SqliteStore,
    columns::{int, maybe_time, number, receipt_kind_number, uuid},
    user_changes,
};

#[async_trait]
impl ReceiptStore for SqliteStore {
    async fn advance(&self, advances: &[Advance]) -> PortResult<Vec<Option<Advanced>>> {
        let advances = advances.to_vec();
        self.write("advance watermarks", move |db| {
            advances.iter().map(|advance| move_up(db, advance)).collect()
        })
        .await
    }

    async fn message_receipts(&self, chat: ChatId, seq: u64) -> PortResult<Vec<MessageReceipt>> {
        self.read("read a message's receipts", move |db| of_message(db, chat, seq)).await
    }

    async fn receipts_since(&self, user: UserId, since: Timestamp) -> PortResult<Vec<ChatReceipt>> {
        self.read("read moved watermarks", move |db| {
            db.prepare_cached(
                "SELECT b.chat, b.user, b.delivered_seq,
                    IIF(b.user = ?1 OR b.read_seq > b.quiet_to, b.read_seq, b.quiet_from)
                 FROM members mine JOIN chats c ON c.id = mine.chat
                    JOIN members b ON b.chat = c.id
                 WHERE mine.user = ?1 AND mine.left_at IS NULL AND c.member_count <= ?2
                    AND b.moved_at >= ?3 AND b.left_at IS NULL",
            )?
            .query_map((user.0.as_bytes(), MAX_RECEIPT_MEMBERS as i64, since.0), |row| {
                Ok(ChatReceipt {
                    chat_id: ChatId(uuid(row, 0)?),
                    user_id: UserId(uuid(row, 1)?),
                    delivered_seq: number(row, 2)?,
                    read_seq: number(row, 3)?,
                })
            })?
            .collect()
        })
        .await
    }
}

struct Watermarks {
    delivered: u64,
    read: u64,
    unread_from: Option<i64>,
    last_seq: u64,
}

fn move_up(db: &Connection, advance: &Advance) -> rusqlite::Result<Option<Advanced>> {
    let Some(now) = watermarks(db, advance)? else { return Ok(None) };
    let seq = advance.seq.min(now.last_seq);
    let reads = advance.kind == ReceiptKind::Read;
    let read = (reads && seq > now.read).then_some(seq);
    // Reading is delivery too; and delivery is never behind reading.
    let delivered = (seq > now.delivered).then_some(seq);
    let cleared = reads && now.unread_from.is_some();
    let mut advanced = Advanced { delivered, read, own: None };
    if delivered.is_none() && read.is_none() && !cleared {
        return Ok(Some(advanced));
    }
    let moved = delivered.is_some() || read.is_some();
    let quietly = advance.quiet && read.is_some();
    db.prepare_cached(
        "UPDATE members SET delivered_seq = ?3, read_seq = ?4, unread_from = ?5,
            moved_at = IIF(?6, MAX(moved_at, ?7), moved_at),
            quiet_from = IIF(?8 AND read_seq > quiet_to, read_seq, quiet_from),
            quiet_to = IIF(?8, ?4, quiet_to)
         WHERE chat = ?1 AND user = ?2",
    )?
    .execute((
        advance.chat.0.as_bytes(),
        advance.user.0.as_bytes(),
        int(delivered.unwrap_or(now.delivered)),
        int(read.unwrap_or(now.read)),
        if reads { None } else { now.unread_from },
        moved,
        advance.at.0,
        quietly,
    ))?;
    log(db, advance, ReceiptKind::Delivered, delivered)?;
    log(db, advance, ReceiptKind::Read, read.filter(|_| !quietly))?;
    if read.is_some() || cleared {
        let change = OwnChange::Read {
            chat_id: advance.chat,
            read_seq: read.unwrap_or(now.read),
            unread_from: None,
        };
        advanced.own = user_changes::note(db, advance.user, change, advance.at)?;
    }
    Ok(Some(advanced))
}

fn watermarks(db: &Connection, advance: &Advance) -> rusqlite::Result<Option<Watermarks>> {
    db.prepare_cached(
        "SELECT b.delivered_seq, b.read_seq, b.unread_from, c.last_seq
         FROM members b JOIN chats c ON c.id = b.chat
         WHERE b.chat = ?1 AND b.user = ?2 AND b.left_at IS NULL",
    )?
    .query_row((advance.chat.0.as_bytes(), advance.user.0.as_bytes()), |row| {
        Ok(Watermarks {
            delivered: number(row, 0)?,
            read: number(row, 1)?,
            unread_from: row.get(2)?,
            last_seq: number(row, 3)?,
        })
    })
    .optional()
}

fn log(
    db: &Connection,
    advance: &Advance,
    kind: ReceiptKind,
    moved_to: Option<u64>,
) -> rusqlite::Result<()> {
    let Some(seq) = moved_to else { return Ok(()) };
    db.prepare_cached("INSERT OR IGNORE INTO receipt_log VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute((
            advance.chat.0.as_bytes(),
            advance.user.0.as_bytes(),
            receipt_kind_number(kind),
            int(seq),
            advance.at.0,
        ))
        .map(|_| ())
}

fn of_message(db: &Connection, chat: ChatId, seq: u64) -> rusqlite::Result<Vec<MessageReceipt>> {
    // The first move at or above the message. One who joined (again) after it has seen it only if
    // a move before that joining says so.
    let first = "SELECT l.at FROM receipt_log l
         WHERE l.chat = b.chat AND l.user = b.user AND l.kind = %
            AND l.seq >= ?2 AND (b.from_seq < ?2 OR l.seq <= b.from_seq)
         ORDER BY l.seq LIMIT 1";
    let (delivered, read) = (first.replace('%', "0"), first.replace('%', "1"));
    db.prepare_cached(&format!(
        "SELECT b.user, ({delivered}), ({read}) FROM members b
         WHERE b.chat = ?1 AND b.left_at IS NULL AND b.user IS NOT
            (SELECT sender FROM messages WHERE chat = ?1 AND seq = ?2)
         ORDER BY b.user"
    ))?
    .query_map((chat.0.as_bytes(), int(seq)), |row| {
        Ok(MessageReceipt {
            user_id: UserId(uuid(row, 0)?),
            delivered_at: maybe_time(row, 1)?,
            read_at: maybe_time(row, 2)?,
        })
    })?
    .collect()
}
