//! The bounded queue of what a connection has yet to send.

use std::collections::VecDeque;

use bytes::Bytes;

use crate::{DisconnectReason, EmitError, packet::Encoded};

/// What a message is on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Binary,
    /// Of a WebSocket only: its answer to a ping.
    Pong,
    /// Of a WebSocket only: its farewell.
    Close,
}

/// One Engine.IO message: for a WebSocket a frame, for polling a record of a payload.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub kind: Kind,
    pub bytes: Bytes,
}

impl Message {
    pub(crate) fn text(bytes: Bytes) -> Self {
        Self { kind: Kind::Text, bytes }
    }

    pub(crate) fn binary(bytes: Bytes) -> Self {
        Self { kind: Kind::Binary, bytes }
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub bytes: usize,
    pub packets: usize,
}

/// A queue whose first place is its own: most broadcasts find their receivers idle, and need no
/// memory that another thread must free.
#[derive(Debug, Default)]
struct Waiting {
    first: Option<Message>,
    more: VecDeque<Message>,
}

impl Waiting {
    fn push(&mut self, message: Message) {
        match self.first {
            None => self.first = Some(message),
            Some(_) => self.more.push_back(message),
        }
    }
}

/// What waits, and why nothing more may be added.
///
/// `bytes` and `packets` include what the writer has taken but the kernel has not: a stuck
/// writer must not make room for more.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    waiting: Waiting,
    bytes: usize,
    packets: usize,
    closed: Option<DisconnectReason>,
}

impl Outbox {
    /// Queues a whole packet. Crossing a bound ends the connection, and what waited is freed.
    pub(crate) fn push(&mut self, packet: &Encoded, bounds: Bounds) -> Result<(), EmitError> {
        if self.closed.is_some() {
            return Err(EmitError::Disconnected);
        }
        let (bytes, packets) = packet.size();
        let (bytes, packets) = (self.bytes + bytes, self.packets + packets);
        if bytes > bounds.bytes || packets > bounds.packets {
            self.close(DisconnectReason::SlowConsumer);
            return Err(EmitError::Overflow);
        }
        self.bytes = bytes;
        self.packets = packets;
        packet.messages().for_each(|message| self.waiting.push(message));
        Ok(())
    }

    /// Queues an engine packet, which no bound holds back: there is one at a time.
    pub(crate) fn push_control(&mut self, text: &'static str) {
        if self.closed.is_none() {
            self.bytes += text.len();
            self.packets += 1;
            self.waiting.push(Message::text(Bytes::from_static(text.as_bytes())));
        }
    }

    /// Lets nothing more in. The first reason stands; a graceful one keeps what waits.
    pub(crate) fn close(&mut self, reason: DisconnectReason) -> bool {
        let first = self.closed.is_none();
        if first {
            self.closed = Some(reason);
        }
        if !reason.is_graceful() {
            self.discard();
        }
        first
    }

    /// Frees what waits.
    pub(crate) fn discard(&mut self) {
        self.waiting = Waiting::default();
        self.bytes = 0;
        self.packets = 0;
    }

    /// Moves everything that waits over to the writer, which reports back with [`written`](Self::written).
    pub(crate) fn take_into(&mut self, writer: &mut VecDeque<Message>) {
        // An idle queue keeps no buffer.
        let waiting = std::mem::take(&mut self.waiting);
        writer.extend(waiting.first.into_iter().chain(waiting.more));
    }

    /// The writer has handed these over to the kernel.
    pub(crate) fn written(&mut self, bytes: usize, packets: usize) {
        self.bytes = self.bytes.saturating_sub(bytes);
        self.packets = self.packets.saturating_sub(packets);
    }

    pub(crate) fn closed(&self) -> Option<DisconnectReason> {
        self.closed
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.first.is_none()
    }

    /// So full that reading more requests, whose answers land here, should wait.
    pub(crate) fn is_half_full(&self, bounds: Bounds) -> bool {
        self.bytes > bounds.bytes / 2 || self.packets > bounds.packets / 2
    }
}
