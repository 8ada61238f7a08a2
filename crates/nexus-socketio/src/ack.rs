//! Acknowledgements, both ways.

use std::time::Duration;

use serde::Serialize;
use tokio::sync::oneshot;

use crate::{AckError, Args, EmitError, Payload, Socket, packet, socket::Phase};

/// The answer a client waits for; dropped, the client gets none.
#[derive(Debug)]
pub struct Ack {
    pub(crate) socket: Socket,
    pub(crate) id: u64,
}

impl Ack {
    /// Answers with one argument.
    pub fn send<T: Serialize + ?Sized>(self, value: &T) -> Result<(), EmitError> {
        self.send_args(Payload::new().arg(value))
    }

    /// Answers with any number of arguments, binary among them.
    pub fn send_args(self, payload: Payload) -> Result<(), EmitError> {
        self.socket.send(&packet::ack(self.socket.namespace(), self.id, payload)?)
    }
}

/// Answers a socket waits for; most never wait for any.
#[derive(Default)]
pub(crate) struct PendingAcks {
    next: u64,
    waiting: Vec<(u64, oneshot::Sender<Args>)>,
}

impl PendingAcks {
    pub(crate) fn take(&mut self, id: u64) -> Option<oneshot::Sender<Args>> {
        let index = self.waiting.iter().position(|(waiting, _)| *waiting == id)?;
        Some(self.waiting.swap_remove(index).1)
    }

    /// Nobody will answer any more.
    pub(crate) fn clear(&mut self) {
        self.waiting = Vec::new();
    }
}

/// One awaited answer; dropping it stops waiting.
pub(crate) struct Waiting {
    pub id: u64,
    socket: Socket,
    answer: oneshot::Receiver<Args>,
}

impl Waiting {
    pub(crate) fn register(socket: &Socket) -> Result<Self, EmitError> {
        let mut state = socket.0.state.lock();
        if matches!(state.phase, Phase::Left(_)) {
            return Err(EmitError::Disconnected);
        }
        let (sender, answer) = oneshot::channel();
        let id = state.acks.next;
        state.acks.next += 1;
        state.acks.waiting.push((id, sender));
        Ok(Self { id, socket: socket.clone(), answer })
    }

    pub(crate) async fn answer(mut self, timeout: Duration) -> Result<Args, AckError> {
        match tokio::time::timeout(timeout, &mut self.answer).await {
            Ok(answer) => answer.map_err(|_closed| AckError::Disconnected),
            Err(_elapsed) => Err(AckError::Timeout),
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        drop(self.socket.0.state.lock().acks.take(self.id));
    }
}
