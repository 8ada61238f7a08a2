//! Measures what an idle connection costs in memory, and a broadcast in time.
//!
//! `cargo run --release --example idle_memory -- [connections]`: this process serves, a child
//! process is all the clients, so that resident memory and CPU time are the server's alone.

use std::{io::Write as _, net::SocketAddr, process::Stdio, time::Duration};

use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use nexus_socketio::{
    ConnectError, DisconnectReason, Event, Namespace, Socket, SocketIo, async_trait,
};
use serde_json::value::RawValue;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tower_service::Service;

const NAMESPACES: [&str; 3] = ["/chat", "/presence", "/typing"];
const MEMBERS_PER_CHAT: u64 = 20;
const BROADCASTS: u32 = 200;

struct Rooms;

#[async_trait]
impl Namespace for Rooms {
    async fn connect(&self, socket: &Socket, _: Option<&RawValue>) -> Result<(), ConnectError> {
        let connection = socket.connection().id();
        socket.join(format!("user:{connection:032}"));
        socket.join(format!("chat:{:032}", connection / MEMBERS_PER_CHAT));
        Ok(())
    }

    async fn event(&self, _: &Socket, _: Event) {}

    async fn disconnect(&self, _: &Socket, _: DisconnectReason) {}
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [role, address, count] = args.as_slice()
        && role == "clients"
    {
        return clients(address.parse().map_err(other)?, count.parse().map_err(other)?).await;
    }
    let count: u64 = args.first().and_then(|count| count.parse().ok()).unwrap_or(5000);
    server(count).await
}

fn other(error: impl std::error::Error + Send + Sync + 'static) -> std::io::Error {
    std::io::Error::other(error)
}

async fn server(count: u64) -> std::io::Result<()> {
    let mut builder = SocketIo::builder()
        .ping_interval(Duration::from_secs(600))
        .connect_timeout(Duration::from_secs(600));
    for path in NAMESPACES {
        builder = builder.namespace(path, Rooms);
    }
    let io = builder.build();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(accept(listener, io.clone()));

    let before = resident_kib()?;
    let mut child = tokio::process::Command::new(std::env::current_exe()?)
        .args(["clients", &address.to_string(), &count.to_string()])
        .stdin(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    while io.stats().sockets < count * NAMESPACES.len() as u64 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let idle = resident_kib()?;
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{count} connections x {} namespaces x 2 rooms: {before} -> {idle} KiB, {:.2} KiB each",
        NAMESPACES.len(),
        (idle - before) as f64 / count as f64
    )?;

    // On a worker, where a handler would be.
    tokio::spawn(broadcast(io)).await??;
    writeln!(
        out,
        "after traffic: {:.2} KiB each",
        (resident_kib()? - before) as f64 / count as f64
    )?;
    child.kill().await?;
    Ok(())
}

async fn broadcast(io: SocketIo) -> std::io::Result<()> {
    let Some(chat) = io.of("/chat") else { return Ok(()) };
    let body = serde_json::json!({ "text": "x".repeat(380) });
    let (user, system) = cpu_secs()?;
    let mut emitting = Duration::ZERO;
    let mut deliveries = 0;
    for _ in 0..BROADCASTS {
        let started = std::time::Instant::now();
        deliveries += chat.emit("msg:new", &body);
        emitting += started.elapsed();
        while io.stats().buffered_bytes > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    let (user_after, system_after) = cpu_secs()?;
    let each = |secs: f64| secs * 1e6 / deliveries as f64;
    writeln!(
        std::io::stdout(),
        "{deliveries} deliveries of 400 B: {:.2} us user, {:.2} us system each; of these {:.2} us in emit",
        each(user_after - user),
        each(system_after - system),
        each(emitting.as_secs_f64()),
    )?;
    Ok(())
}

async fn accept(listener: TcpListener, io: SocketIo) {
    while let Ok((stream, _)) = listener.accept().await {
        let _ = stream.set_nodelay(true);
        let service = io.service();
        let service = service_fn(move |request| service.clone().call(request));
        tokio::spawn(async move {
            let connection = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .with_upgrades();
            let _ = connection.await;
        });
    }
}

/// Opens connections that join, and then only read.
async fn clients(address: SocketAddr, count: u64) -> std::io::Result<()> {
    let mut open = Vec::new();
    for _ in 0..count {
        let mut stream = TcpStream::connect(address).await?;
        let request = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nhost: x\r\n\
             connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
             sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        stream.write_all(request.as_bytes()).await?;
        for path in NAMESPACES {
            let packet = format!("40{path},");
            // Masked with zeros, which is allowed.
            let mut frame = vec![0x81, 0x80 | packet.len() as u8, 0, 0, 0, 0];
            frame.extend_from_slice(packet.as_bytes());
            stream.write_all(&frame).await?;
        }
        open.push(tokio::spawn(async move {
            let mut buffer = [0; 2048];
            while stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {}
        }));
    }
    for client in open {
        let _ = client.await;
    }
    Ok(())
}

fn resident_kib() -> std::io::Result<i64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()).and_then(|kib| kib.parse().ok());
    kib.ok_or_else(|| std::io::Error::other("no VmRSS"))
}

/// User and system time of this process.
fn cpu_secs() -> std::io::Result<(f64, f64)> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = |index: usize| fields.get(index).and_then(|field| field.parse::<f64>().ok());
    match (ticks(11), ticks(12)) {
        // Linux counts in hundredths of a second.
        (Some(user), Some(system)) => Ok((user / 100.0, system / 100.0)),
        _ => Err(std::io::Error::other("no times")),
    }
}
