//! Every socket that was let in is reported as gone, once, with the reason.

use std::time::Duration;

use nexus_socketio::{DisconnectReason, SocketIo};

use crate::{
    client::{PATIENCE, Poll, Ws, eventually, serve},
    recorder::Recorder,
};

fn server() -> (Recorder, SocketIo) {
    let recorder = Recorder::default();
    let io = SocketIo::builder()
        .namespace("/chat", recorder.clone())
        .namespace("/presence", recorder.clone())
        .build();
    (recorder, io)
}

#[tokio::test]
async fn a_lost_connection_is_reported_in_every_namespace() {
    let (recorder, io) = server();
    let (mut ws, _) = Ws::join(serve(&io).await, "/chat").await;
    ws.enter("/presence").await;
    drop(ws);
    eventually("both are reported", || recorder.ends() == [DisconnectReason::TransportClose; 2])
        .await;
    let stats = io.stats();
    assert_eq!((stats.connections, stats.sockets), (0, 0));
}

#[tokio::test]
async fn a_client_says_goodbye_to_one_namespace_and_then_to_all() {
    let (recorder, io) = server();
    let (mut ws, _) = Ws::join(serve(&io).await, "/chat").await;
    ws.enter("/presence").await;
    ws.send("41/chat,").await;
    eventually("one is reported", || recorder.ends() == [DisconnectReason::ClientDisconnect]).await;
    ws.send("1").await;
    eventually("both are", || recorder.ends() == [DisconnectReason::ClientDisconnect; 2]).await;
    ws.closed().await;
}

