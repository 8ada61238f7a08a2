//! Signed-in devices: listing and ending them, and how long a socket may live.

use std::time::Duration;

use nexus_protocol::{Sessions, Timestamp};
use serde_json::{Value, json};

use crate::fixture::{TestApp, event_refusal, refusal};

#[tokio::test]
async fn a_signed_out_device_is_out_for_good() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let mut socket = ann.connect().await;
    let other = app.login("ann").await;
    let other_socket = other.connect().await;
    ann.api.logout().await.unwrap();
    assert_eq!(socket.next("session:revoked").await.unwrap()["reason"], "logout");
    socket.closed().await;
    assert_eq!(refusal(ann.api.get("/users/me").await).1, "unauthenticated");
    assert_eq!(refusal(app.api.refresh(&ann.refresh_token).await).0, 401);
    // The other device is none the wiser.
    other.api.get("/users/me").await.unwrap();
    other_socket.call("sync:check", json!({})).await.unwrap();
}

#[tokio::test]
async fn a_device_whose_access_token_ran_out_can_still_sign_out() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    app.clock.advance(Duration::from_secs(16 * 60));
    let token = json!({ "refreshToken": ann.refresh_token });
    ann.api.post("/auth/logout", token).await.unwrap();
    assert_eq!(refusal(app.api.refresh(&ann.refresh_token).await).0, 401);
    assert_eq!(refusal(app.api.logout().await).0, 401);
}

#[tokio::test]
async fn signing_out_everywhere_leaves_no_device() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let other = app.login("ann").await;
    let (mut here, mut there) = (ann.connect().await, other.connect().await);
    ann.api.post("/auth/logout-all", json!({})).await.unwrap();
    for socket in [&mut here, &mut there] {
        assert_eq!(socket.next("session:revoked").await.unwrap()["reason"], "revoked");
        socket.closed().await;
    }
    for person in [&ann, &other] {
        assert_eq!(refusal(person.api.get("/users/me").await).1, "unauthenticated");
        assert_eq!(refusal(app.api.refresh(&person.refresh_token).await).0, 401);
    }
}

#[tokio::test]
async fn one_device_ends_another_from_the_list() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let login = json!({ "identifier": "ann", "password": crate::fixture::PASSWORD, "device": "Ann's phone" });
    let phone = app.api.post("/auth/login", login).await.unwrap().body;
    let token = phone["accessToken"].as_str().unwrap().to_owned();
    let phone = app.api.with_token(&token);
    let Sessions { sessions } = ann.get("/auth/sessions").await;
    assert_eq!(sessions.len(), 2);
    assert_eq!(sessions.iter().filter(|session| session.current).count(), 1);
    let theirs = sessions.iter().find(|session| !session.current).unwrap();
    assert_eq!((theirs.device.as_str(), theirs.address.as_str()), ("Ann's phone", "127.0.0.1"));

    let mut socket =
        nexus_client::Client::connect(app.host(), &token, &nexus_client::NAMESPACES).await.unwrap();
    let path = format!("/auth/sessions/{}", theirs.id);
    assert_eq!(refusal(bob.api.delete(&path).await), (404, "not_found".to_owned()));
    ann.api.delete(&path).await.unwrap();
    assert_eq!(socket.next("session:revoked").await.unwrap()["reason"], "revoked");
    socket.closed().await;
    assert_eq!(refusal(phone.get("/users/me").await).1, "unauthenticated");
    let Sessions { sessions } = ann.get("/auth/sessions").await;
    assert_eq!(sessions.len(), 1);
    assert_eq!(refusal(ann.api.delete(&path).await).0, 404);
}

#[tokio::test]
async fn a_socket_is_warned_a_minute_before_its_token_expires_and_then_closed() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let mut socket = ann.connect().await;
    app.clock.advance(Duration::from_secs(14 * 60 + 10));
    let expiring = socket.next("auth:expiring").await.unwrap();
    let _: Timestamp = serde_json::from_value(expiring["expiresAt"].clone()).unwrap();
    socket.call("sync:check", json!({})).await.unwrap();
    app.clock.advance(Duration::from_secs(60));
    assert_eq!(socket.next("auth:expired").await.unwrap()["code"], "token_expired");
    socket.closed().await;
    assert_eq!(ann.try_connect().await.err().unwrap().code(), Some("token_expired"));
}

#[tokio::test]
async fn a_fresh_token_of_the_same_session_keeps_the_socket_open() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let mut socket = ann.connect().await;
    app.clock.advance(Duration::from_secs(14 * 60 + 10));
    let expiring = socket.next("auth:expiring").await.unwrap();
    let refreshed = app.api.refresh(&ann.refresh_token).await.unwrap();

    let other = app.login("ann").await;
    for token in [&bob.access_token, &other.access_token] {
        let theirs = socket.call("auth:refresh", json!({ "token": token })).await;
        assert_eq!(event_refusal(theirs), "forbidden");
    }
    let nonsense = socket.call("auth:refresh", json!({ "token": "x" })).await;
    assert_eq!(event_refusal(nonsense), "unauthenticated");

    let token = refreshed.access_token.unwrap();
    let answer: Value = socket.call("auth:refresh", json!({ "token": token })).await.unwrap();
    let at =
        |value: &Value| serde_json::from_value::<Timestamp>(value["expiresAt"].clone()).unwrap();
    assert!(at(&answer) > at(&expiring), "{answer} {expiring}");
    // Beyond the end of the first token: warned again when the second one's time is up.
    app.clock.advance(Duration::from_secs(14 * 60 + 5));
    assert_eq!(at(&socket.next("auth:expiring").await.unwrap()), at(&answer));
    assert!(socket.is_open());
    app.clock.advance(Duration::from_secs(60));
    socket.next("auth:expired").await.unwrap();
    socket.closed().await;
}

#[tokio::test]
async fn a_socket_without_a_good_token_is_told_why() {
    let app = TestApp::start().await;
    for token in ["", "x", "a.b.c"] {
        let refused =
            nexus_client::Client::connect(app.host(), token, &["/chat"]).await.err().unwrap();
        assert_eq!(refused.code(), Some("unauthenticated"), "{refused}");
    }
}
