//! What becomes of a message when things go wrong. Failpoints are the whole process's, so that only
//! one of these tests runs at a time; no other test sends poison.

use fail::FailScenario;
use nexus_client::Client;
use nexus_core::ports::{Event, lane_of};
use nexus_protocol::{ChatId, Ledger, MessageId, MsgFailed, MsgSend, MsgSent, OpId};
use serde_json::{Value, json};

use crate::backend::{Servers, Way};
use crate::fixture::{Person, TestApp, eventually, named, refusal, text};

const POISON: &str = "worker.poison";

async fn app() -> TestApp {
    TestApp::with(|config| config.queue.max_attempts = 3).await
}

async fn send(socket: &Client, chat: ChatId, content: &str) -> MsgSent {
    let answer = socket.call("msg:send", text(chat, content)).await.unwrap();
    serde_json::from_value(answer).unwrap()
}

/// Alone, or as an outbox.
async fn send_as(socket: &Client, message: &MsgSend, is_outbox: bool) -> MsgSent {
    let mut answer = match is_outbox {
        true => socket.call("msg:send", [message]).await.unwrap(),
        false => socket.call("msg:send", message).await.unwrap(),
    };
    if is_outbox {
        answer = answer[0].take();
    }
    serde_json::from_value(answer).unwrap()
}

async fn stages(person: &Person, message: MessageId) -> Vec<String> {
    let ledger: Ledger = person.get(&format!("/messages/{message}/ledger")).await;
    let stage = |entry| json!(entry)["stage"].as_str().unwrap().to_owned();
    ledger.ledger.iter().map(stage).collect()
}

#[tokio::test]
async fn a_poison_message_holds_up_its_own_chat_only_and_is_reported_in_the_end() {
    let scenario = FailScenario::setup();
    fail::cfg(POISON, "return").unwrap();
    // Slow enough to look at it while it is tried again.
    let app = TestApp::with(|config| {
        config.queue.max_attempts = 2;
        config.queue.backoff_base_ms = 8_000;
        config.queue.backoff_max_ms = 8_000;
    })
    .await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    // One on each lane at least.
    let mut others = Vec::new();
    for number in 0..8 {
        others.push(ann.group(&format!("g{number}"), &[&bob]).await);
    }
    let (mut anns, mut bobs) = (ann.connect().await, bob.connect().await);
    send(&anns, chat, "one").await;
    let poison = send(&anns, chat, "poison").await;
    send(&anns, chat, "three").await;
    eventually("it is tried again", async || {
        (stages(&ann, poison.id).await == ["queued", "retrying"]).then_some(())
    })
    .await;
    let going_on = others.iter().map(|other| ann.say(*other, "others go on"));
    futures_util::future::join_all(going_on).await;
    assert_eq!(ann.chat(chat).await.last_seq, 1, "what came after the poison waits");

    let failed: MsgFailed = serde_json::from_value(anns.next("msg:failed").await.unwrap()).unwrap();
    assert_eq!(
        (failed.id, &failed.client_id, failed.chat_id),
        (poison.id, &poison.client_id, chat)
    );
    assert!(failed.error.retryable && failed.error.code.as_str() == "unavailable", "{failed:?}");
    assert_eq!(stages(&ann, poison.id).await, ["queued", "failed"]);
    eventually("the rest is committed", async || {
        (ann.chat(chat).await.last_seq == 2).then_some(())
    })
    .await;
    let heard = bob.heard(&mut bobs).await;
    let texts: Vec<Value> = named(&heard, "msg:new")
        .iter()
        .filter(|news| news["chatId"] == json!(chat))
        .map(|news| news["content"].clone())
        .collect();
    assert_eq!(texts, ["one", "three"]);
    assert_eq!(named(&heard, "msg:failed"), [Value::Null; 0], "its sender's business");
    assert_eq!(refusal(bob.api.message(poison.id).await).0, 404);
    scenario.teardown();
}

