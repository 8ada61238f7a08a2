//! Runs the protocol suites' fixture on port 3000: `/socket.io/` and `/engine.io/`.
//!
//! `PORT` changes the port, `MAX_PAYLOAD` raises the limits for large binaries.

#[path = "../tests/fixture/mod.rs"]
mod fixture;

use std::{convert::Infallible, net::Ipv4Addr};

use fixture::{Echo, EngineEcho, settings};
use http::{Request, StatusCode};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tower_service::Service;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let number = |name| std::env::var(name).ok().and_then(|value| value.parse::<usize>().ok());
    let port = number("PORT").and_then(|port| port.try_into().ok()).unwrap_or(3000);
    let max_payload = number("MAX_PAYLOAD").unwrap_or(1_000_000);

    let limits =
        || settings().max_payload(max_payload).max_buffered_bytes(max_payload.max(1 << 20) * 2);
    let socket_io = limits()
        .namespace("/", Echo)
        .namespace("/custom", Echo)
        .namespace("/chat", Echo)
        .namespace("/presence", Echo)
        .namespace("/typing", Echo)
        .build();
    let engine = limits().bare_engine(EngineEcho).build();

    // The suites say "localhost", which may mean ::1 to Node.
    let listener = TcpListener::bind((std::net::Ipv6Addr::UNSPECIFIED, port)).await;
    let listener = match listener {
        Ok(listener) => listener,
        Err(_no_ipv6) => TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).await?,
    };
    println!("listening on port {port}");
    loop {
        let (stream, _) = listener.accept().await?;
        let _ = stream.set_nodelay(true);
        let (socket_io, engine) = (socket_io.service(), engine.service());
        let service = service_fn(move |request: Request<Incoming>| {
            let (mut socket_io, mut engine) = (socket_io.clone(), engine.clone());
            async move {
                Ok::<_, Infallible>(if request.uri().path().starts_with("/socket.io/") {
                    socket_io.call(request).await?
                } else if request.uri().path().starts_with("/engine.io/") {
                    engine.call(request).await?
                } else {
                    let mut answer = http::Response::default();
                    *answer.status_mut() = StatusCode::NOT_FOUND;
                    answer
                })
            }
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        tokio::spawn(async move {
            // A client that hangs up is none of our business.
            let _ = connection.await;
        });
    }
}