#[tokio::test]
async fn the_server_can_show_a_socket_the_door() {
    let (recorder, io) = server();
    let (mut ws, _) = Ws::join(serve(&io).await, "/chat").await;
    ws.enter("/presence").await;
    ws.send(r#"42/chat,1["kick"]"#).await;
    assert_eq!(ws.text().await, "41/chat,");
    eventually("it is reported", || recorder.ends() == [DisconnectReason::ServerDisconnect]).await;
    // From outside of a handler, too; and twice is once.
    let presence = recorder.socket(1);
    presence.disconnect();
    presence.disconnect();
    assert_eq!(ws.text().await, "41/presence,");
    eventually("both are", || recorder.ends() == [DisconnectReason::ServerDisconnect; 2]).await;
    // The connection is still good.
    ws.enter("/chat").await;
    recorder.socket(2).connection().close(DisconnectReason::ServerDisconnect);
    ws.closed().await;
    eventually("all are", || recorder.ends().len() == 3).await;
}

#[tokio::test]
async fn what_is_queued_before_a_close_still_arrives() {
    let (recorder, io) = server();
    let address = serve(&io).await;
    let (mut ws, _) = Ws::join(address, "/chat").await;
    eventually("it is in", || recorder.socket(0).is_connected()).await;
    let socket = recorder.socket(0);
    socket.emit("bye", &"x".repeat(300_000)).unwrap();
    socket.connection().close(DisconnectReason::ServerDisconnect);
    assert!(ws.text().await.starts_with(r#"42/chat,["bye""#));
    assert!(ws.next().await.is_none());

    let poll = Poll::open(address).await;
    poll.post("40/chat,").await;
    let socket = recorder.socket(1);
    socket.emit("bye", &1).unwrap();
    socket.connection().close(DisconnectReason::ServerDisconnect);
    // Not in one payload: the official client would hear the close first.
    let packets = poll.get_packets().await;
    assert_eq!(packets[1..], [r#"42/chat,["bye",1]"#]);
    assert_eq!(poll.get_packets().await, ["1"]);
}

#[tokio::test]
async fn a_refused_client_is_told_why_and_never_reported() {
    let (recorder, io) = server();
    let mut ws = Ws::open(serve(&io).await).await;
    ws.send(r#"40/chat,{"refuse":true}"#).await;
    assert_eq!(ws.text().await, r#"44/chat,{"message":"no","data":{"code":"refused"}}"#);
    ws.enter("/chat").await;
    drop(ws);
    eventually("one is reported", || recorder.ends().len() == 1).await;
}

#[tokio::test]
async fn a_panic_ends_only_its_own_connection() {
    let (recorder, io) = server();
    let address = serve(&io).await;
    let (mut bystander, _) = Ws::join(address, "/chat").await;
    let (mut ws, _) = Ws::join(address, "/chat").await;
    ws.enter("/presence").await;
    ws.send(r#"42/chat,["panic"]"#).await;
    ws.closed().await;
    eventually("it is reported", || recorder.ends() == [DisconnectReason::HandlerPanicked; 2])
        .await;
    let mut ws = Ws::open(address).await;
    ws.send(r#"40/chat,{"panic":true}"#).await;
    ws.closed().await;
    bystander.send(r#"42/chat,1["hello"]"#).await;
    assert_eq!(bystander.text().await, r#"43/chat,1[{"ok":true}]"#);
    assert_eq!((io.stats().handler_panics, io.stats().sockets), (2, 1));
    assert_eq!(recorder.ends().len(), 2, "a socket that never got in is not reported");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shutdown_reports_every_socket_and_says_goodbye() {
    let (recorder, io) = server();
    let address = serve(&io).await;
    let mut clients = Vec::new();
    for _ in 0..50 {
        clients.push(Ws::join(address, "/chat").await.0);
    }
    let poll = Poll::open(address).await;
    poll.post("40/chat,").await;
    poll.get_packets().await;
    eventually("all are in", || io.stats().sockets == 51).await;
    let goodbyes = tokio::spawn(async move {
        for ws in &mut clients {
            ws.closed().await;
        }
        poll.get_packets().await
    });
    assert_eq!(io.close(PATIENCE).await, 0);
    assert_eq!(recorder.ends(), [DisconnectReason::ServerShutdown; 51]);
    assert_eq!(goodbyes.await.unwrap(), ["1"]);
    let late = crate::client::http(address, "GET", "EIO=4&transport=polling", b"").await;
    assert_eq!(late.status, 503);
}

#[tokio::test]
async fn what_came_before_the_shutdown_is_answered_before_the_goodbye() {
    let (recorder, io) = server();
    let address = serve(&io).await;
    let (mut ws, _) = Ws::join(address, "/chat").await;
    ws.send(r#"42/chat,7["sleep",300]"#).await;
    ws.send(r#"42/chat,8["echo"]"#).await;
    eventually("both have come", || io.stats().packets_in >= 3).await;
    let closing = tokio::spawn(async move { io.close(PATIENCE).await });
    assert_eq!(ws.text().await, r#"43/chat,7[{"ok":true}]"#);
    assert_eq!(ws.text().await, r#"42/chat,["echo"]"#);
    assert_eq!(ws.text().await, r#"43/chat,8[{"ok":true}]"#);
    ws.closed().await;
    assert_eq!(closing.await.unwrap(), 0);
    assert_eq!(recorder.ends(), [DisconnectReason::ServerShutdown]);
}

#[tokio::test]
async fn shutdown_is_bounded_by_neither_a_deaf_peer_nor_a_slow_handler() {
    let (recorder, io) = server();
    let address = serve(&io).await;
    let (_deaf, _) = Ws::join(address, "/chat").await;
    let (mut busy, _) = Ws::join(address, "/chat").await;
    eventually("both are in", || io.stats().sockets == 2).await;
    recorder.socket(0).emit("big", &"x".repeat(1_000_000)).unwrap();
    busy.send(r#"42/chat,["sleep",600000]"#).await;
    busy.send("3").await;
    eventually("it sleeps", || io.stats().packets_in >= 4).await;
    let closing = io.close(Duration::from_secs(5));
    let left = tokio::time::timeout(PATIENCE, closing).await.expect("close is bounded");
    assert_eq!(left, 1, "only the slow handler");
    assert_eq!(recorder.ends(), [DisconnectReason::ServerShutdown]);
}

#[tokio::test]
async fn what_a_client_says_before_it_hangs_up_is_still_handled() {
    let (recorder, io) = server();
    let address = serve(&io).await;
    // No more than the kernel keeps for a reader that is slow to begin.
    let events = |prefix: &str| -> Vec<String> {
        (1..=100).map(|number| format!(r#"42/chat,{prefix}["number",{number}]"#)).collect()
    };

    // It waits for answers that it does not stay to read.
    let (mut ws, _) = Ws::join(address, "/chat").await;
    for event in events("7") {
        ws.send(&event).await;
    }
    ws.send("41/chat,").await;
    ws.stream.close(None).await.unwrap();
    drop(ws);
    eventually("it is reported", || recorder.ends() == [DisconnectReason::ClientDisconnect]).await;
    assert!(recorder.0.numbers.lock().iter().copied().eq(1..=100));

    recorder.0.numbers.lock().clear();
    let poll = Poll::open(address).await;
    poll.post("40/chat,").await;
    let body = format!("{}\x1e1", events("").join("\x1e"));
    assert_eq!(poll.post(&body).await.status, 200);
    assert!(recorder.0.numbers.lock().iter().copied().eq(1..=100));
    eventually("it is reported", || recorder.ends().len() == 2).await;
}
