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
    DisconnectReason, EngineMessage, Transport,
    connection::Shared,
    heartbeat::{Beat, Heartbeat},
    packet::{Decoder, Packet},
    polling::Post,
    stats::Counters,
    websocket::{WebSocket, Written},
};

/// How long a client that is told goodbye has to take it.
const LINGER: Duration = Duration::from_secs(2);

/// What waits for a handler.
pub(crate) enum Work {
    Packet(Packet),
    Message(EngineMessage),
}

pub(crate) struct Driver {
    pub(crate) shared: Arc<Shared>,
    pub(crate) websocket: Option<WebSocket>,
    pub(crate) decoder: Decoder,
    pub(crate) backlog: VecDeque<Work>,
    pub(crate) backlog_bytes: usize,
    pub(crate) post: Option<Post>,
    pub(crate) heartbeat: Heartbeat,
    timer: Pin<Box<Sleep>>,
    /// Until when a first namespace must be joined.
    pub(crate) connect_by: Option<Instant>,
    /// A handler runs.
    pub(crate) handling: bool,
    /// Since when a write has been stuck.
    stuck_since: Option<Instant>,
    /// Nothing more will come, and why. What came before is still handled: a client may send its
    /// last words and close in one breath.
    pub(crate) input_ended: Option<DisconnectReason>,
    /// Since when the client takes nothing more. What it sent before may still lie unread, and
    /// reading will tell when that is all.
    output_failed: Option<Instant>,
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
            input_ended: None,
            output_failed: None,
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
                // Handlers that never wait must let other connections have their turn.
                tokio::task::coop::consume_budget().await;
            } else if let Some(reason) = self.input_ended {
                self.shared.close(reason);
            } else if self.shared.server.is_closing() {
                // All that came is answered.
                self.shared.close(DisconnectReason::ServerShutdown);
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
            let failed = reason.is_clients_fault();
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
        self.discard_unsendable();
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
            || self.input_ended.is_some()
            || self.shared.server.is_closing()
            || (!self.backlog.is_empty() && !self.outbox_is_half_full())
            || (self.backlog.is_empty() && self.post.as_ref().is_some_and(Post::is_exhausted));
        if work { Poll::Ready(()) } else { Poll::Pending }
    }

    /// Does what reading, writing and timing there is to do; also while a handler runs.
    pub(crate) fn poll_io(&mut self, cx: &mut Context<'_>) {
        self.shared.task.register(cx.waker());
        if let Some(reason) = self.shared.closed() {
            // What waits is freed at once, even while a handler still runs.
            if !reason.is_graceful() || self.poll_farewell(cx).is_ready() {
                self.websocket = None;
            }
            return;
        }
        self.adopt_upgrade();
        if let Some(reason) = self.shared.polling.as_ref().and_then(|polling| polling.lost()) {
            self.end_input(reason);
        }
        self.discard_unsendable();
        self.poll_read(cx);
        self.poll_write(cx);
        // After reading: a pong that has come must not be missed because we are late.
        if self.input_ended.is_none() {
            self.poll_timer(cx);
        }
        if self.shared.closed().is_some() {
            // Found out just now, so nobody else will wake us for it.
            cx.waker().wake_by_ref();
        }
    }

    /// The first reason stands. Without a transport, its memory is free at once.
    pub(crate) fn end_input(&mut self, reason: DisconnectReason) {
        self.input_ended.get_or_insert(reason);
        if !reason.is_graceful() {
            self.websocket = None;
        }
    }

    /// Handlers of what came before the end may still emit; nobody will read it.
    fn discard_unsendable(&self) {
        let no_transport = self.input_ended.is_some_and(|reason| !reason.is_graceful());
        if no_transport || self.output_failed.is_some() {
            self.shared.outbox.lock().discard();
        }
    }

    fn adopt_upgrade(&mut self) {
        if self.websocket.is_none()
            && let Some(polling) = &self.shared.polling
        {
            self.websocket = polling.take_upgrade();
        }
    }

    pub(crate) fn outbox_is_half_full(&self) -> bool {
        self.shared.outbox.lock().is_half_full(self.shared.server.config.bounds)
    }

    fn poll_write(&mut self, cx: &mut Context<'_>) -> bool {
        let Some(websocket) = self.websocket.as_mut().filter(|_| self.output_failed.is_none())
        else {
            return true;
        };
        let mut written = Written::default();
        let result = loop {
            self.shared.outbox.lock().take_into(&mut websocket.outgoing);
            let result = websocket.poll_write(cx, &mut written);
            let mut outbox = self.shared.outbox.lock();
            outbox.written(written.bytes, written.messages);
            self.shared.server.counters.sent(written.messages);
            if written.messages > 0 {
                self.shared.drained.notify_waiters();
            }
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
                self.output_failed = Some(Instant::now());
                self.discard_unsendable();
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
            let give_up = self.output_failed.map(|since| since + LINGER);
            let others = [self.connect_by, give_up].into_iter().flatten();
            let next = others.fold(self.heartbeat.at, Instant::min);
            if self.timer.deadline() != next {
                self.timer.as_mut().reset(next);
            }
            if self.timer.as_mut().poll(cx).is_pending() || self.shared.closed().is_some() {
                return;
            }
            let now = Instant::now();
            if give_up.is_some_and(|by| by <= now) {
                self.end_input(DisconnectReason::TransportError);
                return;
            }
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

    pub(crate) fn publish_deadline(&self) {
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
            let told = self.shared.polling.as_ref().is_none_or(|polling| polling.said_farewell());
            let done = told || !reason.is_graceful() || reason.is_clients_fault();
            let polling = self.shared.transport() == Transport::Polling;
            return if done || !polling { Poll::Ready(()) } else { Poll::Pending };
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