#[tokio::test]
async fn a_failed_message_can_be_retried_and_is_committed_once() {
    let scenario = FailScenario::setup();
    fail::cfg(POISON, "return").unwrap();
    let app = app().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let (mut anns, mut bobs) = (ann.connect().await, bob.connect().await);
    let poison = send(&anns, chat, "poison").await;
    anns.next("msg:failed").await.unwrap();
    let mut was_away = ann.connect().await;
    assert_eq!(was_away.next("msg:failed").await.unwrap()["id"], json!(poison.id));
    send(&anns, chat, "meanwhile").await;
    bobs.next("msg:new").await.unwrap();
    let path = format!("/messages/{}/retry", poison.id);
    assert_eq!(refusal(bob.api.post(&path, json!({})).await).0, 404);
    // While the cause is there, it fails again, and says so again.
    assert_eq!(ann.api.post(&path, json!({})).await.unwrap().status, 202);
    anns.next("msg:failed").await.unwrap();

    fail::remove(POISON);
    let answer = ann.api.post(&path, json!({})).await.unwrap();
    assert_eq!(
        (answer.status, &answer.body["status"], &answer.body["id"]),
        (202, &json!("queued"), &json!(poison.id))
    );
    let news = bobs.next("msg:new").await.unwrap();
    assert_eq!((&news["id"], &news["seq"]), (&json!(poison.id), &json!(2)));
    let again = ann.api.post(&path, json!({})).await.unwrap();
    assert_eq!(
        (again.status, &again.body["status"], &again.body["seq"]),
        (200, &json!("sent"), &json!(2))
    );
    assert_eq!(named(&bob.heard(&mut bobs).await, "msg:new"), [Value::Null; 0], "once");
    assert_eq!(stages(&ann, poison.id).await, ["queued", "committed"]);
    assert_eq!(named(&ann.heard(&mut anns).await, "msg:failed"), [Value::Null; 0]);
    let mut later = ann.connect().await;
    assert_eq!(named(&ann.heard(&mut later).await, "msg:failed"), [Value::Null; 0]);
    scenario.teardown();
}

#[tokio::test]
async fn a_failed_message_goes_out_when_it_is_sent_again() {
    let scenario = FailScenario::setup();
    fail::cfg(POISON, "return").unwrap();
    let app = app().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let (mut anns, mut bobs) = (ann.connect().await, bob.connect().await);
    let message = text(chat, "poison");
    let first = anns.call("msg:send", &message).await.unwrap();
    let pending = anns.call("msg:send", &message).await.unwrap();
    assert_eq!((&pending["id"], &pending["status"]), (&first["id"], &json!("queued")));
    anns.next("msg:failed").await.unwrap();
    fail::remove(POISON);
    let again = anns.call("msg:send", &message).await.unwrap();
    assert_eq!((&again["id"], &again["status"]), (&first["id"], &json!("queued")));
    assert_eq!(bobs.next("msg:new").await.unwrap()["id"], first["id"]);
    let after = anns.call("msg:send", &message).await.unwrap();
    assert_eq!((&after["id"], &after["status"]), (&first["id"], &json!("sent")));
    assert_eq!(named(&bob.heard(&mut bobs).await, "msg:new"), [Value::Null; 0], "once");
    scenario.teardown();
}

#[tokio::test]
async fn a_store_that_fails_for_a_moment_delays_a_message_and_loses_nothing() {
    let scenario = FailScenario::setup();
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let (mut anns, mut bobs) = (ann.connect().await, bob.connect().await);
    fail::cfg(POISON, "3*return").unwrap();
    let outbox: Vec<_> = (0..20)
        .map(|number| {
            text(chat, &if number == 7 { "poison".to_owned() } else { number.to_string() })
        })
        .collect();
    anns.call("msg:send", &outbox).await.unwrap();
    for (number, message) in outbox.iter().enumerate() {
        let news = bobs.next("msg:new").await.unwrap();
        assert_eq!((&news["content"], &news["seq"]), (&json!(message.content), &json!(number + 1)));
    }
    assert_eq!(named(&bob.heard(&mut bobs).await, "msg:new"), [Value::Null; 0], "each once");
    assert_eq!(named(&ann.heard(&mut anns).await, "msg:failed"), [Value::Null; 0]);
    scenario.teardown();
}

/// A worker that buries a message and then tells nobody.
const UNTOLD: &str = "worker.buried";

#[tokio::test]
async fn a_failure_that_nobody_told_is_found_by_the_next_check_and_told_once() {
    let scenario = FailScenario::setup();
    let lose = || fail::cfg(UNTOLD, "return(fail)").unwrap();
    fail::cfg(POISON, "return").unwrap();
    lose();
    let app = app().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let (mut anns, mut others) = (ann.connect().await, ann.connect().await);
    let poison = send(&anns, chat, "poison").await;
    let buried = async || {
        eventually("it is given up", async || {
            (stages(&ann, poison.id).await == ["queued", "failed"]).then_some(())
        })
        .await;
    };
    let told = async |socket: &mut Client| {
        let heard = ann.heard(socket).await;
        named(&heard, "msg:failed").iter().map(|failed| failed["id"].clone()).collect::<Vec<_>>()
    };
    let (once, never) = (vec![json!(poison.id)], Vec::<Value>::new());
    buried().await;
    assert_eq!(told(&mut anns).await, never, "the event is lost");
    for expected in [&once, &never] {
        anns.call("sync:check", json!({})).await.unwrap();
        assert_eq!(&told(&mut anns).await, expected);
    }

    // Live this time, to both: the next check has nothing to add.
    fail::remove(UNTOLD);
    let path = format!("/messages/{}/retry", poison.id);
    ann.api.post(&path, json!({})).await.unwrap();
    for socket in [&mut anns, &mut others] {
        assert_eq!(socket.next("msg:failed").await.unwrap()["id"], json!(poison.id));
        socket.call("sync:check", json!({})).await.unwrap();
        assert_eq!(told(socket).await, never);
    }

    // What failed once more is told once more.
    lose();
    ann.api.post(&path, json!({})).await.unwrap();
    buried().await;
    anns.call("sync:check", json!({})).await.unwrap();
    assert_eq!(told(&mut anns).await, once);
    scenario.teardown();
}

