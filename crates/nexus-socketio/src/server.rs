//! The server: its namespaces, its connections, and its end.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::{
    Builder, DisconnectReason, NamespaceRef, SocketIoService, Stats, Transport, builder::Config,
    connection::Shared, polling::Polling, registry::NamespaceState, stats::Counters,
};

/// A Socket.IO server; a cheap handle.
#[derive(Clone)]
pub struct SocketIo(pub(crate) Arc<Server>);

pub(crate) struct Server {
    pub config: Config,
    pub namespaces: HashMap<Box<str>, Arc<NamespaceState>>,
    pub counters: Counters,
    connections: Mutex<HashMap<u64, Arc<Shared>>>,
    /// Sessions that began with polling, by their id. The id opens the session: never log it.
    sessions: Mutex<HashMap<Box<str>, Arc<Shared>>>,
    keys: AtomicU64,
    closing: AtomicBool,
    one_ended: Notify,
}

impl SocketIo {
    /// A server with default settings, to be changed.
    pub fn builder() -> Builder {
        Builder::new()
    }

    pub(crate) fn new(config: Config, namespaces: HashMap<Box<str>, Arc<NamespaceState>>) -> Self {
        Self(Arc::new(Server {
            config,
            namespaces,
            counters: Counters::default(),
            connections: Mutex::default(),
            sessions: Mutex::default(),
            keys: AtomicU64::new(1),
            closing: AtomicBool::new(false),
            one_ended: Notify::new(),
        }))
    }

    /// A namespace of this server.
    pub fn of(&self, path: &str) -> Option<NamespaceRef> {
        self.0.namespaces.get(path).cloned().map(NamespaceRef)
    }

    /// The HTTP service, to be mounted at a path; it does not look at the path itself.
    pub fn service(&self) -> SocketIoService {
        SocketIoService(self.0.clone())
    }

    /// Refuses newcomers, answers the events that have come, tells every client goodbye, and waits
    /// until every `disconnect` handler has run, or for `deadline` at most. Half of it is for the
    /// answers. Returns how many connections were still open at the end: their handlers were slow,
    /// and go on.
    pub async fn close(&self, deadline: Duration) -> usize {
        self.0.closing.store(true, Ordering::SeqCst);
        // Whoever comes from here on is closed by `open`; the others by their tasks, when idle.
        self.each_open(|shared| shared.wake());
        if self.all_ended(deadline / 2).await > 0 {
            self.each_open(|shared| shared.close(DisconnectReason::ServerShutdown));
        }
        self.all_ended(deadline / 2).await
    }

    fn each_open(&self, tell: impl Fn(&Shared)) {
        let open: Vec<_> = self.0.connections.lock().values().cloned().collect();
        open.iter().for_each(|shared| tell(shared));
    }

    /// Waits for at most `patience`; how many are still open.
    async fn all_ended(&self, patience: Duration) -> usize {
        let ended = async {
            loop {
                let next = self.0.one_ended.notified();
                tokio::pin!(next);
                // Registered before the look, so that no end is missed.
                next.as_mut().enable();
                if self.0.connections.lock().is_empty() {
                    return;
                }
                next.await;
            }
        };
        let _ = tokio::time::timeout(patience, ended).await;
        self.0.connections.lock().len()
    }

    /// What the server is doing.
    pub fn stats(&self) -> Stats {
        let mut stats = self.0.counters.snapshot();
        for shared in self.0.connections.lock().values() {
            stats.connections += 1;
            match shared.transport() {
                Transport::Polling => stats.polling += 1,
                Transport::WebSocket => stats.websocket += 1,
            }
            stats.buffered_bytes += shared.outbox.lock().bytes() as u64;
        }
        stats
    }
}

impl std::fmt::Debug for SocketIo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SocketIo").finish_non_exhaustive()
    }
}

impl Server {
    /// A number that never comes again.
    pub(crate) fn next_key(&self) -> u64 {
        self.keys.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }

    /// Opens a connection; with a session id if it begins with polling.
    pub(crate) fn open(
        self: &Arc<Self>,
        extensions: http::Extensions,
        sid: Option<Box<str>>,
    ) -> Arc<Shared> {
        let id = self.next_key();
        let polling = sid.clone().map(|sid| Box::new(Polling::new(sid)));
        let shared = Arc::new(Shared::new(id, self.clone(), extensions, polling));
        self.connections.lock().insert(id, shared.clone());
        if let Some(sid) = sid {
            self.sessions.lock().insert(sid, shared.clone());
        }
        Counters::one(&self.counters.connections_total);
        if self.is_closing() {
            // `close` may have looked just before.
            shared.close(DisconnectReason::ServerShutdown);
        }
        shared
    }

    pub(crate) fn session(&self, sid: &str) -> Option<Arc<Shared>> {
        self.sessions.lock().get(sid).cloned()
    }

    /// No request finds the session any more.
    pub(crate) fn forget_session(&self, shared: &Shared) {
        if let Some(polling) = &shared.polling {
            self.sessions.lock().remove(&polling.sid);
        }
    }

    pub(crate) fn ended(&self, shared: &Shared) {
        self.forget_session(shared);
        self.connections.lock().remove(&shared.id);
        self.one_ended.notify_waiters();
    }
}

/// A name nobody can guess: 144 random bits, for URLs and JSON alike.
pub(crate) fn random_id() -> Result<Box<str>, getrandom::Error> {
    let mut bytes = [0; 18];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes).into())
}
