//! People and their passwords.

use async_trait::async_trait;
use nexus_protocol::{
    AnnouncementId, Ban, ChatId, MessageId, OwnChange, Timestamp, UserChange, UserId, UserRole,
};
use uuid::Uuid;

use super::{DeletionRecord, DeletionStage, PortResult};

#[derive(Clone, Debug, PartialEq)]
pub struct UserRecord {
    pub id: UserId,
    /// Lower case.
    pub email: String,
    pub email_verified: bool,
    /// Lower case.
    pub username: String,
    pub display_name: String,
    pub about: String,
    pub created_at: Timestamp,
    pub last_seen_at: Option<Timestamp>,
    pub role: UserRole,
    /// The last one, unless it was lifted.
    pub ban: Option<Ban>,
    /// Its end, asked for or over.
    pub deletion: Option<DeletionRecord>,
}

impl UserRecord {
    pub fn is_banned(&self, now: Timestamp) -> bool {
        self.ban.as_ref().is_some_and(|ban| ban.holds(now))
    }

    /// Nobody finds them, or sees them there: they are kept out, or about to go.
    pub fn is_away(&self, now: Timestamp) -> bool {
        self.is_banned(now) || self.deletion.is_some()
    }

    /// What is left is the record of nobody, or will be in a moment.
    pub fn is_gone(&self) -> bool {
        self.deletion.is_some_and(|deletion| deletion.stage != DeletionStage::Asked)
    }
}

#[derive(Clone, Debug)]
pub struct NewUser {
    pub user: UserRecord,
    pub password_hash: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserCreation {
    Created,
    EmailTaken,
    UsernameTaken,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Credentials {
    pub user_id: UserId,
    pub password_hash: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ProfileUpdate {
    pub display_name: Option<String>,
    pub about: Option<String>,
}

#[async_trait]
pub trait UserStore: Send + Sync {
    /// Stores the user with credentials, in one atomic step, unless address or name is taken
    /// (both taken: `EmailTaken`), or another has given the name up within
    /// [`super::NAME_HELD`] before.
    async fn create_user(&self, new: &NewUser) -> PortResult<UserCreation>;

    async fn user(&self, id: UserId) -> PortResult<Option<UserRecord>>;

    /// Those that exist, in any order.
    async fn users(&self, ids: &[UserId]) -> PortResult<Vec<UserRecord>>;

    /// By lower-case user name.
    async fn user_named(&self, username: &str) -> PortResult<Option<UserRecord>>;

    /// By lower-case e-mail address or user name.
    async fn credentials(&self, identifier: &str) -> PortResult<Option<Credentials>>;

    /// False when there is no such user.
    async fn set_password(&self, id: UserId, password_hash: &str) -> PortResult<bool>;

    /// Of one user, whatever they are called by now.
    async fn password_hash(&self, id: UserId) -> PortResult<Option<String>>;

    /// Users whose name starts with `query`, or whose display name has a word that starts with each
    /// word of it; ordered by user name, those above `after` only. `query` is folded by
    /// [`crate::search::fold`].
    async fn search_users(
        &self,
        query: &str,
        after: Option<&str>,
        limit: u32,
    ) -> PortResult<Vec<UserRecord>>;

    /// Changes the profile and notes an [`nexus_protocol::OwnChange::Profile`], in one atomic step.
    async fn update_profile(
        &self,
        id: UserId,
        update: &ProfileUpdate,
        at: Timestamp,
    ) -> PortResult<Option<(UserRecord, UserChange)>>;

    /// Never moves backwards.
    async fn set_last_seen(&self, id: UserId, at: Timestamp) -> PortResult<()>;

    /// The number of the user's latest own change; 0 when there was none.
    async fn user_rev(&self, id: UserId) -> PortResult<u64>;

    /// Own changes above `after`, oldest first. A change that a later one of the same kind and
    /// subject has overtaken may be left out.
    async fn user_changes(&self, id: UserId, after: u64, limit: u32)
    -> PortResult<Vec<UserChange>>;
}

/// What a later own change overtakes an earlier one by: its kind and subject.
pub fn place_of(change: &OwnChange) -> (&'static str, Uuid) {
    match change {
        OwnChange::Read { chat_id: ChatId(chat), .. } => ("read", *chat),
        OwnChange::Mute { chat_id: ChatId(chat), .. } => ("mute", *chat),
        OwnChange::Pin { chat_id: ChatId(chat), .. } => ("pin", *chat),
        OwnChange::Archive { chat_id: ChatId(chat), .. } => ("archive", *chat),
        OwnChange::Draft { chat_id: ChatId(chat), .. } => ("draft", *chat),
        OwnChange::Unread { chat_id: ChatId(chat), .. } => ("unread", *chat),
        OwnChange::Star { message_id: MessageId(message), .. } => ("star", *message),
        OwnChange::Hide { message_id: MessageId(message), .. } => ("hide", *message),
        OwnChange::Profile { .. } => ("profile", Uuid::nil()),
        OwnChange::Account { .. } => ("account", Uuid::nil()),
        OwnChange::Username { .. } => ("username", Uuid::nil()),
        OwnChange::Settings(_) => ("settings", Uuid::nil()),
        OwnChange::Dismiss { announcement_id: AnnouncementId(id) } => ("dismiss", *id),
        OwnChange::Role { .. } => ("role", Uuid::nil()),
        OwnChange::Blocks { user_id: UserId(user), .. } => ("blocks", *user),
        OwnChange::Contacts { user_id: UserId(user), .. } => ("contacts", *user),
    }
}
