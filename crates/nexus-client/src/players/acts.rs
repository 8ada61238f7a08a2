//! What a player does by itself: writes, changes, reads, reacts, goes and comes.

use std::time::Duration;

use nexus_protocol::{
    AddMembers, ChatId, ChatType, EventError, EventRefusal, Message, MessageType, MsgSend, MsgSent,
    event::{MSG_DELETE, MSG_DELIVERED, MSG_EDIT, MSG_REACT, MSG_READ, MSG_SEND},
};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};

use super::{Manner, Phase, player::Player};
use crate::{CallError, Client};

/// Without a commit in this time the rest of the outbox is sent again, or looked for.
const IMPATIENCE: Duration = Duration::from_secs(5);
/// So many times in a row.
const ENOUGH: u32 = 3;
/// Until somebody who left is asked back once more.
const INSISTENCE: Duration = Duration::from_secs(3);
const REQUEST: Duration = Duration::from_secs(20);
/// As people do it when they come back to a long list.
const MOST_DUE: u32 = 300;

impl Player {
    pub(super) fn act_when_due(&mut self, client: &Client) {
        while self.is_due() {
            self.act(client);
        }
    }

    /// Without a connection there is nothing to do but to write.
    pub(super) fn write_what_is_due(&mut self, phase: Phase) {
        while phase == Phase::Writing && self.is_due() {
            if let Some(chat) = self.some_chat() {
                self.write(chat);
            }
        }
    }

    /// At a steady rate, whatever the answers do.
    fn is_due(&mut self) -> bool {
        let now = Instant::now();
        self.due = self.due.max(now.checked_sub(self.interval * MOST_DUE).unwrap_or(self.due));
        let is_due = now >= self.due;
        if is_due {
            self.due += self.interval / 2 + self.interval.mul_f64(self.chance.fraction());
        }
        is_due
    }

