//! Two states side by side: one lived through events, one freshly fetched.

use std::collections::BTreeSet;

use nexus_protocol::{Chat, MessageId};

use super::{ClientState, OwnChat};

impl ClientState {
    /// Where the two differ, in words; empty when they are equal in all that both speak of. Old
    /// messages that one side has not loaded are no difference.
    pub fn differences(&self, fresh: &ClientState) -> Vec<String> {
        let mut found = Vec::new();
        if self.user_rev != fresh.user_rev {
            found.push(format!("userRev {} against {}", self.user_rev, fresh.user_rev));
        }
        let here = self.undeleted();
        let ours: BTreeSet<_> = self.starred.intersection(&here).collect();
        let theirs: BTreeSet<_> = fresh.starred.intersection(&here).collect();
        if ours != theirs {
            found.push(format!("starred {ours:?} against {theirs:?}"));
        }
        for id in self.chats.keys().filter(|id| !fresh.chats.contains_key(*id)) {
            found.push(format!("chat {id} should be gone"));
        }
        for (id, theirs) in &fresh.chats {
            match self.chats.get(id) {
                None => found.push(format!("chat {id} is missing")),
                Some(ours) => {
                    let differences = ours.differences(theirs);
                    found.extend(differences.into_iter().map(|text| format!("chat {id}: {text}")));
                }
            }
        }
        found
    }

    /// The messages here that a star can be seen on: the mark itself outlives its message and the
    /// user's membership, a fetched list holds only what can be seen.
    fn undeleted(&self) -> BTreeSet<MessageId> {
        let messages = self.chats.values().flat_map(|own| own.messages.values());
        messages.filter(|message| message.deleted_at.is_none()).map(|message| message.id).collect()
    }
}

impl OwnChat {
    fn differences(&self, fresh: &OwnChat) -> Vec<String> {
        let mut found = Vec::new();
        if self.rev != fresh.rev {
            found.push(format!("rev {} against {}", self.rev, fresh.rev));
        }
        let floor = self.floor.max(fresh.floor);
        let (ours, theirs) = (self.comparable(floor), fresh.comparable(floor));
        if ours != theirs {
            found.push(format!("{ours:?} against {theirs:?}"));
        }
        let ours: Vec<_> = self.messages.range(floor..).map(|(_, message)| message).collect();
        let theirs: Vec<_> = fresh.messages.range(floor..).map(|(_, message)| message).collect();
        if ours.len() != theirs.len() {
            found.push(format!("{} messages against {}", ours.len(), theirs.len()));
        } else if let Some((ours, theirs)) = ours.iter().zip(theirs).find(|(a, b)| **a != *b) {
            found.push(format!("{ours:?} against {theirs:?}"));
        }
        for (user, theirs) in &fresh.receipts {
            let ours = self.receipts.get(user).copied().unwrap_or_default();
            if ours != *theirs {
                found.push(format!("receipts of {user} {ours:?} against {theirs:?}"));
            }
        }
        found
    }

    /// `unread` is the server's to say where the messages here do not reach down to it.
    fn comparable(&self, floor: u64) -> Chat {
        let mut chat = self.chat.clone();
        if floor > chat.me.read_seq + 1 {
            chat.me.unread = 0;
            chat.me.mentions = 0;
        }
        chat
    }
}
