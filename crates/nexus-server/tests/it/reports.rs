//! Reports, and what staff make of them; sweeps.

use std::time::Duration;

use nexus_protocol::{Reports, UserRole};
use serde_json::{Value, json};

use crate::fixture::{PASSWORD, Person, TestApp, eventually, refusal};

async fn report(reporter: &Person, body: Value) {
    reporter.api.post("/reports", body).await.unwrap();
}

async fn open(staff: &Person) -> Vec<nexus_protocol::Report> {
    let found: Reports = staff.get("/admin/reports?state=open").await;
    found.reports
}

#[tokio::test]
async fn a_report_keeps_what_the_reporter_saw_whatever_becomes_of_it() {
    let app = TestApp::start().await;
    let moderator = app.staff("moderator", UserRole::Moderator).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    ann.say(chat, "before").await;
    let bad = ann.say(chat, "first text").await;
    bob.say(chat, "after").await;
    ann.api
        .patch(&format!("/messages/{}", bad.id), json!({ "content": "bad text" }))
        .await
        .unwrap();
    report(&bob, json!({ "messageId": bad.id, "reason": "harassment", "note": " see this " }))
        .await;
    ann.api.delete(&format!("/messages/{}?scope=all", bad.id)).await.unwrap();
    ann.api.patch("/users/me", json!({ "displayName": "Innocent" })).await.unwrap();

    let listed = open(&moderator).await.remove(0);
    assert_eq!((listed.reported_id, listed.complaints[0].evidence.is_none()), (Some(ann.id), true));
    let path = format!("/admin/reports/{}", listed.id);
    let report = moderator.api.get(&path).await.unwrap().body["report"].clone();
    assert_eq!(report["subject"], json!({ "kind": "message", "id": bad.id }));
    let complaint = &report["complaints"][0];
    assert_eq!(
        (&complaint["reason"], &complaint["note"]),
        (&json!("harassment"), &json!("see this"))
    );
    let evidence = &complaint["evidence"];
    assert_eq!(evidence["message"]["content"], "bad text");
    let edits: Vec<&Value> =
        evidence["edits"].as_array().unwrap().iter().map(|e| &e["content"]).collect();
    assert_eq!(edits, ["first text", "bad text"]);
    let around: Vec<&Value> =
        evidence["around"].as_array().unwrap().iter().map(|m| &m["content"]).collect();
    assert_eq!(around, ["after", "bad text", "before"]);
    assert_eq!(evidence["user"]["displayName"], "ann");
    assert_eq!(evidence["chat"]["memberCount"], 2);
    // The reported learns nothing.
    assert_eq!(refusal(ann.api.get(&path).await).1, "not_found");
}

#[tokio::test]
async fn only_what_one_may_see_can_be_reported() {
    let app = TestApp::start().await;
    let moderator = app.staff("moderator", UserRole::Moderator).await;
    let [ann, bob, eve] = app.people(["ann", "bob", "eve"]).await;
    let chat = ann.group("ours", &[&bob]).await;
    let message = ann.say(chat, "hello").await;
    let nobody = uuid::Uuid::nil();
    for (body, code) in [
        (json!({ "messageId": message.id, "reason": "spam" }), "not_found"),
        (json!({ "chatId": chat, "reason": "spam" }), "not_found"),
        (json!({ "userId": nobody, "reason": "spam" }), "not_found"),
        (json!({ "messageId": nobody, "reason": "spam" }), "not_found"),
        (json!({ "userId": eve.id, "reason": "spam" }), "conflict"),
        (json!({ "reason": "spam" }), "validation"),
        (json!({ "userId": ann.id, "chatId": chat, "reason": "spam" }), "validation"),
        (json!({ "userId": ann.id, "reason": "spam", "note": "x".repeat(1_001) }), "validation"),
        (json!({ "userId": ann.id, "reason": "boredom" }), "malformed"),
        (json!({ "userId": { "$gt": "" }, "reason": "spam" }), "malformed"),
    ] {
        assert_eq!(refusal(eve.api.post("/reports", &body).await).1, code, "{body}");
    }
    assert!(open(&moderator).await.is_empty());
    report(&bob, json!({ "chatId": chat, "reason": "illegal" })).await;
    report(&bob, json!({ "userId": ann.id, "reason": "impersonation" })).await;
    assert_eq!(open(&moderator).await.len(), 2);
    ann.api.delete(&format!("/messages/{}?scope=all", message.id)).await.unwrap();
    let gone = bob.api.post("/reports", json!({ "messageId": message.id, "reason": "spam" })).await;
    assert_eq!(refusal(gone).1, "gone");
}

