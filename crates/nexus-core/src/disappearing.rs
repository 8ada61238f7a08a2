//! Messages that disappear: when, and who takes away what they said.
//!
//! Past its time a message is a tombstone for everybody who reads, see [`StoredMessage::as_of`]. What
//! is stored of it goes a moment later, by an op on its chat's lane.

use std::ops::RangeInclusive;

use nexus_protocol::{ChatId, ChatType, OpId, Timestamp, UserId};

use crate::{
    Core, Result, bonds,
    chats::EDIT,
    members,
    messages::derived_id,
    ops::{NOBODY, Op, OpKind},
    ports::{Due, StoredMessage},
    validate::Findings,
};

/// How many are looked up at once, and how often in a row: others have their turn in between.
const PORTION: u32 = 500;
const PORTIONS: usize = 20;

impl StoredMessage {
    /// As it is at `now`. Of what has disappeared a tombstone is left, dated by when that was; of a
    /// quote of such, who said it.
    #[must_use]
    pub fn as_of(mut self, now: Timestamp) -> StoredMessage {
        if self.has_expired(now) {
            self.reactors.clear();
        }
        self.message.expire(now);
        self
    }

    /// Whether its time is over, and it is not a tombstone for good.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.message.deleted_at.is_none() && self.message.expires_at.is_some_and(|at| at <= now)
    }

    /// When the next of what it holds disappears.
    pub fn due_at(&self) -> Option<Timestamp> {
        if self.message.deleted_at.is_some() {
            return None;
        }
        let quoted = self.message.reply_to.as_ref().filter(|quoted| !quoted.preview.is_empty());
        let quoted = quoted.and_then(|quoted| quoted.expires_at);
        self.message.expires_at.into_iter().chain(quoted).min()
    }
}

/// Notes what is wrong with a wish.
pub fn check(bounds: &RangeInclusive<u32>, secs: Option<Option<u32>>, findings: &mut Findings) {
    if secs.flatten().is_some_and(|secs| !bounds.contains(&secs)) {
        let why = format!("must be null, or {} to {}", bounds.start(), bounds.end());
        findings.note("disappearAfterSecs", &why, None);
    }
}

/// In a group it is part of its info. Of two of whom one blocks the other, neither says it.
pub async fn require_right(core: &Core, chat: ChatId, user: UserId) -> Result<()> {
    let members = members::require_member(core, chat, user).await?;
    if members.r#type == ChatType::Direct {
        return bonds::require_open(core, user, &members).await;
    }
    members::require_right(core, chat, user, |may| may.edit_info, EDIT).await.map(|_| ())
}

/// Has what has disappeared taken out of the store; answers of how many messages. All workers do so:
/// the ops are the same, and done once.
pub async fn sweep(core: &Core) -> Result<usize> {
    let (now, mut after, mut swept) = (core.clock.now(), None, 0);
    for _ in 0..PORTIONS {
        let due = core.store.due(now, after, PORTION).await?;
        swept += due.len();
        after = due.last().copied();
        let is_all = due.len() < PORTION as usize;
        let ops = due.into_iter().map(|due| expiry(due, now)).collect();
        for pushed in core.queue.push(ops).await {
            pushed?;
        }
        if is_all {
            break;
        }
    }
    Ok(swept)
}

/// The same op whoever makes it.
pub fn expiry(due: Due, now: Timestamp) -> Op {
    let time = due.at.0.to_be_bytes();
    Op {
        id: OpId(derived_id(&[due.message.0.as_bytes(), &time, b"expiry"], time.last_chunk())),
        chat: due.chat,
        actor: NOBODY,
        queued_at: now,
        awaited: false,
        kind: OpKind::Expire { message: due.message, before: None },
    }
}
