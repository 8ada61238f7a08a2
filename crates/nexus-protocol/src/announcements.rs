//! What staff have to say to everybody.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AnnouncementId, Timestamp, UserId};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnnouncementLevel {
    Info,
    Warning,
    Critical,
}

/// As users see it, and the body of `announcement:new`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Announcement {
    pub id: AnnouncementId,
    /// The same Markdown as in messages.
    pub content: String,
    pub level: AnnouncementLevel,
    pub created_at: Timestamp,
    /// Null: until it is withdrawn.
    pub until: Option<Timestamp>,
    /// Whether the user has put it away; on any device.
    pub dismissed: bool,
}

/// As staff see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnnouncementRecord {
    pub id: AnnouncementId,
    pub content: String,
    pub level: AnnouncementLevel,
    /// Null: an operator, by `nexus admin`.
    pub by: Option<UserId>,
    /// Null: for everybody.
    pub to: Option<UserId>,
    pub created_at: Timestamp,
    pub until: Option<Timestamp>,
    pub withdrawn_at: Option<Timestamp>,
}

impl AnnouncementRecord {
    pub fn holds(&self, now: Timestamp) -> bool {
        self.withdrawn_at.is_none() && self.until.is_none_or(|until| until > now)
    }

    pub fn show(self, dismissed: bool) -> Announcement {
        Announcement {
            id: self.id,
            content: self.content,
            level: self.level,
            created_at: self.created_at,
            until: self.until,
            dismissed,
        }
    }
}

/// Body of `POST /admin/announcements`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeAnnouncement {
    /// 1 to 4,000 characters.
    pub content: String,
    pub level: AnnouncementLevel,
    /// Left out: until it is withdrawn.
    #[serde(default)]
    pub until: Option<Timestamp>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Announcements {
    /// Those that hold now, the newest first.
    pub announcements: Vec<Announcement>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AnnouncementAnswer {
    pub announcement: AnnouncementRecord,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AllAnnouncements {
    /// The newest first, those withdrawn or over included.
    pub announcements: Vec<AnnouncementRecord>,
    pub next_cursor: Option<String>,
}

/// Body of `announcement:withdrawn`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AnnouncementWithdrawn {
    pub id: AnnouncementId,
}
