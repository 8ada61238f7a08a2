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

/// Who asked to watch the user, whether they may or not.
pub fn asking_room(user: UserId) -> String {
    format!("asking:{user}")
}

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
    let _turn = conn.watching.lock().await;
    // Too many are refused before anything of the earlier subscription goes.
    if users.len() > presence::MAX_WATCHED {
        presence::sight(&edge.core, conn.user, &users).await?;
    }
    socket.leave_all();
    conn.watched.lock().clone_from(&users);
    watch(edge, socket, conn, &users).await
}

/// Joins first and looks after, so that no change falls between.
async fn watch(
    edge: &Edge,
    socket: &Socket,
    conn: &Conn,
    users: &[UserId],
) -> Result<Vec<PresenceUpdate>> {
    let in_front = conn.foreground.load(Ordering::SeqCst);
    if in_front {
        users.iter().for_each(|user| socket.join(asking_room(*user)));
    }
    let sight = presence::sight(&edge.core, conn.user, users).await?;
    for user in users.iter().filter(|_| in_front) {
        match sight.sees_presence(*user) {
            true => socket.join(watch_room(*user)),
            false => socket.leave(&watch_room(*user)),
        }
    }
    presence::look(&edge.core, &sight, users).await
}

/// What this connection may see of one it watches, or of all, may have changed.
pub async fn look_again(edge: &Edge, socket: &Socket, user: Option<UserId>) {
    let Some(conn) = super::conn(socket) else { return };
    let _turn = conn.watching.lock().await;
    let mut users = conn.watched.lock().clone();
    users.retain(|watched| user.is_none_or(|user| user == *watched));
    if users.is_empty() || !conn.foreground.load(Ordering::SeqCst) {
        return;
    }
    match watch(edge, socket, &conn, &users).await {
        Ok(updates) => tell(socket, &updates),
        Err(err) => super::log(&err, PRESENCE_UPDATE),
    }
}

fn tell(socket: &Socket, updates: &[PresenceUpdate]) {
    for update in updates {
        if let Err(err) = socket.emit(PRESENCE_UPDATE, update) {
            tracing::debug!(error = %err, "nobody to tell");
        }
    }
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
    tell(&socket, &subscribe(edge, &socket, conn, watched).await?);
    Ok(())
}
