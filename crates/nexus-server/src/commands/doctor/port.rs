//! Whether the port is free, or one of us answers there.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::timeout,
};

use super::Finding;
use crate::config::Config;

const SUBJECT: &str = "port";
const PATIENCE: Duration = Duration::from_secs(3);

pub async fn check(config: &Config) -> Finding {
    let address = config.server.listen;
    let bound = TcpListener::bind(address).await.map(drop);
    match bound {
        Ok(()) => Finding::ok(SUBJECT, format!("{address} is free")),
        Err(err) if err.kind() == io::ErrorKind::AddrInUse && config.tls.is_on() => Finding::ok(
            SUBJECT,
            format!("something listens on {address}: look at {}/healthz", config.server.public_url),
        ),
        Err(err) if err.kind() == io::ErrorKind::AddrInUse => match answers(address).await {
            Ok(true) => Finding::ok(SUBJECT, format!("a healthy server answers on {address}")),
            Ok(false) => Finding::fail(
                SUBJECT,
                format!(
                    "{address} is taken by another program: stop it, or choose another --listen"
                ),
            ),
            Err(err) => Finding::fail(
                SUBJECT,
                format!(
                    "{address} is taken, but nothing answers there ({err}): restart what holds it"
                ),
            ),
        },
        Err(err) => Finding::fail(
            SUBJECT,
            format!("{address} can't be used ({err}): choose another --listen"),
        ),
    }
}

async fn answers(address: SocketAddr) -> io::Result<bool> {
    let ip =
        if address.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { address.ip() };
    let asking = async {
        let mut stream = TcpStream::connect(SocketAddr::new(ip, address.port())).await?;
        stream
            .write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            .await?;
        let mut answer = Vec::new();
        stream.take(16 * 1024).read_to_end(&mut answer).await?;
        Ok::<_, io::Error>(answer)
    };
    let answer = timeout(PATIENCE, asking).await.map_err(|_| io::ErrorKind::TimedOut)??;
    let answer = String::from_utf8_lossy(&answer);
    Ok(answer.starts_with("HTTP/1.1 200") && answer.contains(r#"{"status":"ok"}"#))
}
