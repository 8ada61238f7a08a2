//! Whom one knows, and asking those who want to be asked.

use std::time::Duration;

use nexus_protocol::{Contact, ContactRequests, Contacts};
use serde_json::{Value, json};

use crate::fixture::{Person, TestApp, named, refusal};

async fn add(person: &Person, other: &Person) -> Value {
    person.api.post("/contacts", json!({ "userId": other.id })).await.unwrap().body
}

async fn contacts(person: &Person) -> Vec<Contact> {
    person.get::<Contacts>("/contacts").await.contacts
}

async fn requests(person: &Person) -> Vec<Value> {
    let page: ContactRequests = person.get("/contacts/requests").await;
    page.requests.into_iter().map(|request| json!(request)).collect()
}

async fn take_messages_from_contacts_only(person: &Person) {
    let patch = json!({ "privacy": { "whoCanMessage": "contacts" } });
    person.api.patch("/users/me/settings", patch).await.unwrap();
}

#[tokio::test]
async fn contacts_are_added_renamed_and_removed_on_all_devices_alike() {
    let app = TestApp::start().await;
    let [ann, bob, cid] = app.people(["ann", "bob", "cid"]).await;
    let mut other = app.login("ann").await.connect().await;
    let mut bobs = bob.connect().await;
    let body = json!({ "username": "BOB", "nickname": " Bobby " });
    let added = ann.api.post("/contacts", body).await.unwrap();
    assert_eq!(added.status, 201);
    assert_eq!(
        (&added.body["contact"]["nickname"], added.body.get("request")),
        (&json!("Bobby"), None)
    );
    let heard = other.next("me:updated").await.unwrap();
    let data = json!({ "userId": bob.id, "isContact": true, "nickname": "Bobby" });
    assert_eq!((&heard["kind"], &heard["data"]), (&json!("contacts"), &data));
    add(&ann, &cid).await;
    let page: Contacts = ann.get("/contacts?limit=1").await;
    let rest = format!("/contacts?cursor={}", page.next_cursor.unwrap());
    assert_eq!((page.contacts.len(), ann.get::<Contacts>(&rest).await.contacts.len()), (1, 1));
    let seen: Value = ann.get(&format!("/users/{}", bob.id)).await;
    assert_eq!(seen["user"]["isContact"], true);
    let path = format!("/contacts/{}", bob.id);
    let renamed = ann.api.patch(&path, json!({ "nickname": null })).await.unwrap().body;
    assert_eq!(renamed["contact"]["nickname"], Value::Null);
    ann.api.delete(&path).await.unwrap();
    ann.api.delete(&path).await.unwrap();
    assert_eq!(contacts(&ann).await.len(), 1);
    assert_eq!(refusal(ann.api.patch(&path, json!({ "nickname": "x" })).await).1, "not_found");
    assert_eq!(named(&bob.heard(&mut bobs).await, "me:updated"), [Value::Null; 0]);
    for (wrong, code) in [
        (json!({}), "malformed"),
        (json!({ "userId": bob.id, "username": "bob" }), "malformed"),
        (json!({ "userId": ann.id }), "validation"),
        (json!({ "username": "nobody" }), "not_found"),
        (json!({ "username": "bob@example.com" }), "not_found"),
        (json!({ "userId": bob.id, "nickname": "a\nb" }), "validation"),
        (json!({ "userId": bob.id, "note": "x".repeat(301) }), "validation"),
    ] {
        assert_eq!(refusal(ann.api.post("/contacts", &wrong).await).1, code, "{wrong}");
    }
}

#[tokio::test]
async fn who_takes_messages_from_contacts_only_is_asked_first() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    take_messages_from_contacts_only(&bob).await;
    let refused = ann.api.create_direct(bob.id).await.unwrap_err();
    let problem = json!(refused.problem().unwrap());
    assert_eq!(
        (&problem["code"], &problem["hint"]),
        (&json!("forbidden"), &json!("contact_request"))
    );

    let (mut anns, mut bobs) = (ann.connect().await, bob.connect().await);
    let body = json!({ "userId": bob.id, "note": "we met at the lake" });
    let asked = ann.api.post("/contacts", body).await.unwrap().body["request"].clone();
    assert_eq!((&asked["direction"], &asked["accepted"]), (&json!("outgoing"), &json!(false)));
    let heard = bobs.next("contact:request").await.unwrap();
    assert_eq!(
        (&heard["direction"], &heard["note"]),
        (&json!("incoming"), &json!("we met at the lake"))
    );
    assert_eq!(heard["user"]["id"], json!(ann.id));
    assert_eq!(add(&ann, &bob).await["request"]["id"], asked["id"], "asked once");
    assert_eq!(requests(&bob).await, std::slice::from_ref(&heard));
    assert_eq!(requests(&ann).await.len(), 1);
    assert_eq!(refusal(ann.api.create_direct(bob.id).await).0, 403);

    let accept = format!("/contacts/requests/{}/accept", asked["id"].as_str().unwrap());
    assert_eq!(refusal(ann.api.post(&accept, json!({})).await).1, "not_found", "not one's own");
    let accepted = bob.api.post(&accept, json!({})).await.unwrap().body;
    assert_eq!(accepted["request"]["accepted"], true);
    assert_eq!(anns.next("contact:request").await.unwrap()["accepted"], true);
    assert_eq!(refusal(bob.api.post(&accept, json!({})).await).1, "not_found", "once");
    assert_eq!((contacts(&bob).await.len(), contacts(&ann).await.len()), (1, 1));
    assert_eq!((requests(&ann).await.len(), requests(&bob).await.len()), (0, 0));
    let chat = ann.direct(&bob).await;
    ann.say(chat, "hello").await;
    bob.api.delete(&format!("/contacts/{}", ann.id)).await.unwrap();
    ann.say(chat, "a chat that is there goes on").await;
}

