//! Accounts that come to their end.

use async_trait::async_trait;
use nexus_protocol::{ChatId, Leavings, MessageId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use super::PortResult;

/// How an account ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeletionRecord {
    pub messages: Leavings,
    pub asked_at: Timestamp,
    pub due_at: Timestamp,
    pub stage: DeletionStage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeletionStage {
    /// It can be taken back.
    Asked,
    /// It can't, and is being carried out.
    Begun,
    /// Nothing of the person is left.
    Done,
}

/// How the record of somebody who is gone calls them; clients say it in their own language.
pub const DELETED_NAME: &str = "Deleted account";

/// The address of an account that is gone: nobody's, and different for each.
pub fn deleted_address(user: UserId) -> String {
    format!("{user}@deleted.invalid")
}

/// Its user name, once its own is free again: nobody can choose one with a dash.
pub fn deleted_name(user: UserId) -> String {
    format!("deleted-{user}")
}

/// A part of a chat, to look for messages of one user in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Writings {
    pub chat: ChatId,
    pub sender: UserId,
    /// `seq` above this.
    pub after: u64,
    /// `seq` up to this.
    pub up_to: u64,
}

#[async_trait]
pub trait DeletionStore: Send + Sync {
    /// False where there is one already, or no such user.
    async fn ask_deletion(&self, user: UserId, asked: &DeletionRecord) -> PortResult<bool>;

    /// False where there is none, or it has begun.
    async fn take_deletion_back(&self, user: UserId) -> PortResult<bool>;

    /// From now on the one that was asked for then can't be taken back. False where it was, or
    /// is done.
    async fn begin_deletion(&self, user: UserId, asked_at: Timestamp) -> PortResult<bool>;

    /// All that is the user's alone goes, what they are called and how they sign in. The record
    /// stays, as one of nobody; so does the user name, until [`DeletionStore::free_name`]. Nobody
    /// adds them to a group any more. Safe to repeat.
    async fn erase_user(&self, user: UserId) -> PortResult<()>;

    /// Others may take the user name of somebody who is gone.
    async fn free_name(&self, user: UserId) -> PortResult<()>;

    /// Chats the user is or was a member of, in order of their ids.
    async fn chats_ever_of(&self, user: UserId) -> PortResult<Vec<ChatId>>;

    /// Texts that are not deleted, in order of `seq`.
    async fn writings(&self, part: &Writings) -> PortResult<Vec<MessageId>>;
}
