//! What failed, told once to each connection: live, and what got lost on the way a moment later.

use std::{collections::HashMap, sync::Arc, time::Duration};

use nexus_core::{
    Result,
    messages::{self, Failure},
};
use nexus_protocol::{OpId, Timestamp, event::MSG_FAILED};
use nexus_socketio::Socket;
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{Edge, conns::Conn, log};

/// So many are remembered of one connection: more than are looked up at once.
const MAX_TOLD: usize = 128;

/// The failures a connection knows of. An op can fail again later than it did.
#[derive(Default)]
pub struct Told(Mutex<Known>);

#[derive(Default)]
struct Known {
    ops: HashMap<OpId, Timestamp>,
    /// All that died before or then: they are forgotten, and not told again.
    before: Option<Timestamp>,
}

impl Told {
    /// Whoever comes into the namespace again begins anew.
    pub fn forget_all(&self) {
        *self.0.lock() = Known::default();
    }

    /// The op lives again: that it had died is no news any more.
    pub fn lives_again(&self, op: OpId, died_at: Timestamp) {
        self.tell(op, died_at, || {});
    }

    /// Tells what is new to it, which is so only once. Nobody else tells it anything meanwhile.
    fn tell(&self, op: OpId, died_at: Timestamp, tell: impl FnOnce()) {
        let mut known = self.0.lock();
        if known.note(op, died_at) {
            tell();
        }
    }
}

impl Known {
    fn note(&mut self, op: OpId, died_at: Timestamp) -> bool {
        let before = self.ops.get(&op).copied().max(self.before);
        if before >= Some(died_at) {
            return false;
        }
        self.ops.insert(op, died_at);
        if self.ops.len() > MAX_TOLD {
            self.forget_oldest();
        }
        true
    }

    fn forget_oldest(&mut self) {
        let oldest = self.ops.iter().map(|(op, at)| (*at, *op)).min();
        if let Some((at, op)) = oldest {
            self.ops.remove(&op);
            self.before = self.before.max(Some(at));
        }
    }
}

/// Looks at what has failed of its user, and tells what this connection does not know yet.
pub async fn tell(edge: &Edge, socket: &Socket, conn: &Conn) -> Result<()> {
    for failure in messages::failed(&edge.core, conn.user).await? {
        tell_if_new(socket, conn, &failure);
    }
    Ok(())
}

/// Tells those of these sockets that do not know it yet.
pub fn tell_one(sockets: Vec<Socket>, failure: &Failure) {
    for socket in sockets {
        if let Some(conn) = super::conn(&socket) {
            tell_if_new(&socket, &conn, failure);
        }
    }
}

fn tell_if_new(socket: &Socket, conn: &Conn, failure: &Failure) {
    conn.told.tell(failure.op, failure.died_at, || {
        if let Err(err) = socket.emit(MSG_FAILED, &failure.failed) {
            tracing::debug!(error = %err, "nobody to tell");
        }
    });
}

/// Looks for all connections, one after the other, each time when news may have been lost.
pub async fn tell_all(edge: Arc<Edge>, lost: Arc<Notify>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = lost.notified() => {}
        }
        tokio::select! {
            () = stop.cancelled() => return,
            told = look_for_all(&edge) => {
                if let Err(err) = told {
                    log(&err, MSG_FAILED);
                }
            }
        }
    }
}

async fn look_for_all(edge: &Edge) -> Result<()> {
    /// Others use the queue, too.
    const PAUSE: Duration = Duration::from_millis(2);
    for conn in edge.conns.all() {
        if let Some(socket) = conn.socket("/chat") {
            // Where one look fails, thousands of others would wait for the same answer.
            tell(edge, &socket, &conn).await?;
            tokio::time::sleep(PAUSE).await;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use nexus_protocol::{OpId, Timestamp};
    use uuid::Uuid;

    use super::{Known, MAX_TOLD};

    fn op(number: usize) -> OpId {
        OpId(Uuid::from_u128(number as u128))
    }

    #[test]
    fn a_failure_is_new_once_and_new_again_when_it_fails_later() {
        let mut told = Known::default();
        assert!(told.note(op(1), Timestamp(10)));
        assert!(!told.note(op(1), Timestamp(10)));
        assert!(told.note(op(2), Timestamp(9)), "another may be heard of late");
        assert!(told.note(op(1), Timestamp(11)));
        assert!(!told.note(op(1), Timestamp(10)), "it was told already, live but late");
    }

    #[test]
    fn what_is_forgotten_is_not_told_again() {
        let mut told = Known::default();
        let all = || (1..=3 * MAX_TOLD).map(|number| (op(number), Timestamp(number as i64)));
        assert!(all().all(|(op, at)| told.note(op, at)));
        assert!(all().all(|(op, at)| !told.note(op, at)));
        assert_eq!(told.ops.len(), MAX_TOLD);
    }
}
