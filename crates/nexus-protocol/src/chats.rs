//! Conversations and their members.

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::{Avatar, ChatId, Message, Receipt, Timestamp, User, UserId};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChatType {
    Direct,
    Group,
}

/// What a member may do, in rising order.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Member,
    Admin,
    Owner,
}

/// The least role that may do each thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Permissions {
    pub send: Role,
    pub add_members: Role,
    pub edit_info: Role,
    pub pin: Role,
}

impl Permissions {
    /// With what the change names.
    pub fn with(self, change: PermissionsChange) -> Permissions {
        Permissions {
            send: change.send.unwrap_or(self.send),
            add_members: change.add_members.unwrap_or(self.add_members),
            edit_info: change.edit_info.unwrap_or(self.edit_info),
            pin: change.pin.unwrap_or(self.pin),
        }
    }
}

/// What is left out stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PermissionsChange {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send: Option<Role>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub add_members: Option<Role>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edit_info: Option<Role>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<Role>,
}

/// How much of a group those see who join it. It says nothing about those who are in it already:
/// what they could see they still can, and what they could not stays away from them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum HistoryVisible {
    #[default]
    All,
    /// What comes after their joining, which itself is the first they see.
    SinceJoining,
}

/// A chat as the caller sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Chat {
    pub id: ChatId,
    pub r#type: ChatType,
    /// Empty in a direct chat: show the peer's name.
    pub title: String,
    pub about: String,
    pub avatar: Option<Avatar>,
    pub created_at: Timestamp,
    pub member_count: u32,
    pub permissions: Permissions,
    /// Members wait this long between two messages of theirs, admins don't; 0: nobody does.
    pub slow_mode_secs: u32,
    pub history_visible: HistoryVisible,
    /// Messages disappear this long after they got their place, those that come while it is set;
    /// null: they stay.
    pub disappear_after_secs: Option<u32>,
    /// How many messages the chat has had: the `seq` of its last.
    pub last_seq: u64,
    /// How many changes the chat has had: the `rev` of its last.
    pub last_rev: u64,
    pub last_message: Option<Message>,
    /// The other one, in a direct chat.
    pub peer: Option<User>,
    pub me: ChatMe,
    /// Watermarks of all members; empty above 256 members.
    pub receipts: Vec<Receipt>,
}

/// The caller's own part in a chat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChatMe {
    pub role: Role,
    /// The first `seq` that the caller may see: above 1 for who joined a group whose history is
    /// visible from joining on. Below it there is nothing, and changes there take a `rev` that the
    /// caller learns of by `sync` alone.
    pub history_from: u64,
    pub read_seq: u64,
    /// Messages of others above `readSeq` that are neither deleted nor `system`.
    pub unread: u64,
    /// How many of the unread mention the caller.
    pub mentions: u64,
    pub muted_until: Option<Timestamp>,
    pub pinned: bool,
    pub archived: bool,
    pub draft: Option<String>,
    /// Set while the user has marked the chat unread from this `seq` on.
    pub unread_from: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    pub user: User,
    pub role: Role,
    pub joined_at: Timestamp,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ChatAnswer {
    pub chat: Chat,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Chats {
    pub chats: Vec<Chat>,
    pub next_cursor: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Members {
    pub members: Vec<Member>,
    pub next_cursor: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateChat {
    pub r#type: ChatType,
    /// The others; the caller is a member anyway. Exactly one for a direct chat.
    pub member_ids: Vec<UserId>,
    /// Needed for a group.
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub about: Option<String>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateChat {
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub about: Option<String>,
    /// For admins; to give a right to the owner alone, or take it back from there, for the owner.
    #[serde(default)]
    pub permissions: Option<PermissionsChange>,
    /// For admins: 0, or 5 to 3,600.
    #[serde(default)]
    pub slow_mode_secs: Option<u32>,
    /// For admins.
    #[serde(default)]
    pub history_visible: Option<HistoryVisible>,
    /// For those who may edit the info of a group, and for both in a direct chat: an hour to 90 days,
    /// unless the server has other bounds; null: messages stay.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u32>)]
    pub disappear_after_secs: Option<Option<u32>>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddMembers {
    pub user_ids: Vec<UserId>,
}

/// `owner` hands the chat over; the caller becomes an admin.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeRole {
    pub role: Role,
}

/// A field that is left out stays; one that is `null` is cleared.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateChatMe {
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Timestamp>)]
    pub muted_until: Option<Option<Timestamp>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pinned: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub draft: Option<Option<String>>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    pub unread_from: Option<Option<u64>>,
}

/// Tells `null` (`Some(None)`) from a field that is not there (`None`, by `default`).
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

/// Why a chat left the caller's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RemovalReason {
    Left,
    Removed,
    Deleted,
}

/// Body of `chat:removed`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChatRemoved {
    pub chat_id: ChatId,
    pub reason: RemovalReason,
}
