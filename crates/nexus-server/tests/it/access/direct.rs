//! A direct chat with somebody who has blocked the other since: what is left of it to both.

use std::collections::BTreeSet;

use nexus_client::Client;
use nexus_protocol::ChatId;
use serde_json::{Value, json};

use super::rules::{DOCUMENTED, Outcome, documented_events};
use crate::fixture::{Person, TestApp, request};

use Outcome::{Forbidden, LetIn};

/// Method, route below the chat or the message, what comes of it, and a body.
fn routes(chat: ChatId, other: &Person) -> Vec<(&'static str, &'static str, Outcome, Value)> {
    let none = Value::Null;
    vec![
        ("get", "/chats/{id}", LetIn, none.clone()),
        ("get", "/chats/{id}/members", LetIn, none.clone()),
        ("get", "/chats/{id}/messages", LetIn, none.clone()),
        ("get", "/chats/{id}/pins", LetIn, none.clone()),
        ("get", "/chats/{id}/invites", Forbidden, none.clone()),
        ("post", "/chats/{id}/invites", Forbidden, json!({})),
        ("delete", "/chats/{id}/invites/{code}", Forbidden, none.clone()),
        ("get", "/chats/{id}/join-requests", Forbidden, none.clone()),
        ("post", "/chats/{id}/join-requests/{userId}/approve", Forbidden, none.clone()),
        ("post", "/chats/{id}/join-requests/{userId}/decline", Forbidden, none.clone()),
        ("patch", "/chats/{id}", Forbidden, json!({ "about": "x" })),
        ("delete", "/chats/{id}", Forbidden, none.clone()),
        ("post", "/chats/{id}/members", Forbidden, json!({ "userIds": [other.id] })),
        ("patch", "/chats/{id}/members/{userId}", Forbidden, json!({ "role": "admin" })),
        ("delete", "/chats/{id}/members/{userId}", Forbidden, none.clone()),
        ("post", "/chats/{id}/leave", Forbidden, none.clone()),
        ("patch", "/chats/{id}/me", LetIn, json!({ "pinned": true })),
        ("post", "/chats/{id}/read", LetIn, json!({ "seq": 2 })),
        ("post", "/chats/{id}/messages", Forbidden, json!({ "clientId": "x", "content": "x" })),
        ("get", "/messages/{id}", LetIn, none.clone()),
        ("patch", "/messages/{id}", Forbidden, json!({ "content": "x" })),
        ("put", "/messages/{id}/reactions/{emoji}", Forbidden, none.clone()),
        ("delete", "/messages/{id}/reactions/{emoji}", Forbidden, none.clone()),
        ("get", "/messages/{id}/receipts", LetIn, none.clone()),
        ("get", "/messages/{id}/history", LetIn, none.clone()),
        ("get", "/messages/{id}/ledger", LetIn, none.clone()),
        ("put", "/messages/{id}/pin", Forbidden, none.clone()),
        ("delete", "/messages/{id}/pin", Forbidden, none.clone()),
        ("put", "/messages/{id}/star", LetIn, none.clone()),
        ("delete", "/messages/{id}/star", LetIn, none.clone()),
        ("post", "/messages/{id}/forward", Forbidden, json!({ "chatIds": [chat] })),
        // It has not failed.
        ("post", "/messages/{id}/retry", LetIn, none.clone()),
        // What is one's own is taken back from whoever has it.
        ("delete", "/messages/{id}", LetIn, none),
    ]
}

const EVENTS: [(&str, Outcome); 9] = [
    ("msg:send", Forbidden),
    ("msg:edit", Forbidden),
    ("msg:react", Forbidden),
    ("msg:delivered", LetIn),
    ("msg:read", LetIn),
    ("typing:start", LetIn),
    ("typing:stop", LetIn),
    ("presence:subscribe", LetIn),
    ("msg:delete", LetIn),
];
/// These name nobody else and no chat.
const OF_ONESELF: [&str; 5] =
    ["sync", "sync:check", "auth:refresh", "client:state", "presence:set"];

