//! Telling staff of what should not be there.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ChatId, ChatType, Edit, Message, MessageId, ReportId, Timestamp, User, UserId};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportReason {
    Spam,
    Harassment,
    Hate,
    Violence,
    Sexual,
    Illegal,
    Impersonation,
    Other,
}

/// Body of `POST /reports`: one of the three ids.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileReport {
    #[serde(default)]
    pub message_id: Option<MessageId>,
    #[serde(default)]
    pub user_id: Option<UserId>,
    #[serde(default)]
    pub chat_id: Option<ChatId>,
    pub reason: ReportReason,
    /// Up to 1,000 characters, for staff.
    #[serde(default)]
    pub note: Option<String>,
}

/// What a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ReportSubject {
    Message { id: MessageId },
    User { id: UserId },
    Chat { id: ChatId },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportState {
    Open,
    Resolved,
}

impl ReportState {
    pub fn as_str(self) -> &'static str {
        match self {
            ReportState::Open => "open",
            ReportState::Resolved => "resolved",
        }
    }
}

/// All that was said about one subject until somebody of the staff looked into it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub id: ReportId,
    pub subject: ReportSubject,
    /// Whose doing it is: the sender of a message; nobody's with a chat.
    pub reported_id: Option<UserId>,
    pub state: ReportState,
    pub created_at: Timestamp,
    /// The first twenty, one of each person.
    pub complaints: Vec<Complaint>,
    pub resolution: Option<Resolution>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Complaint {
    pub reporter_id: UserId,
    pub reason: ReportReason,
    pub note: Option<String>,
    pub at: Timestamp,
    /// Left out of lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
}

/// What the reporter saw at that moment, whatever becomes of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Evidence {
    pub message: Option<Message>,
    /// Every text the message had had, oldest first.
    pub edits: Vec<Edit>,
    /// What stands around the message, it included; of a chat, its end. Newest first.
    pub around: Vec<Message>,
    /// The profile of who is reported.
    pub user: Option<User>,
    pub chat: Option<ReportedChat>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportedChat {
    pub id: ChatId,
    pub r#type: ChatType,
    pub title: String,
    pub about: String,
    pub member_count: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportAction {
    /// There is nothing to do.
    Dismiss,
    /// The reported is told `reason`.
    Warn,
    /// The reported is banned for `reason`, `until` then or for good.
    Ban,
    /// All messages of the reported go, in the chat of the report or everywhere.
    Sweep,
}

/// Body of `POST /admin/reports/{id}/resolve`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveReport {
    pub action: ReportAction,
    /// For staff: up to 1,000 characters.
    #[serde(default)]
    pub note: Option<String>,
    /// For the reported, with `warn` and `ban`.
    #[serde(default)]
    pub reason: Option<String>,
    /// Of a ban.
    #[serde(default)]
    pub until: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Resolution {
    pub action: ReportAction,
    pub note: Option<String>,
    /// Null: an operator, by `nexus admin`.
    pub by: Option<UserId>,
    pub at: Timestamp,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReportAnswer {
    pub report: Report,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Reports {
    /// The last filed first.
    pub reports: Vec<Report>,
    pub next_cursor: Option<String>,
}
