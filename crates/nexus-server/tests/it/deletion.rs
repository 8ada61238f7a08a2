//! The end of an account: asked for, taken back, carried out.

use std::time::Duration;

use nexus_client::{Answer, Error};
use nexus_core::{deletion, staff::Order};
use nexus_protocol::{ChatId, Leavings, Message, UserId, UserRole};
use serde_json::{Value, json};

use crate::fixture::{
    PASSWORD, Person, TestApp, event_refusal, eventually, refusal, request, text, token_of,
};

const DAY: Duration = Duration::from_secs(24 * 3_600);

async fn ask(person: &Person, body: Value) -> Result<Answer, Error> {
    request(&person.api, "DELETE", "/users/me", body).await
}

async fn delete(person: &Person, messages: &str) -> Value {
    let body = json!({ "password": PASSWORD, "messages": messages });
    let answer = ask(person, body).await.unwrap();
    assert_eq!(answer.status, 202);
    answer.body["deletion"].clone()
}

async fn login(app: &TestApp, name: &str) -> Result<Answer, Error> {
    let body = json!({ "identifier": name, "password": PASSWORD });
    app.api.post("/auth/login", body).await
}

async fn verify(app: &TestApp, name: &str) {
    let letter = app.letter(&format!("{name}@example.com"), "verifyEmail").await;
    let token = json!({ "token": token_of(&letter) });
    app.api.post("/auth/verify-email", token).await.unwrap();
}

/// Waits until nothing of the person is left but their record.
async fn is_gone(seen_by: &Person, user: UserId) -> Value {
    eventually("the account is deleted", async || {
        let shown: Value = seen_by.get(&format!("/users/{user}")).await;
        let record = &shown["user"];
        (record["isDeleted"] == true && record["displayName"] == "Deleted account")
            .then(|| record.clone())
    })
    .await
}

async fn erased(app: &TestApp, user: UserId) {
    let store = &app.node.core.store;
    eventually("the record is nobody's", async || {
        let record = store.user(user).await.unwrap().unwrap();
        record.email.ends_with("@deleted.invalid").then_some(())
    })
    .await;
}

async fn at_once() -> TestApp {
    TestApp::with(|config| config.accounts.deletion_grace_days = 0).await
}

fn by(messages: &[Message], sender: UserId) -> Vec<&str> {
    let theirs = messages.iter().filter(|message| message.sender_id == sender);
    theirs.filter(|message| message.system.is_none()).map(|message| &*message.content).collect()
}

async fn messages(person: &Person, chat: ChatId) -> Vec<Message> {
    person.api.messages(chat).await.unwrap()
}

#[tokio::test]
async fn only_who_knows_the_password_deletes_the_account() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let wrong = json!({ "password": "not the password", "messages": "keep" });
    assert_eq!(refusal(ask(&ann, wrong).await).0, 422);
    let none = ask(&ann, json!({ "messages": "keep" })).await;
    assert_eq!(refusal(none), (403, "step_up_required".to_owned()));
    let unclear = ask(&ann, json!({ "password": PASSWORD })).await;
    assert_eq!(refusal(unclear).0, 400);
    let step_up = json!({ "password": PASSWORD });
    ann.api.post("/auth/step-up", step_up).await.unwrap();
    assert_eq!(ask(&ann, json!({ "messages": "keep" })).await.unwrap().status, 202);
    let admin = app.staff("boss", UserRole::Admin).await;
    let last = ask(&admin, json!({ "password": PASSWORD, "messages": "keep" })).await;
    assert_eq!(refusal(last), (409, "conflict".to_owned()));
    app.stop().await;
}

#[tokio::test]
async fn who_asks_for_deletion_is_signed_out_everywhere_and_told_until_when_it_can_be_had_back() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    verify(&app, "ann").await;
    let phone = app.login("ann").await;
    let mut socket = phone.connect().await;
    let deletion = delete(&ann, "keep").await;
    assert_eq!(deletion["messages"], "keep");
    let told = socket.next("session:revoked").await.unwrap();
    assert_eq!(told["reason"], "deleted");
    for device in [&ann, &phone] {
        assert_eq!(refusal(device.api.get("/users/me").await).0, 401);
    }
    let refresh = json!({ "refreshToken": ann.refresh_token });
    assert_eq!(refusal(app.api.post("/auth/refresh", refresh).await).0, 401);
    let letter = app.letter("ann@example.com", "deletionScheduled").await;
    let year = deletion["at"].as_str().unwrap().split('-').next().unwrap();
    assert!(letter.text.contains(year), "{}", letter.text);
    app.stop().await;
}

