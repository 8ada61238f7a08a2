//! What proves, by a letter, that somebody reads an address.

use async_trait::async_trait;
use nexus_protocol::{Timestamp, UserId};

use super::{PortResult, TokenHash};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EmailTokenKind {
    /// The address of the account is its owner's.
    Verify,
    /// An address that the account is to have.
    Change,
    /// An address that the account had: the way back.
    Revert,
    ResetPassword,
}

impl EmailTokenKind {
    pub const ALL: [EmailTokenKind; 4] = [
        EmailTokenKind::Verify,
        EmailTokenKind::Change,
        EmailTokenKind::Revert,
        EmailTokenKind::ResetPassword,
    ];

    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            EmailTokenKind::Verify => "verify",
            EmailTokenKind::Change => "change",
            EmailTokenKind::Revert => "revert",
            EmailTokenKind::ResetPassword => "reset",
        }
    }
}

/// Of a token only its hash is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailToken {
    pub hash: TokenHash,
    pub kind: EmailTokenKind,
    pub user_id: UserId,
    /// Where the letter went.
    pub address: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

impl EmailToken {
    /// What a later token of the same user and kind replaces it by. A way back is not lost because
    /// somebody changes the address once more.
    pub fn slot(&self) -> &str {
        match self.kind {
            EmailTokenKind::Revert => &self.address,
            _ => "",
        }
    }
}

#[async_trait]
pub trait EmailTokenStore: Send + Sync {
    /// The one of this user and kind (and address, if it is a way back) from now on.
    async fn put_email_token(&self, new: &EmailToken) -> PortResult<()>;

    /// Whether it is live at `now`, without using it up.
    async fn email_token(
        &self,
        kind: EmailTokenKind,
        hash: &TokenHash,
        now: Timestamp,
    ) -> PortResult<Option<EmailToken>>;

    /// Uses a token up that is live at `now`: of two calls at once, one gets it.
    async fn take_email_token(
        &self,
        kind: EmailTokenKind,
        hash: &TokenHash,
        now: Timestamp,
    ) -> PortResult<Option<EmailToken>>;

    /// When the latest token of this kind was made; `None` if there is none, or it was used.
    async fn email_token_made_at(
        &self,
        user: UserId,
        kind: EmailTokenKind,
    ) -> PortResult<Option<Timestamp>>;

    /// No token of these kinds of the user that was made at `since` or later is good any more.
    async fn drop_email_tokens(
        &self,
        user: UserId,
        kinds: &[EmailTokenKind],
        since: Timestamp,
    ) -> PortResult<()>;

    /// Forgets tokens that expired before `before`.
    async fn prune_email_tokens(&self, before: Timestamp) -> PortResult<()>;
}
