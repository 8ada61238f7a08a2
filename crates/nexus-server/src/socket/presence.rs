//! Namespace `/presence`: who is there, for those asked for.

use std::sync::{Arc, atomic::Ordering};

use nexus_core::{Result, presence};
use nexus_protocol::{
    Done, UserId,
    event::{self, PRESENCE_UPDATE, PresenceSet, PresenceSubscribe, PresenceUpdate, PresenceWish},
};
use nexus_socketio::{ConnectError, DisconnectReason, Event, Namespace, Socket, async_trait};
use serde_json::value::RawValue;

use super::{
    Edge, answer, authenticate, body,
    conns::{self, Conn},
    left, sender, unknown_event,
};

pub struct PresenceEdge(pub Arc<Edge>);

#[async_trait]
impl Namespace for PresenceEdge {
    async fn connect(&self, socket: &Socket, auth: Option<&RawValue>) -> Result<(), ConnectError> {
        let conn = authenticate(&self.0, socket, auth).await?;
        conns::entered(&self.0, &conn).await;
        Ok(())
    }

    async fn event(&self, socket: &Socket, event: Event) {
        let edge = &self.0;
        let Some(conn) = sender(edge, socket) else { return };
        match &*event.name {
            event::PRESENCE_SUBSCRIBE => on_presence_subscribe(edge, socket, &conn, event).await,
            event::PRESENCE_SET => on_presence_set(edge, &conn, event).await,
            _ => unknown_event(event),
        }
    }

    async fn disconnect(&self, socket: &Socket, _reason: DisconnectReason) {
        left(&self.0, socket).await;
    }
}

pub fn watch_room(user: UserId) -> String {
    format!("watch:{user}")
}

/// Joins first and looks after, so that no change falls between.
async fn on_presence_subscribe(edge: &Edge, socket: &Socket, conn: &Conn, event: Event) {
    let seen = match body::<PresenceSubscribe>(&event.args) {
        Ok(req) => subscribe(edge, socket, conn, req.user_ids).await,
        Err(err) => Err(err),
    };
    answer(event.ack, event::PRESENCE_SUBSCRIBE, seen);
}

async fn subscribe(
    edge: &Edge,
    socket: &Socket,
    conn: &Conn,
    users: Vec<UserId>,
) -> Result<Vec<PresenceUpdate>> {
    if users.len() > presence::MAX_WATCHED {
        return presence::look(&edge.core, &users).await;
    }
    socket.leave_all();
    if conn.foreground.load(Ordering::SeqCst) {
        users.iter().for_each(|user| socket.join(watch_room(*user)));
    }
    conn.watched.lock().clone_from(&users);
    presence::look(&edge.core, &users).await
}

async fn on_presence_set(edge: &Edge, conn: &Arc<Conn>, event: Event) {
    let set = match body::<PresenceSet>(&event.args) {
        Ok(req) => set(edge, conn, req.status).await,
        Err(err) => Err(err),
    };
    answer(event.ack, event::PRESENCE_SET, set.map(|()| Done::OK));
}

async fn set(edge: &Edge, conn: &Arc<Conn>, wish: PresenceWish) -> Result<()> {
    for conn in edge.conns.set_wish(conn, wish) {
        presence::set(&edge.core, conn.user, conn.id, conn.wish()).await?;
    }
    Ok(())
}

/// In the background nothing comes; back in front, everything is told afresh.
pub async fn set_foreground(edge: &Edge, conn: &Conn, foreground: bool) -> Result<()> {
    let Some(socket) = conn.socket("/presence") else { return Ok(()) };
    if !foreground {
        socket.leave_all();
        return Ok(());
    }
    let watched = conn.watched.lock().clone();
    for update in subscribe(edge, &socket, conn, watched).await? {
        if let Err(err) = socket.emit(PRESENCE_UPDATE, &update) {
            tracing::debug!(error = %err, "nobody to tell");
        }
    }
    Ok(())
}
