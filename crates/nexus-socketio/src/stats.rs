//! Numbers for a metrics page.

use std::sync::atomic::{AtomicU64, Ordering};

/// What a server is doing; counts of events are totals since it was built.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Open connections.
    pub connections: u64,
    /// Of these, on a WebSocket.
    pub websocket: u64,
    /// Of these, polling.
    pub polling: u64,
    /// Connected sockets, over all namespaces.
    pub sockets: u64,
    /// Bytes that wait to be sent, over all connections.
    pub buffered_bytes: u64,
    /// Connections opened.
    pub connections_total: u64,
    /// Connections cut because they read too slowly.
    pub slow_consumers_cut: u64,
    /// Connections cut because no pong came.
    pub ping_timeouts: u64,
    /// Connections cut because they sent too much at once.
    pub payloads_too_large: u64,
    /// Connections cut because they sent no valid packet.
    pub parse_errors: u64,
    /// Handlers that panicked.
    pub handler_panics: u64,
    /// Handshakes and connects the application refused.
    pub refused: u64,
    /// Engine.IO messages received.
    pub packets_in: u64,
    /// Engine.IO messages sent.
    pub packets_out: u64,
}

#[derive(Default)]
pub(crate) struct Counters {
    pub sockets: AtomicU64,
    pub connections_total: AtomicU64,
    pub slow_consumers_cut: AtomicU64,
    pub ping_timeouts: AtomicU64,
    pub payloads_too_large: AtomicU64,
    pub parse_errors: AtomicU64,
    pub handler_panics: AtomicU64,
    pub refused: AtomicU64,
    pub packets_in: AtomicU64,
    packets_out: AtomicU64,
}

impl Counters {
    pub(crate) fn sent(&self, messages: usize) {
        self.packets_out.fetch_add(messages as u64, Ordering::Relaxed);
    }

    pub(crate) fn one(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// The totals; what is counted over connections is for the caller to add.
    pub(crate) fn snapshot(&self) -> Stats {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Stats {
            sockets: read(&self.sockets),
            connections_total: read(&self.connections_total),
            slow_consumers_cut: read(&self.slow_consumers_cut),
            ping_timeouts: read(&self.ping_timeouts),
            payloads_too_large: read(&self.payloads_too_large),
            parse_errors: read(&self.parse_errors),
            handler_panics: read(&self.handler_panics),
            refused: read(&self.refused),
            packets_in: read(&self.packets_in),
            packets_out: read(&self.packets_out),
            ..Stats::default()
        }
    }
}
