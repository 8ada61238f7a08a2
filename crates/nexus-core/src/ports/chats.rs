//! Conversations, their members, and each member's own view of them.

use async_trait::async_trait;
use nexus_protocol::{
    ChatId, ChatType, HistoryVisible, OwnChange, Permissions, Receipt, Role, Timestamp,
    UpdateChatMe, UserChange, UserId,
};
use serde::{Deserialize, Serialize};

use super::{PortResult, StoredMessage, UserRecord};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChatRecord {
    pub id: ChatId,
    pub r#type: ChatType,
    pub title: String,
    pub about: String,
    pub created_at: Timestamp,
    pub permissions: Permissions,
    pub slow_mode_secs: u32,
    pub history_visible: HistoryVisible,
    pub disappear_after_secs: Option<u32>,
    pub member_count: u32,
    pub last_seq: u64,
    pub last_rev: u64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct MemberRecord {
    pub user_id: UserId,
    pub role: Role,
    pub joined_at: Timestamp,
    /// The first `seq` they may see.
    pub history_from: u64,
    pub delivered_seq: u64,
    pub read_seq: u64,
    pub muted_until: Option<Timestamp>,
    pub pinned: bool,
    pub archived: bool,
    pub draft: Option<String>,
    pub unread_from: Option<u64>,
}

impl MemberRecord {
    /// Carries out what the patch really changes, and answers those changes.
    pub fn take_over(&mut self, chat_id: ChatId, patch: UpdateChatMe) -> Vec<OwnChange> {
        let mut changes = Vec::new();
        if let Some(muted_until) = differs(&mut self.muted_until, patch.muted_until) {
            changes.push(OwnChange::Mute { chat_id, muted_until });
        }
        if let Some(pinned) = differs(&mut self.pinned, patch.pinned) {
            changes.push(OwnChange::Pin { chat_id, pinned });
        }
        if let Some(archived) = differs(&mut self.archived, patch.archived) {
            changes.push(OwnChange::Archive { chat_id, archived });
        }
        if let Some(draft) = differs(&mut self.draft, patch.draft) {
            changes.push(OwnChange::Draft { chat_id, draft });
        }
        if let Some(unread_from) = differs(&mut self.unread_from, patch.unread_from) {
            changes.push(OwnChange::Unread { chat_id, unread_from });
        }
        changes
    }
}

/// Takes the wish over and answers it if it changes anything.
fn differs<T: PartialEq + Clone>(now: &mut T, wish: Option<T>) -> Option<T> {
    let wish = wish.filter(|wish| wish != now)?;
    now.clone_from(&wish);
    Some(wish)
}

/// A chat as one member sees it, read in one consistent step.
#[derive(Clone, Debug, PartialEq)]
pub struct ChatView {
    pub chat: ChatRecord,
    pub me: MemberRecord,
    /// Counted, never kept: messages above `read_seq` by others, neither deleted nor system nor
    /// hidden by this member.
    pub unread: u64,
    /// How many of the unread mention this member.
    pub mentions: u64,
    /// The newest message this member has not hidden.
    pub last_message: Option<StoredMessage>,
    /// In a direct chat: the other one.
    pub peer: Option<UserRecord>,
    /// Of all members; empty above [`nexus_protocol::MAX_RECEIPT_MEMBERS`].
    pub receipts: Vec<Receipt>,
}

/// Where a chat list goes on: last activity and id of the last chat seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatCursor {
    pub active_at: Timestamp,
    pub id: ChatId,
}

#[derive(Clone, Debug, PartialEq)]
pub struct NewDirectChat {
    pub id: ChatId,
    pub creator: UserId,
    pub peer: UserId,
    pub permissions: Permissions,
    pub at: Timestamp,
}

/// Groups are created, changed and left by ops through [`super::MessageStore::commit`].
#[async_trait]
pub trait ChatStore: Send + Sync {
    /// Stores a direct chat unless the two have one; answers its id and whether it is new.
    /// Of two calls at once, one creates.
    async fn create_direct(&self, new: &NewDirectChat) -> PortResult<(ChatId, bool)>;

    /// The direct chat of the two, if there is one.
    async fn direct_chat(&self, one: UserId, other: UserId) -> PortResult<Option<ChatId>>;

    async fn chat(&self, id: ChatId) -> PortResult<Option<ChatRecord>>;

    /// `None` when the user is no member (any more), or there is no such chat.
    async fn role(&self, chat: ChatId, user: UserId) -> PortResult<Option<Role>>;

    /// All present members.
    async fn roles(&self, chat: ChatId) -> PortResult<Vec<(UserId, Role)>>;

    /// Present members who don't see the chat from its beginning: the first `seq` that they do.
    async fn latecomers(&self, chat: ChatId) -> PortResult<Vec<(UserId, u64)>>;

    /// Present members by user id, those above `after` only.
    async fn members(
        &self,
        chat: ChatId,
        after: Option<UserId>,
        limit: u32,
    ) -> PortResult<Vec<(UserRecord, MemberRecord)>>;

    /// Every chat the user is a member of, with its `last_rev`.
    async fn chat_revs(&self, user: UserId) -> PortResult<Vec<(ChatId, u64)>>;

    /// Every chat of each of these users, in any order. Asked for everybody who is connected, when
    /// the bus has lost something: a backend that is far away answers in one go.
    async fn memberships(&self, users: &[UserId]) -> PortResult<Vec<(UserId, ChatId)>> {
        let mut found = Vec::new();
        for user in users {
            found.extend(self.chat_revs(*user).await?.into_iter().map(|(chat, _)| (*user, chat)));
        }
        Ok(found)
    }

    /// Those of `chats` that the user is a member of, as they see them.
    async fn chat_views(&self, user: UserId, chats: &[ChatId]) -> PortResult<Vec<ChatView>>;

    /// The user's chats by last activity, newest first; with each one's cursor.
    async fn chat_list(
        &self,
        user: UserId,
        after: Option<ChatCursor>,
        limit: u32,
    ) -> PortResult<Vec<(ChatCursor, ChatView)>>;

    /// Applies what the patch names, and notes one own change for each thing that really changed.
    /// `None` when the user is no member.
    async fn update_chat_me(
        &self,
        user: UserId,
        chat: ChatId,
        patch: &UpdateChatMe,
        at: Timestamp,
    ) -> PortResult<Option<Vec<UserChange>>>;
}
