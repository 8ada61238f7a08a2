//! Who is there.

use async_trait::async_trait;
use nexus_protocol::{UserId, event::PresenceStatus};
use uuid::Uuid;

use super::PortResult;

/// Expires by the port's clock: a connection not heard of for [`PRESENCE_TTL_SECS`] is gone.
pub const PRESENCE_TTL_SECS: u64 = 45;

/// What one connection of a user contributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Online,
    Away,
    /// There, but not to be seen.
    Invisible,
}

/// A user's status before and after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    pub before: PresenceStatus,
    pub after: PresenceStatus,
}

/// A user is online when any connection is, else away when any is, else offline.
#[async_trait]
pub trait Presence: Send + Sync {
    /// Notes or renews one connection.
    async fn set(&self, user: UserId, connection: Uuid, shown: Shown) -> PortResult<Transition>;

    async fn clear(&self, user: UserId, connection: Uuid) -> PortResult<Transition>;

    /// In the order asked for.
    async fn get(&self, users: &[UserId]) -> PortResult<Vec<PresenceStatus>>;

    /// Drops what has expired and answers who is offline by that.
    async fn expire(&self) -> PortResult<Vec<UserId>>;
}
