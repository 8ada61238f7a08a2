//! S-6: a session that ends is out everywhere: its sockets within two seconds, its tokens at once.
//! That it is two seconds is asserted of the constants (`tick.rs`); what it takes here is printed.
//! CVE-2026-9162: elsewhere, the sockets of revoked sessions went on.

use std::time::{Duration, Instant};

use nexus_core::jobs::{self, Job, JobKey};
use nexus_protocol::{Ban, ChatId, Sessions, UserRole};
use serde_json::json;

use crate::fixture::{PASSWORD, Person, TestApp, eventually, refusal, text, token_of};

const NEW: &str = "another horse battery";

/// All that ends sessions of others, or one's own.
const ENDS: [&str; 9] = [
    "logout",
    "logout-all",
    "one from the list",
    "change-password",
    "reset-password",
    "revert-email",
    "stolen refresh token",
    "ban",
    "deletion",
];

struct Stage<'a> {
    app: &'a TestApp,
    admin: &'a Person,
    /// Signed in twice: by a device of hers that stays on this node, and by one on the other.
    here: Person,
    there: Person,
    email: String,
}

impl Stage<'_> {
    async fn end(&self, how: &str) {
        let (app, here) = (self.app, &self.here.api);
        match how {
            "logout" => app.api.with_token(&self.there.access_token).logout().await.unwrap(),
            "logout-all" => {
                here.post("/auth/logout-all", json!({})).await.unwrap();
            }
            "one from the list" => {
                let Sessions { sessions } = self.there.get("/auth/sessions").await;
                let there = sessions.iter().find(|session| session.current).unwrap().id;
                here.delete(&format!("/auth/sessions/{there}")).await.unwrap();
            }
            "change-password" => {
                let body = json!({ "current": PASSWORD, "password": NEW });
                here.post("/auth/change-password", body).await.unwrap();
            }
            "reset-password" => {
                let email = json!({ "email": self.email });
                app.api.post("/auth/forgot-password", email).await.unwrap();
                let token = token_of(&app.letter(&self.email, "resetPassword").await);
                let body = json!({ "token": token, "password": NEW });
                app.api.post("/auth/reset-password", body).await.unwrap();
            }
            "revert-email" => {
                let new = format!("new-{}", self.email);
                let body = json!({ "email": new, "password": PASSWORD });
                self.there.api.post("/auth/change-email", body).await.unwrap();
                let token = token_of(&app.letter(&new, "confirmNewEmail").await);
                app.api.post("/auth/confirm-email", json!({ "token": token })).await.unwrap();
                let token = token_of(&app.letter(&self.email, "emailChanged").await);
                app.api.post("/auth/revert-email", json!({ "token": token })).await.unwrap();
            }
            "stolen refresh token" => {
                app.api.refresh(&self.there.refresh_token).await.unwrap();
                app.clock.advance(Duration::from_secs(31));
                assert_eq!(refusal(app.api.refresh(&self.there.refresh_token).await).0, 401);
            }
            "ban" => {
                let path = format!("/admin/users/{}/ban", self.there.id);
                self.admin.api.post(&path, json!({ "reason": "spam" })).await.unwrap();
            }
            "deletion" => {
                let body = json!({ "password": PASSWORD, "messages": "keep" }).to_string();
                let deleted = here.request(http::Method::DELETE, "/users/me", Some(body.into()));
                deleted.await.unwrap();
            }
            other => panic!("no way to end a session: {other}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s6_whatever_ends_a_session_closes_its_sockets_on_every_node_within_two_seconds() {
    let app = TestApp::of_fleet(|_| {}).await;
    let other_node = app.beside().await;
    let admin = app.staff("admin", UserRole::Admin).await;
    let bob = app.person("bob").await;
    let core = &app.node.core;
    for (number, how) in ENDS.iter().enumerate() {
        let name = format!("ann{number}");
        let here = app.person(&name).await;
        let email = format!("{name}@example.com");
        core.store.verify_email(here.id, &email, core.clock.now()).await.unwrap();
        let there = Person::new(&other_node, other_node.api.login(&name, PASSWORD).await.unwrap());
        let chat = here.direct(&bob).await;
        let mut socket = there.connect().await;
        bob.say(chat, "before").await;
        socket.next("msg:new").await.unwrap();

        let stage = Stage { app: &app, admin: &admin, here, there, email };
        stage.end(how).await;
        let ended = Instant::now();
        // At the very next request on the node that ended it, and on the other once it has heard.
        let on_this = app.api.with_token(&stage.there.access_token);
        assert_eq!(refusal(on_this.get("/users/me").await).1, "unauthenticated", "{how}");
        socket.next("session:revoked").await.unwrap();
        socket.closed().await;
        let took = ended.elapsed();
        silent(&bob, chat, &mut socket, how).await;
        gone(&other_node, &stage.there, how).await;
        println!("S-6 {how}: closed on the other node after {took:?}");
    }
    other_node.stop().await;
    app.stop().await;
}

/// Nothing that comes later is heard there.
async fn silent(bob: &Person, chat: ChatId, socket: &mut nexus_client::Client, how: &str) {
    // What came before it was closed.
    socket.try_events();
    let sent = bob.api.send(text(chat, "after")).await.unwrap();
    bob.committed(sent.id).await;
    let heard = socket.try_events();
    assert!(heard.is_empty(), "{how}: {heard:?}");
}

/// None of its tokens opens anything.
async fn gone(node: &TestApp, person: &Person, how: &str) {
    assert_eq!(refusal(person.api.get("/users/me").await).1, "unauthenticated", "{how}");
    assert_eq!(refusal(node.api.refresh(&person.refresh_token).await).0, 401, "{how}");
    let refused = person.try_connect().await.err().unwrap();
    assert_eq!(refused.code(), Some("unauthenticated"), "{how}");
}

/// As by a node that dies before it says so on the bus.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s6_a_session_whose_end_nobody_told_of_is_out_within_two_seconds_all_the_same() {
    let app = TestApp::of_doubting_fleet().await;
    let other_node = app.beside().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let there = Person::new(&other_node, other_node.api.login("ann", PASSWORD).await.unwrap());
    let chat = bob.direct(&ann).await;
    let (mut here, mut socket) = (ann.connect().await, there.connect().await);
    let stays = bob.connect().await;
    let core = &app.node.core;
    let started = Instant::now();
    core.store.revoke_sessions(ann.id, None, core.clock.now()).await.unwrap();
    for socket in [&mut here, &mut socket] {
        assert_eq!(socket.next("session:revoked").await.unwrap()["reason"], "revoked");
        socket.closed().await;
    }
    println!("S-6 by the store alone: closed after {:?}", started.elapsed());
    silent(&bob, chat, &mut socket, "by the store alone").await;
    gone(&app, &ann, "by the store alone").await;
    gone(&other_node, &there, "by the store alone").await;
    stays.call("sync:check", json!({})).await.expect("others stay");
    other_node.stop().await;
    app.stop().await;
}

#[tokio::test]
async fn who_was_banned_or_is_to_be_deleted_refreshes_nothing_though_the_session_is_left() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let store = &app.node.core.store;
    let at = app.node.core.clock.now();
    let ban = Ban { reason: "spam".to_owned(), by: None, at, until: None };
    assert!(store.set_ban(ann.id, Some(&ban)).await.unwrap());
    assert_eq!(refusal(app.api.refresh(&ann.refresh_token).await), (403, "banned".to_owned()));
    let asked = nexus_core::ports::DeletionRecord {
        messages: nexus_protocol::Leavings::Keep,
        asked_at: at,
        due_at: at.plus(Duration::from_secs(3_600)),
        stage: nexus_core::ports::DeletionStage::Asked,
    };
    assert!(store.ask_deletion(bob.id, &asked).await.unwrap());
    assert_eq!(refusal(app.api.refresh(&bob.refresh_token).await).0, 401);
}

