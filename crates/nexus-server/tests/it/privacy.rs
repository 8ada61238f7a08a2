//! What people let each other see.

use nexus_client::Client;
use nexus_core::ports::{NewUser, UserRecord};
use nexus_protocol::{Message, UpdatePrivacy, UpdateSettings, UserId};
use serde_json::{Value, json};

use crate::fixture::{Person, TestApp, eventually, named, refusal};

async fn choose(person: &Person, privacy: Value) {
    let patch = json!({ "privacy": privacy });
    person.api.patch("/users/me/settings", patch).await.unwrap();
}

async fn know(person: &Person, other: &Person) {
    person.api.post("/contacts", json!({ "userId": other.id })).await.unwrap();
}

async fn watch(socket: &Client, other: &Person) -> Value {
    let ids = json!({ "userIds": [other.id] });
    socket.call("presence:subscribe", ids).await.unwrap()[0]["status"].clone()
}

async fn profile(viewer: &Person, of: &Person) -> Value {
    viewer.get::<Value>(&format!("/users/{}", of.id)).await["user"].clone()
}

#[tokio::test]
async fn what_is_for_contacts_is_seen_by_those_whom_its_owner_knows() {
    let app = TestApp::start().await;
    let [ann, bob, cid] = app.people(["ann", "bob", "cid"]).await;
    let chat = bob.direct(&ann).await;
    let group = cid.group("g", &[&ann, &bob]).await;
    ann.api.patch("/users/me", json!({ "about": "busy" })).await.unwrap();
    ann.connect().await.disconnect().await;
    eventually("she was seen", async || {
        profile(&bob, &ann).await["lastSeenAt"].is_string().then_some(())
    })
    .await;
    choose(&ann, json!({ "about": "contacts", "lastSeen": "contacts" })).await;
    know(&ann, &bob).await;
    let seen = profile(&bob, &ann).await;
    assert_eq!((&seen["about"], seen["lastSeenAt"].is_string()), (&json!("busy"), true));
    know(&cid, &ann).await;
    let seen = profile(&cid, &ann).await;
    assert_eq!((&seen["about"], &seen["lastSeenAt"]), (&json!(""), &Value::Null));
    choose(&ann, json!({ "about": "nobody", "lastSeen": "nobody" })).await;
    // Wherever somebody is shown.
    let found = bob.get::<Value>("/users?query=ann").await["users"][0].clone();
    let peer = json!(bob.chat(chat).await.peer);
    let synced = bob.api.post("/sync", json!({})).await.unwrap().body;
    let synced =
        synced["chats"].as_array().unwrap().iter().find_map(|part| {
            part["chat"]["peer"].is_object().then(|| part["chat"]["peer"].clone())
        });
    let members = bob.get::<Value>(&format!("/chats/{group}/members")).await;
    let member = members["members"].as_array().unwrap().iter();
    let member = member.map(|one| one["user"].clone()).find(|one| one["id"] == json!(ann.id));
    for seen in [profile(&bob, &ann).await, found, peer, synced.unwrap(), member.unwrap()] {
        assert_eq!(seen["id"], json!(ann.id));
        assert_eq!((&seen["about"], &seen["lastSeenAt"]), (&json!(""), &Value::Null), "{seen}");
    }
    assert_eq!(ann.get::<Value>("/users/me").await["user"]["about"], "busy", "she sees herself");
}

#[tokio::test]
async fn who_hides_when_they_were_here_sees_it_of_nobody() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let (mut anns, mut bobs) = (ann.connect().await, bob.connect().await);
    assert_eq!(
        (watch(&anns, &bob).await, watch(&bobs, &ann).await),
        (json!("online"), json!("online"))
    );
    choose(&ann, json!({ "lastSeen": "nobody" })).await;
    for (socket, other) in [(&mut anns, &bob), (&mut bobs, &ann)] {
        let update = socket.next("presence:update").await.unwrap();
        let offline = json!({ "userId": other.id, "status": "offline", "lastSeenAt": null });
        assert_eq!(update, offline, "at once");
    }
    assert_eq!(watch(&anns, &bob).await, "offline");
    bobs.call("presence:set", json!({ "status": "away" })).await.unwrap();
    assert_eq!(named(&ann.heard(&mut anns).await, "presence:update"), [Value::Null; 0]);
    choose(&ann, json!({ "lastSeen": "everyone" })).await;
    assert_eq!(anns.next("presence:update").await.unwrap()["status"], "away");
    assert_eq!(bobs.next("presence:update").await.unwrap()["status"], "online");
}

#[tokio::test]
async fn who_is_let_in_as_a_contact_sees_at_once_that_the_other_is_here() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let (_anns, mut bobs) = (ann.connect().await, bob.connect().await);
    choose(&ann, json!({ "lastSeen": "contacts" })).await;
    assert_eq!(watch(&bobs, &ann).await, "offline");
    know(&ann, &bob).await;
    assert_eq!(bobs.next("presence:update").await.unwrap()["status"], "online");
}

