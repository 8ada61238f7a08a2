//! The log of what staff did and of what touched the safety of accounts.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Timestamp, UserId};

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AuditActor {
    User {
        id: UserId,
    },
    /// Whoever ran `nexus admin` on the server's machine.
    Operator,
    /// The server by itself.
    Server,
}

impl AuditActor {
    pub fn user(self) -> Option<UserId> {
        match self {
            AuditActor::User { id } => Some(id),
            AuditActor::Operator | AuditActor::Server => None,
        }
    }
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuditAction {
    RoleChanged,
    UserBanned,
    BanLifted,
    PasswordChanged,
    EmailChanged,
    UsernameChanged,
    TotpChanged,
    PasskeyChanged,
    SignInLinked,
    SignInUnlinked,
    SessionsEnded,
    SessionStolen,
    AccountDeleted,
    ReportRead,
    ReportResolved,
    SweepStarted,
    SweepEnded,
    AnnouncementMade,
    AnnouncementWithdrawn,
    DeadLetterRead,
    DeadLetterReplayed,
    DeadLetterDiscarded,
    JobReplayed,
    JobDiscarded,
    SuppressionLifted,
    KeyRotated,
    KeysPruned,
    AuditExported,
    /// What is older than it may be was taken away; `auditUpTo` and `auditHash` name the last entry
    /// of this log that was.
    RetentionApplied,
}

impl AuditAction {
    pub fn as_str(self) -> &'static str {
        match self {
            AuditAction::RoleChanged => "role_changed",
            AuditAction::UserBanned => "user_banned",
            AuditAction::BanLifted => "ban_lifted",
            AuditAction::PasswordChanged => "password_changed",
            AuditAction::EmailChanged => "email_changed",
            AuditAction::UsernameChanged => "username_changed",
            AuditAction::TotpChanged => "totp_changed",
            AuditAction::PasskeyChanged => "passkey_changed",
            AuditAction::SignInLinked => "sign_in_linked",
            AuditAction::SignInUnlinked => "sign_in_unlinked",
            AuditAction::SessionsEnded => "sessions_ended",
            AuditAction::SessionStolen => "session_stolen",
            AuditAction::AccountDeleted => "account_deleted",
            AuditAction::ReportRead => "report_read",
            AuditAction::ReportResolved => "report_resolved",
            AuditAction::SweepStarted => "sweep_started",
            AuditAction::SweepEnded => "sweep_ended",
            AuditAction::AnnouncementMade => "announcement_made",
            AuditAction::AnnouncementWithdrawn => "announcement_withdrawn",
            AuditAction::DeadLetterRead => "dead_letter_read",
            AuditAction::DeadLetterReplayed => "dead_letter_replayed",
            AuditAction::DeadLetterDiscarded => "dead_letter_discarded",
            AuditAction::JobReplayed => "job_replayed",
            AuditAction::JobDiscarded => "job_discarded",
            AuditAction::SuppressionLifted => "suppression_lifted",
            AuditAction::KeyRotated => "key_rotated",
            AuditAction::KeysPruned => "keys_pruned",
            AuditAction::AuditExported => "audit_exported",
            AuditAction::RetentionApplied => "retention_applied",
        }
    }
}

/// What it was done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditTarget {
    pub kind: AuditSubject,
    pub id: Uuid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuditSubject {
    User,
    Chat,
    Message,
    Report,
    Sweep,
    Announcement,
    DeadLetter,
    Job,
}

impl AuditTarget {
    pub fn user(id: UserId) -> AuditTarget {
        AuditTarget { kind: AuditSubject::User, id: id.0 }
    }

    pub fn new(kind: AuditSubject, id: Uuid) -> AuditTarget {
        AuditTarget { kind, id }
    }
}

/// One entry. `hash` is the SHA-256 of `previous` and the other fields in their canonical form: JSON
/// with its keys in order and no spaces.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AuditEntry {
    /// 1, 2, 3 … without gaps.
    pub number: u64,
    pub at: Timestamp,
    pub actor: AuditActor,
    pub action: AuditAction,
    pub target: Option<AuditTarget>,
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
    /// `hash` of the entry before; 64 zeros for the first.
    pub previous: String,
    pub hash: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntries {
    /// The newest first.
    pub entries: Vec<AuditEntry>,
    pub next_cursor: Option<String>,
}
