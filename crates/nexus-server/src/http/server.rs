//! What a proxy, an operator or a client asks about the server itself.

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use axum::{
    Extension, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use metrics_exporter_prometheus::PrometheusHandle;
use nexus_core::{Error, ports::PortResult};
use nexus_protocol as protocol;
use serde::Serialize;
use subtle::ConstantTimeEq as _;
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;

use super::{error::ApiError, extract::Json};
use crate::{config::Config, listener::Peer};

/// A part that doesn't answer within this time is not ready.
const PATIENCE: Duration = Duration::from_secs(2);

/// A part that must work before requests are sent here: `store`, `queue`, `bus`.
#[async_trait]
pub trait Part: Send + Sync {
    fn name(&self) -> &'static str;

    /// Without it requests are answered all the same, if not as well.
    fn is_optional(&self) -> bool {
        false
    }

    async fn check(&self) -> PortResult<()>;
}

pub struct ServerState {
    pub config: Arc<Config>,
    pub parts: Vec<Arc<dyn Part>>,
    /// Set when the server was asked to stop.
    pub draining: CancellationToken,
    pub metrics: PrometheusHandle,
    /// Whether the web client is here.
    pub web: bool,
}

pub fn routes(state: Arc<ServerState>) -> Router {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .route("/.well-known/nexuschat", get(about))
        .route("/errors/{code}", get(explain))
        .with_state(state)
}

/// For a listener of its own (`metrics.listen`): whoever reaches it may read.
pub fn operator_routes(state: Arc<ServerState>) -> Router {
    let metrics = state.metrics.clone();
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(|| async move { render(&metrics) }))
        .with_state(state)
}

