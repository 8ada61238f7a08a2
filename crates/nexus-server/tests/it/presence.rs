//! Who is there.

use std::time::Duration;

use nexus_client::Client;
use nexus_protocol::event::PresenceUpdate;
use serde_json::{Value, json};

use crate::fixture::{Person, TestApp, event_refusal, named};

async fn watch(socket: &Client, people: &[&Person]) -> Vec<PresenceUpdate> {
    let ids: Vec<_> = people.iter().map(|person| person.id).collect();
    let answer = socket.call("presence:subscribe", json!({ "userIds": ids })).await.unwrap();
    serde_json::from_value(answer).unwrap()
}

async fn update(socket: &mut Client) -> (Value, bool) {
    let update = socket.next("presence:update").await.unwrap();
    (update["status"].clone(), update["lastSeenAt"].is_string())
}

#[tokio::test]
async fn those_who_watch_see_a_person_come_and_go() {
    let app = TestApp::start().await;
    let [ann, bob, cid] = app.people(["ann", "bob", "cid"]).await;
    let (mut anns, mut others) = (ann.connect().await, ann.connect().await);
    let before = watch(&anns, &[&bob, &ann]).await;
    assert_eq!((json!(before[0].status), before[0].last_seen_at), (json!("offline"), None));
    assert_eq!((before[0].user_id, json!(before[1].status)), (bob.id, json!("online")));
    watch(&others, &[&cid]).await;
    let bobs = bob.connect().await;
    assert_eq!(update(&mut anns).await, (json!("online"), false));
    bobs.disconnect().await;
    assert_eq!(update(&mut anns).await, (json!("offline"), true));
    let later = watch(&anns, &[&bob]).await;
    assert!(later[0].last_seen_at.is_some());
    assert_eq!(
        named(&ann.heard(&mut others).await, "presence:update"),
        [Value::Null; 0],
        "only who was asked for"
    );
    let profile = ann.api.get(&format!("/users/{}", bob.id)).await.unwrap().body;
    assert_eq!(profile["user"]["lastSeenAt"], json!(later[0].last_seen_at));
    // A new subscription replaces the one before.
    watch(&anns, &[&cid]).await;
    let _bobs = bob.connect().await;
    assert_eq!(named(&ann.heard(&mut anns).await, "presence:update"), [Value::Null; 0]);
}

#[tokio::test]
async fn with_two_devices_one_is_gone_when_both_are() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let mut anns = ann.connect().await;
    watch(&anns, &[&bob]).await;
    let phone = bob.connect().await;
    assert_eq!(update(&mut anns).await.0, "online");
    let laptop = app.login("bob").await.connect().await;
    phone.disconnect().await;
    laptop.call("presence:set", json!({ "status": "away" })).await.unwrap();
    // The phone leaving tells nobody; the laptop alone is away.
    assert_eq!(update(&mut anns).await.0, "away");
    let second = bob.connect().await;
    assert_eq!(update(&mut anns).await.0, "online", "the most present device counts");
    second.disconnect().await;
    assert_eq!(update(&mut anns).await.0, "away");
    laptop.disconnect().await;
    assert_eq!(update(&mut anns).await, (json!("offline"), true));
}

#[tokio::test]
async fn who_is_invisible_looks_offline_and_still_hears_everything() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let mut anns = ann.connect().await;
    watch(&anns, &[&bob]).await;
    let mut bobs = bob.connect().await;
    assert_eq!(update(&mut anns).await.0, "online");
    bobs.call("presence:set", json!({ "status": "invisible" })).await.unwrap();
    assert_eq!(update(&mut anns).await.0, "offline");
    assert_eq!(json!(watch(&anns, &[&bob]).await[0].status), "offline");
    ann.say(chat, "are you there?").await;
    bobs.next("msg:new").await.unwrap();
    let phone = bob.connect().await;
    bobs.disconnect().await;
    let bobs = bob.connect().await;
    phone.call("presence:set", json!({ "status": "online" })).await.unwrap();
    assert_eq!(update(&mut anns).await.0, "online", "and no sooner, whoever came and went");
    let wrong = bobs.call("presence:set", json!({ "status": "offline" })).await;
    assert_eq!(event_refusal(wrong), "malformed");
}

#[tokio::test]
async fn a_connection_nobody_has_heard_of_for_45_seconds_is_offline() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let mut anns = ann.connect().await;
    watch(&anns, &[&bob]).await;
    let _bobs = bob.connect().await;
    assert_eq!(update(&mut anns).await.0, "online");
    app.clock.advance(Duration::from_secs(46));
    nexus_core::presence::expire(&app.node.core).await.unwrap();
    assert_eq!(update(&mut anns).await, (json!("offline"), true));
}

#[tokio::test]
async fn in_the_background_no_presence_comes_and_in_front_again_all_of_it() {
    let app = TestApp::start().await;
    let [ann, bob, cid] = app.people(["ann", "bob", "cid"]).await;
    let mut anns = ann.connect().await;
    watch(&anns, &[&bob, &cid]).await;
    anns.call("client:state", json!({ "foreground": false })).await.unwrap();
    let _bobs = bob.connect().await;
    assert_eq!(named(&ann.heard(&mut anns).await, "presence:update"), [Value::Null; 0]);
    // A subscription made in the background answers, and waits for the foreground as well.
    assert_eq!(json!(watch(&anns, &[&bob, &cid]).await[0].status), "online");
    let cids = cid.connect().await;
    assert_eq!(named(&ann.heard(&mut anns).await, "presence:update"), [Value::Null; 0]);
    anns.call("client:state", json!({ "foreground": true })).await.unwrap();
    for expected in [&bob, &cid] {
        let update = anns.next("presence:update").await.unwrap();
        assert_eq!((&update["userId"], &update["status"]), (&json!(expected.id), &json!("online")));
    }
    cids.disconnect().await;
    assert_eq!(update(&mut anns).await.0, "offline");
}

#[tokio::test]
async fn one_may_watch_200_people() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let anns = ann.connect().await;
    let ids = |count: u128| (0..count).map(uuid::Uuid::from_u128).collect::<Vec<_>>();
    let answer = anns.call("presence:subscribe", json!({ "userIds": ids(200) })).await.unwrap();
    assert_eq!(answer.as_array().unwrap().len(), 200);
    assert!(answer.as_array().unwrap().iter().all(|one| one["status"] == "offline"));
    let many = anns.call("presence:subscribe", json!({ "userIds": ids(201) })).await;
    assert_eq!(event_refusal(many), "malformed");
}
