//! What people may do with what is theirs: have it deleted, have a copy of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ExportId, Timestamp};

/// What becomes of the messages of somebody who deletes their account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Leavings {
    /// They stay, by a "Deleted account".
    Keep,
    /// Each becomes a removed message.
    Remove,
}

impl Leavings {
    pub fn as_str(self) -> &'static str {
        match self {
            Leavings::Keep => "keep",
            Leavings::Remove => "remove",
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeleteMe {
    /// Not needed for some minutes after a step-up.
    #[serde(default)]
    #[schema(format = Password)]
    pub password: Option<String>,
    pub messages: Leavings,
}

/// The end of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Deletion {
    pub messages: Leavings,
    /// Signing in before that takes it back.
    pub at: Timestamp,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DeletionAnswer {
    pub deletion: Deletion,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ExportState {
    /// It is being written.
    Running,
    /// It can be fetched.
    Ready,
    /// It could not be written: ask for another.
    Failed,
    /// It was there to be fetched, and is no more.
    Expired,
}

/// A copy of all that an account holds, as a ZIP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Export {
    pub id: ExportId,
    pub state: ExportState,
    pub created_at: Timestamp,
    /// How much of it is written, in percent.
    pub progress: u8,
    /// Bytes; null until it is ready.
    pub size: Option<u64>,
    /// It is there to be fetched until then; null until it is ready.
    pub until: Option<Timestamp>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ExportAnswer {
    pub export: Export,
}

/// The latest export, if there was one of late.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LatestExport {
    pub export: Option<Export>,
}
