//! Removing many messages of one user.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ChatId, SweepId, Timestamp, UserId};

/// Body of `POST /admin/sweep`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StartSweep {
    pub user_id: UserId,
    /// Left out: all chats they are or were in.
    #[serde(default)]
    pub chat_id: Option<ChatId>,
    /// Messages sent at or after this.
    #[serde(default)]
    pub from: Option<Timestamp>,
    /// Messages sent before this.
    #[serde(default)]
    pub to: Option<Timestamp>,
    /// Only counts.
    #[serde(default)]
    pub dry_run: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SweepState {
    /// Counted, and nothing was deleted.
    DryRun,
    /// A side job goes through the chats, and a minute later again: what was on its way has come.
    Running,
    /// The deletion of each message found is in the queue: it will be done.
    Done,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Sweep {
    /// Null with a dry run.
    pub id: Option<SweepId>,
    pub user_id: UserId,
    pub chat_id: Option<ChatId>,
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    /// Null: an operator, by `nexus admin`.
    pub by: Option<UserId>,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    pub state: SweepState,
    /// Chats to look through, and those that are.
    pub chats: u32,
    pub chats_done: u32,
    /// Messages found so far; of a dry run at most 10,000.
    pub messages: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SweepAnswer {
    pub sweep: Sweep,
}
