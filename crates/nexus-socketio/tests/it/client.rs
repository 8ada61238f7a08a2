//! A server on a port of its own, and clients that speak the protocol by hand.

use std::{net::SocketAddr, time::Duration};

use futures_util::{SinkExt, StreamExt};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use nexus_socketio::SocketIo;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Bytes, Message},
};
use tower_service::Service;

/// Far longer than anything should take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Serves `io` and says where.
pub async fn serve(io: &SocketIo) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = io.service();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let service = service.clone();
            let connection = hyper::server::conn::http1::Builder::new()
                .serve_connection(
                    TokioIo::new(stream),
                    service_fn(move |request| service.clone().call(request)),
                )
                .with_upgrades();
            tokio::spawn(async move {
                let _ = connection.await;
            });
        }
    });
    address
}

/// Waits until `condition` holds.
pub async fn eventually(what: &str, condition: impl Fn() -> bool) {
    let holds = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(timeout(PATIENCE, holds).await.is_ok(), "never: {what}");
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: String,
}

/// Sends an HTTP request and leaves the answer to be read.
pub async fn send(address: SocketAddr, method: &str, query: &str, body: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "{method} /x/?{query} HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), body].concat()).await.unwrap();
    stream
}

pub async fn answer(mut stream: TcpStream) -> Answer {
    let mut bytes = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.expect("no answer").unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").expect("a whole answer");
    Answer { status: head[9..12].parse().unwrap(), body: body.to_owned() }
}

pub async fn http(address: SocketAddr, method: &str, query: &str, body: &[u8]) -> Answer {
    answer(send(address, method, query, body).await).await
}

/// A session that polls.
pub struct Poll {
    pub address: SocketAddr,
    pub sid: String,
}

impl Poll {
    pub async fn open(address: SocketAddr) -> Self {
        let answer = http(address, "GET", "EIO=4&transport=polling", b"").await;
        assert_eq!(answer.status, 200);
        Self { address, sid: open_packet(&answer.body)["sid"].as_str().unwrap().to_owned() }
    }

    pub fn query(&self) -> String {
        format!("EIO=4&transport=polling&sid={}", self.sid)
    }

    pub async fn get(&self) -> Answer {
        http(self.address, "GET", &self.query(), b"").await
    }

    pub async fn post(&self, body: &str) -> Answer {
        http(self.address, "POST", &self.query(), body.as_bytes()).await
    }

    pub async fn websocket(&self) -> Ws {
        Ws::connect(self.address, &format!("EIO=4&transport=websocket&sid={}", self.sid))
            .await
            .unwrap()
    }

    /// Polls until a payload has something but pings, which are answered.
    pub async fn get_packets(&self) -> Vec<String> {
        loop {
            let answer = self.get().await;
            assert_eq!(answer.status, 200, "{}", answer.body);
            let mut packets: Vec<_> = answer.body.split('\x1e').map(str::to_owned).collect();
            if packets.iter().any(|packet| packet == "2") {
                self.post("3").await;
            }
            packets.retain(|packet| packet != "2");
            if !packets.is_empty() {
                return packets;
            }
        }
    }
}

pub fn open_packet(text: &str) -> serde_json::Value {
    assert!(text.starts_with('0'), "{text}");
    serde_json::from_str(&text[1..]).unwrap()
}

/// A WebSocket client that answers pings, unless told otherwise.
pub struct Ws {
    pub stream: WebSocketStream<TcpStream>,
    pub pong: bool,
}

impl Ws {
    pub async fn connect(address: SocketAddr, query: &str) -> Result<Self, String> {
        let stream = TcpStream::connect(address).await.unwrap();
        Self::over(stream, query).await
    }

    pub async fn over(stream: TcpStream, query: &str) -> Result<Self, String> {
        let url = format!("ws://test/x/?{query}");
        let (stream, _) = client_async(url, stream).await.map_err(|error| error.to_string())?;
        Ok(Self { stream, pong: true })
    }

    /// A new session, with the open packet read.
    pub async fn open(address: SocketAddr) -> Self {
        let mut ws = Self::connect(address, "EIO=4&transport=websocket").await.unwrap();
        open_packet(&ws.text().await);
        ws
    }

    /// A new session in one namespace; returns the socket's id too.
    pub async fn join(address: SocketAddr, namespace: &str) -> (Self, String) {
        let mut ws = Self::open(address).await;
        let id = ws.enter(namespace).await;
        (ws, id)
    }

    pub async fn enter(&mut self, namespace: &str) -> String {
        self.send(&format!("40{namespace},")).await;
        let text = self.text().await;
        let json = text.strip_prefix(&format!("40{namespace},")).expect(&text);
        let json: serde_json::Value = serde_json::from_str(json).unwrap();
        json["sid"].as_str().unwrap().to_owned()
    }

    pub async fn send(&mut self, text: &str) {
        self.stream.send(Message::text(text)).await.unwrap();
    }

    pub async fn send_bytes(&mut self, bytes: &[u8]) {
        self.stream.send(Message::binary(bytes.to_vec())).await.unwrap();
    }

    /// The next message; `None` when the connection is over.
    pub async fn next(&mut self) -> Option<Message> {
        loop {
            match timeout(PATIENCE, self.stream.next()).await.expect("nothing came")? {
                Ok(Message::Text(text)) if text == "2" && self.pong => {
                    let _ = self.stream.send(Message::text("3")).await;
                }
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(message) => return Some(message),
            }
        }
    }

    pub async fn text(&mut self) -> String {
        match self.next().await {
            Some(Message::Text(text)) => text.as_str().to_owned(),
            other => panic!("no text but {other:?}"),
        }
    }

    pub async fn bytes(&mut self) -> Bytes {
        match self.next().await {
            Some(Message::Binary(bytes)) => bytes,
            other => panic!("no binary but {other:?}"),
        }
    }

    /// Reads until the connection is over, whatever comes.
    pub async fn closed(&mut self) {
        while self.next().await.is_some() {}
    }
}
