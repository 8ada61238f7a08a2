//! Catching up: what `sync` and `sync:check` answer.

use nexus_client::ClientState;
use nexus_protocol::{ChatId, OwnChange, SyncAnswer, SyncChecked, SyncMode, SyncRequest};
use serde_json::{Value, json};

use crate::fixture::{Person, TestApp, eventually, refusal, request, text};

async fn sync(person: &Person, body: Value) -> SyncAnswer {
    person.api.sync(&serde_json::from_value(body).unwrap()).await.unwrap()
}

/// So many messages, told in words.
async fn fill(person: &Person, chat: ChatId, count: usize) {
    let before = person.chat(chat).await.last_seq;
    let socket = person.connect().await;
    for start in (0..count).step_by(50) {
        let outbox: Vec<_> =
            (start..count.min(start + 50)).map(|number| text(chat, &number.to_string())).collect();
        socket.call("msg:send", outbox).await.unwrap();
    }
    let all = before + count as u64;
    eventually("all are there", async || (person.chat(chat).await.last_seq == all).then_some(()))
        .await;
}

#[tokio::test]
async fn a_delta_holds_each_changed_message_once_in_its_latest_state() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let first = ann.say(chat, "one").await;
    let second = ann.say(chat, "two").await;
    let known = ann.chat(chat).await.last_rev;
    let third = bob.say(chat, "three").await;
    for text in ["uno", "eins"] {
        ann.api
            .patch(&format!("/messages/{}", first.id), json!({ "content": text }))
            .await
            .unwrap();
    }
    let answer = sync(&bob, json!({ "chats": { chat.to_string(): known } })).await;
    let [synced] = &answer.chats[..] else { panic!("{answer:?}") };
    assert_eq!((synced.mode, synced.to_rev), (SyncMode::Delta, known + 3));
    let got: Vec<_> =
        synced.messages.iter().map(|message| (message.id, message.content.as_str())).collect();
    assert_eq!(
        got,
        [(third.id, "three"), (first.id, "eins")],
        "in order of rev, without {}",
        second.id
    );
    assert_eq!(synced.chat, bob.chat(chat).await);
    assert!(!answer.more && answer.removed.is_empty());
    // Nothing new: nothing told. The same over the socket.
    let body = json!({ "chats": { chat.to_string(): synced.to_rev }, "userRev": answer.user_rev });
    assert_eq!(sync(&bob, body.clone()).await.chats, []);
    let over_socket = bob.connect().await.call("sync", body).await.unwrap();
    assert_eq!((&over_socket["chats"], &over_socket["me"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn far_behind_or_new_to_a_chat_one_gets_its_newest_30_messages() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    fill(&ann, chat, 252).await;
    for (known, mode, first, count) in [
        (json!({}), SyncMode::Snapshot, 223, 30),
        (json!({ chat.to_string(): 0 }), SyncMode::Snapshot, 223, 30),
        (json!({ chat.to_string(): 1 }), SyncMode::Snapshot, 223, 30),
        (json!({ chat.to_string(): 2 }), SyncMode::Delta, 3, 250),
        (json!({ chat.to_string(): 251 }), SyncMode::Delta, 252, 1),
        // More than there is: from another server, or from before a restore.
        (json!({ chat.to_string(): 1_000 }), SyncMode::Snapshot, 223, 30),
    ] {
        let answer = sync(&bob, json!({ "chats": known })).await;
        let synced = &answer.chats[0];
        let seqs: Vec<u64> = synced.messages.iter().map(|message| message.seq).collect();
        assert_eq!((synced.mode, seqs[0], seqs.len()), (mode, first, count), "{known}");
        assert!(seqs.is_sorted());
    }
}

#[tokio::test]
async fn chats_that_ended_are_named_and_large_answers_come_in_parts() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let mut chats = Vec::new();
    for number in 0..7 {
        chats.push(ann.group(&format!("g{number}"), &[&bob]).await);
    }
    bob.api.post(&format!("/chats/{}/leave", chats[0]), json!({})).await.unwrap();
    ann.api.delete(&format!("/chats/{}", chats[1])).await.unwrap();
    let mut request = SyncRequest { limit: Some(2), ..SyncRequest::default() };
    for chat in [chats[0], chats[1]] {
        request.chats.insert(chat, 1);
    }
    let (mut got, mut rounds) = (Vec::new(), 0);
    loop {
        let answer = bob.api.sync(&request).await.unwrap();
        assert!(answer.chats.len() <= 2);
        for synced in &answer.chats {
            request.chats.insert(synced.chat.id, synced.to_rev);
            got.push(synced.chat.id);
        }
        for gone in &answer.removed {
            assert!(chats[..2].contains(gone));
            request.chats.remove(gone);
        }
        rounds += 1;
        if !answer.more {
            break;
        }
    }
    assert_eq!(rounds, 3);
    got.sort();
    let mut expected = chats[2..].to_vec();
    expected.sort();
    assert_eq!(got, expected, "each once");
    assert_eq!(request.chats.len(), 5, "the ended ones were named");
}

#[tokio::test]
async fn a_large_backlog_comes_in_parts_that_a_connection_can_take() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chats = [ann.direct(&bob).await, ann.group("long", &[&bob]).await];
    let mut request = SyncRequest::default();
    let socket = ann.connect().await;
    for chat in chats {
        let known = bob.chat(chat).await.last_rev;
        request.chats.insert(chat, known);
        for _ in 0..10 {
            let outbox: Vec<_> = (0..20).map(|_| text(chat, &"long ".repeat(800))).collect();
            socket.call("msg:send", outbox).await.unwrap();
        }
        eventually("all are there", async || {
            (bob.chat(chat).await.last_rev == known + 200).then_some(())
        })
        .await;
    }
    // 1.6 MB, more than may wait for one connection at a time.
    let socket = bob.connect().await;
    let (mut got, mut rounds) = (0, 0);
    loop {
        let answer = socket.call("sync", &request).await.expect("the connection is not cut");
        let answer: SyncAnswer = serde_json::from_value(answer).unwrap();
        for part in &answer.chats {
            let known = request.chats.insert(part.chat.id, part.to_rev).unwrap();
            let revs: Vec<u64> = part.messages.iter().map(|message| message.rev).collect();
            assert_eq!(revs, (known + 1..=part.to_rev).collect::<Vec<_>>(), "nothing left out");
            got += revs.len();
        }
        rounds += 1;
        if !answer.more {
            break;
        }
    }
    assert_eq!(got, 400);
    assert!(rounds > 2, "{rounds}");
}

