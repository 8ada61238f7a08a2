//! Of whom one wants to hear nothing.

use std::time::Duration;

use nexus_core::ops::{NewMessage, Op, OpKind};
use nexus_protocol::{Blocks, ChatId, OpId, UserId};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::{Person, TestApp, event_refusal, eventually, named, refusal, text};

async fn block(person: &Person, other: &Person) {
    person.api.put(&format!("/blocks/{}", other.id), json!({})).await.unwrap();
}

async fn unblock(person: &Person, other: &Person) {
    person.api.delete(&format!("/blocks/{}", other.id)).await.unwrap();
}

async fn profile(viewer: &Person, of: &Person) -> Value {
    viewer.get::<Value>(&format!("/users/{}", of.id)).await["user"].clone()
}

#[tokio::test]
async fn whom_one_blocks_is_listed_and_known_on_the_other_device() {
    let app = TestApp::start().await;
    let [ann, bob, cid] = app.people(["ann", "bob", "cid"]).await;
    let mut other = app.login("ann").await.connect().await;
    let mut bobs = bob.connect().await;
    block(&ann, &bob).await;
    block(&ann, &bob).await;
    block(&ann, &cid).await;
    let heard = other.next("me:updated").await.unwrap();
    assert_eq!(heard["kind"], "blocks");
    assert_eq!(heard["data"], json!({ "userId": bob.id, "blocked": true }));
    let blocks: Blocks = ann.get("/blocks?limit=1").await;
    assert_eq!(blocks.users.len(), 1);
    let cursor = blocks.next_cursor.unwrap();
    let rest: Blocks = ann.get(&format!("/blocks?cursor={cursor}")).await;
    assert_eq!((rest.users.len(), rest.next_cursor), (1, None));
    assert!(blocks.users[0].is_blocked && profile(&ann, &bob).await["isBlocked"] == true);
    unblock(&ann, &bob).await;
    unblock(&ann, &bob).await;
    assert_eq!(ann.get::<Blocks>("/blocks").await.users.len(), 1);
    assert_eq!(named(&bob.heard(&mut bobs).await, "me:updated"), [Value::Null; 0], "untold");
    let myself = ann.api.put(&format!("/blocks/{}", ann.id), json!({})).await;
    assert_eq!(refusal(myself).1, "validation");
    let nobody = ann.api.put(&format!("/blocks/{}", Uuid::nil()), json!({})).await;
    assert_eq!(refusal(nobody).1, "not_found");
}

#[tokio::test]
async fn between_two_of_whom_one_blocks_the_other_nothing_is_said_in_their_chat() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let (hers, his) = (ann.say(chat, "hello").await, bob.say(chat, "hi").await);
    let repeated = text(chat, "sent before");
    let sent = bob.say_as(repeated.clone()).await;
    block(&ann, &bob).await;
    for (person, own) in [(&ann, &hers), (&bob, &his)] {
        let socket = person.connect().await;
        let refused = socket.call("msg:send", text(chat, "one more")).await;
        assert_eq!(event_refusal(refused), "forbidden");
        let edit = json!({ "id": own.id, "content": "other" });
        assert_eq!(event_refusal(socket.call("msg:edit", edit).await), "forbidden");
        let react = json!({ "id": hers.id, "emoji": "👍", "on": true });
        assert_eq!(event_refusal(socket.call("msg:react", react).await), "forbidden");
        let path = format!("/chats/{chat}/messages");
        let body = json!({ "clientId": "rest", "content": "by REST" });
        assert_eq!(refusal(person.api.post(&path, body).await), (403, "forbidden".to_owned()));
        let path = format!("/messages/{}/forward", own.id);
        let forward = person.api.post(&path, json!({ "chatIds": [chat] })).await;
        assert_eq!(refusal(forward).0, 403);
        let path = format!("/messages/{}/pin", own.id);
        assert_eq!(refusal(person.api.put(&path, json!({})).await).0, 403);
    }
    let again = bob.api.send(repeated).await.unwrap();
    assert_eq!((again.id, again.seq), (sent.id, Some(sent.seq)), "what was sent stays sent");
    bob.api.delete(&format!("/messages/{}?scope=all", his.id)).await.unwrap();
    assert_eq!(bob.direct(&ann).await, chat, "the chat is there, to be read");
    assert_eq!(ann.chat(chat).await.last_seq, 3);
    unblock(&ann, &bob).await;
    bob.say(chat, "back").await;
}

