//! What every answer says about its own use, whatever was asked. S-2.

use nexus_server::{
    config::{Config, Rate},
    http::{openapi::openapi, web::EMBEDDED},
};
use serde_json::json;

use crate::{
    fixture::TestApp,
    wire::{Answer, ask, request, send},
};

const ALWAYS: [(&str, &str); 7] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ("x-permitted-cross-domain-policies", "none"),
];
/// What else may be there. A header that is new here tells something about us: is it meant to?
const KNOWN: [&str; 24] = [
    "accept-ranges",
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-expose-headers",
    "access-control-max-age",
    "allow",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-security-policy",
    "content-type",
    "date",
    "etag",
    "idempotency-replayed",
    "location",
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
    "set-cookie",
    "transfer-encoding",
    "vary",
    "www-authenticate",
];
const UPGRADE: [(&str, &str); 4] = [
    ("connection", "Upgrade"),
    ("upgrade", "websocket"),
    ("sec-websocket-version", "13"),
    ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
];

#[track_caller]
fn check(answer: &Answer, https: bool, what: &str) {
    for (name, value) in ALWAYS {
        assert_eq!(answer.header(name), value, "{what}: {name}");
    }
    let csp = answer.header("content-security-policy");
    for rule in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
        assert!(csp.contains(rule), "{what}: {csp}");
    }
    assert!(!csp.contains("unsafe-eval") && !csp.contains('*'), "{what}: {csp}");
    let hsts = if https { "max-age=31536000" } else { "" };
    assert_eq!(answer.header("strict-transport-security"), hsts, "{what}");
    assert_eq!(answer.header("x-request-id").len(), 24, "{what}");
    let more = ["strict-transport-security", "x-request-id", "upgrade", "sec-websocket-accept"];
    for name in answer.headers.keys().map(|name| name.as_str()) {
        let known = ALWAYS.iter().any(|(always, _)| *always == name)
            || KNOWN.contains(&name)
            || more.contains(&name);
        assert!(known, "{what}: what is {name} for?");
    }
}

async fn app(change: impl FnOnce(&mut Config)) -> TestApp {
    TestApp::with(|config| {
        config.server.public_url = "https://chat.example.com".to_owned();
        change(config);
    })
    .await
}

#[tokio::test]
async fn s2_every_route_of_the_contract_for_everybody() {
    let app = app(|_| {}).await;
    let token = format!("Bearer {}", app.person("ann").await.access_token);
    let document = json!(openapi());
    let mut asked = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.replace("{emoji}", "x").replace(['{', '}'], "");
        let documented = item.as_object().unwrap().keys();
        for method in documented.map(String::as_str).chain(["head", "options", "trace"]) {
            let who: [&[(&str, &str)]; 3] = [
                &[],
                &[("authorization", &token)],
                &[("origin", "https://evil.example"), ("content-type", "text/plain")],
            ];
            for headers in who {
                let method = method.to_uppercase();
                let answer = ask(app.host(), &method, &path, headers, "").await;
                let what = format!("{method} {path} {}: {}", headers.len(), answer.status);
                check(&answer, true, &what);
                assert_eq!(answer.header("cache-control"), "no-store", "{what}");
                asked += 1;
            }
        }
    }
    assert!(asked > 250, "{asked}");
}

#[tokio::test]
async fn s2_everything_beside_the_contract() {
    let app = app(|_| {}).await;
    let (polling, websocket) =
        ("/socket.io/?EIO=4&transport=polling", "/socket.io/?EIO=4&transport=websocket");
    let unknown = format!("{polling}&sid=unknown");
    let files = EMBEDDED.iter().map(|file| file.path);
    let others = [
        "/",
        "/nowhere",
        "/chat/01966f4e-0000-7000-8000-000000000001",
        "/api/docs",
        "/api/docs/",
        "/api/docs/swagger-ui.css",
        "/api/docs/nothing",
        "/api/openapi.json",
        "/api/asyncapi.json",
        "/api/v1/nowhere",
        "/.well-known/nexuschat",
        "/.well-known/jwks.json",
        "/errors/validation",
        "/errors/nothing",
        "/healthz",
        "/readyz",
        "/metrics",
        "/socket.io",
        "/socket.io/",
        "/socket.io/?EIO=3&transport=polling",
        polling,
        &unknown,
        "/%2e%2e/etc/passwd",
        "/assets/nothing.js",
    ];
    for path in others.into_iter().chain(files) {
        for method in ["GET", "HEAD", "POST", "DELETE", "OPTIONS"] {
            for accept in ["*/*", "text/html"] {
                if method == "HEAD" && path == polling {
                    continue;
                }
                let answer = ask(app.host(), method, path, &[("accept", accept)], "").await;
                check(&answer, true, &format!("{method} {path} {accept}: {}", answer.status));
                assert!(!answer.header("cache-control").is_empty(), "{method} {path}");
            }
        }
    }
    for (headers, status) in [(&UPGRADE[..], 101), (&UPGRADE[1..], 400)] {
        let answer = ask(app.host(), "GET", websocket, headers, "").await;
        assert_eq!(answer.status, status);
        check(&answer, true, "the WebSocket");
    }
    let foreign = [&UPGRADE[..], &[("origin", "https://evil.example")]].concat();
    let answer = ask(app.host(), "GET", websocket, &foreign, "").await;
    assert_eq!(answer.status, 403);
    check(&answer, true, "a WebSocket of a foreign page");
}