#[tokio::test]
async fn who_sends_no_read_receipts_gets_none_in_groups_neither() {
    let app = TestApp::start().await;
    let [ann, bob, cid] = app.people(["ann", "bob", "cid"]).await;
    let mut heard = Vec::new();
    let (mut anns, mut bobs, mut cids) =
        (ann.connect().await, bob.connect().await, cid.connect().await);
    choose(&ann, json!({ "readReceipts": "nobody" })).await;
    for chat in [ann.direct(&bob).await, ann.group("g", &[&bob, &cid]).await] {
        let (hers, his) = (ann.say(chat, "one").await, bob.say(chat, "two").await);
        anns.call("msg:read", json!({ "chatId": chat, "seq": his.seq })).await.unwrap();
        bobs.call("msg:read", json!({ "chatId": chat, "seq": his.seq })).await.unwrap();
        assert_eq!(bobs.next("status:delivered").await.unwrap()["userId"], json!(ann.id));
        bob.sees_receipt(chat, ann.id, his.seq, 0).await;
        ann.sees_receipt(chat, bob.id, his.seq, 0).await;
        assert_eq!(ann.chat(chat).await.me.unread, 0, "for herself she has read it");
        let of_hers: Value = ann.get(&format!("/messages/{}/receipts", hers.id)).await;
        let of_his: Value = bob.get(&format!("/messages/{}/receipts", his.id)).await;
        for receipts in [of_hers, of_his] {
            let all = receipts["receipts"].as_array().unwrap().clone();
            assert!(all.iter().all(|one| one["readAt"].is_null()), "{all:?}");
        }
        let ledger: Value = ann.get(&format!("/messages/{}/ledger", hers.id)).await;
        assert!(!ledger.to_string().contains("\"read\""), "{ledger}");
        let synced = ann.api.post("/sync", json!({})).await.unwrap().body;
        let of_bob = synced.to_string();
        assert!(!of_bob.contains(&format!("\"readSeq\":{},\"userId\":\"{}\"", his.seq, bob.id)));
        heard.extend(named(&ann.heard(&mut anns).await, "status:read"));
        heard.extend(
            named(&bob.heard(&mut bobs).await, "status:read")
                .into_iter()
                .filter(|status| status["userId"] == json!(ann.id)),
        );
    }
    assert_eq!(heard, [Value::Null; 0]);
    assert_eq!(cids.next("status:read").await.unwrap()["userId"], json!(bob.id), "others do");
}

#[tokio::test]
async fn what_one_has_read_is_known_by_those_whom_one_knows_if_they_let_one_know_it_too() {
    let app = TestApp::start().await;
    let [ann, bob, cid] = app.people(["ann", "bob", "cid"]).await;
    let group = ann.group("g", &[&bob, &cid]).await;
    let all = [&ann, &bob, &cid];
    let mut sockets = [ann.connect().await, bob.connect().await, cid.connect().await];
    let mut other_device = ann.connect().await;
    choose(&ann, json!({ "readReceipts": "contacts" })).await;
    know(&ann, &bob).await;
    // Who of the three knows what the others have read, in every place that tells it.
    let mut expect = async |known: [[bool; 3]; 3]| {
        let said = cid.say(group, "hello").await;
        for socket in &mut sockets {
            socket.call("msg:read", json!({ "chatId": group, "seq": said.seq })).await.unwrap();
        }
        for ((viewer, socket), known) in all.into_iter().zip(&mut sockets).zip(known) {
            let heard = named(&viewer.heard(socket).await, "status:read");
            let path = format!("/messages/{}/receipts", said.id);
            let times = viewer.get::<Value>(&path).await["receipts"].clone();
            let listed = viewer.chat(group).await.receipts;
            let synced = json!({ "chats": { group.to_string(): said.rev } });
            let synced = viewer.api.post("/sync", synced).await.unwrap().body["receipts"].clone();
            for (one, known) in all.into_iter().zip(known).filter(|(one, _)| one.id != viewer.id) {
                let who = format!("{} of {}", viewer.id, one.id);
                let of_one = |list: &Value| -> Value {
                    let mut list = list.as_array().unwrap().iter();
                    list.find(|entry| entry["userId"] == json!(one.id)).cloned().unwrap_or_default()
                };
                assert_eq!(of_one(&json!(heard))["seq"] == said.seq, known, "heard: {who}");
                let listed = listed.iter().find(|entry| entry.user_id == one.id).unwrap();
                assert_eq!(listed.read_seq, if known { said.seq } else { 0 }, "listed: {who}");
                assert_eq!(of_one(&synced)["readSeq"], listed.read_seq, "synced: {who}");
                if one.id != cid.id {
                    assert_eq!(of_one(&times)["readAt"].is_string(), known, "times: {who}");
                }
            }
        }
    };
    expect([[true, true, false], [true, true, true], [false, true, true]]).await;
    // Bob knows nobody, so it is for nobody.
    choose(&bob, json!({ "readReceipts": "contacts" })).await;
    expect([[true, false, false], [false, true, false], [false, false, true]]).await;
    know(&bob, &ann).await;
    expect([[true, true, false], [true, true, false], [false, false, true]]).await;
    choose(&ann, json!({ "readReceipts": "nobody" })).await;
    expect([[true, false, false], [false, true, false], [false, false, true]]).await;
    let own = named(&ann.heard(&mut other_device).await, "me:updated");
    let read = own.iter().filter(|change| change["kind"] == "read").count();
    assert_eq!(read, 4, "her own devices know it");
}

