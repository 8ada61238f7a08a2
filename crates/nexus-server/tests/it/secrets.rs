//! What a client hands us stays out of the log. S-3 and S-15.

use std::path::Path;

use nexus_client::{Client, Launch, NAMESPACES, Server};
use serde_json::json;

use crate::{
    fixture::{header, text},
    wire::ask,
};

const PASSWORD: &str = "canary horse battery staple";
const WRONG: &str = "canary of a password typed wrong";
const CONTENT: &str = "canary in a message";

/// At the most talkative level that is ours; the libraries' own traces show what crosses the wire.
const LEVEL: &str = "debug,nexus_server=trace,nexus_core=trace,nexus_socketio=trace";

#[tokio::test]
async fn s15_no_token_no_password_and_no_message_is_in_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_nexus"));
    let settings = [("NEXUS__LOG__LEVEL", LEVEL), ("NEXUS__AUTH__BCRYPT_COST", "4")];
    let server = Server::start(Launch::new(program, folder.path(), &settings)).await.unwrap();
    let api = nexus_client::Api::new(&server.url());
    let mut secrets = vec![PASSWORD.to_owned(), WRONG.to_owned(), CONTENT.to_owned()];

    let ann = api.signup("ann", PASSWORD).await.unwrap();
    let bob = api.signup("bob", PASSWORD).await.unwrap();
    let login = json!({ "identifier": "ann", "password": PASSWORD, "tokenTransport": "cookie" });
    let by_cookie = api.post("/auth/login", login).await.unwrap();
    for cookie in by_cookie.headers.get_all("set-cookie") {
        let pair = cookie.to_str().unwrap().split(';').next().unwrap();
        let (_, token) = pair.split_once('=').unwrap();
        assert!(!by_cookie.body.to_string().contains(token));
        secrets.push(token.to_owned());
        // A page of ours uses it, and a foreign one.
        for origin in [server.url().as_str(), "https://evil.example"] {
            let api = api.with_header(header("cookie"), pair).with_header(header("origin"), origin);
            let _refused = api.post("/auth/refresh", json!({})).await;
            let _refused = api.get("/socket.io/?EIO=4&transport=polling").await;
        }
    }
    let wrong = json!({ "identifier": "ann", "password": WRONG });
    api.post("/auth/login", &wrong).await.unwrap_err();
    let misplaced = json!({ "identifier": WRONG, "password": { "x": WRONG }, WRONG: 1 });
    api.post("/auth/login", &misplaced).await.unwrap_err();

    let token = ann.access_token.unwrap();
    let mine = api.with_token(&token);
    let chat = mine.create_direct(bob.user.id).await.unwrap().id;
    mine.send(text(chat, CONTENT)).await.unwrap();
    let mut socket = Client::connect(mine.host(), &token, &NAMESPACES).await.unwrap();
    socket.call("msg:send", text(chat, CONTENT)).await.unwrap();
    socket.call("msg:send", json!({ "content": CONTENT, "chatId": [CONTENT] })).await.unwrap_err();
    socket.next("msg:new").await.unwrap();
    let refresh = ann.refresh_token.unwrap();
    secrets.extend([api.refresh(&refresh).await.unwrap().access_token.unwrap(), token, refresh]);
    let bearer = format!("Bearer {}x", secrets.last().unwrap());
    ask(mine.host(), "GET", "/api/v1/users/me", &[("authorization", &bearer)], "").await;

    drop(server);
    let log = std::fs::read_to_string(folder.path().join("server.log")).unwrap();
    assert!(log.lines().count() > 20, "{log}");
    for secret in secrets {
        let line = log.lines().find(|line| line.contains(&secret));
        assert_eq!(line, None, "{secret}");
    }
}
