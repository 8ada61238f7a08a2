//! What this process remembers of chats between batches. It may be stale without harm: whoever
//! relies on it meets a number that is taken.

use std::collections::HashMap;

use bson::Timestamp as ClusterTime;
use nexus_core::ports::ChatRecord;
use nexus_protocol::{ChatId, Role, Timestamp, UserId};
use parking_lot::Mutex;

use crate::staff::Bans;

/// At most twice as many chats are remembered.
const GENERATION: usize = 10_000;

/// A chat with all of its log applied.
pub struct Known {
    pub record: ChatRecord,
    /// Of some members.
    pub roles: HashMap<UserId, Role>,
}

#[derive(Default)]
pub struct Memory {
    chats: Mutex<Generations>,
    /// The latest moment of the database that this process has seen: reads must not be of an
    /// earlier one, also when another member has become primary.
    seen: Mutex<Option<ClusterTime>>,
    bans: Mutex<Option<(Timestamp, Bans)>>,
}

/// Chats in use go on from generation to generation; the others go with the old one.
#[derive(Default)]
struct Generations {
    young: HashMap<ChatId, Known>,
    old: HashMap<ChatId, Known>,
}

impl Memory {
    /// Whoever takes a chat puts it back when all went well.
    pub fn take(&self, chat: ChatId) -> Option<Known> {
        let mut chats = self.chats.lock();
        let old = chats.old.remove(&chat);
        chats.young.remove(&chat).or(old)
    }

    pub fn put(&self, known: Known) {
        let mut chats = self.chats.lock();
        if chats.young.len() >= GENERATION {
            chats.old = std::mem::take(&mut chats.young);
        }
        chats.young.insert(known.record.id, known);
    }

    /// Who was banned at a time between the two.
    pub fn bans_since(&self, since: Timestamp, now: Timestamp) -> Option<Bans> {
        let bans = self.bans.lock();
        let (_, bans) = bans.as_ref().filter(|(at, _)| (since..=now).contains(at))?;
        Some(bans.clone())
    }

    pub fn put_bans(&self, at: Timestamp, bans: Bans) {
        *self.bans.lock() = Some((at, bans));
    }

    pub fn forget_bans(&self) {
        *self.bans.lock() = None;
    }

    pub fn seen(&self) -> Option<ClusterTime> {
        *self.seen.lock()
    }

    pub fn see(&self, time: Option<ClusterTime>) {
        let mut seen = self.seen.lock();
        *seen = (*seen).max(time);
    }
}
