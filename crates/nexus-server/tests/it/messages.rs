//! Sending and reading messages.

use std::collections::HashSet;

use nexus_protocol::{Messages, MsgQueued, MsgSent, SendStatus};
use serde_json::{Value, json};

use crate::fixture::{TestApp, event_refusal, eventually, named, refusal, request, text};

#[tokio::test]
async fn a_message_is_queued_then_reaches_everybody_and_the_senders_other_device() {
    let app = TestApp::start().await;
    let [ann, bob, eve] = app.people(["ann", "bob", "eve"]).await;
    let chat = ann.direct(&bob).await;
    let phone = app.login("ann").await;
    let (mut anns, mut phones) = (ann.connect().await, phone.connect().await);
    let (mut bobs, mut eves) = (bob.connect().await, eve.connect().await);
    let message = text(chat, "hello **Bob** <b>");
    let answer = anns.call("msg:send", &message).await.unwrap();
    let sent: MsgSent = serde_json::from_value(answer).unwrap();
    assert_eq!(
        (sent.status, &sent.client_id, sent.seq),
        (SendStatus::Queued, &message.client_id, None)
    );

    let news = anns.next("msg:new").await.unwrap();
    assert_eq!((&news["id"], &news["clientId"]), (&json!(sent.id), &json!(message.client_id)));
    assert_eq!((&news["content"], &news["type"]), (&json!("hello **Bob** <b>"), &json!("text")));
    assert_eq!(
        (&news["seq"], &news["rev"], &news["senderId"]),
        (&json!(1), &json!(1), &json!(ann.id))
    );
    for socket in [&mut phones, &mut bobs] {
        assert_eq!(socket.next("msg:new").await.unwrap(), news);
    }
    let queued: MsgQueued =
        serde_json::from_value(named(&ann.heard(&mut anns).await, "msg:queued").remove(0)).unwrap();
    assert_eq!((queued.id, queued.chat_id, queued.status), (sent.id, chat, SendStatus::Queued));
    assert_eq!(
        named(&ann.heard(&mut phones).await, "msg:queued"),
        [Value::Null; 0],
        "beside the ack only"
    );
    assert_eq!(eve.heard(&mut eves).await, []);
    assert_eq!(json!(bob.api.message(sent.id).await.unwrap()), news);
}

#[tokio::test]
async fn rest_sends_through_the_same_pipeline() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let mut bobs = bob.connect().await;
    let path = format!("/chats/{chat}/messages");
    let body = json!({ "clientId": "c1", "content": "hello" });
    let first = ann.api.post(&path, &body).await.unwrap();
    assert_eq!((first.status, &first.body["status"]), (202, &json!("queued")));
    assert_eq!(bobs.next("msg:new").await.unwrap()["id"], first.body["id"]);
    let again = ann.api.post(&path, &body).await.unwrap();
    assert_eq!(
        (again.status, &again.body["status"], &again.body["seq"]),
        (200, &json!("sent"), &json!(1))
    );
    assert_eq!(again.body["id"], first.body["id"]);
    let elsewhere = json!({ "chatId": uuid::Uuid::nil(), "clientId": "c2", "content": "x" });
    assert_eq!(refusal(ann.api.post(&path, elsewhere).await).1, "validation");
}

