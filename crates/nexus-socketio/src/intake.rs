//! What a connection's task reads: messages become work for handlers.

use std::task::{Context, Poll};

use crate::{
    DisconnectReason, EngineMessage,
    driver::{Driver, Work},
    frames::Received,
    packet::{Body, Packet},
    stats::Counters,
    websocket::Written,
};

/// Read ahead of the handlers no further than this: far enough for answers to overtake events
/// (a handler may wait for one), near enough to hold a flooding client back.
const MAX_AHEAD: usize = 16;
const MAX_AHEAD_BYTES: usize = 64 * 1024;
const MAX_AT_ONCE: usize = 128;

impl Driver {
    /// Reads into the backlog, as far as there is room.
    pub(crate) fn poll_read(&mut self, cx: &mut Context<'_>) {
        for _ in 0..MAX_AT_ONCE {
            if self.input_ended.is_some() {
                return;
            }
            if self.backlog.len() >= MAX_AHEAD || self.backlog_bytes >= MAX_AHEAD_BYTES {
                self.excuse_silence();
                return;
            }
            let Poll::Ready(received) = self.poll_received(cx) else { return };
            if let Err(reason) = received.and_then(|received| self.receive(received)) {
                if let Some(websocket) = &mut self.websocket {
                    // The answer to a close frame, if there is one to send.
                    let _ = websocket.poll_write(cx, &mut Written::default());
                }
                self.end_input(reason);
                return;
            }
        }
        // A payload of a hundred thousand pongs must not keep a worker from everybody else.
        cx.waker().wake_by_ref();
    }

    /// The pong may lie unread because a handler is slow, but not because the client does not
    /// read our answers.
    fn excuse_silence(&mut self) {
        if self.handling || !self.outbox_is_half_full() {
            self.heartbeat.excuse();
        }
    }

    fn poll_received(&mut self, cx: &mut Context<'_>) -> Poll<Result<Received, DisconnectReason>> {
        if self.post.is_none()
            && let Some(polling) = &self.shared.polling
        {
            self.post = polling.take_post();
        }
        if let Some(post) = &mut self.post {
            if let Some(received) = post.next() {
                return Poll::Ready(received);
            }
            // The client cannot post its pong before this POST is answered.
            self.excuse_silence();
        }
        match &mut self.websocket {
            Some(websocket) => websocket.poll_read(cx),
            None => Poll::Pending,
        }
    }

    fn receive(&mut self, received: Received) -> Result<(), DisconnectReason> {
        let server = self.shared.server.clone();
        Counters::one(&server.counters.packets_in);
        let text = match received {
            Received::Close => {
                if let Some(websocket) = &mut self.websocket {
                    websocket.close(1000);
                }
                return Err(DisconnectReason::TransportClose);
            }
            Received::Binary(bytes) if server.config.engine.is_some() => {
                self.queue(bytes.len(), Work::Message(EngineMessage::Binary(bytes)));
                return Ok(());
            }
            Received::Binary(bytes) => {
                let size = bytes.len();
                let packet = self.decoder.binary(bytes, server.config.max_payload)?;
                self.take_packet(size, packet);
                return Ok(());
            }
            Received::Text(text) => text,
        };
        match text.as_bytes().first() {
            Some(b'4') if server.config.engine.is_some() => {
                let message = text.as_str().get(1..).unwrap_or_default().into();
                self.queue(text.len(), Work::Message(EngineMessage::Text(message)));
            }
            Some(b'4') => {
                let size = text.len();
                let packet = self.decoder.text(text, 1, server.config.max_attachments)?;
                self.take_packet(size, packet);
            }
            Some(b'3') => {
                self.heartbeat.pong();
                self.publish_deadline();
            }
            Some(b'1') => return Err(DisconnectReason::ClientDisconnect),
            // Leftovers of an upgrade.
            Some(b'5' | b'6') => {}
            _ => return Err(DisconnectReason::ParseError),
        }
        Ok(())
    }

    /// Answers go to whoever waits at once: the handler that runs may be who waits.
    fn take_packet(&mut self, size: usize, packet: Option<Packet>) {
        match packet {
            Some(Packet { namespace, body: Body::Ack { id, args } }) => {
                let waiting =
                    self.socket(&namespace).and_then(|socket| socket.0.state.lock().acks.take(id));
                if let Some(waiting) = waiting {
                    // Whoever waited may have given up.
                    let _ = waiting.send(args);
                }
            }
            Some(packet) => self.queue(size, Work::Packet(packet)),
            None => {}
        }
    }

    fn queue(&mut self, size: usize, work: Work) {
        self.backlog_bytes += size;
        self.backlog.push_back(work);
    }
}
