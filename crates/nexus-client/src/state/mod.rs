//! What a client knows, and how events and `sync` change it. Pure; `protocol.md` §3 in code.
//!
//! Events are hints: one is applied when its number is the next, ignored when it is known, and
//! otherwise remembered as a gap that `sync` fills.

mod chat;
mod compare;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use nexus_protocol::{
    Chat, ChatId, ChatReceipt, ChatRemoved, Message, MessageId, OwnChange, Status, SyncAnswer,
    SyncMode, SyncRequest, Timestamp, UserChange, UserId, event,
};
use serde_json::Value;

pub use chat::OwnChat;

#[derive(Clone, Debug, PartialEq)]
pub struct ClientState {
    me: UserId,
    user_rev: u64,
    /// The highest `userRev` heard of.
    known_user_rev: u64,
    chats: BTreeMap<ChatId, OwnChat>,
    starred: BTreeSet<MessageId>,
    /// Deleted for this user alone; a later change of one must not bring it back.
    hidden: BTreeSet<MessageId>,
    /// Chats that an event told of and that are not here.
    unknown: BTreeSet<ChatId>,
    /// Chats that the answer being applied speaks of, without being enough to know them by.
    doubtful: BTreeSet<ChatId>,
    receipts_cursor: Option<String>,
}

impl ClientState {
    pub fn new(me: UserId) -> ClientState {
        ClientState {
            me,
            user_rev: 0,
            known_user_rev: 0,
            chats: BTreeMap::new(),
            starred: BTreeSet::new(),
            hidden: BTreeSet::new(),
            unknown: BTreeSet::new(),
            doubtful: BTreeSet::new(),
            receipts_cursor: None,
        }
    }

    /// From pages instead of events. Every chat comes with its messages; when they begin above
    /// `seq` 1, nothing is said about the earlier ones.
    pub fn from_fetch(
        me: UserId,
        user_rev: u64,
        chats: Vec<(Chat, Vec<Message>)>,
        starred: impl IntoIterator<Item = MessageId>,
    ) -> ClientState {
        let mut state = ClientState::new(me);
        state.user_rev = user_rev;
        state.known_user_rev = user_rev;
        state.starred.extend(starred);
        for (chat, messages) in chats {
            let id = chat.id;
            let mut own = OwnChat::new(me, chat);
            own.rev = own.chat.last_rev;
            own.is_hearsay = false;
            own.replace_all(messages);
            state.chats.insert(id, own);
        }
        state
    }

    pub fn chat(&self, chat: ChatId) -> Option<&OwnChat> {
        self.chats.get(&chat)
    }

    pub fn chats(&self) -> impl Iterator<Item = (&ChatId, &OwnChat)> {
        self.chats.iter()
    }

    /// Bodies that do not parse are ignored, as are events that change nothing here. Answers the
    /// message if the event put a new one on the screen.
    pub fn apply_event(&mut self, name: &str, body: &Value) -> Option<Message> {
        match name {
            event::MSG_NEW | event::MSG_UPDATED => {
                parse(body).and_then(|message| self.apply_message(message))
            }
            event::STATUS_DELIVERED => {
                if let Some(status) = parse::<Status>(body) {
                    self.advance(status.chat_id, status.user_id, status.seq, 0);
                }
                None
            }
            event::STATUS_READ => {
                if let Some(status) = parse::<Status>(body) {
                    self.advance(status.chat_id, status.user_id, status.seq, status.seq);
                }
                None
            }
            event::CHAT_NEW => {
                if let Some(chat) = parse::<Chat>(body) {
                    let new = || OwnChat::new(self.me, chat.clone());
                    self.chats.entry(chat.id).or_insert_with(new).take_info(&chat);
                }
                None
            }
            event::CHAT_UPDATED => {
                if let Some(chat) = parse::<Chat>(body) {
                    match self.chats.get_mut(&chat.id) {
                        Some(own) => own.take_info(&chat),
                        None => drop(self.unknown.insert(chat.id)),
                    }
                }
                None
            }
            event::CHAT_REMOVED => {
                if let Some(removed) = parse::<ChatRemoved>(body) {
                    self.chats.remove(&removed.chat_id);
                    self.unknown.remove(&removed.chat_id);
                }
                None
            }
            event::ME_UPDATED => {
                if let Some(change) = parse(body) {
                    self.apply_own_in_turn(&change);
                }
                None
            }
            _ => None,
        }
    }

    /// What has disappeared by `now` goes, whether the server has said so by an event or not.
    pub fn expire(&mut self, now: Timestamp) {
        self.chats.values_mut().for_each(|own| own.expire(now));
    }

    /// Whether an event has told of something that is not here.
    pub fn needs_sync(&self) -> bool {
        self.known_user_rev > self.user_rev
            || !self.unknown.is_empty()
            || self.chats.values().any(OwnChat::has_gap)
    }

    pub fn sync_request(&self) -> SyncRequest {
        let known = self.chats.iter().filter(|(_, own)| !own.is_hearsay);
        SyncRequest {
            user_rev: self.user_rev,
            chats: known.map(|(id, own)| (*id, own.rev)).collect(),
            limit: None,
            receipts_cursor: self.receipts_cursor.clone(),
        }
    }

