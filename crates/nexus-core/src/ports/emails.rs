//! The address of an account, and whether its owner reads it.

use async_trait::async_trait;
use nexus_protocol::{Timestamp, UserChange, UserId};

use super::PortResult;

#[derive(Clone, Copy, Debug)]
pub struct NewEmail<'a> {
    /// Lower case.
    pub address: &'a str,
    /// An account that was made before this and never verified the address loses it.
    pub abandoned_before: Timestamp,
}

#[derive(Clone, Debug, PartialEq)]
pub enum EmailSet {
    /// Of the user, and of who lost the address to them.
    Done(Vec<(UserId, UserChange)>),
    Taken,
    /// There is no such user.
    Unknown,
}

/// What the address of an account is that has lost its own: nobody's, and different for each.
pub fn lost_address(user: UserId) -> String {
    format!("{user}@lost.invalid")
}

/// Both note an [`nexus_protocol::OwnChange::Account`].
#[async_trait]
pub trait EmailStore: Send + Sync {
    /// Gives the user a verified address. Of two who want one at once, one gets it.
    async fn set_email(
        &self,
        user: UserId,
        new: &NewEmail<'_>,
        at: Timestamp,
    ) -> PortResult<EmailSet>;

    /// `None` when it is not (any more) the user's address, `Some(None)` when it was verified before.
    async fn verify_email(
        &self,
        user: UserId,
        address: &str,
        at: Timestamp,
    ) -> PortResult<Option<Option<UserChange>>>;
}
