//! `nexus admin` for moderating: what it writes down, and what a server that runs makes of it.

use std::path::Path;

use nexus_core::{
    announcements, bans, reports,
    staff::{self, Order},
    sweeps,
};
use nexus_protocol::{
    AnnouncementLevel, BanUser, MakeAnnouncement, ReportAction, ResolveReport, StartSweep, UserRole,
};
use serde_json::{Value, json};

use super::add_user;
use crate::{
    fixture::{PASSWORD, TestApp, eventually, refusal},
    shell_process::{ended, nexus},
};

fn admin(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    ended(nexus(folder).arg("admin").args(arguments))
}

fn json_of(said: &str) -> Value {
    serde_json::from_str(said).unwrap_or_else(|err| panic!("{err}: {said}"))
}

#[test]
fn an_operator_bans_and_lifts_the_ban() {
    let folder = tempfile::tempdir().unwrap();
    ended(nexus(folder.path()).arg("migrate"));
    add_user(folder.path());
    let users = |arguments: &[&str]| admin(folder.path(), &[&["users"], arguments].concat());
    for (wrong, code, says) in [
        (&["ban", "nobody", "--reason", "spam"][..], 1, "no account nobody"),
        (&["ban", "ann", "--reason", " "], 1, "reason"),
        (&["ban", "ann", "--reason", "x", "--until", "2020-01-01T00:00:00Z"], 1, "is over"),
        (&["ban", "ann", "--reason", "x", "--until", "soon"], 2, "--until"),
        (&["ban", "ann"], 2, "--reason"),
        (&["unban", "ann"], 1, "no ban"),
    ] {
        let (ended, said) = users(wrong);
        assert!(ended == Some(code) && said.contains(says), "{wrong:?}: {ended:?} {said}");
    }
    assert_eq!(users(&["ban", "ann@example.com", "--reason", "spam in groups"]).0, Some(0));
    let banned = json_of(&users(&["list", "--banned", "--json"]).1);
    let ban = &banned["users"][0]["ban"];
    assert_eq!((&ban["reason"], &ban["by"]), (&json!("spam in groups"), &Value::Null));
    assert!(users(&["list"]).1.contains("for good"));
    let (_, waiting) = admin(folder.path(), &["jobs", "list", "--waiting"]);
    assert!(waiting.contains("enforceBan"), "{waiting}");
    assert_eq!(users(&["unban", "ann"]).0, Some(0));
    let (_, log) = admin(folder.path(), &["audit", "export"]);
    let actions: Vec<Value> = log.lines().map(|line| json_of(line)["action"].clone()).collect();
    assert_eq!(actions, ["user_banned", "ban_lifted"]);
    assert_eq!(admin(folder.path(), &["audit", "verify"]).0, Some(0));
}

