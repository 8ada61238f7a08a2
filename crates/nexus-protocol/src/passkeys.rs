//! Passkeys: what a browser asks its authenticator, and what that answers, in the JSON forms of
//! WebAuthn Level 3. Bytes are base64url without padding.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{PasskeyId, Timestamp, TokenTransport};

/// One passkey of the caller.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Passkey {
    pub id: PasskeyId,
    /// As its owner calls it.
    pub name: String,
    /// Whether it is kept in more than one place, as those of phones are.
    pub backed_up: bool,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Passkeys {
    /// The oldest first.
    pub passkeys: Vec<Passkey>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RenamePasskey {
    /// 1 to 64 characters.
    #[schema(example = "My phone")]
    pub name: String,
}

/// For `navigator.credentials.create()`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasskeyCreation {
    pub public_key: PasskeyCreationOptions,
}

/// `PublicKeyCredentialCreationOptionsJSON`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasskeyCreationOptions {
    pub rp: RelyingParty,
    pub user: PasskeyUser,
    pub challenge: String,
    pub pub_key_cred_params: Vec<PasskeyAlgorithm>,
    /// Milliseconds.
    pub timeout: u64,
    pub exclude_credentials: Vec<PasskeyDescriptor>,
    pub authenticator_selection: AuthenticatorSelection,
    /// `none`: who made the authenticator is nobody's business.
    pub attestation: String,
}

/// Whom a passkey is for: this server.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RelyingParty {
    #[schema(example = "chat.example.com")]
    pub id: String,
    pub name: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasskeyUser {
    pub id: String,
    pub name: String,
    pub display_name: String,
}

/// An algorithm of signatures by its COSE number: -7 is ES256, -8 Ed25519, -257 RS256.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PasskeyAlgorithm {
    pub r#type: String,
    #[schema(example = -7)]
    pub alg: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PasskeyDescriptor {
    pub r#type: String,
    pub id: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transports: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuthenticatorSelection {
    pub resident_key: String,
    pub require_resident_key: bool,
    pub user_verification: String,
}

/// For `navigator.credentials.get()`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasskeyRequest {
    pub public_key: PasskeyRequestOptions,
}

/// `PublicKeyCredentialRequestOptionsJSON`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasskeyRequestOptions {
    pub challenge: String,
    /// Milliseconds.
    pub timeout: u64,
    pub rp_id: String,
    /// Empty at a sign-in: the authenticator knows whose they are.
    pub allow_credentials: Vec<PasskeyDescriptor>,
    pub user_verification: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddPasskey {
    /// What its owner calls it; 1 to 64 characters.
    #[schema(example = "My phone")]
    pub name: String,
    pub credential: NewCredential,
}

/// `RegistrationResponseJSON`; browsers may add to it, and what is not named here isn't looked at.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NewCredential {
    pub id: String,
    pub response: Attestation,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attestation {
    #[serde(rename = "clientDataJSON")]
    pub client_data: String,
    pub attestation_object: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transports: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PasskeyLogin {
    pub credential: UsedCredential,
    #[serde(default)]
    pub device: Option<String>,
    #[serde(default)]
    pub token_transport: TokenTransport,
}

/// `AuthenticationResponseJSON`; browsers may add to it, and what is not named here isn't looked at.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct UsedCredential {
    pub id: String,
    pub response: Assertion,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Assertion {
    #[serde(rename = "clientDataJSON")]
    pub client_data: String,
    pub authenticator_data: String,
    pub signature: String,
    /// Whose passkey it is; authenticators leave it out where the request named passkeys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_handle: Option<String>,
}