#[tokio::test]
async fn reports_of_one_message_gather_and_are_resolved_once() {
    let app = TestApp::start().await;
    let moderator = app.staff("moderator", UserRole::Moderator).await;
    let admin = app.staff("admin", UserRole::Admin).await;
    let [ann, bob, cat] = app.people(["ann", "bob", "cat"]).await;
    let chat = ann.group("ours", &[&bob, &cat]).await;
    let message = ann.say(chat, "spam").await;
    let body = json!({ "messageId": message.id, "reason": "spam" });
    for reporter in [&bob, &cat, &bob] {
        report(reporter, body.clone()).await;
    }
    let [gathered] = &open(&moderator).await[..] else { panic!("one report") };
    assert_eq!(gathered.complaints.len(), 2);
    let path = format!("/admin/reports/{}/resolve", gathered.id);
    let unsaid = moderator.api.post(&path, json!({ "action": "warn" })).await;
    assert_eq!(refusal(unsaid).1, "validation", "a warning says something");
    let mut socket = ann.connect().await;
    let warn = json!({ "action": "warn", "note": "first time", "reason": "no spam, please" });
    let resolved = moderator.api.post(&path, warn.clone()).await.unwrap().body["report"].clone();
    assert_eq!(resolved["state"], "resolved");
    assert_eq!(resolved["resolution"]["by"], json!(moderator.id));
    let heard = socket.next("announcement:new").await.unwrap();
    assert_eq!(
        (&heard["content"], &heard["level"]),
        (&json!("no spam, please"), &json!("warning"))
    );
    let theirs = bob.api.get("/announcements").await.unwrap().body;
    assert_eq!(theirs["announcements"], json!([]), "a warning is for the warned alone");
    assert_eq!(refusal(admin.api.post(&path, &warn).await).1, "conflict");

    report(&bob, body).await;
    let again = open(&moderator).await.remove(0);
    assert_ne!(again.id.to_string(), resolved["id"]);
    let path = format!("/admin/reports/{}/resolve", again.id);
    moderator.api.post(&path, json!({ "action": "ban", "reason": "spam" })).await.unwrap();
    assert_eq!(refusal(app.api.login("ann", PASSWORD).await), (403, "banned".to_owned()));
    let log = admin.api.get("/admin/audit?action=report_resolved").await.unwrap().body;
    assert_eq!(log["entries"][0]["detail"]["action"], "ban");
}

#[tokio::test]
async fn too_many_reports_are_refused() {
    let app = TestApp::with(|config| config.limits.enabled = true).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let body = json!({ "userId": ann.id, "reason": "spam" });
    for _ in 0..20 {
        report(&bob, body.clone()).await;
    }
    assert_eq!(refusal(bob.api.post("/reports", &body).await).1, "rate_limited");
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
    let done = eventually("it is done", async || {
        let sweep = moderator.api.get(&path).await.unwrap().body["sweep"].clone();
        (sweep["state"] == "done").then_some(sweep)
    })
    .await;
    assert_eq!((&done["messages"], &done["chatsDone"]), (&json!(3), &json!(2)));
    for _ in 0..3 {
        let heard = socket.next("msg:updated").await.unwrap();
        assert_eq!((&heard["content"], heard["deletedAt"].is_string()), (&json!(""), true));
    }
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
    let core = &app.node.core;
    eventually("it is done", async || {
        let record = core.store.sweep(id).await.unwrap().unwrap();
        (record.sweep.finished_at.is_some()).then_some(())
    })
    .await;
    // As it was after the first message.
    let mut record = core.store.sweep(id).await.unwrap().unwrap();
    record.reached = Some((chat, messages[0].seq));
    record.sweep.state = nexus_protocol::SweepState::Running;
    record.sweep.messages = 1;
    core.store.save_sweep(&record).await.unwrap();
    nexus_core::sweeps::run(core, id).await.unwrap();
    let record = core.store.sweep(id).await.unwrap().unwrap();
    assert_eq!(record.sweep.state, nexus_protocol::SweepState::Done);
    for message in messages {
        eventually("it is a tombstone", async || {
            bob.api.message(message.id).await.unwrap().deleted_at
        })
        .await;
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(bob.chat(chat).await.last_rev, 4, "each was deleted once");
    app.stop().await;
}
