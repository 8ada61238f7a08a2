//! What is done to messages: edited, deleted, reacted to, pinned, starred.

use std::time::Duration;

use nexus_protocol::{EditHistory, Message, Messages, Reaction};
use serde_json::{Value, json};

use crate::fixture::{TestApp, event_refusal, named, refusal, request, text};

const THUMB: &str = "👍";
const THUMB_PATH: &str = "%F0%9F%91%8D";

fn message(body: Value) -> Message {
    serde_json::from_value(body).unwrap()
}

#[tokio::test]
async fn an_edit_reaches_everybody_and_keeps_what_was() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let first = ann.say(chat, "helo").await;
    let (anns, mut bobs) = (ann.connect().await, bob.connect().await);
    let ack = anns.call("msg:edit", json!({ "id": first.id, "content": "hello" })).await.unwrap();
    assert_eq!(ack, json!({ "status": "queued", "id": first.id }));
    let updated = message(bobs.next("msg:updated").await.unwrap());
    assert_eq!((updated.content.as_str(), updated.seq, updated.rev), ("hello", 1, 2));
    assert!(updated.edited_at.is_some() && updated.created_at == first.created_at);
    let path = format!("/messages/{}", first.id);
    let answer = ann.api.patch(&path, json!({ "content": "hello!" })).await.unwrap().body;
    assert_eq!(
        (&answer["message"]["content"], &answer["message"]["rev"]),
        (&json!("hello!"), &json!(3))
    );
    let history: EditHistory = bob.get(&format!("{path}/history")).await;
    let texts: Vec<&str> = history.edits.iter().map(|edit| edit.content.as_str()).collect();
    assert_eq!(texts, ["helo", "hello", "hello!"]);
    assert_eq!(history.edits[0].written_at, first.created_at);
    // The same text again changes nothing.
    let same = ann.api.patch(&path, json!({ "content": "hello!" })).await.unwrap().body;
    assert_eq!(same["message"]["rev"], 3);

    assert_eq!(
        refusal(bob.api.patch(&path, json!({ "content": "x" })).await),
        (403, "forbidden".to_owned())
    );
    let bobs_try = bobs.call("msg:edit", json!({ "id": first.id, "content": "x" })).await;
    assert_eq!(event_refusal(bobs_try), "forbidden");
    for wrong in ["", " ", &"x".repeat(4_001)] {
        assert_eq!(
            refusal(ann.api.patch(&path, json!({ "content": wrong })).await).1,
            "validation"
        );
    }
}

#[tokio::test]
async fn a_message_can_be_edited_for_a_day() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let path = format!("/messages/{}", ann.say(chat, "helo").await.id);
    let edit = async |content: &str| {
        let refreshed = app.login("ann").await;
        refreshed.api.patch(&path, json!({ "content": content })).await
    };
    app.clock.advance(Duration::from_secs(24 * 3_600 - 60));
    edit("hello").await.unwrap();
    app.clock.advance(Duration::from_secs(120));
    assert_eq!(refusal(edit("hullo").await), (403, "forbidden".to_owned()));
}

#[tokio::test]
async fn a_deleted_message_leaves_a_tombstone_and_no_text() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let mut secret = text(chat, "the secret plan");
    secret.mentions = vec![bob.id];
    let secret = ann.say_as(secret).await;
    let path = format!("/messages/{}", secret.id);
    ann.api.patch(&path, json!({ "content": "the very secret plan" })).await.unwrap();
    request(&bob.api, "PUT", &format!("{path}/reactions/{THUMB_PATH}"), Value::Null).await.unwrap();
    assert_eq!((bob.chat(chat).await.me.unread, bob.chat(chat).await.me.mentions), (1, 1));
    let (anns, mut bobs) = (ann.connect().await, bob.connect().await);
    let theirs = bobs.call("msg:delete", json!({ "id": secret.id, "scope": "all" })).await;
    assert_eq!(event_refusal(theirs), "forbidden");
    assert_eq!(refusal(bob.api.delete(&format!("{path}?scope=all")).await).0, 403);

    let ack = anns.call("msg:delete", json!({ "id": secret.id, "scope": "all" })).await.unwrap();
    assert_eq!(ack, json!({ "status": "queued", "id": secret.id }));
    let tombstone = message(bobs.next("msg:updated").await.unwrap());
    assert_eq!((tombstone.content.as_str(), tombstone.seq), ("", 1));
    assert!(tombstone.deleted_at.is_some());
    assert!(tombstone.mentions.is_empty() && tombstone.reactions.is_empty());
    assert_eq!(bob.api.message(secret.id).await.unwrap(), tombstone);
    assert_eq!(bob.api.messages(chat).await.unwrap(), std::slice::from_ref(&tombstone));
    assert_eq!((bob.chat(chat).await.me.unread, bob.chat(chat).await.me.mentions), (0, 0));
    let history = ann.api.get(&format!("{path}/history")).await.unwrap().body;
    assert!(!history.to_string().contains("secret"), "{history}");
    let gone = (410, "gone".to_owned());
    assert_eq!(refusal(ann.api.patch(&path, json!({ "content": "x" })).await), gone);
    let react =
        request(&bob.api, "PUT", &format!("{path}/reactions/{THUMB_PATH}"), Value::Null).await;
    assert_eq!(refusal(react), gone);
    assert_eq!(
        event_refusal(anns.call("msg:edit", json!({ "id": secret.id, "content": "x" })).await),
        "gone"
    );
    // Once more is harmless.
    ann.api.delete(&format!("{path}?scope=all")).await.unwrap();
    assert_eq!(bob.chat(chat).await.last_rev, tombstone.rev);
}

