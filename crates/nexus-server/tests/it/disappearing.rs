//! Messages that disappear, from outside: when, for whom, and what is left.

use std::time::Duration;

use nexus_protocol::{Chat, ChatId, Message, Messages, SyncAnswer};
use serde_json::{Value, json};

use crate::fixture::{Person, TestApp, event_refusal, eventually, named, refusal, request, text};

const HOUR: Duration = Duration::from_secs(3_600);

async fn rule(person: &Person, chat: ChatId, secs: Value) -> Chat {
    let path = format!("/chats/{chat}");
    let set = person.api.patch(&path, json!({ "disappearAfterSecs": secs })).await.unwrap();
    serde_json::from_value(set.body["chat"].clone()).unwrap()
}

/// Where nobody has to sign in again while hours pass.
async fn start() -> TestApp {
    TestApp::with(|config| config.auth.access_ttl_secs = 86_400).await
}

fn is_stone(message: &Message) {
    assert_eq!(message.content, "", "{message:?}");
    assert_eq!(message.deleted_at, message.expires_at, "{message:?}");
    assert!(message.reply_to.is_none() && message.reactions.is_empty(), "{message:?}");
}

#[tokio::test]
async fn who_may_edit_the_info_of_a_group_says_how_long_messages_last() {
    let app = start().await;
    let [ann, bob, eve] = app.people(["ann", "bob", "eve"]).await;
    let chat = ann.group("us", &[&bob]).await;
    let path = format!("/chats/{chat}");
    let wish = |secs: Value| json!({ "disappearAfterSecs": secs });
    for wrong in [0, 3_599, 7_776_001] {
        let refused = ann.api.patch(&path, wish(json!(wrong))).await;
        assert_eq!(refusal(refused), (422, "validation".to_owned()), "{wrong}");
    }
    assert_eq!(refusal(ann.api.patch(&path, wish(json!(-1))).await).0, 400);
    let hour = || wish(json!(3_600));
    assert_eq!(refusal(bob.api.patch(&path, hour()).await), (403, "forbidden".to_owned()));
    assert_eq!(refusal(eve.api.patch(&path, hour()).await), (404, "not_found".to_owned()));
    let mut socket = bob.connect().await;
    assert_eq!(rule(&ann, chat, json!(3_600)).await.disappear_after_secs, Some(3_600));
    let heard = bob.heard(&mut socket).await;
    let told = json!({ "kind": "disappear_after_changed", "disappearAfterSecs": 3_600 });
    assert_eq!(named(&heard, "msg:new")[0]["system"], told);
    assert_eq!(named(&heard, "msg:new")[0]["expiresAt"], Value::Null);
    assert_eq!(named(&heard, "chat:updated")[0]["disappearAfterSecs"], 3_600);
    let message = bob.say(chat, "soon gone").await;
    let lasts = message.expires_at.unwrap().since(message.created_at);
    assert!(lasts >= HOUR && lasts < HOUR + Duration::from_secs(20), "{lasts:?}");
    ann.api.patch(&path, json!({ "title": "others" })).await.unwrap();
    assert_eq!(bob.chat(chat).await.disappear_after_secs, Some(3_600), "it stays as it is");
    assert_eq!(rule(&ann, chat, Value::Null).await.disappear_after_secs, None);
    assert_eq!(bob.say(chat, "for ever").await.expires_at, None);
    app.stop().await;
}

#[tokio::test]
async fn in_a_direct_chat_both_say_it_but_not_to_one_who_blocks_them() {
    let app = start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    assert_eq!(rule(&bob, chat, json!(86_400)).await.disappear_after_secs, Some(86_400));
    assert_eq!(rule(&ann, chat, json!(7_200)).await.disappear_after_secs, Some(7_200));
    assert!(ann.say(chat, "hello").await.expires_at.is_some());
    request(&ann.api, "PUT", &format!("/blocks/{}", bob.id), Value::Null).await.unwrap();
    let path = format!("/chats/{chat}");
    let refused = bob.api.patch(&path, json!({ "disappearAfterSecs": null })).await;
    assert_eq!(refusal(refused), (403, "forbidden".to_owned()));
    app.stop().await;
}

