//! Requests written by hand, for what no client sends.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
};

const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// Empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// A request of HTTP/1.1 with a body of the length it says.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
    let mut text = format!("{method} {path} HTTP/1.1\r\n");
    if method == "HEAD" {
        text += "connection: close\r\n";
    }
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
        text += "host: test\r\n";
    }
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    if !body.is_empty() {
        text += &format!("content-length: {}\r\n", body.len());
    }
    text + "\r\n" + body
}

pub async fn ask(
    host: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let text = request(method, path, headers, body);
    send(host, &text).await.unwrap_or_else(|| panic!("no answer to {method} {path}"))
}

/// `None` if the server closes without a word.
pub async fn send(host: &str, text: &str) -> Option<Answer> {
    let mut stream = TcpStream::connect(host).await.unwrap();
    // It may close before it has read all.
    let _closed = stream.write_all(text.as_bytes()).await;
    answer(&mut stream).await
}

/// The next answer on this connection.
pub async fn answer(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> Option<Answer> {
    tokio::time::timeout(PATIENCE, read(stream)).await.expect("an answer in time")
}

async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<Answer> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            return None;
        }
    };
    let body = bytes.split_off(end);
    let head = String::from_utf8(bytes).unwrap();
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: HeaderMap = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap()))
        .collect::<Vec<(HeaderName, HeaderValue)>>()
        .into_iter()
        .fold(HeaderMap::new(), |mut all, (name, value)| {
            all.append(name, value);
            all
        });
    let mut answer = Answer { status, headers, body };
    read_body(stream, &mut answer).await;
    Some(answer)
}

async fn read_body(stream: &mut (impl AsyncRead + Unpin), answer: &mut Answer) {
    if matches!(answer.status, 101 | 204 | 304) {
        return;
    }
    let length: usize = answer.header("content-length").parse().unwrap_or(usize::MAX);
    while answer.body.len() < length && stream.read_buf(&mut answer.body).await.unwrap_or(0) > 0 {}
}
