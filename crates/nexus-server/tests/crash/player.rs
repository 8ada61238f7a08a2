//! One user with one socket at a time: writes, reads, reconnects, sends again what is not committed.

use std::time::Duration;

use nexus_client::{CallError, Client, ClientState, NAMESPACES, Outbox, journal::Journal};
use nexus_protocol::{
    ChatId, ErrorCode, Message, MessageType, MsgFailed, MsgSend, MsgSent, SyncAnswer, UserId,
    event::{
        MSG_DELETE, MSG_DELIVERED, MSG_EDIT, MSG_FAILED, MSG_NEW, MSG_REACT, MSG_READ, MSG_SEND,
        MSG_UPDATED, SERVER_DRAINING, SYNC,
    },
};
use serde_json::{Value, json};
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout},
};

use crate::chance::Chance;

/// Between two things a player does by itself.
const PACE: std::ops::Range<u64> = 20..120;
/// Without a commit in this time the rest of the outbox is sent again.
const IMPATIENCE: Duration = Duration::from_secs(5);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Writing,
    /// Nothing new: only what is in the outbox.
    Settling,
}

pub struct Player {
    pub user: UserId,
    pub token: String,
    pub host: String,
    pub chats: Vec<ChatId>,
    pub chance: Chance,
    pub outbox: Outbox,
    pub journal: Journal,
    pub state: ClientState,
    /// Times it was told that the server drains.
    pub drains: usize,
    /// Sends nothing again that was acknowledged: "queued" alone must be enough.
    trusts: bool,
    written: u32,
    committed_at: Instant,
}

/// Why a session ended.
enum End {
    Settled,
    Lost,
}

impl Player {
    pub fn new(user: UserId, token: String, host: String, chance: Chance) -> Player {
        Player {
            user,
            token,
            host,
            chats: Vec::new(),
            outbox: Outbox::new(user),
            journal: Journal::new(user),
            state: ClientState::new(user),
            drains: 0,
            trusts: chance.one_in(2),
            written: 0,
            committed_at: Instant::now(),
            chance,
        }
    }

    /// Until the phase is `Settling` and nothing is left in the outbox. `online` says how many are
    /// connected now.
    pub async fn play(
        mut self,
        phase: watch::Receiver<Phase>,
        online: watch::Sender<usize>,
    ) -> Player {
        loop {
            let connected = Client::connect(&self.host, &self.token, &NAMESPACES).await;
            if let Ok(mut client) = connected {
                online.send_modify(|count| *count += 1);
                let end = self.session(&mut client, &phase).await;
                online.send_modify(|count| *count -= 1);
                if matches!(end, End::Settled) {
                    client.disconnect().await;
                    return self;
                }
                self.send_again();
            }
            sleep(self.chance.millis(20..200)).await;
        }
    }

    async fn session(&mut self, client: &mut Client, phase: &watch::Receiver<Phase>) -> End {
        if self.sync(client).await.is_err() {
            return End::Lost;
        }
        loop {
            let now = *phase.borrow();
            match now {
                Phase::Writing => self.act(client),
                Phase::Settling if self.is_settled() => return End::Settled,
                Phase::Settling => {}
            }
            let pause = self.chance.millis(PACE);
            if self.flush(client).await.is_err() || self.listen(client, pause).await.is_err() {
                // What arrived before the end is to be taken all the same.
                for event in client.try_events() {
                    self.hear(&event.name, &event.body);
                }
                return End::Lost;
            }
        }
    }

    /// Of what it trusts the server with, nothing more is to come after a while.
    fn is_settled(&self) -> bool {
        let has_waited = self.committed_at.elapsed() > IMPATIENCE;
        self.outbox.is_empty() || self.trusts && has_waited && self.outbox.waiting(1).is_empty()
    }

    fn send_again(&mut self) {
        if !self.trusts {
            self.outbox.on_reconnect();
        }
    }

    /// A connection of its own, to catch up once, as somebody who comes back.
    pub async fn catch_up(&mut self) {
        let client = Client::connect(&self.host, &self.token, &NAMESPACES).await.unwrap();
        self.sync(&client).await.unwrap();
        client.disconnect().await;
    }

    async fn sync(&mut self, client: &Client) -> Result<(), CallError> {
        loop {
            let answer = client.call(SYNC, self.state.sync_request()).await?;
            let answer: SyncAnswer = serde_json::from_value(answer).unwrap();
            self.outbox.on_sync(&answer);
            for message in self.state.apply_sync(&answer) {
                self.journal.seen(&message);
            }
            if !answer.more {
                return Ok(());
            }
        }
    }

