//! Socket.IO: three namespaces over one connection. Parses, asks core, answers.

mod asyncapi;
pub mod chat;
pub mod conns;
mod expiry;
pub mod failures;
pub mod presence;
pub mod typing;

use std::{net::IpAddr, sync::Arc, time::Duration};

use http::{StatusCode, request::Parts};
use nexus_core::{
    Core, Error, Result,
    auth::{self, Caller},
    limits::{self, Tier},
};
use nexus_protocol::{
    ChatId, EventRefusal, SessionId, UserId,
    event::{ConnectRefusal, Handshake},
};
use nexus_socketio::{Ack, Args, ConnectError, DisconnectReason, Event, Refusal, Socket, SocketIo};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::http::client_ip::ClientIp;
use conns::{Conn, Conns};

pub use asyncapi::asyncapi;
pub use expiry::{show_out, tick as expire_tokens};

/// How the socket edge behaves; from the configuration.
#[derive(Clone, Debug)]
pub struct SocketSettings {
    pub ping_interval: Duration,
    pub ping_timeout: Duration,
    pub max_payload: usize,
    pub max_buffered_bytes: usize,
    pub max_buffered_packets: usize,
    pub connections_per_user: usize,
    /// `None`: no bound.
    pub flood: Option<Flood>,
}

/// How many events a connection may send; more end it.
#[derive(Clone, Copy, Debug)]
pub struct Flood {
    /// At once.
    pub burst: u32,
    /// In the long run.
    pub per_sec: u32,
}

/// What the HTTP request that opened the connection told.
#[derive(Clone, Debug)]
pub struct Visitor {
    pub address: IpAddr,
    /// The token of its cookie, if it came from an allowed origin.
    pub cookie_token: Option<Arc<str>>,
}

/// What the handlers of all namespaces share.
pub struct Edge {
    pub core: Arc<Core>,
    pub conns: Conns,
    pub settings: SocketSettings,
}

/// The server for `/socket.io/`, with all handlers. Who is no visitor is not let in.
pub fn serve(
    edge: Arc<Edge>,
    visitor: impl Fn(&Parts) -> Option<Visitor> + Clone + Send + Sync + 'static,
) -> SocketIo {
    let settings = &edge.settings;
    let later = visitor.clone();
    SocketIo::builder()
        .ping_interval(settings.ping_interval)
        .ping_timeout(settings.ping_timeout)
        .max_payload(settings.max_payload)
        .max_namespaces_per_connection(3)
        .max_buffered_bytes(settings.max_buffered_bytes)
        .max_buffered_packets(settings.max_buffered_packets)
        .on_handshake(move |parts| {
            let mut kept = http::Extensions::new();
            kept.insert(visitor(parts).ok_or_else(not_from_there)?);
            Ok(kept)
        })
        .on_request(move |parts, _| later(parts).map(drop).ok_or_else(not_from_there))
        .namespace("/chat", chat::ChatEdge(edge.clone()))
        .namespace("/presence", presence::PresenceEdge(edge.clone()))
        .namespace("/typing", typing::TypingEdge(edge))
        .build()
}

fn not_from_there() -> Refusal {
    Refusal::new(StatusCode::FORBIDDEN, "forbidden", "this page is not on the list of origins")
}

pub fn user_room(user: UserId) -> String {
    format!("user:{user}")
}

pub fn chat_room(chat: ChatId) -> String {
    format!("chat:{chat}")
}

pub fn session_room(session: SessionId) -> String {
    format!("session:{session}")
}

/// Lets a socket in: by the token of its handshake, or of the cookie.
async fn authenticate(
    edge: &Edge,
    socket: &Socket,
    handshake: Option<&RawValue>,
) -> Result<Arc<Conn>, ConnectError> {
    let kept = socket.connection().extensions();
    let visitor: Option<Visitor> = kept.get();
    // No `auth` at all, `{}` and `{token: null}` are the same; anything of another shape is no token.
    let handshake = handshake.map(|auth| serde_json::from_str::<Handshake>(auth.get()));
    let token = handshake.and_then(|auth| auth.ok()).and_then(|auth| auth.token).map(Arc::from);
    let token: Option<Arc<str>> = token.or(visitor.as_ref().and_then(|v| v.cookie_token.clone()));
    let token = token.ok_or(Error::Unauthenticated);
    let caller = match token.and_then(|token| auth::authenticate(&edge.core, &token)) {
        Ok(caller) => caller,
        Err(err) => return Err(refuse(turned_away(edge, visitor.as_ref(), err).await)),
    };
    if let Some(conn) = kept.get::<Arc<Conn>>() {
        // One connection is one session's; another token of it may be fresher.
        return match conn.user == caller.user && conn.session == caller.session {
            true => Ok(conn),
            false => Err(refuse(Error::Unauthenticated)),
        };
    }
    admit(edge, socket, caller, visitor).await
}

