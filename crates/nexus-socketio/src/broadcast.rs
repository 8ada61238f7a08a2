//! Sending to many sockets: encoded once, shared by all.

use std::{collections::BTreeMap, sync::Arc};

use serde::Serialize;

use crate::{
    EmitError, Payload, Socket,
    packet::{self, Encoded},
    registry::{Members, NamespaceState, Rooms},
};

/// A namespace of a running server; a cheap handle.
#[derive(Clone)]
pub struct NamespaceRef(pub(crate) Arc<NamespaceState>);

impl NamespaceRef {
    /// The namespace's path.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// Everybody in a room.
    pub fn to(&self, room: impl Into<Arc<str>>) -> Broadcast {
        self.to_all().to(room)
    }

    /// Everybody in any of these rooms, each socket once.
    pub fn to_rooms<R: Into<Arc<str>>>(&self, rooms: impl IntoIterator<Item = R>) -> Broadcast {
        let rooms: Vec<Arc<str>> = rooms.into_iter().map(Into::into).collect();
        Broadcast { to: Some(rooms), ..self.to_all() }
    }

    /// Everybody in the namespace, to be narrowed with `except`.
    pub fn to_all(&self) -> Broadcast {
        Broadcast {
            namespace: self.0.clone(),
            to: None,
            except: Vec::new(),
            except_sockets: Vec::new(),
        }
    }

    /// Sends an event to everybody in the namespace; says to how many sockets it was queued.
    pub fn emit<T: Serialize + ?Sized>(&self, event: &str, value: &T) -> usize {
        self.to_all().emit(event, value)
    }

    /// How many sockets are in the namespace.
    pub fn socket_count(&self) -> usize {
        self.0.rooms.read().all().len()
    }

    /// How many sockets are in a room.
    pub fn room_size(&self, room: &str) -> usize {
        self.0.rooms.read().room(room).map_or(0, Members::len)
    }
}

/// A choice of sockets: in any of the `to` rooms (or all, if none was named), and in none of
/// the `except` rooms.
#[derive(Clone)]
#[must_use = "a broadcast does nothing until it emits"]
pub struct Broadcast {
    namespace: Arc<NamespaceState>,
    /// `None` is everybody; an empty list is nobody.
    to: Option<Vec<Arc<str>>>,
    except: Vec<Arc<str>>,
    except_sockets: Vec<u64>,
}

impl Broadcast {
    /// Also those in this room.
    pub fn to(mut self, room: impl Into<Arc<str>>) -> Self {
        self.to.get_or_insert_default().push(room.into());
        self
    }

    /// But not those in this room.
    pub fn except(mut self, room: impl Into<Arc<str>>) -> Self {
        self.except.push(room.into());
        self
    }

    /// But not this socket.
    pub fn except_socket(mut self, socket: &Socket) -> Self {
        self.except_sockets.push(socket.0.key);
        self
    }

    /// Sends an event with one argument; says to how many sockets it was queued. One that
    /// cannot be serialized goes to nobody and is logged.
    pub fn emit<T: Serialize + ?Sized>(&self, event: &str, value: &T) -> usize {
        self.deliver(event, packet::event(&self.namespace.path, event, value, None))
    }

    /// Sends an event with any number of arguments, binary among them.
    pub fn emit_args(&self, event: &str, payload: Payload) -> usize {
        self.deliver(event, packet::event_args(&self.namespace.path, event, payload, None))
    }

    /// The chosen sockets, as of now.
    pub fn sockets(&self) -> Vec<Socket> {
        let rooms = self.namespace.rooms.read();
        let mut sockets = Vec::new();
        self.each(&rooms, |socket| sockets.push(socket.clone()));
        sockets
    }

    /// Makes the chosen sockets enter a room.
    pub fn join(&self, room: impl Into<Arc<str>>) {
        let room = room.into();
        let sockets = self.sockets();
        let mut rooms = self.namespace.rooms.write();
        for socket in sockets {
            rooms.join(&socket, room.clone());
        }
    }

    /// Makes the chosen sockets leave a room.
    pub fn leave(&self, room: &str) {
        let sockets = self.sockets();
        let mut rooms = self.namespace.rooms.write();
        for socket in sockets {
            rooms.leave(&socket, room);
        }
    }

    /// Makes the chosen sockets leave the namespace.
    pub fn disconnect(&self) {
        for socket in self.sockets() {
            socket.disconnect();
        }
    }

    fn deliver(&self, event: &str, packet: Result<Encoded, EmitError>) -> usize {
        let packet = match packet {
            Ok(packet) => packet,
            Err(error) => {
                tracing::error!(event, %error, "broadcast not sent");
                return 0;
            }
        };
        let rooms = self.namespace.rooms.read();
        let mut queued = 0;
        self.each(&rooms, |socket| queued += usize::from(socket.send(&packet).is_ok()));
        queued
    }

    /// Visits each chosen socket once. Rooms are also walked for sockets whose `connect` still
    /// runs: they asked for the room's packets.
    fn each(&self, rooms: &Rooms, mut visit: impl FnMut(&Socket)) {
        let except: Vec<&Members> =
            self.except.iter().filter_map(|room| rooms.room(room)).collect();
        let mut visit = |socket: &Socket| {
            let out = self.except_sockets.contains(&socket.0.key)
                || except.iter().any(|members| members.contains(socket));
            if !out {
                visit(socket);
            }
        };
        let Some(to) = &self.to else {
            return rooms.all().iter().for_each(visit);
        };
        let chosen: Vec<&Members> = to.iter().filter_map(|room| rooms.room(room)).collect();
        match chosen.as_slice() {
            [] => {}
            [one] => one.iter().for_each(visit),
            several => {
                let union: BTreeMap<u64, &Socket> = several
                    .iter()
                    .flat_map(|members| members.iter())
                    .map(|socket| (socket.0.key, socket))
                    .collect();
                union.into_values().for_each(&mut visit);
            }
        }
    }
}
