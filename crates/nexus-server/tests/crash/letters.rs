//! A worker that dies over a letter: it may be sent twice, as the same one, but never not at all.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime},
};

use nexus_client::{Launch, Server};
use nexus_core::{
    jobs::Job,
    mail::{Letter, Recipient},
    ports::{JobStore as _, NewJob},
};
use nexus_protocol::{JobId, Timestamp};
use nexus_store_sqlite::Database;
use uuid::Uuid;

use crate::nexus;

const PATIENCE: Duration = Duration::from_secs(120);
const JOB: JobId = JobId(Uuid::from_u128(1));

/// As a node pushes it.
async fn push_letter(data: &Path) -> Database {
    let to = Recipient { user: None, name: "Ann".into(), address: "ann@example.com".into() };
    let letter = Job::Mail { to, letter: Letter::PasswordChanged };
    let new = NewJob {
        id: JOB,
        key: "letter".to_owned(),
        kind: letter.kind().to_owned(),
        body: serde_json::to_string(&letter).unwrap(),
        created_at: Timestamp(1_767_434_400_000),
        run_at: Timestamp(0),
    };
    let database = Database::open(data.join("nexus.db"), Default::default()).unwrap();
    assert!(database.store().push_job(&new).await.unwrap());
    database
}

/// When the letter was written last, and its Message-ID.
fn written(letter: &Path) -> Option<(SystemTime, String)> {
    let text = fs::read_to_string(letter).ok()?;
    let id = text.lines().find(|line| line.starts_with("Message-ID:"))?.to_owned();
    Some((fs::metadata(letter).ok()?.modified().ok()?, id))
}

async fn until(what: &str, mut there: impl AsyncFnMut() -> bool) {
    let since = Instant::now();
    while !there().await {
        assert!(since.elapsed() < PATIENCE, "not in time: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Dies at `point`, starts again; answers the letter as it was at death, and as it is then.
async fn die_over_a_letter(point: &str) -> [Option<(SystemTime, String)>; 2] {
    let data = tempfile::tempdir().unwrap();
    let letter: PathBuf = data.path().join("mail").join(format!("{JOB}.eml"));
    let failpoints = format!("{point}=return");
    let environment = [("NEXUS__JOBS__LEASE_SECS", "3"), ("FAILPOINTS", failpoints.as_str())];
    let launch = Launch::new(nexus().as_ref(), data.path(), &environment);
    let mut server = Server::start(launch).await.unwrap();
    let store = push_letter(data.path()).await.store();
    server.ended(PATIENCE).await.unwrap_or_else(|_| panic!("never came to {point}"));
    let at_death = written(&letter);
    let waiting = store.waiting_jobs(10).await.unwrap();
    assert!(waiting.iter().any(|job| job.id == JOB), "it is not forgotten");

    server.spawn_again(&[("FAILPOINTS", "")]).unwrap();
    server.ready().await.unwrap();
    until("the letter is done", async || {
        let waiting = store.waiting_jobs(10).await.unwrap();
        waiting.iter().all(|job| job.id != JOB)
    })
    .await;
    assert!(store.dead_jobs(10).await.unwrap().is_empty());
    [at_death, written(&letter)]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dead_before_a_letter_is_sent_it_sends_it_when_it_is_back() {
    let [at_death, at_last] = die_over_a_letter("mail.taken").await;
    assert_eq!(at_death, None);
    assert!(at_last.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dead_between_sending_a_letter_and_noting_so_it_sends_the_same_once_more() {
    let [at_death, at_last] = die_over_a_letter("mail.sent").await;
    let ((first, first_id), (second, second_id)) = (at_death.unwrap(), at_last.unwrap());
    assert!(second > first, "it was sent again");
    assert_eq!(first_id, second_id, "and can be told to be the same");
}
