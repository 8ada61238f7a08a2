use std::sync::atomic::{AtomicUsize, Ordering};

use axum::{Extension, body::Body, routing::get};
use bytes::Bytes;
use futures_util::stream;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    task::JoinHandle,
    time::timeout,
};

use super::*;

const LONG: Duration = Duration::from_secs(20);
const PIECE: &[u8] = &[b'.'; 16 * 1024];

struct Server {
    address: SocketAddr,
    closing: CancellationToken,
    serving: JoinHandle<()>,
    /// Lets `/slow` answer.
    go: Arc<Semaphore>,
    /// `/slow` has been reached.
    reached: Arc<Semaphore>,
    /// Of `/endless`, handed over so far.
    handed: Arc<AtomicUsize>,
}

async fn server(max_connections: usize) -> Server {
    server_with(max_connections, LONG).await
}

async fn server_with(max_connections: usize, drain: Duration) -> Server {
    server_for(max_connections, usize::MAX, drain).await
}

async fn server_for(
    max_connections: usize,
    connections_per_address: usize,
    drain: Duration,
) -> Server {
    let (go, reached) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let slow = {
        let (go, reached) = (go.clone(), reached.clone());
        move || async move {
            reached.add_permits(1);
            let _gone = go.acquire().await;
            "done"
        }
    };
    let handed = Arc::new(AtomicUsize::new(0));
    let endless = {
        let handed = handed.clone();
        move || async move {
            Body::from_stream(stream::repeat_with(move || {
                handed.fetch_add(PIECE.len(), Ordering::Relaxed);
                io::Result::Ok(Bytes::from_static(PIECE))
            }))
        }
    };
    let whoami = |Extension(Peer(peer)): Extension<Peer>| async move { peer.to_string() };
    let router = Router::new()
        .route("/slow", get(slow))
        .route("/whoami", get(whoami))
        .route("/endless", get(endless));
    let settings = ListenerSettings {
        header_timeout: Duration::from_secs(1),
        max_connections,
        connections_per_address,
        unbounded: Vec::new(),
        tls: None,
        user_timeout: LONG,
        drain,
    };
    let listener = bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let closing = CancellationToken::new();
    let serving = tokio::spawn(serve(listener, router, settings, closing.clone()));
    Server { address, closing, serving, go, reached, handed }
}

impl Server {
    async fn send(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }
}

/// All that comes until the server closes. An unread request makes that a reset.
async fn read(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    let _reset = timeout(LONG, stream.read_to_end(&mut answer)).await.unwrap();
    String::from_utf8(answer).unwrap()
}

fn request(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n")
}

#[tokio::test]
async fn a_request_knows_its_peer() {
    let server = server(10).await;
    let stream = server.send(&request("/whoami")).await;
    let own = stream.local_addr().unwrap().to_string();
    assert!(read(stream).await.ends_with(&own));
}

#[tokio::test]
async fn a_client_that_never_finishes_its_head_is_let_go() {
    let dribbles = ["", "P", "PRI * HTTP/2.0\r\n", "GET / HTTP/1.1\r\nhost: te"];
    let server = server(dribbles.len()).await;
    let mut streams = Vec::new();
    for dribble in dribbles {
        streams.push(server.send(dribble).await);
    }
    futures_util::future::join_all(streams.into_iter().map(read)).await;
    // They held all places there are; now there is room again.
    assert!(read(server.send(&request("/whoami")).await).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn connections_beyond_the_limit_are_closed_at_once() {
    let server = server(1).await;
    let first = server.send(&request("/slow")).await;
    server.reached.acquire().await.unwrap().forget();
    assert_eq!(read(server.send(&request("/whoami")).await).await, "");
    server.go.add_permits(1);
    assert!(read(first).await.ends_with("done"));
}

#[tokio::test]
async fn an_address_has_its_share_of_connections_and_gets_them_back() {
    let server = server_for(10, 2, LONG).await;
    let mut open = vec![server.send("").await, server.send("").await];
    assert_eq!(read(server.send(&request("/whoami")).await).await, "");
    let other = tokio::net::TcpSocket::new_v4().unwrap();
    other.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let mut other = other.connect(server.address).await.unwrap();
    other.write_all(request("/whoami").as_bytes()).await.unwrap();
    assert!(read(other).await.contains("127.0.0.2"));
    open.clear();
    loop {
        if read(server.send(&request("/whoami")).await).await.starts_with("HTTP/1.1 200") {
            return;
        }
    }
}

#[tokio::test]
async fn a_request_that_runs_is_finished_before_the_end() {
    let server = server(10).await;
    let running = server.send(&request("/slow")).await;
    server.reached.acquire().await.unwrap().forget();
    server.closing.cancel();
    while TcpStream::connect(server.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    server.go.add_permits(1);
    assert!(read(running).await.ends_with("done"));
    timeout(LONG, server.serving).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_request_that_never_ends_does_not_hold_up_the_end() {
    let server = server_with(10, Duration::from_millis(100)).await;
    let running = server.send(&request("/slow")).await;
    server.reached.acquire().await.unwrap().forget();
    server.closing.cancel();
    timeout(LONG, server.serving).await.unwrap().unwrap();
    assert_eq!(read(running).await, "");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn little_is_taken_for_a_client_that_does_not_read() {
    let server = server(10).await;
    let stream = server.send(&request("/endless")).await;
    let mut before = 0;
    // Until it stands still.
    while server.handed.load(Ordering::Relaxed) > before || before == 0 {
        before = server.handed.load(Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(before < 1 << 20, "{before} bytes were taken");
    drop(stream);
}
