//! Accounts that come to their end.

use async_trait::async_trait;
use nexus_core::{
    passwords::NO_PASSWORD,
    ports::{
        DELETED_NAME, DeletionRecord, DeletionStage, DeletionStore, PortResult, Writings,
        deleted_address, deleted_name,
    },
};
use nexus_protocol::{ChatId, MessageId, MessageType, Timestamp, UserId};
use rusqlite::Connection;

use crate::{
    SqliteStore,
    columns::{int, message_type_number, to_json, uuid},
    users,
};

/// What is of one user (`?1`) and of nobody else. The sessions' ids stay until no access token of
/// theirs can be valid.
const THEIRS: &[&str] = &[
    "UPDATE sessions SET device = '', address = '' WHERE user = ?1",
    "DELETE FROM tokens WHERE session IN (SELECT id FROM sessions WHERE user = ?1)",
    "DELETE FROM user_words WHERE user = ?1",
    "DELETE FROM user_changes WHERE user = ?1",
    "DELETE FROM settings WHERE user = ?1",
    "DELETE FROM digests WHERE user = ?1",
    "DELETE FROM places WHERE user = ?1",
    "DELETE FROM bonds WHERE user = ?1",
    "DELETE FROM contact_requests WHERE sender = ?1",
    "DELETE FROM contact_requests WHERE recipient = ?1",
    "DELETE FROM join_requests WHERE user = ?1",
    "DELETE FROM email_tokens WHERE user = ?1",
    "DELETE FROM totp WHERE user = ?1",
    "DELETE FROM recovery_codes WHERE user = ?1",
    "DELETE FROM passkeys WHERE user = ?1",
    "DELETE FROM links WHERE user = ?1",
    "DELETE FROM announcements WHERE recipient = ?1",
    "DELETE FROM stars WHERE user = ?1",
    "DELETE FROM hidden WHERE user = ?1",
    "UPDATE members SET muted_until = NULL, pinned = 0, archived = 0, draft = NULL,
        unread_from = NULL WHERE user = ?1",
];

#[async_trait]
impl DeletionStore for SqliteStore {
    async fn ask_deletion(&self, user: UserId, asked: &DeletionRecord) -> PortResult<bool> {
        let asked = *asked;
        self.write("note a deletion", move |db| match found(db, user)? {
            Some(None) => set(db, user, Some(asked)).map(|()| true),
            _ => Ok(false),
        })
        .await
    }

    async fn take_deletion_back(&self, user: UserId) -> PortResult<bool> {
        self.write("take a deletion back", move |db| match found(db, user)?.flatten() {
            Some(asked) if asked.stage == DeletionStage::Asked => {
                set(db, user, None).map(|()| true)
            }
            _ => Ok(false),
        })
        .await
    }

    async fn begin_deletion(&self, user: UserId, asked_at: Timestamp) -> PortResult<bool> {
        self.write("begin a deletion", move |db| match found(db, user)?.flatten() {
            Some(asked) if asked.asked_at == asked_at && asked.stage != DeletionStage::Done => {
                let begun = DeletionRecord { stage: DeletionStage::Begun, ..asked };
                set(db, user, Some(begun)).map(|()| true)
            }
            _ => Ok(false),
        })
        .await
    }

    async fn erase_user(&self, user: UserId) -> PortResult<()> {
        self.write("erase a user", move |db| erase(db, user)).await
    }

    async fn free_name(&self, user: UserId) -> PortResult<()> {
        self.write("free a user name", move |db| match found(db, user)?.flatten() {
            Some(deletion) if deletion.stage == DeletionStage::Done => {
                db.prepare_cached("DELETE FROM former_names WHERE user = ?1")?
                    .execute([user.0.as_bytes()])?;
                db.prepare_cached("UPDATE users SET username = ?2 WHERE id = ?1")?
                    .execute((user.0.as_bytes(), deleted_name(user)))
                    .map(|_| ())
            }
            _ => Ok(()),
        })
        .await
    }

    async fn chats_ever_of(&self, user: UserId) -> PortResult<Vec<ChatId>> {
        self.read("read a user's chats of all times", move |db| {
            db.prepare_cached("SELECT chat FROM members WHERE user = ?1 ORDER BY chat")?
                .query_map([user.0.as_bytes()], |row| Ok(ChatId(uuid(row, 0)?)))?
                .collect()
        })
        .await
    }

    async fn writings(&self, part: &Writings) -> PortResult<Vec<MessageId>> {
        let part = *part;
        self.read("look for messages of a user", move |db| {
            db.prepare_cached(
                "SELECT id FROM messages
                 WHERE chat = ?1 AND seq > ?2 AND seq <= ?3 AND sender = ?4 AND type = ?5
                    AND deleted_at IS NULL
                 ORDER BY seq",
            )?
            .query_map(
                (
                    part.chat.0.as_bytes(),
                    int(part.after),
                    int(part.up_to),
                    part.sender.0.as_bytes(),
                    message_type_number(MessageType::Text),
                ),
                |row| Ok(MessageId(uuid(row, 0)?)),
            )?
            .collect()
        })
        .await
    }
}

/// `None` when there is no such user.
fn found(db: &Connection, user: UserId) -> rusqlite::Result<Option<Option<DeletionRecord>>> {
    Ok(users::one(db, user)?.map(|record| record.deletion))
}

fn set(db: &Connection, user: UserId, deletion: Option<DeletionRecord>) -> rusqlite::Result<()> {
    let deletion = deletion.as_ref().map(to_json).transpose()?;
    db.prepare_cached("UPDATE users SET deletion = ?2 WHERE id = ?1")?
        .execute((user.0.as_bytes(), deletion))
        .map(|_| ())
}

fn erase(db: &Connection, user: UserId) -> rusqlite::Result<()> {
    let Some(deletion) = found(db, user)?.flatten() else { return Ok(()) };
    if deletion.stage == DeletionStage::Asked {
        return Ok(());
    }
    for statement in THEIRS {
        db.prepare_cached(statement)?.execute([user.0.as_bytes()])?;
    }
    db.prepare_cached(
        "UPDATE users SET email = ?2, email_verified = 0, display_name = ?3, about = '',
            password_hash = ?4, last_seen_at = NULL, role = 0, ban = NULL
         WHERE id = ?1",
    )?
    .execute((user.0.as_bytes(), deleted_address(user), DELETED_NAME, NO_PASSWORD))?;
    set(db, user, Some(DeletionRecord { stage: DeletionStage::Done, ..deletion }))
}
