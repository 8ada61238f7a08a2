//! What was begun here and ends with a proof from elsewhere: an authenticator, a provider.

use async_trait::async_trait;
use nexus_protocol::{Timestamp, UserId};

use super::{PortResult, TokenHash};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CeremonyKind {
    AddPasskey,
    PasskeyLogin,
    PasskeyStepUp,
    /// Somebody is at their provider.
    OidcRedirect,
    /// Somebody has come back from there.
    OidcTicket,
}

impl CeremonyKind {
    pub const ALL: [CeremonyKind; 5] = [
        CeremonyKind::AddPasskey,
        CeremonyKind::PasskeyLogin,
        CeremonyKind::PasskeyStepUp,
        CeremonyKind::OidcRedirect,
        CeremonyKind::OidcTicket,
    ];

    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            CeremonyKind::AddPasskey => "add_passkey",
            CeremonyKind::PasskeyLogin => "passkey_login",
            CeremonyKind::PasskeyStepUp => "passkey_step_up",
            CeremonyKind::OidcRedirect => "oidc_redirect",
            CeremonyKind::OidcTicket => "oidc_ticket",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ceremony {
    /// Of the secret that comes back.
    pub hash: TokenHash,
    pub kind: CeremonyKind,
    /// Who has begun it, if they were signed in.
    pub user_id: Option<UserId>,
    /// What its kind needs to know at the end.
    pub detail: String,
    pub expires_at: Timestamp,
}

#[async_trait]
pub trait CeremonyStore: Send + Sync {
    async fn put_ceremony(&self, new: &Ceremony) -> PortResult<()>;

    /// As it stands, if it is of this kind and live at `now`.
    async fn ceremony(
        &self,
        kind: CeremonyKind,
        hash: &TokenHash,
        now: Timestamp,
    ) -> PortResult<Option<Ceremony>>;

    /// Likewise, and uses it up: of two calls at once, one gets it.
    async fn take_ceremony(
        &self,
        kind: CeremonyKind,
        hash: &TokenHash,
        now: Timestamp,
    ) -> PortResult<Option<Ceremony>>;

    /// Forgets those that expired before `before`.
    async fn prune_ceremonies(&self, before: Timestamp) -> PortResult<()>;
}
