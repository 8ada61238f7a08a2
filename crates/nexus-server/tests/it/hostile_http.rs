//! Requests that are cut off, drawn out, or say two things at once.

use std::time::Duration;

use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{sleep, timeout},
};

use crate::{
    fixture::TestApp,
    wire::{self, request, send},
};

const LOGIN: &str = "/api/v1/auth/login";
const JSON: (&str, &str) = ("content-type", "application/json");

/// The bytes behind each of these would be a request of their own to whoever reads it otherwise.
#[tokio::test]
async fn a_request_that_has_two_lengths_smuggles_no_second_one() {
    let app = TestApp::start().await;
    let hidden = "GET /smuggled HTTP/1.1\r\nhost: x\r\n\r\n";
    for lengths in [
        "content-length: 5\r\ntransfer-encoding: chunked\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 5\r\n",
        "content-length: 5\r\ncontent-length: 6\r\n",
        "content-length: 5, 6\r\n",
        "content-length: +5\r\n",
        "content-length: 0x5\r\n",
        "content-length: -1\r\n",
        "content-length: 99999999999999999999\r\n",
        "transfer-encoding: chunked, identity\r\n",
        "transfer-encoding: identity\r\n",
        "transfer-encoding: xchunked\r\n",
        "transfer-encoding: chunked\r\ntransfer-encoding: x\r\n",
        "transfer-encoding : chunked\r\n",
        " transfer-encoding: chunked\r\n",
    ] {
        let text = format!(
            "POST {LOGIN} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{lengths}\r\n\
             0\r\n\r\n{hidden}"
        );
        let mut stream = TcpStream::connect(app.host()).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        let mut all = Vec::new();
        // It is closed after the first answer, whatever that is.
        let read = timeout(Duration::from_secs(20), stream.read_to_end(&mut all)).await;
        let all = String::from_utf8_lossy(&all).into_owned();
        assert!(read.is_ok(), "{lengths:?} leaves the connection open: {all}");
        assert!(
            !all.contains("HTTP/1.1 200") && !all.contains("HTTP/1.1 404"),
            "{lengths:?}: {all}"
        );
        assert!(all.matches("HTTP/1.1 ").count() <= 1, "{lengths:?}: {all}");
        assert!(all.is_empty() || all.starts_with("HTTP/1.1 4"), "{lengths:?}: {all}");
    }
    app.stop().await;
}

#[tokio::test]
async fn a_body_that_drips_ends_with_the_time_for_a_request() {
    let app = TestApp::with(|config| {
        config.server.request_timeout_secs = 1;
        config.socket.ping_interval_secs = 1;
        config.socket.ping_timeout_secs = 1;
    })
    .await;
    let open = wire::ask(app.host(), "GET", "/socket.io/?EIO=4&transport=polling", &[], "").await;
    let open: serde_json::Value = serde_json::from_slice(&open.body[1..]).unwrap();
    let poll = format!("/socket.io/?EIO=4&transport=polling&sid={}", open["sid"].as_str().unwrap());
    let drip = async |path: &str| {
        let mut stream = TcpStream::connect(app.host()).await.unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
             content-length: 1000\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let (mut reader, mut writer) = stream.into_split();
        let dripping = tokio::spawn(async move {
            while writer.write_all(b" ").await.is_ok() {
                sleep(Duration::from_millis(100)).await;
            }
        });
        let mut answer = [0; 12];
        let read = timeout(Duration::from_secs(10), reader.read_exact(&mut answer)).await;
        dripping.abort();
        read.expect("an answer, or the end").map(|_| String::from_utf8_lossy(&answer).into_owned())
    };
    assert_eq!(drip(LOGIN).await.unwrap(), "HTTP/1.1 503");
    let polled = drip(&poll).await;
    assert!(polled.as_ref().map_or(true, |answer| answer == "HTTP/1.1 400"), "{polled:?}");
    app.stop().await;
}

#[tokio::test]
async fn what_is_too_large_is_refused_however_its_length_is_said() {
    let app = TestApp::with(|config| config.server.max_body_bytes = 16 * 1024).await;
    let body = json!({ "identifier": "x".repeat(20_000), "password": "x" }).to_string();
    let answer = wire::ask(app.host(), "POST", LOGIN, &[JSON], &body).await;
    assert_eq!((answer.status, answer.json()["code"].as_str()), (413, Some("too_large")));
    let chunk = format!("{:x}\r\n{}\r\n", 8_192, "x".repeat(8_192));
    let chunked = request("POST", LOGIN, &[JSON, ("transfer-encoding", "chunked")], "");
    let text = format!("{chunked}{}", chunk.repeat(4));
    assert_eq!(send(app.host(), &text).await.unwrap().status, 413, "a length that nobody said");
    app.stop().await;
}
