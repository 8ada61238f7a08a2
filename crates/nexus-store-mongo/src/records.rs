//! Documents, and the records of the ports that they hold.

use bson::{Binary, DateTime, Uuid};
use nexus_core::ports::{ChatRecord, MemberRecord};
use nexus_protocol::{ChatId, ChatType, HistoryVisible, Permissions, Role, UserId};
use serde::{Deserialize, Serialize};

use crate::columns::{count, date, id, int, time, uuid};

/// In `chats`. Of one that was deleted the shell stays: nothing that was held up meanwhile can bring
/// it back, and the deletion can be told again.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatDocument {
    #[serde(rename = "_id")]
    pub id: Uuid,
    pub r#type: ChatType,
    /// Of a direct chat: both users' ids, the lower first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pair: Option<Binary>,
    pub title: String,
    pub about: String,
    pub created_at: DateTime,
    pub permissions: Permissions,
    #[serde(default)]
    pub slow_mode_secs: i64,
    #[serde(default)]
    pub history_visible: HistoryVisible,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disappear_after_secs: Option<i64>,
    pub member_count: i64,
    pub last_seq: i64,
    /// All of the log up to this is applied.
    pub last_rev: i64,
    pub active_at: DateTime,
    /// Set when there is something new for search.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dirty: Option<i64>,
    /// The log up to this is in search.
    #[serde(default)]
    pub indexed_rev: i64,
    /// Of the last message that is in search.
    #[serde(default)]
    pub indexed_position: i64,
    /// Until then somebody is putting it into search.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indexing_until: Option<DateTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted: Option<Deletion>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Deletion {
    /// The op that did it.
    pub by: Uuid,
    pub at: DateTime,
    /// Who were members.
    pub present: Vec<Uuid>,
}

impl ChatDocument {
    /// As it begins: nobody in it, nothing said.
    pub fn new(chat: &ChatRecord) -> ChatDocument {
        ChatDocument {
            id: id(chat.id.0),
            r#type: chat.r#type,
            pair: None,
            title: chat.title.clone(),
            about: chat.about.clone(),
            created_at: date(chat.created_at),
            permissions: chat.permissions,
            slow_mode_secs: chat.slow_mode_secs.into(),
            history_visible: chat.history_visible,
            disappear_after_secs: chat.disappear_after_secs.map(i64::from),
            member_count: i64::from(chat.member_count),
            last_seq: int(chat.last_seq),
            last_rev: int(chat.last_rev),
            active_at: date(chat.created_at),
            dirty: None,
            indexed_rev: 0,
            indexed_position: 0,
            indexing_until: None,
            deleted: None,
        }
    }

    /// `None` once it is deleted.
    pub fn record(&self) -> Option<ChatRecord> {
        if self.deleted.is_some() {
            return None;
        }
        Some(ChatRecord {
            id: ChatId(uuid(self.id)),
            r#type: self.r#type,
            title: self.title.clone(),
            about: self.about.clone(),
            created_at: time(self.created_at),
            permissions: self.permissions,
            slow_mode_secs: u32::try_from(self.slow_mode_secs).unwrap_or(0),
            history_visible: self.history_visible,
            disappear_after_secs: self.disappear_after_secs.and_then(|secs| secs.try_into().ok()),
            member_count: u32::try_from(self.member_count).unwrap_or(0),
            last_seq: count(self.last_seq),
            last_rev: count(self.last_rev),
        })
    }
}

/// In `members`. It stays when its member leaves, so that what was read before is still known.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MemberDocument {
    pub chat: Uuid,
    pub user: Uuid,
    /// The number in the chat's log that made them what they are in it.
    pub rev: i64,
    pub role: Role,
    pub joined_at: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_at: Option<DateTime>,
    /// `lastSeq` of the chat before they joined (the last time).
    pub joined_seq: i64,
    /// The first `seq` that they may see.
    #[serde(default = "first")]
    pub history_from: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_seq: Option<i64>,
    /// Whether somebody removed them, where they have left.
    #[serde(default)]
    pub removed: bool,
    pub delivered_seq: i64,
    pub read_seq: i64,
    /// When one of the two moved.
    pub moved_at: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub muted_until: Option<DateTime>,
    #[serde(default)]
    pub pinned: bool,
    #[serde(default)]
    pub archived: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread_from: Option<i64>,
}

impl MemberDocument {
    pub fn record(&self) -> MemberRecord {
        MemberRecord {
            user_id: UserId(uuid(self.user)),
            role: self.role,
            joined_at: time(self.joined_at),
            history_from: count(self.history_from),
            delivered_seq: count(self.delivered_seq),
            read_seq: count(self.read_seq),
            muted_until: self.muted_until.map(time),
            pinned: self.pinned,
            archived: self.archived,
            draft: self.draft.clone(),
            unread_from: self.unread_from.map(count),
        }
    }
}

pub fn first() -> i64 {
    1
}