    /// Something of what people do. Only messages must survive; the rest may be lost with the
    /// connection, and must agree afterwards all the same.
    fn act(&mut self, client: &Client) {
        let chat = *self.chance.pick(&self.chats);
        match self.chance.below(12) {
            0 => {
                if let Some(seq) = self.last_seq(chat) {
                    drop(client.start(MSG_READ, json!({ "chatId": chat, "seq": seq })));
                }
            }
            1 => {
                if let Some(seq) = self.last_seq(chat) {
                    drop(client.start(MSG_DELIVERED, json!({ "chatId": chat, "seq": seq })));
                }
            }
            2 => {
                if let Some(message) = self.some_message(chat) {
                    let emoji = *self.chance.pick(&["👍", "❤️", "😂"]);
                    let body = json!({ "id": message.id, "emoji": emoji, "on": true });
                    drop(client.start(MSG_REACT, body));
                }
            }
            3 => {
                if let Some(own) = self.some_message(chat).filter(|m| m.sender_id == self.user) {
                    if self.chance.one_in(4) {
                        drop(client.start(MSG_DELETE, json!({ "id": own.id, "scope": "all" })));
                    } else {
                        let body = json!({ "id": own.id, "content": "on second thought" });
                        drop(client.start(MSG_EDIT, body));
                    }
                }
            }
            4 => (0..self.chance.below(8)).for_each(|_| self.write(chat)),
            _ => self.write(chat),
        }
    }

    fn write(&mut self, chat_id: ChatId) {
        self.written += 1;
        let client_id = format!("{}-{}", self.user, self.written);
        self.journal.sent(chat_id, &client_id);
        self.outbox.push(MsgSend {
            chat_id,
            client_id,
            r#type: MessageType::Text,
            content: format!("number {}", self.written),
            reply_to: None,
            mentions: Vec::new(),
        });
    }

    fn last_seq(&self, chat: ChatId) -> Option<u64> {
        self.state.chat(chat)?.messages.keys().next_back().copied()
    }

    fn some_message(&self, chat: ChatId) -> Option<Message> {
        let messages: Vec<&Message> = self.state.chat(chat)?.messages.values().collect();
        let recent = &messages[messages.len().saturating_sub(10)..];
        let message = (!recent.is_empty()).then(|| *self.chance.pick(recent))?;
        (message.system.is_none() && message.deleted_at.is_none()).then(|| message.clone())
    }

    /// Everything that waits, in order: as one array, one by one, or without waiting in between.
    async fn flush(&mut self, client: &Client) -> Result<(), CallError> {
        if self.committed_at.elapsed() > IMPATIENCE && !self.outbox.is_empty() {
            self.committed_at = Instant::now();
            self.send_again();
        }
        let waiting = self.outbox.waiting(20);
        if waiting.is_empty() {
            return Ok(());
        }
        match self.chance.below(3) {
            0 => {
                let answer = client.call(MSG_SEND, &waiting).await?;
                let answers: Vec<Value> = serde_json::from_value(answer).unwrap();
                for (message, answer) in waiting.iter().zip(answers) {
                    self.acked(message, answer);
                }
            }
            1 => {
                for message in &waiting {
                    let answer = client.call(MSG_SEND, message).await?;
                    self.acked(message, answer);
                }
            }
            _ => {
                let under_way = waiting.iter().map(|message| client.start(MSG_SEND, message));
                let under_way: Vec<_> = under_way.collect();
                for (message, pending) in waiting.iter().zip(under_way) {
                    let answer = pending.answer().await?;
                    self.acked(message, answer);
                }
            }
        }
        Ok(())
    }

    fn acked(&mut self, message: &MsgSend, answer: Value) {
        match serde_json::from_value::<MsgSent>(answer.clone()) {
            Ok(sent) => {
                self.journal.acked(message.chat_id, &message.client_id);
                self.outbox.on_ack(message.chat_id, &sent);
            }
            Err(_) => println!("{} refused: {answer}", message.client_id),
        }
    }

    /// Takes events for `pause`; syncs when one told of a gap.
    async fn listen(&mut self, client: &mut Client, pause: Duration) -> Result<(), CallError> {
        let until = Instant::now() + pause;
        while let Ok(event) = timeout(until - Instant::now(), client.next_any()).await {
            let Some(event) = event else {
                return Err(CallError::Closed(client.closed().await));
            };
            self.hear(&event.name, &event.body);
        }
        if self.state.needs_sync() { self.sync(client).await } else { Ok(()) }
    }

    fn hear(&mut self, name: &str, body: &Value) {
        match name {
            MSG_NEW | MSG_UPDATED => {
                if let Ok(message) = serde_json::from_value(body.clone()) {
                    let before = self.outbox.len();
                    self.outbox.on_message(&message);
                    if self.outbox.len() < before {
                        self.committed_at = Instant::now();
                    }
                }
            }
            MSG_FAILED => {
                let failed: MsgFailed = serde_json::from_value(body.clone()).unwrap();
                // A change that came too late is refused rightly; a message never is here.
                let is_change = failed.client_id.is_empty();
                assert!(is_change && failed.error.code == ErrorCode::Gone, "{failed:?}");
            }
            SERVER_DRAINING => self.drains += 1,
            _ => {}
        }
        if let Some(message) = self.state.apply_event(name, body) {
            self.journal.seen(&message);
        }
    }
}
