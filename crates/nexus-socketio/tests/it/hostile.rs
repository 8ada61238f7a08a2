//! Packets nobody honest sends: the server lives, and others do not notice.

use nexus_socketio::SocketIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::Message;

use crate::{
    client::{Poll, Ws, eventually, serve},
    fixture::Echo,
    recorder::Recorder,
};

fn deep(levels: usize) -> String {
    format!("{}{}", "[".repeat(levels), "]".repeat(levels))
}

#[tokio::test]
async fn hostile_packets_hurt_nobody_but_their_sender() {
    let recorder = Recorder::default();
    let io = SocketIo::builder().namespace("/chat", recorder.clone()).build();
    let address = serve(&io).await;
    let (mut bystander, _) = Ws::join(address, "/chat").await;
    let packets = [
        "42/chat,[1]".to_owned(),
        "42/chat,[null]".to_owned(),
        r#"42/chat,[{"a":1}]"#.to_owned(),
        r#"454000000000-/chat,["x"]"#.to_owned(),
        r#"4518446744073709551616-/chat,["x"]"#.to_owned(),
        r#"45-/chat,["x"]"#.to_owned(),
        r#"450-/chat,["x"]"#.to_owned(),
        r#"4511-/chat,["x"]"#.to_owned(),
        "45".to_owned(),
        format!("42/chat,{}", deep(200_000)),
        format!(r#"42/chat,["join",{}]"#, deep(200_000)),
        format!(r#"42/chat,["x",{}"#, "[".repeat(400_000)),
        format!("40/{}", "n".repeat(900_000)),
        format!("40/chat,{}", deep(100_000)),
        format!(r#"42/chat,["{}"]"#, "e".repeat(900_000)),
        r#"42/chat,["\ud800"]"#.to_owned(),
        "4€".to_owned(),
        "€".to_owned(),
        "40/chat,{\"a\":\u{0}}".to_owned(),
    ];
    for packet in packets {
        let (mut ws, _) = Ws::join(address, "/chat").await;
        let _ = ws.stream.send_now(Message::text(packet)).await;
        // Ended or ignored, it is gone after this.
        let _ = ws.stream.send_now(Message::text("1")).await;
        ws.closed().await;
    }
    for message in [Message::binary(vec![0; 10]), Message::binary(vec![])] {
        let (mut ws, _) = Ws::join(address, "/chat").await;
        ws.stream.send_now(message).await.unwrap();
        ws.closed().await;
    }
    bystander.send(r#"42/chat,3["hello"]"#).await;
    assert_eq!(bystander.text().await, r#"43/chat,3[{"ok":true}]"#);
    eventually("only the bystander is left", || io.stats().connections == 1).await;
}

#[tokio::test]
async fn floods_of_small_things_are_harmless() {
    let io = SocketIo::builder().namespace("/chat", Echo).build();
    let (mut ws, _) = Ws::join(serve(&io).await, "/chat").await;
    assert!(ws.text().await.contains("auth"));
    for _ in 0..5000 {
        ws.send("3").await;
    }
    for number in 0..2000 {
        ws.send(&format!("40/unknown{number},")).await;
        assert!(ws.text().await.contains("Invalid namespace"));
    }
    for _ in 0..2000 {
        ws.stream.send_now(Message::Ping(vec![1].into())).await.unwrap();
    }
    ws.send(r#"42/chat,["message","alive"]"#).await;
    loop {
        match ws.next().await.expect("alive") {
            Message::Pong(_) => {}
            message => {
                assert_eq!(message, Message::text(r#"42/chat,["message-back","alive"]"#));
                break;
            }
        }
    }
    assert_eq!(io.stats().connections, 1);
}

#[tokio::test]
async fn a_payload_of_nothing_but_separators_ends_its_session() {
    let io = SocketIo::builder().namespace("/chat", Echo).build();
    let poll = Poll::open(serve(&io).await).await;
    assert_eq!(poll.post(&"\x1e".repeat(500_000)).await.status, 400);
    eventually("it is over", || io.stats().connections == 0).await;
}

/// Frames that break RFC 6455.
#[tokio::test]
async fn broken_frames_end_their_connection() {
    let io = SocketIo::builder().namespace("/chat", Echo).build();
    let address = serve(&io).await;
    let masked = |first: u8, payload: &[u8]| {
        let mut frame = vec![first, 0x80 | payload.len() as u8, 0, 0, 0, 0];
        frame.extend_from_slice(payload);
        frame
    };
    let frames = [
        vec![0x81, 0x01, b'2'],                                           // not masked
        masked(0xc1, b"42"),                                              // reserved bit
        masked(0x83, b"42"),                                              // reserved opcode
        masked(0x80, b"42"),                                              // continues nothing
        masked(0x09, b""),                                                // fragmented ping
        vec![0x89, 0xfe, 0x00, 0x7e, 0, 0, 0, 0],                         // long ping
        masked(0x81, &[0xff, 0xfe]),                                      // no UTF-8
        [masked(0x01, b"4"), masked(0x81, b"2")].concat(),                // begins twice
        [vec![0x81], vec![0xff; 13]].concat(),                            // 2^64 - 1 bytes
        vec![0x81, 0xff, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0], // 2 GiB
        masked(0x88, &[0x03, 0xe8]),                                      // an honest goodbye
    ];
    for frame in frames {
        let ws = Ws::open(address).await;
        let mut stream = ws.stream.into_inner();
        stream.write_all(&frame).await.unwrap();
        let mut rest = Vec::new();
        let read = tokio::time::timeout(crate::client::PATIENCE, stream.read_to_end(&mut rest));
        // A reset would do as well, but we mean to say goodbye properly.
        read.await.expect("closed").unwrap();
        assert_eq!(rest.first(), Some(&0x88), "{frame:?} is answered with a close frame");
    }
    eventually("all are over", || io.stats().connections == 0).await;
}

#[tokio::test]
async fn frames_may_come_in_pieces() {
    let io = SocketIo::builder().bare_engine(crate::fixture::EngineEcho).build();
    let ws = Ws::open(serve(&io).await).await;
    let mut stream = ws.stream.into_inner();
    // "4he" + ping "!" + "llo", byte by byte.
    let bytes = [
        &[0x01, 0x83, 1, 2, 3, 4, b'4' ^ 1, b'h' ^ 2, b'e' ^ 3][..],
        &[0x89, 0x81, 0, 0, 0, 0, b'!'],
        &[0x80, 0x83, 9, 9, 9, 9, b'l' ^ 9, b'l' ^ 9, b'o' ^ 9],
    ]
    .concat();
    stream.set_nodelay(true).unwrap();
    for byte in bytes {
        stream.write_all(&[byte]).await.unwrap();
        tokio::task::yield_now().await;
    }
    let mut got = [0; 11];
    stream.read_exact(&mut got).await.unwrap();
    assert_eq!(&got, b"\x8a\x01!\x81\x064hello");
}

/// `send` without unwrapping: the server may have closed already.
trait SendNow {
    async fn send_now(&mut self, message: Message) -> Result<(), ()>;
}

impl<S: futures_util::Sink<Message> + Unpin> SendNow for S {
    async fn send_now(&mut self, message: Message) -> Result<(), ()> {
        futures_util::SinkExt::send(self, message).await.map_err(|_| ())
    }
}
