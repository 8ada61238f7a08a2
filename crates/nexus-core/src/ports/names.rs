//! User names that change.

use std::time::Duration;

use async_trait::async_trait;
use nexus_protocol::{Timestamp, UserChange, UserId};

use super::{PortResult, UserRecord};

/// So long a name that was given up is kept for who had it.
pub const NAME_HELD: Duration = Duration::from_secs(14 * 24 * 3_600);

/// How often a user may take another name.
#[derive(Clone, Copy, Debug)]
pub struct NameQuota {
    pub most: u32,
    pub per: Duration,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Renaming {
    /// `None` when it was the user's name already.
    Renamed(Box<UserRecord>, Option<UserChange>),
    /// By somebody who has it, or had it of late.
    Taken,
    TooOften,
}

#[async_trait]
pub trait NameStore: Send + Sync {
    /// Gives the user another name and notes an [`nexus_protocol::OwnChange::Username`], in one
    /// atomic step. `None` when there is no such user.
    async fn rename(
        &self,
        user: UserId,
        name: &str,
        quota: NameQuota,
        at: Timestamp,
    ) -> PortResult<Option<Renaming>>;

    /// Whose name it was within [`NAME_HELD`] before, if it is still kept for them.
    async fn user_formerly(&self, name: &str, at: Timestamp) -> PortResult<Option<UserRecord>>;
}
