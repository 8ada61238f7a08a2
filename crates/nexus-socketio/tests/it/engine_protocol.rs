//! Engine.IO 4: the cases of the protocol text, on the bare engine.

use std::time::Duration;

use crate::{
    client::{PATIENCE, Poll, Ws, answer, eventually, http, open_packet, send, serve},
    fixture::{PING_INTERVAL, PING_TIMEOUT, bare_engine, pinging_engine},
};
use serde_json::json;

const POLLING: &str = "EIO=4&transport=polling";
const WEBSOCKET: &str = "EIO=4&transport=websocket";

#[tokio::test]
async fn a_polling_session_opens_with_the_servers_settings() {
    let address = serve(&pinging_engine(PING_TIMEOUT)).await;
    let answer = http(address, "GET", POLLING, b"").await;
    assert_eq!(answer.status, 200);
    let mut open = open_packet(&answer.body);
    assert!(open["sid"].as_str().unwrap().len() >= 22);
    open.as_object_mut().unwrap().remove("sid");
    let settings = json!({
        "upgrades": ["websocket"], "pingInterval": 300, "pingTimeout": 200, "maxPayload": 1_000_000
    });
    assert_eq!(open, settings);
}

#[tokio::test]
async fn a_websocket_session_opens_and_offers_no_upgrade() {
    let address = serve(&bare_engine()).await;
    let mut ws = Ws::connect(address, WEBSOCKET).await.unwrap();
    let open = open_packet(&ws.text().await);
    assert_eq!(open["upgrades"], json!([]));
    assert_eq!(open.as_object().unwrap().len(), 5);
}

#[tokio::test]
async fn a_request_that_makes_no_sense_is_turned_away_with_the_protocols_code() {
    let address = serve(&bare_engine()).await;
    let cases = [
        ("GET", "transport=polling", 5),
        ("GET", "EIO=abc&transport=polling", 5),
        ("GET", "EIO=3&transport=polling", 5),
        ("GET", "EIO=4", 0),
        ("GET", "EIO=4&transport=abc", 0),
        ("POST", POLLING, 2),
        ("PUT", POLLING, 2),
        ("GET", "EIO=4&transport=polling&sid=nobody", 1),
        ("POST", "EIO=4&transport=polling&sid=nobody", 1),
        ("GET", WEBSOCKET, 3),
    ];
    for (method, query, code) in cases {
        let answer = http(address, method, query, b"").await;
        assert_eq!(answer.status, 400, "{method} {query}");
        let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(body["code"], code, "{method} {query}");
    }
    for query in
        ["transport=websocket", "EIO=abc&transport=websocket", "EIO=4", "EIO=4&transport=x"]
    {
        assert!(Ws::connect(address, query).await.is_err(), "{query}");
    }
}

#[tokio::test]
async fn polling_echoes_one_packet_several_and_binary() {
    let address = serve(&bare_engine()).await;
    for payload in ["4hello", "4test1\x1e4test2\x1e4test3", "4hello\x1ebAQIDBA==", "4€\x1e4"] {
        let poll = Poll::open(address).await;
        let posted = poll.post(payload).await;
        assert_eq!((posted.status, posted.body.as_str()), (200, "ok"));
        assert_eq!(poll.get().await.body, payload);
    }
}

#[tokio::test]
async fn a_websocket_echoes_text_and_binary() {
    let address = serve(&bare_engine()).await;
    let mut ws = Ws::open(address).await;
    ws.send("4hello").await;
    assert_eq!(ws.text().await, "4hello");
    ws.send_bytes(&[1, 2, 3, 4]).await;
    assert_eq!(ws.bytes().await, &[1, 2, 3, 4][..]);
}

#[tokio::test]
async fn an_invalid_packet_ends_the_session() {
    let address = serve(&bare_engine()).await;
    for payload in ["abc", "", "4ok\x1e\x1e4ok", "b!!!!", "9"] {
        let poll = Poll::open(address).await;
        assert_eq!(poll.post(payload).await.status, 400, "{payload:?}");
        assert_eq!(poll.get().await.status, 400, "{payload:?}");
    }
    let mut ws = Ws::open(address).await;
    ws.send("abc").await;
    ws.closed().await;
}

#[tokio::test]
async fn a_second_poll_ends_the_session_for_both() {
    let address = serve(&bare_engine()).await;
    let poll = Poll::open(address).await;
    let (first, second) = tokio::join!(poll.get(), poll.get());
    let mut both = [(first.status, first.body.as_str()), (second.status, second.body.as_str())];
    both.sort();
    assert_eq!(both[0], (200, "1"));
    assert_eq!(both[1].0, 400);
    assert_eq!(poll.get().await.status, 400);
}

