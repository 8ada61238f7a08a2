//! Signing up and in, refreshing, keys.

use std::time::Duration;

use nexus_protocol::{ErrorCode, SignedIn};
use serde_json::{Value, json};

use crate::fixture::{PASSWORD, Person, TestApp, refusal};

fn form(email: &str, username: &str, password: &str) -> Value {
    json!({ "email": email, "username": username, "password": password })
}

#[tokio::test]
async fn a_form_with_three_mistakes_is_told_of_all_three_at_once() {
    let app = TestApp::start().await;
    let refused = app.api.post("/auth/signup", form("nowhere", "an", "short")).await.unwrap_err();
    let problem = refused.problem().unwrap();
    assert_eq!((problem.status, problem.code), (422, ErrorCode::Validation));
    let told: Vec<_> =
        problem.errors.iter().map(|error| (error.field.as_str(), error.limit)).collect();
    assert_eq!(told, [("email", None), ("username", Some(3)), ("password", Some(10))]);
    assert!(!problem.request_id.is_empty());
}

#[tokio::test]
async fn an_address_and_a_name_belong_to_one_account() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    for taken in [
        form("ann@example.com", "other", PASSWORD),
        form("ANN@Example.com", "other", PASSWORD),
        form("other@example.com", "ann", PASSWORD),
        form("other@example.com", "ANN", PASSWORD),
    ] {
        assert_eq!(refusal(app.api.post("/auth/signup", &taken).await).0, 409, "{taken}");
    }
    for identifier in ["ann", "Ann", "ann@example.com", "ANN@EXAMPLE.COM"] {
        assert_eq!(app.api.login(identifier, PASSWORD).await.unwrap().user.id, ann.id);
    }
    let by_email = json!({ "email": "ann@example.com", "password": PASSWORD });
    app.api.post("/auth/login", by_email).await.unwrap();
}

#[tokio::test]
async fn nobody_learns_from_a_refused_sign_in_whether_the_account_exists() {
    let app = TestApp::start().await;
    app.person("ann").await;
    let wrong = app.api.login("ann", "not the password").await.unwrap_err();
    let unknown = app.api.login("nobody", "not the password").await.unwrap_err();
    let told = |err: nexus_client::Error| {
        let problem = err.problem().unwrap().clone();
        (problem.status, problem.code, problem.title, problem.errors)
    };
    let (wrong, unknown) = (told(wrong), told(unknown));
    assert_eq!(wrong, unknown);
    assert_eq!((wrong.0, wrong.1), (401, ErrorCode::Unauthenticated));
}

#[tokio::test]
async fn s4_the_last_byte_of_a_long_password_counts() {
    let app = TestApp::start().await;
    let start: String = "correct horse battery ".chars().cycle().take(72).collect();
    let (long, other) = (format!("{start}a"), format!("{start}b"));
    let nul = "before\0after the nul";
    app.api.signup("ann", &long).await.unwrap();
    app.api.signup("bob", nul).await.unwrap();
    app.api.login("ann", &long).await.unwrap();
    assert_eq!(refusal(app.api.login("ann", &other).await).0, 401);
    assert_eq!(refusal(app.api.login("bob", "before\0after another").await).0, 401);
    app.api.login("bob", nul).await.unwrap();
}

async fn refresh(app: &TestApp, token: &str) -> SignedIn {
    app.api.refresh(token).await.unwrap()
}

#[tokio::test]
async fn a_refresh_token_is_exchanged_for_the_next() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let second = refresh(&app, &ann.refresh_token).await;
    let second_token = second.refresh_token.unwrap();
    assert_ne!(second_token, ann.refresh_token);
    assert_eq!((second.user.id, second.expires_in), (ann.id, 900));
    let api = app.api.with_token(&second.access_token.unwrap());
    api.get("/users/me").await.unwrap();
    let third = refresh(&app, &second_token).await.refresh_token.unwrap();
    assert_ne!(third, second_token);
    for wrong in ["", "x", &"A".repeat(43), &ann.access_token] {
        assert_eq!(refusal(app.api.refresh(wrong).await).1, "unauthenticated", "{wrong}");
    }
}

