//! Side jobs: done once, given up visibly.

use std::{path::Path, process::Command, time::Duration};

use nexus_core::ports::{JobStore as _, NewJob};
use nexus_protocol::{JobId, Timestamp};
use serde_json::Value;

use crate::{
    fixture::{TestApp, eventually},
    shell_process::{Running, ended, nexus},
};

/// What a later version may have pushed.
fn unknown(id: JobId) -> NewJob {
    NewJob {
        id,
        key: "unknown".to_owned(),
        kind: "unknown".to_owned(),
        body: r#"{"kind":"unknown","secret":"hunter2"}"#.to_owned(),
        created_at: Timestamp(0),
        run_at: Timestamp(0),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_forgets_what_no_longer_matters() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let core = app.node.core.clone();
    let session = core.store.sessions_of(ann.id, core.clock.now()).await.unwrap().remove(0).id;
    app.clock.advance(Duration::from_secs(9 * 24 * 60 * 60));
    eventually("her session is forgotten", async || {
        core.store.session(session).await.unwrap().is_none().then_some(())
    })
    .await;
    eventually("nothing waits", async || {
        (core.store.job_stats().await.unwrap().waiting == 0).then_some(())
    })
    .await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_can_not_be_done_is_given_up_at_once_and_the_next_is_done() {
    let app = TestApp::start().await;
    let store = app.node.core.store.clone();
    assert!(store.push_job(&unknown(JobId(uuid::Uuid::from_u128(1)))).await.unwrap());
    let dead =
        eventually("it is given up", async || store.dead_jobs(10).await.unwrap().pop()).await;
    assert_eq!((dead.kind.as_str(), dead.attempts), ("unknown", 1));
    assert_eq!(dead.last_error.as_deref(), Some("not a job that this version knows"));
    eventually("the others are done", async || {
        (store.job_stats().await.unwrap().waiting == 0).then_some(())
    })
    .await;
    app.stop().await;
}

fn admin(data: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command: Command = nexus(data);
    ended(command.args(["admin", "jobs"]).args(arguments))
}

fn dead(data: &Path) -> Vec<Value> {
    let (code, said) = admin(data, &["list", "--json"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
    let listed: Value = serde_json::from_str(&said).unwrap();
    listed["jobs"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_given_up_is_seen_replayed_and_discarded_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let server = Running::start(&mut nexus(data));
    let database =
        nexus_store_sqlite::Database::open(data.join("nexus.db"), Default::default()).unwrap();
    let id = JobId(uuid::Uuid::from_u128(1));
    assert!(database.store().push_job(&unknown(id)).await.unwrap());
    let first = eventually("it is given up", async || dead(data).pop()).await;
    assert_eq!(first["id"], id.to_string());

    let (code, said) = admin(data, &["replay", "--all"]);
    assert_eq!((code, said.trim()), (Some(0), "replayed 1"));
    eventually("it is given up again", async || {
        dead(data).pop().filter(|again| again["diedAt"] != first["diedAt"])
    })
    .await;
    let (code, said) = admin(data, &["discard", &id.to_string()]);
    assert_eq!((code, said.trim()), (Some(0), "discarded 1"));
    let (code, said) = admin(data, &["replay", &id.to_string()]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("was not given up"), "{said}");
    assert!(dead(data).is_empty());
    let (_, log) = ended(nexus(data).args(["admin", "audit", "export"]));
    let entries = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let told: Vec<Value> = entries.map(|entry| entry["action"].clone()).collect();
    assert_eq!(told, ["job_replayed", "job_discarded"]);
    drop(server);
}