#[tokio::test]
async fn the_same_client_id_is_the_same_message_for_ever() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let (chat, other) = (ann.direct(&bob).await, ann.group("other", &[&bob]).await);
    let mut socket = ann.connect().await;
    let message = text(chat, "once");
    // Ten at once, over both roads.
    let by_socket: Vec<_> = (0..5).map(|_| socket.start("msg:send", &message)).collect();
    let by_rest =
        futures_util::future::join_all((0..5).map(|_| ann.api.send(message.clone()))).await;
    let mut ids: HashSet<_> = by_rest.into_iter().map(|sent| sent.unwrap().id).collect();
    for sent in by_socket {
        let sent: MsgSent = serde_json::from_value(sent.answer().await.unwrap()).unwrap();
        ids.insert(sent.id);
    }
    assert_eq!(ids.len(), 1);
    let id = ids.into_iter().next().unwrap();
    ann.committed(id).await;
    let mut changed = message.clone();
    changed.content = "another text".to_owned();
    let again: MsgSent =
        serde_json::from_value(socket.call("msg:send", changed).await.unwrap()).unwrap();
    assert_eq!((again.id, again.status, again.seq), (id, SendStatus::Sent, Some(1)));
    let all = bob.api.messages(chat).await.unwrap();
    assert_eq!((all.len(), all[0].content.as_str()), (1, "once"));
    assert_eq!(named(&ann.heard(&mut socket).await, "msg:new").len(), 1);

    // By another sender, or elsewhere, it is another message.
    let mut theirs = message.clone();
    theirs.content = "Bob's".to_owned();
    assert_ne!(bob.say_as(theirs).await.id, id);
    let mut there = message;
    there.chat_id = other;
    assert_ne!(ann.say_as(there).await.id, id);
}

#[tokio::test]
async fn an_outbox_keeps_its_order_and_stops_at_the_first_refusal() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let (anns, mut bobs) = (ann.connect().await, bob.connect().await);
    let outbox: Vec<_> = (0..50).map(|number| text(chat, &number.to_string())).collect();
    let answers = anns.call("msg:send", &outbox).await.unwrap();
    let answers: Vec<MsgSent> = serde_json::from_value(answers).unwrap();
    let ids = |sent: &[MsgSent]| sent.iter().map(|sent| sent.client_id.clone()).collect::<Vec<_>>();
    assert_eq!(
        ids(&answers),
        outbox.iter().map(|message| message.client_id.clone()).collect::<Vec<_>>()
    );
    for number in 0..50 {
        let news = bobs.next("msg:new").await.unwrap();
        assert_eq!(
            (&news["content"], &news["seq"]),
            (&json!(number.to_string()), &json!(number + 1))
        );
    }
    let mut outbox: Vec<_> = (0..4).map(|number| text(chat, &number.to_string())).collect();
    outbox[2].content = "x".repeat(4_001);
    let answers = anns.call("msg:send", &outbox).await.unwrap();
    assert_eq!(answers.as_array().unwrap().len(), 3, "{answers}");
    assert_eq!(answers[1]["status"], "queued");
    assert_eq!(
        (&answers[2]["error"]["code"], &answers[2]["error"]["retryable"]),
        (&json!("validation"), &json!(false))
    );
    bobs.next("msg:new").await.unwrap();
    bobs.next("msg:new").await.unwrap();
    assert_eq!(named(&bob.heard(&mut bobs).await, "msg:new"), [Value::Null; 0]);
    let answers = anns.call("msg:send", json!([text(chat, "fine"), 7, text(chat, "late")])).await;
    let answers = answers.unwrap();
    assert_eq!(answers.as_array().unwrap().len(), 2, "{answers}");
    assert_eq!(
        (&answers[0]["status"], &answers[1]["error"]["code"]),
        (&json!("queued"), &json!("malformed"))
    );
    assert_eq!(bobs.next("msg:new").await.unwrap()["content"], "fine");
    for length in [0, 51] {
        let outbox: Vec<_> = (0..length).map(|_| text(chat, "x")).collect();
        assert_eq!(event_refusal(anns.call("msg:send", outbox).await), "malformed");
    }
}