    /// Only messages must survive; the rest may be lost with the connection, and must agree
    /// afterwards all the same.
    fn act(&mut self, client: &Client) {
        let Some(chat) = self.some_chat() else { return };
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
            3 => self.change_own(client, chat),
            4 if self.chance.one_in(6) => self.leave(chat),
            4 => (0..self.chance.below(8)).for_each(|_| self.write(chat)),
            _ => self.write(chat),
        }
    }

    fn change_own(&self, client: &Client, chat: ChatId) {
        let Some(own) = self.some_message(chat).filter(|m| m.sender_id == self.user) else {
            return;
        };
        if self.chance.one_in(4) {
            drop(client.start(MSG_DELETE, json!({ "id": own.id, "scope": "all" })));
        } else {
            let body = json!({ "id": own.id, "content": "on second thought" });
            drop(client.start(MSG_EDIT, body));
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
            content: format!("number {}{}", self.written, self.filler),
            reply_to: None,
            mentions: Vec::new(),
        });
    }

    /// A group of somebody else; who owns it brings this player back.
    fn leave(&mut self, chat: ChatId) {
        let is_group = self.state.chat(chat).is_some_and(|own| own.chat.r#type == ChatType::Group);
        if is_group && !self.owns(chat) {
            self.notes.left.insert(chat);
            self.ask(format!("/chats/{chat}/leave"), json!({}));
        }
    }

    pub(super) fn bring_back_who_left(&mut self) {
        let now = Instant::now();
        let due: Vec<_> = self.absent.iter().filter(|(.., at)| *at <= now).copied().collect();
        for (chat, user, _) in due {
            self.ask(format!("/chats/{chat}/members"), AddMembers { user_ids: vec![user] });
        }
        for (.., at) in self.absent.iter_mut().filter(|(.., at)| *at <= now) {
            *at = now + INSISTENCE;
        }
    }

    /// What comes of it is told to all by the system message, or by nothing.
    fn ask(&self, path: String, body: impl serde::Serialize + Send + 'static) {
        let api = self.api();
        tokio::spawn(async move { timeout(REQUEST, api.post(&path, body)).await.map(drop) });
    }

    fn some_chat(&self) -> Option<ChatId> {
        let chats: Vec<ChatId> = self.state.chats().map(|(chat, _)| *chat).collect();
        (!chats.is_empty()).then(|| *self.chance.pick(&chats))
    }

    fn last_seq(&self, chat: ChatId) -> Option<u64> {
        self.state.chat(chat)?.messages.keys().next_back().copied()
    }

    fn some_message(&self, chat: ChatId) -> Option<Message> {
        let recent: Vec<&Message> =
            self.state.chat(chat)?.messages.values().rev().take(10).collect();
        let message = (!recent.is_empty()).then(|| *self.chance.pick(&recent))?;
        (message.system.is_none() && message.deleted_at.is_none()).then(|| message.clone())
    }

    pub(super) fn send_again(&mut self) {
        if !self.trusts {
            self.outbox.on_reconnect();
        }
    }

    /// Everything that waits, in order: as one array, one by one, or without waiting in between.
    pub(super) async fn flush(&mut self, client: &Client) -> Result<(), CallError> {
        if self.committed_at.elapsed() > IMPATIENCE && !self.outbox.is_empty() {
            self.committed_at = Instant::now();
            if self.trusts {
                self.look_for_own().await
            } else {
                self.send_again()
            }
            self.disappointments += 1;
            if self.disappointments == ENOUGH {
                self.disappointments = 0;
                return Err(CallError::Closed("perhaps a new connection tells more".to_owned()));
            }
        }
        let waiting = self.outbox.waiting(20);
        if waiting.is_empty() || Instant::now() < self.quiet_until {
            return Ok(());
        }
        let ways = if self.manner == Manner::Hasty { 3 } else { 2 };
        let sent = match self.chance.below(ways) {
            0 => self.send_together(client, &waiting).await,
            1 => self.send_in_turn(client, &waiting).await,
            _ => self.send_at_once(client, &waiting).await,
        };
        if sent.is_err() {
            self.notes.unanswered += 1;
        }
        sent
    }

    async fn send_together(
        &mut self,
        client: &Client,
        waiting: &[MsgSend],
    ) -> Result<(), CallError> {
        let answers = match client.call(MSG_SEND, waiting).await {
            Err(CallError::Refused(err)) => {
                self.refused(&waiting[0], &err);
                return Ok(());
            }
            answer => answer?,
        };
        let answers: Vec<Value> = serde_json::from_value(answers).unwrap_or_default();
        for (message, answer) in waiting.iter().zip(answers) {
            self.answered(message, answer);
        }
        Ok(())
    }

    async fn send_in_turn(
        &mut self,
        client: &Client,
        waiting: &[MsgSend],
    ) -> Result<(), CallError> {
        for message in waiting {
            match client.call(MSG_SEND, message).await {
                Err(CallError::Refused(err)) => {
                    self.refused(message, &err);
                    return Ok(());
                }
                answer => self.answered(message, answer?),
            }
        }
        Ok(())
    }

    async fn send_at_once(
        &mut self,
        client: &Client,
        waiting: &[MsgSend],
    ) -> Result<(), CallError> {
        let under_way: Vec<_> =
            waiting.iter().map(|message| client.start(MSG_SEND, message)).collect();
        for (message, pending) in waiting.iter().zip(under_way) {
            match pending.answer().await {
                Err(CallError::Refused(err)) => self.refused(message, &err),
                answer => self.answered(message, answer?),
            }
        }
        Ok(())
    }

    fn answered(&mut self, message: &MsgSend, answer: Value) {
        match serde_json::from_value::<MsgSent>(answer.clone()) {
            Ok(sent) => {
                self.journal.acked(message.chat_id, &message.client_id);
                self.outbox.on_ack(message.chat_id, &sent);
            }
            // The last of an array: later ones were not looked at.
            Err(_) => match serde_json::from_value::<EventRefusal>(answer) {
                Ok(refusal) => self.refused(message, &refusal.error),
                Err(err) => self.notes.complaints.push(format!("answer to a send: {err}")),
            },
        }
    }

    fn refused(&mut self, message: &MsgSend, err: &EventError) {
        if err.retryable {
            self.notes.put_off += 1;
            if err.retry_after_ms.is_none() {
                self.notes.complaints.push(format!("refused, and not said until when: {err:?}"));
            }
            let pause = err.retry_after_ms.unwrap_or(500);
            self.quiet_until =
                Instant::now() + Duration::from_millis(pause) + self.chance.millis(0..500);
            return;
        }
        let chat = message.chat_id;
        if !self.notes.left.contains(&chat) {
            self.notes.complaints.push(format!("{} refused: {err:?}", message.client_id));
        }
        // A repeat that is refused, because its sender has left, says nothing of what was accepted.
        if !self.journal.has_acked(chat, &message.client_id) {
            self.journal.failed(chat, &message.client_id);
        }
        self.outbox.on_refused(chat, &message.client_id);
    }

    /// A snapshot may have left out what was committed while this player was away.
    async fn look_for_own(&mut self) {
        for chat in self.outbox.chats() {
            if let Ok(Ok(messages)) = timeout(REQUEST, self.api().messages(chat)).await {
                messages.iter().for_each(|message| self.outbox.on_message(message));
            }
        }
    }
}
