//! What the application says before a session begins and while it lasts.

use http::StatusCode;
use nexus_socketio::{Refusal, SocketIo};

use crate::{
    client::{Poll, Ws, eventually, http, serve},
    recorder::Recorder,
};

#[derive(Clone)]
struct Caller(String);

fn server(recorder: &Recorder) -> SocketIo {
    SocketIo::builder()
        .namespace("/chat", recorder.clone())
        .on_handshake(|parts| {
            let query = parts.uri.query().unwrap_or_default();
            if query.contains("evil") {
                return Err(Refusal::new(
                    StatusCode::FORBIDDEN,
                    "origin_refused",
                    "not from there",
                ));
            }
            let mut keep = http::Extensions::new();
            keep.insert(Caller(query.to_owned()));
            Ok(keep)
        })
        .on_request(|parts, connection| {
            assert!(connection.extensions().get::<Caller>().is_some());
            match parts.uri.query() {
                Some(query) if query.contains("stolen") => {
                    Err(Refusal::new(StatusCode::UNAUTHORIZED, "stolen", "not yours"))
                }
                _ => Ok(()),
            }
        })
        .build()
}

#[tokio::test]
async fn the_application_may_refuse_a_session() {
    let io = server(&Recorder::default());
    let address = serve(&io).await;
    let answer = http(address, "GET", "EIO=4&transport=polling&evil=1", b"").await;
    assert_eq!(answer.status, 403);
    let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(body["reason"], "origin_refused");
    let refused = Ws::connect(address, "EIO=4&transport=websocket&evil=1").await;
    assert!(refused.err().unwrap().contains("403"));
    assert_eq!((io.stats().connections, io.stats().refused), (0, 2));
}

#[tokio::test]
async fn what_the_application_keeps_is_found_on_the_connection() {
    let recorder = Recorder::default();
    let (_ws, _) = Ws::join(serve(&server(&recorder)).await, "/chat").await;
    eventually("it is in", || !recorder.0.sockets.lock().is_empty()).await;
    let caller = recorder.socket(0).connection().extensions().get::<Caller>().unwrap();
    assert_eq!(caller.0, "EIO=4&transport=websocket");
}

#[tokio::test]
async fn every_later_request_is_asked_about() {
    let address = serve(&server(&Recorder::default())).await;
    let poll = Poll::open(address).await;
    let stolen = format!("{}&stolen=1", poll.query());
    assert_eq!(http(address, "GET", &stolen, b"").await.status, 401);
    assert_eq!(http(address, "POST", &stolen, b"1").await.status, 401);
    let stolen = format!("EIO=4&transport=websocket&sid={}&stolen=1", poll.sid);
    assert!(Ws::connect(address, &stolen).await.is_err());
    assert_eq!(poll.post("40/chat,").await.status, 200, "the session did not suffer");
}
