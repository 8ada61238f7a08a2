//! What each client did and saw, and the checker that holds the server to it afterwards.

mod check;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, HashSet},
    fmt,
};

use nexus_protocol::{ChatId, Message, UserId};

pub use check::check;

/// Append-only log of one client. Entries of one chat are in the order in which they happened.
#[derive(Clone, Debug)]
pub struct Journal {
    pub user: UserId,
    pub entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// The user wrote it; repeats of a resending outbox are not logged.
    Sent { chat: ChatId, client_id: String },
    /// The server said `queued` or `sent`. After a failure this is another life.
    Acked { chat: ChatId, client_id: String },
    /// `msg:failed`, or a refusal that no repeat will change.
    Failed { chat: ChatId, client_id: String },
    /// It came, live or by `sync`, and was put on the screen.
    Seen(Seen),
    /// `sync` gave the newest messages instead of all: those below `from` are not shown.
    Skipped { chat: ChatId, from: u64 },
    /// No longer a member, and the chat is off the screen.
    Left { chat: ChatId },
}

/// A message as a client or a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub chat: ChatId,
    pub seq: u64,
    pub sender: UserId,
    pub client_id: String,
    /// Written by the server: `Sent` by nobody.
    pub system: bool,
    /// Counts as unread for those who did not write it.
    pub countable: bool,
}

/// A chat as the server lists it to one of its members, after all is quiet.
#[derive(Clone, Debug)]
pub struct ServerList {
    pub viewer: UserId,
    pub chat: ChatId,
    /// Who is a member now; the list's reader among them.
    pub members: HashSet<UserId>,
    /// In the order of the list.
    pub messages: Vec<Seen>,
    pub read_seq: u64,
    pub unread: u64,
}

/// Everything that broke a promise, by promise. Empty is good.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// How much was looked at: an empty run proves nothing.
    pub sent: usize,
    pub acked: usize,
    pub listed: usize,
    /// Acknowledged, and missing from a member's list.
    pub acked_lost: Vec<String>,
    /// In one list, or on one screen, more than once.
    pub doubled: Vec<String>,
    /// A `seq` that is missing or out of place.
    pub holes: Vec<String>,
    /// Committed in another order than sent.
    pub inversions: Vec<String>,
    pub unread_wrong: Vec<String>,
    /// Shown to one who is no member, or written by nobody.
    pub foreign: Vec<String>,
    /// Acknowledged, and neither committed nor failed; or both.
    pub unsettled: Vec<String>,
    /// A screen or a list that differs from the other members'.
    pub differing: Vec<String>,
}

impl Seen {
    pub fn of(message: &Message) -> Seen {
        let system = message.system.is_some();
        Seen {
            chat: message.chat_id,
            seq: message.seq,
            sender: message.sender_id,
            client_id: message.client_id.clone(),
            system,
            countable: !system && message.deleted_at.is_none(),
        }
    }
}

impl Journal {
    pub fn new(user: UserId) -> Journal {
        Journal { user, entries: Vec::new() }
    }

    pub fn sent(&mut self, chat: ChatId, client_id: &str) {
        self.entries.push(Entry::Sent { chat, client_id: client_id.to_owned() });
    }

    pub fn acked(&mut self, chat: ChatId, client_id: &str) {
        self.entries.push(Entry::Acked { chat, client_id: client_id.to_owned() });
    }

    pub fn has_acked(&self, chat: ChatId, client_id: &str) -> bool {
        let acked = Entry::Acked { chat, client_id: client_id.to_owned() };
        self.entries.contains(&acked)
    }

    pub fn failed(&mut self, chat: ChatId, client_id: &str) {
        self.entries.push(Entry::Failed { chat, client_id: client_id.to_owned() });
    }

    /// Call it when the message goes on the screen, not for an event that was ignored as known.
    pub fn seen(&mut self, message: &Message) {
        self.entries.push(Entry::Seen(Seen::of(message)));
    }

    /// How many messages ended as failed.
    pub fn failures(&self) -> usize {
        let failed = self.entries.iter().filter_map(|entry| match entry {
            Entry::Failed { chat, client_id } => Some((chat, client_id)),
            _ => None,
        });
        failed.collect::<HashSet<_>>().len()
    }

    pub fn skipped(&mut self, chat: ChatId, from: u64) {
        self.entries.push(Entry::Skipped { chat, from });
    }

    pub fn left(&mut self, chat: ChatId) {
        self.entries.push(Entry::Left { chat });
    }
}

impl Report {
    pub fn is_clean(&self) -> bool {
        self.sections().values().all(|broken| broken.is_empty())
    }

    /// What was broken, by promise.
    pub fn sections(&self) -> BTreeMap<&'static str, &Vec<String>> {
        BTreeMap::from([
            ("acked_lost", &self.acked_lost),
            ("doubled", &self.doubled),
            ("holes", &self.holes),
            ("inversions", &self.inversions),
            ("unread_wrong", &self.unread_wrong),
            ("foreign", &self.foreign),
            ("unsettled", &self.unsettled),
            ("differing", &self.differing),
        ])
    }
}

/// Counts, with the first few of each kind.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sent {}, acked {}, listed {}", self.sent, self.acked, self.listed)?;
        for (name, broken) in self.sections() {
            write!(f, "; {name} {}", broken.len())?;
            if !broken.is_empty() {
                write!(f, " ({})", broken.iter().take(5).cloned().collect::<Vec<_>>().join(", "))?;
            }
        }
        Ok(())
    }
}
