//! Who is writing.

use std::time::Duration;

use nexus_client::Client;
use serde_json::{Value, json};

use crate::fixture::{TestApp, named};

async fn typing(socket: &mut Client) -> (Value, Value, bool) {
    let update = socket.next("typing:update").await.unwrap();
    (update["userId"].clone(), update["kind"].clone(), update["typing"].as_bool().unwrap())
}

#[tokio::test]
async fn the_others_see_that_one_types_until_one_stops() {
    let app = TestApp::start().await;
    let [ann, bob, cid, eve] = app.people(["ann", "bob", "cid", "eve"]).await;
    let chat = ann.group("g", &[&bob, &cid]).await;
    let (mut anns, mut bobs) = (ann.connect().await, bob.connect().await);
    let (mut cids, mut eves) = (cid.connect().await, eve.connect().await);
    let body = json!({ "chatId": chat, "kind": "voice" });
    assert_eq!(anns.call("typing:start", body).await.unwrap(), json!({ "ok": true }));
    for socket in [&mut bobs, &mut cids] {
        assert_eq!(typing(socket).await, (json!(ann.id), json!("voice"), true));
    }
    anns.call("typing:stop", json!({ "chatId": chat })).await.unwrap();
    for socket in [&mut bobs, &mut cids] {
        assert_eq!(typing(socket).await, (json!(ann.id), json!("voice"), false));
    }
    // Stopping what has not begun tells nothing.
    anns.call("typing:stop", json!({ "chatId": chat })).await.unwrap();
    for (person, socket) in [(&ann, &mut anns), (&bob, &mut bobs), (&eve, &mut eves)] {
        assert_eq!(named(&person.heard(socket).await, "typing:update"), [Value::Null; 0]);
    }
    anns.call("typing:start", json!({ "chatId": chat })).await.unwrap();
    assert_eq!(typing(&mut bobs).await.1, "text", "unless it is said");
}

#[tokio::test]
async fn typing_ends_by_itself_after_six_seconds() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let (anns, mut bobs) = (ann.connect().await, bob.connect().await);
    anns.call("typing:start", json!({ "chatId": chat })).await.unwrap();
    assert!(typing(&mut bobs).await.2);
    app.clock.advance(Duration::from_secs(3));
    // Renewed: it lasts six more.
    anns.call("typing:start", json!({ "chatId": chat })).await.unwrap();
    assert!(typing(&mut bobs).await.2);
    app.clock.advance(Duration::from_secs(4));
    nexus_core::typing::expire(&app.node.core).await.unwrap();
    assert_eq!(named(&bob.heard(&mut bobs).await, "typing:update"), [Value::Null; 0]);
    app.clock.advance(Duration::from_secs(3));
    assert_eq!(typing(&mut bobs).await, (json!(ann.id), json!("text"), false));
}

#[tokio::test]
async fn who_goes_offline_types_no_more() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let (anns, mut bobs) = (ann.connect().await, bob.connect().await);
    anns.call("typing:start", json!({ "chatId": chat })).await.unwrap();
    assert!(typing(&mut bobs).await.2);
    anns.disconnect().await;
    assert!(!typing(&mut bobs).await.2);
}

#[tokio::test]
async fn nobody_is_shown_typing_in_a_group_of_more_than_a_hundred() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let mut crowd = app.crowd(99).await;
    crowd.insert(0, bob.id);
    let large = ann.api.create_group("101", crowd.clone()).await.unwrap().id;
    let fits = ann.api.create_group("100", crowd[..99].to_vec()).await.unwrap().id;
    let (anns, mut bobs) = (ann.connect().await, bob.connect().await);
    for chat in [large, fits] {
        anns.call("typing:start", json!({ "chatId": chat })).await.unwrap();
    }
    let heard = named(&bob.heard(&mut bobs).await, "typing:update");
    assert_eq!(heard.iter().map(|update| &update["chatId"]).collect::<Vec<_>>(), [&json!(fits)]);
}

#[tokio::test]
async fn in_the_background_no_typing_comes() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let (anns, mut bobs) = (ann.connect().await, bob.connect().await);
    let start = json!({ "chatId": chat });
    bobs.call("client:state", json!({ "foreground": false })).await.unwrap();
    anns.call("typing:start", &start).await.unwrap();
    assert_eq!(named(&bob.heard(&mut bobs).await, "typing:update"), [Value::Null; 0]);
    bobs.call("client:state", json!({ "foreground": true, "activeChatId": chat })).await.unwrap();
    anns.call("typing:start", &start).await.unwrap();
    assert!(typing(&mut bobs).await.2);
}
