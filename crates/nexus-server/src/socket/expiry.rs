//! A socket outlives no token: it is warned, and then closed. Nor a session.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::Duration,
};

use nexus_protocol::{
    ErrorCode, SessionId, Timestamp,
    event::{
        AUTH_EXPIRED, AUTH_EXPIRING, AuthExpiry, ConnectRefusal, RevokeReason, SESSION_REVOKED,
        SessionRevoked,
    },
};
use parking_lot::Mutex;

use super::{Edge, conns::Conn};

/// How long before its token expires a connection is warned.
const WARN_BEFORE: Duration = Duration::from_secs(60);

/// When which connection is due, for a warning or for its end.
#[derive(Default)]
pub struct Deadlines(Mutex<Lines>);

#[derive(Default)]
struct Lines {
    due: BTreeMap<(Timestamp, u64), Step>,
    /// Where each connection stands in `due`, and when its token expires.
    places: HashMap<u64, Timestamp>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Warn,
    Close,
}

impl Deadlines {
    /// The connection's token expires at `expires_at`, whatever was known before.
    pub fn set(&self, conn: &Conn, expires_at: Timestamp) {
        self.put(conn.connection.id(), expires_at.minus(WARN_BEFORE), Step::Warn);
    }

    pub fn clear(&self, conn: &Conn) {
        let (mut lines, id) = (self.0.lock(), conn.connection.id());
        if let Some(at) = lines.places.remove(&id) {
            lines.due.remove(&(at, id));
        }
    }

    fn put(&self, id: u64, at: Timestamp, step: Step) {
        let mut lines = self.0.lock();
        if let Some(before) = lines.places.insert(id, at) {
            lines.due.remove(&(before, id));
        }
        lines.due.insert((at, id), step);
    }

    fn take_due(&self, now: Timestamp) -> Vec<(u64, Timestamp, Step)> {
        let mut lines = self.0.lock();
        let later = lines.due.split_off(&(Timestamp(now.0 + 1), 0));
        let due = std::mem::replace(&mut lines.due, later);
        for (_, id) in due.keys() {
            lines.places.remove(id);
        }
        due.into_iter().map(|((at, id), step)| (id, at, step)).collect()
    }
}

/// Warns whose time is nearly up, closes whose is. Run it every second.
pub fn tick(edge: &Edge) {
    let now = edge.core.clock.now();
    for (id, at, step) in edge.conns.deadlines.take_due(now) {
        let Some(conn) = edge.conns.get(id) else { continue };
        match step {
            Step::Warn => {
                let expires_at = at.plus(WARN_BEFORE);
                tell(&conn, AUTH_EXPIRING, &AuthExpiry { expires_at });
                edge.conns.deadlines.put(id, expires_at, Step::Close);
            }
            Step::Close => {
                let code = ErrorCode::TokenExpired;
                tell(&conn, AUTH_EXPIRED, &ConnectRefusal { code, retry_after_ms: None });
                conn.dismiss();
            }
        }
    }
}

/// Closes what is open of these sessions.
pub fn show_out(edge: &Edge, ended: &HashSet<SessionId>) {
    let open = edge.conns.all();
    for conn in open.iter().filter(|conn| ended.contains(&conn.session)) {
        tell(conn, SESSION_REVOKED, &SessionRevoked { reason: RevokeReason::Revoked });
        conn.dismiss();
    }
}

/// By way of `/chat`, or of whatever namespace the connection is in.
fn tell(conn: &Conn, event: &str, body: &impl serde::Serialize) {
    let any = || conn.connection.sockets().into_iter().next();
    if let Some(socket) = conn.socket("/chat").or_else(any)
        && let Err(err) = socket.emit(event, body)
    {
        tracing::debug!(error = %err, event, "nobody to tell");
    }
}
