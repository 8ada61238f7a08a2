//! Namespace `/chat`. One handler per event, named after it.

use std::{
    collections::HashSet,
    sync::{Arc, atomic::Ordering},
    time::Instant,
};

use nexus_core::{
    Error, Result, auth, chats,
    messages::{self, Accepted},
    ports::ReceiptKind,
    receipts, sync,
};
use nexus_protocol::{
    ChatId, Done, MsgDelete, MsgEdit, MsgQueued, MsgReact, MsgSend, MsgSent, OpId, SendStatus,
    UserId, Watermark,
    event::{self, AuthExpiry, AuthRefresh, ClientState, MSG_QUEUED},
};
use nexus_socketio::{Args, ConnectError, DisconnectReason, Event, Namespace, Socket, async_trait};
use serde_json::value::RawValue;

use super::{
    Edge, answer, authenticate, body, chat_room,
    conns::{self, Conn},
    failures, is_list, left, log, one_argument, presence, read, refusal, refuse, sender,
    session_room, typing, unknown_event, user_room,
};

/// Watermarks of one connection that may wait at once; more wait their turn.
const MAX_WAITING_RECEIPTS: u32 = 64;

pub struct ChatEdge(pub Arc<Edge>);

#[async_trait]
impl Namespace for ChatEdge {
    async fn connect(&self, socket: &Socket, auth: Option<&RawValue>) -> Result<(), ConnectError> {
        let conn = authenticate(&self.0, socket, auth).await?;
        conn.told.forget_all();
        socket.join(session_room(conn.session));
        socket.join(user_room(conn.user));
        if let Err(err) = welcome(&self.0, socket, &conn).await {
            conns::abandon(&self.0, &conn);
            return Err(refuse(err));
        }
        conns::entered(&self.0, &conn).await;
        Ok(())
    }

    async fn event(&self, socket: &Socket, event: Event) {
        let edge = &self.0;
        let Some(conn) = sender(edge, socket) else { return };
        match &*event.name {
            event::MSG_SEND => on_msg_send(edge, socket, &conn, event).await,
            event::MSG_EDIT => on_msg_edit(edge, &conn, event).await,
            event::MSG_DELETE => on_msg_delete(edge, &conn, event).await,
            event::MSG_REACT => on_msg_react(edge, &conn, event).await,
            event::MSG_DELIVERED => on_receipt(edge, &conn, event, ReceiptKind::Delivered).await,
            event::MSG_READ => on_receipt(edge, &conn, event, ReceiptKind::Read).await,
            event::SYNC => on_sync(edge, &conn, event).await,
            event::SYNC_CHECK => on_sync_check(edge, socket, &conn, event).await,
            event::AUTH_REFRESH => on_auth_refresh(edge, &conn, event),
            event::CLIENT_STATE => on_client_state(edge, &conn, event).await,
            _ => unknown_event(event),
        }
    }

    async fn disconnect(&self, socket: &Socket, _reason: DisconnectReason) {
        left(&self.0, socket).await;
    }
}

/// Into the rooms, and told what failed while it was away.
async fn welcome(edge: &Edge, socket: &Socket, conn: &Conn) -> Result<()> {
    join_chats(edge, socket, conn).await?;
    failures::tell(edge, socket, conn).await
}

/// Joins first and looks again after, until both looks agree: who was removed or added between a
/// look and its joins would be in the wrong rooms else.
async fn join_chats(edge: &Edge, socket: &Socket, conn: &Conn) -> Result<()> {
    let mut joined = HashSet::new();
    loop {
        let now: HashSet<ChatId> =
            chats::ids_of(&edge.core, conn.user).await?.into_iter().collect();
        if now == joined {
            return Ok(());
        }
        for chat in now.difference(&joined) {
            socket.join(chat_room(*chat));
        }
        for chat in joined.difference(&now) {
            socket.leave(&chat_room(*chat));
        }
        joined = now;
    }
}