#[tokio::test]
async fn an_admin_deletes_what_others_wrote_in_the_group() {
    let app = TestApp::start().await;
    let [ann, bob, cid] = app.people(["ann", "bob", "cid"]).await;
    let chat = ann.group("g", &[&bob, &cid]).await;
    let message = bob.say(chat, "spam").await;
    let path = format!("/messages/{}?scope=all", message.id);
    assert_eq!(refusal(cid.api.delete(&path).await).0, 403);
    ann.api.delete(&path).await.unwrap();
    assert!(bob.api.message(message.id).await.unwrap().deleted_at.is_some());
}

#[tokio::test]
async fn a_message_deleted_for_me_is_there_for_the_others() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let message = ann.say(chat, "hide me").await;
    let mut phone = app.login("bob").await.connect().await;
    let bobs = bob.connect().await;
    assert_eq!(bob.chat(chat).await.me.unread, 1);
    bobs.call("msg:delete", json!({ "id": message.id, "scope": "me" })).await.unwrap();
    let heard = phone.next("me:updated").await.unwrap();
    assert_eq!((&heard["kind"], &heard["data"]["messageId"]), (&json!("hide"), &json!(message.id)));
    assert_eq!(refusal(bob.api.message(message.id).await).0, 404);
    assert_eq!(bob.api.messages(chat).await.unwrap(), []);
    let chat_now = bob.chat(chat).await;
    assert_eq!((chat_now.me.unread, chat_now.last_message), (0, None));
    assert_eq!(ann.api.message(message.id).await.unwrap(), message);
    let synced = bob.api.sync(&Default::default()).await.unwrap();
    assert_eq!(synced.chats[0].messages, []);
}

