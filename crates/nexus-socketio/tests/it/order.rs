//! Events of one connection are handled in the order they came.

use nexus_socketio::SocketIo;

use crate::{
    client::{Poll, Ws, eventually, serve},
    recorder::Recorder,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_events_are_handled_without_one_inversion() {
    let recorder = Recorder::default();
    let io = SocketIo::builder().namespace("/chat", recorder.clone()).build();
    let (mut ws, _) = Ws::join(serve(&io).await, "/chat").await;
    for number in 0..10_000 {
        ws.send(&format!(r#"42/chat,["number",{number}]"#)).await;
    }
    eventually("all are handled", || recorder.0.numbers.lock().len() == 10_000).await;
    assert!(recorder.0.numbers.lock().iter().copied().eq(0..10_000));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn order_holds_in_polling_and_across_the_upgrade() {
    let recorder = Recorder::default();
    let io = SocketIo::builder().namespace("/chat", recorder.clone()).build();
    let poll = Poll::open(serve(&io).await).await;
    let events = |numbers: std::ops::Range<u64>| -> String {
        let packets: Vec<_> =
            numbers.map(|number| format!(r#"42/chat,["number",{number}]"#)).collect();
        packets.join("\x1e")
    };
    poll.post("40/chat,").await;
    poll.get_packets().await;
    for start in (0..1000).step_by(100) {
        poll.post(&events(start..start + 100)).await;
    }
    let mut ws = poll.websocket().await;
    ws.send("2probe").await;
    ws.text().await;
    poll.post(&events(1000..1100)).await;
    ws.send("5").await;
    for number in 1100..1200 {
        ws.send(&events(number..number + 1)).await;
    }
    eventually("all are handled", || recorder.0.numbers.lock().len() == 1200).await;
    assert!(recorder.0.numbers.lock().iter().copied().eq(0..1200));
}

#[tokio::test]
async fn a_client_that_asks_faster_than_it_reads_is_held_back_and_not_cut() {
    let recorder = Recorder::default();
    let io = SocketIo::builder().namespace("/chat", recorder.clone()).build();
    let (ws, _) = Ws::join(serve(&io).await, "/chat").await;
    let (mut sink, stream) = futures_util::StreamExt::split(ws.stream);
    let padding = "x".repeat(2000);
    let asked = tokio::spawn(async move {
        for number in 0..3000 {
            let text = format!(r#"42/chat,["echo",{number},"{padding}"]"#);
            let message = tokio_tungstenite::tungstenite::Message::text(text);
            futures_util::SinkExt::send(&mut sink, message).await.unwrap();
        }
        sink
    });
    // Six megabytes of answers would be far too much to keep for a client that reads nothing.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let answers = futures_util::StreamExt::take(stream, 3000);
    let answers: Vec<_> = futures_util::StreamExt::collect(answers).await;
    assert!(answers.into_iter().all(|answer| answer.is_ok()));
    drop(asked.await.unwrap());
    assert_eq!(io.stats().slow_consumers_cut, 0);
}
