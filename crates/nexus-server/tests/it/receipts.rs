//! Delivered and read, unread counts, and the ledger of a message.

use nexus_protocol::{Ledger, LedgerEntry, Message, MessageReceipts, UserId};
use serde_json::{Value, json};

use crate::fixture::{Person, TestApp, event_refusal, named, refusal, text};

#[tokio::test]
async fn watermarks_only_rise_and_never_beyond_the_last_message() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let mut messages = Vec::new();
    for number in 0..5 {
        messages.push(ann.say(chat, &number.to_string()).await);
    }
    let (mut anns, bobs) = (ann.connect().await, bob.connect().await);
    let mark = |seq: u64| json!({ "chatId": chat, "seq": seq });
    assert_eq!(bobs.call("msg:delivered", mark(3)).await.unwrap(), json!({ "ok": true }));
    let status = anns.next("status:delivered").await.unwrap();
    assert_eq!((&status["userId"], &status["seq"]), (&json!(bob.id), &json!(3)));
    ann.sees_receipt(chat, bob.id, 3, 0).await;
    bobs.call("msg:read", json!({ "chatId": chat, "messageId": messages[1].id })).await.unwrap();
    assert_eq!(anns.next("status:read").await.unwrap()["seq"], 2);
    ann.sees_receipt(chat, bob.id, 3, 2).await;
    for (event, seq) in [("msg:delivered", 1), ("msg:read", 1), ("msg:read", 0)] {
        bobs.call(event, mark(seq)).await.unwrap();
    }
    ann.sees_receipt(chat, bob.id, 3, 2).await;
    // Reading is delivery, and nobody reads what isn't there.
    bobs.call("msg:read", mark(4)).await.unwrap();
    ann.sees_receipt(chat, bob.id, 4, 4).await;
    bobs.call("msg:delivered", mark(1_000)).await.unwrap();
    ann.sees_receipt(chat, bob.id, 5, 4).await;
    bobs.call("msg:read", mark(u64::MAX >> 12)).await.unwrap();
    ann.sees_receipt(chat, bob.id, 5, 5).await;
    let heard = ann.heard(&mut anns).await;
    for name in ["status:delivered", "status:read"] {
        let seqs: Vec<u64> =
            named(&heard, name).iter().map(|body| body["seq"].as_u64().unwrap()).collect();
        assert!(seqs.is_sorted_by(|a, b| a < b), "{name} {seqs:?}");
    }
    let foreign = ann.direct(&app.person("cid").await).await;
    let elsewhere = json!({ "chatId": foreign, "messageId": messages[0].id });
    assert_eq!(event_refusal(anns.call("msg:read", elsewhere).await), "not_found");
}

#[tokio::test]
async fn a_burst_of_watermarks_ends_at_the_highest() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let socket = ann.connect().await;
    let outbox: Vec<_> = (0..40).map(|number| text(chat, &number.to_string())).collect();
    socket.call("msg:send", outbox).await.unwrap();
    crate::fixture::eventually("all are there", async || {
        (bob.chat(chat).await.last_seq == 40).then_some(())
    })
    .await;
    let bobs = bob.connect().await;
    let marks: Vec<_> = (1..=40)
        .rev()
        .map(|seq| bobs.start("msg:read", json!({ "chatId": chat, "seq": seq })))
        .collect();
    for mark in marks {
        mark.answer().await.unwrap();
    }
    let receipt =
        ann.chat(chat).await.receipts.into_iter().find(|one| one.user_id == bob.id).unwrap();
    assert_eq!((receipt.delivered_seq, receipt.read_seq), (40, 40), "stored before it is answered");
}

#[tokio::test]
async fn a_message_says_when_each_member_got_and_read_it() {
    let app = TestApp::start().await;
    let [ann, bob, cid] = app.people(["ann", "bob", "cid"]).await;
    let chat = ann.group("g", &[&bob, &cid]).await;
    let message = ann.say(chat, "hello").await;
    let (bobs, cids) = (bob.connect().await, cid.connect().await);
    bobs.call("msg:delivered", json!({ "chatId": chat, "seq": message.seq })).await.unwrap();
    bobs.call("msg:read", json!({ "chatId": chat, "seq": message.seq })).await.unwrap();
    cids.call("msg:delivered", json!({ "chatId": chat, "seq": message.seq })).await.unwrap();
    let answer: MessageReceipts = cid.get(&format!("/messages/{}/receipts", message.id)).await;
    let of = |user: UserId| answer.receipts.iter().find(|one| one.user_id == user);
    let bobs_mark = of(bob.id).unwrap();
    assert!(bobs_mark.delivered_at.unwrap() <= bobs_mark.read_at.unwrap());
    assert!(of(cid.id).unwrap().delivered_at.is_some() && of(cid.id).unwrap().read_at.is_none());
    assert!(of(ann.id).is_none(), "not its sender");
}

