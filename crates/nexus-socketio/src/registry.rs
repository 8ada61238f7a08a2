//! Who is in a namespace, and in which of its rooms.

use std::{
    collections::HashMap,
    sync::{Arc, atomic::Ordering},
};

use parking_lot::RwLock;

use crate::{Namespace, Socket, socket::Phase};

/// A namespace of a server.
pub(crate) struct NamespaceState {
    pub path: Box<str>,
    pub handler: Arc<dyn Namespace>,
    /// Locked before any socket's state, never after.
    pub rooms: RwLock<Rooms>,
}

/// Sockets ordered by key: compact, quick to walk, and newcomers go to the end.
#[derive(Default)]
pub(crate) struct Members(Vec<(u64, Socket)>);

impl Members {
    fn insert(&mut self, socket: &Socket) -> bool {
        let key = socket.0.key;
        match self.0.binary_search_by_key(&key, |(key, _)| *key) {
            Ok(_) => false,
            Err(index) => {
                if self.0.is_empty() {
                    // Most rooms are a user's own; the default first step is four.
                    self.0.reserve_exact(1);
                }
                self.0.insert(index, (key, socket.clone()));
                true
            }
        }
    }

    fn remove(&mut self, socket: &Socket) {
        if let Ok(index) = self.0.binary_search_by_key(&socket.0.key, |(key, _)| *key) {
            self.0.remove(index);
            if self.0.len() * 4 < self.0.capacity() {
                self.0.shrink_to(self.0.len() * 2);
            }
        }
    }

    pub(crate) fn contains(&self, socket: &Socket) -> bool {
        self.0.binary_search_by_key(&socket.0.key, |(key, _)| *key).is_ok()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Socket> {
        self.0.iter().map(|(_, socket)| socket)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A room is there while somebody is in it.
#[derive(Default)]
pub(crate) struct Rooms {
    all: Members,
    rooms: HashMap<Arc<str>, Members>,
}

impl Rooms {
    pub(crate) fn all(&self) -> &Members {
        &self.all
    }

    pub(crate) fn room(&self, name: &str) -> Option<&Members> {
        self.rooms.get(name)
    }

    /// The socket is let in. Must not be called for one that has left.
    pub(crate) fn add(&mut self, socket: &Socket) {
        if self.all.insert(socket) {
            socket.connection().0.server.counters.sockets.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn join(&mut self, socket: &Socket, name: Arc<str>) {
        let mut state = socket.0.state.lock();
        if matches!(state.phase, Phase::Left(_)) {
            return;
        }
        let name = match self.rooms.get_key_value(&name) {
            Some((known, _)) => known.clone(),
            None => name,
        };
        if self.rooms.entry(name.clone()).or_default().insert(socket) {
            if state.rooms.capacity() == 0 {
                state.rooms.reserve_exact(2);
            }
            state.rooms.push(name);
        }
    }

    pub(crate) fn leave(&mut self, socket: &Socket, name: &str) {
        socket.0.state.lock().rooms.retain(|room| &**room != name);
        self.forget(socket, name);
    }

    pub(crate) fn leave_all(&mut self, socket: &Socket) {
        let rooms = std::mem::take(&mut socket.0.state.lock().rooms);
        for room in rooms {
            self.forget(socket, &room);
        }
    }

    /// The socket leaves the namespace.
    pub(crate) fn remove(&mut self, socket: &Socket) {
        self.leave_all(socket);
        if self.all.contains(socket) {
            self.all.remove(socket);
            socket.connection().0.server.counters.sockets.fetch_sub(1, Ordering::Relaxed);
        }
    }

    fn forget(&mut self, socket: &Socket, name: &str) {
        if let Some(members) = self.rooms.get_mut(name) {
            members.remove(socket);
            if members.is_empty() {
                self.rooms.remove(name);
            }
        }
    }
}
