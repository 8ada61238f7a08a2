//! Links by which people come into a group by themselves.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Avatar, Chat, ChatId, Timestamp, User, UserId};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateInvite {
    /// So many people may come in by it, 1 to 100,000; without it there is no limit but the group's.
    #[serde(default)]
    pub max_uses: Option<u32>,
    /// A minute to a year; without it the link does not expire.
    #[serde(default)]
    pub expires_in_secs: Option<u64>,
    /// Whoever opens it asks, and somebody who may add members decides.
    #[serde(default)]
    pub requires_approval: bool,
}

/// An invitation as those see it who may add members. It is good for as long as who made it is such
/// a member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Invite {
    /// The link is `/join/{code}` at the server's public address.
    pub code: String,
    pub created_by: UserId,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub max_uses: Option<u32>,
    /// How many have come in by it.
    pub uses: u32,
    pub uses_left: Option<u32>,
    pub requires_approval: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InviteAnswer {
    pub invite: Invite,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Invites {
    /// The latest first.
    pub invites: Vec<Invite>,
}

/// A group as somebody sees it who holds an invitation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitePreview {
    pub title: String,
    pub about: String,
    pub avatar: Option<Avatar>,
    pub member_count: u32,
    pub requires_approval: bool,
    /// For who is a member already.
    pub chat_id: Option<ChatId>,
    /// Whether who looks has asked to be let in, and waits.
    pub asked: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InvitePreviewAnswer {
    pub invite: InvitePreview,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum JoinStatus {
    Joined,
    /// `join:decided` tells how it ends.
    Requested,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct JoinAnswer {
    pub status: JoinStatus,
    /// Once joined.
    pub chat: Option<Chat>,
}

/// Somebody who waits to be let in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JoinRequest {
    pub user: User,
    pub asked_at: Timestamp,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JoinRequests {
    pub requests: Vec<JoinRequest>,
    pub next_cursor: Option<String>,
}

/// Body of `join:requested`, to those who may add members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JoinRequested {
    pub chat_id: ChatId,
    pub user_id: UserId,
}

/// Body of `join:decided`, to who asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JoinDecided {
    pub chat_id: ChatId,
    pub approved: bool,
}