#[tokio::test]
async fn the_ledger_tells_the_sender_every_stage() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let message = ann.say(chat, "hello").await;
    let bobs = bob.connect().await;
    bobs.call("msg:delivered", json!({ "chatId": chat, "seq": 1 })).await.unwrap();
    app.clock.advance(std::time::Duration::from_secs(1));
    bobs.call("msg:read", json!({ "chatId": chat, "seq": 1 })).await.unwrap();
    let path = format!("/messages/{}/ledger", message.id);
    let ledger: Ledger = ann.get(&path).await;
    let stages: Vec<Value> =
        ledger.ledger.iter().map(|entry| json!(entry)["stage"].clone()).collect();
    assert_eq!(stages, ["queued", "committed", "delivered", "read"]);
    let times: Vec<Value> = ledger.ledger.iter().map(|entry| json!(entry)["at"].clone()).collect();
    assert!(times.is_sorted_by_key(|at| at.as_str().unwrap().to_owned()), "{times:?}");
    assert!(matches!(ledger.ledger[1], LedgerEntry::Committed { seq: 1, .. }));
    assert!(matches!(ledger.ledger[3], LedgerEntry::Read { user_id, .. } if user_id == bob.id));
    assert_eq!(refusal(bob.api.get(&path).await).0, 404, "for its sender alone");
}

/// Counted by hand from the messages.
fn recount(viewer: &Person, read_seq: u64, messages: &[Message]) -> (u64, u64) {
    let unread: Vec<_> = messages
        .iter()
        .filter(|one| one.seq > read_seq && one.sender_id != viewer.id)
        .filter(|one| one.system.is_none() && one.deleted_at.is_none())
        .collect();
    let mentions = unread.iter().filter(|one| one.mentions.contains(&viewer.id)).count();
    (unread.len() as u64, mentions as u64)
}

#[tokio::test]
async fn unread_and_mentions_equal_a_recount() {
    let app = TestApp::start().await;
    let people = app.people(["ann", "bob", "cid"]).await;
    let [ann, bob, cid] = &people;
    let chat = ann.group("g", &[bob, cid]).await;
    let mut sent = Vec::new();
    for number in 0..12 {
        let sender = &people[number % 3];
        let mut message = text(chat, &number.to_string());
        if number % 2 == 0 {
            message.mentions = vec![ann.id, cid.id];
        }
        sent.push(sender.say_as(message).await);
    }
    let check = async |step: &str| {
        for person in &people {
            let me = person.chat(chat).await.me;
            let messages = person.api.messages(chat).await.unwrap();
            assert_eq!((me.unread, me.mentions), recount(person, me.read_seq, &messages), "{step}");
        }
    };
    check("sent").await;
    bob.api.delete(&format!("/messages/{}?scope=all", sent[4].id)).await.unwrap();
    bob.api.delete(&format!("/messages/{}?scope=all", sent[10].id)).await.unwrap();
    check("deleted for all").await;
    cid.api.delete(&format!("/messages/{}?scope=me", sent[6].id)).await.unwrap();
    check("deleted for me").await;
    cid.api.post(&format!("/chats/{chat}/read"), json!({ "seq": sent[5].seq })).await.unwrap();
    check("read half").await;
    ann.api.patch(&format!("/chats/{chat}"), json!({ "title": "new" })).await.unwrap();
    check("a system message").await;
    let total = ann.chat(chat).await.last_seq;
    ann.api.post(&format!("/chats/{chat}/read"), json!({ "seq": total })).await.unwrap();
    assert_eq!(ann.chat(chat).await.me.unread, 0);
    check("read all").await;
}

#[tokio::test]
async fn reading_on_one_device_is_known_on_the_other() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    ann.say(chat, "hello").await;
    let mut phone = app.login("bob").await.connect().await;
    bob.api.patch(&format!("/chats/{chat}/me"), json!({ "unreadFrom": 1 })).await.unwrap();
    assert_eq!(phone.next("me:updated").await.unwrap()["kind"], "unread");
    bob.api.post(&format!("/chats/{chat}/read"), json!({ "seq": 1 })).await.unwrap();
    let read = phone.next("me:updated").await.unwrap();
    assert_eq!(read["kind"], "read");
    assert_eq!((&read["data"]["readSeq"], &read["data"]["unreadFrom"]), (&json!(1), &Value::Null));
}