#[tokio::test]
async fn own_changes_since_the_known_user_rev_come_along() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let known = sync(&ann, json!({})).await.user_rev;
    let path = format!("/chats/{chat}/me");
    ann.api.patch(&path, json!({ "draft": "a" })).await.unwrap();
    ann.api.patch(&path, json!({ "pinned": true })).await.unwrap();
    ann.api.patch(&path, json!({ "draft": "b" })).await.unwrap();
    let answer = sync(&ann, json!({ "userRev": known })).await;
    let changes: Vec<_> =
        answer.me.iter().map(|change| (change.user_rev, change.change.clone())).collect();
    let expected = [
        (known + 2, OwnChange::Pin { chat_id: chat, pinned: true }),
        (known + 3, OwnChange::Draft { chat_id: chat, draft: Some("b".to_owned()) }),
    ];
    assert_eq!(changes, expected, "what was overtaken is left out");
    assert_eq!(answer.user_rev, known + 3);
    assert_eq!(sync(&ann, json!({ "userRev": known + 3 })).await.me, []);
}

#[tokio::test]
async fn a_connection_that_lost_something_finds_out() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let (one, two) = (ann.direct(&bob).await, ann.group("g", &[&bob]).await);
    let gone = ann.group("gone", &[&bob]).await;
    let socket = bob.connect().await;
    let user_rev = sync(&bob, json!({})).await.user_rev;
    let check = async |user_rev: u64, chats: Value| -> SyncChecked {
        let answer =
            socket.call("sync:check", json!({ "userRev": user_rev, "chats": chats })).await;
        serde_json::from_value(answer.unwrap()).unwrap()
    };
    let well = json!({ one.to_string(): 0, two.to_string(): 1, gone.to_string(): 1 });
    assert_eq!(
        check(user_rev, well.clone()).await,
        SyncChecked { stale: vec![], user_stale: false }
    );
    ann.say(one, "hello").await;
    ann.api.delete(&format!("/chats/{gone}")).await.unwrap();
    bob.api.patch(&format!("/chats/{two}/me"), json!({ "pinned": true })).await.unwrap();
    let mut checked = check(user_rev, well).await;
    checked.stale.sort();
    let mut expected = vec![one, gone];
    expected.sort();
    assert_eq!((checked.stale, checked.user_stale), (expected, true));
    let missing = check(user_rev, json!({ two.to_string(): 1 })).await;
    assert_eq!(missing.stale, [one], "a chat the client has never heard of");
}

