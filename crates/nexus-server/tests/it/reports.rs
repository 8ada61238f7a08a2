//! Reports, and what staff make of them.

use std::time::Duration;

use nexus_core::{
    jobs::{self, Job, JobKey},
    reports::Verdict,
};
use nexus_protocol::{ReportAction, Reports, Resolution, UserRole};
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

#[tokio::test]
async fn what_is_said_about_staff_is_for_admins_and_never_for_whom_it_is_about() {
    let app = TestApp::start().await;
    let moderator = app.staff("moderator", UserRole::Moderator).await;
    let other = app.staff("other", UserRole::Moderator).await;
    let admin = app.staff("admin", UserRole::Admin).await;
    let second = app.staff("second", UserRole::Admin).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    for reported in [&moderator, &admin, &ann] {
        report(&bob, json!({ "userId": reported.id, "reason": "harassment" })).await;
    }
    let about = async |reader: &Person| -> Vec<_> {
        open(reader).await.iter().map(|report| report.reported_id.unwrap()).collect()
    };
    assert_eq!(about(&moderator).await, [ann.id]);
    assert_eq!(about(&other).await, [ann.id]);
    assert_eq!(about(&admin).await, [ann.id, admin.id, moderator.id]);
    let dismiss = json!({ "action": "dismiss" });
    let warn = json!({ "action": "warn", "reason": "please" });
    let reports = open(&admin).await;
    for report in &reports[1..] {
        let path = format!("/admin/reports/{}", report.id);
        let resolve = format!("{path}/resolve");
        for staff in [&moderator, &other] {
            assert_eq!(refusal(staff.api.get(&path).await).0, 404);
            for body in [&dismiss, &warn] {
                assert_eq!(refusal(staff.api.post(&resolve, body).await).0, 404);
            }
        }
    }
    let own = format!("/admin/reports/{}/resolve", reports[1].id);
    for body in [&dismiss, &warn] {
        assert_eq!(refusal(admin.api.post(&own, body).await).1, "forbidden");
    }
    second.api.post(&own, &dismiss).await.unwrap();
    let theirs = format!("/admin/reports/{}/resolve", reports[2].id);
    admin.api.post(&theirs, &warn).await.unwrap();
    assert_eq!(about(&admin).await, [ann.id]);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_resolve_a_report_at_once_one_does_something() {
    let app = TestApp::start().await;
    let moderator = app.staff("moderator", UserRole::Moderator).await;
    let admin = app.staff("admin", UserRole::Admin).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let warn = json!({ "action": "warn", "reason": "no spam, please" });
    const ROUNDS: usize = 5;
    for _ in 0..ROUNDS {
        report(&bob, json!({ "userId": ann.id, "reason": "spam" })).await;
        let path = format!("/admin/reports/{}/resolve", open(&admin).await[0].id);
        let (one, two) =
            tokio::join!(moderator.api.post(&path, &warn), admin.api.post(&path, &warn));
        let (done, refused) = if one.is_ok() { (one, two) } else { (two, one) };
        assert_eq!(done.unwrap().body["report"]["state"], "resolved");
        assert_eq!(refusal(refused).1, "conflict");
    }
    // Those that see to it that it was done find that it was.
    app.clock.advance(Duration::from_secs(60));
    eventually("nothing waits", async || {
        let waiting = app.node.core.store.waiting_jobs(100).await.unwrap();
        waiting.iter().all(|job| job.kind != "actOnReport").then_some(())
    })
    .await;
    let told = ann.api.get("/announcements").await.unwrap().body;
    assert_eq!(told["announcements"].as_array().unwrap().len(), ROUNDS);
    for action in ["announcement_made", "report_resolved"] {
        let log = admin.api.get(&format!("/admin/audit?action={action}")).await.unwrap().body;
        assert_eq!(log["entries"].as_array().unwrap().len(), ROUNDS, "{action}");
    }
    app.stop().await;
}

#[tokio::test]
async fn what_was_decided_is_done_though_whoever_decided_died_at_that_moment() {
    let app = TestApp::start().await;
    let admin = app.staff("admin", UserRole::Admin).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    report(&bob, json!({ "userId": ann.id, "reason": "spam" })).await;
    let core = &app.node.core;
    let id = open(&admin).await[0].id;
    let decide = async |by: &Person, action| {
        let at = core.clock.now();
        let resolution = Resolution { action, note: None, by: Some(by.id), at };
        let (reason, effect) = ("spam".to_owned(), core.ids.uuid());
        let verdict = Verdict { resolution, reason, until: None, effect };
        let job = Job::ActOnReport { report: id, verdict: verdict.clone() };
        jobs::push(core, &job, JobKey::unique(core), at).await.unwrap();
        verdict
    };
    // This one never came to close it.
    decide(&bob, ReportAction::Sweep).await;
    let verdict = decide(&admin, ReportAction::Ban).await;
    assert!(core.store.resolve_report(id, &verdict.resolution).await.unwrap());
    eventually("it is done", async || {
        let log = admin.api.get("/admin/audit?action=report_resolved").await.unwrap().body;
        (log["entries"][0]["detail"]["action"] == "ban").then_some(())
    })
    .await;
    assert_eq!(refusal(app.api.login("ann", PASSWORD).await), (403, "banned".to_owned()));
    let log = admin.api.get("/admin/audit?limit=2").await.unwrap().body;
    let actions: Vec<&Value> =
        log["entries"].as_array().unwrap().iter().map(|entry| &entry["action"]).collect();
    assert_eq!(actions, ["report_resolved", "user_banned"]);
    app.stop().await;
}

#[tokio::test]
async fn whoever_reads_the_evidence_is_noted_once() {
    let app = TestApp::start().await;
    let moderator = app.staff("moderator", UserRole::Moderator).await;
    let admin = app.staff("admin", UserRole::Admin).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    report(&bob, json!({ "userId": ann.id, "reason": "spam" })).await;
    let id = open(&moderator).await[0].id;
    for reader in [&moderator, &admin, &moderator, &admin] {
        reader.api.get(&format!("/admin/reports/{id}")).await.unwrap();
    }
    let log = admin.api.get("/admin/audit?action=report_read").await.unwrap().body;
    let readers: Vec<&Value> =
        log["entries"].as_array().unwrap().iter().map(|entry| &entry["actor"]["id"]).collect();
    assert_eq!(readers, [&json!(admin.id), &json!(moderator.id)]);
    assert_eq!(log["entries"][0]["target"], json!({ "kind": "report", "id": id }));
    app.stop().await;
}
