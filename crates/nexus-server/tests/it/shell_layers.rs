//! All layers together, over a real connection's router: what every answer has in common.

use std::sync::Arc;

use async_trait::async_trait;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request},
    routing::{get, post},
};
use nexus_core::{
    limits::{Limiter, Tiers},
    ports::{
        Claim, Clock, FirstAnswer, IdempotencyStore, Limits, PortError, PortResult, Quota, Verdict,
    },
};
use nexus_protocol::{Timestamp, UserId};
use nexus_server::{
    config::{Flags, load},
    http::{
        extract::Json,
        idempotency::Idempotency,
        layers::{ApiLayers, around_all, around_api, with_fallback},
        web::Web,
    },
    listener::Peer,
};
use serde_json::Value;
use tower::ServiceExt as _;

struct Nothing;

impl Clock for Nothing {
    fn now(&self) -> Timestamp {
        Timestamp(0)
    }
}

#[async_trait]
impl IdempotencyStore for Nothing {
    async fn claim(&self, _: UserId, _: &str, _: &[u8; 32], _: Timestamp) -> PortResult<Claim> {
        Ok(Claim::New)
    }
    async fn finish(&self, _: UserId, _: &str, _: &FirstAnswer) -> PortResult<()> {
        Ok(())
    }
    async fn release(&self, _: UserId, _: &str) -> PortResult<()> {
        Ok(())
    }
    async fn prune_claims(&self, _: Timestamp) -> PortResult<()> {
        Ok(())
    }
}

/// Lets those pass whose key doesn't begin with 9.
struct ByKey;

#[async_trait]
impl Limits for ByKey {
    async fn check(&self, quota: &Quota, key: &str, _: u32) -> PortResult<Verdict> {
        let allowed = !key.starts_with('9');
        let remaining = quota.burst - 1;
        Ok(Verdict { allowed, remaining, reset_after: quota.per, retry_after: quota.per / 2 })
    }
}

struct Broken;

#[async_trait]
impl Limits for Broken {
    async fn check(&self, _: &Quota, _: &str, _: u32) -> PortResult<Verdict> {
        Err(PortError::new("count", "the cache is away"))
    }
}

async fn explode() {
    panic!("on purpose")
}

fn router() -> Router {
    let settings = [
        ("NEXUS__SERVER__PUBLIC_URL", "https://chat.example.com"),
        ("NEXUS__SERVER__TRUSTED_PROXIES", "10.0.0.0/8"),
        ("NEXUS__SERVER__REQUEST_TIMEOUT_SECS", "1"),
    ];
    let environment =
        settings.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect();
    let config = load(&Flags::default(), environment).unwrap();
    let server = Arc::new(config.server);
    let limiter = Limiter::new(Tiers::default(), Arc::new(Broken), Arc::new(ByKey));
    let layers = ApiLayers {
        server: server.clone(),
        limits: Arc::new(limiter),
        idempotency: Idempotency {
            claims: Arc::new(Nothing),
            clock: Arc::new(Nothing),
            max_body_bytes: 1_000,
        },
    };
    let long = || async { "x".repeat(10_000) };
    let api = Router::new()
        .route("/api/v1/long", get(long))
        .route("/api/v1/auth/long", get(long))
        .route("/api/v1/echo", post(|Json(body): Json<Value>| async { Json(body) }))
        .route("/api/v1/panic", get(explode).post(explode))
        .route("/api/v1/never", get(std::future::pending::<()>));
    let outside = Router::new().route("/outside/panic", get(explode));
    let web = Web::new(&[], &server).unwrap();
    around_all(with_fallback(around_api(api, layers).merge(outside), web), server)
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
    fn problem(&self) -> Value {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.body);
        serde_json::from_str(&self.body).unwrap()
    }
}

async fn ask(method: &str, path: &str, peer: &str, headers: &[(&str, &str)]) -> Answer {
    let mut req = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        req = req.header(*name, *value);
    }
    let mut req = req.body(Body::empty()).unwrap();
    req.extensions_mut().insert(Peer(format!("{peer}:1").parse().unwrap()));
    let (parts, body) = router().oneshot(req).await.unwrap().into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let body = String::from_utf8_lossy(&body).into_owned();
    Answer { status: parts.status.as_u16(), headers: parts.headers, body }
}