#[tokio::test]
async fn everybody_sees_all_reactions_and_which_are_their_own() {
    let app = TestApp::start().await;
    let [ann, bob, cid] = app.people(["ann", "bob", "cid"]).await;
    let chat = ann.group("g", &[&bob, &cid]).await;
    let target = ann.say(chat, "well?").await;
    let (mut anns, mut bobs, cids) =
        (ann.connect().await, bob.connect().await, cid.connect().await);
    let react = |emoji: &str, on: bool| json!({ "id": target.id, "emoji": emoji, "on": on });
    bobs.call("msg:react", react(THUMB, true)).await.unwrap();
    for (socket, mine) in [(&mut anns, false), (&mut bobs, true)] {
        let updated = message(socket.next("msg:updated").await.unwrap());
        let expected = Reaction { emoji: THUMB.to_owned(), count: 1, user_ids: vec![bob.id], mine };
        assert_eq!(updated.reactions, [expected]);
    }
    cids.call("msg:react", react(THUMB, true)).await.unwrap();
    cids.call("msg:react", react("❤️", true)).await.unwrap();
    bobs.next("msg:updated").await.unwrap();
    let live = message(bobs.next("msg:updated").await.unwrap());
    let counts = |message: &Message| -> Vec<(String, u32, bool)> {
        message.reactions.iter().map(|one| (one.emoji.clone(), one.count, one.mine)).collect()
    };
    let expected = |thumb, heart| vec![(THUMB.to_owned(), 2, thumb), ("❤️".to_owned(), 1, heart)];
    assert_eq!(counts(&live), expected(true, false));
    for (person, thumb, heart) in [(&ann, false, false), (&bob, true, false), (&cid, true, true)] {
        let page = person.api.messages(chat).await.unwrap();
        assert_eq!(counts(page.last().unwrap()), expected(thumb, heart));
    }
    let path = format!("/messages/{}/reactions/{THUMB_PATH}", target.id);
    let answer = bob.api.delete(&path).await.unwrap().body;
    assert_eq!(counts(&message(answer["message"].clone()))[0], (THUMB.to_owned(), 1, false));
    // Taking back what is not there, or adding what is, is no change.
    let rev = ann.chat(chat).await.last_rev;
    bob.api.delete(&path).await.unwrap();
    request(&cid.api, "PUT", &path, Value::Null).await.unwrap();
    assert_eq!(ann.chat(chat).await.last_rev, rev);
    for wrong in ["", "ok", "👍👍", "<b>"] {
        assert_eq!(
            event_refusal(cids.call("msg:react", react(wrong, true)).await),
            "validation",
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn what_is_pinned_is_listed_for_members_a_page_at_a_time() {
    let app = TestApp::start().await;
    let [ann, bob, eve] = app.people(["ann", "bob", "eve"]).await;
    let chat = ann.direct(&bob).await;
    let (first, second) = (ann.say(chat, "one").await, bob.say(chat, "two").await);
    ann.say(chat, "three").await;
    for id in [second.id, first.id] {
        app.clock.advance(Duration::from_secs(1));
        request(&ann.api, "PUT", &format!("/messages/{id}/pin"), Value::Null).await.unwrap();
    }
    let pins: Messages = bob.get(&format!("/chats/{chat}/pins?limit=1")).await;
    assert_eq!((pins.messages.len(), pins.messages[0].id), (1, first.id), "the last pinned first");
    let cursor = pins.next_cursor.unwrap();
    let rest: Messages = bob.get(&format!("/chats/{chat}/pins?cursor={cursor}")).await;
    assert_eq!((rest.messages.len(), rest.messages[0].id), (1, second.id));
    assert_eq!(rest.next_cursor, None);
    let refused = request(&eve.api, "GET", &format!("/chats/{chat}/pins"), Value::Null).await;
    assert_eq!(refused.unwrap_err().status(), Some(404));
}

#[tokio::test]
async fn a_pin_is_for_everybody_and_a_star_for_me_alone() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let (first, second) = (ann.say(chat, "one").await, bob.say(chat, "two").await);
    let (mut anns, mut bobs) = (ann.connect().await, bob.connect().await);
    let pin = format!("/messages/{}/pin", first.id);
    request(&bob.api, "PUT", &pin, Value::Null).await.unwrap();
    let pinned = message(anns.next("msg:updated").await.unwrap());
    assert!(pinned.pinned_at.is_some() && pinned.rev == 3);
    request(&ann.api, "DELETE", &pin, Value::Null).await.unwrap();
    bobs.next("msg:updated").await.unwrap();
    assert_eq!(message(bobs.next("msg:updated").await.unwrap()).pinned_at, None);
    anns.next("msg:updated").await.unwrap();

    for id in [first.id, second.id] {
        app.clock.advance(Duration::from_secs(1));
        request(&ann.api, "PUT", &format!("/messages/{id}/star"), Value::Null).await.unwrap();
    }
    let star = anns.next("me:updated").await.unwrap();
    assert_eq!((&star["kind"], &star["data"]["starred"]), (&json!("star"), &json!(true)));
    assert_eq!(bob.heard(&mut bobs).await, []);
    let starred: Messages = ann.get("/starred?limit=1").await;
    assert_eq!(starred.messages[0].id, second.id, "the last starred first");
    let rest: Messages =
        ann.get(&format!("/starred?cursor={}", starred.next_cursor.unwrap())).await;
    assert_eq!((rest.messages.len(), rest.messages[0].id), (1, first.id));
    request(&ann.api, "DELETE", &format!("/messages/{}/star", first.id), Value::Null)
        .await
        .unwrap();
    let starred: Messages = ann.get("/starred").await;
    assert_eq!(starred.messages.len(), 1);
    let bobs_starred: Messages = bob.get("/starred").await;
    assert_eq!(bobs_starred.messages, []);
    assert_eq!(named(&ann.heard(&mut anns).await, "msg:updated"), [Value::Null; 0]);
}
