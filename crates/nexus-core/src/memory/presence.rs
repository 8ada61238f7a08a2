//! Who is connected to this process.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use nexus_protocol::{Timestamp, UserId, event::PresenceStatus};
use parking_lot::Mutex;
use uuid::Uuid;

use crate::ports::{Clock, PRESENCE_TTL_SECS, PortResult, Presence, Shown, Transition};

pub struct MemoryPresence {
    clock: Arc<dyn Clock>,
    users: Mutex<HashMap<UserId, Connections>>,
}

/// Few for each user, so a list it is.
type Connections = Vec<Connection>;

#[derive(Clone, Copy)]
struct Connection {
    id: Uuid,
    shown: Shown,
    gone_at: Timestamp,
}

impl MemoryPresence {
    pub fn new(clock: Arc<dyn Clock>) -> MemoryPresence {
        MemoryPresence { clock, users: Mutex::default() }
    }

    /// One step on a user's connections. Those that have expired unnoticed still count as `before`,
    /// because nobody was told of it yet.
    fn step(&self, user: UserId, change: impl FnOnce(&mut Connections, Timestamp)) -> Transition {
        let now = self.clock.now();
        let mut users = self.users.lock();
        let mut entry = match users.entry(user) {
            Entry::Occupied(entry) => entry,
            Entry::Vacant(entry) => entry.insert_entry(Vec::new()),
        };
        let connections = entry.get_mut();
        let before = status(connections.iter());
        connections.retain(|connection| connection.gone_at > now);
        change(connections, now);
        let after = status(connections.iter());
        if connections.is_empty() {
            entry.remove();
        }
        Transition { before, after }
    }
}

#[async_trait]
impl Presence for MemoryPresence {
    async fn set(&self, user: UserId, connection: Uuid, shown: Shown) -> PortResult<Transition> {
        Ok(self.step(user, |connections, now| {
            let gone_at = now.plus(Duration::from_secs(PRESENCE_TTL_SECS));
            connections.retain(|known| known.id != connection);
            connections.push(Connection { id: connection, shown, gone_at });
        }))
    }

    async fn clear(&self, user: UserId, connection: Uuid) -> PortResult<Transition> {
        Ok(self.step(user, |connections, _| connections.retain(|known| known.id != connection)))
    }

    async fn get(&self, users: &[UserId]) -> PortResult<Vec<PresenceStatus>> {
        let now = self.clock.now();
        let known = self.users.lock();
        let of = |user| {
            let connections = known.get(user).map_or(&[][..], Vec::as_slice);
            status(connections.iter().filter(|connection| connection.gone_at > now))
        };
        Ok(users.iter().map(of).collect())
    }

    async fn expire(&self) -> PortResult<Vec<UserId>> {
        let now = self.clock.now();
        let mut gone = Vec::new();
        self.users.lock().retain(|user, connections| {
            let before = status(connections.iter());
            connections.retain(|connection| connection.gone_at > now);
            let after = status(connections.iter());
            if before != after && after == PresenceStatus::Offline {
                gone.push(*user);
            }
            !connections.is_empty()
        });
        Ok(gone)
    }
}

fn status<'a>(connections: impl Iterator<Item = &'a Connection>) -> PresenceStatus {
    let mut status = PresenceStatus::Offline;
    for connection in connections {
        match connection.shown {
            Shown::Online => return PresenceStatus::Online,
            Shown::Away => status = PresenceStatus::Away,
            Shown::Invisible => {}
        }
    }
    status
}
