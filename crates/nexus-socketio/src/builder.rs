//! Settings of a server.

use std::{collections::HashMap, sync::Arc, time::Duration};

use http::request::Parts;

use crate::{
    Connection, Engine, Namespace, Refusal, SocketIo,
    outbox::Bounds,
    registry::{NamespaceState, Rooms},
};

type OnHandshake = dyn Fn(&Parts) -> Result<http::Extensions, Refusal> + Send + Sync;
type OnRequest = dyn Fn(&Parts, &Connection) -> Result<(), Refusal> + Send + Sync;

pub(crate) struct Config {
    pub ping_interval: Duration,
    pub ping_timeout: Duration,
    pub connect_timeout: Duration,
    pub upgrade_timeout: Duration,
    pub max_payload: usize,
    pub max_attachments: usize,
    pub max_namespaces: usize,
    pub bounds: Bounds,
    pub cors_any: bool,
    pub on_handshake: Option<Box<OnHandshake>>,
    pub on_request: Option<Box<OnRequest>>,
    pub engine: Option<Arc<dyn Engine>>,
}

/// Builds a [`SocketIo`].
#[must_use = "a builder does nothing until it builds"]
pub struct Builder {
    config: Config,
    namespaces: HashMap<Box<str>, Arc<NamespaceState>>,
}

impl Builder {
    pub(crate) fn new() -> Self {
        let config = Config {
            ping_interval: Duration::from_secs(25),
            ping_timeout: Duration::from_secs(20),
            connect_timeout: Duration::from_secs(45),
            upgrade_timeout: Duration::from_secs(10),
            max_payload: 1_000_000,
            max_attachments: 10,
            max_namespaces: 8,
            bounds: Bounds { bytes: 1 << 20, packets: 256 },
            cors_any: false,
            on_handshake: None,
            on_request: None,
            engine: None,
        };
        Self { config, namespaces: HashMap::new() }
    }

    /// How long after the last pong a connection is pinged; 25 s.
    pub fn ping_interval(mut self, interval: Duration) -> Self {
        self.config.ping_interval = interval;
        self
    }

    /// How long a client has for its pong; 20 s.
    pub fn ping_timeout(mut self, timeout: Duration) -> Self {
        self.config.ping_timeout = timeout;
        self
    }

    /// How long a client has to join a first namespace; 45 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.config.connect_timeout = timeout;
        self
    }

    /// How long an upgrade from polling to a WebSocket may take; 10 s.
    pub fn upgrade_timeout(mut self, timeout: Duration) -> Self {
        self.config.upgrade_timeout = timeout;
        self
    }

    /// The most a client may send at once; 1,000,000 bytes. Bounds a polling request's body, a
    /// WebSocket frame and message, and an event with all its attachments. More ends the
    /// connection.
    pub fn max_payload(mut self, bytes: usize) -> Self {
        // Positions in a packet are kept as u32.
        self.config.max_payload = bytes.min(1 << 30);
        self
    }

    /// How many attachments a packet may have; 10.
    pub fn max_attachments(mut self, count: usize) -> Self {
        self.config.max_attachments = count;
        self
    }

    /// How many namespaces a connection may be in at a time; 8.
    pub fn max_namespaces_per_connection(mut self, count: usize) -> Self {
        self.config.max_namespaces = count;
        self
    }

    /// How many bytes may wait to be sent to one connection before it is cut; 1 MiB.
    pub fn max_buffered_bytes(mut self, bytes: usize) -> Self {
        self.config.bounds.bytes = bytes;
        self
    }

    /// How many messages may wait to be sent to one connection before it is cut; 256.
    pub fn max_buffered_packets(mut self, count: usize) -> Self {
        self.config.bounds.packets = count;
        self
    }

    /// Lets every origin use polling. For fixtures; a product puts its own CORS layer outside.
    pub fn cors_any(mut self) -> Self {
        self.config.cors_any = true;
        self
    }

    /// Asked for every new session, whatever its transport. Sees headers, cookies, the origin
    /// and whatever layers outside have put into the request's extensions; what it returns is
    /// kept as [`Connection::extensions`], and nothing else of the request is.
    pub fn on_handshake(
        mut self,
        check: impl Fn(&Parts) -> Result<http::Extensions, Refusal> + Send + Sync + 'static,
    ) -> Self {
        self.config.on_handshake = Some(Box::new(check));
        self
    }

    /// Asked for every later request of a session: polls, posts and the upgrade to a WebSocket.
    pub fn on_request(
        mut self,
        check: impl Fn(&Parts, &Connection) -> Result<(), Refusal> + Send + Sync + 'static,
    ) -> Self {
        self.config.on_request = Some(Box::new(check));
        self
    }

    /// Adds a namespace; a path without a leading `/` is given one.
    pub fn namespace(mut self, path: &str, handler: impl Namespace) -> Self {
        let path: Box<str> = match path.strip_prefix('/') {
            Some(_) => path.into(),
            None => format!("/{path}").into(),
        };
        let state = NamespaceState {
            path: path.clone(),
            handler: Arc::new(handler),
            rooms: parking_lot::RwLock::new(Rooms::default()),
        };
        self.namespaces.insert(path, Arc::new(state));
        self
    }

    /// Serves bare Engine.IO: all messages go to `engine`, and namespaces are not used.
    pub fn bare_engine(mut self, engine: impl Engine) -> Self {
        self.config.engine = Some(Arc::new(engine));
        self
    }

    /// The server.
    pub fn build(self) -> SocketIo {
        SocketIo::new(self.config, self.namespaces)
    }
}