/// Checks the rooms of every socket against the store, when news may have been missed.
pub async fn rejoin_all(edge: &Edge) -> Result<()> {
    /// How many connections' chats are asked for at once.
    const AT_ONCE: usize = 500;
    for conns in edge.conns.all().chunks(AT_ONCE) {
        let users: HashSet<UserId> = conns.iter().map(|conn| conn.user).collect();
        let users: Vec<UserId> = users.into_iter().collect();
        let mut chats = chats::ids_of_each(&edge.core, &users).await?;
        for conn in conns {
            if let Some(socket) = conn.socket("/chat") {
                let chats = chats.entry(conn.user).or_default();
                into_rooms(&socket, chats.iter().copied().map(chat_room).collect());
            }
        }
    }
    Ok(())
}

/// Into these chat rooms and out of all others.
fn into_rooms(socket: &Socket, rooms: HashSet<String>) {
    for room in socket.rooms() {
        if room.starts_with("chat:") && !rooms.contains(&*room) {
            socket.leave(&room);
        }
    }
    for room in rooms {
        socket.join(room);
    }
}

async fn on_msg_send(edge: &Edge, socket: &Socket, conn: &Conn, event: Event) {
    let began = Instant::now();
    if is_list(&event.args) {
        let sent = match outbox(&event.args) {
            Ok(outbox) => send_outbox(edge, socket, conn, outbox).await,
            Err(err) => Err(err),
        };
        answer(event.ack, event::MSG_SEND, sent);
    } else {
        let sent = match body::<MsgSend>(&event.args) {
            Ok(req) => {
                let chat = req.chat_id;
                let accepted = messages::send(&edge.core, conn.user, req).await;
                accepted.map(|accepted| tell_accepted(socket, conn, chat, accepted))
            }
            Err(err) => Err(err),
        };
        answer(event.ack, event::MSG_SEND, sent);
    }
    metrics::histogram!("nexus_ack_seconds").record(began.elapsed());
}

/// The messages of an outbox, up to one that is none. With none at all it is no outbox.
struct Outbox {
    messages: Vec<MsgSend>,
    malformed: Option<Error>,
}

fn outbox(args: &Args) -> Result<Outbox> {
    let mut outbox = Outbox { messages: Vec::new(), malformed: None };
    let list = one_argument(args)?;
    let entries: Vec<&RawValue> =
        serde_json::from_str(list).map_err(|err| Error::Malformed(format!("payload: {err}")))?;
    for entry in entries {
        match read(entry.get()) {
            Ok(message) => outbox.messages.push(message),
            Err(err) if outbox.messages.is_empty() => return Err(err),
            Err(err) => {
                outbox.malformed = Some(err);
                break;
            }
        }
    }
    Ok(outbox)
}

/// Answers one entry for each message, the last one an error when it stopped there.
async fn send_outbox(
    edge: &Edge,
    socket: &Socket,
    conn: &Conn,
    outbox: Outbox,
) -> Result<Vec<serde_json::Value>> {
    let Outbox { messages, malformed } = outbox;
    let chats: Vec<ChatId> = messages.iter().map(|message| message.chat_id).collect();
    let sent = messages::send_all(&edge.core, conn.user, messages).await?;
    let malformed = malformed.filter(|_| sent.iter().all(Result::is_ok));
    let sent = sent.into_iter().zip(chats).map(|(accepted, chat)| {
        accepted.map(|accepted| tell_accepted(socket, conn, chat, accepted))
    });
    let entry = |result: Result<MsgSent>| match result {
        Ok(sent) => serde_json::to_value(sent).ok(),
        Err(err) => serde_json::to_value(refusal(&err)).ok(),
    };
    Ok(sent.chain(malformed.map(Err)).filter_map(entry).collect())
}

/// Of an earlier failure this connection hears before `msg:queued`, or not at all.
fn tell_accepted(socket: &Socket, conn: &Conn, chat_id: ChatId, accepted: Accepted) -> MsgSent {
    let Accepted { sent, died_at } = accepted;
    if let Some(died_at) = died_at {
        conn.told.lives_again(OpId(sent.id.0), died_at);
    }
    if sent.status == SendStatus::Queued {
        let queued = MsgQueued {
            id: sent.id,
            client_id: sent.client_id.clone(),
            chat_id,
            status: SendStatus::Queued,
        };
        if let Err(err) = socket.emit(MSG_QUEUED, &queued) {
            tracing::debug!(error = %err, "nobody to tell");
        }
    }
    sent
}