#[tokio::test]
async fn until_then_nobody_finds_the_account_or_sees_it_there_and_its_chats_stay() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let group = ann.group("ours", &[&bob]).await;
    ann.say(chat, "hello").await;
    delete(&ann, "remove").await;
    let found: Value = bob.get("/users?query=ann").await;
    assert_eq!(found["users"], json!([]));
    let add = json!({ "username": "ann" });
    assert_eq!(refusal(bob.api.post("/contacts", add).await).0, 404);
    let shown: Value = bob.get(&format!("/users/{}", ann.id)).await;
    assert_eq!(shown["user"]["lastSeenAt"], Value::Null);
    assert_eq!(shown["user"]["displayName"], "ann");
    assert_eq!(by(&messages(&bob, chat).await, ann.id), ["hello"]);
    bob.say(chat, "come back").await;
    assert_eq!(bob.chat(group).await.member_count, 2);
    app.stop().await;
}

#[tokio::test]
async fn signing_in_before_the_time_takes_the_deletion_back() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    verify(&app, "ann").await;
    let chat = ann.direct(&bob).await;
    ann.say(chat, "hello").await;
    delete(&ann, "remove").await;
    app.clock.advance(29 * DAY);
    let answer = login(&app, "ann").await.unwrap().body;
    assert_eq!(answer["deletionCancelled"], true);
    app.letter("ann@example.com", "deletionCancelled").await;
    assert!(login(&app, "ann").await.unwrap().body.get("deletionCancelled").is_none());
    app.clock.advance(5 * DAY);
    let bob = app.login("bob").await;
    eventually("the job has looked", async || {
        let waiting = app.node.core.store.waiting_jobs(100).await.unwrap();
        waiting.iter().all(|job| job.kind != "deleteAccount").then_some(())
    })
    .await;
    assert_eq!(by(&messages(&bob, chat).await, ann.id), ["hello"]);
    assert!(login(&app, "ann").await.is_ok());
    // Asked for again, it counts from then.
    delete(&app.login("ann").await, "keep").await;
    app.clock.advance(29 * DAY);
    assert_eq!(login(&app, "ann").await.unwrap().body["deletionCancelled"], true);
    app.stop().await;
}

#[tokio::test]
async fn when_the_time_has_come_messages_stay_under_a_deleted_account() {
    let app = TestApp::start().await;
    let [ann, bob, cid] = app.people(["ann", "bob", "cid"]).await;
    let (chat, group) = (ann.direct(&bob).await, ann.group("ours", &[&bob, &cid]).await);
    ann.say(chat, "hello").await;
    ann.say(group, "hello all").await;
    let unsent = text(chat, "after the end");
    delete(&ann, "keep").await;
    app.clock.advance(31 * DAY);
    let [bob, cid] = [app.login("bob").await, app.login("cid").await];
    let shown = is_gone(&bob, ann.id).await;
    assert_eq!((&shown["about"], &shown["lastSeenAt"]), (&json!(""), &Value::Null));
    assert_ne!(shown["username"], "ann");
    erased(&app, ann.id).await;
    assert_eq!(by(&messages(&bob, chat).await, ann.id), ["hello"]);
    assert_eq!(by(&messages(&bob, group).await, ann.id), ["hello all"]);
    let group = bob.chat(group).await;
    assert_eq!((group.member_count, group.me.role), (2, nexus_protocol::Role::Owner), "passed on");
    assert_eq!(cid.chat(group.id).await.member_count, 2);
    assert_eq!(bob.chat(chat).await.peer.unwrap().display_name, "Deleted account");

    // Nobody writes to nobody.
    let gone = (410, "gone".to_owned());
    assert_eq!(refusal(bob.api.send(unsent.clone()).await), gone);
    let socket = bob.connect().await;
    assert_eq!(event_refusal(socket.call("msg:send", &unsent).await), "gone");
    assert_eq!(refusal(cid.api.create_direct(ann.id).await), gone);
    let add = json!({ "userIds": [ann.id] });
    let added = bob.api.post(&format!("/chats/{}/members", group.id), add).await;
    assert_eq!(refusal(added).0, 404);
    let contact = bob.api.post("/contacts", json!({ "userId": ann.id })).await;
    assert_eq!(refusal(contact).0, 404);
    assert_eq!(refusal(login(&app, "ann").await), (401, "unauthenticated".to_owned()));
    assert_eq!(refusal(login(&app, "ann@example.com").await).0, 401);
    app.stop().await;
}

