//! Death while what has disappeared is taken out of the store.

use std::{os::unix::process::ExitStatusExt, time::Duration};

use nexus_client::{Api, Launch, Server};
use nexus_protocol::{Message, MessageType, MsgSend};
use serde_json::json;

use crate::nexus;

const COUNT: u64 = 40;
/// Long enough to send them all.
const LIFE: Duration = Duration::from_secs(15);
const SIGABRT: i32 = 6;
const PATIENCE: Duration = Duration::from_secs(120);
/// On the way of the ops that do it.
const POINTS: [&str; 5] = [
    "queue.pushed",
    "worker.before_commit",
    "commit.written",
    "worker.committed",
    "queue.before_ack",
];

/// A short life, of which a test can see the end.
const ENVIRONMENT: [(&str, &str); 3] = [
    ("NEXUS__RETENTION__DISAPPEAR_MIN_SECS", "1"),
    ("NEXUS__LIMITS__ENABLED", "false"),
    ("NEXUS__AUTH__BCRYPT_COST", "4"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dead_while_it_sweeps_it_sweeps_each_message_once() {
    let data = tempfile::tempdir().unwrap();
    let mut server =
        Server::start(Launch::new(nexus().as_ref(), data.path(), &ENVIRONMENT)).await.unwrap();
    let signed_in = Api::new(&server.url()).signup("ann", "correct horse battery").await.unwrap();
    let api = Api::new(&server.url()).with_token(&signed_in.access_token.unwrap());
    let chat = api.create_group("us", Vec::new()).await.unwrap().id;
    let path = format!("/chats/{chat}");
    api.patch(&path, json!({ "disappearAfterSecs": LIFE.as_secs() })).await.unwrap();
    let sending = (0..COUNT).map(|n| {
        api.send(MsgSend {
            chat_id: chat,
            client_id: n.to_string(),
            r#type: MessageType::Text,
            content: format!("treasure {n}"),
            reply_to: None,
            mentions: Vec::new(),
        })
    });
    for sent in futures_util::future::join_all(sending).await {
        sent.unwrap();
    }
    let before = loop {
        let chat = api.chat(chat).await.unwrap();
        if chat.last_seq == COUNT + 2 {
            break chat;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    server.kill().await.unwrap();
    tokio::time::sleep(LIFE).await;

    for (n, point) in POINTS.into_iter().enumerate() {
        // A part of them is done each time.
        let failpoints = format!("{point}=return");
        let few = [("FAILPOINTS", failpoints.as_str()), ("NEXUS__QUEUE__BATCH", "3")];
        server.spawn_again(&few).unwrap();
        let ended = server.ended(PATIENCE).await;
        let status = ended.unwrap_or_else(|_| panic!("never came to {point}, round {n}"));
        assert_eq!(status.signal(), Some(SIGABRT), "{point}: {status}");
    }
    server.spawn_again(&[("FAILPOINTS", "")]).unwrap();
    server.ready().await.unwrap();
    let swept = before.last_rev + COUNT;
    let waiting = async {
        while api.chat(chat).await.unwrap().last_rev < swept {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.expect("all is swept");
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(api.chat(chat).await.unwrap().last_rev, swept, "each once");
    let mut page: Vec<Message> = api.messages(chat).await.unwrap();
    page.sort_unstable_by_key(|message| message.rev);
    let revs: Vec<u64> = page.iter().map(|message| message.rev).collect();
    let system = [1, 2];
    let stones = before.last_rev + 1..=swept;
    assert_eq!(revs, system.into_iter().chain(stones).collect::<Vec<_>>());
    assert!(
        page[2..].iter().all(|message| message.content.is_empty() && message.deleted_at.is_some())
    );
}