async fn on_msg_edit(edge: &Edge, conn: &Conn, event: Event) {
    let queued = match body::<MsgEdit>(&event.args) {
        Ok(req) => messages::enqueue_edit(&edge.core, conn.user, req.id, req.content).await,
        Err(err) => Err(err),
    };
    answer(event.ack, event::MSG_EDIT, queued);
}

async fn on_msg_delete(edge: &Edge, conn: &Conn, event: Event) {
    let queued = match body::<MsgDelete>(&event.args) {
        Ok(req) => messages::enqueue_delete(&edge.core, conn.user, req.id, req.scope).await,
        Err(err) => Err(err),
    };
    answer(event.ack, event::MSG_DELETE, queued);
}

async fn on_msg_react(edge: &Edge, conn: &Conn, event: Event) {
    let queued = match body::<MsgReact>(&event.args) {
        Ok(req) => {
            messages::enqueue_reaction(&edge.core, conn.user, req.id, req.emoji, req.on).await
        }
        Err(err) => Err(err),
    };
    answer(event.ack, event::MSG_REACT, queued);
}

/// Watermarks are gathered before they are written; the connection's next event need not wait.
async fn on_receipt(edge: &Edge, conn: &Arc<Conn>, event: Event, kind: ReceiptKind) {
    let (core, conn, ack) = (edge.core.clone(), conn.clone(), event.ack);
    let name = match kind {
        ReceiptKind::Delivered => event::MSG_DELIVERED,
        ReceiptKind::Read => event::MSG_READ,
    };
    let watermark = match body::<Watermark>(&event.args) {
        Ok(watermark) => watermark,
        Err(err) => return answer::<Done>(ack, name, Err(err)),
    };
    let waiting = conn.receipts.fetch_add(1, Ordering::SeqCst);
    let moving = async move {
        let moved = receipts::advance(&core, conn.user, kind, watermark).await;
        conn.receipts.fetch_sub(1, Ordering::SeqCst);
        answer(ack, name, moved.map(|()| Done::OK));
    };
    if waiting < MAX_WAITING_RECEIPTS {
        tokio::spawn(moving);
    } else {
        moving.await;
    }
}

async fn on_sync(edge: &Edge, conn: &Conn, event: Event) {
    let synced = match body(&event.args) {
        Ok(req) => sync::sync(&edge.core, conn.user, req).await,
        Err(err) => Err(err),
    };
    answer(event.ack, event::SYNC, synced);
}

/// Finds what was lost on the way: `sync` fetches it, but for failures.
async fn on_sync_check(edge: &Edge, socket: &Socket, conn: &Conn, event: Event) {
    let checked = match body(&event.args) {
        Ok(req) => sync::check(&edge.core, conn.user, req).await,
        Err(err) => Err(err),
    };
    answer(event.ack, event::SYNC_CHECK, checked);
    if let Err(err) = failures::tell(edge, socket, conn).await {
        log(&err, event::MSG_FAILED);
    }
}

fn on_auth_refresh(edge: &Edge, conn: &Conn, event: Event) {
    let refreshed = body::<AuthRefresh>(&event.args).and_then(|req| {
        let caller = auth::authenticate(&edge.core, &req.token)?;
        if caller.user != conn.user || caller.session != conn.session {
            return Err(Error::Forbidden("the token is of another session".into()));
        }
        edge.conns.deadlines.set(conn, caller.expires_at);
        Ok(AuthExpiry { expires_at: caller.expires_at })
    });
    answer(event.ack, event::AUTH_REFRESH, refreshed);
}

async fn on_client_state(edge: &Edge, conn: &Conn, event: Event) {
    let noted = match body::<ClientState>(&event.args) {
        Ok(state) => {
            let was = conn.foreground.swap(state.foreground, Ordering::SeqCst);
            if was != state.foreground {
                typing::set_foreground(conn, state.foreground);
                presence::set_foreground(edge, conn, state.foreground).await
            } else {
                Ok(())
            }
        }
        Err(err) => Err(err),
    };
    answer(event.ack, event::CLIENT_STATE, noted.map(|()| Done::OK));
}