#[tokio::test]
async fn what_one_sends_to_a_chat_arrives_in_the_order_of_sending() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chats =
        [ann.direct(&bob).await, ann.group("one", &[&bob]).await, ann.group("two", &[&bob]).await];
    let (anns, bobs_own) = (ann.connect().await, bob.connect().await);
    let mut watching = bob.connect().await;
    let mut sent = Vec::new();
    for number in 0..60 {
        let socket = if number % 2 == 0 { &anns } else { &bobs_own };
        sent.push(socket.start("msg:send", text(chats[number / 2 % 3], &number.to_string())));
    }
    for pending in sent {
        pending.answer().await.unwrap();
    }
    for chat in chats {
        let all = eventually("all are there", async || {
            let all = ann.api.messages(chat).await.unwrap();
            (all.iter().filter(|message| message.system.is_none()).count() == 20).then_some(all)
        })
        .await;
        let seqs: Vec<u64> = all.iter().map(|message| message.seq).collect();
        assert_eq!(seqs, (1..=all.len() as u64).collect::<Vec<_>>(), "gapless");
        for sender in [ann.id, bob.id] {
            let numbers: Vec<u32> = all
                .iter()
                .filter(|message| message.sender_id == sender && message.system.is_none())
                .map(|message| message.content.parse().unwrap())
                .collect();
            assert!(numbers.is_sorted() && numbers.len() == 10, "{numbers:?}");
        }
        let heard = bob.heard(&mut watching).await;
        let live: Vec<u64> = named(&heard, "msg:new")
            .iter()
            .filter(|body| body["chatId"] == json!(chat))
            .map(|body| body["seq"].as_u64().unwrap())
            .collect();
        assert!(live.is_sorted(), "{live:?}");
    }
}

#[tokio::test]
async fn a_message_has_its_bounds() {
    let app = TestApp::start().await;
    let [ann, bob, eve] = app.people(["ann", "bob", "eve"]).await;
    let chat = ann.direct(&bob).await;
    let socket = ann.connect().await;
    // Characters, not bytes.
    let longest = ann.say(chat, &"😀".repeat(4_000)).await;
    assert_eq!(longest.content.chars().count(), 4_000);
    let mut wrong = Vec::new();
    wrong.push(text(chat, &"x".repeat(4_001)));
    wrong.push(text(chat, " \n\t"));
    wrong.push(text(chat, ""));
    let mut no_client_id = text(chat, "x");
    no_client_id.client_id.clear();
    wrong.push(no_client_id);
    let mut long_client_id = text(chat, "x");
    long_client_id.client_id = "x".repeat(65);
    wrong.push(long_client_id);
    let mut stranger = text(chat, "x");
    stranger.mentions = vec![eve.id];
    wrong.push(stranger);
    let mut system = text(chat, "x");
    system.r#type = nexus_protocol::MessageType::System;
    wrong.push(system);
    for message in wrong {
        assert_eq!(
            event_refusal(socket.call("msg:send", &message).await),
            "validation",
            "{message:?}"
        );
        assert_eq!(refusal(ann.api.send(message).await).0, 422);
    }
    assert_eq!(ann.chat(chat).await.last_seq, 1);
}

#[tokio::test]
async fn a_reply_quotes_and_a_mention_counts() {
    let app = TestApp::start().await;
    let [ann, bob, cid] = app.people(["ann", "bob", "cid"]).await;
    let chat = ann.group("three", &[&bob, &cid]).await;
    let original = ann.say(chat, &"word ".repeat(100)).await;
    let mut reply = text(chat, "I agree");
    reply.reply_to = Some(original.id);
    reply.mentions = vec![cid.id, ann.id, cid.id];
    let reply = bob.say_as(reply).await;
    let quoted = reply.reply_to.unwrap();
    assert_eq!((quoted.id, quoted.sender_id), (original.id, ann.id));
    assert!(original.content.starts_with(&quoted.preview) && quoted.preview.len() == 120);
    assert_eq!(reply.mentions, [cid.id, ann.id]);
    assert_eq!((cid.chat(chat).await.me.unread, cid.chat(chat).await.me.mentions), (2, 1));
    let mut elsewhere = text(bob.direct(&ann).await, "quoting");
    elsewhere.reply_to = Some(original.id);
    assert_eq!(refusal(bob.api.send(elsewhere).await).0, 404);
}

