//! What moderators and admins see and do.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Timestamp, UserId};

/// What a user may do on this server beside using it. In order: each may all that the one before may.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum UserRole {
    #[default]
    User,
    Moderator,
    Admin,
}

impl UserRole {
    pub fn as_str(self) -> &'static str {
        match self {
            UserRole::User => "user",
            UserRole::Moderator => "moderator",
            UserRole::Admin => "admin",
        }
    }
}

/// What a banned user is told when they sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BanNotice {
    pub reason: String,
    /// Null: for good.
    pub until: Option<Timestamp>,
}

/// A ban as staff see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ban {
    pub reason: String,
    /// Who banned; null for an operator, by `nexus admin`.
    pub by: Option<UserId>,
    pub at: Timestamp,
    /// Null: for good.
    pub until: Option<Timestamp>,
}

impl Ban {
    /// It lifts by itself.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| until > now)
    }

    pub fn notice(&self) -> BanNotice {
        BanNotice { reason: self.reason.clone(), until: self.until }
    }
}

/// An account as staff see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    pub id: UserId,
    pub username: String,
    pub display_name: String,
    pub about: String,
    pub email: String,
    pub email_verified: bool,
    pub role: UserRole,
    pub created_at: Timestamp,
    pub last_seen_at: Option<Timestamp>,
    /// How many devices are signed in.
    pub sessions: u32,
    /// The ban that holds now.
    pub ban: Option<Ban>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AccountAnswer {
    pub user: Account,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Accounts {
    pub users: Vec<Account>,
    pub next_cursor: Option<String>,
}

/// Body of `PATCH /admin/users/{id}`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeAccount {
    pub role: UserRole,
}

/// Body of `POST /admin/users/{id}/ban`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BanUser {
    /// Shown to the banned: 1 to 500 characters.
    pub reason: String,
    /// Left out: for good.
    #[serde(default)]
    pub until: Option<Timestamp>,
}
