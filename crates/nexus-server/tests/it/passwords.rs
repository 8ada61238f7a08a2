//! Passwords: what a good one is, changing it, and what that ends.

use std::time::Duration;

use serde_json::{Value, json};

use crate::fixture::{PASSWORD, Person, TestApp, eventually, refusal, text};

const NEW: &str = "another horse battery";

fn change(current: &str, password: &str) -> Value {
    json!({ "current": current, "password": password })
}

#[tokio::test]
async fn a_password_that_is_easy_to_guess_is_refused() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let refused = |answer: Result<nexus_client::Answer, nexus_client::Error>| {
        let problem = answer.unwrap_err().problem().unwrap().clone();
        (problem.status, problem.errors[0].field.clone(), problem.errors[0].message.clone())
    };
    let weak = (422, "password".to_owned(), "is too easy to guess".to_owned());
    for password in ["1234567890", "password1234", "annabelle.lee@example.com"] {
        let form = json!({
            "email": "annabelle.lee@example.com", "username": "annabelle", "password": password,
        });
        assert_eq!(refused(app.api.post("/auth/signup", form).await), weak, "{password}");
        let answer = ann.api.post("/auth/change-password", change(PASSWORD, password)).await;
        if password.contains("annabelle") {
            answer.expect("somebody else's address is nothing to her");
            ann.api.post("/auth/change-password", change(password, PASSWORD)).await.unwrap();
        } else {
            assert_eq!(refused(answer), weak, "{password}");
        }
    }
    let long = "x".repeat(1_025);
    let answer = ann.api.post("/auth/change-password", change(PASSWORD, &long)).await;
    assert_eq!(refused(answer).2, "is too long");
}

#[tokio::test]
async fn a_changed_password_ends_all_other_devices() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let other = app.login("ann").await;
    let (here, mut there) = (ann.connect().await, other.connect().await);

    let wrong = ann.api.post("/auth/change-password", change("not my password", NEW)).await;
    let problem = wrong.unwrap_err().problem().unwrap().clone();
    assert_eq!((problem.status, problem.errors[0].field.as_str()), (422, "current"));
    other.api.get("/users/me").await.expect("nothing has changed");

    ann.api.post("/auth/change-password", change(PASSWORD, NEW)).await.unwrap();
    assert_eq!(there.next("session:revoked").await.unwrap()["reason"], "password_changed");
    there.closed().await;
    assert_eq!(refusal(other.api.get("/users/me").await).1, "unauthenticated");
    assert_eq!(refusal(app.api.refresh(&other.refresh_token).await).0, 401);
    ann.api.get("/users/me").await.unwrap();
    app.api.refresh(&ann.refresh_token).await.unwrap();
    here.call("sync:check", json!({})).await.unwrap();
    assert_eq!(refusal(app.api.login("ann", PASSWORD).await).0, 401);
    app.api.login("ann", NEW).await.unwrap();
}

#[tokio::test]
async fn who_got_hold_of_a_device_cannot_guess_the_password_from_it_for_ever() {
    let app = TestApp::with(|config| config.limits.enabled = true).await;
    let ann = app.person("ann").await;
    for _ in 0..5 {
        let wrong = ann.api.post("/auth/change-password", change("not my password", NEW)).await;
        assert_eq!(refusal(wrong).0, 422);
    }
    let refused = ann.api.post("/auth/change-password", change(PASSWORD, NEW)).await;
    assert_eq!(refusal(refused).0, 429);
    let other = app.login("ann").await;
    other.api.post("/auth/change-password", change(PASSWORD, NEW)).await.unwrap();
}

#[tokio::test]
async fn a_sign_in_with_the_old_password_does_not_outlive_its_change() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let logins = async {
        let tries = (0..8).map(|_| app.api.login("ann", PASSWORD));
        futures_util::future::join_all(tries).await
    };
    let body = change(PASSWORD, NEW);
    let (logins, changed) = tokio::join!(logins, ann.api.post("/auth/change-password", body));
    changed.unwrap();
    for signed_in in logins.into_iter().flatten() {
        let device = Person::new(&app, signed_in);
        assert_eq!(refusal(device.api.get("/users/me").await).1, "unauthenticated");
        assert_eq!(refusal(app.api.refresh(&device.refresh_token).await).0, 401);
    }
}

#[tokio::test]
async fn s9_of_fifty_refreshes_at_once_on_two_nodes_one_rotates_and_nobody_is_signed_out() {
    let app = TestApp::of_fleet(|_| {}).await;
    let other_node = app.beside().await;
    let ann = app.person("ann").await;
    let nodes = [&app.api, &other_node.api];
    let tabs = (0..50).map(|n| nodes[n % 2].refresh(&ann.refresh_token));
    let answers = futures_util::future::join_all(tabs).await;
    let tokens: Vec<String> =
        answers.into_iter().map(|answer| answer.unwrap().refresh_token.unwrap()).collect();
    assert!(tokens.iter().all(|token| *token == tokens[0]));
    let next = other_node.api.refresh(&tokens[0]).await.unwrap();
    app.api.refresh(&next.refresh_token.unwrap()).await.unwrap();
    other_node.stop().await;
    app.stop().await;
}

#[tokio::test]
async fn s9_a_thief_who_refreshes_first_is_found_out_when_the_owner_does() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let thief = app.api.refresh(&ann.refresh_token).await.unwrap();
    let stolen = thief.refresh_token.unwrap();
    app.clock.advance(Duration::from_secs(40));
    let stolen = app.api.refresh(&stolen).await.unwrap();
    assert_eq!(refusal(app.api.refresh(&ann.refresh_token).await).0, 401);
    assert_eq!(refusal(app.api.refresh(&stolen.refresh_token.unwrap()).await).0, 401);
    let thief = app.api.with_token(&stolen.access_token.unwrap());
    assert_eq!(refusal(thief.get("/users/me").await).1, "unauthenticated");
}

#[tokio::test]
async fn a_session_ends_after_its_longest_life_however_often_it_is_used() {
    let app = TestApp::with(|config| config.auth.session_ttl_days = 10).await;
    let ann = app.person("ann").await;
    let mut token = ann.refresh_token;
    for _ in 0..9 {
        app.clock.advance(Duration::from_secs(86_400));
        token = app.api.refresh(&token).await.unwrap().refresh_token.unwrap();
    }
    app.clock.advance(Duration::from_secs(86_400 - 300));
    let last = app.api.refresh(&token).await.unwrap();
    assert!(last.expires_in <= 300, "an access token does not outlive its session");
    app.clock.advance(Duration::from_secs(301));
    assert_eq!(refusal(app.api.refresh(&last.refresh_token.unwrap()).await).0, 401);
}

#[tokio::test]
async fn what_ended_sessions_said_before_still_arrives() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let sent = ann.api.send(text(chat, "last words")).await.unwrap();
    ann.api.post("/auth/logout-all", json!({})).await.unwrap();
    let message = eventually("it is there", async || bob.api.message(sent.id).await.ok()).await;
    assert_eq!(message.content, "last words");
}
