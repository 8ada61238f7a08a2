//! Request ids, log lines and numbers: what is known about each request, and nothing it carries.

use std::{future::Future, sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method},
    middleware::Next,
    response::Response,
};
use nexus_protocol::UserId;
use tokio::task::JoinHandle;
use tracing::{Instrument as _, Span, field::Empty};

use super::client_ip::ClientIp;
use crate::{config::Server, listener::Peer, metrics::count_http};

pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const MAX_REQUEST_ID_BYTES: usize = 64;

tokio::task_local! {
    static CURRENT: String;
}

/// The id of the request that is being answered; empty outside of one.
pub fn request_id() -> String {
    CURRENT.try_with(String::clone).unwrap_or_default()
}

/// Notes who asks, for the request's log line.
pub fn record_user(user: UserId) {
    Span::current().record("user", tracing::field::display(user));
}

/// Runs on when the client goes away, as the same request in the log.
pub fn in_background<F>(work: F) -> JoinHandle<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    tokio::spawn(CURRENT.scope(request_id(), work).in_current_span())
}

/// The outermost layer.
pub async fn observe(State(server): State<Arc<Server>>, mut req: Request, next: Next) -> Response {
    let began = Instant::now();
    let client = req.extensions().get::<Peer>().copied().map(|peer| {
        let ip = ClientIp::of(peer, req.headers(), &server);
        req.extensions_mut().insert(ip);
        (peer, ip)
    });
    let believed = client.is_some_and(|(peer, _)| server.trusts(peer.0.ip()));
    let id = incoming_id(req.headers()).filter(|_| believed).unwrap_or_else(new_id);
    let method = method_name(req.method());
    let route = req.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let route = route.unwrap_or_else(|| "unmatched".to_owned());

    let span = tracing::info_span!(
        "request",
        id,
        method,
        route,
        ip = client.map(|(_, ip)| tracing::field::display(ip.0)),
        user = Empty
    );
    let answer = CURRENT.scope(id.clone(), next.run(req)).instrument(span.clone());
    let mut response = answer.await;
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    let status = response.status().as_u16();
    let took = began.elapsed();
    count_http(method, &route, status, took.as_secs_f64());
    let latency_ms = took.as_secs_f64() * 1_000.0;
    // Long-polling and probes come all the time, and say nothing.
    span.in_scope(|| match route.as_str() {
        "/healthz" | "/readyz" | "/metrics" | "unmatched" => {
            tracing::debug!(status, latency_ms, "answered");
        }
        route if route.starts_with("/socket.io") => tracing::debug!(status, latency_ms, "answered"),
        _ => tracing::info!(status, latency_ms, "answered"),
    });
    response
}

fn incoming_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let sane = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    ((1..=MAX_REQUEST_ID_BYTES).contains(&id.len()) && id.bytes().all(sane)).then(|| id.to_owned())
}

/// No secret and no order: it only has to be found again in a log.
fn new_id() -> String {
    let mut bytes = [0; 12];
    match getrandom::fill(&mut bytes) {
        Ok(()) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        Err(_) => "unknown".to_owned(),
    }
}

/// Methods can be made up, label values must not.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}
