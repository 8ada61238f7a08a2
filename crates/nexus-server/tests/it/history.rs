//! Groups where those who join see what comes after, and slow mode.

use std::time::Duration;

use nexus_client::ClientState;
use nexus_protocol::{Chat, ChatId, ErrorCode, Message, SyncAnswer, SyncMode};
use serde_json::{Value, json};

use crate::fixture::{Person, TestApp, event_refusal, named, refusal, request, text};

/// Ann's group with Bob, in which something was said before Dan came, who sees nothing of it.
struct Late {
    app: TestApp,
    people: [Person; 3],
    chat: ChatId,
    old: Message,
}

async fn late() -> Late {
    let app = TestApp::start().await;
    let [ann, bob, dan] = app.people(["ann", "bob", "dan"]).await;
    let chat = ann.group("Walk", &[&bob]).await;
    let old = ann.say(chat, "treasure of old").await;
    let path = format!("/chats/{chat}");
    ann.api.patch(&path, json!({ "historyVisible": "sinceJoining" })).await.unwrap();
    ann.api.post(&format!("{path}/members"), json!({ "userIds": [dan.id] })).await.unwrap();
    Late { app, people: [ann, bob, dan], chat, old }
}

#[tokio::test]
async fn who_joined_late_finds_nothing_of_before_by_any_way() {
    let Late { app: _app, people: [ann, bob, dan], chat, old } = late().await;
    let own = dan.direct(&ann).await;
    ann.say(chat, "treasure of today").await;
    let seen = dan.chat(chat).await;
    assert_eq!((seen.me.history_from, seen.me.unread), (4, 1));
    assert_eq!(bob.chat(chat).await.me.history_from, 1);

    let m = format!("/messages/{}", old.id);
    for (method, path, body) in [
        ("GET", m.clone(), Value::Null),
        ("PATCH", m.clone(), json!({ "content": "mine" })),
        ("DELETE", format!("{m}?scope=all"), Value::Null),
        ("DELETE", format!("{m}?scope=me"), Value::Null),
        ("PUT", format!("{m}/reactions/%F0%9F%91%8D"), Value::Null),
        ("GET", format!("{m}/receipts"), Value::Null),
        ("GET", format!("{m}/history"), Value::Null),
        ("PUT", format!("{m}/pin"), Value::Null),
        ("PUT", format!("{m}/star"), Value::Null),
        ("POST", format!("{m}/forward"), json!({ "chatIds": [own] })),
    ] {
        let refused = request(&dan.api, method, &path, body).await;
        assert_eq!(refusal(refused), (404, "not_found".to_owned()), "{method} {path}");
    }
    let socket = dan.connect().await;
    let mut reply = text(chat, "quoting");
    reply.reply_to = Some(old.id);
    assert_eq!(event_refusal(socket.call("msg:send", reply).await), "not_found");
    let read = json!({ "chatId": chat, "messageId": old.id });
    assert_eq!(event_refusal(socket.call("msg:read", read).await), "not_found");

    let seqs = async |who: &Person, path: String| {
        let body = who.api.get(&path).await.unwrap().body;
        let seqs = body["messages"].as_array().unwrap().iter().map(|m| m["seq"].as_u64().unwrap());
        seqs.collect::<Vec<_>>()
    };
    for query in ["", "?before=99", "?around=1"] {
        assert_eq!(seqs(&dan, format!("/chats/{chat}/messages{query}")).await, [5, 4], "{query}");
    }
    assert_eq!(seqs(&dan, format!("/chats/{chat}/messages?before=4")).await, [0; 0]);
    assert_eq!(seqs(&dan, format!("/chats/{chat}/messages?after=0")).await, [4, 5]);
    crate::fixture::eventually("both are indexed", async || {
        (seqs(&bob, "/search/messages?q=treasure".to_owned()).await == [5, 2]).then_some(())
    })
    .await;
    assert_eq!(seqs(&dan, "/search/messages?q=treasure".to_owned()).await, [5]);
    let synced = socket.call("sync", json!({})).await.unwrap();
    let part =
        synced["chats"].as_array().unwrap().iter().find(|part| part["chat"]["id"] == json!(chat));
    let first = part.unwrap()["messages"][0]["seq"].clone();
    assert_eq!(first, 4);
}

#[tokio::test]
async fn who_joined_late_hears_nothing_of_before_and_one_sync_closes_the_gap() {
    let Late { app: _app, people: [ann, bob, dan], chat, old } = late().await;
    let (mut dans, mut bobs) = (dan.connect().await, bob.connect().await);
    let mut state = ClientState::new(dan.id);
    let sync = async |socket: &nexus_client::Client, state: &mut ClientState| {
        let answer = socket.call("sync", state.sync_request()).await.unwrap();
        let answer: SyncAnswer = serde_json::from_value(answer).unwrap();
        state.apply_sync(&answer);
        answer
    };
    sync(&dans, &mut state).await;
    let react = format!("/messages/{}/reactions/%F0%9F%91%8D", old.id);
    request(&bob.api, "PUT", &react, Value::Null).await.unwrap();
    let edit = json!({ "content": "treasure still" });
    ann.api.patch(&format!("/messages/{}", old.id), edit).await.unwrap();
    assert_eq!(named(&bob.heard(&mut bobs).await, "msg:updated").len(), 2);
    assert_eq!(dan.heard(&mut dans).await, []);

    // What is said about it comes without it.
    let mut about = text(chat, "remember?");
    about.reply_to = Some(old.id);
    ann.say_as(about).await;
    let preview = |heard: &[nexus_client::Event]| {
        named(heard, "msg:new")[0]["replyTo"]["preview"].as_str().unwrap().to_owned()
    };
    assert_eq!(preview(&bob.heard(&mut bobs).await), "treasure still");
    let heard = dan.heard(&mut dans).await;
    assert_eq!(preview(&heard), "");
    for event in &heard {
        state.apply_event(&event.name, &event.body);
    }
    assert!(state.needs_sync(), "two numbers are missing");
    assert_eq!(sync(&dans, &mut state).await.chats[0].mode, SyncMode::Delta);
    assert!(!state.needs_sync());
    let seqs: Vec<u64> = state.chat(chat).unwrap().messages.keys().copied().collect();
    assert_eq!(seqs, [4, 5]);
    let page = dan.api.messages(chat).await.unwrap();
    assert_eq!(page.last().unwrap().reply_to.as_ref().unwrap().preview, "");
}

