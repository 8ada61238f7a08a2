//! The errors an application can meet.

use serde::Serialize;

/// Why a packet was not queued.
#[derive(Debug, thiserror::Error)]
pub enum EmitError {
    /// The arguments could not be written as JSON.
    #[error("the arguments are not serializable: {0}")]
    Serialize(#[from] serde_json::Error),
    /// The socket has left.
    #[error("the socket is disconnected")]
    Disconnected,
    /// The client reads too slowly: this packet crossed the bound and its connection was cut.
    #[error("the outbound queue is full")]
    Overflow,
}

/// Why [`Socket::emit_with_ack`](crate::Socket::emit_with_ack) has no answer.
#[derive(Debug, thiserror::Error)]
pub enum AckError {
    /// The packet was never queued.
    #[error(transparent)]
    Emit(#[from] EmitError),
    /// The client did not answer in time.
    #[error("no acknowledgement in time")]
    Timeout,
    /// The socket left before it answered.
    #[error("the socket disconnected before it answered")]
    Disconnected,
}

/// Why an argument is not what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum ArgError {
    /// There are fewer arguments than that.
    #[error("argument {0} is missing")]
    Missing(usize),
    /// It has another shape.
    #[error("argument {index} has another shape: {source}")]
    Shape {
        /// Which argument, from 0.
        index: usize,
        /// What the deserializer said.
        source: serde_json::Error,
    },
    /// It is no placeholder of an attachment that came with the packet.
    #[error("argument {0} is no attachment")]
    NoAttachment(usize),
}

/// Why a namespace refuses a client; the client sees it as `connect_error`.
#[derive(Debug, Clone, Serialize)]
pub struct ConnectError {
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<serde_json::Value>,
}

impl ConnectError {
    /// A refusal with this message.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), data: None }
    }

    /// Adds what the client reads as `error.data`. Data that is no JSON is left out.
    #[must_use]
    pub fn data(mut self, data: impl Serialize) -> Self {
        self.data = serde_json::to_value(data).ok();
        self
    }

    /// The message given to [`ConnectError::new`].
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// Why a request is turned away before it reaches a session.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// The HTTP status of the answer.
    pub status: http::StatusCode,
    /// A stable machine-readable code.
    pub code: String,
    /// A sentence for people.
    pub message: String,
}

impl Refusal {
    /// A refusal with this status, code and message.
    pub fn new(
        status: http::StatusCode,
        code: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self { status, code: code.into(), message: message.into() }
    }
}
