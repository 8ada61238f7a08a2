//! How often one may do what, and what a refusal says.

use std::time::Duration;

use http::header::RETRY_AFTER;
use nexus_client::{Answer, Api, Error};
use nexus_protocol::EventError;
use nexus_server::config::{Config, Rate};
use serde_json::{Value, json};

use crate::fixture::{PASSWORD, Person, TestApp, header, named, refusal, text};

/// In this time the whole of a quota comes back: none of it while a test runs, however slow.
const HOUR: u64 = 3_600;

async fn limited(change: impl FnOnce(&mut Config)) -> TestApp {
    TestApp::with(|config| {
        config.limits.enabled = true;
        change(config);
    })
    .await
}

/// `count` in `per_secs`, all of them at once if need be.
fn rate(count: u32, per_secs: u64) -> Rate {
    Rate { count, per_secs, burst: 0 }
}

/// The answer behind a 429.
#[track_caller]
fn too_many(answer: Result<Answer, Error>) -> Answer {
    match answer {
        Err(Error::Refused(refusal)) if refusal.answer.status == 429 => {
            assert_eq!(refusal.answer.body["code"], "rate_limited");
            refusal.answer
        }
        other => panic!("not refused for being too many: {other:?}"),
    }
}

fn text_of(answer: &Answer, name: &'static str) -> String {
    answer.headers[name].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_user_who_asks_too_often_is_told_how_long_to_wait() {
    let app = limited(|config| config.limits.user = rate(6, HOUR)).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    for left in (0..6).rev() {
        let answer = ann.api.get("/users/me").await.unwrap();
        assert_eq!(text_of(&answer, "ratelimit-policy"), "\"user\";q=6;w=3600");
        assert!(text_of(&answer, "ratelimit").starts_with(&format!("\"user\";r={left};t=")));
    }
    let refused = too_many(ann.api.get("/users/me").await);
    let wait: u64 = refused.headers[RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((1..=600).contains(&wait), "{wait}");
    assert_eq!(text_of(&refused, "ratelimit"), format!("\"user\";r=0;t={wait}"));
    bob.api.get("/users/me").await.expect("everybody has their own");
    app.clock.advance(Duration::from_secs(wait));
    ann.api.get("/users/me").await.unwrap();
    too_many(ann.api.get("/users/me").await);
}

#[tokio::test]
async fn three_nodes_count_as_one() {
    let app = TestApp::of_fleet(|config| {
        config.limits.enabled = true;
        config.limits.user = rate(60, HOUR);
    })
    .await;
    let others = [app.beside().await, app.beside().await];
    let [ann] = app.people(["ann"]).await;
    let nodes = [&app, &others[0], &others[1]].map(|node| node.api.with_token(&ann.access_token));
    let asked = (0..150).map(|n| nodes[n % 3].get("/users/me"));
    let answers = futures_util::future::join_all(asked).await;
    let (let_in, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!((let_in.len(), refused.len()), (60, 90));
    refused.into_iter().for_each(|answer| drop(too_many(answer)));
    for node in others {
        node.stop().await;
    }
    app.stop().await;
}

#[tokio::test]
async fn strangers_are_counted_by_address() {
    let app = limited(|config| config.limits.unauthenticated = rate(4, HOUR)).await;
    let ann = app.person("ann").await;
    for _ in 0..3 {
        assert_eq!(refusal(app.api.get("/users/me").await).0, 401);
    }
    // Who says to be behind a proxy that we don't know gains nothing.
    let elsewhere = app.api.with_header(header("x-forwarded-for"), "9.9.9.9");
    too_many(elsewhere.get("/users/me").await);
    too_many(app.api.with_token("forged").get("/users/me").await);
    ann.api.get("/users/me").await.expect("counted as a user");
}

#[tokio::test]
async fn new_accounts_and_refreshes_have_limits_of_their_own() {
    let app = limited(|config| {
        config.limits.signup = rate(2, HOUR);
        config.limits.refresh = rate(2, HOUR);
    })
    .await;
    let [ann, _bob] = app.people(["ann", "bob"]).await;
    let signup = json!({ "email": "cid@example.com", "username": "cid", "password": PASSWORD });
    too_many(app.api.post("/auth/signup", signup).await);
    for _ in 0..2 {
        app.api.refresh(&ann.refresh_token).await.unwrap();
    }
    too_many(app.api.post("/auth/refresh", json!({ "refreshToken": ann.refresh_token })).await);
}

#[tokio::test]
async fn an_office_behind_one_address_comes_back_from_sleep() {
    let app = limited(|config| {
        config.server.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
        config.limits.unauthenticated = rate(100, 10 * HOUR);
    })
    .await;
    let from = |address: String| app.api.with_header(header("x-forwarded-for"), &address);
    let mut tokens = Vec::new();
    for n in 0..150 {
        let home = from(format!("9.9.{}.9", n));
        let signed_in = home.signup(&format!("worker{n}"), PASSWORD).await.unwrap();
        tokens.push(signed_in.refresh_token.unwrap());
    }
    let office = from("8.8.8.8".to_owned());
    let back = tokens.iter().map(|token| office.refresh(token));
    for (n, answer) in futures_util::future::join_all(back).await.into_iter().enumerate() {
        tokens[n] = answer.unwrap().refresh_token.unwrap();
    }
    // A stranger among them is one more stranger.
    for _ in 0..100 {
        let stranger = office.post("/auth/refresh", json!({ "refreshToken": "x" })).await;
        assert_eq!(refusal(stranger).0, 401);
    }
    too_many(office.post("/auth/refresh", json!({ "refreshToken": "x" })).await);
    too_many(office.post("/auth/refresh", json!({})).await);
    too_many(office.get("/users/me").await);
    office.refresh(&tokens[0]).await.unwrap();
}

#[tokio::test]
async fn tokens_are_tried_out_at_the_socket_no_oftener_than_at_the_routes() {
    let app = limited(|config| config.limits.unauthenticated = rate(5, HOUR)).await;
    let knock = async |token: &str| {
        let refused = nexus_client::Client::connect(app.host(), token, &["/chat"]).await;
        refused.err().map(|err| err.code().unwrap().to_owned())
    };
    let ann = app.person("ann").await;
    for _ in 0..4 {
        assert_eq!(knock("a.b.c").await.as_deref(), Some("unauthenticated"));
    }
    assert_eq!(knock("a.b.c").await.as_deref(), Some("rate_limited"));
    too_many(app.api.get("/users/me").await);
    assert_eq!(knock(&ann.access_token).await, None, "who has signed in is not held up");
}

#[tokio::test]
async fn who_sends_too_fast_is_told_when_to_go_on() {
    let send = Rate { count: 1, per_secs: 60, burst: 4 };
    let app = limited(|config| config.limits.send = send).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let (socket, mut bobs) = (ann.connect().await, bob.connect().await);
    for _ in 0..4 {
        socket.call("msg:send", text(chat, "fast")).await.unwrap();
    }
    let refused = socket.call("msg:send", text(chat, "too fast")).await.unwrap_err();
    let error: &EventError = refused.refused().unwrap();
    assert_eq!((error.code.as_str(), error.retryable), ("rate_limited", true));
    let wait = error.retry_after_ms.unwrap();
    assert!((1..=60_000).contains(&wait), "{wait}");
    too_many(
        ann.api
            .post(&format!("/chats/{chat}/messages"), json!({ "clientId": "x", "content": "x" }))
            .await,
    );
    app.clock.advance(Duration::from_secs(3 * 60));
    let outbox: Vec<_> = (0..6).map(|number| text(chat, &format!("outbox {number}"))).collect();
    let answers = socket.call("msg:send", &outbox).await.unwrap();
    let answers = answers.as_array().unwrap();
    let accepted = answers.iter().filter(|one| one["status"] == "queued").count();
    assert_eq!(accepted, 3, "{answers:?}");
    assert_eq!(answers.len(), accepted + 1, "it stops at the first refusal");
    let last = &answers[accepted]["error"];
    assert_eq!((&last["code"], last["retryAfterMs"].is_u64()), (&json!("rate_limited"), true));
    for _ in 0..4 + accepted {
        bobs.next("msg:new").await.unwrap();
    }
    assert_eq!(named(&bob.heard(&mut bobs).await, "msg:new"), [Value::Null; 0]);
    // What was accepted can be repeated for nothing.
    let again = socket.call("msg:send", &outbox[0]).await.unwrap();
    assert_eq!(again["status"], "sent");
}

#[tokio::test]
async fn typing_has_a_small_budget() {
    let app = limited(|config| config.limits.typing = rate(3, HOUR)).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = json!({ "chatId": ann.direct(&bob).await });
    let socket = ann.connect().await;
    for _ in 0..3 {
        socket.call("typing:start", &chat).await.unwrap();
    }
    let refused = socket.call("typing:start", &chat).await.unwrap_err();
    assert_eq!(refused.refused().unwrap().code.as_str(), "rate_limited");
}

#[tokio::test]
async fn the_21st_connection_of_a_user_is_refused_until_another_goes() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let mut open = Vec::new();
    for _ in 0..20 {
        open.push(ann.connect().await);
    }
    let refused = ann.try_connect().await.err().unwrap();
    assert_eq!(refused.code(), Some("rate_limited"), "{refused}");
    bob.connect().await;
    open.pop().unwrap().disconnect().await;
    crate::fixture::eventually("there is room again", async || ann.try_connect().await.ok()).await;
}

#[tokio::test]
async fn a_flood_of_events_ends_the_connection_and_no_other() {
    let app = limited(|_| {}).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let (anns, others, bobs) = (ann.connect().await, ann.connect().await, bob.connect().await);
    // Events that ask no store: what makes the server wait is held up, and no flood.
    for _ in 0..900 {
        anns.emit("no:such:event", json!({}));
    }
    anns.call("sync:check", json!({})).await.expect("a burst is no flood");
    // Far more than comes back in the time this takes.
    for _ in 0..20_000 {
        anns.emit("no:such:event", json!({}));
    }
    tokio::time::timeout(Duration::from_secs(20), anns.closed()).await.expect("it is closed");
    for socket in [&others, &bobs] {
        socket.call("sync:check", json!({})).await.unwrap();
    }
}

#[tokio::test]
async fn a_request_repeated_with_its_key_is_carried_out_once() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let with_key = |person: &Person, key: &str| -> Api {
        person.api.with_header(header("idempotency-key"), key)
    };
    let body = json!({ "type": "group", "memberIds": [bob.id], "title": "once" });
    let first = with_key(&ann, "k1").post("/chats", &body).await.unwrap();
    let again = with_key(&ann, "k1").post("/chats", &body).await.unwrap();
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(text_of(&again, "idempotency-replayed"), "true");
    assert!(first.headers.get("idempotency-replayed").is_none());
    assert_eq!(ann.api.chats().await.unwrap().len(), 1);
    let other = json!({ "type": "group", "memberIds": [bob.id], "title": "another" });
    assert_eq!(
        refusal(with_key(&ann, "k1").post("/chats", other).await).0,
        422,
        "another request with it"
    );
    // Another key, and another's same key, are other requests. All at once, one is carried out.
    with_key(&ann, "k2").post("/chats", &body).await.unwrap();
    let theirs = json!({ "type": "group", "memberIds": [ann.id], "title": "once" });
    with_key(&bob, "k1").post("/chats", theirs).await.unwrap();
    assert_eq!(ann.api.chats().await.unwrap().len(), 3);
    let api = with_key(&ann, "k3");
    let racing = futures_util::future::join_all((0..5).map(|_| api.post("/chats", &body))).await;
    let made = racing.iter().filter(|answer| answer.is_ok()).count();
    assert!(
        made >= 1
            && racing.iter().all(|answer| match answer {
                Ok(answer) => answer.status == 201,
                Err(err) => err.status() == Some(409),
            }),
        "{racing:?}"
    );
    assert_eq!(ann.api.chats().await.unwrap().len(), 4);
    // A refusal is kept as well as a success.
    let wrong = json!({ "type": "group", "memberIds": [], "title": "" });
    for _ in 0..2 {
        assert_eq!(refusal(with_key(&ann, "k4").post("/chats", &wrong).await).1, "validation");
    }
}