#[test]
fn an_operator_sweeps_announces_and_reads_reports() {
    let folder = tempfile::tempdir().unwrap();
    ended(nexus(folder.path()).arg("migrate"));
    add_user(folder.path());
    let admin = |arguments: &[&str]| admin(folder.path(), arguments);
    let (code, said) = admin(&["sweeps", "start", "ann", "--dry-run"]);
    assert!(code == Some(0) && said.contains("0 messages in 0 chats"), "{said}");
    let started = json_of(&admin(&["sweeps", "start", "ann", "--json"]).1);
    let (code, said) = admin(&["sweeps", "show", started["id"].as_str().unwrap()]);
    assert!(code == Some(0) && said.contains("0 of 0 chats"), "{said}");
    assert_eq!(admin(&["sweeps", "start", "nobody"]).0, Some(1));
    let (code, said) = admin(&["sweeps", "list"]);
    assert!(code == Some(0) && said.contains("running") && said.contains("0 of 0"), "{said}");
    let listed = json_of(&admin(&["sweeps", "list", "--json"]).1);
    assert_eq!(listed["sweeps"][0]["id"], started["id"]);
    let shown = json_of(&admin(&["users", "show", "ann@example.com"]).1);
    assert_eq!((&shown["username"], &shown["sessions"]), (&json!("ann"), &json!(0)));
    assert_eq!(admin(&["users", "show", "nobody"]).0, Some(1));

    let (code, said) = admin(&["announcements", "make", "We move house", "--level", "warning"]);
    assert_eq!(code, Some(0), "{said}");
    let id = said.trim().rsplit(' ').next().unwrap();
    let (_, listed) = admin(&["announcements", "list"]);
    assert!(listed.contains("We move house") && listed.contains("warning"), "{listed}");
    assert_eq!(admin(&["announcements", "withdraw", id]).0, Some(0));
    assert_eq!(admin(&["announcements", "withdraw", id]).0, Some(1));
    assert!(admin(&["announcements", "list"]).1.contains("over"));
    assert_eq!(admin(&["announcements", "make", " "]).0, Some(1));
    assert_eq!(admin(&["announcements", "make", "x", "--level", "shouted"]).0, Some(2));

    assert!(admin(&["reports", "list", "--state", "open"]).1.contains("no reports"));
    let nothing = uuid::Uuid::nil().to_string();
    assert_eq!(admin(&["reports", "show", &nothing]).0, Some(1));
    let (code, said) = admin(&["reports", "resolve", &nothing, "dismiss"]);
    assert!(code == Some(1) && said.contains("there is no report"), "{said}");
    assert_eq!(admin(&["reports", "resolve", &nothing, "frown"]).0, Some(2));
    for (noun, words) in [
        ("reports", "what users have reported"),
        ("sweeps", "for everybody"),
        ("announcements", "everybody"),
        ("users", "Lift a ban"),
    ] {
        let (_, help) = admin(&[noun, "--help"]);
        assert!(help.contains(words) && help.contains("Examples:"), "{help}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_runs_carries_out_what_an_operator_wrote_down() {
    let app = TestApp::start().await;
    let admin = app.staff("admin", UserRole::Admin).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let spam = ann.say(chat, "spam").await;
    let (mut anns, mut bobs) = (ann.connect().await, bob.connect().await);
    let core = &app.node.core;
    let order = Order::of_operator(&*core.store, &*core.ids, core.clock.now());

    let (content, level) = ("hello all".to_owned(), AnnouncementLevel::Info);
    let req = MakeAnnouncement { content, level, until: None };
    let made = announcements::make_by_operator(&order, req).await.unwrap();
    assert_eq!(bobs.next("announcement:new").await.unwrap()["content"], "hello all");
    assert_eq!(anns.next("announcement:new").await.unwrap()["content"], "hello all");
    announcements::withdraw_by_operator(&order, made.id).await.unwrap();
    assert_eq!(bobs.next("announcement:withdrawn").await.unwrap()["id"], json!(made.id));

    let body = json!({ "messageId": spam.id, "reason": "spam" });
    bob.api.post("/reports", body).await.unwrap();
    let id = core.store.reports(None, None, 1).await.unwrap()[0].id;
    reports::get_by_operator(&order, id).await.unwrap();
    let (action, note, until) = (ReportAction::Warn, None, None);
    let wordless = ResolveReport { action, note, reason: None, until };
    reports::resolve_by_operator(&order, id, wordless.clone()).await.unwrap_err();
    let req = ResolveReport { reason: Some("no spam, please".to_owned()), ..wordless };
    reports::resolve_by_operator(&order, id, req.clone()).await.unwrap();
    assert_eq!(anns.next("announcement:new").await.unwrap()["content"], "no spam, please");
    reports::resolve_by_operator(&order, id, req).await.unwrap_err();
    let resolved: Value = admin.get(&format!("/admin/reports/{id}")).await;
    assert_eq!(resolved["report"]["resolution"]["by"], Value::Null);
    for action in ["report_read", "report_resolved"] {
        let path = format!("/admin/audit?action={action}");
        eventually("the log tells of it", async || {
            let log = admin.api.get(&path).await.unwrap().body;
            let entries = log["entries"].as_array().unwrap();
            let operator = json!({ "kind": "operator" });
            entries.iter().any(|entry| entry["actor"] == operator).then_some(())
        })
        .await;
    }

    let req = BanUser { reason: "spam".to_owned(), until: None };
    bans::ban_by_operator(&order, "ann", req).await.unwrap();
    assert_eq!(refusal(app.api.login("ann", PASSWORD).await), (403, "banned".to_owned()));
    assert_eq!(anns.next("session:revoked").await.unwrap()["reason"], "banned");
    anns.closed().await;
    assert_eq!(refusal(ann.api.get("/users/me").await).0, 401);

    let user_id = staff::named(&*core.store, "ann").await.unwrap();
    let req = StartSweep { user_id, chat_id: None, from: None, to: None, dry_run: false };
    let sweep = sweeps::start_by_operator(&order, req).await.unwrap();
    crate::sweeps::done(&app, sweep.id.unwrap()).await;
    eventually("a tombstone is left", async || {
        bob.api.message(spam.id).await.unwrap().deleted_at.map(|_| ())
    })
    .await;
    let log = admin.api.get("/admin/audit?action=sweep_started").await.unwrap().body;
    assert_eq!(log["entries"][0]["actor"], json!({ "kind": "operator" }));
    app.stop().await;
}
