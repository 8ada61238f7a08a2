//! What is older than the settings let it be goes by itself, and the audit log says so.

use std::{path::Path, time::Duration};

use nexus_core::audit::Verifier;
use nexus_protocol::{AuditAction, UserRole};
use nexus_store_sqlite::Database;
use serde_json::{Value, json};

use crate::{
    fixture::{TestApp, eventually, refusal},
    shell_process::{ended, nexus},
};

const DAY: Duration = Duration::from_secs(86_400);

#[tokio::test]
async fn what_is_too_old_goes_once_a_day_and_the_log_tells_of_it() {
    let app = TestApp::with(|config| {
        config.retention.messages_days = 2;
        config.retention.receipts_days = 1;
        config.retention.audit_days = 1;
    })
    .await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    app.staff("root", UserRole::Admin).await;
    let chat = ann.group("us", &[&bob]).await;
    let old = ann.say(chat, "of old").await;
    let read = json!({ "seq": old.seq });
    bob.api.post(&format!("/chats/{chat}/read"), read).await.unwrap();
    app.clock.advance(3 * DAY);
    let ann = app.login("ann").await;
    let young = ann.say(chat, "of today").await;
    eventually("the old one is gone", async || {
        let seen = ann.api.message(old.id).await.unwrap();
        seen.deleted_at.is_some().then(|| assert_eq!(seen.content, ""))
    })
    .await;
    assert_eq!(ann.api.message(young.id).await.unwrap().content, "of today");
    ann.api.get(&format!("/messages/{}/receipts", young.id)).await.unwrap();
    let gone = ann.api.get(&format!("/messages/{}/receipts", old.id)).await;
    assert_eq!(refusal(gone), (410, "gone".to_owned()));
    let log = app.node.core.store.audit_after(0, 100).await.unwrap();
    assert!(log[0].number > 1, "{log:?}");
    assert!(log.iter().any(|entry| entry.action == AuditAction::RetentionApplied), "{log:?}");
    let mut verifier = Verifier::default();
    log.iter().for_each(|entry| verifier.next(entry).unwrap());
    verifier.beginning().unwrap();
    app.stop().await;
}

#[tokio::test]
async fn the_operator_sees_what_would_go_and_can_have_it_gone_now() {
    let folder = tempfile::tempdir().unwrap();
    let admin = |arguments: &str| {
        let mut command = nexus(folder.path());
        command.env("NEXUS__RETENTION__AUDIT_DAYS", "1");
        ended(command.arg("admin").args(arguments.split(' ')))
    };
    ended(nexus(folder.path()).arg("migrate"));
    add_old_entry(folder.path()).await;
    let (code, said) = admin("retention run --dry-run");
    assert!(code == Some(0) && said.contains("entries of the audit log  1"), "{said}");
    let (_, said) = admin("jobs list --waiting --json");
    assert_eq!(serde_json::from_str::<Value>(&said).unwrap()["waiting"], 0, "nothing is done");
    let (_, said) = admin("retention run --json");
    let overdue = json!({
        "messages": 0, "receipts": 0, "audit": 1, "formerTokens": 0, "sessions": 0,
    });
    assert_eq!(serde_json::from_str::<Value>(&said).unwrap(), overdue);
    let (_, said) = admin("jobs list --waiting --json");
    let jobs: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(jobs["jobs"][0]["kind"], "retention", "{said}");
}

async fn add_old_entry(data: &Path) {
    let database = Database::open(data.join("nexus.db"), Default::default()).unwrap();
    let (store, at) = (database.store(), nexus_protocol::Timestamp(0));
    let action = AuditAction::SweepEnded;
    let actor = nexus_protocol::AuditActor::Operator;
    nexus_core::audit::note_in(&store, at, actor, action, None, json!({})).await.unwrap();
    database.close().await.unwrap();
}
