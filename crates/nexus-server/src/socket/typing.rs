//! Namespace `/typing`: who writes where, right now.

use std::sync::{Arc, atomic::Ordering};

use nexus_core::typing;
use nexus_protocol::{
    Done,
    event::{self, TypingStart, TypingStop},
};
use nexus_socketio::{ConnectError, DisconnectReason, Event, Namespace, Socket, async_trait};
use serde_json::value::RawValue;

use super::{
    Edge, answer, authenticate, body,
    conns::{self, Conn},
    left, sender, unknown_event, user_room,
};

pub struct TypingEdge(pub Arc<Edge>);

#[async_trait]
impl Namespace for TypingEdge {
    async fn connect(&self, socket: &Socket, auth: Option<&RawValue>) -> Result<(), ConnectError> {
        let conn = authenticate(&self.0, socket, auth).await?;
        if conn.foreground.load(Ordering::SeqCst) {
            socket.join(user_room(conn.user));
        }
        conns::entered(&self.0, &conn).await;
        Ok(())
    }

    async fn event(&self, socket: &Socket, event: Event) {
        let edge = &self.0;
        let Some(conn) = sender(edge, socket) else { return };
        match &*event.name {
            event::TYPING_START => on_typing_start(edge, &conn, event).await,
            event::TYPING_STOP => on_typing_stop(edge, &conn, event).await,
            _ => unknown_event(event),
        }
    }

    async fn disconnect(&self, socket: &Socket, _reason: DisconnectReason) {
        left(&self.0, socket).await;
    }
}

async fn on_typing_start(edge: &Edge, conn: &Conn, event: Event) {
    let told = match body::<TypingStart>(&event.args) {
        Ok(req) => typing::start(&edge.core, conn.user, req.chat_id, req.kind).await,
        Err(err) => Err(err),
    };
    answer(event.ack, event::TYPING_START, told.map(|()| Done::OK));
}

async fn on_typing_stop(edge: &Edge, conn: &Conn, event: Event) {
    let told = match body::<TypingStop>(&event.args) {
        Ok(req) => typing::stop(&edge.core, conn.user, req.chat_id).await,
        Err(err) => Err(err),
    };
    answer(event.ack, event::TYPING_STOP, told.map(|()| Done::OK));
}

/// In the background nothing comes.
pub fn set_foreground(conn: &Conn, foreground: bool) {
    let Some(socket) = conn.socket("/typing") else { return };
    if foreground {
        socket.join(user_room(conn.user));
    } else {
        socket.leave(&user_room(conn.user));
    }
}
