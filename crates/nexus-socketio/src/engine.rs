//! Bare Engine.IO, for those who want messages without namespaces and events.

use async_trait::async_trait;
use bytes::Bytes;

use crate::{Connection, EmitError, packet::Encoded};

/// An Engine.IO message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineMessage {
    /// Text.
    Text(Box<str>),
    /// Bytes.
    Binary(Bytes),
}

/// Takes the place of all namespaces, see [`Builder::bare_engine`](crate::Builder::bare_engine).
#[async_trait]
pub trait Engine: Send + Sync + 'static {
    /// A message came. Awaited before the next one of the same connection.
    async fn message(&self, connection: &Connection, message: EngineMessage);
}

impl Connection {
    /// Sends a bare Engine.IO message; Socket.IO clients do not expect any.
    pub fn send_message(&self, message: EngineMessage) -> Result<(), EmitError> {
        self.0.push(&match message {
            EngineMessage::Text(text) => Encoded::text([b"4".as_slice(), text.as_bytes()].concat()),
            EngineMessage::Binary(bytes) => Encoded::binary(bytes),
        })
    }
}
