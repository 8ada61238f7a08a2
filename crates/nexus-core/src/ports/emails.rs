//! The address of an account, and whether its owner reads it.

use async_trait::async_trait;
use nexus_protocol::{Timestamp, UserChange, UserId};

use super::PortResult;

#[derive(Clone, Debug, PartialEq)]
pub enum EmailSet {
    /// Of the user, and of who lost the address to them.
    Done(Vec<(UserId, UserChange)>),
    /// Somebody else has it, and has verified it.
    Taken,
    /// There is no such user.
    Unknown,
}

/// What the address of an account is that has lost its own: nobody's, and different for each.
pub fn lost_address(user: UserId) -> String {
    format!("{user}@lost.invalid")
}

/// All note an [`nexus_protocol::OwnChange::Account`].
#[async_trait]
pub trait EmailStore: Send + Sync {
    /// Gives the user a verified address, also one that somebody else has and has not verified. Of two
    /// who want one at once, one gets it.
    async fn set_email(&self, user: UserId, address: &str, at: Timestamp) -> PortResult<EmailSet>;

    /// Takes the address from who has it and has not verified it; `None` where nobody does.
    async fn free_email(
        &self,
        address: &str,
        at: Timestamp,
    ) -> PortResult<Option<(UserId, UserChange)>>;

    /// `None` when it is not (any more) the user's address, `Some(None)` when it was verified before.
    async fn verify_email(
        &self,
        user: UserId,
        address: &str,
        at: Timestamp,
    ) -> PortResult<Option<Option<UserChange>>>;
}
