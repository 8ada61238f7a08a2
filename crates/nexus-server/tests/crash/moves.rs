//! A server that dies while an account moves to another address: whoever reads the old one hears of it
//! all the same, and the move can be asked for again.

use std::{
    fs,
    os::unix::process::ExitStatusExt,
    path::Path,
    time::{Duration, Instant},
};

use nexus_client::{Api, Launch, Server};
use nexus_outbound::Folder;
use serde_json::json;

use crate::nexus;

const PATIENCE: Duration = Duration::from_secs(120);
const SIGABRT: i32 = 6;
const PASSWORD: &str = "a long enough password";

/// Of the newest letter in the folder that leads to this page.
fn token(mail: &Path, page: &str) -> Option<String> {
    let letters = Folder::new(mail.to_owned()).last(usize::MAX).unwrap();
    letters.into_iter().find_map(|letter| {
        let text = fs::read_to_string(letter.path).unwrap();
        let plain = text.replace("=\r\n", "").replace("=3D", "=");
        let (_, rest) = plain.split_once(&format!("/{page}#token="))?;
        let is_token = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        Some(rest.chars().take_while(is_token).collect())
    })
}

async fn use_token(api: &Api, mail: &Path, page: &str, path: &str) -> bool {
    let since = Instant::now();
    let token = loop {
        if let Some(token) = token(mail, page) {
            break token;
        }
        assert!(since.elapsed() < PATIENCE, "no letter leads to {page}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    api.post(&format!("/auth/{path}"), json!({ "token": token })).await.is_ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dead_once_an_account_has_moved_it_still_gives_the_old_address_a_way_back() {
    let data = tempfile::tempdir().unwrap();
    let mail = data.path().join("mail");
    let environment = [("NEXUS__AUTH__BCRYPT_COST", "4"), ("FAILPOINTS", "email.moved=return")];
    let launch = Launch::new(nexus().as_ref(), data.path(), &environment);
    let mut server = Server::start(launch).await.unwrap();
    let api = Api::new(&server.url());
    let ann = api.signup("ann", PASSWORD).await.unwrap();
    let ann = api.with_token(&ann.access_token.unwrap());
    assert!(use_token(&api, &mail, "verify", "verify-email").await);
    let change = json!({ "email": "new@example.com", "password": PASSWORD });
    ann.post("/auth/change-email", change).await.unwrap();
    assert!(!use_token(&api, &mail, "confirm-email", "confirm-email").await);
    let status = server.ended(PATIENCE).await.expect("it dies at email.moved");
    assert_eq!(status.signal(), Some(SIGABRT), "{status}");

    server.spawn_again(&[("FAILPOINTS", "")]).unwrap();
    server.ready().await.unwrap();
    assert!(use_token(&api, &mail, "confirm-email", "confirm-email").await, "once more");
    assert!(use_token(&api, &mail, "revert-email", "revert-email").await);
    assert!(ann.get("/users/me").await.is_err(), "all are signed out");
    assert!(api.login("ann", PASSWORD).await.is_err());
}
