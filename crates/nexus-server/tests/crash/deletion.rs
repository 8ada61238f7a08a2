//! A server that dies while it deletes an account: it goes on when it is back, and nothing is half
//! done or done twice.

use std::{
    os::unix::process::ExitStatusExt,
    time::{Duration, Instant},
};

use nexus_client::{Api, Launch, Server};
use nexus_core::ports::{ChatStore as _, MessageStore as _, Page, UserStore as _};
use nexus_protocol::{ChatId, MessageType, MsgSend, UserId};
use nexus_store_sqlite::{Database, SqliteStore};
use serde_json::json;

use crate::nexus;

const PATIENCE: Duration = Duration::from_secs(120);
const PASSWORD: &str = "a long enough password";
/// In the order in which a deletion passes them.
const POINTS: [&str; 4] =
    ["deletion.begun", "deletion.left", "deletion.removed", "deletion.erased"];
const SIGABRT: i32 = 6;

async fn until(what: &str, mut there: impl AsyncFnMut() -> bool) {
    let since = Instant::now();
    while !there().await {
        assert!(since.elapsed() < PATIENCE, "not in time: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn say(api: &Api, chat_id: ChatId, client_id: &str) {
    let message = MsgSend {
        chat_id,
        client_id: client_id.to_owned(),
        r#type: MessageType::Text,
        content: "what Ann wrote".to_owned(),
        reply_to: None,
        mentions: Vec::new(),
    };
    let id = api.send(message).await.unwrap().id;
    until("the message is committed", async || api.message(id).await.is_ok()).await;
}

/// What others see of the chat: texts, and how many have left it.
async fn seen(store: &SqliteStore, chat: ChatId, by: UserId) -> (Vec<String>, usize) {
    let page = store.page(chat, by, Page::After(0), 100).await.unwrap();
    let left = |text: &str| text.contains("memberLeft") || text.contains("member_left");
    let (mut texts, mut leaves) = (Vec::new(), 0);
    for stored in page {
        match &stored.message.system {
            Some(event) => leaves += usize::from(left(&json!(event).to_string())),
            None => texts.push(stored.message.content),
        }
    }
    (texts, leaves)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dead_at_every_step_of_a_deletion_it_ends_what_it_began_once() {
    let data = tempfile::tempdir().unwrap();
    let environment = [
        ("NEXUS__AUTH__BCRYPT_COST", "4"),
        ("NEXUS__ACCOUNTS__DELETION_GRACE_DAYS", "0"),
        ("NEXUS__JOBS__LEASE_SECS", "3"),
        ("FAILPOINTS", "deletion.begun=return"),
    ];
    let launch = Launch::new(nexus().as_ref(), data.path(), &environment);
    let mut server = Server::start(launch).await.unwrap();
    let api = Api::new(&server.url());
    let ann = api.signup("ann", PASSWORD).await.unwrap();
    let bob = api.signup("bob", PASSWORD).await.unwrap();
    let (ann_id, bob_id) = (ann.user.id, bob.user.id);
    let api = api.with_token(&ann.access_token.unwrap());
    let direct = api.create_direct(bob_id).await.unwrap().id;
    let group = api.create_group("ours", vec![bob_id]).await.unwrap().id;
    for n in 0..3 {
        say(&api, direct, &format!("d{n}")).await;
        say(&api, group, &format!("g{n}")).await;
    }
    let body = json!({ "password": PASSWORD, "messages": "remove" }).to_string();
    // It may die before it answers.
    let _ = api.request(http::Method::DELETE, "/users/me", Some(body.into())).await;
    for (n, point) in POINTS.iter().enumerate() {
        let status = server.ended(PATIENCE).await;
        let status = status.unwrap_or_else(|_| panic!("never came to {point}"));
        assert_eq!(status.signal(), Some(SIGABRT), "{point}: {status}");
        let next = POINTS.get(n + 1).map_or_else(String::new, |next| format!("{next}=return"));
        server.spawn_again(&[("FAILPOINTS", &next)]).unwrap();
    }
    server.ready().await.unwrap();
    let store = Database::open(data.path().join("nexus.db"), Default::default()).unwrap().store();
    until("nothing of Ann is left", async || {
        let ann = store.user(ann_id).await.unwrap().unwrap();
        let gone = ann.is_gone() && ann.email.ends_with("@deleted.invalid");
        let (texts, _) = seen(&store, direct, bob_id).await;
        let (others, leaves) = seen(&store, group, bob_id).await;
        gone && leaves == 1 && texts.iter().chain(&others).all(String::is_empty)
    })
    .await;
    assert_eq!(seen(&store, direct, bob_id).await.0.len(), 3, "a removed message keeps its place");
    assert_eq!(store.roles(group).await.unwrap(), [(bob_id, nexus_protocol::Role::Owner)]);
    let log = store.changed_since(direct, bob_id, 0, 100).await.unwrap();
    assert_eq!(log.last().unwrap().message.rev, 6, "each was removed once");
}