#[tokio::test]
async fn every_answer_has_the_security_headers_and_a_request_id() {
    for (method, path, status) in [
        ("GET", "/api/v1/long", 200),
        ("GET", "/api/v1/nowhere", 404),
        ("GET", "/nowhere", 404),
        ("DELETE", "/api/v1/long", 405),
        ("POST", "/api/v1/echo", 415),
        ("GET", "/api/v1/panic", 500),
        ("POST", "/api/v1/panic", 500),
        ("GET", "/outside/panic", 500),
    ] {
        let answer = ask(method, path, "1.2.3.4", &[]).await;
        assert_eq!(answer.status, status, "{method} {path}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-store"),
            ("strict-transport-security", "max-age=31536000"),
        ] {
            assert_eq!(answer.header(name), value, "{method} {path}");
        }
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"));
        let id = answer.header("x-request-id").to_owned();
        assert_eq!(id.len(), 24);
        if status != 200 {
            let problem = answer.problem();
            assert_eq!(problem["requestId"], id, "{method} {path}");
            assert_eq!(problem["status"], status);
        }
    }
}

#[tokio::test]
async fn a_request_id_is_taken_from_our_proxies_only() {
    let id = [("x-request-id", "from-the-proxy")];
    let taken = async |peer, headers| {
        ask("GET", "/api/v1/long", peer, headers).await.header("x-request-id") == "from-the-proxy"
    };
    assert!(taken("10.0.0.1", &id).await);
    assert!(!taken("1.2.3.4", &id).await);
    assert!(!taken("10.0.0.1", &[("x-request-id", "two words")]).await);
}

#[tokio::test]
async fn limits_are_told_and_kept_while_the_cache_is_away() {
    let fine = ask("GET", "/api/v1/long", "1.2.3.4", &[]).await;
    assert_eq!(fine.header("ratelimit-policy"), "\"unauthenticated\";q=100;w=60");
    assert_eq!(fine.header("ratelimit"), "\"unauthenticated\";r=99;t=60");

    let refused = ask("GET", "/api/v1/long", "9.9.9.9", &[]).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "30"));
    assert_eq!(refused.problem()["code"], "rate_limited");
    let behind_proxy = [("x-forwarded-for", "1.1.1.1, 9.9.9.9")];
    assert_eq!(ask("GET", "/api/v1/long", "10.0.0.1", &behind_proxy).await.status, 429);
    let forged = [("x-forwarded-for", "1.1.1.1")];
    assert_eq!(ask("GET", "/api/v1/long", "9.9.9.9", &forged).await.status, 429);
}

#[tokio::test]
async fn long_answers_are_compressed_unless_they_hold_secrets() {
    for coding in ["gzip", "br", "zstd"] {
        let accepts = [("accept-encoding", coding)];
        let plain = ask("GET", "/api/v1/long", "1.2.3.4", &accepts).await;
        assert_eq!(plain.header("content-encoding"), coding);
        assert!(plain.header("vary").contains("accept-encoding"), "{}", plain.header("vary"));
        assert!(plain.body.len() < 1_000, "{coding}: {}", plain.body.len());
        let secret = ask("GET", "/api/v1/auth/long", "1.2.3.4", &accepts).await;
        assert_eq!((secret.header("content-encoding"), secret.body.len()), ("", 10_000));
    }
    let all = [("accept-encoding", "gzip, br, zstd")];
    let best = ask("GET", "/api/v1/long", "1.2.3.4", &all).await;
    assert_ne!(best.header("content-encoding"), "");
}

#[tokio::test]
async fn other_pages_may_ask_only_if_they_are_on_the_list() {
    let ours = [("origin", "https://chat.example.com")];
    let answer = ask("GET", "/api/v1/long", "1.2.3.4", &ours).await;
    assert_eq!(answer.header("access-control-allow-origin"), "https://chat.example.com");
    assert_eq!(answer.header("access-control-allow-credentials"), "true");
    for origin in ["https://evil.test", "https://chat.example.com.evil.test", "null"] {
        let answer = ask("GET", "/api/v1/long", "1.2.3.4", &[("origin", origin)]).await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{origin}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_takes_too_long_is_given_up() {
    let answer = ask("GET", "/api/v1/never", "1.2.3.4", &[]).await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, "1"));
    assert_eq!(answer.problem()["code"], "unavailable");
}