/// Tokens are tried out here no oftener than at the routes. That one has run out is no such try.
async fn turned_away(edge: &Edge, visitor: Option<&Visitor>, err: Error) -> Error {
    let Some(visitor) = visitor.filter(|_| !matches!(err, Error::TokenExpired)) else { return err };
    let key = ClientIp(visitor.address).limit_key();
    let counted = limits::require(&edge.core.limits, Tier::Unauthenticated, &key, 1).await;
    counted.err().unwrap_or(err)
}

/// The first namespace of a connection: counts it for its user.
async fn admit(
    edge: &Edge,
    socket: &Socket,
    caller: Caller,
    visitor: Option<Visitor>,
) -> Result<Arc<Conn>, ConnectError> {
    let key = caller.user.to_string();
    limits::require(&edge.core.limits, Tier::Connections, &key, 1).await.map_err(refuse)?;
    let conn = edge.conns.open(edge, socket.connection().clone(), caller);
    let conn = conn.ok_or_else(|| {
        tracing::debug!(user = %caller.user, address = ?visitor.map(|v| v.address),
            "too many connections");
        refuse(Error::RateLimited { retry_after: Duration::from_secs(10) })
    })?;
    socket.connection().extensions().insert(conn.clone());
    // A session that ended between the look at its token and here found no connection to close.
    if edge.core.revoked.contains(caller.session) {
        conns::abandon(edge, &conn);
        return Err(refuse(Error::Unauthenticated));
    }
    Ok(conn)
}

/// A refusal as `connect_error`, with `data.code`.
fn refuse(err: Error) -> ConnectError {
    log(&err, "connect");
    let retry_after_ms = err.to_event_error().retry_after_ms;
    ConnectError::new(err.to_string()).data(ConnectRefusal { code: err.code(), retry_after_ms })
}

/// The connection of an admitted socket; `None` only while it is being torn down.
fn conn(socket: &Socket) -> Option<Arc<Conn>> {
    socket.connection().extensions().get()
}

/// Whose event this is, if it is not one too many: a flood ends the connection.
fn sender(edge: &Edge, socket: &Socket) -> Option<Arc<Conn>> {
    let conn = conn(socket)?;
    if conn.spend(&edge.settings, edge.core.clock.now()) {
        return Some(conn);
    }
    tracing::warn!(user = %conn.user, "connection closed: a flood of events");
    conn.connection.close(DisconnectReason::ServerDisconnect);
    None
}

/// A socket left its namespace.
async fn left(edge: &Edge, socket: &Socket) {
    if let Some(conn) = conn(socket) {
        conns::left(edge, &conn).await;
    }
}

/// An event's one argument, an object.
fn body<T: DeserializeOwned>(args: &Args) -> Result<T> {
    read(one_argument(args)?)
}

fn one_argument(args: &Args) -> Result<&str> {
    let raw = args.raw(0).filter(|_| args.len() == 1);
    raw.ok_or_else(|| Error::Malformed("send one object as payload".into()))
}

fn is_list(args: &Args) -> bool {
    args.raw(0).is_some_and(|raw| raw.trim_start().starts_with('['))
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T> {
    // Serde reads a list as an object whose fields have no names.
    if json.trim_start().starts_with('[') {
        return Err(Error::Malformed("send one object as payload".into()));
    }
    serde_json::from_str(json).map_err(|err| Error::Malformed(format!("payload: {err}")))
}

/// The one place where a rule's answer becomes an acknowledgement, and a refusal is logged.
fn answer<T: Serialize>(ack: Option<Ack>, event: &str, result: Result<T>) {
    let sent = match (result, ack) {
        (Ok(body), Some(ack)) => ack.send(&body),
        (Ok(_), None) => Ok(()),
        (Err(err), ack) => {
            log(&err, event);
            ack.map_or(Ok(()), |ack| ack.send(&refusal(&err)))
        }
    };
    if let Err(err) = sent {
        tracing::debug!(error = %err, event, "nobody to answer");
    }
}

fn refusal(err: &Error) -> EventRefusal {
    EventRefusal { error: err.to_event_error() }
}

fn log(err: &Error, event: &str) {
    match err {
        Error::Unavailable(cause) => {
            tracing::error!(error = cause as &dyn std::error::Error, event, "event failed");
        }
        refusal => tracing::debug!(error = %refusal, event, "event refused"),
    }
}

fn unknown_event(event: Event) {
    let refusal = Error::Malformed(format!("there is no event {:?} here", event.name));
    answer::<()>(event.ack, "unknown", Err(refusal));
}
