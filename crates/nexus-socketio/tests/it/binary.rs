//! Binary arguments, to and fro.

use nexus_socketio::{
    ArgError, ConnectError, DisconnectReason, Event, Namespace, Payload, Socket, SocketIo,
    async_trait,
};
use serde_json::{json, value::RawValue};

use crate::client::{Ws, eventually, serve};

/// Answers with what it understood.
struct Files;

#[async_trait]
impl Namespace for Files {
    async fn connect(&self, socket: &Socket, _: Option<&RawValue>) -> Result<(), ConnectError> {
        socket.join("all");
        Ok(())
    }

    async fn event(&self, socket: &Socket, event: Event) {
        let value = event.args.value(0).unwrap();
        let nested = event.args.resolve(&value["file"]).map(|bytes| bytes.len());
        let whole = match event.args.bytes(0) {
            Ok(bytes) => json!(bytes.len()),
            Err(ArgError::NoAttachment(_)) => json!("none"),
            Err(ArgError::Shape { .. }) => json!("shape"),
            Err(_) => json!("missing"),
        };
        socket.emit("seen", &json!({ "nested": nested, "whole": whole })).unwrap();
    }

    async fn disconnect(&self, _: &Socket, _: DisconnectReason) {}
}

#[tokio::test]
async fn attachments_are_found_where_they_stand() {
    let io = SocketIo::builder().namespace("/", Files).build();
    let mut ws = Ws::open(serve(&io).await).await;
    ws.send("40").await;
    ws.text().await;
    let cases = [
        (r#"{"_placeholder":true,"num":0}"#, r#"{"nested":null,"whole":3}"#),
        (r#"{"file":{"_placeholder":true,"num":0}}"#, r#"{"nested":3,"whole":"shape"}"#),
        (r#"{"_placeholder":true,"num":7}"#, r#"{"nested":null,"whole":"none"}"#),
        (r#"{"_placeholder":true,"num":-1}"#, r#"{"nested":null,"whole":"shape"}"#),
        (r#"{"_placeholder":false,"num":0}"#, r#"{"nested":null,"whole":"none"}"#),
        (
            r#"{"_placeholder":true,"num":18446744073709551615}"#,
            r#"{"nested":null,"whole":"none"}"#,
        ),
    ];
    for (argument, seen) in cases {
        ws.send(&format!(r#"451-["file",{argument}]"#)).await;
        ws.send_bytes(&[1, 2, 3]).await;
        assert_eq!(ws.text().await, format!(r#"42["seen",{seen}]"#), "{argument}");
    }
}

#[tokio::test]
async fn a_broadcast_carries_attachments_inside_json() {
    let io = SocketIo::builder().namespace("/", Files).build();
    let address = serve(&io).await;
    let mut clients = Vec::new();
    for _ in 0..3 {
        let mut ws = Ws::open(address).await;
        ws.send("40").await;
        ws.text().await;
        clients.push(ws);
    }
    let all = io.of("/").unwrap();
    eventually("all are in", || all.socket_count() == 3).await;
    let mut payload = Payload::new();
    let file = payload.attach(vec![5; 70_000]);
    let sent = all.to("all").emit_args("news", payload.arg(&json!({ "file": file })).arg("x"));
    assert_eq!(sent, 3);
    for ws in &mut clients {
        let text = r#"451-["news",{"file":{"_placeholder":true,"num":0}},"x"]"#;
        assert_eq!(ws.text().await, text);
        assert_eq!(ws.bytes().await.len(), 70_000);
    }
}

#[tokio::test]
async fn large_messages_of_every_length_class_survive() {
    let io = SocketIo::builder().bare_engine(crate::fixture::EngineEcho).build();
    let mut ws = Ws::open(serve(&io).await).await;
    for len in [0, 1, 124, 125, 126, 127, 65_534, 65_535, 65_536, 65_537, 900_000] {
        let bytes: Vec<u8> = (0..len).map(|index| index as u8).collect();
        ws.send_bytes(&bytes).await;
        assert_eq!(ws.bytes().await, bytes, "{len}");
        let text = format!("4{}", "é".repeat(len / 2));
        ws.send(&text).await;
        assert_eq!(ws.text().await, text, "{len}");
    }
}
