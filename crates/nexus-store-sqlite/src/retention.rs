//! What is forgotten because it is old.

use async_trait::async_trait;
use nexus_core::ports::{OldMessage, PortResult, RetentionStore};
use nexus_protocol::{ChatId, MessageId, Timestamp};
use rusqlite::Connection;

use crate::{
    SqliteStore,
    columns::{count, int, number, time, uuid},
};

#[async_trait]
impl RetentionStore for SqliteStore {
    async fn chats_after(&self, after: Option<ChatId>, limit: u32) -> PortResult<Vec<ChatId>> {
        self.read("list chats", move |db| {
            // An empty id sorts before all others.
            let after = after.as_ref().map_or(&[][..], |chat| chat.0.as_bytes());
            db.prepare_cached("SELECT id FROM chats WHERE id > ?1 ORDER BY id LIMIT ?2")?
                .query_map((after, limit), |row| Ok(ChatId(uuid(row, 0)?)))?
                .collect()
        })
        .await
    }

    async fn old_messages(
        &self,
        chat: ChatId,
        before: Timestamp,
        above: u64,
        limit: u32,
    ) -> PortResult<Vec<OldMessage>> {
        self.read("look for old messages", move |db| old_messages(db, chat, before, above, limit))
            .await
    }

    async fn old_receipts(&self, chat: ChatId, before: Timestamp) -> PortResult<u64> {
        self.read("count old receipts", move |db| {
            db.prepare_cached("SELECT COUNT(*) FROM receipt_log WHERE chat = ?1 AND at < ?2")?
                .query_row((chat.0.as_bytes(), before.0), |row| row.get(0).map(count))
        })
        .await
    }

    async fn prune_receipts(&self, chat: ChatId, before: Timestamp) -> PortResult<()> {
        self.write("forget old receipts", move |db| {
            db.prepare_cached("DELETE FROM receipt_log WHERE chat = ?1 AND at < ?2")?
                .execute((chat.0.as_bytes(), before.0))
                .map(|_| ())
        })
        .await
    }

    async fn former_tokens(&self, kept: u32) -> PortResult<u64> {
        self.read("count former tokens", move |db| {
            db.prepare_cached(
                "SELECT COALESCE(SUM(former - ?1), 0) FROM (SELECT COUNT(rotated_at) AS former
                    FROM tokens GROUP BY session HAVING COUNT(rotated_at) > ?1)",
            )?
            .query_row([kept], |row| row.get(0).map(count))
        })
        .await
    }

    async fn prune_former_tokens(&self, kept: u32) -> PortResult<()> {
        self.write("forget former tokens", move |db| {
            db.prepare_cached(
                "DELETE FROM tokens WHERE hash IN (SELECT hash FROM (SELECT hash, ROW_NUMBER()
                    OVER (PARTITION BY session ORDER BY rotated_at DESC) AS place
                    FROM tokens WHERE rotated_at IS NOT NULL) WHERE place > ?1)",
            )?
            .execute([kept])
            .map(|_| ())
        })
        .await
    }

    async fn ended_sessions(&self, before: Timestamp) -> PortResult<u64> {
        self.read("count ended sessions", move |db| {
            db.prepare_cached(
                "SELECT COUNT(*) FROM sessions WHERE expires_at < ?1
                    OR (revoked_at IS NOT NULL AND revoked_at < ?1)",
            )?
            .query_row([before.0], |row| row.get(0).map(count))
        })
        .await
    }

    async fn prune_audit(&self, up_to: u64) -> PortResult<()> {
        self.write("forget old audit entries", move |db| {
            db.prepare_cached("UPDATE audit_pruned SET up_to = MAX(up_to, ?1)")?
                .execute([int(up_to)])?;
            db.prepare_cached("DELETE FROM audit WHERE number <= ?1")?
                .execute([int(up_to)])
                .map(|_| ())
        })
        .await
    }
}

/// Up to the first that is young: what follows it is younger.
fn old_messages(
    db: &Connection,
    chat: ChatId,
    before: Timestamp,
    above: u64,
    limit: u32,
) -> rusqlite::Result<Vec<OldMessage>> {
    let mut find = db.prepare_cached(
        "SELECT seq, id, committed_at FROM messages INDEXED BY messages_unread
         WHERE chat = ?1 AND seq > ?2 AND type = 0 AND deleted_at IS NULL ORDER BY seq LIMIT ?3",
    )?;
    let mut rows = find.query((chat.0.as_bytes(), int(above), limit))?;
    let mut old = Vec::new();
    while let Some(row) = rows.next()? {
        if time(row, 2)? >= before {
            break;
        }
        old.push(OldMessage { seq: number(row, 0)?, id: MessageId(uuid(row, 1)?) });
    }
    Ok(old)
}