#[tokio::test]
async fn when_they_are_to_be_removed_all_their_messages_are_also_where_they_left() {
    let app = at_once().await;
    let [ann, bob, cid] = app.people(["ann", "bob", "cid"]).await;
    let (chat, group) = (ann.direct(&bob).await, bob.group("ours", &[&ann, &cid]).await);
    let left = bob.group("left", &[&ann]).await;
    ann.say(left, "in a group of before").await;
    ann.api.post(&format!("/chats/{left}/leave"), json!({})).await.unwrap();
    let quoted = ann.say(chat, "private").await;
    for n in 0..5 {
        ann.say(group, &format!("words {n}")).await;
    }
    let mut answer = text(chat, "mine");
    answer.reply_to = Some(quoted.id);
    bob.say_as(answer).await;
    let before = bob.chat(chat).await.last_rev;
    let mut socket = bob.connect().await;
    delete(&ann, "remove").await;
    let told = socket.next("msg:updated").await.unwrap();
    assert!(told["deletedAt"].is_string(), "{told}");
    erased(&app, ann.id).await;
    eventually("all are removed", async || {
        let mut theirs = Vec::new();
        for chat in [chat, group, left] {
            let messages = messages(&bob, chat).await;
            theirs.extend(by(&messages, ann.id).into_iter().map(str::to_owned));
        }
        theirs.iter().all(String::is_empty).then_some(())
    })
    .await;
    assert!(bob.chat(chat).await.last_rev > before);
    assert_eq!(by(&messages(&bob, chat).await, bob.id), ["mine"]);
    let found: Value = bob.get("/search/messages?q=private").await;
    assert_eq!(found["messages"], json!([]));
    app.stop().await;
}

#[tokio::test]
async fn nothing_that_names_somebody_who_is_gone_is_left_and_the_name_is_free_in_time() {
    let app = at_once().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let put = json!({ "userId": bob.id, "nickname": "Bobby" });
    ann.api.post("/contacts", put).await.unwrap();
    ann.api.patch("/users/me", json!({ "about": "a secret" })).await.unwrap();
    delete(&ann, "keep").await;
    erased(&app, ann.id).await;
    let shown: Value = bob.get(&format!("/users/{}", ann.id)).await;
    let shown = shown.to_string();
    assert!(!shown.contains("secret") && !shown.contains("ann"), "{shown}");
    let name = |email: &str| json!({ "email": email, "username": "ann", "password": PASSWORD });
    let taken = app.api.post("/auth/signup", name("ann@example.com")).await;
    assert_eq!(refusal(taken), (409, "conflict".to_owned()), "the name is held");
    let other = json!({ "email": "ann@example.com", "username": "anna", "password": PASSWORD });
    app.api.post("/auth/signup", other).await.unwrap();
    app.clock.advance(15 * DAY);
    eventually("the name is free", async || {
        app.api.post("/auth/signup", name("other@example.com")).await.ok()
    })
    .await;
    app.stop().await;
}

#[tokio::test]
async fn what_becomes_of_an_account_is_in_the_audit_log_without_its_name() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    delete(&ann, "keep").await;
    let ann = app.login("ann").await;
    delete(&ann, "remove").await;
    app.clock.advance(31 * DAY);
    erased(&app, ann.id).await;
    let entries = app.node.core.store.audit_after(0, 100).await.unwrap();
    let told: Vec<_> = entries
        .iter()
        .filter(|entry| entry.target.is_some_and(|target| target.id == ann.id.0))
        .map(|entry| (entry.action.as_str(), entry.detail["how"].as_str().unwrap()))
        .collect();
    let deleted = |how| ("account_deleted", how);
    let expected = ["asked for", "taken back", "asked for", "carried out"].map(deleted);
    assert_eq!(told, expected);
    let log = serde_json::to_string(&entries).unwrap();
    assert!(!log.contains("ann"), "{log}");
    app.stop().await;
}

#[tokio::test]
async fn an_operator_deletes_an_account_at_once() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    ann.say(chat, "hello").await;
    let core = &app.node.core;
    let order = async || {
        let order = Order::of_operator(&*core.store, &*core.ids, core.clock.now());
        deletion::order(&order, "Ann", Leavings::Remove).await
    };
    order().await.unwrap();
    let refused = refusal(login(&app, "ann").await).0;
    assert!(matches!(refused, 401 | 410), "it is not to be had back: {refused}");
    erased(&app, ann.id).await;
    eventually("their messages are removed", async || {
        by(&messages(&bob, chat).await, ann.id).iter().all(|text| text.is_empty()).then_some(())
    })
    .await;
    assert_eq!(refusal(ann.api.get("/users/me").await).0, 401);
    order().await.unwrap_err();
    app.stop().await;
}