#[tokio::test]
async fn a_block_overtakes_a_message_that_waits_in_the_queue() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let group = bob.group("both", &[&ann]).await;
    let mut bobs = bob.connect().await;
    block(&ann, &bob).await;
    let core = &app.node.core;
    let long_ago = core.clock.now().minus(Duration::from_secs(5));
    let op = |chat: ChatId, actor: UserId, client_id: &str| Op {
        id: OpId(core.ids.uuid()),
        chat,
        actor,
        queued_at: long_ago,
        awaited: false,
        kind: OpKind::Send(NewMessage {
            client_id: client_id.to_owned(),
            content: "queued before".to_owned(),
            reply_to: None,
            forwarded: false,
            mentions: Vec::new(),
        }),
    };
    core.queue.push_one(op(chat, bob.id, "late")).await.unwrap();
    let failed = bobs.next("msg:failed").await.unwrap();
    assert_eq!(
        (&failed["clientId"], &failed["error"]["code"]),
        (&json!("late"), &json!("forbidden"))
    );
    assert_eq!(ann.chat(chat).await.last_seq, 0);
    core.queue.push_one(op(group, bob.id, "in a group")).await.unwrap();
    assert_eq!(bobs.next("msg:new").await.unwrap()["clientId"], "in a group");
}

#[tokio::test]
async fn a_block_overtakes_whatever_else_waits_in_the_queue_but_taking_back() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let message = bob.say(chat, "hello").await.id;
    let core = &app.node.core;
    let long_ago = core.clock.now().minus(Duration::from_secs(5));
    let op = |kind: OpKind| Op {
        id: OpId(core.ids.uuid()),
        chat,
        actor: bob.id,
        queued_at: long_ago,
        awaited: false,
        kind,
    };
    let edit = |content: &str| op(OpKind::Edit { message, content: content.to_owned() });
    let before = edit("edited");
    core.queue.push_one(before.clone()).await.unwrap();
    let mut bobs = bob.connect().await;
    eventually("it is edited", async || {
        (bob.committed(message).await.content == "edited").then_some(())
    })
    .await;
    block(&ann, &bob).await;
    bob.heard(&mut bobs).await;
    for waiting in [
        edit("edited late"),
        op(OpKind::React { message, emoji: "👍".to_owned(), on: true }),
        op(OpKind::Pin { message, on: true }),
        op(OpKind::SetDisappearAfter { secs: Some(3_600) }),
    ] {
        let kind = format!("{:?}", waiting.kind);
        core.queue.push_one(waiting).await.unwrap();
        let failed = bobs.next("msg:failed").await.unwrap();
        assert_eq!(failed["error"]["code"], "forbidden", "{kind}");
    }
    let now = ann.committed(message).await;
    assert_eq!((now.content.as_str(), now.reactions.len(), now.pinned_at), ("edited", 0, None));
    assert_eq!(ann.chat(chat).await.disappear_after_secs, None);
    // What was committed before the block is done, however often it is tried.
    core.queue.push_one(before).await.unwrap();
    core.queue.push_one(op(OpKind::Delete { message })).await.unwrap();
    let updated = async || ann.committed(message).await.deleted_at;
    eventually("it is taken back", updated).await;
    assert_eq!(named(&bob.heard(&mut bobs).await, "msg:failed"), [Value::Null; 0]);
}

#[tokio::test]
async fn who_is_blocked_is_not_told_that_the_other_has_changed() {
    let app = TestApp::start().await;
    let [ann, bob, cid] = app.people(["ann", "bob", "cid"]).await;
    for other in [&bob, &cid] {
        ann.direct(other).await;
    }
    block(&ann, &bob).await;
    let change = async |person: &Person, about: &str| {
        person.api.patch("/users/me", json!({ "about": about })).await.unwrap();
    };
    let (mut anns, mut bobs, mut cids) =
        (ann.connect().await, bob.connect().await, cid.connect().await);
    let told = json!({ "userId": ann.id });
    change(&ann, "busy").await;
    assert_eq!(cids.next("user:updated").await.unwrap(), told);
    change(&bob, "free").await;
    // In a group both are heard.
    cid.group("g", &[&ann, &bob]).await;
    for socket in [&mut anns, &mut bobs] {
        loop {
            let event = socket.next_any().await.unwrap();
            assert_ne!(event.name, "user:updated", "{}", event.body);
            if event.name == "chat:new" {
                break;
            }
        }
    }
    change(&ann, "back").await;
    assert_eq!(bobs.next("user:updated").await.unwrap(), told);
}