#[tokio::test]
async fn who_comes_back_forgets_what_was_there_before() {
    let Late { app: _app, people: [ann, bob, _], chat, .. } = late().await;
    let socket = bob.connect().await;
    let known = bob.chat(chat).await.last_rev;
    bob.api.post(&format!("/chats/{chat}/leave"), json!({})).await.unwrap();
    ann.say(chat, "while away").await;
    let add = json!({ "userIds": [bob.id] });
    let path = format!("/chats/{chat}/members");
    let added: Chat =
        serde_json::from_value(ann.api.post(&path, add).await.unwrap().body["chat"].clone())
            .unwrap();
    let request = json!({ "chats": { chat.to_string(): known } });
    let synced: SyncAnswer =
        serde_json::from_value(socket.call("sync", request).await.unwrap()).unwrap();
    assert_eq!(synced.chats[0].mode, SyncMode::Snapshot);
    let seqs: Vec<u64> = synced.chats[0].messages.iter().map(|message| message.seq).collect();
    assert_eq!(seqs, [added.last_seq]);
    let request = json!({ "chats": { chat.to_string(): added.last_rev - 1 } });
    let synced = socket.call("sync", request).await.unwrap();
    assert_eq!(synced["chats"][0]["mode"], "snapshot");
    ann.say(chat, "welcome back").await;
    let request = json!({ "chats": { chat.to_string(): added.last_rev } });
    let synced = socket.call("sync", request).await.unwrap();
    assert_eq!(synced["chats"][0]["mode"], "delta");
}

#[tokio::test]
async fn slow_mode_lets_one_message_through_and_says_when_the_next_may_come() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.group("Crowd", &[&bob]).await;
    let path = format!("/chats/{chat}");
    for wrong in [1, 4, 3_601] {
        let refused = ann.api.patch(&path, json!({ "slowModeSecs": wrong })).await;
        assert_eq!(refusal(refused), (422, "validation".to_owned()));
    }
    assert_eq!(refusal(bob.api.patch(&path, json!({ "slowModeSecs": 0 })).await).0, 403);
    let set = ann.api.patch(&path, json!({ "slowModeSecs": 60 })).await.unwrap();
    assert_eq!(set.body["chat"]["slowModeSecs"], 60);

    let sockets = [bob.connect().await, bob.connect().await];
    let tries = (0..20).map(|n| {
        let message = text(chat, "me first");
        let socket = &sockets[n % 2];
        async move { (message.clone(), socket.call("msg:send", message).await) }
    });
    let answers = futures_util::future::join_all(tries).await;
    let (taken, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|(_, one)| one.is_ok());
    assert_eq!(taken.len(), 1, "exactly one");
    let why = refused[0].1.as_ref().unwrap_err().refused().unwrap().clone();
    assert_eq!((why.code, why.retryable), (ErrorCode::RateLimited, true));
    assert!(why.retry_after_ms.is_some_and(|after| (1..=60_500).contains(&after)), "{why:?}");

    // Its repeat is not another, and nobody else waits for it.
    let (message, first) = &taken[0];
    let again = sockets[0].call("msg:send", message).await.unwrap();
    assert_eq!(again["id"], first.as_ref().unwrap()["id"]);
    ann.say(chat, "an owner").await;
    ann.say(chat, "waits for nobody").await;
    let outbox = json!([text(chat, "flushed"), text(chat, "too")]);
    let flushed = sockets[0].call("msg:send", &outbox).await.unwrap();
    assert_eq!(flushed[0]["error"]["code"], "rate_limited", "{flushed}");
    let rest = json!({ "clientId": "r", "content": "r" });
    let refused = bob.api.post(&format!("{path}/messages"), rest).await;
    assert_eq!(refusal(refused), (429, "rate_limited".to_owned()));
    let source = ann.say(ann.direct(&bob).await, "pass it on").await;
    let forward = format!("/messages/{}/forward", source.id);
    let refused = bob.api.post(&forward, json!({ "chatIds": [chat] })).await;
    assert_eq!(refusal(refused), (429, "rate_limited".to_owned()));

    app.clock.advance(Duration::from_secs(61));
    let flushed = sockets[0].call("msg:send", &outbox).await.unwrap();
    assert_eq!(flushed[0]["status"], "queued", "{flushed}");
    assert_eq!(flushed[1]["error"]["code"], "rate_limited", "what follows stays in the outbox");
    crate::fixture::eventually("all is settled", async || {
        let stats = app.node.core.queue.stats().await.unwrap();
        assert_eq!(stats.dead, 0);
        (stats.depth == 0).then_some(())
    })
    .await;
    let page = bob.api.messages(chat).await.unwrap();
    let own = page.iter().filter(|message| message.sender_id == bob.id);
    assert_eq!(own.count(), 2);
}
