//! Messages that are not committed yet. They stay until seen committed or reported failed: that is
//! what makes "sent" survive a killed server.

use std::collections::{BTreeSet, VecDeque};

use nexus_protocol::{
    ChatId, Message, MsgFailed, MsgSend, MsgSent, SendStatus, SyncAnswer, UserId,
};

/// In order of writing. Pure: the owner sends what [`Outbox::waiting`] says and feeds back what it
/// hears. Repeats are harmless, because an entry keeps its `clientId`.
#[derive(Clone, Debug)]
pub struct Outbox {
    owner: UserId,
    entries: VecDeque<Entry>,
}

#[derive(Clone, Debug, PartialEq)]
struct Entry {
    message: MsgSend,
    /// Acknowledged on the connection that is open now; sent again after it ends all the same.
    queued: bool,
}

impl Outbox {
    pub fn new(owner: UserId) -> Outbox {
        Outbox { owner, entries: VecDeque::new() }
    }

    pub fn push(&mut self, message: MsgSend) {
        self.entries.push_back(Entry { message, queued: false });
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// What is to be sent now, oldest first: at most `max`, all of the oldest's chat or others, in
    /// order. Send it as one array, and the next only after its answer.
    pub fn waiting(&self, max: usize) -> Vec<MsgSend> {
        let waiting = self.entries.iter().filter(|entry| !entry.queued);
        waiting.take(max).map(|entry| entry.message.clone()).collect()
    }

    /// After a connection was lost nothing is known of what was under way: all of it goes again.
    pub fn on_reconnect(&mut self) {
        for entry in &mut self.entries {
            entry.queued = false;
        }
    }

    pub fn on_ack(&mut self, chat: ChatId, ack: &MsgSent) {
        match ack.status {
            SendStatus::Sent => self.forget(chat, &ack.client_id),
            SendStatus::Queued => {
                for entry in &mut self.entries {
                    if entry.message.chat_id == chat && entry.message.client_id == ack.client_id {
                        entry.queued = true;
                    }
                }
            }
        }
    }

    /// A refusal that no repeat will change.
    pub fn on_refused(&mut self, chat: ChatId, client_id: &str) {
        self.forget(chat, client_id);
    }

    /// A message from `msg:new`, `msg:updated`, a page or `sync`.
    pub fn on_message(&mut self, message: &Message) {
        if message.sender_id == self.owner {
            self.forget(message.chat_id, &message.client_id);
        }
    }

    pub fn on_sync(&mut self, answer: &SyncAnswer) {
        for message in answer.chats.iter().flat_map(|chat| &chat.messages) {
            self.on_message(message);
        }
    }

    pub fn on_failed(&mut self, failed: &MsgFailed) {
        self.forget(failed.chat_id, &failed.client_id);
    }

    /// The user is no member any more.
    pub fn on_left(&mut self, chat: ChatId) {
        self.entries.retain(|entry| entry.message.chat_id != chat);
    }

    /// The chats that something of is not committed yet.
    pub fn chats(&self) -> BTreeSet<ChatId> {
        self.entries.iter().map(|entry| entry.message.chat_id).collect()
    }

    fn forget(&mut self, chat: ChatId, client_id: &str) {
        self.entries
            .retain(|entry| entry.message.chat_id != chat || entry.message.client_id != client_id);
    }
}

#[cfg(test)]
mod tests {
    use nexus_protocol::{ChatId, MessageId, MessageType, MsgSend, MsgSent, SendStatus, UserId};
    use uuid::Uuid;

    use super::Outbox;

    const CHAT: ChatId = ChatId(Uuid::from_u128(1));

    fn outbox(client_ids: &[&str]) -> Outbox {
        let mut outbox = Outbox::new(UserId(Uuid::from_u128(2)));
        for client_id in client_ids {
            outbox.push(MsgSend {
                chat_id: CHAT,
                client_id: (*client_id).to_owned(),
                r#type: MessageType::Text,
                content: "hello".to_owned(),
                reply_to: None,
                mentions: Vec::new(),
            });
        }
        outbox
    }

    fn ack(client_id: &str, status: SendStatus) -> MsgSent {
        let id = MessageId(Uuid::from_u128(9));
        MsgSent { status, id, client_id: client_id.to_owned(), seq: None }
    }

    fn waiting(outbox: &Outbox) -> Vec<String> {
        outbox.waiting(50).into_iter().map(|message| message.client_id).collect()
    }

    #[test]
    fn what_was_only_queued_goes_again_after_a_reconnect_in_order() {
        let mut outbox = outbox(&["a", "b", "c"]);
        outbox.on_ack(CHAT, &ack("a", SendStatus::Queued));
        outbox.on_ack(CHAT, &ack("b", SendStatus::Queued));
        assert_eq!(waiting(&outbox), ["c"]);
        outbox.on_reconnect();
        assert_eq!(waiting(&outbox), ["a", "b", "c"]);
    }

    #[test]
    fn a_committed_or_failed_message_leaves_for_good() {
        let mut outbox = outbox(&["a", "b", "c"]);
        outbox.on_ack(CHAT, &ack("a", SendStatus::Sent));
        outbox.on_refused(CHAT, "b");
        outbox.on_reconnect();
        assert_eq!(waiting(&outbox), ["c"]);
        assert_eq!(outbox.len(), 1);
    }
}
