//! What the application implements.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::value::RawValue;

use crate::{Ack, Args, ConnectError, DisconnectReason, Socket};

/// The application's side of a namespace.
///
/// All calls for one connection, whatever their namespace, come one after the other from
/// that connection's task: the next is made when the last has returned. While one runs,
/// writes and pings go on, and a slow handler is not mistaken for a dead peer.
#[async_trait]
pub trait Namespace: Send + Sync + 'static {
    /// A client wants in. Runs before the client is told: rooms may be joined, and packets
    /// emitted here go out after the answer.
    async fn connect(&self, socket: &Socket, auth: Option<&RawValue>) -> Result<(), ConnectError>;

    /// An event came. What a client sends right before it hangs up is still handled, though
    /// answers then go nowhere.
    async fn event(&self, socket: &Socket, event: Event);

    /// A socket whose `connect` said yes has left: called exactly once for each, on shutdown
    /// too. The socket has already left its rooms.
    async fn disconnect(&self, socket: &Socket, reason: DisconnectReason);
}

/// A namespace that somebody else holds too.
#[async_trait]
impl<N: Namespace + ?Sized> Namespace for Arc<N> {
    async fn connect(&self, socket: &Socket, auth: Option<&RawValue>) -> Result<(), ConnectError> {
        N::connect(self, socket, auth).await
    }

    async fn event(&self, socket: &Socket, event: Event) {
        N::event(self, socket, event).await;
    }

    async fn disconnect(&self, socket: &Socket, reason: DisconnectReason) {
        N::disconnect(self, socket, reason).await;
    }
}

/// An event as received.
#[derive(Debug)]
pub struct Event {
    /// Its name.
    pub name: Box<str>,
    /// What came after the name.
    pub args: Args,
    /// Present if the client waits for an answer.
    pub ack: Option<Ack>,
}
