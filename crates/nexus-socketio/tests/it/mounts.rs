//! Where the service can be mounted, and what it can travel on.

use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio_tungstenite::{client_async, tungstenite::Message};
use tower_service::Service;

use crate::{
    client::{Poll, Ws},
    fixture::{bare_engine, socket_io},
};

#[tokio::test]
async fn it_mounts_into_axum() {
    let app = axum::Router::new().route_service("/x/", socket_io().service());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    let (mut ws, _) = Ws::join(address, "/custom").await;
    assert!(ws.text().await.contains("auth"));
    ws.send(r#"42/custom,["message",1]"#).await;
    assert_eq!(ws.text().await, r#"42/custom,["message-back",1]"#);
    let poll = Poll::open(address).await;
    assert_eq!(poll.post("40/custom,").await.status, 200);
}

/// Any stream will do, not only TCP: under TLS, for example.
#[tokio::test]
async fn it_travels_on_any_stream() {
    let (client, server) = tokio::io::duplex(1024);
    let service = bare_engine().service();
    tokio::spawn(
        hyper::server::conn::http1::Builder::new()
            .serve_connection(
                TokioIo::new(server),
                service_fn(move |request| service.clone().call(request)),
            )
            .with_upgrades(),
    );
    let url = "ws://test/x/?EIO=4&transport=websocket";
    let (mut stream, _) = client_async(url, client).await.unwrap();
    let mut next = async |message: Option<Message>| {
        if let Some(message) = message {
            futures_util::SinkExt::send(&mut stream, message).await.unwrap();
        }
        loop {
            match futures_util::StreamExt::next(&mut stream).await.unwrap().unwrap() {
                Message::Text(text) if text == "2" => {
                    let pong = Message::text("3");
                    futures_util::SinkExt::send(&mut stream, pong).await.unwrap();
                }
                message => return message,
            }
        }
    };
    assert!(next(None).await.is_text());
    let large = Message::binary(vec![7; 300_000]);
    assert_eq!(next(Some(large.clone())).await, large);
    for number in 0..100 {
        let message = Message::text(format!("4{number}"));
        assert_eq!(next(Some(message.clone())).await, message);
    }
}
