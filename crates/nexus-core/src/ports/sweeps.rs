//! What a sweep goes through, and how far it has come.

use async_trait::async_trait;
use nexus_protocol::{ChatId, MessageId, Sweep, SweepId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use super::PortResult;

/// A sweep on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweepRecord {
    pub id: SweepId,
    pub sweep: Sweep,
    /// All before this is done: chats in order of their ids, messages by `seq`.
    pub reached: Option<(ChatId, u64)>,
    /// When all chats had been gone through once; now they are a second time.
    #[serde(default)]
    pub passed_at: Option<Timestamp>,
}

/// A part of a chat, to look for messages of one user in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    pub chat: ChatId,
    pub sender: UserId,
    /// `seq` above this.
    pub after: u64,
    /// `seq` up to this.
    pub up_to: u64,
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
}

#[async_trait]
pub trait SweepStore: Send + Sync {
    /// In place of what was saved before under this id.
    async fn save_sweep(&self, sweep: &SweepRecord) -> PortResult<()>;

    async fn sweep(&self, id: SweepId) -> PortResult<Option<SweepRecord>>;

    /// Below the id `before`, the last started first.
    async fn sweeps(&self, before: Option<SweepId>, limit: u32) -> PortResult<Vec<SweepRecord>>;

    /// Texts of the stretch that are not deleted, in order of `seq`.
    async fn texts_of(&self, stretch: &Stretch) -> PortResult<Vec<MessageId>>;
}
