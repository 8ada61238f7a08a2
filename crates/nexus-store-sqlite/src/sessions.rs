//! Signed-in devices and their refresh tokens.

use async_trait::async_trait;
use nexus_core::ports::{PortResult, Rotate, Rotation, SessionRecord, SessionStore, TokenHash};
use nexus_protocol::{SessionId, Timestamp, UserId};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::{
    SqliteStore,
    columns::{maybe_time, time, uuid},
};

const SESSION: &str = "s.id, s.user, s.device, s.address, s.salt, s.created_at, s.last_used_at, s.expires_at, \
     s.revoked_at";

#[async_trait]
impl SessionStore for SqliteStore {
    async fn create_session(&self, new: &SessionRecord, token: &TokenHash) -> PortResult<()> {
        let (new, token) = (new.clone(), *token);
        self.write("create a session", move |db| create(db, &new, &token)).await
    }

    async fn session_of_token(&self, token: &TokenHash) -> PortResult<Option<SessionRecord>> {
        let token = *token;
        self.read("read a token's session", move |db| Ok(of_token(db, &token)?.map(|(s, _)| s)))
            .await
    }

    async fn session(&self, id: SessionId) -> PortResult<Option<SessionRecord>> {
        self.read("read a session", move |db| {
            db.prepare_cached(&format!("SELECT {SESSION} FROM sessions s WHERE s.id = ?1"))?
                .query_row([id.0.as_bytes()], session)
                .optional()
        })
        .await
    }

    async fn rotate(&self, rotate: Rotate<'_>) -> PortResult<Rotation> {
        let owned = Owned {
            presented: *rotate.presented,
            successor: *rotate.successor,
            at: rotate.at,
            grace: rotate.grace,
            expires_at: rotate.expires_at,
            address: rotate.address.to_owned(),
        };
        self.write("rotate a refresh token", move |db| owned.rotate(db)).await
    }

    async fn sessions_of(&self, user: UserId, now: Timestamp) -> PortResult<Vec<SessionRecord>> {
        self.read("list a user's sessions", move |db| {
            db.prepare_cached(&format!(
                "SELECT {SESSION} FROM sessions s
                 WHERE s.user = ?1 AND s.revoked_at IS NULL AND s.expires_at > ?2
                 ORDER BY s.last_used_at DESC, s.id DESC"
            ))?
            .query_map((user.0.as_bytes(), now.0), session)?
            .collect()
        })
        .await
    }

    async fn revoke_session(&self, user: UserId, id: SessionId, at: Timestamp) -> PortResult<bool> {
        self.write("revoke a session", move |db| {
            let revoked = db
                .prepare_cached(
                    "UPDATE sessions SET revoked_at = ?3
                     WHERE id = ?1 AND user = ?2 AND revoked_at IS NULL AND expires_at > ?3",
                )?
                .execute((id.0.as_bytes(), user.0.as_bytes(), at.0))?;
            Ok(revoked > 0)
        })
        .await
    }

    async fn revoke_sessions(
        &self,
        user: UserId,
        spared: Option<SessionId>,
        at: Timestamp,
    ) -> PortResult<Vec<SessionId>> {
        let spared = spared.map(|id| *id.0.as_bytes());
        self.write("revoke a user's sessions", move |db| {
            db.prepare_cached(
                "UPDATE sessions SET revoked_at = ?2
                 WHERE user = ?1 AND revoked_at IS NULL AND expires_at > ?2 AND id IS NOT ?3
                 RETURNING id",
            )?
            .query_map((user.0.as_bytes(), at.0, spared), |row| Ok(SessionId(uuid(row, 0)?)))?
            .collect()
        })
        .await
    }

    async fn revoked_since(&self, since: Timestamp) -> PortResult<Vec<SessionId>> {
        self.read("list revoked sessions", move |db| {
            db.prepare_cached(
                "SELECT id FROM sessions WHERE revoked_at IS NOT NULL AND revoked_at >= ?1",
            )?
            .query_map([since.0], |row| Ok(SessionId(uuid(row, 0)?)))?
            .collect()
        })
        .await
    }