/// As by a node that dies once the ban is stored: what it pushed before makes sure.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ban_that_nobody_has_enforced_yet_is_enforced_once() {
    let app = TestApp::with(|config| {
        config.jobs.max_attempts = 100;
        (config.jobs.backoff_base_ms, config.jobs.backoff_max_ms) = (500, 500);
    })
    .await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let core = &app.node.core;
    let at = core.clock.now();
    core.store.verify_email(ann.id, "ann@example.com", at).await.unwrap();
    let mut socket = ann.connect().await;
    for key in ["once", "twice"] {
        let job = Job::EnforceBan { user: ann.id, at: Some(at) };
        jobs::push(core, &job, JobKey::of(key.to_owned()), at).await.unwrap();
    }
    // Of a ban that never comes to be.
    let job = Job::EnforceBan { user: bob.id, at: Some(at) };
    jobs::push(core, &job, JobKey::of("never".to_owned()), at).await.unwrap();
    eventually("they have found no ban", async || {
        let waiting = core.store.waiting_jobs(10).await.unwrap();
        let tried = |key: &str| waiting.iter().any(|job| job.key == key && job.attempts > 0);
        ["once", "twice", "never"].into_iter().all(tried).then_some(())
    })
    .await;
    let ban = Ban { reason: "spam".to_owned(), by: None, at, until: None };
    assert!(core.store.set_ban(ann.id, Some(&ban)).await.unwrap());
    assert_eq!(socket.next("session:revoked").await.unwrap()["reason"], "banned");
    // Its job is not one that seems to be of a dead worker.
    app.letter("ann@example.com", "banned").await;
    app.clock.advance(Duration::from_secs(601));
    eventually("all are done", async || {
        (core.store.job_stats().await.unwrap().waiting == 0).then_some(())
    })
    .await;
    assert_eq!(app.letters("ann@example.com", "banned").len(), 1, "told once");
    assert_eq!(core.store.job_stats().await.unwrap().dead, 0);
    app.stop().await;
}
