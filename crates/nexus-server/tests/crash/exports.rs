//! A server that dies while it writes an export: the next try begins anew, and nobody is offered half
//! a file.

use std::{
    os::unix::process::ExitStatusExt,
    time::{Duration, Instant},
};

use nexus_client::{Api, Launch, Server};
use serde_json::json;

use crate::nexus;

const PATIENCE: Duration = Duration::from_secs(120);
const SIGABRT: i32 = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dead_before_an_export_is_whole_it_writes_it_anew() {
    let data = tempfile::tempdir().unwrap();
    let environment = [
        ("NEXUS__AUTH__BCRYPT_COST", "4"),
        ("NEXUS__JOBS__LEASE_SECS", "3"),
        ("FAILPOINTS", "export.written=return"),
    ];
    let launch = Launch::new(nexus().as_ref(), data.path(), &environment);
    let mut server = Server::start(launch).await.unwrap();
    let api = Api::new(&server.url());
    let ann = api.signup("ann", "a long enough password").await.unwrap();
    let api = api.with_token(&ann.access_token.unwrap());
    let proof = json!({ "password": "a long enough password" });
    api.post("/auth/step-up", proof).await.unwrap();
    // It may die before it answers.
    let _ = api.post("/users/me/export", json!({})).await;
    let status = server.ended(PATIENCE).await.expect("it dies at export.written");
    assert_eq!(status.signal(), Some(SIGABRT), "{status}");

    server.spawn_again(&[("FAILPOINTS", "export.written=sleep(500)")]).unwrap();
    server.ready().await.unwrap();
    let since = Instant::now();
    let export = loop {
        let export = api.get("/users/me/export").await.unwrap().body["export"].clone();
        let path = format!("/users/me/export/{}/content", export["id"].as_str().unwrap());
        if export["state"] == "ready" {
            assert_eq!(api.get(&path).await.unwrap().status, 200);
            break export;
        }
        assert_eq!(export["state"], "running");
        // It may have become ready meanwhile.
        if let Err(refused) = api.get(&path).await {
            assert_eq!(refused.status(), Some(409));
        }
        assert!(since.elapsed() < PATIENCE, "not in time");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert!(export["size"].as_u64().unwrap() > 500);
}
