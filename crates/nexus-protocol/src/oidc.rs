//! Signing in with an account elsewhere (OpenID Connect).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Timestamp, TokenTransport};

/// One of those that the server's operator trusts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OidcProvider {
    #[schema(example = "google")]
    pub id: String,
    #[schema(example = "Google")]
    pub name: String,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StartOidc {
    /// A path of the web client to come back to, `/` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "/settings")]
    pub return_to: Option<String>,
}

/// Where the browser is to go. It comes back to `returnTo` with `#oidc-ticket=…`, or with
/// `#oidc-error=` and one of `refused`, `expired`, `unavailable`, `invalid`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct OidcStarted {
    pub url: String,
}

/// What a ticket opens, for the browser that it was made for.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OidcLogin {
    pub ticket: String,
    /// A one-time code, or a recovery code, where the answer without was `totp_required`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totp: Option<String>,
    #[serde(default)]
    pub device: Option<String>,
    #[serde(default)]
    pub token_transport: TokenTransport,
}

/// For somebody who has no account here yet.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OidcSignup {
    pub ticket: String,
    /// As at a sign-up.
    #[schema(example = "ann")]
    pub username: String,
    #[serde(default)]
    pub display_name: Option<String>,
    /// Needed where the provider vouches for no address.
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub device: Option<String>,
    #[serde(default)]
    pub token_transport: TokenTransport,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OidcTicket {
    pub ticket: String,
}

/// What a ticket can be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OidcNext {
    /// This sign-in is linked to an account.
    Login,
    /// Nobody has it: choose a username, or sign in to an account and link it.
    Signup,
    /// An account here has the address that the provider vouches for: sign in to it and link it.
    Link,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OidcFound {
    pub next: OidcNext,
    pub provider: OidcProvider,
    /// The address that the provider vouches for.
    pub email: Option<String>,
    /// A username that is free in form, if perhaps taken.
    pub username: Option<String>,
    pub display_name: Option<String>,
}

/// One account elsewhere that signs in to the caller's here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OidcLink {
    pub provider: OidcProvider,
    /// As the provider called it when it was linked: an address or a name.
    pub label: Option<String>,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct OidcLinks {
    pub links: Vec<OidcLink>,
}
