//! Invitations, and those who wait to be let in.

use async_trait::async_trait;
use nexus_core::ports::{AskedToJoin, InviteRecord, InviteStore, JoinRequestRecord, PortResult};
use nexus_protocol::{ChatId, Timestamp, UserId};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::{
    SqliteStore,
    columns::{maybe_time, number, time, uuid},
};

const INVITE: &str = "code, chat, created_by, created_at, expires_at, max_uses, uses, \
     requires_approval, revoked_at";
/// Those of a chat that are neither revoked nor expired at `?2`.
const LIVING: &str = "chat = ?1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?2)";
/// How long it is known what has become of an invitation.
const KEPT_MILLIS: i64 = 30 * 24 * 3_600 * 1_000;

#[async_trait]
impl InviteStore for SqliteStore {
    async fn create_invite(&self, invite: &InviteRecord, most: u64) -> PortResult<bool> {
        let invite = invite.clone();
        self.write("create an invitation", move |db| create(db, &invite, most)).await
    }

    async fn invite(&self, code: &str) -> PortResult<Option<InviteRecord>> {
        let code = code.to_owned();
        self.read("read an invitation", move |db| one(db, &code)).await
    }

    async fn invites(&self, chat: ChatId, at: Timestamp) -> PortResult<Vec<InviteRecord>> {
        self.read("list invitations", move |db| {
            let sql = format!(
                "SELECT {INVITE} FROM invites WHERE {LIVING} ORDER BY created_at DESC, code"
            );
            db.prepare_cached(&sql)?.query_map((chat.0.as_bytes(), at.0), from_row)?.collect()
        })
        .await
    }

    async fn revoke_invite(&self, chat: ChatId, code: &str, at: Timestamp) -> PortResult<bool> {
        let code = code.to_owned();
        self.write("revoke an invitation", move |db| {
            let revoked = db
                .prepare_cached(
                    "UPDATE invites SET revoked_at = COALESCE(revoked_at, ?3)
                     WHERE code = ?2 AND chat = ?1",
                )?
                .execute((chat.0.as_bytes(), code, at.0))?;
            Ok(revoked > 0)
        })
        .await
    }

    async fn ask_to_join(&self, request: &JoinRequestRecord, most: u64) -> PortResult<AskedToJoin> {
        let request = request.clone();
        self.write("ask to join", move |db| ask(db, &request, most)).await
    }

    async fn join_request(
        &self,
        chat: ChatId,
        user: UserId,
    ) -> PortResult<Option<JoinRequestRecord>> {
        self.read("read a request to join", move |db| waiting(db, chat, user)).await
    }

    async fn join_requests(
        &self,
        chat: ChatId,
        after: Option<UserId>,
        limit: u32,
    ) -> PortResult<Vec<JoinRequestRecord>> {
        self.read("list requests to join", move |db| {
            // An empty id sorts before all others.
            let after = after.as_ref().map_or(&[][..], |user| user.0.as_bytes());
            db.prepare_cached(
                "SELECT chat, user, code, asked_at FROM join_requests
                 WHERE chat = ?1 AND user > ?2 ORDER BY user LIMIT ?3",
            )?
            .query_map((chat.0.as_bytes(), after, limit), request)?
            .collect()
        })
        .await
    }

    async fn end_join_requests(&self, chat: ChatId, users: &[UserId]) -> PortResult<Vec<UserId>> {
        let users = users.to_vec();
        self.write("end requests to join", move |db| {
            let mut end =
                db.prepare_cached("DELETE FROM join_requests WHERE chat = ?1 AND user = ?2")?;
            let mut ended = Vec::new();
            for user in users {
                if end.execute((chat.0.as_bytes(), user.0.as_bytes()))? > 0 {
                    ended.push(user);
                }
            }
            Ok(ended)
        })
        .await
    }
}

pub fn one(db: &Connection, code: &str) -> rusqlite::Result<Option<InviteRecord>> {
    db.prepare_cached(&format!("SELECT {INVITE} FROM invites WHERE code = ?1"))?
        .query_row([code], from_row)
        .optional()
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<InviteRecord> {
    Ok(InviteRecord {
        code: row.get(0)?,
        chat: ChatId(uuid(row, 1)?),
        created_by: UserId(uuid(row, 2)?),
        created_at: time(row, 3)?,
        expires_at: maybe_time(row, 4)?,
        max_uses: row.get(5)?,
        uses: row.get(6)?,
        requires_approval: row.get(7)?,
        revoked_at: maybe_time(row, 8)?,
    })
}

fn create(db: &Connection, invite: &InviteRecord, most: u64) -> rusqlite::Result<bool> {
    let (chat, at) = (invite.chat.0.as_bytes(), invite.created_at.0);
    db.prepare_cached(
        "DELETE FROM invites WHERE chat = ?1 AND MIN(COALESCE(revoked_at, expires_at),
            COALESCE(expires_at, revoked_at)) < ?2",
    )?
    .execute((chat, at - KEPT_MILLIS))?;
    let living = db
        .prepare_cached(&format!("SELECT COUNT(*) FROM invites WHERE {LIVING}"))?
        .query_row((chat, at), |row| number(row, 0))?;
    if living >= most {
        return Ok(false);
    }
    db.prepare_cached(&format!(
        "INSERT INTO invites ({INVITE}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
    ))?
    .execute(params![
        invite.code,
        chat,
        invite.created_by.0.as_bytes(),
        at,
        invite.expires_at.map(|at| at.0),
        invite.max_uses,
        invite.uses,
        invite.requires_approval,
        invite.revoked_at.map(|at| at.0),
    ])?;
    Ok(true)
}

fn request(row: &Row<'_>) -> rusqlite::Result<JoinRequestRecord> {
    Ok(JoinRequestRecord {
        chat: ChatId(uuid(row, 0)?),
        user: UserId(uuid(row, 1)?),
        code: row.get(2)?,
        asked_at: time(row, 3)?,
    })
}

fn waiting(
    db: &Connection,
    chat: ChatId,
    user: UserId,
) -> rusqlite::Result<Option<JoinRequestRecord>> {
    db.prepare_cached(
        "SELECT chat, user, code, asked_at FROM join_requests WHERE chat = ?1 AND user = ?2",
    )?
    .query_row((chat.0.as_bytes(), user.0.as_bytes()), request)
    .optional()
}

fn ask(db: &Connection, wanted: &JoinRequestRecord, most: u64) -> rusqlite::Result<AskedToJoin> {
    let (chat, user) = (wanted.chat.0.as_bytes(), wanted.user.0.as_bytes());
    if waiting(db, wanted.chat, wanted.user)?.is_some() {
        return Ok(AskedToJoin::Before);
    }
    let waiting = db
        .prepare_cached("SELECT COUNT(*) FROM join_requests WHERE chat = ?1")?
        .query_row([chat], |row| number(row, 0))?;
    if waiting >= most {
        return Ok(AskedToJoin::TooMany);
    }
    db.prepare_cached("INSERT INTO join_requests VALUES (?1, ?2, ?3, ?4)")?.execute((
        chat,
        user,
        &wanted.code,
        wanted.asked_at.0,
    ))?;
    Ok(AskedToJoin::Now)
}
