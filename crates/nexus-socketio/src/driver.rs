//! A connection's task: reads, writes, keeps the heart beating, and lets handlers run.

use std::{
    collections::VecDeque,
    future::poll_fn,
    pin::Pin,
    sync::{Arc, atomic::Ordering},
    task::{Context, Poll},
    time::Duration,
};

use tokio::time::{Instant, Sleep, sleep_until};

use crate::{
    DisconnectReason, EngineMessage,
    connection::Shared,
    heartbeat::{Beat, Heartbeat},
    packet::{Body, Decoder, Packet},
    polling::Post,
    stats::Counters,
    websocket::{Received, WebSocket, Written},
};

/// Read ahead of the handlers no further than this: far enough for answers to overtake events
/// (a handler may wait for one), near enough to hold a flooding client back.
const MAX_AHEAD: usize = 16;
const MAX_AHEAD_BYTES: usize = 64 * 1024;
/// How long a client that is told goodbye has to take it.
const LINGER: Duration = Duration::from_secs(2);

/// What waits for a handler.
pub(crate) enum Work {
    Packet(Packet),
    Message(EngineMessage),
}

pub(crate) struct Driver {
    pub(crate) shared: Arc<Shared>,
    websocket: Option<WebSocket>,
    decoder: Decoder,
    backlog: VecDeque<Work>,
    backlog_bytes: usize,
    post: Option<Post>,
    heartbeat: Heartbeat,
    timer: Pin<Box<Sleep>>,
    /// Until when a first namespace must be joined.
    pub(crate) connect_by: Option<Instant>,
    /// A handler runs.
    pub(crate) handling: bool,
    /// Since when a write has been stuck.
    stuck_since: Option<Instant>,
}

impl Driver {
    /// For a session that begins on a WebSocket, or, without one, with polling.
    pub(crate) fn new(shared: Arc<Shared>, websocket: Option<WebSocket>) -> Self {
        let config = &shared.server.config;
        let heartbeat = Heartbeat::new(config.ping_interval, config.ping_timeout);
        let now = Instant::now();
        let connect_by = config.engine.is_none().then(|| now + config.connect_timeout);
        let driver = Self {
            websocket,
            decoder: Decoder::default(),
            backlog: VecDeque::new(),
            backlog_bytes: 0,
            post: None,
            timer: Box::pin(sleep_until(heartbeat.at)),
            heartbeat,
            connect_by,
            handling: false,
            stuck_since: None,
            shared,
        };
        driver.publish_deadline();
        driver
    }

    /// Serves the connection to its end.
    pub(crate) async fn run(mut self) {
        let reason = loop {
            if let Some(reason) = self.shared.closed() {
                break reason;
            }
            if self.shared.departures.swap(false, Ordering::AcqRel) {
                self.run_departures().await;
            } else if let Some(work) = self.next_work() {
                self.handle(work).await;
            } else {
                self.finish_post();
                poll_fn(|cx| self.poll_until_work(cx)).await;
            }
        };
        self.end(reason).await;
    }

    async fn end(&mut self, reason: DisconnectReason) {
        self.count_end(reason);
        self.backlog = VecDeque::new();
        if reason.is_graceful() {
            // A POST that ended the session is answered with the error it deserves.
            let failed =
                matches!(reason, DisconnectReason::ParseError | DisconnectReason::PayloadTooLarge);
            match self.post.take() {
                Some(post) if !failed => post.finish(&self.shared),
                _ => {}
            }
            if failed {
                self.shared.server.forget_session(&self.shared);
            }
        } else {
            self.post = None;
            self.websocket = None;
            self.shared.server.forget_session(&self.shared);
        }
        self.leave_all(reason).await;
        let by = Instant::now() + LINGER;
        let farewell = poll_fn(|cx| self.poll_farewell(cx));
        // A client that does not take it has had its time.
        let _ = tokio::time::timeout_at(by, farewell).await;
        self.websocket = None;
        self.shared.outbox.lock().discard();
        self.shared.sockets.lock().clear();
        self.shared.server.ended(&self.shared);
        tracing::debug!(connection = self.shared.id, reason = reason.as_str(), "connection ended");
    }

    fn count_end(&self, reason: DisconnectReason) {
        let counters = &self.shared.server.counters;
        match reason {
            DisconnectReason::SlowConsumer => Counters::one(&counters.slow_consumers_cut),
            DisconnectReason::PingTimeout => Counters::one(&counters.ping_timeouts),
            DisconnectReason::PayloadTooLarge => Counters::one(&counters.payloads_too_large),
            DisconnectReason::ParseError => Counters::one(&counters.parse_errors),
            _ => {}
        }
    }

    fn next_work(&mut self) -> Option<Work> {
        // Answers would land in an outbox that is not being read: let the client read first.
        if self.outbox_is_half_full() {
            return None;
        }
        let work = self.backlog.pop_front();
        if self.backlog.is_empty() {
            self.backlog = VecDeque::new();
            self.backlog_bytes = 0;
        }
        work
    }

    /// A POST is answered when all that came with it is handled.
    fn finish_post(&mut self) {
        if self.backlog.is_empty()
            && let Some(post) = self.post.take_if(|post| post.is_exhausted())
        {
            post.finish(&self.shared);
        }
    }

    fn poll_until_work(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.poll_io(cx);
        let work = self.shared.closed().is_some()
            || self.shared.departures.load(Ordering::Acquire)
            || (!self.backlog.is_empty() && !self.outbox_is_half_full())
            || (self.backlog.is_empty() && self.post.as_ref().is_some_and(Post::is_exhausted));
        if work { Poll::Ready(()) } else { Poll::Pending }
    }