#[tokio::test]
async fn two_tabs_that_refresh_at_once_get_the_same_successor() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let tabs = futures_util::future::join_all((0..10).map(|_| app.api.refresh(&ann.refresh_token)));
    let successors: Vec<_> =
        tabs.await.into_iter().map(|answer| answer.unwrap().refresh_token.unwrap()).collect();
    assert!(successors.iter().all(|token| *token == successors[0]), "{successors:?}");
    app.clock.advance(Duration::from_secs(10));
    let late = refresh(&app, &ann.refresh_token).await.refresh_token.unwrap();
    assert_eq!(late, successors[0], "a lost answer can be asked for again");
}

#[tokio::test]
async fn a_stolen_refresh_token_ends_the_session_and_closes_its_sockets() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let mut socket = ann.connect().await;
    let next = refresh(&app, &ann.refresh_token).await;
    app.clock.advance(Duration::from_secs(31));
    assert_eq!(refusal(app.api.refresh(&ann.refresh_token).await).1, "unauthenticated");
    let revoked = socket.next("session:revoked").await.unwrap();
    assert_eq!(revoked["reason"], "theft");
    socket.closed().await;
    // The successor is no good either, nor are the access tokens.
    assert_eq!(refusal(app.api.refresh(&next.refresh_token.unwrap()).await).0, 401);
    assert_eq!(refusal(ann.api.get("/users/me").await).1, "unauthenticated");
    assert_eq!(ann.try_connect().await.err().unwrap().code(), Some("unauthenticated"));
    app.login("ann").await;
}

#[tokio::test]
async fn a_refresh_token_lives_seven_days_from_its_last_use() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    app.clock.advance(Duration::from_secs(6 * 86_400));
    let second = refresh(&app, &ann.refresh_token).await.refresh_token.unwrap();
    app.clock.advance(Duration::from_secs(6 * 86_400));
    let third = refresh(&app, &second).await.refresh_token.unwrap();
    app.clock.advance(Duration::from_secs(8 * 86_400));
    assert_eq!(refusal(app.api.refresh(&third).await).0, 401);
}

#[tokio::test]
async fn an_expired_access_token_is_told_from_a_forged_one() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    ann.api.get("/users/me").await.unwrap();
    let forged = format!("{}A", &ann.access_token[..ann.access_token.len() - 1]);
    let forged = if forged == ann.access_token { forged.replace('.', "") } else { forged };
    for no_token in ["", "x", "a.b.c", &forged, &ann.refresh_token] {
        let api = app.api.with_token(no_token);
        assert_eq!(refusal(api.get("/users/me").await), (401, "unauthenticated".to_owned()));
    }
    app.clock.advance(Duration::from_secs(16 * 60));
    assert_eq!(refusal(ann.api.get("/users/me").await), (401, "token_expired".to_owned()));
}

#[tokio::test]
async fn the_key_of_every_token_is_published() {
    let app = TestApp::start().await;
    let ann: Person = app.person("ann").await;
    let set = app.api.get("/.well-known/jwks.json").await.unwrap().body;
    let header = ann.access_token.split('.').next().unwrap();
    let header = base64::Engine::decode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, header).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    assert_eq!(header["alg"], "RS256");
    let keys = set["keys"].as_array().unwrap();
    let key = keys.iter().find(|key| key["kid"] == header["kid"]).unwrap();
    assert_eq!(
        (&key["kty"], &key["alg"], &key["use"]),
        (&json!("RSA"), &json!("RS256"), &json!("sig"))
    );
    assert!(key["n"].is_string() && key["e"].is_string());
    for private in ["d", "p", "q", "dp", "dq", "qi"] {
        assert!(key.get(private).is_none(), "{private} is out");
    }
}
