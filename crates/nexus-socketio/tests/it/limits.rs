//! What a client can make the server hold, and for how long.

use std::time::Duration;

use nexus_socketio::{DisconnectReason, EmitError, SocketIo};
use tokio::net::{TcpSocket, TcpStream};

use crate::{
    client::{PATIENCE, Poll, Ws, eventually, http, serve},
    recorder::Recorder,
};

/// A client whose kernel takes little: it stops reading at once.
async fn small_window(address: std::net::SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    socket.connect(address).await.unwrap()
}

#[tokio::test]
async fn a_slow_reader_is_cut_and_what_it_did_not_read_is_freed() {
    let recorder = Recorder::default();
    let io = SocketIo::builder().namespace("/chat", recorder.clone()).build();
    let address = serve(&io).await;
    let mut slow =
        Ws::over(small_window(address).await, "EIO=4&transport=websocket").await.unwrap();
    slow.text().await;
    slow.enter("/chat").await;
    let (mut quick, _) = Ws::join(address, "/chat").await;
    eventually("both are in", || io.stats().sockets == 2).await;

    let body = "x".repeat(500_000);
    let chat = io.of("/chat").unwrap();
    let mut reached = Vec::new();
    for _ in 0..200 {
        reached.push(chat.emit("big", &body));
        assert_eq!(quick.text().await.len(), body.len() + 18);
        assert!(io.stats().buffered_bytes <= 2 << 20, "bounded at every moment");
    }
    assert_eq!((reached[0], reached[199]), (2, 1));
    eventually("it is reported", || recorder.ends() == [DisconnectReason::SlowConsumer]).await;
    eventually("its memory is free", || io.stats().buffered_bytes == 0).await;
    assert_eq!((io.stats().slow_consumers_cut, io.stats().connections), (1, 1));
}

#[tokio::test]
async fn many_small_packets_cut_a_slow_reader_too() {
    let recorder = Recorder::default();
    let io =
        SocketIo::builder().namespace("/chat", recorder.clone()).max_buffered_packets(32).build();
    let _poll = {
        let poll = Poll::open(serve(&io).await).await;
        poll.post("40/chat,").await;
        poll
    };
    let socket = recorder.socket(0);
    let mut refused = None;
    for number in 0..100 {
        if let Err(error) = socket.emit("n", &number) {
            refused = Some((number, error));
            break;
        }
    }
    // The answer to the connect takes one place.
    assert!(matches!(refused, Some((31, EmitError::Overflow))), "{refused:?}");
    eventually("it is reported", || recorder.ends() == [DisconnectReason::SlowConsumer]).await;
}

#[tokio::test]
async fn a_peer_that_stops_reading_is_found_by_our_own_timers() {
    let recorder = Recorder::default();
    let io = SocketIo::builder()
        .namespace("/chat", recorder.clone())
        .ping_interval(Duration::from_millis(500))
        .ping_timeout(Duration::from_millis(500))
        .max_buffered_bytes(64 << 20)
        .build();
    let address = serve(&io).await;
    let mut ws = Ws::over(small_window(address).await, "EIO=4&transport=websocket").await.unwrap();
    ws.text().await;
    ws.enter("/chat").await;
    eventually("it is in", || recorder.socket(0).is_connected()).await;
    // More than the kernel takes: the writer is stuck.
    recorder.socket(0).emit("big", &"x".repeat(30 << 20)).unwrap();
    eventually("it is reported", || recorder.ends() == [DisconnectReason::PingTimeout]).await;
    eventually("its memory is free", || io.stats().buffered_bytes == 0).await;
    assert_eq!(io.stats().connections, 0);
    assert_eq!(io.stats().ping_timeouts, 1);
}

#[tokio::test]
async fn a_peer_that_vanishes_is_found_by_our_own_timers() {
    let recorder = Recorder::default();
    let io = SocketIo::builder()
        .namespace("/chat", recorder.clone())
        .ping_interval(Duration::from_millis(300))
        .ping_timeout(Duration::from_millis(300))
        .build();
    let address = serve(&io).await;
    // It holds its connection but says nothing any more.
    let (_silent, _) = Ws::join(address, "/chat").await;
    let polling = Poll::open(address).await;
    polling.post("40/chat,").await;
    eventually("both are reported", || recorder.ends() == [DisconnectReason::PingTimeout; 2]).await;
    eventually("nothing is left", || io.stats().connections == 0 && io.stats().sockets == 0).await;
}