#[tokio::test]
async fn watermarks_that_moved_meanwhile_come_by_cursor() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    ann.say(chat, "hello").await;
    let first = sync(&ann, json!({})).await;
    app.clock.advance(std::time::Duration::from_secs(60));
    let known =
        json!({ "chats": { chat.to_string(): 1 }, "receiptsCursor": first.receipts_cursor });
    let quiet = sync(&ann, known.clone()).await;
    app.clock.advance(std::time::Duration::from_secs(60));
    let cursor = quiet.receipts_cursor;
    bob.api.post(&format!("/chats/{chat}/read"), json!({ "seq": 1 })).await.unwrap();
    let answer =
        sync(&ann, json!({ "chats": { chat.to_string(): 1 }, "receiptsCursor": cursor })).await;
    assert_eq!(answer.chats, [], "a receipt is no change of the chat");
    let [moved] = &answer.receipts[..] else { panic!("{:?}", answer.receipts) };
    assert_eq!(
        (moved.chat_id, moved.user_id, moved.delivered_seq, moved.read_seq),
        (chat, bob.id, 1, 1)
    );
    app.clock.advance(std::time::Duration::from_secs(60));
    let after = sync(
        &ann,
        json!({ "chats": { chat.to_string(): 1 }, "receiptsCursor": answer.receipts_cursor }),
    )
    .await;
    app.clock.advance(std::time::Duration::from_secs(60));
    let later = sync(
        &ann,
        json!({ "chats": { chat.to_string(): 1 }, "receiptsCursor": after.receipts_cursor }),
    )
    .await;
    assert_eq!(later.receipts, []);
    assert_eq!(
        refusal(request(&ann.api, "POST", "/sync", json!({ "receiptsCursor": "nonsense" })).await)
            .0,
        422
    );
}

#[tokio::test]
async fn nothing_falls_between_connecting_and_catching_up() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let anns = ann.connect().await;
    let mut state = ClientState::new(bob.id);
    let mut sent = Vec::new();
    for round in 0..10 {
        sent.extend(
            (0..5).map(|number| anns.start("msg:send", text(chat, &format!("{round}.{number}")))),
        );
        // Comes back in the middle of it, catches up, listens, and goes.
        let mut bobs = bob.connect().await;
        let answer = bobs.call("sync", state.sync_request()).await.unwrap();
        state.apply_sync(&serde_json::from_value(answer).unwrap());
        for pending in sent.drain(..) {
            pending.answer().await.unwrap();
        }
        eventually("committed", async || {
            (ann.chat(chat).await.last_seq == 5 * (round + 1)).then_some(())
        })
        .await;
        for event in bob.heard(&mut bobs).await {
            state.apply_event(&event.name, &event.body);
        }
        assert!(!state.chat(chat).unwrap().messages.is_empty());
        assert_eq!(state.chat(chat).unwrap().rev, 5 * (round + 1), "round {round}");
        bobs.disconnect().await;
    }
}
