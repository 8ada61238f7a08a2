//! The durable way from "accepted" to "committed".

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use nexus_protocol::{ChatId, OpId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use super::{PortError, PortResult};
use crate::ops::{Op, Rejection};

/// The lane of a chat: always the same, and chats are spread evenly.
pub fn lane_of(chat: ChatId, lanes: u16) -> u16 {
    let bits = chat.0.as_u128();
    let folded = (bits ^ (bits >> 64)) as u64;
    // The high bits of a product depend on all bits of its factors.
    let mixed = folded.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    (mixed % u64::from(lanes.max(1))) as u16
}

/// An op that is durable in the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pushed {
    /// When the death was that this push has ended: whatever is told of it from now on is no longer
    /// true. `None` for an op that was not among the dead letters.
    pub died_at: Option<Timestamp>,
}

/// One try at an op. Settle it with `ack`, `retry` or `bury`.
#[derive(Clone, Debug)]
pub struct Lease {
    pub op: Arc<Op>,
    /// 1 at the first try.
    pub attempt: u32,
}

/// An op that waits.
#[derive(Clone, Debug, PartialEq)]
pub struct QueuedOp {
    pub op: Arc<Op>,
    /// Tries so far.
    pub attempts: u32,
    pub last_error: Option<String>,
    pub last_tried_at: Option<Timestamp>,
}

/// An op that was given up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeadLetter {
    pub op: Op,
    pub rejection: Rejection,
    pub attempts: u32,
    pub died_at: Timestamp,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct QueueStats {
    /// Ops that are not settled, those being carried out included.
    pub depth: u64,
    /// When the oldest of them was queued.
    pub oldest_at: Option<Timestamp>,
    /// How many of them wait for another try.
    pub retrying: u64,
    pub dead: u64,
}

/// How one lane stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LaneStats {
    pub lane: u16,
    /// The worker that has it now; `None` for a lane that nobody works, and where one process works
    /// them all.
    pub owner: Option<String>,
    /// Ops that are not settled, those being carried out included.
    pub depth: u64,
    /// When the oldest of them was queued.
    pub oldest_at: Option<Timestamp>,
}

/// At least once, in order for each chat. Batches throughout.
///
/// Ops of one chat are handed out one batch at a time: until all ops of a chat that were taken are
/// settled, later ones of that chat wait, while those of other chats go on.
#[async_trait]
pub trait Queue: Send + Sync {
    /// How many lanes there are; a chat is always on the same one.
    fn lanes(&self) -> u16;

    /// How many lanes this process works at the moment.
    fn lanes_owned(&self) -> u16 {
        self.lanes()
    }

    /// Answers each op, in the order of the call. One that is pushed is durable; order within the
    /// call and between calls is kept for each chat.
    ///
    /// A call can be taken in part. Of each chat a beginning is taken: after an op that is not, no
    /// later one of its chat is. Chats are apart: one may be taken whole where another is not. An
    /// error says that the op may not be there, not that it isn't: to be pushed again, which is
    /// harmless.
    ///
    /// An op whose id waits already is not added again. One whose id is among the dead letters
    /// leaves them and waits again, at the end.
    async fn push(&self, ops: Vec<Op>) -> Vec<PortResult<Pushed>>;

    /// The same for one op.
    async fn push_one(&self, op: Op) -> PortResult<Pushed> {
        let unanswered = || Err(PortError::new("push an op", "there was no answer"));
        self.push(vec![op]).await.pop().unwrap_or_else(unanswered)
    }

    /// Takes up to `max` ops of the lane, those of a chat in their order; waits until there is one,
    /// and, where lanes are shared out among processes, until this one has the lane. May be dropped
    /// while it waits: nothing is taken then.
    ///
    /// A lane can be lost while its ops are carried out. Settling them is an error then, and does
    /// nothing: whoever has the lane now carries them out again.
    async fn take(&self, lane: u16, max: usize) -> PortResult<Vec<Lease>>;

    /// These are done.
    async fn ack(&self, lane: u16, ops: &[OpId]) -> PortResult<()>;

    /// Another try after this time; until then, and until it is done, its chat waits. Ops of the
    /// same chat taken along with it must be settled by `release`.
    async fn retry(&self, lane: u16, op: OpId, after: Duration, error: &str) -> PortResult<()>;

    /// Puts back ops that were taken and not tried, in their old place.
    async fn release(&self, lane: u16, ops: &[OpId]) -> PortResult<()>;

    /// Moves the op to the dead letters, durably. Answers its time of death; `None` when it does not
    /// wait here. After an error it is handed out again only if it is not dead.
    async fn bury(
        &self,
        lane: u16,
        op: OpId,
        rejection: &Rejection,
    ) -> PortResult<Option<Timestamp>>;

    /// An op that waits or is being carried out.
    async fn queued(&self, op: OpId) -> PortResult<Option<QueuedOp>>;

    async fn stats(&self) -> PortResult<QueueStats>;

    /// All lanes, in their order.
    async fn lane_stats(&self) -> PortResult<Vec<LaneStats>>;

    /// Newest first, those that died before `before` only. No two have the same time of death.
    async fn dead_letters(
        &self,
        before: Option<Timestamp>,
        limit: u32,
    ) -> PortResult<Vec<DeadLetter>>;

    /// One actor's, newest first.
    async fn dead_letters_of(&self, actor: UserId, limit: u32) -> PortResult<Vec<DeadLetter>>;

    async fn dead_letter(&self, op: OpId) -> PortResult<Option<DeadLetter>>;

    /// Puts a dead letter back at the end of its chat's line; false when there is none.
    async fn replay(&self, op: OpId) -> PortResult<bool>;

    /// Deletes a dead letter for good; false when there is none.
    async fn discard(&self, op: OpId) -> PortResult<bool>;

    /// Takes in what other processes have put back, where that does not come by itself. To be
    /// called every second or so.
    async fn refresh(&self) -> PortResult<()> {
        Ok(())
    }

    /// Gives up its lanes, so that others may take them at once. Nothing is taken after it.
    async fn close(&self) {}
}
