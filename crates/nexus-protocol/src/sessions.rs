//! Signed-in devices.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{SessionId, Timestamp};

/// One signed-in device of the caller.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    pub id: SessionId,
    /// As the client named itself at sign-in, else its `User-Agent`.
    pub device: String,
    /// The address of its last sign-in or refresh.
    pub address: String,
    pub created_at: Timestamp,
    pub last_used_at: Timestamp,
    /// Whether this request was made by it.
    pub current: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Sessions {
    pub sessions: Vec<Session>,
}