#[tokio::test]
async fn a_cancelled_poll_ends_the_session() {
    let io = bare_engine();
    let address = serve(&io).await;
    let poll = Poll::open(address).await;
    let waiting = send(address, "GET", &poll.query(), b"").await;
    // Time for the request to arrive.
    tokio::time::sleep(Duration::from_millis(300)).await;
    drop(waiting);
    assert_eq!(poll.get().await.status, 400);
    eventually("it is over", || io.stats().connections == 0).await;
}

#[tokio::test]
async fn polling_is_pinged_after_each_interval() {
    let address = serve(&pinging_engine(PATIENCE)).await;
    let poll = Poll::open(address).await;
    for _ in 0..3 {
        let answer = poll.get().await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "2"));
        assert_eq!(poll.post("3").await.status, 200);
    }
}

#[tokio::test]
async fn a_websocket_is_pinged_after_each_interval_and_not_at_once() {
    let address = serve(&pinging_engine(PATIENCE)).await;
    let mut ws = Ws::open(address).await;
    ws.pong = false;
    let opened = tokio::time::Instant::now();
    for _ in 0..3 {
        assert_eq!(ws.text().await, "2");
        assert!(opened.elapsed() >= PING_INTERVAL / 2, "pinged at once");
        ws.send("3").await;
    }
}

#[tokio::test]
async fn a_session_without_pongs_is_over() {
    let io = pinging_engine(PING_TIMEOUT);
    let address = serve(&io).await;
    let poll = Poll::open(address).await;
    let mut ws = Ws::open(address).await;
    ws.pong = false;
    eventually("both are over", || io.stats().connections == 0).await;
    assert_eq!(poll.get().await.status, 400);
    ws.closed().await;
}

#[tokio::test]
async fn a_client_can_close_its_session() {
    let address = serve(&bare_engine()).await;
    let poll = Poll::open(address).await;
    let (polled, posted) = tokio::join!(poll.get(), poll.post("1"));
    assert_eq!((polled.status, polled.body.as_str()), (200, "6"));
    assert_eq!(posted.status, 200);
    assert_eq!(poll.get().await.status, 400);

    let mut ws = Ws::open(address).await;
    ws.send("1").await;
    ws.closed().await;
}

#[tokio::test]
async fn polling_upgrades_to_a_websocket() {
    let io = bare_engine();
    let address = serve(&io).await;
    let poll = Poll::open(address).await;
    let waiting = send(address, "GET", &poll.query(), b"").await;
    let mut ws = poll.websocket().await;
    ws.send("2probe").await;
    assert_eq!(ws.text().await, "3probe");
    assert_eq!(answer(waiting).await.body, "6", "the waiting poll is let go");
    assert_eq!(poll.get().await.body, "6", "and so is a late one");
    ws.send("5").await;
    ws.send("4hello").await;
    assert_eq!(ws.text().await, "4hello");
    assert_eq!((io.stats().websocket, io.stats().polling), (1, 0));
}

#[tokio::test]
async fn after_an_upgrade_the_session_is_deaf_to_polling_and_to_a_second_websocket() {
    let address = serve(&bare_engine()).await;
    let poll = Poll::open(address).await;
    let mut ws = poll.websocket().await;
    ws.send("2probe").await;
    assert_eq!(ws.text().await, "3probe");
    ws.send("5").await;
    assert_eq!(poll.get().await.status, 400);
    assert_eq!(poll.post("4lost").await.status, 400);
    poll.websocket().await.closed().await;
    ws.send("4hello").await;
    assert_eq!(ws.text().await, "4hello");
}

#[tokio::test]
async fn a_failed_probe_leaves_the_session_polling() {
    let address = serve(&bare_engine()).await;
    let poll = Poll::open(address).await;
    let mut ws = poll.websocket().await;
    ws.send("4hello").await;
    ws.closed().await;
    let sent = tokio::time::timeout(PATIENCE, poll.post("4still here")).await.unwrap();
    assert_eq!(sent.status, 200);
    assert_eq!(poll.get_packets().await, ["4still here"]);
    // And it may try again.
    let mut ws = poll.websocket().await;
    ws.send("2probe").await;
    assert_eq!(ws.text().await, "3probe");
}
