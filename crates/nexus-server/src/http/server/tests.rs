use axum::{
    body::{Body, to_bytes},
    http::Request,
};
use nexus_core::ports::PortError;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::*;
use crate::config::{Flags, load};

struct Store(bool);

#[async_trait]
impl Part for Store {
    fn name(&self) -> &'static str {
        "store"
    }
    async fn check(&self) -> PortResult<()> {
        if self.0 { Ok(()) } else { Err(PortError::new("read", "canary: the disk is gone")) }
    }
}

fn state(well: bool, settings: &[(&str, &str)]) -> Arc<ServerState> {
    let environment =
        settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Arc::new(ServerState {
        config: Arc::new(load(&Flags::default(), environment).unwrap()),
        parts: vec![Arc::new(Store(well))],
        draining: CancellationToken::new(),
        metrics: crate::metrics::start().unwrap(),
        web: false,
    })
}

async fn ask(
    state: &Arc<ServerState>,
    peer: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> (u16, String) {
    let mut req = Request::get(path);
    for (name, value) in headers {
        req = req.header(*name, *value);
    }
    let mut req = req.body(Body::empty()).unwrap();
    req.extensions_mut().insert(Peer(peer.parse().unwrap()));
    let response = routes(state.clone()).oneshot(req).await.unwrap();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn readiness_names_the_part_that_fails_and_ends_with_the_drain() {
    let well = state(true, &[]);
    let (status, body) = ask(&well, "8.8.8.8:1", "/readyz", &[]).await;
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, body), (200, json!({"status": "ready", "parts": {"store": "ok"}})));
    well.draining.cancel();
    assert_eq!(ask(&well, "8.8.8.8:1", "/readyz", &[]).await.0, 503);
    assert_eq!(ask(&well, "8.8.8.8:1", "/healthz", &[]).await.0, 200);

    let (status, body) = ask(&state(false, &[]), "8.8.8.8:1", "/readyz", &[]).await;
    assert_eq!(status, 503);
    assert!(body.contains("could not read") && !body.contains("canary"), "{body}");
}

#[tokio::test]
async fn metrics_are_for_this_machine_or_with_the_token() {
    let state = state(
        true,
        &[
            ("NEXUS__METRICS__TOKEN", "sixteen-characters"),
            ("NEXUS__SERVER__TRUSTED_PROXIES", "127.0.0.2"),
        ],
    );
    let token = ("authorization", "Bearer sixteen-characters");
    for (peer, headers, status) in [
        ("127.0.0.1:1", &[][..], 200),
        ("[::1]:1", &[], 200),
        ("[::ffff:127.0.0.1]:1", &[], 200),
        ("127.0.0.1:1", &[("x-forwarded-for", "127.0.0.1")], 404),
        ("127.0.0.2:1", &[], 404),
        ("8.8.8.8:1", &[], 404),
        ("8.8.8.8:1", &[token], 200),
        ("8.8.8.8:1", &[("authorization", "Bearer sixteen-character")], 404),
        ("8.8.8.8:1", &[("authorization", "Bearer ")], 404),
    ] {
        let (got, body) = ask(&state, peer, "/metrics", headers).await;
        assert_eq!(got, status, "{peer} {headers:?}");
        assert_eq!(body.contains("nexus_build_info"), status == 200);
    }
}

#[tokio::test]
async fn an_error_type_leads_to_its_meaning() {
    let state = state(true, &[]);
    assert_eq!(ask(&state, "8.8.8.8:1", "/errors/not_found", &[]).await.0, 200);
    assert_eq!(ask(&state, "8.8.8.8:1", "/errors/nonsense", &[]).await.0, 404);
    let (_, about) = ask(&state, "8.8.8.8:1", "/.well-known/nexuschat", &[]).await;
    let about: Value = serde_json::from_str(&about).unwrap();
    assert_eq!(about["limits"]["contentChars"], 4_000);
}
