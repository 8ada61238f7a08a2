//! Direct chats, the list of chats, and one's own part in them.

use std::{collections::HashSet, time::Duration};

use nexus_protocol::{Chat, ChatType, Chats, UserChange};
use serde_json::{Value, json};

use crate::fixture::{TestApp, named, refusal};

#[tokio::test]
async fn two_people_have_one_direct_chat_whoever_starts_it() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let (mut anns, mut bobs) = (ann.connect().await, bob.connect().await);
    let with = |id| json!({ "type": "direct", "memberIds": [id] });
    let first = ann.api.post("/chats", with(bob.id)).await.unwrap();
    assert_eq!(first.status, 201);
    let chat: Chat = serde_json::from_value(first.body["chat"].clone()).unwrap();
    assert_eq!((chat.r#type, chat.member_count, chat.title.as_str()), (ChatType::Direct, 2, ""));
    assert_eq!(chat.peer.unwrap().id, bob.id);
    for socket in [&mut anns, &mut bobs] {
        assert_eq!(socket.next("chat:new").await.unwrap()["id"], json!(chat.id));
    }
    for (person, other) in [(&ann, &bob), (&bob, &ann)] {
        let again = person.api.post("/chats", with(other.id)).await.unwrap();
        assert_eq!((again.status, &again.body["chat"]["id"]), (200, &json!(chat.id)));
        assert_eq!(again.body["chat"]["peer"]["id"], json!(other.id));
    }
    assert_eq!(named(&bob.heard(&mut bobs).await, "chat:new"), [Value::Null; 0]);
}

#[tokio::test]
async fn two_people_who_start_their_chat_at_once_end_in_the_same() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let starting = (0..6).map(|n| {
        let (person, other) = if n % 2 == 0 { (&ann, &bob) } else { (&bob, &ann) };
        person.direct(other)
    });
    let chats: HashSet<_> = futures_util::future::join_all(starting).await.into_iter().collect();
    assert_eq!(chats.len(), 1);
    assert_eq!(ann.api.chats().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_direct_chat_is_between_two_and_stays_so() {
    let app = TestApp::start().await;
    let [ann, bob, eve] = app.people(["ann", "bob", "eve"]).await;
    for (members, expected) in [
        (json!([ann.id]), 422),
        (json!([]), 422),
        (json!([bob.id, eve.id]), 422),
        (json!([uuid::Uuid::nil()]), 404),
    ] {
        let body = json!({ "type": "direct", "memberIds": members });
        assert_eq!(refusal(ann.api.post("/chats", &body).await).0, expected, "{body}");
    }
    let titled = json!({ "type": "direct", "memberIds": [bob.id], "title": "x" });
    assert_eq!(refusal(ann.api.post("/chats", titled).await).1, "validation");
    let chat = ann.direct(&bob).await;
    let path = format!("/chats/{chat}");
    let forbidden = (403, "forbidden".to_owned());
    let leave = ann.api.post(&format!("{path}/leave"), json!({})).await;
    assert_eq!(refusal(leave), forbidden);
    let add = ann.api.post(&format!("{path}/members"), json!({ "userIds": [eve.id] })).await;
    assert_eq!(refusal(add), forbidden);
    let title = ann.api.patch(&path, json!({ "title": "x" })).await;
    assert_eq!(refusal(title), forbidden);
    let remove = ann.api.delete(&format!("{path}/members/{}", bob.id)).await;
    assert_eq!(refusal(remove), forbidden);
    assert_eq!(refusal(ann.api.delete(&path).await), forbidden);
}

#[tokio::test]
async fn the_chat_with_the_latest_message_comes_first_and_pages_miss_none() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let mut chats = Vec::new();
    for number in 0..7 {
        app.clock.advance(Duration::from_secs(1));
        chats.push(ann.group(&format!("group {number}"), &[&bob]).await);
    }
    app.clock.advance(Duration::from_secs(1));
    bob.say(chats[2], "hello").await;
    let mut expected: Vec<_> = chats.iter().rev().copied().filter(|id| *id != chats[2]).collect();
    expected.insert(0, chats[2]);

    let (mut listed, mut path) = (Vec::new(), "/chats?limit=3".to_owned());
    loop {
        let page: Chats = ann.get(&path).await;
        assert!(page.chats.len() <= 3);
        listed.extend(page.chats);
        let Some(cursor) = page.next_cursor else { break };
        path = format!("/chats?limit=3&cursor={cursor}");
    }
    assert_eq!(listed.iter().map(|chat| chat.id).collect::<Vec<_>>(), expected);
    let first = &listed[0];
    assert_eq!(first.last_message.as_ref().unwrap().content, "hello");
    assert_eq!((first.me.unread, first.last_seq, first.last_rev), (1, 2, 2));
}

#[tokio::test]
async fn own_marks_reach_the_other_device_in_order_and_nobody_else() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    bob.say(chat, "one").await;
    let phone = app.login("ann").await;
    let (mut phones, mut bobs) = (phone.connect().await, bob.connect().await);
    let path = format!("/chats/{chat}/me");
    let until = "2030-01-01T00:00:00.000Z";
    for patch in [
        json!({ "mutedUntil": until }),
        json!({ "pinned": true, "archived": true }),
        json!({ "draft": "I was about to" }),
        json!({ "unreadFrom": 1 }),
        json!({ "draft": null, "pinned": false }),
        // Nothing changes: nothing is told.
        json!({ "archived": true }),
    ] {
        ann.api.patch(&path, patch).await.unwrap();
    }
    ann.api.post(&format!("/chats/{chat}/read"), json!({ "seq": 1 })).await.unwrap();
    let heard: Vec<UserChange> = named(&phone.heard(&mut phones).await, "me:updated")
        .into_iter()
        .map(|body| serde_json::from_value(body).unwrap())
        .collect();
    let kinds: Vec<String> =
        heard.iter().map(|change| json!(change)["kind"].as_str().unwrap().to_owned()).collect();
    assert_eq!(kinds[..4], ["mute", "pin", "archive", "draft"].map(str::to_owned), "{kinds:?}");
    let mut rest = kinds[4..].to_vec();
    rest[1..3].sort();
    assert_eq!(rest, ["unread", "draft", "pin", "read"].map(str::to_owned));
    let first = heard[0].user_rev;
    let revs: Vec<u64> = heard.iter().map(|change| change.user_rev).collect();
    assert_eq!(revs, (first..first + 8).collect::<Vec<_>>(), "gapless");

    let me = phone.chat(chat).await.me;
    assert_eq!(json!(me.muted_until), json!(until));
    assert_eq!((me.pinned, me.archived, me.draft, me.unread_from), (false, true, None, None));
    assert_eq!((me.read_seq, me.unread), (1, 0));
    let theirs = bob.chat(chat).await.me;
    assert_eq!((theirs.muted_until, theirs.archived), (None, false));
    assert_eq!(named(&bob.heard(&mut bobs).await, "me:updated"), [Value::Null; 0]);
}

#[tokio::test]
async fn a_draft_has_the_bounds_of_a_message() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let path = format!("/chats/{}/me", ann.direct(&bob).await);
    ann.api.patch(&path, json!({ "draft": "x".repeat(4_000) })).await.unwrap();
    let long = ann.api.patch(&path, json!({ "draft": "x".repeat(4_001) })).await;
    assert_eq!(refusal(long).1, "validation");
}
