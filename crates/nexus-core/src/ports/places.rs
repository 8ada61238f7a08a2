//! From where, and with what, accounts were signed in to.

use async_trait::async_trait;
use nexus_protocol::{Timestamp, UserId};

use super::PortResult;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    pub address: &'a str,
    pub device: &'a str,
}

/// What was known of a place before a sign-in was noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Familiar {
    pub address: bool,
    pub device: bool,
}

#[async_trait]
pub trait PlaceStore: Send + Sync {
    /// Notes a sign-in, and answers what was known before. Of two at once, one is the first.
    async fn note_place(
        &self,
        user: UserId,
        place: Place<'_>,
        at: Timestamp,
    ) -> PortResult<Familiar>;

    /// Whether the user was signed in from this address.
    async fn knows_address(&self, user: UserId, address: &str) -> PortResult<bool>;

    /// Forgets what was last seen before `before`.
    async fn prune_places(&self, before: Timestamp) -> PortResult<()>;
}
