//! The long-polling transport: what its requests and the connection's task hand each other.

use std::{
    sync::Arc,
    task::{Context, Poll, Waker},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use parking_lot::Mutex;
use tokio::{sync::oneshot, time::Instant};
use tungstenite::Utf8Bytes;

use crate::{
    DisconnectReason, Transport,
    connection::Shared,
    frames::Received,
    outbox::{Kind, Message},
    websocket::WebSocket,
};

/// Stands between the packets of a payload.
const SEPARATOR: char = '\u{1e}';
const CLOSE: &str = "1";
const NOOP: &str = "6";

/// The polling side of a session.
pub(crate) struct Polling {
    pub sid: Box<str>,
    state: Mutex<State>,
}

struct State {
    /// A GET is being answered.
    polling: bool,
    poll: Option<Waker>,
    /// A POST is being read or handled.
    posting: bool,
    post: Option<Post>,
    upgrade: Upgrade,
    /// The client has been told that it is over.
    farewell: bool,
    /// The client hung up in the middle of a request.
    lost: bool,
    /// When a missing pong ends the session; late requests find it over even before its task does.
    pong_deadline: Option<Instant>,
}

enum Upgrade {
    None,
    /// A WebSocket with this session's id is being probed.
    Claimed,
    /// The probe was answered: polls return at once, so that the client can switch.
    Probed,
    Ready(Box<WebSocket>),
    Done,
}

/// A received payload, decoded piece by piece as the task gets to it.
pub(crate) struct Post {
    body: Utf8Bytes,
    at: usize,
    done: oneshot::Sender<()>,
}

/// What a request may not do.
pub(crate) enum Refused {
    /// The session is over.
    Gone,
    /// Another request of its kind is there, or the session has another transport.
    Conflict,
}

impl Polling {
    pub(crate) fn new(sid: Box<str>) -> Self {
        Self {
            sid,
            state: Mutex::new(State {
                polling: false,
                poll: None,
                posting: false,
                post: None,
                upgrade: Upgrade::None,
                farewell: false,
                lost: false,
                pong_deadline: None,
            }),
        }
    }

    pub(crate) fn wake(&self) {
        let waker = self.state.lock().poll.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    pub(crate) fn set_pong_deadline(&self, deadline: Instant) {
        self.state.lock().pong_deadline = Some(deadline);
    }

    /// Whether the pong is overdue, and not for our own slowness in handling a POST.
    pub(crate) fn is_overdue(&self) -> bool {
        let state = self.state.lock();
        !state.posting && state.pong_deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// Why nothing more will come.
    pub(crate) fn lost(&self) -> Option<DisconnectReason> {
        self.state.lock().lost.then_some(DisconnectReason::TransportClose)
    }

    /// The next POST for the task.
    pub(crate) fn take_post(&self) -> Option<Post> {
        self.state.lock().post.take()
    }

    /// Whether a client that waits for the end has been told.
    pub(crate) fn said_farewell(&self) -> bool {
        self.state.lock().farewell
    }

    /// A WebSocket wants to take over; only one may try at a time, and only one succeeds.
    pub(crate) fn claim_upgrade(&self) -> bool {
        let mut state = self.state.lock();
        let free = matches!(state.upgrade, Upgrade::None);
        if free {
            state.upgrade = Upgrade::Claimed;
        }
        free
    }

    /// The attempt failed; polling goes on.
    pub(crate) fn abandon_upgrade(&self) {
        self.state.lock().upgrade = Upgrade::None;
    }

    pub(crate) fn probed(&self) {
        self.state.lock().upgrade = Upgrade::Probed;
        self.wake();
    }

    /// The WebSocket the session now travels on, for the task to fetch.
    pub(crate) fn take_upgrade(&self) -> Option<WebSocket> {
        let mut state = self.state.lock();
        match std::mem::replace(&mut state.upgrade, Upgrade::Done) {
            Upgrade::Ready(websocket) => Some(*websocket),
            other => {
                state.upgrade = other;
                None
            }
        }
    }
}

/// Completes an upgrade: from here on polling requests are refused.
pub(crate) fn complete_upgrade(shared: &Shared, websocket: WebSocket) {
    if let Some(polling) = &shared.polling {
        let mut state = polling.state.lock();
        state.upgrade = Upgrade::Ready(Box::new(websocket));
        shared.set_websocket();
    }
    shared.wake();
}

/// A GET on its way. Dropped before it is answered, it ends the session: the client is gone.
pub(crate) struct Poller {
    shared: Arc<Shared>,
    answered: bool,
    /// Whether it came after the probe was answered.
    late: bool,
}

impl Poller {
    pub(crate) fn begin(shared: Arc<Shared>) -> Result<Self, Refused> {
        let polling = shared.polling.as_ref().ok_or(Refused::Conflict)?;
        let mut state = polling.state.lock();
        if shared.transport() == Transport::WebSocket {
            return Err(Refused::Conflict);
        }
        if state.farewell {
            return Err(Refused::Gone);
        }
        if state.polling {
            drop(state);
            shared.close(DisconnectReason::TransportError);
            return Err(Refused::Conflict);
        }
        state.polling = true;
        let late = matches!(state.upgrade, Upgrade::Probed);
        drop(state);
        Ok(Self { shared, answered: false, late })
    }

    /// Whether the client polls although it is about to switch.
    pub(crate) fn is_late(&self) -> bool {
        self.late
    }

    /// The payload to answer with.
    pub(crate) fn poll_payload(&mut self, cx: &mut Context<'_>) -> Poll<Result<Bytes, Refused>> {
        let shared = &self.shared;
        let Some(polling) = &shared.polling else { return Poll::Ready(Err(Refused::Conflict)) };
        let mut state = polling.state.lock();
        let mut outbox = shared.outbox.lock();
        let upgraded = shared.transport() == Transport::WebSocket;
        let closed = outbox.closed();

        let has_last_words = closed.is_some() && !outbox.is_empty();
        let payload: Bytes = if upgraded && self.late {
            self.answered = true;
            state.polling = false;
            return Poll::Ready(Err(Refused::Conflict));
        } else if upgraded {
            Bytes::from_static(NOOP.as_bytes())
        } else if !outbox.is_empty() {
            let mut messages = Default::default();
            outbox.take_into(&mut messages);
            let bytes = messages.iter().map(|message| message.bytes.len()).sum();
            outbox.written(bytes, messages.len());
            shared.server.counters.sent(messages.len());
            // The farewell waits for the next poll: the official client handles packets a tick after
            // their payload, and forgets those that come with a close.
            encode_payload(messages.iter()).into()
        } else if let Some(reason) = closed {
            let last = if reason == DisconnectReason::ClientDisconnect { NOOP } else { CLOSE };
            Bytes::from_static(last.as_bytes())
        } else if matches!(state.upgrade, Upgrade::Probed) && !self.late {
            Bytes::from_static(NOOP.as_bytes())
        } else {
            state.poll = Some(cx.waker().clone());
            return Poll::Pending;
        };
        state.farewell = closed.is_some() && !has_last_words;
        state.polling = false;
        self.answered = true;
        drop(outbox);
        drop(state);
        // The task may wait for room in the outbox, or for the farewell to be taken.
        shared.task.wake();
        shared.drained.notify_waiters();
        Poll::Ready(Ok(payload))
    }

    /// It has waited long enough for the upgrade to complete.
    pub(crate) fn no_longer_late(&mut self) {
        self.late = false;
    }
}

impl Drop for Poller {
    fn drop(&mut self) {
        if !self.answered {
            if let Some(polling) = &self.shared.polling {
                let mut state = polling.state.lock();
                state.polling = false;
                state.poll = None;
                state.lost = true;
            }
            self.shared.task.wake();
        }
    }
}

/// A POST on its way.
pub(crate) struct Poster {
    shared: Arc<Shared>,
    read: bool,
}

impl Poster {
    pub(crate) fn begin(shared: Arc<Shared>) -> Result<Self, Refused> {
        let polling = shared.polling.as_ref().ok_or(Refused::Conflict)?;
        let mut state = polling.state.lock();
        if shared.transport() == Transport::WebSocket {
            return Err(Refused::Conflict);
        }
        if shared.outbox.lock().closed().is_some() {
            return Err(Refused::Gone);
        }
        if state.posting {
            drop(state);
            shared.close(DisconnectReason::TransportError);
            return Err(Refused::Conflict);
        }
        state.posting = true;
        drop(state);
        Ok(Self { shared, read: false })
    }

    /// Hands the payload to the task; the receiver fires when all of it is handled, and fails
    /// if the session ended over it.
    pub(crate) fn deliver(mut self, body: Utf8Bytes) -> oneshot::Receiver<()> {
        self.read = true;
        let (done, handled) = oneshot::channel();
        if let Some(polling) = &self.shared.polling {
            polling.state.lock().post = Some(Post { body, at: 0, done });
        }
        self.shared.task.wake();
        handled
    }

    /// Ends the session over a payload that is none.
    pub(crate) fn fail(mut self, reason: DisconnectReason) {
        self.read = true;
        self.shared.close(reason);
    }
}

impl Drop for Poster {
    fn drop(&mut self) {
        if !self.read {
            if let Some(polling) = &self.shared.polling {
                polling.state.lock().lost = true;
            }
            self.shared.task.wake();
        }
    }
}

impl Post {
    #[cfg(fuzzing)]
    pub(crate) fn new(body: Utf8Bytes, done: oneshot::Sender<()>) -> Self {
        Self { body, at: 0, done }
    }

    /// The next packet of the payload: text with its type in front, or binary.
    pub(crate) fn next(&mut self) -> Option<Result<Received, DisconnectReason>> {
        let rest = self.body.as_str().get(self.at..)?;
        let len = rest.find(SEPARATOR).unwrap_or(rest.len());
        let packet = rest.get(..len)?;
        let start = self.at;
        // One past the end when this was the last: then `get` above finds nothing more.
        self.at += len + 1;
        Some(match packet.strip_prefix('b') {
            Some(encoded) => STANDARD
                .decode(encoded)
                .map(|bytes| Received::Binary(bytes.into()))
                .map_err(|_| DisconnectReason::ParseError),
            None => Utf8Bytes::try_from(Bytes::from(self.body.clone()).slice(start..start + len))
                .map(Received::Text)
                .map_err(|_| DisconnectReason::ParseError),
        })
    }

    /// Whether every packet was taken.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.at > self.body.len()
    }

    /// All of it is handled.
    pub(crate) fn finish(self, shared: &Shared) {
        if let Some(polling) = &shared.polling {
            polling.state.lock().posting = false;
        }
        // The request may be gone; the session is told by its next poll.
        let _ = self.done.send(());
    }
}

pub(crate) fn encode_payload<'a>(messages: impl Iterator<Item = &'a Message> + Clone) -> Vec<u8> {
    let size = messages.clone().map(|message| message.bytes.len() * 4 / 3 + 4).sum();
    let mut payload = Vec::with_capacity(size);
    for message in messages {
        if !payload.is_empty() {
            payload.push(SEPARATOR as u8);
        }
        if message.kind == Kind::Binary {
            payload.push(b'b');
            payload.extend_from_slice(STANDARD.encode(&message.bytes).as_bytes());
        } else {
            payload.extend_from_slice(&message.bytes);
        }
    }
    payload
}

#[cfg(test)]
mod tests;
