//! What waits, what was given up, and how much there is: for admins.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ChatId, ErrorCode, OpId, Timestamp, UserId};

/// Of one lane, or of all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LaneQueue {
    pub lane: u16,
    /// The worker that has it.
    pub owner: Option<String>,
    pub depth: u64,
    pub oldest_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Queues {
    pub lanes: Vec<LaneQueue>,
    pub depth: u64,
    pub oldest_at: Option<Timestamp>,
    pub retrying: u64,
    pub dead_letters: u64,
    /// Side jobs that wait or are being carried out, and those that were given up.
    pub jobs: u64,
    pub dead_jobs: u64,
}

/// A change of a chat that was given up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeadLetterView {
    pub id: OpId,
    pub chat_id: ChatId,
    pub actor_id: UserId,
    pub kind: String,
    pub queued_at: Timestamp,
    pub died_at: Timestamp,
    pub attempts: u32,
    pub code: ErrorCode,
    pub reason: String,
    /// All of it, message text included; left out of lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub content: Option<serde_json::Value>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeadLetterAnswer {
    pub dead_letter: DeadLetterView,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeadLetters {
    /// The last that died first.
    pub dead_letters: Vec<DeadLetterView>,
    pub next_cursor: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Stats {
    pub users: u64,
    /// Moderators and admins.
    pub staff: u64,
    /// Bans that hold, and those that are over but were not lifted.
    pub banned: u64,
    pub chats: u64,
    /// All that were ever sent in these chats.
    pub messages: u64,
    pub sessions: u64,
    pub open_reports: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StatsAnswer {
    pub stats: Stats,
}
