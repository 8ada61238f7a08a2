//! Signing up, in and out.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Me;

/// Where the tokens travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TokenTransport {
    /// In the answer's body; the client keeps them.
    #[default]
    Body,
    /// In `HttpOnly` cookies; never in a body.
    Cookie,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignupRequest {
    #[schema(example = "ann@example.com")]
    pub email: String,
    /// 3 to 32 of `a-z`, `0-9`, `_`, `.`, starting with a letter or digit; upper case is folded.
    #[schema(example = "ann")]
    pub username: String,
    /// 10 characters or more, and not easy to guess.
    #[schema(format = Password, example = "correct horse battery")]
    pub password: String,
    #[serde(default)]
    pub display_name: Option<String>,
    /// What the session list calls this device.
    #[serde(default)]
    pub device: Option<String>,
    #[serde(default)]
    pub token_transport: TokenTransport,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LoginRequest {
    /// E-mail address or user name; also accepted as `email`.
    #[serde(alias = "email")]
    #[schema(example = "ann")]
    pub identifier: String,
    #[schema(format = Password, example = "correct horse battery")]
    pub password: String,
    /// A one-time code, or a recovery code, where the answer without was `totp_required`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totp: Option<String>,
    #[serde(default)]
    pub device: Option<String>,
    #[serde(default)]
    pub token_transport: TokenTransport,
}

/// What a sign-in may be completed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactor {
    Totp,
    RecoveryCode,
}

/// What came with a letter.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EmailedToken {
    pub token: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ForgotPassword {
    #[schema(example = "ann@example.com")]
    pub email: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResetPassword {
    /// From the letter.
    pub token: String,
    /// 10 characters or more, and not easy to guess.
    #[schema(format = Password, example = "another horse battery")]
    pub password: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeEmail {
    #[schema(example = "ann@example.org")]
    pub email: String,
    /// Not needed for some minutes after a step-up.
    #[serde(default)]
    #[schema(format = Password)]
    pub password: Option<String>,
}

/// Of a request that needs the password, or a step-up some minutes ago.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConfirmWithPassword {
    #[serde(default)]
    #[schema(format = Password)]
    pub password: Option<String>,
}

/// Password, one-time (or recovery) code, passkey, or several: all that is given must be right.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StepUp {
    #[serde(default)]
    #[schema(format = Password)]
    pub password: Option<String>,
    #[serde(default)]
    pub totp: Option<String>,
    /// The answer to `/auth/passkeys/step-up`.
    #[serde(default)]
    pub passkey: Option<crate::UsedCredential>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SteppedUp {
    /// Until then this session may do what is dangerous.
    pub until: crate::Timestamp,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TotpSetup {
    /// To be typed into an app: base32.
    pub secret: String,
    /// To be shown as a QR code: `otpauth://totp/…`.
    pub uri: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TotpCode {
    /// What the app shows now.
    #[schema(example = "287082")]
    pub code: String,
}

/// Shown this once.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryCodes {
    pub codes: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangePassword {
    #[schema(format = Password, example = "correct horse battery")]
    pub current: String,
    /// 10 characters or more, and not easy to guess.
    #[schema(format = Password, example = "another horse battery")]
    pub password: String,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefreshRequest {
    /// Left out when the token travels in a cookie.
    #[serde(default)]
    pub refresh_token: Option<String>,
}

/// The answer to signup, login and refresh. With `tokenTransport: "cookie"` the tokens are left out.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignedIn {
    pub user: Me,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token: Option<String>,
    /// Seconds until the access token expires.
    #[schema(example = 900)]
    pub expires_in: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// The account was to be deleted; this sign-in has taken that back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deletion_cancelled: bool,
}
