//! The published documents: as checked in, as served, and complete.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fs,
    path::Path,
};

use nexus_server::{http::openapi::openapi, socket::asyncapi};
use serde_json::{Value, json};

use crate::fixture::TestApp;

/// All routes of this server, by path. One more here and in `protocol.md` for each new one.
const ROUTES: &[(&str, &str)] = &[
    ("/auth/signup", "post"),
    ("/auth/login", "post"),
    ("/auth/refresh", "post"),
    ("/auth/logout", "post"),
    ("/auth/logout-all", "post"),
    ("/auth/change-password", "post"),
    ("/auth/forgot-password", "post"),
    ("/auth/reset-password", "post"),
    ("/auth/verify-email", "post"),
    ("/auth/resend-verification", "post"),
    ("/auth/change-email", "post"),
    ("/auth/confirm-email", "post"),
    ("/auth/revert-email", "post"),
    ("/auth/step-up", "post"),
    ("/auth/totp/setup", "post"),
    ("/auth/totp/enable", "post"),
    ("/auth/totp/disable", "post"),
    ("/auth/totp/recovery-codes", "post"),
    ("/auth/passkeys", "get"),
    ("/auth/passkeys/{id}", "patch delete"),
    ("/auth/passkeys/register/start", "post"),
    ("/auth/passkeys/register/finish", "post"),
    ("/auth/passkeys/login/start", "post"),
    ("/auth/passkeys/login/finish", "post"),
    ("/auth/passkeys/step-up", "post"),
    ("/auth/oidc/{provider}/start", "post"),
    ("/auth/oidc/{provider}/callback", "get"),
    ("/auth/oidc/ticket", "post"),
    ("/auth/oidc/login", "post"),
    ("/auth/oidc/signup", "post"),
    ("/auth/oidc/links", "get post"),
    ("/auth/oidc/links/{provider}", "delete"),
    ("/auth/sessions", "get"),
    ("/auth/sessions/{id}", "delete"),
    ("/users/me", "get patch delete"),
    ("/users/me/export", "get post"),
    ("/users/me/export/{id}/content", "get"),
    ("/users/me/settings", "get patch"),
    ("/users/{id}", "get"),
    ("/users", "get"),
    ("/contacts", "get post"),
    ("/contacts/{userId}", "patch delete"),
    ("/contacts/requests", "get"),
    ("/contacts/requests/{id}/accept", "post"),
    ("/contacts/requests/{id}/decline", "post"),
    ("/blocks", "get"),
    ("/blocks/{userId}", "put delete"),
    ("/chats", "get post"),
    ("/chats/{id}", "get patch delete"),
    ("/chats/{id}/members", "get post"),
    ("/chats/{id}/members/{userId}", "patch delete"),
    ("/chats/{id}/invites", "get post"),
    ("/chats/{id}/invites/{code}", "delete"),
    ("/chats/{id}/join-requests", "get"),
    ("/chats/{id}/join-requests/{userId}/approve", "post"),
    ("/chats/{id}/join-requests/{userId}/decline", "post"),
    ("/invites/{code}", "get"),
    ("/invites/{code}/join", "post"),
    ("/chats/{id}/leave", "post"),
    ("/chats/{id}/me", "patch"),
    ("/chats/{id}/read", "post"),
    ("/chats/{id}/messages", "get post"),
    ("/chats/{id}/pins", "get"),
    ("/messages/{id}", "get patch delete"),
    ("/messages/{id}/reactions/{emoji}", "put delete"),
    ("/messages/{id}/receipts", "get"),
    ("/messages/{id}/history", "get"),
    ("/messages/{id}/ledger", "get"),
    ("/messages/{id}/pin", "put delete"),
    ("/messages/{id}/star", "put delete"),
    ("/messages/{id}/forward", "post"),
    ("/messages/{id}/retry", "post"),
    ("/starred", "get"),
    ("/unsubscribe", "get post"),
    ("/webhooks/sendgrid", "post"),
    ("/search/messages", "get"),
    ("/sync", "post"),
    ("/admin/users", "get"),
    ("/admin/users/{id}", "get patch"),
    ("/admin/users/{id}/ban", "post delete"),
    ("/admin/audit", "get"),
    ("/admin/audit/export", "get"),
    ("/admin/reports", "get"),
    ("/admin/reports/{id}", "get"),
    ("/admin/reports/{id}/resolve", "post"),
    ("/admin/sweep", "post"),
    ("/admin/sweeps/{id}", "get"),
    ("/admin/announcements", "get post"),
    ("/admin/announcements/{id}", "delete"),
    ("/admin/queues", "get"),
    ("/admin/stats", "get"),
    ("/admin/dead-letters", "get"),
    ("/admin/dead-letters/{id}", "get delete"),
    ("/admin/dead-letters/{id}/replay", "post"),
    ("/reports", "post"),
    ("/announcements", "get"),
    ("/announcements/{id}/dismiss", "post"),
];

fn workspace() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// `UPDATE_CONTRACT=1` writes the file instead.
fn check_in(name: &str, generated: &Value) {
    let path = workspace().join("docs/api").join(name);
    let text = format!("{}\n", serde_json::to_string_pretty(generated).unwrap());
    if std::env::var_os("UPDATE_CONTRACT").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &text).unwrap();
    }
    let known = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        known == text,
        "docs/api/{name} is not what the types say: look at the change, then run this test with UPDATE_CONTRACT=1"
    );
}

