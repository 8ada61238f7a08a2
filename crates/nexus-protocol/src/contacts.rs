//! Whom a user knows, whom they don't want to hear of, and who asks to be known.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{RequestId, Timestamp, User, UserId};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    pub user: User,
    /// What the caller calls them; seen by nobody else.
    pub nickname: Option<String>,
    pub added_at: Timestamp,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Contacts {
    pub contacts: Vec<Contact>,
    pub next_cursor: Option<String>,
}

/// The answer to a new or changed contact.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ContactAnswer {
    pub contact: Contact,
    /// Where the other takes messages from their own contacts only: they were asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<ContactRequest>,
}

/// Whom to add: either `userId` or `username`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddContact {
    #[serde(default)]
    pub user_id: Option<UserId>,
    #[serde(default)]
    pub username: Option<String>,
    #[serde(default)]
    pub nickname: Option<String>,
    /// A line to go with the request, where there is one.
    #[serde(default)]
    pub note: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateContact {
    /// Null takes it away.
    pub nickname: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RequestDirection {
    /// The other asks the caller.
    Incoming,
    /// The caller asks the other.
    Outgoing,
}

/// Somebody asks to be among another's contacts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContactRequest {
    pub id: RequestId,
    pub direction: RequestDirection,
    /// The other one.
    pub user: User,
    pub note: String,
    /// False while it waits. A refusal is not told.
    pub accepted: bool,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContactRequests {
    /// Those that wait, in both directions, the latest first.
    pub requests: Vec<ContactRequest>,
    pub next_cursor: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ContactRequestAnswer {
    pub request: ContactRequest,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Blocks {
    pub users: Vec<User>,
    pub next_cursor: Option<String>,
}