#[tokio::test]
async fn in_a_group_that_both_are_in_both_are_heard() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.group("g", &[&bob]).await;
    block(&ann, &bob).await;
    let (mut anns, bobs) = (ann.connect().await, bob.connect().await);
    let message = bob.say(chat, "for all").await;
    assert_eq!(anns.next("msg:new").await.unwrap()["id"], json!(message.id));
    bobs.call("typing:start", json!({ "chatId": chat })).await.unwrap();
    assert_eq!(anns.next("typing:update").await.unwrap()["userId"], json!(bob.id));
    anns.call("msg:read", json!({ "chatId": chat, "seq": message.seq })).await.unwrap();
    bob.sees_receipt(chat, ann.id, message.seq, message.seq).await;
}

#[tokio::test]
async fn who_is_blocked_sees_neither_presence_nor_typing_nor_receipts() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let message = bob.say(chat, "hello").await;
    let (mut anns, mut bobs) = (ann.connect().await, bob.connect().await);
    for (socket, other) in [(&anns, &bob), (&bobs, &ann)] {
        let ids = json!({ "userIds": [other.id] });
        let seen = socket.call("presence:subscribe", ids).await.unwrap();
        assert_eq!(seen[0]["status"], "online");
    }
    block(&ann, &bob).await;
    for (socket, other) in [(&mut anns, &bob), (&mut bobs, &ann)] {
        let gone = socket.next("presence:update").await.unwrap();
        let offline = json!({ "userId": other.id, "status": "offline", "lastSeenAt": null });
        assert_eq!(gone, offline, "at once");
    }
    let second = ann.connect().await;
    second.call("presence:set", json!({ "status": "away" })).await.unwrap();
    anns.call("presence:set", json!({ "status": "away" })).await.unwrap();
    anns.call("typing:start", json!({ "chatId": chat })).await.unwrap();
    anns.call("msg:read", json!({ "chatId": chat, "seq": message.seq })).await.unwrap();
    let heard = bob.heard(&mut bobs).await;
    for name in ["presence:update", "typing:update", "status:read", "status:delivered"] {
        assert_eq!(named(&heard, name), [Value::Null; 0], "{name}");
    }
    let seen: Value = bob.get(&format!("/messages/{}/receipts", message.id)).await;
    assert!(!seen.to_string().contains(&ann.id.to_string()), "{seen}");
    let receipts = bob.chat(chat).await.receipts;
    assert!(receipts.iter().all(|receipt| receipt.user_id == bob.id), "{receipts:?}");
    assert_eq!(ann.chat(chat).await.me.unread, 0, "one's own state goes on");
    unblock(&ann, &bob).await;
    assert_eq!(bobs.next("presence:update").await.unwrap()["status"], "away");
}

#[tokio::test]
async fn who_is_blocked_neither_finds_the_other_nor_sees_what_they_say_of_themselves() {
    let app = TestApp::start().await;
    let [ann, bob, cid] = app.people(["ann", "bob", "cid"]).await;
    ann.api.patch("/users/me", json!({ "about": "busy" })).await.unwrap();
    ann.connect().await.disconnect().await;
    block(&ann, &bob).await;
    let seen = profile(&bob, &ann).await;
    assert_eq!((&seen["about"], &seen["lastSeenAt"]), (&json!(""), &Value::Null));
    assert_eq!(seen["isBlocked"], false, "who is blocked is not told");
    assert_eq!(profile(&cid, &ann).await["about"], "busy");
    let find = async |person: &Person| {
        person.get::<Value>("/users?query=ann").await["users"].as_array().unwrap().len()
    };
    assert_eq!((find(&bob).await, find(&cid).await), (0, 1));
    let contact = bob.api.post("/contacts", json!({ "username": "ann" })).await;
    assert_eq!(refusal(contact).1, "not_found");
    for (person, other) in [(&ann, &bob), (&bob, &ann)] {
        let direct = person.api.create_direct(other.id).await;
        assert_eq!(refusal(direct), (403, "forbidden".to_owned()));
        let group = person.api.create_group("g", vec![other.id]).await;
        assert_eq!(refusal(group), (403, "forbidden".to_owned()));
        let group = person.group("mine", &[&cid]).await;
        let path = format!("/chats/{group}/members");
        let added = person.api.post(&path, json!({ "userIds": [other.id] })).await;
        assert_eq!(refusal(added), (403, "forbidden".to_owned()));
    }
}