    /// Answers the messages it put on the screen. Ask again while `answer.more`.
    pub fn apply_sync(&mut self, answer: &SyncAnswer) -> Vec<Message> {
        // A change told by `me:updated` after the answer was made is newer than what it says.
        let own_is_current = answer.user_rev >= self.user_rev;
        // Before the chats: those have them in already, and may have been left and joined since.
        for change in &answer.me {
            if change.user_rev > self.user_rev {
                self.apply_own(&change.change);
                self.user_rev = change.user_rev;
            }
        }
        self.user_rev = self.user_rev.max(answer.user_rev);
        self.known_user_rev = self.known_user_rev.max(self.user_rev);
        let mut shown = Vec::new();
        for sync in &answer.chats {
            let id = sync.chat.id;
            self.unknown.remove(&id);
            let is_known = self.chats.get(&id).is_some_and(|own| !own.is_hearsay);
            // A delta builds on what is not here any more when the chat was left meanwhile; and own
            // marks that changed since the answer was made had no chat to be set in.
            if !is_known && (sync.mode == SyncMode::Delta || !own_is_current) {
                self.doubtful.insert(id);
                continue;
            }
            let me = self.me;
            let own = self.chats.entry(id).or_insert_with(|| OwnChat::new(me, sync.chat.clone()));
            match sync.mode {
                SyncMode::Delta => shown.extend(own.merge(&sync.messages)),
                SyncMode::Snapshot if sync.to_rev >= own.rev => {
                    shown.extend(own.replace_all(sync.messages.clone()));
                }
                // What has overtaken the answer is newer; a chat that only hearsay knew is still one.
                SyncMode::Snapshot => {
                    if own.is_hearsay {
                        self.doubtful.insert(id);
                    }
                    continue;
                }
            }
            own.rev = own.rev.max(sync.to_rev);
            own.is_hearsay = false;
            own.take_info(&sync.chat);
            if own_is_current {
                own.take_own(&sync.chat);
            }
            own.recount();
        }
        for chat in &answer.removed {
            self.chats.remove(chat);
        }
        for ChatReceipt { chat_id, user_id, delivered_seq, read_seq } in &answer.receipts {
            self.advance(*chat_id, *user_id, *delivered_seq, *read_seq);
        }
        if !answer.more {
            // What the server did not speak of, it does not count among the user's chats.
            self.unknown = std::mem::take(&mut self.doubtful);
            self.chats.retain(|id, own| !own.is_hearsay || self.unknown.contains(id));
            self.receipts_cursor = Some(answer.receipts_cursor.clone());
        }
        shown.retain(|message| !self.hide_again(message));
        shown
    }

    fn apply_message(&mut self, message: Message) -> Option<Message> {
        let Some(own) = self.chats.get_mut(&message.chat_id) else {
            self.unknown.insert(message.chat_id);
            return None;
        };
        let shown = own.apply_in_turn(message)?;
        (!self.hide_again(&shown)).then_some(shown)
    }

    /// Whether the message is hidden; it is off the screen then.
    fn hide_again(&mut self, message: &Message) -> bool {
        let is_hidden = self.hidden.contains(&message.id);
        if let (true, Some(own)) = (is_hidden, self.chats.get_mut(&message.chat_id)) {
            own.hide(message.id);
        }
        is_hidden
    }

    fn advance(&mut self, chat: ChatId, user: UserId, delivered_seq: u64, read_seq: u64) {
        if let Some(own) = self.chats.get_mut(&chat) {
            own.advance(user, delivered_seq, read_seq);
        }
    }

    fn apply_own_in_turn(&mut self, change: &UserChange) {
        self.known_user_rev = self.known_user_rev.max(change.user_rev);
        if change.user_rev == self.user_rev + 1 {
            self.apply_own(&change.change);
            self.user_rev = change.user_rev;
        }
    }

    fn apply_own(&mut self, change: &OwnChange) {
        match change {
            OwnChange::Star { message_id, starred: true, .. } => {
                self.starred.insert(*message_id);
            }
            OwnChange::Star { message_id, starred: false, .. } => {
                self.starred.remove(message_id);
            }
            OwnChange::Profile { .. }
            | OwnChange::Account { .. }
            | OwnChange::Settings(_)
            | OwnChange::Role { .. }
            | OwnChange::Username { .. }
            | OwnChange::Blocks { .. }
            | OwnChange::Contacts { .. }
            | OwnChange::Dismiss { .. } => {}
            OwnChange::Hide { chat_id, message_id } => {
                self.hidden.insert(*message_id);
                if let Some(own) = self.chats.get_mut(chat_id) {
                    own.hide(*message_id);
                }
            }
            OwnChange::Read { chat_id, .. }
            | OwnChange::Mute { chat_id, .. }
            | OwnChange::Pin { chat_id, .. }
            | OwnChange::Archive { chat_id, .. }
            | OwnChange::Draft { chat_id, .. }
            | OwnChange::Unread { chat_id, .. } => {
                if let Some(own) = self.chats.get_mut(chat_id) {
                    own.apply_own(change);
                }
            }
        }
    }
}

fn parse<T: serde::de::DeserializeOwned>(body: &Value) -> Option<T> {
    T::deserialize(body).ok()
}
