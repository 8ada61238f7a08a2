//! What a foreign page can make a browser do here: nothing. S-1 and S-16.

use nexus_server::http::openapi::openapi;
use serde_json::{Value, json};

use crate::{
    fixture::{PASSWORD, TestApp},
    wire::{Answer, ask},
};

const OURS: &str = "https://app.example.com";
const SHELL: &str = "capacitor://localhost";
const FOREIGN: [&str; 9] = [
    "https://evil.example",
    "null",
    "",
    "https://app.example.com.evil.example",
    "https://evil-app.example.com",
    "http://app.example.com",
    "https://app.example.com:444",
    "capacitor://localhost.evil.example",
    "file://",
];
const POLLING: &str = "/socket.io/?EIO=4&transport=polling";
const WEBSOCKET: &str = "/socket.io/?EIO=4&transport=websocket";
const UPGRADE: [(&str, &str); 4] = [
    ("connection", "Upgrade"),
    ("upgrade", "websocket"),
    ("sec-websocket-version", "13"),
    ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
];

async fn app() -> TestApp {
    TestApp::with(|config| {
        config.server.allowed_origins = vec![OURS.to_owned(), SHELL.to_owned()];
    })
    .await
}

/// Begins a session by long-polling and by WebSocket, as a page of this origin would.
async fn handshakes(app: &TestApp, headers: &[(&str, &str)]) -> [Answer; 2] {
    let upgrade = [&UPGRADE, headers].concat();
    [
        ask(app.host(), "GET", POLLING, headers, "").await,
        ask(app.host(), "GET", WEBSOCKET, &upgrade, "").await,
    ]
}

/// The cookies of somebody who has signed in from a page of ours.
async fn cookies(app: &TestApp) -> String {
    app.person("ann").await;
    let login = json!({ "identifier": "ann", "password": PASSWORD, "tokenTransport": "cookie" });
    let answer = app.api.post("/auth/login", login).await.unwrap();
    let all = answer.headers.get_all("set-cookie").iter();
    let pairs: Vec<&str> =
        all.map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap()).collect();
    pairs.join("; ")
}

#[tokio::test]
async fn s1_a_foreign_page_opens_no_socket() {
    let app = app().await;
    for origin in FOREIGN {
        for answer in handshakes(&app, &[("origin", origin)]).await {
            assert_eq!(answer.status, 403, "{origin:?}");
            assert_eq!(answer.json()["reason"], "forbidden");
            assert_eq!(answer.header("access-control-allow-origin"), "");
        }
    }
    let twice = [("origin", OURS), ("origin", "https://evil.example")];
    let hidden = [("sec-fetch-site", "cross-site")];
    for headers in [&twice[..], &hidden] {
        for answer in handshakes(&app, headers).await {
            assert_eq!(answer.status, 403, "{headers:?}");
        }
    }
}

#[tokio::test]
async fn s1_our_pages_apps_and_native_clients_open_sockets() {
    let app = app().await;
    let own = format!("http://{}", app.host());
    for origin in [OURS, SHELL, &own] {
        let headers = [("origin", origin), ("host", app.host())];
        assert_eq!(handshakes(&app, &headers).await.map(|answer| answer.status), [200, 101]);
    }
    assert_eq!(handshakes(&app, &[]).await.map(|answer| answer.status), [200, 101]);
}

#[tokio::test]
async fn s1_who_knows_a_session_id_cannot_use_it_from_a_foreign_page() {
    let app = app().await;
    let open = ask(app.host(), "GET", POLLING, &[("origin", OURS)], "").await;
    let open: Value = serde_json::from_slice(&open.body[1..]).unwrap();
    let path = format!("{POLLING}&sid={}", open["sid"].as_str().unwrap());
    let evil = [("origin", "https://evil.example")];
    assert_eq!(ask(app.host(), "POST", &path, &evil, "40/chat,").await.status, 403);
    assert_eq!(ask(app.host(), "GET", &path, &evil, "").await.status, 403);
    let websocket = [&UPGRADE[..], &evil].concat();
    let path = path.replace("polling", "websocket");
    assert_eq!(ask(app.host(), "GET", &path, &websocket, "").await.status, 403);
}

/// What joining `/chat` by long-polling answers.
async fn join(app: &TestApp, headers: &[(&str, &str)]) -> String {
    let open = ask(app.host(), "GET", POLLING, headers, "").await;
    let open: Value = serde_json::from_slice(&open.body[1..]).unwrap();
    let path = format!("{POLLING}&sid={}", open["sid"].as_str().unwrap());
    assert_eq!(ask(app.host(), "POST", &path, headers, "40/chat,").await.status, 200);
    let answer = ask(app.host(), "GET", &path, headers, "").await;
    String::from_utf8(answer.body).unwrap()
}

