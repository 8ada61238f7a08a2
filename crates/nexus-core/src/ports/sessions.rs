//! Signed-in devices and their refresh tokens.

use std::time::Duration;

use async_trait::async_trait;
use nexus_protocol::{SessionId, Timestamp, UserId};

use super::PortResult;

/// SHA-256 of a refresh token. The token itself is never stored.
pub type TokenHash = [u8; 32];

#[derive(Clone, Debug, PartialEq)]
pub struct SessionRecord {
    pub id: SessionId,
    pub user_id: UserId,
    pub device: String,
    pub address: String,
    /// Mixed into each successor, so that a stolen old token alone gives nothing.
    pub salt: [u8; 32],
    pub created_at: Timestamp,
    pub last_used_at: Timestamp,
    /// The whole family ends here unless it is used before.
    pub expires_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}

/// What presenting a refresh token did.
#[derive(Clone, Debug, PartialEq)]
pub enum Rotation {
    /// The successor is now the session's token.
    Rotated(SessionRecord),
    /// It was rotated within the grace time: the same successor stands.
    Replayed(SessionRecord),
    /// It was rotated before that: the session is revoked by this very step.
    Reused(SessionRecord),
    /// No such token, or its session has ended.
    Unknown,
}

#[derive(Clone, Debug)]
pub struct Rotate<'a> {
    pub presented: &'a TokenHash,
    pub successor: &'a TokenHash,
    pub at: Timestamp,
    pub grace: Duration,
    pub expires_at: Timestamp,
    pub address: &'a str,
}

#[async_trait]
pub trait SessionStore: Send + Sync {
    async fn create_session(&self, new: &SessionRecord, token: &TokenHash) -> PortResult<()>;

    /// The session a refresh token belongs to, whatever has become of either.
    async fn session_of_token(&self, token: &TokenHash) -> PortResult<Option<SessionRecord>>;

    async fn session(&self, id: SessionId) -> PortResult<Option<SessionRecord>>;

    /// Decides and writes in one atomic step: of two calls with one token, one rotates and the
    /// other replays.
    async fn rotate(&self, rotate: Rotate<'_>) -> PortResult<Rotation>;

    /// Neither revoked nor expired at `now`; the last used first.
    async fn sessions_of(&self, user: UserId, now: Timestamp) -> PortResult<Vec<SessionRecord>>;

    /// Answers whether the session was the user's and alive.
    async fn revoke_session(&self, user: UserId, id: SessionId, at: Timestamp) -> PortResult<bool>;

    /// Ends all of the user's sessions but `spared`, and answers which those were.
    async fn revoke_sessions(
        &self,
        user: UserId,
        spared: Option<SessionId>,
        at: Timestamp,
    ) -> PortResult<Vec<SessionId>>;

    /// Sessions revoked at or after `since`: what a node must know to refuse their access tokens.
    async fn revoked_since(&self, since: Timestamp) -> PortResult<Vec<SessionId>>;

    /// Forgets sessions that ended before `before`, and their tokens.
    async fn prune_sessions(&self, before: Timestamp) -> PortResult<()>;
}
