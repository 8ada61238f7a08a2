//! People.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{SuppressionReason, Timestamp, UserId, UserRole};

/// A picture of a user or a chat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Avatar {
    pub url: String,
    pub thumbhash: String,
}

/// A user as others see them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct User {
    pub id: UserId,
    pub username: String,
    pub display_name: String,
    pub about: String,
    pub avatar: Option<Avatar>,
    pub last_seen_at: Option<Timestamp>,
    pub is_contact: bool,
    pub is_blocked: bool,
    /// Nobody is behind it any more; `displayName` is a placeholder.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_deleted: bool,
}

/// The signed-in user, with what only they see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    pub id: UserId,
    pub username: String,
    pub display_name: String,
    pub about: String,
    pub avatar: Option<Avatar>,
    pub email: String,
    pub email_verified: bool,
    /// Why letters to the address are not sent, or (unless it bounces) none that can be done without.
    pub email_suppressed: Option<SuppressionReason>,
    pub role: UserRole,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct UserAnswer {
    pub user: User,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MeAnswer {
    pub user: Me,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Users {
    pub users: Vec<User>,
    pub next_cursor: Option<String>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateMe {
    /// Twice in 30 days, unless this server says otherwise. The former one stays its owner's for 14
    /// days, and leads to them: in `GET /users?query=`, `POST /contacts` and when they sign in.
    #[serde(default)]
    pub username: Option<String>,
    #[serde(default)]
    pub display_name: Option<String>,
    #[serde(default)]
    pub about: Option<String>,
}