/// `GET /healthz`: the process is alive.
async fn healthz() -> Json<serde_json::Value> {
    Json(serde_json::json!({ "status": "ok" }))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Readiness {
    #[schema(example = "ready")]
    pub status: &'static str,
    /// `ok`, or what can't be done.
    pub parts: BTreeMap<&'static str, String>,
}

/// `GET /readyz`: requests may be sent here.
async fn readyz(State(state): State<Arc<ServerState>>) -> (StatusCode, Json<Readiness>) {
    let conditions = state.parts.iter().map(|part| condition(part.as_ref()));
    let conditions = futures_util::future::join_all(conditions).await;
    let found = || state.parts.iter().zip(&conditions);
    let well = found().all(|(part, condition)| part.is_optional() || condition == "ok");
    let parts = found().map(|(part, condition)| (part.name(), condition.clone())).collect();
    let (code, status) = match (state.draining.is_cancelled(), well) {
        (true, _) => (StatusCode::SERVICE_UNAVAILABLE, "draining"),
        (false, false) => (StatusCode::SERVICE_UNAVAILABLE, "not ready"),
        (false, true) => (StatusCode::OK, "ready"),
    };
    (code, Json(Readiness { status, parts }))
}

/// Says what failed; why is for the log only.
async fn condition(part: &dyn Part) -> String {
    match tokio::time::timeout(PATIENCE, part.check()).await {
        Ok(Ok(())) => "ok".to_owned(),
        Ok(Err(err)) => {
            tracing::warn!(part = part.name(), error = &err as &dyn std::error::Error, "not ready");
            err.to_string()
        }
        Err(_) => {
            tracing::warn!(part = part.name(), "not ready: no answer in time");
            "no answer in time".to_owned()
        }
    }
}

/// `GET /metrics`: for this machine, or with the token; for others there is nothing here.
async fn metrics(
    State(state): State<Arc<ServerState>>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let local = peer.is_some_and(|Extension(peer)| is_local(peer, &headers, &state.config));
    if local || has_token(&headers, state.config.metrics.token.expose()) {
        Ok(render(&state.metrics))
    } else {
        Err(Error::NotFound("address").into())
    }
}

/// A proxy on this machine speaks for strangers.
fn is_local(peer: Peer, headers: &HeaderMap, config: &Config) -> bool {
    let ip = peer.0.ip().to_canonical();
    let proxied = ["x-forwarded-for", "forwarded", "x-real-ip", "via"]
        .iter()
        .any(|name| headers.contains_key(*name));
    ip.is_loopback() && !config.server.trusts(ip) && !proxied
}

fn has_token(headers: &HeaderMap, token: &str) -> bool {
    let given = headers.get(header::AUTHORIZATION).map(|value| value.as_bytes());
    let given = given.and_then(|value| value.strip_prefix(b"Bearer "));
    !token.is_empty() && given.is_some_and(|given| bool::from(given.ct_eq(token.as_bytes())))
}

fn render(metrics: &PrometheusHandle) -> Response {
    metrics.run_upkeep();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics.render()).into_response()
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct About {
    pub name: &'static str,
    pub version: &'static str,
    pub api: &'static str,
    pub features: Vec<&'static str>,
    /// Whose accounts sign in here.
    pub oidc: Vec<protocol::OidcProvider>,
    pub limits: AboutLimits,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AboutLimits {
    pub content_chars: usize,
    pub outbox_messages: usize,
    pub group_members: usize,
    pub page: u32,
    pub body_bytes: usize,
    pub socket_payload_bytes: usize,
}

/// `GET /.well-known/nexuschat`: what a client can expect.
async fn about(State(state): State<Arc<ServerState>>) -> Json<About> {
    let mut features = vec![
        "chats",
        "disappearing",
        "groups",
        "invites",
        "join-approval",
        "presence",
        "receipts",
        "search",
        "slow-mode",
        "sync",
        "typing",
    ];
    features.extend([
        "announcements",
        "blocks",
        "contacts",
        "deletion",
        "export",
        "privacy",
        "reports",
    ]);
    features.extend(["email-verification", "password-reset", "totp"]);
    features.extend(state.config.relying_party().map(|_| "passkeys"));
    let oidc: Vec<_> = state.config.oidc.iter().map(|oidc| oidc.show()).collect();
    features.extend((!oidc.is_empty()).then_some("oidc"));
    features.extend(state.web.then_some("web"));
    Json(About {
        name: "NexusChat",
        version: env!("CARGO_PKG_VERSION"),
        api: "/api/v1",
        features,
        oidc,
        limits: AboutLimits {
            content_chars: protocol::MAX_CONTENT_CHARS,
            outbox_messages: protocol::MAX_OUTBOX,
            group_members: protocol::MAX_MEMBERS,
            page: protocol::MAX_PAGE,
            body_bytes: state.config.server.max_body_bytes,
            socket_payload_bytes: state.config.socket.max_payload_bytes,
        },
    })
}

/// `GET /errors/{code}`: what a problem's `type` leads to.
async fn explain(
    super::extract::Path(code): super::extract::Path<protocol::ErrorCode>,
) -> &'static str {
    use protocol::ErrorCode;
    match code {
        ErrorCode::Validation => "A field has a value that is not allowed; `errors` names each.",
        ErrorCode::Malformed => "The request has the wrong shape; the title says where.",
        ErrorCode::Unauthenticated => "There is no valid token: sign in.",
        ErrorCode::TokenExpired => "The access token has expired: refresh it.",
        ErrorCode::TotpRequired => "The password is right: send a one-time code as `totp`, too.",
        ErrorCode::StepUpRequired => "Confirm with `POST /auth/step-up` first.",
        ErrorCode::Forbidden => "You may see this, but not do that.",
        ErrorCode::Banned => "The account is banned; `ban` says why and until when.",
        ErrorCode::NotFound => "It doesn't exist, or not for you.",
        ErrorCode::Conflict => "It doesn't fit what is there now.",
        ErrorCode::Gone => "It was there, and won't come back.",
        ErrorCode::TooLarge => "The body is too long.",
        ErrorCode::UnsupportedMedia => "The body must be application/json.",
        ErrorCode::RateLimited => "Too many requests: wait as long as Retry-After says.",
        ErrorCode::Unavailable => "Something is out of order for a moment: try again.",
    }
}
