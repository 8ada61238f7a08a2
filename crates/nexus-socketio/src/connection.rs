//! One client's connection, as the application and the rest of the crate see it.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU8, Ordering},
    },
};

use futures_util::task::AtomicWaker;
use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::{
    DisconnectReason, EmitError, Extensions, Socket, outbox::Outbox, packet::Encoded,
    polling::Polling, server::Server,
};

/// How a connection currently travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// HTTP long-polling.
    Polling,
    /// A WebSocket.
    WebSocket,
}

impl Transport {
    /// The protocol's name for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Polling => "polling",
            Self::WebSocket => "websocket",
        }
    }
}

/// A handle on a connection; all sockets of one client, one per namespace, share it.
#[derive(Clone)]
pub struct Connection(pub(crate) Arc<Shared>);

/// What the connection's task, its sockets and its HTTP requests share.
pub(crate) struct Shared {
    pub id: u64,
    pub server: Arc<Server>,
    pub extensions: Extensions,
    pub outbox: Mutex<Outbox>,
    /// Wakes the connection's task.
    pub task: AtomicWaker,
    /// Every socket from when its `connect` handler said yes until its `disconnect` handler runs.
    pub sockets: Mutex<Vec<Socket>>,
    /// Present if the session began with polling.
    pub polling: Option<Box<Polling>>,
    /// Something was sent, or nothing will be any more.
    pub drained: Notify,
    /// A socket has left, and its `disconnect` handler is due.
    pub departures: AtomicBool,
    transport: AtomicU8,
}

impl Shared {
    pub(crate) fn new(
        id: u64,
        server: Arc<Server>,
        extensions: http::Extensions,
        polling: Option<Box<Polling>>,
    ) -> Self {
        let transport = AtomicU8::new(u8::from(polling.is_none()));
        Self {
            id,
            server,
            extensions: Extensions::new(extensions),
            outbox: Mutex::default(),
            task: AtomicWaker::new(),
            sockets: Mutex::default(),
            polling,
            drained: Notify::new(),
            departures: AtomicBool::new(false),
            transport,
        }
    }

    pub(crate) fn transport(&self) -> Transport {
        match self.transport.load(Ordering::Acquire) {
            0 => Transport::Polling,
            _ => Transport::WebSocket,
        }
    }

    pub(crate) fn set_websocket(&self) {
        self.transport.store(1, Ordering::Release);
    }

    pub(crate) fn push(&self, packet: &Encoded) -> Result<(), EmitError> {
        let result = self.outbox.lock().push(packet, self.server.config.bounds);
        match result {
            Ok(()) => self.wake(),
            Err(EmitError::Overflow) => {
                self.wake();
                self.drained.notify_waiters();
            }
            Err(_) => {}
        }
        result
    }

    /// Begins the end; the task does the rest. The first reason given stands.
    pub(crate) fn close(&self, reason: DisconnectReason) {
        self.outbox.lock().close(reason);
        self.wake();
        self.drained.notify_waiters();
    }

    pub(crate) fn closed(&self) -> Option<DisconnectReason> {
        self.outbox.lock().closed()
    }

    /// Wakes whoever sends: the task, and a poll that waits.
    pub(crate) fn wake(&self) {
        self.task.wake();
        if let Some(polling) = &self.polling {
            polling.wake();
        }
    }
}

impl Connection {
    /// A number unique in this process, good for logs; it opens nothing.
    pub fn id(&self) -> u64 {
        self.0.id
    }

    /// How the connection travels now; polling may become a WebSocket.
    pub fn transport(&self) -> Transport {
        self.0.transport()
    }

    /// What `on_handshake` returned, and what the application added.
    pub fn extensions(&self) -> &Extensions {
        &self.0.extensions
    }

    /// The connection's connected sockets, at most one per namespace.
    pub fn sockets(&self) -> Vec<Socket> {
        let sockets = self.0.sockets.lock().clone();
        sockets.into_iter().filter(Socket::is_connected).collect()
    }

    /// Ends the whole connection, with all its sockets. What is queued is sent first, if the
    /// client reads it.
    pub fn close(&self, reason: DisconnectReason) {
        self.0.close(reason);
    }

    /// Waits until less than half of the outbound bound is taken: for who has much to send and
    /// would rather wait than have the client cut.
    pub async fn writable(&self) -> Result<(), EmitError> {
        loop {
            let drained = self.0.drained.notified();
            tokio::pin!(drained);
            // Registered before the look, so that no change is missed.
            drained.as_mut().enable();
            {
                let outbox = self.0.outbox.lock();
                if outbox.closed().is_some() {
                    return Err(EmitError::Disconnected);
                }
                if !outbox.is_half_full(self.0.server.config.bounds) {
                    return Ok(());
                }
            }
            drained.await;
        }
    }

    /// Whether nothing has ended the connection yet.
    pub fn is_open(&self) -> bool {
        self.0.closed().is_none()
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("id", &self.0.id)
            .field("transport", &self.transport())
            .finish_non_exhaustive()
    }
}
