//! Sweeps: removing many messages of one user.

use std::time::Duration;

use fail::FailScenario;
use nexus_core::{
    jobs::{self, Job, JobKey},
    ports::{AuditFilter, SweepRecord},
};
use nexus_protocol::{AuditAction, Sweep, SweepId, SweepState, UserRole};
use serde_json::{Value, json};

use crate::fixture::{TestApp, eventually, refusal, text};

/// Waits until it has gone by once.
async fn passed(app: &TestApp, id: SweepId) {
    eventually("it has gone by", async || {
        app.node.core.store.sweep(id).await.unwrap()?.passed_at.map(|_| ())
    })
    .await;
}

/// Waits until it has gone by twice.
pub async fn done(app: &TestApp, id: SweepId) -> Sweep {
    passed(app, id).await;
    app.clock.advance(Duration::from_secs(60));
    eventually("it is done", async || {
        let sweep = app.node.core.store.sweep(id).await.unwrap().unwrap().sweep;
        (sweep.state == SweepState::Done).then_some(sweep)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sweep_counts_first_and_then_leaves_tombstones_everywhere() {
    let app = TestApp::start().await;
    let moderator = app.staff("moderator", UserRole::Moderator).await;
    let admin = app.staff("admin", UserRole::Admin).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let (direct, group) = (ann.direct(&bob).await, bob.group("ours", &[&ann]).await);
    ann.say(direct, "spam 1").await;
    ann.say(group, "spam 2").await;
    let last = ann.say(group, "spam 3").await;
    let kept = bob.say(group, "mine").await;
    ann.api.post(&format!("/chats/{group}/leave"), json!({})).await.unwrap();

    let body = json!({ "userId": ann.id, "dryRun": true });
    let counted = moderator.api.post("/admin/sweep", body).await.unwrap().body["sweep"].clone();
    assert_eq!((&counted["state"], &counted["messages"]), (&json!("dry_run"), &json!(3)));
    assert_eq!(bob.api.message(last.id).await.unwrap().content, "spam 3");
    let body = json!({ "userId": ann.id, "chatId": direct, "dryRun": true });
    let counted = moderator.api.post("/admin/sweep", body).await.unwrap().body["sweep"].clone();
    assert_eq!((&counted["chats"], &counted["messages"]), (&json!(1), &json!(1)));

    let mut socket = bob.connect().await;
    let body = json!({ "userId": ann.id });
    let started = moderator.api.post("/admin/sweep", body).await.unwrap().body["sweep"].clone();
    let path = format!("/admin/sweeps/{}", started["id"].as_str().unwrap());
    for _ in 0..3 {
        let heard = socket.next("msg:updated").await.unwrap();
        assert_eq!((&heard["content"], heard["deletedAt"].is_string()), (&json!(""), true));
    }
    let done = done(&app, started["id"].as_str().unwrap().parse().unwrap()).await;
    let shown = moderator.api.get(&path).await.unwrap().body["sweep"].clone();
    assert_eq!(shown, json!(done));
    let done = shown;
    assert_eq!((&done["messages"], &done["chatsDone"]), (&json!(3), &json!(2)));
    assert_eq!(bob.api.message(kept.id).await.unwrap().content, "mine");
    let log = admin.api.get("/admin/audit?limit=2").await.unwrap().body;
    let actions: Vec<&Value> =
        log["entries"].as_array().unwrap().iter().map(|entry| &entry["action"]).collect();
    assert_eq!(actions, ["sweep_ended", "sweep_started"]);
    for (body, code) in [
        (json!({ "userId": admin.id }), "forbidden"),
        (json!({ "userId": uuid::Uuid::nil() }), "not_found"),
        (
            json!({ "userId": ann.id, "from": "2026-01-02T00:00:00.000Z",
            "to": "2026-01-01T00:00:00.000Z" }),
            "validation",
        ),
    ] {
        assert_eq!(refusal(moderator.api.post("/admin/sweep", &body).await).1, code, "{body}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sweep_goes_on_where_a_crash_has_left_it() {
    let app = TestApp::start().await;
    let moderator = app.staff("moderator", UserRole::Moderator).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let messages = [ann.say(chat, "one").await, ann.say(chat, "two").await];
    let body = json!({ "userId": ann.id });
    let started = moderator.api.post("/admin/sweep", body).await.unwrap().body["sweep"].clone();
    let id = started["id"].as_str().unwrap().parse().unwrap();
    done(&app, id).await;
    // As it was after the first message.
    let core = &app.node.core;
    let mut record = core.store.sweep(id).await.unwrap().unwrap();
    (record.reached, record.passed_at) = (Some((chat, messages[0].seq)), None);
    (record.sweep.state, record.sweep.messages) = (SweepState::Running, 1);
    core.store.save_sweep(&record).await.unwrap();
    for job in [Job::Sweep { id }, Job::FinishSweep { id }] {
        jobs::push(core, &job, JobKey::unique(core), core.clock.now()).await.unwrap();
    }
    done(&app, id).await;
    for message in messages {
        eventually("it is a tombstone", async || {
            bob.api.message(message.id).await.unwrap().deleted_at
        })
        .await;
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(bob.chat(chat).await.last_rev, 4, "each was deleted once");
    let filter = AuditFilter { action: Some(AuditAction::SweepEnded), ..AuditFilter::default() };
    assert_eq!(core.store.audit_page(&filter, None, 10).await.unwrap().len(), 1, "told once");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_for_its_place_while_a_sweep_goes_by_is_swept_too_and_nothing_newer() {
    let scenario = FailScenario::setup();
    fail::cfg("worker.poison", "return").unwrap();
    let app = TestApp::with(|config| {
        config.queue.max_attempts = 2;
        (config.queue.backoff_base_ms, config.queue.backoff_max_ms) = (8_000, 8_000);
    })
    .await;
    let moderator = app.staff("moderator", UserRole::Moderator).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    // Holds up what comes after.
    bob.api.send(text(chat, "poison")).await.unwrap();
    let late = ann.api.send(text(chat, "spam")).await.unwrap();
    let body = json!({ "userId": ann.id, "chatId": chat });
    let started = moderator.api.post("/admin/sweep", body).await.unwrap().body["sweep"].clone();
    let id = started["id"].as_str().unwrap().parse().unwrap();
    passed(&app, id).await;
    assert_eq!(ann.chat(chat).await.last_seq, 0, "it still waits");
    ann.committed(late.id).await;
    let newer = ann.say(chat, "I am sorry").await;
    assert_eq!(done(&app, id).await.messages, 1);
    eventually("it is a tombstone", async || bob.api.message(late.id).await.unwrap().deleted_at)
        .await;
    assert_eq!(bob.api.message(newer.id).await.unwrap().content, "I am sorry");
    app.stop().await;
    scenario.teardown();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_side_job_of_a_sweep_waits_for_what_it_is_to_do() {
    // However slow the test is: it is tried until there is something to do.
    let app = TestApp::with(|config| {
        config.jobs.max_attempts = 100;
        (config.jobs.backoff_base_ms, config.jobs.backoff_max_ms) = (500, 500);
    })
    .await;
    let moderator = app.staff("moderator", UserRole::Moderator).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let spam = ann.say(chat, "spam").await;
    let body = json!({ "userId": ann.id, "dryRun": true });
    let counted = moderator.api.post("/admin/sweep", body).await.unwrap().body["sweep"].clone();
    // Its writer is about to save it, or has died: who knows.
    let core = &app.node.core;
    let (id, nothing) = (SweepId(core.ids.uuid()), SweepId(core.ids.uuid()));
    for id in [id, nothing] {
        let job = Job::Sweep { id };
        jobs::push(core, &job, JobKey::unique(core), core.clock.now()).await.unwrap();
    }
    let tries = async || -> Vec<u32> {
        let waiting = core.store.waiting_jobs(100).await.unwrap();
        let sweeps = waiting.iter().filter(|job| job.kind == "sweep");
        sweeps.map(|job| job.attempts).collect()
    };
    eventually("both were tried", async || (*tries().await.iter().min()? > 0).then_some(())).await;
    let sweep: Sweep = serde_json::from_value(counted).unwrap();
    let sweep = Sweep { id: Some(id), state: SweepState::Running, ..sweep };
    let record = SweepRecord { id, sweep, reached: None, passed_at: None };
    core.store.save_sweep(&record).await.unwrap();
    done(&app, id).await;
    eventually("it is a tombstone", async || bob.api.message(spam.id).await.unwrap().deleted_at)
        .await;
    app.clock.advance(Duration::from_secs(600));
    eventually("the other is given up", async || tries().await.is_empty().then_some(())).await;
    assert!(core.store.dead_jobs(10).await.unwrap().is_empty(), "nobody need look into it");
    app.stop().await;
}
