//! Why a socket left.

use std::fmt;

/// Why a socket is no longer connected, as told to [`Namespace::disconnect`](crate::Namespace::disconnect).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DisconnectReason {
    /// The client left the namespace, or closed the session in so many words.
    ClientDisconnect,
    /// The client's connection ended: tab closed, network gone, poll cancelled.
    TransportClose,
    /// Reading or writing failed, or the client broke the transport's rules.
    TransportError,
    /// No pong came in time, or the client stopped reading.
    PingTimeout,
    /// The client read more slowly than it was written to, past the bound.
    SlowConsumer,
    /// The client sent more than `max_payload` at once.
    PayloadTooLarge,
    /// The client sent something that is no packet.
    ParseError,
    /// The client joined no namespace within `connect_timeout`.
    ConnectTimeout,
    /// The application closed the socket or its connection.
    ServerDisconnect,
    /// [`SocketIo::close`](crate::SocketIo::close) was called.
    ServerShutdown,
    /// A handler of this connection panicked.
    HandlerPanicked,
}

impl DisconnectReason {
    /// The stable name, for logs, metrics and clients.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ClientDisconnect => "client_disconnect",
            Self::TransportClose => "transport_close",
            Self::TransportError => "transport_error",
            Self::PingTimeout => "ping_timeout",
            Self::SlowConsumer => "slow_consumer",
            Self::PayloadTooLarge => "payload_too_large",
            Self::ParseError => "parse_error",
            Self::ConnectTimeout => "connect_timeout",
            Self::ServerDisconnect => "server_disconnect",
            Self::ServerShutdown => "server_shutdown",
            Self::HandlerPanicked => "handler_panicked",
        }
    }

    /// Whether what is queued is still worth sending before the connection ends.
    pub(crate) fn is_graceful(self) -> bool {
        !matches!(
            self,
            Self::TransportClose | Self::TransportError | Self::PingTimeout | Self::SlowConsumer
        )
    }

    /// Whether a request of the client is at fault, whose answer says so.
    pub(crate) fn is_clients_fault(self) -> bool {
        matches!(self, Self::ParseError | Self::PayloadTooLarge)
    }

    /// The WebSocket close code that says the same.
    pub(crate) fn close_code(self) -> u16 {
        match self {
            Self::ServerShutdown => 1001,
            Self::ParseError => 1002,
            Self::PayloadTooLarge => 1009,
            Self::HandlerPanicked => 1011,
            Self::SlowConsumer | Self::ConnectTimeout | Self::PingTimeout => 1008,
            _ => 1000,
        }
    }
}

impl fmt::Display for DisconnectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
