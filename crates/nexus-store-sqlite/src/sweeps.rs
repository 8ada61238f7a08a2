//! What a sweep goes through, and how far it has come.

use async_trait::async_trait;
use nexus_core::ports::{PortResult, Stretch, SweepRecord, SweepStore};
use nexus_protocol::{MessageId, MessageType, SweepId};
use rusqlite::OptionalExtension;

use crate::{
    SqliteStore,
    columns::{int, message_type_number, parse, to_json, uuid},
};

#[async_trait]
impl SweepStore for SqliteStore {
    async fn save_sweep(&self, sweep: &SweepRecord) -> PortResult<()> {
        let sweep = sweep.clone();
        self.write("note how far a sweep is", move |db| {
            db.prepare_cached("INSERT OR REPLACE INTO sweeps VALUES (?1, ?2)")?
                .execute((sweep.id.0.as_bytes(), to_json(&sweep)?))
                .map(|_| ())
        })
        .await
    }

    async fn sweep(&self, id: SweepId) -> PortResult<Option<SweepRecord>> {
        self.read("read a sweep", move |db| {
            db.prepare_cached("SELECT sweep FROM sweeps WHERE id = ?1")?
                .query_row([id.0.as_bytes()], |row| parse(row.get_ref(0)?.as_str()?))
                .optional()
        })
        .await
    }

    async fn sweeps(&self, before: Option<SweepId>, limit: u32) -> PortResult<Vec<SweepRecord>> {
        self.read("list sweeps", move |db| {
            db.prepare_cached(
                "SELECT sweep FROM sweeps WHERE ?1 IS NULL OR id < ?1 ORDER BY id DESC LIMIT ?2",
            )?
            .query_map((before.as_ref().map(|id| id.0.as_bytes()), limit), |row| {
                parse(row.get_ref(0)?.as_str()?)
            })?
            .collect()
        })
        .await
    }

    async fn texts_of(&self, stretch: &Stretch) -> PortResult<Vec<MessageId>> {
        let stretch = *stretch;
        self.read("look for messages of a user", move |db| {
            db.prepare_cached(
                "SELECT id FROM messages
                 WHERE chat = ?1 AND seq > ?2 AND seq <= ?3 AND sender = ?4 AND type = ?5
                    AND deleted_at IS NULL AND created_at >= ?6 AND created_at < ?7
                 ORDER BY seq",
            )?
            .query_map(
                (
                    stretch.chat.0.as_bytes(),
                    int(stretch.after),
                    int(stretch.up_to),
                    stretch.sender.0.as_bytes(),
                    message_type_number(MessageType::Text),
                    stretch.from.map_or(i64::MIN, |at| at.0),
                    stretch.to.map_or(i64::MAX, |at| at.0),
                ),
                |row| Ok(MessageId(uuid(row, 0)?)),
            )?
            .collect()
        })
        .await
    }
}
