//! What a log must never hold.

use std::{fs, path::Path, process::Stdio};

use nexus_client::{Api, Client, NAMESPACES};
use nexus_outbound::Folder;
use serde_json::{Value, json};

use crate::{
    fixture::{PASSWORD, eventually, key_dir},
    shell_process::{Running, nexus},
};

const NEW: &str = "another horse battery";
const WRONG: &str = "a password in the wrong place";

/// The binary, with all that it says in a file.
async fn talkative(folder: &Path, log: &Path) -> Running {
    let mut command = nexus(folder);
    command.env("NEXUS__LOG__LEVEL", "debug").env("NEXUS__AUTH__BCRYPT_COST", "4");
    command.env("NEXUS__AUTH__KEY_DIR", key_dir());
    let child = command.stdout(Stdio::null()).stderr(fs::File::create(log).unwrap()).spawn();
    let address = eventually("it is ready", async || {
        fs::read_to_string(log).unwrap().lines().find_map(|line| {
            let line: Value = serde_json::from_str(line).ok()?;
            line["message"].as_str()?.starts_with("ready").then_some(())?;
            Some(line["address"].as_str()?.to_owned())
        })
    });
    Running { address: address.await, child: child.unwrap() }
}

/// The token in the newest letter with this word in its subject.
async fn letter(folder: &Path, subject: &str) -> String {
    let folder = Folder::new(folder.join("mail"));
    eventually("the letter comes", async || {
        let letters = folder.last(usize::MAX).unwrap();
        let letter = letters.into_iter().find(|letter| letter.subject.contains(subject))?;
        let text = fs::read_to_string(letter.path).unwrap();
        let plain = text.replace("=\r\n", "").replace("=3D", "=");
        let (_, rest) = plain.split_once("#token=")?;
        Some(rest.split_whitespace().next()?.to_owned())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s15_no_password_and_no_token_is_in_a_log() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let running = talkative(folder.path(), &log).await;
    let api = Api::new(&format!("http://{}", running.address));

    let ann = api.signup("ann", PASSWORD).await.unwrap();
    let (access, refresh) = (ann.access_token.unwrap(), ann.refresh_token.unwrap());
    api.login("ann", WRONG).await.unwrap_err();
    api.login(WRONG, WRONG).await.unwrap_err();
    let malformed = json!({ "identifier": "ann", "pasword": WRONG });
    api.post("/auth/login", malformed).await.unwrap_err();
    let socket = Client::connect(api.host(), &access, &NAMESPACES).await.unwrap();
    let refreshed = api.refresh(&refresh).await.unwrap();
    let fresh = refreshed.access_token.unwrap();
    socket.call("auth:refresh", json!({ "token": fresh })).await.unwrap();
    let anns = api.with_token(&fresh);
    let verify = letter(folder.path(), "Confirm").await;
    api.post("/auth/verify-email", json!({ "token": verify })).await.unwrap();
    api.post("/auth/verify-email", json!({ "token": verify })).await.unwrap_err();
    let setup = anns.post("/auth/totp/setup", json!({ "password": PASSWORD })).await.unwrap().body;
    anns.post("/auth/step-up", json!({ "password": WRONG })).await.unwrap_err();
    let change = json!({ "current": PASSWORD, "password": NEW });
    anns.post("/auth/change-password", change).await.unwrap();
    api.post("/auth/forgot-password", json!({ "email": "ann@example.com" })).await.unwrap();
    let reset = letter(folder.path(), "new password").await;
    let body = json!({ "token": reset, "password": PASSWORD });
    api.post("/auth/reset-password", body).await.unwrap();

    let said = fs::read_to_string(&log).unwrap();
    assert!(said.contains("request refused"), "the log has what is for debugging");
    let totp = setup["secret"].as_str().unwrap();
    let next = refreshed.refresh_token.unwrap();
    for secret in [PASSWORD, NEW, WRONG, &access, &fresh, &refresh, &next, &verify, &reset, totp] {
        assert!(!secret.is_empty());
        let line = said.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret} was logged");
    }
}