#[tokio::test]
async fn a_slow_handler_is_no_dead_peer() {
    let recorder = Recorder::default();
    let io = SocketIo::builder()
        .namespace("/chat", recorder.clone())
        .ping_interval(Duration::from_millis(100))
        .ping_timeout(Duration::from_secs(2))
        .build();
    let address = serve(&io).await;
    let (mut ws, _) = Ws::join(address, "/chat").await;
    ws.send(r#"42/chat,1["sleep",3000]"#).await;
    // Too many to read ahead: the pongs lie unread behind them.
    for number in 0..40 {
        ws.send(&format!(r#"42/chat,["number",{number}]"#)).await;
    }
    ws.pong = false;
    let mut pings = 0;
    loop {
        match ws.text().await.as_str() {
            "2" => {
                pings += 1;
                ws.send("3").await;
            }
            text => {
                assert_eq!(text, r#"43/chat,1[{"ok":true}]"#);
                break;
            }
        }
    }
    assert!(pings > 0, "pings go on while the handler runs");
    eventually("all are handled", || recorder.0.numbers.lock().len() == 40).await;
    assert_eq!(recorder.ends(), []);
}

#[tokio::test]
async fn a_slow_handler_of_a_post_is_no_dead_peer() {
    let recorder = Recorder::default();
    let io = SocketIo::builder()
        .namespace("/chat", recorder.clone())
        .ping_interval(Duration::from_millis(100))
        .ping_timeout(Duration::from_secs(2))
        .build();
    let poll = Poll::open(serve(&io).await).await;
    poll.post("40/chat,").await;
    let (posted, polled) = tokio::join!(poll.post(r#"42/chat,1["sleep",3000]"#), async {
        let mut body = poll.get().await.body;
        while !body.contains("43/chat,1") {
            body = poll.get().await.body;
        }
    });
    assert_eq!((posted.status, polled), (200, ()));
    assert_eq!(recorder.ends(), []);
}

#[tokio::test]
async fn an_oversized_frame_or_message_ends_its_connection() {
    let recorder = Recorder::default();
    let io = SocketIo::builder().namespace("/chat", recorder.clone()).max_payload(100_000).build();
    let address = serve(&io).await;
    let too_much = "x".repeat(120_000);

    let (mut ws, _) = Ws::join(address, "/chat").await;
    ws.send(&format!(r#"42/chat,["x","{too_much}"]"#)).await;
    ws.closed().await;

    let poll = Poll::open(address).await;
    poll.post("40/chat,").await;
    assert_eq!(poll.post(&format!(r#"42/chat,["x","{too_much}"]"#)).await.status, 413);
    assert_eq!(poll.get().await.status, 400);

    // Attachments count together.
    let (mut ws, _) = Ws::join(address, "/chat").await;
    ws.send(r#"452-/chat,["x",0,0]"#).await;
    for _ in 0..2 {
        ws.send_bytes(&[0; 60_000]).await;
    }
    ws.closed().await;
    eventually("all are reported", || recorder.ends() == [DisconnectReason::PayloadTooLarge; 3])
        .await;
}

#[tokio::test]
async fn an_upgrade_that_is_never_finished_is_given_up() {
    let io = SocketIo::builder()
        .namespace("/chat", Recorder::default())
        .upgrade_timeout(Duration::from_secs(2))
        .build();
    let address = serve(&io).await;
    let poll = Poll::open(address).await;
    let mut first = poll.websocket().await;
    first.closed().await;
    let mut second = poll.websocket().await;
    second.send("2probe").await;
    assert_eq!(second.text().await, "3probe");

    // A body that never ends holds nobody but itself.
    let answer = http(address, "POST", &Poll::open(address).await.query(), b"40/chat,").await;
    assert_eq!(answer.status, 200);
    assert!(tokio::time::timeout(PATIENCE, second.closed()).await.is_ok());
}

#[tokio::test]
async fn who_waits_for_room_can_send_any_amount() {
    let recorder = Recorder::default();
    let io =
        SocketIo::builder().namespace("/chat", recorder.clone()).max_buffered_packets(16).build();
    let (mut ws, _) = Ws::join(serve(&io).await, "/chat").await;
    eventually("it is in", || recorder.socket(0).is_connected()).await;
    let socket = recorder.socket(0);
    let sending = tokio::spawn(async move {
        for number in 0..2000 {
            socket.connection().writable().await.unwrap();
            socket.emit("number", &number).unwrap();
        }
        socket
    });
    for number in 0..2000 {
        assert_eq!(ws.text().await, format!(r#"42/chat,["number",{number}]"#));
    }
    let socket = sending.await.unwrap();
    drop(ws);
    eventually("it is reported", || recorder.ends().len() == 1).await;
    assert!(socket.connection().writable().await.is_err());
}