#[tokio::test]
async fn what_was_read_unseen_is_not_shown_when_one_is_seen_again() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = bob.direct(&ann).await;
    let read = async |said: &Message| {
        let path = format!("/chats/{chat}/read");
        ann.api.post(&path, json!({ "seq": said.seq })).await.unwrap();
        assert_eq!(ann.chat(chat).await.me.unread, 0);
    };
    let unseen = async |said: &Message, known: u64| {
        bob.sees_receipt(chat, ann.id, said.seq, known).await;
        let times: Value = bob.get(&format!("/messages/{}/receipts", said.id)).await;
        assert_eq!(times["receipts"][0]["readAt"], Value::Null);
        let synced = bob.api.post("/sync", json!({})).await.unwrap().body.to_string();
        assert!(!synced.contains(&format!("\"readSeq\":{},\"userId\":\"{}\"", said.seq, ann.id)));
    };
    let one = bob.say(chat, "one").await;
    for quiet in [&ann, &bob] {
        let said = bob.say(chat, "and").await;
        choose(quiet, json!({ "readReceipts": "nobody" })).await;
        read(&said).await;
        choose(quiet, json!({ "readReceipts": "everyone" })).await;
        unseen(&said, 0).await;
    }
    let two = bob.say(chat, "two").await;
    read(&two).await;
    bob.sees_receipt(chat, ann.id, two.seq, two.seq).await;
    let times: Value = bob.get(&format!("/messages/{}/receipts", one.id)).await;
    assert!(times["receipts"][0]["readAt"].is_string(), "who has read it has read all before");
    let three = bob.say(chat, "three").await;
    let block = format!("/blocks/{}", ann.id);
    bob.api.put(&block, json!({})).await.unwrap();
    read(&three).await;
    bob.api.delete(&block).await.unwrap();
    unseen(&three, two.seq).await;
}

#[tokio::test]
async fn only_those_one_knows_add_one_to_groups_if_one_wants_it_so() {
    let app = TestApp::start().await;
    let [ann, bob, cid] = app.people(["ann", "bob", "cid"]).await;
    choose(&bob, json!({ "whoCanAddToGroups": "contacts" })).await;
    let refused = ann.api.create_group("g", vec![bob.id, cid.id]).await.unwrap_err();
    let problem = json!(refused.problem().unwrap());
    assert_eq!(problem["code"], "forbidden");
    let errors = problem["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 1);
    assert!(errors[0]["message"].as_str().unwrap().contains(&bob.id.to_string()), "{errors:?}");
    let group = ann.group("g", &[&cid]).await;
    let path = format!("/chats/{group}/members");
    let body = json!({ "userIds": [bob.id] });
    assert_eq!(refusal(ann.api.post(&path, &body).await).0, 403);
    know(&bob, &ann).await;
    ann.api.post(&path, &body).await.unwrap();
    bob.api.delete(&format!("/contacts/{}", ann.id)).await.unwrap();
    ann.api.post(&path, &body).await.unwrap();
}

#[tokio::test]
async fn an_address_leads_to_its_owner_only_if_they_want_it_and_have_proven_it() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let find = async |person: &Person| {
        let found: Value = person.get("/users?query=Ann%40Example.com").await;
        found["users"].as_array().unwrap().len()
    };
    assert_eq!(find(&bob).await, 0);
    choose(&ann, json!({ "findByEmail": true })).await;
    assert_eq!(find(&bob).await, 0, "anybody could have signed up with it");
    let core = &app.node.core;
    let record = core.store.user(ann.id).await.unwrap().unwrap();
    let user = UserRecord {
        id: UserId(core.ids.uuid()),
        email: "dora@example.com".to_owned(),
        email_verified: true,
        username: "dora".to_owned(),
        ..record
    };
    let dora = user.id;
    core.store.create_user(&NewUser { user, password_hash: String::new() }).await.unwrap();
    let find = async || -> Value { bob.get("/users?query=dora%40example.com").await };
    assert_eq!(find().await["users"], json!([]));
    let patch = UpdatePrivacy { find_by_email: Some(true), ..UpdatePrivacy::default() };
    let patch = UpdateSettings { privacy: Some(patch), ..UpdateSettings::default() };
    nexus_core::settings::update(core, dora, patch).await.unwrap();
    assert_eq!(find().await["users"][0]["id"], json!(dora));
    assert!(!find().await.to_string().contains("dora@"), "it is known to who asks, and not told");
}
