//! Socket.IO 5: the cases of the protocol text.

use serde_json::Value;

use crate::{
    client::{PATIENCE, Poll, Ws, serve},
    fixture::{Echo, settings, socket_io},
};

/// In the main namespace, with what comes first read.
async fn joined() -> Ws {
    let mut ws = Ws::open(serve(&socket_io()).await).await;
    ws.send("40").await;
    ws.text().await;
    ws.text().await;
    ws
}

#[tokio::test]
async fn a_client_joins_a_namespace_with_and_without_a_payload() {
    let address = serve(&socket_io()).await;
    let cases = [
        ("40", "40", r#"42["auth",{}]"#),
        (r#"40{"token":"123"}"#, "40", r#"42["auth",{"token":"123"}]"#),
        ("40/custom,", "40/custom,", r#"42/custom,["auth",{}]"#),
        ("40/custom", "40/custom,", r#"42/custom,["auth",{}]"#),
        (r#"40/custom,{"token":"abc"}"#, "40/custom,", r#"42/custom,["auth",{"token":"abc"}]"#),
    ];
    for (connect, prefix, auth) in cases {
        let mut ws = Ws::open(address).await;
        ws.send(connect).await;
        let text = ws.text().await;
        let answer: Value = serde_json::from_str(text.strip_prefix(prefix).unwrap()).unwrap();
        assert!(answer["sid"].is_string());
        assert_eq!(answer.as_object().unwrap().len(), 1);
        assert_eq!(ws.text().await, auth, "what connect emitted comes after the answer");
    }
}

#[tokio::test]
async fn an_unknown_namespace_is_refused_and_the_connection_lives() {
    let mut ws = joined().await;
    ws.send("40/random").await;
    assert_eq!(ws.text().await, r#"44/random,{"message":"Invalid namespace"}"#);
    ws.send(r#"42["message",1]"#).await;
    assert_eq!(ws.text().await, r#"42["message-back",1]"#);
}

#[tokio::test]
async fn a_client_that_joins_nothing_is_closed() {
    let io = settings().namespace("/", Echo).ping_interval(PATIENCE).build();
    let mut ws = Ws::open(serve(&io).await).await;
    ws.closed().await;
}

#[tokio::test]
async fn leaving_the_main_namespace_keeps_the_connection() {
    let mut ws = joined().await;
    ws.send("41").await;
    ws.send(r#"42["message","nobody listens"]"#).await;
    ws.send("40/custom").await;
    let answer = ws.text().await;
    assert!(answer.starts_with("40/custom,"), "{answer}");
}

#[tokio::test]
async fn leaving_one_namespace_keeps_the_others() {
    let mut ws = joined().await;
    ws.send("40/custom").await;
    ws.text().await;
    ws.text().await;
    ws.send("41/custom").await;
    ws.send(r#"42/custom,["message","lost"]"#).await;
    ws.send(r#"42["message","kept"]"#).await;
    assert_eq!(ws.text().await, r#"42["message-back","kept"]"#);
    // And one may come back.
    ws.send("40/custom").await;
    assert!(ws.text().await.starts_with(r#"40/custom,{"sid":"#));
}

#[tokio::test]
async fn events_keep_their_arguments_and_acks_their_number() {
    let mut ws = joined().await;
    ws.send(r#"42["message",1,"2",{"3":[true]}]"#).await;
    assert_eq!(ws.text().await, r#"42["message-back",1,"2",{"3":[true]}]"#);
    ws.send(r#"42456["message-with-ack",1,"2",{"3":[false]}]"#).await;
    assert_eq!(ws.text().await, r#"43456[1,"2",{"3":[false]}]"#);
}

#[tokio::test]
async fn events_and_acks_carry_attachments() {
    let placeholders = r#"{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}"#;
    let mut ws = joined().await;
    ws.send(&format!(r#"452-["message",{placeholders}]"#)).await;
    ws.send_bytes(&[1, 2, 3]).await;
    ws.send_bytes(&[4, 5, 6]).await;
    assert_eq!(ws.text().await, format!(r#"452-["message-back",{placeholders}]"#));
    assert_eq!(ws.bytes().await, &[1, 2, 3][..]);
    assert_eq!(ws.bytes().await, &[4, 5, 6][..]);

    ws.send(&format!(r#"452-789["message-with-ack",{placeholders}]"#)).await;
    ws.send_bytes(&[1, 2, 3]).await;
    ws.send_bytes(&[4, 5, 6]).await;
    assert_eq!(ws.text().await, format!("462-789[{placeholders}]"));
    assert_eq!(ws.bytes().await, &[1, 2, 3][..]);
    assert_eq!(ws.bytes().await, &[4, 5, 6][..]);
}

#[tokio::test]
async fn an_invalid_packet_closes_the_connection() {
    let address = serve(&socket_io()).await;
    let cases = [
        "4abc",
        "4",
        "42{}",
        "42[]",
        "42[1]",
        "42",
        r#"42["x""#,
        r#"42abc["message-with-ack",1]"#,
        r#"42["disconnect"]"#,
        "40[1]",
        "41{}",
        "43[1]",
        "431{}",
        r#"4299999999999999999999["message"]"#,
    ];
    for case in cases {
        let (mut ws, _) = Ws::join(address, "/custom").await;
        ws.send(case).await;
        ws.closed().await;
    }
}

#[tokio::test]
async fn joining_a_namespace_twice_closes_the_connection() {
    let mut ws = joined().await;
    ws.send("40").await;
    ws.closed().await;
}

#[tokio::test]
async fn all_of_it_works_over_polling() {
    let poll = Poll::open(serve(&socket_io()).await).await;
    assert_eq!(poll.post("40/custom,").await.status, 200);
    let mut packets = poll.get_packets().await;
    if packets.len() == 1 {
        packets.extend(poll.get_packets().await);
    }
    assert!(packets[0].starts_with(r#"40/custom,{"sid":"#));
    assert_eq!(packets[1], r#"42/custom,["auth",{}]"#);
    let event = r#"451-/custom,7["message-with-ack",{"_placeholder":true,"num":0}]"#;
    poll.post(&format!("{event}\x1ebAQID")).await;
    let ack = [r#"461-/custom,7[{"_placeholder":true,"num":0}]"#, "bAQID"];
    assert_eq!(poll.get_packets().await, ack);
}

#[tokio::test]
async fn what_is_queued_while_polling_follows_onto_the_websocket() {
    let poll = Poll::open(serve(&socket_io()).await).await;
    poll.post("40").await;
    poll.get_packets().await;
    let mut ws = poll.websocket().await;
    ws.send("2probe").await;
    assert_eq!(ws.text().await, "3probe");
    poll.post(r#"42["message","sent by post"]"#).await;
    ws.send("5").await;
    ws.send(r#"42["message","sent by websocket"]"#).await;
    let mut texts = vec![ws.text().await, ws.text().await];
    texts.retain(|text| !text.contains("auth"));
    if texts.len() == 1 {
        texts.push(ws.text().await);
    }
    assert_eq!(
        texts,
        [r#"42["message-back","sent by post"]"#, r#"42["message-back","sent by websocket"]"#]
    );
}
