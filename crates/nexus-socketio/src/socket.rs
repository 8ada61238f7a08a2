//! A client in one namespace.

use std::{
    fmt,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use parking_lot::Mutex;
use serde::Serialize;

use crate::{
    AckError, Args, Connection, DisconnectReason, EmitError, Extensions, NamespaceRef, Payload,
    ack::{PendingAcks, Waiting},
    connection::Shared,
    packet::{self, Encoded},
    registry::NamespaceState,
};

/// A client in one namespace; a cheap handle.
#[derive(Clone)]
pub struct Socket(pub(crate) Arc<SocketShared>);

pub(crate) struct SocketShared {
    /// Ascending in the order of arrival; the registry's key.
    pub key: u64,
    id: Box<str>,
    pub namespace: Arc<NamespaceState>,
    connection: Connection,
    extensions: Extensions,
    pub state: Mutex<SocketState>,
}

pub(crate) struct SocketState {
    pub phase: Phase,
    /// The names are shared with the registry.
    pub rooms: Vec<Arc<str>>,
    pub acks: PendingAcks,
}

pub(crate) enum Phase {
    /// The `connect` handler runs; these packets wait for its yes.
    Connecting(Vec<Encoded>),
    Connected,
    /// Left its rooms; the `disconnect` handler is due, running or done.
    Left(DisconnectReason),
}

impl Socket {
    pub(crate) fn new(
        key: u64,
        id: Box<str>,
        namespace: Arc<NamespaceState>,
        connection: Arc<Shared>,
    ) -> Self {
        Self(Arc::new(SocketShared {
            key,
            id,
            namespace,
            connection: Connection(connection),
            extensions: Extensions::default(),
            state: Mutex::new(SocketState {
                phase: Phase::Connecting(Vec::new()),
                rooms: Vec::new(),
                acks: PendingAcks::default(),
            }),
        }))
    }

    /// Random, other in each namespace, and not derived from the session id: it may be shown to
    /// other clients.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// The namespace's path.
    pub fn namespace(&self) -> &str {
        &self.0.namespace.path
    }

    /// The namespace, to reach others in it.
    pub fn namespace_ref(&self) -> NamespaceRef {
        NamespaceRef(self.0.namespace.clone())
    }

    /// The connection, shared with this client's sockets in other namespaces.
    pub fn connection(&self) -> &Connection {
        &self.0.connection
    }

    /// What the application keeps on this socket.
    pub fn extensions(&self) -> &Extensions {
        &self.0.extensions
    }

    /// Whether the client has been let in and has not left.
    pub fn is_connected(&self) -> bool {
        matches!(self.0.state.lock().phase, Phase::Connected)
    }

    /// Enters a room; nothing happens if the socket has left.
    pub fn join(&self, room: impl Into<Arc<str>>) {
        self.0.namespace.rooms.write().join(self, room.into());
    }

    /// Leaves a room.
    pub fn leave(&self, room: &str) {
        self.0.namespace.rooms.write().leave(self, room);
    }

    /// Leaves all rooms.
    pub fn leave_all(&self) {
        self.0.namespace.rooms.write().leave_all(self);
    }

    /// The rooms this socket is in.
    pub fn rooms(&self) -> Vec<Arc<str>> {
        self.0.state.lock().rooms.clone()
    }

    /// Sends an event with one argument.
    pub fn emit<T: Serialize + ?Sized>(&self, event: &str, value: &T) -> Result<(), EmitError> {
        self.send(&packet::event(self.namespace(), event, value, None)?)
    }

    /// Sends an event with any number of arguments, binary among them.
    pub fn emit_args(&self, event: &str, payload: Payload) -> Result<(), EmitError> {
        self.send(&packet::event_args(self.namespace(), event, payload, None)?)
    }

    /// Sends an event and waits for the client's answer.
    ///
    /// Inside a handler the answer is only seen if it comes before the client's next few events
    /// (see [`Namespace`](crate::Namespace)): better spawn a task that waits.
    pub async fn emit_with_ack<T: Serialize + ?Sized>(
        &self,
        event: &str,
        value: &T,
        timeout: Duration,
    ) -> Result<Args, AckError> {
        let payload = Payload::new().arg(value);
        self.emit_args_with_ack(event, payload, timeout).await
    }

    /// [`emit_with_ack`](Self::emit_with_ack) with any number of arguments.
    pub async fn emit_args_with_ack(
        &self,
        event: &str,
        payload: Payload,
        timeout: Duration,
    ) -> Result<Args, AckError> {
        let waiting = Waiting::register(self)?;
        self.send(&packet::event_args(self.namespace(), event, payload, Some(waiting.id))?)?;
        waiting.answer(timeout).await
    }

    /// Leaves this namespace; the connection and its other sockets stay. The `disconnect`
    /// handler runs when the handler that runs now, if any, is done.
    pub fn disconnect(&self) {
        if self.leave_with(DisconnectReason::ServerDisconnect) {
            // A socket that is still being let in is refused instead.
            let _ = self.0.connection.0.push(&packet::disconnect(self.namespace()));
        }
        let shared = &self.0.connection.0;
        shared.departures.store(true, Ordering::Release);
        shared.task.wake();
    }

    /// Whether this call made a connected socket leave.
    pub(crate) fn leave_with(&self, reason: DisconnectReason) -> bool {
        let mut rooms = self.0.namespace.rooms.write();
        let before = {
            let mut state = self.0.state.lock();
            state.acks.clear();
            if matches!(state.phase, Phase::Left(_)) {
                return false;
            }
            std::mem::replace(&mut state.phase, Phase::Left(reason))
        };
        rooms.remove(self);
        matches!(before, Phase::Connected)
    }

    pub(crate) fn left(&self) -> Option<DisconnectReason> {
        match self.0.state.lock().phase {
            Phase::Left(reason) => Some(reason),
            _ => None,
        }
    }

    /// Queues a packet, behind the answer to CONNECT if that is still to come.
    pub(crate) fn send(&self, packet: &Encoded) -> Result<(), EmitError> {
        let shared = &self.0.connection.0;
        let mut state = self.0.state.lock();
        match &mut state.phase {
            Phase::Connected => shared.push(packet),
            Phase::Connecting(held) if held.len() < shared.server.config.bounds.packets => {
                held.push(packet.clone());
                Ok(())
            }
            Phase::Connecting(_) => {
                shared.close(DisconnectReason::SlowConsumer);
                Err(EmitError::Overflow)
            }
            Phase::Left(_) => Err(EmitError::Disconnected),
        }
    }

    /// The `connect` handler said yes: answers, then sends what was held back. A socket that
    /// was told to leave meanwhile hears both.
    pub(crate) fn admit(&self) {
        let shared = &self.0.connection.0;
        let mut rooms = self.0.namespace.rooms.write();
        let mut state = self.0.state.lock();
        // A connection that is already over is found so by its task, hence no result matters.
        let _ = shared.push(&packet::connected(self.namespace(), self.id()));
        match &mut state.phase {
            Phase::Connecting(held) => {
                for packet in std::mem::take(held) {
                    let _ = shared.push(&packet);
                }
                state.phase = Phase::Connected;
                drop(state);
                rooms.add(self);
            }
            Phase::Connected | Phase::Left(_) => {
                let _ = shared.push(&packet::disconnect(self.namespace()));
            }
        }
    }
}

impl PartialEq for Socket {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Socket {}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket")
            .field("id", &self.0.id)
            .field("namespace", &self.0.namespace.path)
            .finish_non_exhaustive()
    }
}