#[tokio::test]
async fn a_refusal_is_not_told_and_the_next_request_waits_a_month() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    take_messages_from_contacts_only(&bob).await;
    let mut anns = ann.connect().await;
    let asked = add(&ann, &bob).await["request"]["id"].as_str().unwrap().to_owned();
    let decline = format!("/contacts/requests/{asked}/decline");
    assert_eq!(bob.api.post(&decline, json!({})).await.unwrap().status, 204);
    assert_eq!(requests(&bob).await.len(), 0);
    assert_eq!(named(&ann.heard(&mut anns).await, "contact:request"), [Value::Null; 0]);
    assert_eq!(requests(&ann).await[0]["id"], asked.as_str(), "it waits on, for all that is known");
    assert_eq!(add(&ann, &bob).await["request"]["id"], asked.as_str());
    assert_eq!(requests(&bob).await.len(), 0);
    app.clock.advance(Duration::from_secs(31 * 24 * 3_600));
    let (ann, bob) = (app.login("ann").await, app.login("bob").await);
    assert_ne!(add(&ann, &bob).await["request"]["id"], asked.as_str());
    assert_eq!(requests(&bob).await.len(), 1);
}

#[tokio::test]
async fn who_is_blocked_asks_in_vain_and_is_not_told() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    take_messages_from_contacts_only(&bob).await;
    bob.api.put(&format!("/blocks/{}", ann.id), json!({})).await.unwrap();
    let mut bobs = bob.connect().await;
    let asked = add(&ann, &bob).await["request"].clone();
    assert_eq!(asked["direction"], "outgoing");
    assert_eq!(named(&bob.heard(&mut bobs).await, "contact:request"), [Value::Null; 0]);
    assert_eq!(requests(&bob).await.len(), 0);
    let accept = format!("/contacts/requests/{}/accept", asked["id"].as_str().unwrap());
    assert_eq!(refusal(bob.api.post(&accept, json!({})).await).1, "not_found");
}

#[tokio::test]
async fn whoever_blocks_takes_back_what_they_asked() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    take_messages_from_contacts_only(&bob).await;
    let asked = add(&ann, &bob).await["request"]["id"].as_str().unwrap().to_owned();
    ann.api.delete(&format!("/contacts/{}", bob.id)).await.unwrap();
    let block = format!("/blocks/{}", bob.id);
    ann.api.put(&block, json!({})).await.unwrap();
    assert_eq!((requests(&ann).await.len(), requests(&bob).await.len()), (0, 0));
    let accept = format!("/contacts/requests/{asked}/accept");
    assert_eq!(refusal(bob.api.post(&accept, json!({})).await).1, "not_found");
    assert_eq!(contacts(&ann).await.len(), 0, "nobody becomes the contact of who blocks them");
    ann.api.delete(&block).await.unwrap();
    assert_eq!(refusal(bob.api.post(&accept, json!({})).await).1, "not_found", "for good");
    assert_ne!(add(&ann, &bob).await["request"]["id"], asked.as_str(), "asked anew");
    assert_eq!(requests(&bob).await.len(), 1);
}

#[tokio::test]
async fn a_request_that_came_before_the_block_of_its_sender_is_not_accepted() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    take_messages_from_contacts_only(&bob).await;
    let asked = add(&ann, &bob).await["request"]["id"].as_str().unwrap().to_owned();
    ann.api.delete(&format!("/contacts/{}", bob.id)).await.unwrap();
    // As by a node that dies before it withdraws the request.
    let core = &app.node.core;
    core.store.set_blocked(ann.id, bob.id, true, core.clock.now()).await.unwrap();
    let accept = format!("/contacts/requests/{asked}/accept");
    assert_eq!(refusal(bob.api.post(&accept, json!({})).await).1, "not_found");
    assert_eq!((contacts(&ann).await.len(), contacts(&bob).await.len()), (0, 0));
}

#[tokio::test]
async fn adding_somebody_who_has_asked_accepts_it() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    for person in [&ann, &bob] {
        take_messages_from_contacts_only(person).await;
    }
    add(&ann, &bob).await;
    ann.api.delete(&format!("/contacts/{}", bob.id)).await.unwrap();
    let mut anns = ann.connect().await;
    let body = json!({ "userId": ann.id, "nickname": "Annie" });
    let added = bob.api.post("/contacts", body).await.unwrap().body;
    assert_eq!((&added["contact"]["nickname"], added.get("request")), (&json!("Annie"), None));
    assert_eq!(anns.next("contact:request").await.unwrap()["accepted"], true);
    assert_eq!((requests(&ann).await.len(), requests(&bob).await.len()), (0, 0));
    assert_eq!((contacts(&ann).await.len(), contacts(&bob).await.len()), (1, 1));
    let chat = bob.direct(&ann).await;
    ann.say(chat, "hello").await;
}

#[tokio::test]
async fn nobody_asks_the_whole_town() {
    let app = TestApp::with(|config| {
        config.limits.enabled = true;
        config.limits.contact_requests.count = 2;
    })
    .await;
    let [ann, bob, cid, dan] = app.people(["ann", "bob", "cid", "dan"]).await;
    for person in [&bob, &cid, &dan] {
        take_messages_from_contacts_only(person).await;
    }
    add(&ann, &bob).await;
    add(&ann, &cid).await;
    let third = ann.api.post("/contacts", json!({ "userId": dan.id })).await;
    assert_eq!(refusal(third), (429, "rate_limited".to_owned()));
    assert_eq!(contacts(&ann).await.len(), 2);
}