#[tokio::test]
async fn a_failure_that_nobody_told_is_found_when_the_bus_has_lost_something() {
    let scenario = FailScenario::setup();
    fail::cfg(POISON, "return").unwrap();
    fail::cfg(UNTOLD, "return(fail)").unwrap();
    let bus = Way::to(&Servers::redis()).await;
    let app = TestApp::of_fleet(|config| {
        config.queue.max_attempts = 1;
        config.bus.url = bus.url.as_str().into();
    })
    .await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let (mut anns, mut others) = (ann.connect().await, ann.connect().await);
    let poison = send(&anns, chat, "poison").await;
    eventually("it is given up", async || {
        (stages(&ann, poison.id).await == ["queued", "failed"]).then_some(())
    })
    .await;
    assert_eq!(named(&ann.heard(&mut anns).await, "msg:failed"), [Value::Null; 0]);
    bus.cut();
    for socket in [&mut anns, &mut others] {
        assert_eq!(socket.next("msg:failed").await.unwrap()["id"], json!(poison.id));
    }
    scenario.teardown();
}

#[tokio::test]
async fn whoever_repeats_a_failed_message_hears_of_that_failure_before_the_answer_or_not_at_all() {
    let scenario = FailScenario::setup();
    fail::cfg(POISON, "return").unwrap();
    fail::cfg(UNTOLD, "return(fail)").unwrap();
    let app = app().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let (mut anns, mut bobs) = (ann.connect().await, bob.connect().await);
    let core = &app.node.core;
    for is_outbox in [false, true] {
        let message = text(chat, "poison");
        let op = OpId(send_as(&anns, &message, is_outbox).await.id.0);
        let letter =
            eventually("it is given up", async || core.queue.dead_letter(op).await.unwrap()).await;
        fail::remove(POISON);
        send_as(&anns, &message, is_outbox).await;
        let late = Event::Failed {
            op,
            actor: ann.id,
            answered: false,
            died_at: Some(letter.died_at),
            failed: letter.op.failed(&letter.rejection),
        };
        core.bus.publish(vec![late]).await.unwrap();
        assert_eq!(bobs.next("msg:new").await.unwrap()["clientId"], json!(message.client_id));
        assert_eq!(named(&ann.heard(&mut anns).await, "msg:failed"), [Value::Null; 0]);
        fail::cfg(POISON, "return").unwrap();
    }
    scenario.teardown();
}

#[tokio::test]
async fn an_outbox_is_taken_up_to_the_first_message_that_there_is_no_room_for() {
    let scenario = FailScenario::setup();
    fail::cfg(POISON, "return").unwrap();
    // One message a lane, and poison stays in its own for as long as it takes.
    let app = TestApp::of_fleet(|config| {
        config.queue.max_depth = u64::from(config.queue.lanes);
        config.queue.backoff_base_ms = 60_000;
        config.queue.backoff_max_ms = 60_000;
    })
    .await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let full = ann.direct(&bob).await;
    let lane = |chat| lane_of(chat, app.node.core.queue.lanes());
    let free = loop {
        let other = ann.group("another lane", &[&bob]).await;
        if lane(other) != lane(full) {
            break other;
        }
    };
    let (anns, mut bobs) = (ann.connect().await, bob.connect().await);
    send(&anns, full, "poison").await;
    let outbox = [text(free, "one"), text(full, "two"), text(free, "three"), text(full, "four")];
    let answers = anns.call("msg:send", &outbox).await.unwrap();
    assert_eq!(answers.as_array().unwrap().len(), 2, "{answers}");
    assert_eq!(answers[0]["status"], "queued");
    let error = &answers[1]["error"];
    assert_eq!((&error["code"], &error["retryAfterMs"]), (&json!("unavailable"), &json!(1_000)));
    assert_eq!(bobs.next("msg:new").await.unwrap()["content"], "one");
    assert_eq!(app.node.core.queue.stats().await.unwrap().depth, 1, "poison");

    let forwarded = json!({ "chatIds": [full, free] });
    let one = ann.api.messages(free).await.unwrap().pop().unwrap();
    let path = format!("/messages/{}/forward", one.id);
    let answer = ann.api.post(&path, forwarded).await.unwrap();
    assert_eq!(answer.body["messages"].as_array().unwrap().len(), 1, "{}", answer.body);
    assert_eq!(answer.body["messages"][0]["chatId"], json!(free));
    let answer = ann.api.post(&path, json!({ "chatIds": [full] })).await;
    assert_eq!(refusal(answer).0, 503);
    scenario.teardown();
}