    /// Does what reading, writing and timing there is to do; also while a handler runs.
    pub(crate) fn poll_io(&mut self, cx: &mut Context<'_>) {
        self.shared.task.register(cx.waker());
        if let Some(reason) = self.shared.closed() {
            // What waits is freed at once, even while a handler still runs.
            match reason.is_graceful() {
                true => drop(self.poll_farewell(cx)),
                false => self.websocket = None,
            }
            return;
        }
        self.adopt_upgrade();
        loop {
            let held_back = self.poll_read(cx);
            self.poll_write(cx);
            if !held_back || self.outbox_is_half_full() || self.shared.closed().is_some() {
                break;
            }
        }
        // After reading: a pong that has come must not be missed because we are late.
        self.poll_timer(cx);
        if self.shared.closed().is_some() {
            // Found out just now, so nobody else will wake us for it.
            cx.waker().wake_by_ref();
        }
    }

    fn adopt_upgrade(&mut self) {
        if self.websocket.is_none()
            && let Some(polling) = &self.shared.polling
        {
            self.websocket = polling.take_upgrade();
        }
    }

    fn outbox_is_half_full(&self) -> bool {
        self.shared.outbox.lock().is_half_full(self.shared.server.config.bounds)
    }

    /// Reads into the backlog. True if it stopped only because the outbox is filling up.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> bool {
        loop {
            if self.backlog.len() >= MAX_AHEAD || self.backlog_bytes >= MAX_AHEAD_BYTES {
                self.excuse_silence();
                return false;
            }
            if self.outbox_is_half_full() {
                return true;
            }
            let received = match self.poll_received(cx) {
                Poll::Ready(received) => received,
                Poll::Pending => return false,
            };
            if let Err(reason) = received.and_then(|received| self.receive(received)) {
                self.shared.close(reason);
                if let Some(websocket) = &mut self.websocket {
                    // The answer to a close frame, if there is one to send.
                    let _ = websocket.poll_write(cx, &mut Written::default());
                }
                return false;
            }
        }
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

    fn poll_write(&mut self, cx: &mut Context<'_>) -> bool {
        let Some(websocket) = &mut self.websocket else { return true };
        let mut written = Written::default();
        let result = loop {
            self.shared.outbox.lock().take_into(&mut websocket.outgoing);
            let result = websocket.poll_write(cx, &mut written);
            let mut outbox = self.shared.outbox.lock();
            outbox.written(written.bytes, written.messages);
            self.shared.server.counters.sent(written.messages);
            if written.progress || result.is_ready() {
                self.stuck_since = None;
            }
            written = Written::default();
            if result.is_pending() || outbox.is_empty() {
                break result;
            }
        };
        match result {
            Poll::Ready(Ok(())) => true,
            Poll::Ready(Err(_)) => {
                self.shared.close(DisconnectReason::TransportError);
                true
            }
            Poll::Pending => {
                self.stuck_since.get_or_insert_with(Instant::now);
                false
            }
        }
    }

    fn poll_timer(&mut self, cx: &mut Context<'_>) {
        loop {
            let next = self.connect_by.map_or(self.heartbeat.at, |by| by.min(self.heartbeat.at));
            if self.timer.deadline() != next {
                self.timer.as_mut().reset(next);
            }
            if self.timer.as_mut().poll(cx).is_pending() || self.shared.closed().is_some() {
                return;
            }
            let now = Instant::now();
            if self.connect_by.is_some_and(|by| by <= now) {
                if self.handling {
                    // Likely the `connect` handler itself.
                    self.connect_by = Some(now + Duration::from_secs(1));
                } else {
                    self.shared.close(DisconnectReason::ConnectTimeout);
                }
            }
            if self.heartbeat.at <= now {
                self.beat(now);
            }
        }
    }

    fn beat(&mut self, now: Instant) {
        let config = &self.shared.server.config;
        let patience = config.ping_interval + config.ping_timeout;
        match self.heartbeat.beat() {
            Beat::Ping => {
                self.shared.outbox.lock().push_control("2");
                self.shared.wake();
            }
            Beat::Excused => {
                if self.stuck_since.is_some_and(|since| now - since >= patience) {
                    self.shared.close(DisconnectReason::PingTimeout);
                }
            }
            Beat::Dead => self.shared.close(DisconnectReason::PingTimeout),
        }
        self.publish_deadline();
    }

    fn publish_deadline(&self) {
        if let Some(polling) = &self.shared.polling {
            polling.set_pong_deadline(self.heartbeat.deadline());
        }
    }

    /// Sends what waits and then goodbye; ready when the client has taken it.
    fn poll_farewell(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.shared.task.register(cx.waker());
        self.adopt_upgrade();
        let Some(reason) = self.shared.closed() else { return Poll::Ready(()) };
        if self.websocket.is_none() {
            let waits = self.shared.polling.as_ref().is_some_and(|polling| {
                reason.is_graceful() && !polling.said_farewell() && self.post.is_none()
            });
            return if waits { Poll::Pending } else { Poll::Ready(()) };
        }
        // What is queued goes before the close frame.
        if let Some(websocket) = &mut self.websocket {
            self.shared.outbox.lock().take_into(&mut websocket.outgoing);
            websocket.close(reason.close_code());
        }
        if !self.poll_write(cx) {
            return Poll::Pending;
        }
        match &mut self.websocket {
            Some(websocket) => websocket.poll_drain(cx),
            None => Poll::Ready(()),
        }
    }
}
