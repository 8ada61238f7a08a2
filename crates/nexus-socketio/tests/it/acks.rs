//! Acknowledgements, both ways.

use std::time::Duration;

use nexus_socketio::{AckError, EmitError, Payload, SocketIo};

use crate::{
    client::{PATIENCE, Ws, eventually, serve},
    recorder::Recorder,
};

async fn joined() -> (Recorder, Ws) {
    let recorder = Recorder::default();
    let io = SocketIo::builder().namespace("/chat", recorder.clone()).build();
    let (ws, _) = Ws::join(serve(&io).await, "/chat").await;
    eventually("the socket is in", || recorder.socket(0).is_connected()).await;
    (recorder, ws)
}

#[tokio::test]
async fn the_server_waits_for_a_clients_answer() {
    let (recorder, mut ws) = joined().await;
    let socket = recorder.socket(0);
    let asked =
        tokio::spawn(async move { socket.emit_with_ack("question", &"why?", PATIENCE).await });
    assert_eq!(ws.text().await, r#"42/chat,0["question","why?"]"#);
    ws.send(r#"43/chat,0["because",42]"#).await;
    let answer = asked.await.unwrap().unwrap();
    assert_eq!(answer.get::<String>(0).unwrap(), "because");
    assert_eq!(answer.get::<u8>(1).unwrap(), 42);
    assert_eq!(answer.len(), 2);
}

#[tokio::test]
async fn an_answer_may_be_binary() {
    let (recorder, mut ws) = joined().await;
    let socket = recorder.socket(0);
    let payload = Payload::new().binary(vec![9, 9]);
    let asked =
        tokio::spawn(async move { socket.emit_args_with_ack("file", payload, PATIENCE).await });
    assert_eq!(ws.text().await, r#"451-/chat,0["file",{"_placeholder":true,"num":0}]"#);
    assert_eq!(ws.bytes().await, &[9, 9][..]);
    ws.send(r#"461-/chat,0[{"_placeholder":true,"num":0}]"#).await;
    ws.send_bytes(&[7]).await;
    assert_eq!(asked.await.unwrap().unwrap().bytes(0).unwrap(), &[7][..]);
}

#[tokio::test]
async fn no_answer_is_a_timeout_and_a_late_one_is_harmless() {
    let (recorder, mut ws) = joined().await;
    let socket = recorder.socket(0);
    let asked = socket.emit_with_ack("question", &1, Duration::from_millis(20)).await;
    assert!(matches!(asked, Err(AckError::Timeout)));
    for late in ["43/chat,0[1]", "43/chat,17[1]", "43/other,0[1]"] {
        ws.send(late).await;
    }
    ws.send(r#"42/chat,5["hello"]"#).await;
    assert_eq!(ws.text().await, r#"42/chat,0["question",1]"#);
    assert_eq!(ws.text().await, r#"43/chat,5[{"ok":true}]"#);
}

#[tokio::test]
async fn a_client_that_leaves_answers_nothing() {
    let (recorder, mut ws) = joined().await;
    let socket = recorder.socket(0);
    let asked = {
        let socket = socket.clone();
        tokio::spawn(async move { socket.emit_with_ack("question", &1, PATIENCE).await })
    };
    ws.text().await;
    drop(ws);
    assert!(matches!(asked.await.unwrap(), Err(AckError::Disconnected)));
    assert!(matches!(socket.emit("more", &1), Err(EmitError::Disconnected)));
}

#[tokio::test]
async fn a_handler_may_wait_for_an_answer_itself() {
    let (_, mut ws) = joined().await;
    ws.send(r#"42/chat,["ask"]"#).await;
    assert_eq!(ws.text().await, r#"42/chat,0["question",1]"#);
    // Events that come first do not stand in the way.
    ws.send(r#"42/chat,8["hello"]"#).await;
    ws.send(r#"43/chat,0["yes"]"#).await;
    assert_eq!(ws.text().await, r#"42/chat,["answered","yes"]"#);
    assert_eq!(ws.text().await, r#"43/chat,8[{"ok":true}]"#);
}