#[tokio::test]
async fn what_has_disappeared_is_served_nowhere_from_the_instant_on() {
    let app = start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.group("us", &[&bob]).await;
    let other = bob.direct(&ann).await;
    rule(&ann, chat, json!(3_600)).await;
    let sent = ann.say(chat, "treasure").await;
    ann.api
        .patch(&format!("/messages/{}", sent.id), json!({ "content": "treasures" }))
        .await
        .unwrap();
    let put = async |path: String| request(&bob.api, "PUT", &path, Value::Null).await.unwrap();
    put(format!("/messages/{}/star", sent.id)).await;
    put(format!("/messages/{}/reactions/%F0%9F%91%8D", sent.id)).await;
    rule(&ann, chat, Value::Null).await;
    let mut reply = text(chat, "an answer that stays");
    reply.reply_to = Some(sent.id);
    let reply = bob.say_as(reply).await;
    assert_eq!(reply.reply_to.as_ref().unwrap().preview, "treasures");
    assert_eq!(reply.reply_to.unwrap().expires_at, sent.expires_at);
    let search = "/search/messages?q=treasures".to_owned();
    eventually("it is found", async || {
        let found: Messages = bob.get(&search).await;
        (found.messages.len() == 1).then_some(())
    })
    .await;
    assert_eq!(bob.chat(chat).await.me.unread, 1);

    app.clock.advance(HOUR + Duration::from_secs(1));
    let path = format!("/messages/{}", sent.id);
    is_stone(&bob.api.message(sent.id).await.unwrap());
    let everything = [
        format!("/chats/{chat}/messages"),
        format!("/chats/{chat}/messages?around=3"),
        "/chats".to_owned(),
        "/starred".to_owned(),
        search,
        format!("{path}/history"),
        format!("/messages/{}", reply.id),
    ];
    for address in everything {
        let seen = bob.api.get(&address).await.unwrap().body.to_string();
        assert!(!seen.contains("treasure"), "{address}: {seen}");
    }
    let socket = bob.connect().await;
    let answer: Value = socket.call("sync", json!({})).await.unwrap();
    assert!(!answer.to_string().contains("treasure"), "{answer}");
    assert_eq!(bob.chat(chat).await.me.unread, 0);
    for gone in [format!("{path}/receipts"), format!("{path}/ledger")] {
        assert_eq!(refusal(ann.api.get(&gone).await), (410, "gone".to_owned()), "{gone}");
    }
    let forward = bob.api.post(&format!("{path}/forward"), json!({ "chatIds": [other] })).await;
    assert_eq!(refusal(forward), (410, "gone".to_owned()));
    let edit = json!({ "id": sent.id, "content": "again" });
    let edited = ann.connect().await.call("msg:edit", edit).await;
    assert_eq!(event_refusal(edited), "gone");
    let quoted = json!({ "clientId": "q", "content": "what?", "replyTo": sent.id });
    let quoted = bob.api.post(&format!("/chats/{chat}/messages"), quoted).await;
    assert_eq!(refusal(quoted), (422, "validation".to_owned()));
    app.stop().await;
}

#[tokio::test]
async fn the_server_tells_of_each_once_and_leaves_no_hole() {
    let app = start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.group("us", &[&bob]).await;
    rule(&ann, chat, json!(3_600)).await;
    for n in 0..5 {
        ann.say(chat, &format!("message {n}")).await;
    }
    let before = bob.chat(chat).await;
    let mut socket = bob.connect().await;
    bob.heard(&mut socket).await;
    app.clock.advance(HOUR + Duration::from_secs(60));
    let swept = before.last_rev + 5;
    eventually("all are swept", async || (bob.chat(chat).await.last_rev == swept).then_some(()))
        .await;
    let told = named(&bob.heard(&mut socket).await, "msg:updated");
    let mut revs: Vec<u64> = told.iter().map(|body| body["rev"].as_u64().unwrap()).collect();
    revs.dedup();
    assert_eq!(revs, (before.last_rev + 1..=swept).collect::<Vec<_>>());
    for body in told {
        is_stone(&serde_json::from_value(body).unwrap());
    }
    let page = bob.api.messages(chat).await.unwrap();
    let mut seqs: Vec<u64> = page.iter().map(|message| message.seq).collect();
    seqs.sort_unstable();
    assert_eq!(seqs, (1..=before.last_seq).collect::<Vec<_>>());
    let known = json!({ "chats": { chat.to_string(): before.last_rev } });
    let answer = bob.connect().await.call("sync", known).await.unwrap();
    let answer: SyncAnswer = serde_json::from_value(answer).unwrap();
    let part = answer.chats.iter().find(|part| part.chat.id == chat).unwrap();
    assert_eq!((part.messages.len(), part.to_rev, part.chat.me.unread), (5, swept, 0));
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(bob.chat(chat).await.last_rev, swept, "and no more");
    app.stop().await;
}

#[tokio::test]
async fn two_nodes_that_sweep_do_it_once() {
    let app = TestApp::of_fleet(|config| config.auth.access_ttl_secs = 86_400).await;
    let beside = app.beside().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.group("us", &[&bob]).await;
    rule(&ann, chat, json!(3_600)).await;
    for n in 0..30 {
        ann.say(chat, &format!("message {n}")).await;
    }
    let before = bob.chat(chat).await;
    app.clock.advance(HOUR + Duration::from_secs(60));
    eventually("all are swept", async || {
        let chat = bob.chat(chat).await;
        (chat.last_rev >= before.last_rev + 30).then_some(())
    })
    .await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(bob.chat(chat).await.last_rev, before.last_rev + 30);
    beside.stop().await;
    app.stop().await;
}