fn outcome(code: Option<&str>) -> Outcome {
    match code {
        Some("not_found") => Outcome::NotThere,
        Some("forbidden") => Forbidden,
        _ => LetIn,
    }
}

async fn tell(socket: &Client, event: &str, body: &Value) -> (Outcome, String) {
    match socket.call(event, body).await {
        Ok(answer) => (LetIn, answer.to_string()),
        Err(err) => {
            (outcome(Some(err.refused().expect("an answer").code.as_str())), err.to_string())
        }
    }
}

#[tokio::test]
async fn s7_a_block_leaves_a_direct_chat_to_be_read() {
    let app = TestApp::start().await;
    let [blocker, blocked] = app.people(["blocker", "blocked"]).await;
    let chat = blocker.direct(&blocked).await;
    let mut own = Vec::new();
    for person in [&blocker, &blocked] {
        own.push([person.say(chat, "by REST").await.id, person.say(chat, "by event").await.id]);
    }
    blocker.api.put(&format!("/blocks/{}", blocked.id), json!({})).await.unwrap();
    let mut sockets = [blocker.connect().await, blocked.connect().await];
    let mut cases = 0;
    for (number, person) in [&blocker, &blocked].into_iter().enumerate() {
        let other = [&blocked, &blocker][number];
        let mut left: BTreeSet<(String, String)> = DOCUMENTED.iter().cloned().collect();
        left.retain(|(_, path)| path.starts_with("/chats/{") || path.starts_with("/messages/{"));
        for (method, route, expected, body) in routes(chat, other) {
            assert!(left.remove(&(method.to_owned(), route.to_owned())), "{method} {route}");
            let id = match route.starts_with("/chats") {
                true => chat.to_string(),
                false => own[number][0].to_string(),
            };
            let path = route.replace("{id}", &id).replace("{userId}", &other.id.to_string());
            let path = path.replace("{emoji}", "%F0%9F%91%8D").replace("{code}", "AAAAAAAAAAAA");
            let answer = request(&person.api, &method.to_uppercase(), &path, body).await;
            let (code, text) = match &answer {
                Ok(answer) => (None, answer.body.to_string()),
                Err(err) => (err.problem().map(|problem| problem.code.as_str()), err.to_string()),
            };
            assert_eq!(outcome(code), expected, "{number}: {method} {route}: {text}");
            cases += 1;
        }
        assert_eq!(left, BTreeSet::new(), "say in `routes` what is left of these");

        let id = own[number][1];
        let body = json!({
            "msg:send": { "chatId": chat, "clientId": "e", "type": "text", "content": "x" },
            "msg:edit": { "id": id, "content": "x" },
            "msg:react": { "id": id, "emoji": "👍", "on": true },
            "msg:delivered": { "chatId": chat, "seq": 2 },
            "msg:read": { "chatId": chat, "seq": 2 },
            "typing:start": { "chatId": chat, "kind": "text" },
            "typing:stop": { "chatId": chat },
            "presence:subscribe": { "userIds": [other.id] },
            "msg:delete": { "id": id, "scope": "me" },
        });
        let mut left = documented_events("receive");
        left.retain(|event| !OF_ONESELF.contains(&event.as_str()));
        for (event, expected) in EVENTS {
            left.retain(|known| known != event);
            let (found, text) = tell(&sockets[number], event, &body[event]).await;
            assert_eq!(found, expected, "{number}: {event}: {text}");
            // The other is connected.
            assert!(event != "presence:subscribe" || text.contains("offline"), "{number}: {text}");
            cases += 1;
        }
        assert_eq!(left, [""; 0], "say in `EVENTS` what is left of these");
    }
    // Of all that, each has heard that the other took back an own message, and no more.
    for (person, socket) in [&blocker, &blocked].into_iter().zip(&mut sockets) {
        for event in person.heard(socket).await {
            let untold = ["typing:update", "presence:update", "status:read", "status:delivered"];
            assert!(!untold.contains(&event.name.as_str()), "{event:?}");
            assert_ne!(event.name, "msg:new", "{event:?}");
        }
    }
    println!("{cases} cases in a direct chat");
    app.stop().await;
}
