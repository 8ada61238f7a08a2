//! Names and small bodies of the socket events. Bodies shared with REST live with their noun.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ChatId, Timestamp, UserId};

macro_rules! names {
    ($($name:ident = $text:literal)*) => { $(pub const $name: &str = $text;)* };
}

names! {
    // /chat, from the client
    MSG_SEND = "msg:send"
    MSG_EDIT = "msg:edit"
    MSG_DELETE = "msg:delete"
    MSG_REACT = "msg:react"
    MSG_DELIVERED = "msg:delivered"
    MSG_READ = "msg:read"
    SYNC = "sync"
    SYNC_CHECK = "sync:check"
    AUTH_REFRESH = "auth:refresh"
    CLIENT_STATE = "client:state"
    // /chat, from the server
    MSG_QUEUED = "msg:queued"
    MSG_NEW = "msg:new"
    MSG_UPDATED = "msg:updated"
    MSG_FAILED = "msg:failed"
    STATUS_DELIVERED = "status:delivered"
    STATUS_READ = "status:read"
    CHAT_NEW = "chat:new"
    CHAT_UPDATED = "chat:updated"
    CHAT_REMOVED = "chat:removed"
    JOIN_REQUESTED = "join:requested"
    JOIN_DECIDED = "join:decided"
    ME_UPDATED = "me:updated"
    CONTACT_REQUEST = "contact:request"
    USER_UPDATED = "user:updated"
    AUTH_EXPIRING = "auth:expiring"
    AUTH_EXPIRED = "auth:expired"
    SESSION_REVOKED = "session:revoked"
    SERVER_DRAINING = "server:draining"
    ANNOUNCEMENT_NEW = "announcement:new"
    ANNOUNCEMENT_WITHDRAWN = "announcement:withdrawn"
    // /presence
    PRESENCE_SUBSCRIBE = "presence:subscribe"
    PRESENCE_SET = "presence:set"
    PRESENCE_UPDATE = "presence:update"
    // /typing
    TYPING_START = "typing:start"
    TYPING_STOP = "typing:stop"
    TYPING_UPDATE = "typing:update"
}

/// The handshake's `auth`; left out when a cookie carries the token.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Handshake {
    #[serde(default)]
    pub token: Option<String>,
}

/// `data` of a `connect_error`, and the body of `auth:expired`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConnectRefusal {
    pub code: crate::ErrorCode,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthRefresh {
    /// A fresh access token of the same session.
    pub token: String,
}

/// The acknowledgement of `auth:refresh`, and the body of `auth:expiring`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuthExpiry {
    pub expires_at: Timestamp,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClientState {
    pub foreground: bool,
    #[serde(default)]
    pub active_chat_id: Option<ChatId>,
}

/// Body of `session:revoked`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SessionRevoked {
    pub reason: RevokeReason,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RevokeReason {
    /// The device signed out.
    Logout,
    /// Another device of the user ended it.
    Revoked,
    /// A refresh token was presented twice: somebody has a copy.
    Theft,
    /// The account was banned; signing in tells why and until when.
    Banned,
    /// The password was changed or reset.
    PasswordChanged,
    /// The account is to be deleted; signing in takes that back while there is time.
    Deleted,
}

impl RevokeReason {
    pub fn as_str(self) -> &'static str {
        match self {
            RevokeReason::Logout => "logout",
            RevokeReason::Revoked => "revoked",
            RevokeReason::Theft => "theft",
            RevokeReason::Banned => "banned",
            RevokeReason::PasswordChanged => "password_changed",
            RevokeReason::Deleted => "deleted",
        }
    }
}

/// Body of `user:updated`: somebody in a chat of the caller's has another name or about. How they
/// look to the caller is to be asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserUpdated {
    pub user_id: UserId,
}

/// Body of `server:draining`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServerDraining {
    pub reconnect_after_ms: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PresenceStatus {
    Online,
    Away,
    Offline,
}

/// Body of `presence:update`, and one entry of the answer to `presence:subscribe`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PresenceUpdate {
    pub user_id: UserId,
    pub status: PresenceStatus,
    pub last_seen_at: Option<Timestamp>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PresenceSubscribe {
    /// Up to 200; replaces an earlier subscription.
    pub user_ids: Vec<UserId>,
}

/// What a user wants others to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PresenceWish {
    Online,
    Away,
    Invisible,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PresenceSet {
    pub status: PresenceWish,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TypingKind {
    #[default]
    Text,
    Voice,
    Media,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TypingStart {
    pub chat_id: ChatId,
    #[serde(default)]
    pub kind: TypingKind,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TypingStop {
    pub chat_id: ChatId,
}

/// Body of `typing:update`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TypingUpdate {
    pub chat_id: ChatId,
    pub user_id: UserId,
    pub kind: TypingKind,
    pub typing: bool,
}
