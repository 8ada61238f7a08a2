//! Letters about what was missed.

use std::time::Duration;

use nexus_core::{
    jobs::{self, Job, JobKey},
    ports::Envelope,
};
use nexus_protocol::SettingsAnswer;
use serde_json::json;

use crate::{
    fixture::{Person, TestApp, eventually, refusal, token_of},
    wire,
};

const DAY: Duration = Duration::from_secs(24 * 3_600);
const ANN: &str = "ann@example.com";

/// With an address that is verified.
async fn ann_and_bob(app: &TestApp) -> [Person; 2] {
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let token = token_of(&app.letter(ANN, "verifyEmail").await);
    app.api.post("/auth/verify-email", json!({ "token": token })).await.unwrap();
    [ann, bob]
}

/// Looks at who was away, and waits until all that comes of it is done.
async fn looked(app: &TestApp) {
    let core = &app.node.core;
    jobs::push(core, &Job::Digests, JobKey::unique(core), core.clock.now()).await.unwrap();
    eventually("it was looked", async || {
        core.store.waiting_jobs(50).await.unwrap().is_empty().then_some(())
    })
    .await;
}

fn digests(app: &TestApp) -> Vec<Envelope> {
    app.letters(ANN, "digest")
}

#[tokio::test]
async fn who_was_away_for_a_day_is_told_once_of_what_they_missed() {
    let app = TestApp::start().await;
    let [ann, bob] = ann_and_bob(&app).await;
    let direct = bob.direct(&ann).await;
    bob.say(direct, "the secret words").await;
    bob.say(direct, "and more").await;
    looked(&app).await;
    assert!(digests(&app).is_empty(), "she was there just now");
    app.clock.advance(DAY);
    looked(&app).await;
    let letter = app.letter(ANN, "digest").await;
    assert_eq!(letter.subject, "2 unread messages");
    assert!(letter.text.contains("bob") && !letter.text.contains("secret"), "{}", letter.text);
    for _ in 0..3 {
        app.clock.advance(DAY);
        looked(&app).await;
    }
    assert_eq!(digests(&app).len(), 1, "she knows");
    let bob = app.login("bob").await;
    bob.say(direct, "once more").await;
    looked(&app).await;
    assert_eq!(digests(&app).len(), 2);
    bob.say(direct, "and again").await;
    looked(&app).await;
    assert_eq!(digests(&app).len(), 2, "one a day");
}

#[tokio::test]
async fn nobody_is_told_of_what_is_muted_or_blocked_or_archived() {
    let app = TestApp::start().await;
    let [ann, bob] = ann_and_bob(&app).await;
    let eve = app.person("eve").await;
    let muted = bob.group("muted", &[&ann]).await;
    let archived = bob.group("archived", &[&ann]).await;
    let blocked = eve.direct(&ann).await;
    for (person, chat) in [(&bob, muted), (&bob, archived), (&eve, blocked)] {
        person.say(chat, "psst").await;
    }
    let long = app.node.core.clock.now().plus(365 * DAY);
    ann.api.patch(&format!("/chats/{muted}/me"), json!({ "mutedUntil": long })).await.unwrap();
    ann.api.patch(&format!("/chats/{archived}/me"), json!({ "archived": true })).await.unwrap();
    ann.api.put(&format!("/blocks/{}", eve.id), json!({})).await.unwrap();
    app.clock.advance(DAY);
    looked(&app).await;
    assert!(digests(&app).is_empty());
}

#[tokio::test]
async fn who_wants_none_or_one_a_week_or_is_there_gets_none_today() {
    let app = TestApp::start().await;
    let [ann, bob] = ann_and_bob(&app).await;
    let direct = bob.direct(&ann).await;
    bob.say(direct, "hello").await;
    let wish = async |person: &Person, how: &str| {
        let patch = json!({ "notifications": { "emailDigest": how } });
        person.api.patch("/users/me/settings", patch).await.unwrap();
    };
    wish(&ann, "off").await;
    app.clock.advance(2 * DAY);
    looked(&app).await;
    assert!(digests(&app).is_empty());
    let ann = app.login("ann").await;
    wish(&ann, "weekly").await;
    looked(&app).await;
    assert!(digests(&app).is_empty());
    app.clock.advance(7 * DAY);
    looked(&app).await;
    assert_eq!(app.letter(ANN, "digest").await.subject, "One unread message");
}

#[tokio::test]
async fn one_click_ends_them_without_signing_in() {
    let app = TestApp::start().await;
    let [ann, bob] = ann_and_bob(&app).await;
    let direct = bob.direct(&ann).await;
    bob.say(direct, "hello").await;
    app.clock.advance(DAY);
    looked(&app).await;
    let letter = app.letter(ANN, "digest").await;
    let header = |name| {
        let (_, value) = letter.headers.iter().find(|(known, _)| *known == name).unwrap();
        value.clone()
    };
    assert_eq!(header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    let url = header("List-Unsubscribe");
    let path = &url[url.find("/api/").unwrap()..url.len() - 1];
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let opened = wire::ask(app.host(), "GET", path, &[], "").await;
    assert_eq!(opened.status, 303, "opening it only asks");
    assert!(opened.header("location").contains("/unsubscribe#token="));
    let ann = app.login("ann").await;
    let wish = async || {
        let settings: SettingsAnswer = ann.get("/users/me/settings").await;
        serde_json::to_value(settings.settings.notifications.email_digest).unwrap()
    };
    assert_eq!(wish().await, "daily");
    let mut socket = ann.connect().await;
    for _ in 0..2 {
        let click = "List-Unsubscribe=One-Click";
        assert_eq!(wire::ask(app.host(), "POST", path, &form, click).await.status, 204);
        assert_eq!(wish().await, "off");
    }
    assert_eq!(socket.next("me:updated").await.unwrap()["kind"], "settings");

    let token = path.split_once("token=").unwrap().1;
    assert!(letter.text.contains(&format!("/unsubscribe#token={token}")), "{}", letter.text);
    let post = async |token: &str| app.api.post("/unsubscribe", json!({ "token": token })).await;
    assert_eq!(post(token).await.unwrap().status, 204, "as its page does");
    let mut forged = token.to_owned();
    forged.replace_range(20..21, if &token[20..21] == "A" { "B" } else { "A" });
    for bad in ["", "x", &forged] {
        assert_eq!(refusal(post(bad).await).0, 410, "{bad}");
    }
    assert_eq!(refusal(app.api.post("/unsubscribe", json!({})).await).0, 400);
}

#[tokio::test]
async fn two_looks_at_once_send_one_letter() {
    let app = TestApp::start().await;
    let [ann, bob] = ann_and_bob(&app).await;
    let direct = bob.direct(&ann).await;
    bob.say(direct, "hello").await;
    app.clock.advance(DAY);
    let core = &app.node.core;
    for _ in 0..4 {
        jobs::push(core, &Job::Digests, JobKey::unique(core), core.clock.now()).await.unwrap();
    }
    looked(&app).await;
    assert_eq!(digests(&app).len(), 1);
}
