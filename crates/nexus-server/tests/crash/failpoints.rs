//! Death at named places, set by `FAILPOINTS`.

use std::{os::unix::process::ExitStatusExt, path::Path, time::Duration};

use nexus_client::{Api, Client, Launch, Server};
use nexus_protocol::{
    ChatId, MessageType, MsgSend,
    event::{MSG_FAILED, MSG_NEW, MSG_SEND},
};
use serde_json::json;

use crate::{
    nexus,
    stage::{self, Stage},
};

/// In the order in which a message passes them.
const POINTS: [&str; 9] = [
    "writer.before_commit",
    "writer.after_commit",
    "queue.pushed",
    "worker.before_commit",
    "commit.written",
    "worker.committed",
    "worker.published",
    "queue.before_ack",
    "worker.acked",
];
const SIGABRT: i32 = 6;
/// How often each is died at.
const ROUNDS: usize = 3;
/// A point that is not reached in this time does not exist.
const PATIENCE: Duration = Duration::from_secs(120);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dead_at_every_named_point_it_loses_doubles_and_swaps_nothing() {
    let chance = stage::chance("failpoints");
    let mut stage = Stage::set(nexus(), chance.clone()).await;
    stage.server.kill().await.unwrap();
    for _ in 0..ROUNDS {
        for point in POINTS {
            // Off so many times, then death. A start passes some of the writer's points itself.
            let failpoints = format!("{point}={}*off->return", 30 + chance.below(60));
            stage.server.spawn_again(&[("FAILPOINTS", &failpoints)]).unwrap();
            let ended = stage.server.ended(PATIENCE).await;
            let status = ended.unwrap_or_else(|_| panic!("never came to {failpoints}"));
            assert_eq!(status.signal(), Some(SIGABRT), "{failpoints}: {status}");
        }
    }
    stage.server.spawn_again(&[]).unwrap();
    stage.server.ready().await.unwrap();
    stage.curtain().await;
}

/// A message that can never be committed ends in the dead letters, a killed server in between
/// or not; its chat and the others go on. By its sender's wish it is tried again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_poison_message_fails_once_and_stops_nobody() {
    const POISONED: [(&str, &str); 1] = [("FAILPOINTS", "worker.poison=return")];
    let data = tempfile::tempdir().unwrap();
    let Talk { mut server, api, token, chat } = talk(data.path(), &[]).await;

    server.kill().await.unwrap();
    server.spawn_again(&POISONED).unwrap();
    server.ready().await.unwrap();
    let poison = api.send(message(chat, "1", "poison")).await.unwrap();
    api.send(message(chat, "2", "harmless")).await.unwrap();

    server.kill().await.unwrap();
    server.spawn_again(&POISONED).unwrap();
    server.ready().await.unwrap();
    let mut socket = Client::connect(api.host(), &token, &["/chat"]).await.unwrap();
    let failed = socket.next(MSG_FAILED).await.unwrap();
    assert_eq!(failed["clientId"], "1");
    let new = socket.next(MSG_NEW).await.unwrap();
    assert_eq!((&new["clientId"], &new["seq"]), (&json!("2"), &json!(1)));

    server.kill().await.unwrap();
    server.spawn_again(&[]).unwrap();
    server.ready().await.unwrap();
    let mut socket = Client::connect(api.host(), &token, &["/chat"]).await.unwrap();
    api.post(&format!("/messages/{}/retry", poison.id), json!({})).await.unwrap();
    let new = socket.next(MSG_NEW).await.unwrap();
    assert_eq!((&new["clientId"], &new["seq"]), (&json!("1"), &json!(2)));
    let contents: Vec<String> =
        api.messages(chat).await.unwrap().into_iter().map(|message| message.content).collect();
    assert_eq!(contents, ["harmless", "poison"]);
}

/// Who was to tell it is dead: its sender hears at the next connect, and may send it again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dead_between_burying_a_message_and_telling_so_it_tells_when_it_is_back() {
    let data = tempfile::tempdir().unwrap();
    let environment = [
        ("NEXUS__QUEUE__MAX_ATTEMPTS", "1"),
        ("FAILPOINTS", "worker.poison=return;worker.buried=return"),
    ];
    let Talk { mut server, api, token, chat } = talk(data.path(), &environment).await;
    // It may die before it answers.
    let _ = api.send(message(chat, "1", "poison")).await;
    let status = server.ended(PATIENCE).await.expect("it dies at worker.buried");
    assert_eq!(status.signal(), Some(SIGABRT), "{status}");

    server.spawn_again(&[("FAILPOINTS", "")]).unwrap();
    server.ready().await.unwrap();
    let mut socket = Client::connect(api.host(), &token, &["/chat"]).await.unwrap();
    assert_eq!(socket.next(MSG_FAILED).await.unwrap()["clientId"], "1");
    socket.call(MSG_SEND, message(chat, "1", "poison")).await.unwrap();
    let new = socket.next(MSG_NEW).await.unwrap();
    assert_eq!((&new["clientId"], &new["seq"]), (&json!("1"), &json!(1)));
}

/// A server on which Ann writes to Bob.
struct Talk {
    server: Server,
    /// As Ann.
    api: Api,
    token: String,
    chat: ChatId,
}

async fn talk(data: &Path, environment: &[(&str, &str)]) -> Talk {
    let environment = [&[("NEXUS__AUTH__BCRYPT_COST", "4")], environment].concat();
    let server = Server::start(Launch::new(nexus().as_ref(), data, &environment)).await.unwrap();
    let api = Api::new(&server.url());
    let ann = api.signup("ann", "a long enough password").await.unwrap();
    let bob = api.signup("bob", "a long enough password").await.unwrap();
    let token = ann.access_token.unwrap();
    let api = api.with_token(&token);
    let chat = api.create_direct(bob.user.id).await.unwrap().id;
    Talk { server, api, token, chat }
}

fn message(chat_id: ChatId, client_id: &str, content: &str) -> MsgSend {
    MsgSend {
        chat_id,
        client_id: client_id.to_owned(),
        r#type: MessageType::Text,
        content: content.to_owned(),
        reply_to: None,
        mentions: Vec::new(),
    }
}
