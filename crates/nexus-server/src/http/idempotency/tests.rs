use std::{
    collections::HashMap,
    sync::atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use axum::{Router, middleware::from_fn_with_state, routing::post};
use nexus_core::ports::{Claim, PortResult};
use nexus_protocol::Timestamp;
use parking_lot::Mutex;
use tokio::sync::Semaphore;
use tower::ServiceExt as _;
use uuid::Uuid;

use super::*;

const ANN: UserId = UserId(Uuid::from_u128(1));
const BOB: UserId = UserId(Uuid::from_u128(2));

type Claimed = ([u8; 32], Option<FirstAnswer>);

#[derive(Default)]
struct Claims(Mutex<HashMap<(UserId, String), Claimed>>);

#[async_trait]
impl IdempotencyStore for Claims {
    async fn claim(
        &self,
        user: UserId,
        key: &str,
        fingerprint: &[u8; 32],
        _: Timestamp,
    ) -> PortResult<Claim> {
        let mut claims = self.0.lock();
        match claims.get(&(user, key.to_owned())) {
            None => {
                claims.insert((user, key.to_owned()), (*fingerprint, None));
                Ok(Claim::New)
            }
            Some((other, _)) if other != fingerprint => Ok(Claim::Mismatch),
            Some((_, None)) => Ok(Claim::InProgress),
            Some((_, Some(answer))) => Ok(Claim::Answered(answer.clone())),
        }
    }

    async fn finish(&self, user: UserId, key: &str, answer: &FirstAnswer) -> PortResult<()> {
        if let Some(claim) = self.0.lock().get_mut(&(user, key.to_owned())) {
            claim.1 = Some(answer.clone());
        }
        Ok(())
    }

    async fn release(&self, user: UserId, key: &str) -> PortResult<()> {
        self.0.lock().remove(&(user, key.to_owned()));
        Ok(())
    }

    async fn prune_claims(&self, _: Timestamp) -> PortResult<()> {
        Ok(())
    }
}

struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp(0)
    }
}

struct App {
    router: Router,
    claims: Arc<Claims>,
    runs: Arc<AtomicUsize>,
    go: Arc<Semaphore>,
}

/// `/count` answers how often it ran, `/fail` fails, `/panic` panics, `/slow` waits for `go`.
fn app() -> App {
    let (runs, go) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
    let counted = |status: StatusCode| {
        let runs = runs.clone();
        move || async move { (status, (runs.fetch_add(1, Ordering::SeqCst) + 1).to_string()) }
    };
    let slow = {
        let (runs, go) = (runs.clone(), go.clone());
        move || async move {
            let _gone = go.acquire().await;
            runs.fetch_add(1, Ordering::SeqCst);
        }
    };
    let claims = Arc::new(Claims::default());
    let idempotency =
        Idempotency { claims: claims.clone(), clock: Arc::new(Still), max_body_bytes: 1_000 };
    let router = Router::new()
        .route("/count", post(counted(StatusCode::CREATED)))
        .route("/fail", post(counted(StatusCode::SERVICE_UNAVAILABLE)))
        .route("/panic", post(panics))
        .route("/slow", post(slow))
        .layer(from_fn_with_state(idempotency, once));
    App { router, claims, runs, go }
}

async fn panics() {
    panic!("on purpose")
}

fn request(path: &str, user: Option<UserId>, key: &str, body: &str) -> Request {
    let mut req = Request::post(path).body(Body::from(body.to_owned())).unwrap();
    if let Some(user) = user {
        req.extensions_mut().insert(CallerId(user));
    }
    if !key.is_empty() {
        req.headers_mut().insert(KEY, key.parse().unwrap());
    }
    req
}

impl App {
    async fn ask(&self, req: Request) -> (u16, String, bool) {
        let response = self.router.clone().oneshot(req).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let replayed = parts.headers.contains_key(REPLAYED);
        (parts.status.as_u16(), String::from_utf8(body.to_vec()).unwrap(), replayed)
    }
}

#[tokio::test]
async fn the_same_request_is_carried_out_once_for_each_user_and_key() {
    let app = app();
    let ask = |user, key: &'static str, body| app.ask(request("/count", user, key, body));
    assert_eq!(ask(Some(ANN), "k1", "a").await, (201, "1".into(), false));
    assert_eq!(ask(Some(ANN), "k1", "a").await, (201, "1".into(), true));
    assert_eq!(ask(Some(ANN), "k2", "a").await, (201, "2".into(), false));
    assert_eq!(ask(Some(BOB), "k1", "a").await, (201, "3".into(), false));
    assert_eq!(ask(Some(ANN), "", "a").await, (201, "4".into(), false));
    assert_eq!(ask(Some(ANN), "", "a").await, (201, "5".into(), false));
    // Nobody is signed in: whose key would it be?
    assert_eq!(ask(None, "k1", "a").await, (201, "6".into(), false));
}

#[tokio::test]
async fn a_key_stands_for_one_request_only() {
    let app = app();
    app.ask(request("/count", Some(ANN), "k1", "a")).await;
    assert_eq!(app.ask(request("/count", Some(ANN), "k1", "b")).await.0, 422);
    assert_eq!(app.ask(request("/count?x=1", Some(ANN), "k1", "a")).await.0, 422);
    assert_eq!(app.ask(request("/fail", Some(ANN), "k1", "a")).await.0, 422);
    assert_eq!(app.ask(request("/count", Some(ANN), &"k".repeat(129), "a")).await.0, 422);
    assert_eq!(app.ask(request("/count", Some(ANN), "k3", &"b".repeat(1_001))).await.0, 413);
    assert_eq!(app.runs.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_failure_is_not_kept() {
    let app = app();
    let ask = |path| app.ask(request(path, Some(ANN), "k1", ""));
    assert_eq!(ask("/fail").await, (503, "1".into(), false));
    assert_eq!(ask("/fail").await, (503, "2".into(), false));
    assert_eq!(ask("/panic").await.0, 500);
    assert_eq!(ask("/count").await, (201, "3".into(), false));
}

#[tokio::test]
async fn a_request_is_carried_out_though_its_client_goes_away() {
    let app = app();
    let first = tokio::spawn(app.router.clone().oneshot(request("/slow", Some(ANN), "k1", "")));
    let twin = || app.ask(request("/slow", Some(ANN), "k1", ""));
    while app.claims.0.lock().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(twin().await.0, 409);
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());

    app.go.add_permits(1);
    while app.runs.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    while twin().await.0 == 409 {
        tokio::task::yield_now().await;
    }
    assert_eq!(twin().await, (200, String::new(), true));
    assert_eq!(app.runs.load(Ordering::SeqCst), 1);
}