#[tokio::test]
async fn a_chat_is_read_page_by_page_in_both_directions() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let socket = ann.connect().await;
    let outbox: Vec<_> = (1..=25).map(|number| text(chat, &number.to_string())).collect();
    socket.call("msg:send", outbox).await.unwrap();
    eventually("all are there", async || (ann.chat(chat).await.last_seq == 25).then_some(())).await;
    let page = async |query: &str| -> (Vec<u64>, Option<String>) {
        let page: Messages = bob.get(&format!("/chats/{chat}/messages?{query}")).await;
        (page.messages.iter().map(|message| message.seq).collect(), page.next_cursor)
    };
    let down = |from: u64, to: u64| (to..=from).rev().collect::<Vec<_>>();
    let up = |from: u64, to: u64| (from..=to).collect::<Vec<_>>();
    assert_eq!(page("").await.0, down(25, 1));
    assert_eq!(page("limit=10").await, (down(25, 16), Some("16".to_owned())));
    assert_eq!(page("before=16&limit=10").await, (down(15, 6), Some("6".to_owned())));
    assert_eq!(page("before=6&limit=10").await, (down(5, 1), None));
    assert_eq!(page("after=0&limit=10").await, (up(1, 10), Some("10".to_owned())));
    assert_eq!(page("after=20&limit=10").await, (up(21, 25), None));
    let (around, _) = page("around=12&limit=5").await;
    assert!(
        around.contains(&12) && around.len() == 5 && around.is_sorted_by(|a, b| a > b),
        "{around:?}"
    );
    assert!(around[0] > 12 && around[4] < 12, "{around:?}");
    let both = bob.api.get(&format!("/chats/{chat}/messages?before=3&after=1")).await;
    assert_eq!(refusal(both).1, "malformed");
}

#[tokio::test]
async fn a_forwarded_message_is_a_new_one_in_each_chat() {
    let app = TestApp::start().await;
    let [ann, bob, cid] = app.people(["ann", "bob", "cid"]).await;
    let (from, to, other) =
        (ann.direct(&bob).await, bob.direct(&cid).await, bob.group("g", &[&cid]).await);
    let theirs = ann.direct(&cid).await;
    let mut source = text(from, "pass it on");
    source.mentions = vec![bob.id];
    let source = ann.say_as(source).await;
    let mut cids = cid.connect().await;
    let forward = format!("/messages/{}/forward", source.id);
    let answer = bob.api.post(&forward, json!({ "chatIds": [to, other, to] })).await.unwrap();
    assert_eq!((answer.status, answer.body["messages"].as_array().unwrap().len()), (202, 2));
    let mut arrived = HashSet::new();
    for _ in 0..2 {
        let news = cids.next("msg:new").await.unwrap();
        assert_eq!((&news["content"], &news["forwarded"]), (&json!("pass it on"), &json!(true)));
        assert_eq!((&news["senderId"], &news["mentions"]), (&json!(bob.id), &json!([])));
        arrived.insert(news["chatId"].as_str().unwrap().to_owned());
    }
    assert_eq!(arrived, HashSet::from([to.to_string(), other.to_string()]));
    // Not to where one isn't, and then to none.
    let refused = bob.api.post(&forward, json!({ "chatIds": [to, theirs] })).await;
    assert_eq!(refusal(refused).0, 404);
    assert_eq!(bob.chat(to).await.last_seq, 1);
    for none in [json!([]), json!((0..21).map(uuid::Uuid::from_u128).collect::<Vec<_>>())] {
        assert_eq!(
            refusal(bob.api.post(&forward, json!({ "chatIds": none })).await).1,
            "validation"
        );
    }
    request(&ann.api, "DELETE", &format!("/messages/{}?scope=all", source.id), Value::Null)
        .await
        .unwrap();
    assert_eq!(
        refusal(bob.api.post(&forward, json!({ "chatIds": [to] })).await),
        (410, "gone".to_owned())
    );
}
