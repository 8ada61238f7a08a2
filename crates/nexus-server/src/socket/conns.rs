//! The connections of this node: whose they are, and until when.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU8, AtomicU32, Ordering},
    },
};

use nexus_core::{auth::Caller, presence};
use nexus_protocol::{SessionId, Timestamp, UserId, event::PresenceWish};
use nexus_socketio::{Connection, DisconnectReason, Socket};
use parking_lot::Mutex;
use uuid::Uuid;

use super::{Edge, SocketSettings, expiry::Deadlines, failures::Told};

/// A connection that was let in.
pub struct Conn {
    /// Names it among all nodes' connections.
    pub id: Uuid,
    pub user: UserId,
    pub session: SessionId,
    pub connection: Connection,
    /// Namespaces it is in.
    pub namespaces: AtomicU8,
    /// Background clients get no typing and no presence.
    pub foreground: AtomicBool,
    /// Whose presence it watches.
    pub watched: Mutex<Vec<UserId>>,
    /// Held while it is found out which of them may be watched.
    pub watching: tokio::sync::Mutex<()>,
    /// Watermarks that wait for their answer.
    pub receipts: AtomicU32,
    /// Failures its client was told of.
    pub told: Told,
    wish: Mutex<PresenceWish>,
    bucket: Mutex<Bucket>,
}

/// Events this connection has sent of late.
struct Bucket {
    spent: u32,
    refilled_at: Timestamp,
}

impl Conn {
    /// Takes one event from the connection's budget; false is a flood.
    pub fn spend(&self, settings: &SocketSettings, now: Timestamp) -> bool {
        let Some(flood) = settings.flood else { return true };
        let mut bucket = self.bucket.lock();
        let millis = u64::try_from(now.since(bucket.refilled_at).as_millis()).unwrap_or(u64::MAX);
        let back = millis.saturating_mul(u64::from(flood.per_sec)) / 1_000;
        if back > 0 {
            let spent = u64::from(bucket.spent).saturating_sub(back);
            bucket.spent = u32::try_from(spent).unwrap_or(u32::MAX);
            bucket.refilled_at = now;
        }
        bucket.spent = bucket.spent.saturating_add(1);
        bucket.spent <= flood.burst
    }

    /// Its socket in this namespace.
    pub fn socket(&self, namespace: &str) -> Option<Socket> {
        self.connection.sockets().into_iter().find(|socket| socket.namespace() == namespace)
    }

    /// Ends the connection so that an official client does not come back by itself: it is told that
    /// it was sent away ("io server disconnect") before the connection closes.
    pub fn dismiss(&self) {
        self.connection.sockets().iter().for_each(Socket::disconnect);
        self.connection.close(DisconnectReason::ServerDisconnect);
    }

    pub fn wish(&self) -> PresenceWish {
        *self.wish.lock()
    }
}

#[derive(Default)]
pub struct Conns {
    open: Mutex<Open>,
    pub deadlines: Deadlines,
}

#[derive(Default)]
struct Open {
    all: HashMap<u64, Arc<Conn>>,
    per_user: HashMap<UserId, usize>,
    /// Who asked not to be seen: their next connection, too, must not show them.
    invisible: HashSet<UserId>,
}

impl Conns {
    /// `None` when the user has too many.
    pub fn open(&self, edge: &Edge, connection: Connection, caller: Caller) -> Option<Arc<Conn>> {
        let now = edge.core.clock.now();
        let mut open = self.open.lock();
        let count = open.per_user.entry(caller.user).or_default();
        if *count >= edge.settings.connections_per_user {
            return None;
        }
        *count += 1;
        let wish = match open.invisible.contains(&caller.user) {
            true => PresenceWish::Invisible,
            false => PresenceWish::Online,
        };
        let conn = Arc::new(Conn {
            id: edge.core.ids.uuid(),
            user: caller.user,
            session: caller.session,
            connection,
            namespaces: AtomicU8::new(0),
            foreground: AtomicBool::new(true),
            watched: Mutex::default(),
            watching: Default::default(),
            receipts: AtomicU32::new(0),
            told: Told::default(),
            wish: Mutex::new(wish),
            bucket: Mutex::new(Bucket { spent: 0, refilled_at: now }),
        });
        open.all.insert(conn.connection.id(), conn.clone());
        self.deadlines.set(&conn, caller.expires_at);
        Some(conn)
    }