    async fn prune_sessions(&self, before: Timestamp) -> PortResult<()> {
        self.write("forget ended sessions", move |db| {
            db.prepare_cached(
                "DELETE FROM sessions WHERE expires_at < ?1
                    OR (revoked_at IS NOT NULL AND revoked_at < ?1)",
            )?
            .execute([before.0])
            .map(|_| ())
        })
        .await
    }
}

fn session(row: &Row<'_>) -> rusqlite::Result<SessionRecord> {
    Ok(SessionRecord {
        id: SessionId(uuid(row, 0)?),
        user_id: UserId(uuid(row, 1)?),
        device: row.get(2)?,
        address: row.get(3)?,
        salt: row.get(4)?,
        created_at: time(row, 5)?,
        last_used_at: time(row, 6)?,
        expires_at: time(row, 7)?,
        revoked_at: maybe_time(row, 8)?,
    })
}

fn create(db: &Connection, new: &SessionRecord, token: &TokenHash) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO sessions VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?
        .execute((
            new.id.0.as_bytes(),
            new.user_id.0.as_bytes(),
            &new.device,
            &new.address,
            &new.salt,
            new.created_at.0,
            new.last_used_at.0,
            new.expires_at.0,
            new.revoked_at.map(|at| at.0),
        ))?;
    add_token(db, new.id, token)
}

fn add_token(db: &Connection, session: SessionId, token: &TokenHash) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO tokens (hash, session) VALUES (?1, ?2)")?
        .execute((token, session.0.as_bytes()))
        .map(|_| ())
}

/// The session of a token, and when that was rotated.
fn of_token(
    db: &Connection,
    token: &TokenHash,
) -> rusqlite::Result<Option<(SessionRecord, Option<Timestamp>)>> {
    db.prepare_cached(&format!(
        "SELECT {SESSION}, t.rotated_at FROM tokens t JOIN sessions s ON s.id = t.session
         WHERE t.hash = ?1"
    ))?
    .query_row([token], |row| Ok((session(row)?, maybe_time(row, 9)?)))
    .optional()
}

struct Owned {
    presented: TokenHash,
    successor: TokenHash,
    at: Timestamp,
    grace: std::time::Duration,
    expires_at: Timestamp,
    address: String,
}

impl Owned {
    fn rotate(self, db: &Connection) -> rusqlite::Result<Rotation> {
        let Some((session, rotated_at)) = of_token(db, &self.presented)? else {
            return Ok(Rotation::Unknown);
        };
        if session.revoked_at.is_some() || session.expires_at <= self.at {
            return Ok(Rotation::Unknown);
        }
        match rotated_at {
            None => self.succeed(db, session),
            Some(at) if self.at.since(at) <= self.grace => Ok(Rotation::Replayed(session)),
            Some(_) => self.revoke(db, session),
        }
    }

    fn succeed(self, db: &Connection, mut session: SessionRecord) -> rusqlite::Result<Rotation> {
        db.prepare_cached("UPDATE tokens SET rotated_at = ?2 WHERE hash = ?1")?
            .execute((&self.presented, self.at.0))?;
        add_token(db, session.id, &self.successor)?;
        (session.last_used_at, session.expires_at) = (self.at, self.expires_at);
        session.address = self.address;
        db.prepare_cached(
            "UPDATE sessions SET last_used_at = ?2, expires_at = ?3, address = ?4 WHERE id = ?1",
        )?
        .execute((
            session.id.0.as_bytes(),
            session.last_used_at.0,
            session.expires_at.0,
            &session.address,
        ))?;
        Ok(Rotation::Rotated(session))
    }

    fn revoke(self, db: &Connection, mut session: SessionRecord) -> rusqlite::Result<Rotation> {
        session.revoked_at = Some(self.at);
        db.prepare_cached("UPDATE sessions SET revoked_at = ?2 WHERE id = ?1")?
            .execute((session.id.0.as_bytes(), self.at.0))?;
        Ok(Rotation::Reused(session))
    }
}