#[tokio::test]
async fn s1_an_apps_page_may_use_tokens_and_no_cookies() {
    let app = app().await;
    let cookies = cookies(&app).await;
    let page = join(&app, &[("origin", OURS), ("cookie", &cookies)]).await;
    assert!(page.starts_with("40/chat,{\"sid\":"), "{page}");
    let shell = [("origin", SHELL), ("cookie", cookies.as_str())];
    let refused = join(&app, &shell).await;
    assert!(refused.starts_with("44/chat,") && refused.contains("unauthenticated"), "{refused}");

    let patch = [&shell[..], &[("content-type", "application/json")]].concat();
    let answer = ask(app.host(), "PATCH", "/api/v1/users/me", &patch, "{\"about\":\"x\"}").await;
    assert_eq!(answer.status, 403);
    let token = format!("Bearer {}", app.login("ann").await.access_token);
    let patch = [&patch[..], &[("authorization", &token)]].concat();
    let answer = ask(app.host(), "PATCH", "/api/v1/users/me", &patch, "{\"about\":\"x\"}").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), SHELL);
    assert_eq!(answer.header("access-control-allow-credentials"), "");
}

#[tokio::test]
async fn preflights_name_one_origin_and_only_one_of_the_list() {
    let app = app().await;
    for path in ["/api/v1/users/me", POLLING] {
        let preflight = async |origin| {
            let headers = [
                ("origin", origin),
                ("access-control-request-method", "PATCH"),
                ("access-control-request-headers", "authorization,content-type,idempotency-key"),
            ];
            ask(app.host(), "OPTIONS", path, &headers, "").await
        };
        for (origin, credentials) in [(OURS, "true"), (SHELL, "")] {
            let answer = preflight(origin).await;
            assert_eq!(answer.header("access-control-allow-origin"), origin, "{path}");
            assert_eq!(answer.header("access-control-allow-credentials"), credentials, "{path}");
            assert!(answer.header("access-control-allow-methods").contains("PATCH"), "{path}");
            let vary: Vec<_> = answer.headers.get_all("vary").iter().collect();
            assert!(format!("{vary:?}").contains("origin"), "{path}: {vary:?}");
        }
        for origin in FOREIGN {
            let answer = preflight(origin).await;
            assert_eq!(answer.header("access-control-allow-origin"), "", "{path} {origin}");
            assert_eq!(answer.header("access-control-allow-credentials"), "", "{path} {origin}");
        }
    }
}

/// Method, address and whether there is a body, of every route that changes something.
fn unsafe_routes() -> Vec<(String, String, bool)> {
    let document = json!(openapi());
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["post", "put", "patch", "delete"] {
            let Some(operation) = item.get(method) else { continue };
            let segments = path.split('/').map(|segment| match segment {
                "{emoji}" => "x",
                segment if segment.starts_with('{') => "01966f4e-0000-7000-8000-000000000001",
                segment => segment,
            });
            let path = segments.collect::<Vec<_>>().join("/");
            routes.push((method.to_uppercase(), path, operation.get("requestBody").is_some()));
        }
    }
    assert!(routes.len() > 25, "{routes:?}");
    routes
}

const FORMS: [(&str, &str); 3] = [
    ("application/x-www-form-urlencoded", "about=stolen"),
    ("text/plain", "{\"about\":\"stolen\",\"x\":\"=\"}"),
    (
        "multipart/form-data; boundary=x",
        "--x\r\ncontent-disposition: form-data; name=\"about\"\r\n\r\nstolen\r\n--x--\r\n",
    ),
];

#[tokio::test]
async fn s16_no_form_of_a_foreign_page_reaches_a_route_that_changes_something() {
    let app = app().await;
    let cookies = cookies(&app).await;
    let mut tried = 0;
    for (method, path, _) in unsafe_routes() {
        for (kind, body) in FORMS.into_iter().chain([("application/json", "{}")]) {
            for page in [
                ("origin", "https://evil.example"),
                ("origin", "null"),
                ("sec-fetch-site", "cross-site"),
            ] {
                let headers = [page, ("cookie", &cookies), ("content-type", kind)];
                let answer = ask(app.host(), &method, &path, &headers, body).await;
                assert_eq!(answer.status, 403, "{method} {path} {kind} {page:?}");
                tried += 1;
            }
        }
    }
    assert!(tried > 300, "{tried}");
}

#[tokio::test]
async fn s16_json_is_the_only_language_even_for_our_own_pages() {
    let app = app().await;
    let cookies = cookies(&app).await;
    for (method, path, _) in unsafe_routes().into_iter().filter(|(_, _, has_body)| *has_body) {
        for (kind, body) in FORMS {
            let headers = [("origin", OURS), ("cookie", &cookies), ("content-type", kind)];
            let answer = ask(app.host(), &method, &path, &headers, body).await;
            // For whoever is no staff, or not the mail service, there is nothing to speak to.
            let hidden = path.contains("/admin/") || path.contains("/webhooks/");
            let expected = if hidden { 404 } else { 415 };
            assert_eq!(answer.status, expected, "{method} {path} {kind}");
        }
    }
}