    pub fn close(&self, conn: &Conn) {
        let mut open = self.open.lock();
        if open.all.remove(&conn.connection.id()).is_none() {
            return;
        }
        if let Some(count) = open.per_user.get_mut(&conn.user) {
            *count -= 1;
            if *count == 0 {
                open.per_user.remove(&conn.user);
            }
        }
        self.deadlines.clear(conn);
    }

    pub fn all(&self) -> Vec<Arc<Conn>> {
        self.open.lock().all.values().cloned().collect()
    }

    /// One connection's user wants to be seen so: invisible on all devices, these and later ones,
    /// until one of them says otherwise. Answers the connections that are seen differently now.
    pub fn set_wish(&self, conn: &Arc<Conn>, wish: PresenceWish) -> Vec<Arc<Conn>> {
        let mut open = self.open.lock();
        let hide = wish == PresenceWish::Invisible;
        let hid = if hide {
            open.invisible.insert(conn.user);
            false
        } else {
            open.invisible.remove(&conn.user)
        };
        *conn.wish.lock() = wish;
        if !hide && !hid {
            return vec![conn.clone()];
        }
        let others = if hide { PresenceWish::Invisible } else { PresenceWish::Online };
        let theirs: Vec<_> =
            open.all.values().filter(|one| one.user == conn.user).cloned().collect();
        for other in theirs.iter().filter(|other| other.id != conn.id) {
            *other.wish.lock() = others;
        }
        theirs
    }

    pub fn get(&self, connection: u64) -> Option<Arc<Conn>> {
        self.open.lock().all.get(&connection).cloned()
    }

    pub fn of_session(&self, session: SessionId) -> Vec<Arc<Conn>> {
        let open = self.open.lock();
        open.all.values().filter(|conn| conn.session == session).cloned().collect()
    }

    pub fn of_user(&self, user: UserId) -> Vec<Arc<Conn>> {
        let open = self.open.lock();
        if !open.per_user.contains_key(&user) {
            return Vec::new();
        }
        open.all.values().filter(|conn| conn.user == user).cloned().collect()
    }

    pub fn has_user(&self, user: UserId) -> bool {
        self.open.lock().per_user.contains_key(&user)
    }
}

/// A namespace was joined: with the first one, the user is there.
pub async fn entered(edge: &Edge, conn: &Conn) {
    if conn.namespaces.fetch_add(1, Ordering::SeqCst) == 0 {
        log(renew(edge, conn).await, "presence not noted");
    }
}

/// A namespace could not be joined after all: if it was the first one, nobody came.
pub fn abandon(edge: &Edge, conn: &Conn) {
    if conn.namespaces.load(Ordering::SeqCst) == 0 {
        edge.conns.close(conn);
        conn.connection.extensions().remove::<Arc<Conn>>();
    }
}

/// A namespace was left: with the last one, the connection is over.
pub async fn left(edge: &Edge, conn: &Conn) {
    if conn.namespaces.fetch_sub(1, Ordering::SeqCst) > 1 {
        return;
    }
    edge.conns.close(conn);
    conn.connection.extensions().remove::<Arc<Conn>>();
    let gone = presence::leave(&edge.core, conn.user, conn.id).await;
    log(gone, "presence not cleared");
    if !edge.conns.has_user(conn.user) {
        log(nexus_core::typing::stop_all(&edge.core, conn.user).await, "typing not ended");
    }
}

/// Says that the connection is alive and how its user wants to be seen.
pub async fn renew(edge: &Edge, conn: &Conn) -> nexus_core::Result<()> {
    presence::set(&edge.core, conn.user, conn.id, conn.wish()).await
}

fn log(result: nexus_core::Result<()>, message: &str) {
    if let Err(err) = result {
        tracing::warn!(error = &err as &dyn std::error::Error, "{message}");
    }
}