#[tokio::test]
async fn s2_every_kind_of_refusal() {
    let app = app(|config| {
        config.server.max_body_bytes = 16 * 1024;
        config.server.request_timeout_secs = 5;
        config.limits.enabled = true;
        config.limits.unauthenticated = Rate { count: 9, per_secs: 600, burst: 0 };
    })
    .await;
    let ann = app.person("ann").await;
    let token = format!("Bearer {}", ann.access_token);
    let json = ("content-type", "application/json");
    let signed_in = [("authorization", token.as_str()), json];
    let large = format!("{{\"about\":\"{}\"}}", "x".repeat(20_000));
    let me = "/api/v1/users/me";
    for (status, method, path, headers, body) in [
        (400, "PATCH", me, &signed_in[..], "{\"about\":"),
        (400, "PATCH", me, &signed_in, "{\"about\":{\"$gt\":\"\"}}"),
        (401, "GET", me, &[], ""),
        (401, "GET", me, &[("authorization", "Bearer forged")], ""),
        (403, "PATCH", me, &[signed_in[0], json, ("origin", "null")], "{}"),
        (404, "GET", "/api/v1/users/01966f4e-0000-7000-8000-000000000001", &signed_in, ""),
        (405, "PUT", me, &signed_in, ""),
        (413, "PATCH", me, &signed_in, &large),
        (415, "PATCH", me, &signed_in[..1], "{}"),
        (422, "PATCH", me, &signed_in, "{\"displayName\":\"\\u0000\"}"),
    ] {
        let answer = ask(app.host(), method, path, headers, body).await;
        let what = format!("{method} {path}: {}", answer.status);
        assert_eq!(answer.status, status, "{what} {:?}", answer.json());
        check(&answer, true, &what);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{what}");
        assert_eq!(answer.json()["status"], status, "{what}");
    }
    // A body that never comes.
    let text = request("PATCH", me, &signed_in, "{}").replace("length: 2", "length: 2000");
    let answer = send(app.host(), &text).await.unwrap();
    assert_eq!((answer.status, answer.json()["code"].as_str()), (503, Some("unavailable")));
    check(&answer, true, "503");
    for _ in 0..9 {
        ask(app.host(), "GET", me, &[], "").await;
    }
    let answer = ask(app.host(), "GET", me, &[], "").await;
    assert_eq!((answer.status, answer.json()["code"].as_str()), (429, Some("rate_limited")));
    check(&answer, true, "429");
}

/// Hyper answers these before anything of ours is asked. They carry nothing, so there is nothing to
/// protect, and they say nothing about us.
#[tokio::test]
async fn s2_what_is_no_http_is_answered_with_nothing() {
    let app = TestApp::start().await;
    let long = format!("GET / HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "x".repeat(64 * 1024));
    let many = (0..200).map(|number| format!("x-{number}: x\r\n")).collect::<String>();
    let many = format!("GET / HTTP/1.1\r\nhost: x\r\n{many}\r\n");
    let address = format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "x".repeat(70_000));
    for (text, statuses) in [
        (long.as_str(), &[431][..]),
        (&many, &[431]),
        (&address, &[414, 431]),
        ("NONSENSE\r\n\r\n", &[400]),
        ("GET / HTTP/9.9\r\n\r\n", &[400]),
        ("GET / HTTP/1.1\r\nbad header\r\n\r\n", &[400]),
    ] {
        let answer = send(app.host(), text).await.unwrap();
        assert!(statuses.contains(&answer.status), "{} to {:.20}", answer.status, text);
        assert_eq!(answer.body, b"");
        let names: Vec<_> = answer.headers.keys().map(|name| name.as_str()).collect();
        for name in names {
            assert!(["connection", "content-length", "date"].contains(&name), "{name}");
        }
    }
}

#[tokio::test]
async fn without_https_nobody_is_told_to_insist_on_it() {
    let app = TestApp::start().await;
    check(&ask(app.host(), "GET", "/healthz", &[], "").await, false, "/healthz");
}

#[tokio::test]
async fn s2_what_the_operator_reads_elsewhere() {
    let free = std::net::SocketAddr::from(([127, 0, 0, 1], nexus_client::free_port().unwrap()));
    let _app = app(|config| config.metrics.listen = Some(free)).await;
    for path in ["/metrics", "/healthz", "/readyz", "/nowhere"] {
        let answer = ask(&free.to_string(), "GET", path, &[], "").await;
        assert_eq!(answer.status, if path == "/nowhere" { 404 } else { 200 });
        check(&answer, true, path);
    }
}