#[test]
fn the_documents_checked_in_are_those_of_the_types() {
    check_in("openapi.json", &json!(openapi()));
    check_in("asyncapi.json", &asyncapi());
}

#[tokio::test]
async fn the_documents_served_are_those_of_the_types() {
    let app = TestApp::start().await;
    assert_eq!(app.api.get("/api/openapi.json").await.unwrap().body, json!(openapi()));
    assert_eq!(app.api.get("/api/asyncapi.json").await.unwrap().body, asyncapi());
}

#[tokio::test]
async fn the_page_of_documents_loads_nothing_from_elsewhere() {
    let app = TestApp::start().await;
    let page = app.api.get("/api/docs/").await.unwrap();
    assert!(page.headers["content-type"].to_str().unwrap().starts_with("text/html"));
    let html = page.body.as_str().unwrap();
    assert!(html.contains("<script"), "{html}");
    for attribute in ["src=\"", "href=\""] {
        for link in html.split(attribute).skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(!link.contains("//"), "{link} is elsewhere");
        }
    }
    let bare = app.api.get("/api/docs").await.unwrap();
    assert!([200, 301, 302, 303, 307, 308].contains(&bare.status));
}

#[test]
fn every_route_is_documented_and_no_other() {
    let document = json!(openapi());
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let expected: BTreeMap<String, BTreeSet<String>> = ROUTES
        .iter()
        .map(|(path, methods)| {
            (format!("/api/v1{path}"), methods.split(' ').map(str::to_owned).collect())
        })
        .collect();
    let methods = ["get", "put", "post", "delete", "patch", "options", "head", "trace"];
    let mut found = BTreeMap::new();
    let mut ids = HashSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let operations =
            item.as_object().unwrap().iter().filter(|(key, _)| methods.contains(&key.as_str()));
        let mut here = BTreeSet::new();
        for (method, operation) in operations {
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id.to_owned()), "operationId {id} stands twice");
            assert!(
                !operation["summary"].as_str().unwrap_or_default().is_empty(),
                "{method} {path}"
            );
            assert!(
                operation["responses"].as_object().unwrap().contains_key("429"),
                "{method} {path}"
            );
            here.insert(method.clone());
        }
        found.insert(path.clone(), here);
    }
    assert_eq!(found, expected);
}

#[tokio::test]
async fn every_route_asks_who_is_there() {
    let app = TestApp::start().await;
    let open = [
        "/auth/signup",
        "/auth/login",
        "/auth/refresh",
        "/auth/forgot-password",
        "/auth/reset-password",
        "/auth/verify-email",
        "/auth/confirm-email",
        "/auth/revert-email",
        "/auth/passkeys/login/start",
        "/auth/passkeys/login/finish",
        "/auth/oidc/{provider}/start",
        "/auth/oidc/{provider}/callback",
        "/auth/oidc/ticket",
        "/auth/oidc/login",
        "/auth/oidc/signup",
        "/unsubscribe",
        "/webhooks/sendgrid",
    ];
    for (path, methods) in ROUTES.iter().filter(|(path, _)| !open.contains(path)) {
        for method in methods.split(' ') {
            let path = path.replace("{id}", &uuid::Uuid::nil().to_string());
            let path = path
                .replace("{userId}", &uuid::Uuid::nil().to_string())
                .replace("{emoji}", "x")
                .replace("{provider}", "x")
                .replace("{code}", "x");
            let refused =
                crate::fixture::request(&app.api, &method.to_uppercase(), &path, json!({})).await;
            assert_eq!(crate::fixture::refusal(refused).1, "unauthenticated", "{method} {path}");
        }
    }
}

/// The texts of the constants of `nexus_protocol::event`.
fn event_names() -> Vec<String> {
    let source = workspace().join("crates/nexus-protocol/src/event.rs");
    let source = fs::read_to_string(source).unwrap();
    let names = source.split("names! {").nth(1).unwrap().split("\n}").next().unwrap();
    let quoted = names.lines().filter_map(|line| line.split('"').nth(1));
    quoted.map(str::to_owned).collect()
}

#[test]
fn every_event_is_documented_and_no_other() {
    let document = asyncapi();
    assert!(document["asyncapi"].as_str().unwrap().starts_with("3."));
    let messages = document["components"]["messages"].as_object().unwrap();
    let documented: BTreeSet<&str> =
        messages.values().map(|message| message["name"].as_str().unwrap()).collect();
    let names = event_names();
    assert!(names.len() > 25 && names.contains(&"msg:send".to_owned()), "{names:?}");
    assert_eq!(documented, names.iter().map(String::as_str).collect());
    assert_eq!(messages.len(), names.len());
    let operations = document["operations"].as_object().unwrap();
    assert_eq!(operations.len(), names.len());
}

#[test]
fn no_document_refers_to_what_is_not_in_it() {
    for document in [json!(openapi()), asyncapi()] {
        let mut references = Vec::new();
        gather(&document, &mut references);
        assert!(references.len() > 50);
        for reference in references {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
        }
    }
}

fn gather(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            references.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|field| gather(field, references));
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, references)),
        _ => {}
    }
}
