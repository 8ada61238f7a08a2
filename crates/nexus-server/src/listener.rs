//! Accepts connections and serves HTTP/1 and HTTP/2 on them.
//!
//! Our own loop, because `axum::serve` sets no timer: a client that sends half a request head
//! would hold its connection for ever.

#[cfg(feature = "acme")]
mod acme;
mod addresses;
pub mod certificate;
mod connection;
#[cfg(test)]
mod tests;
pub mod tls;

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::Router;
use metrics::counter;
use socket2::{Domain, Protocol, SockRef, Socket, TcpKeepalive, Type};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{config::Config, metrics::CONNECTIONS_REFUSED_TOTAL, network::Network};
use addresses::{Addresses, Visit};
use connection::{Connection, Tracked};
use tls::Tls;

/// Connections that may wait to be accepted: after a restart all clients come at once.
const BACKLOG: i32 = 4_096;
/// What the kernel takes beyond what the peer has room for. Left to itself it takes 4 MiB for a
/// client that doesn't read, and our own bound would be reached long after.
#[cfg(target_os = "linux")]
const UNSENT: u32 = 128 * 1024;

/// The other end of the connection a request came by; in the extensions of every request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

#[derive(Clone, Debug)]
pub struct ListenerSettings {
    /// For a request's head, and for an idle connection.
    pub header_timeout: Duration,
    pub max_connections: usize,
    pub connections_per_address: usize,
    /// Who may have as many as there are: this machine, and proxies, behind which is everybody.
    pub unbounded: Vec<Network>,
    /// How long sent bytes may wait for the peer's confirmation. Without it a client that never
    /// reads keeps its connection, and whatever waits in it, for ever.
    pub user_timeout: Duration,
    /// How long connections may finish what they are at after `closing`.
    pub drain: Duration,
    /// `None`: plain.
    pub tls: Option<Tls>,
}

impl From<&Config> for ListenerSettings {
    fn from(config: &Config) -> ListenerSettings {
        ListenerSettings {
            header_timeout: config.server.header_timeout(),
            max_connections: config.server.max_connections,
            connections_per_address: config.server.connections_per_address,
            unbounded: [&Network::THIS_MACHINE, &config.server.trusted_proxies[..]].concat(),
            user_timeout: config.socket.ping_interval() + config.socket.ping_timeout(),
            drain: config.server.drain(),
            tls: None,
        }
    }
}

impl ListenerSettings {
    /// How many connections this address may have.
    fn most(&self, address: IpAddr) -> usize {
        let is_free = self.unbounded.iter().any(|network| network.contains(address));
        if is_free { usize::MAX } else { self.connections_per_address }
    }
}

pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // A restart must not wait for the connections of the former process to be forgotten.
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

/// Serves until `closing`; then takes no new connections, and returns when those that are there
/// have finished their request, or after `settings.drain`.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    settings: ListenerSettings,
    closing: CancellationToken,
) {
    let room = Arc::new(Semaphore::new(settings.max_connections.min(Semaphore::MAX_PERMITS)));
    let addresses = Arc::new(Addresses::default());
    let connections = TaskTracker::new();
    let cut = CancellationToken::new();
    while let Some((stream, peer)) = accept(&listener, &closing).await {
        let address = peer.ip().to_canonical();
        let visit = addresses.enter(address, settings.most(address));
        let Some(place) = visit.zip(room.clone().try_acquire_owned().ok()) else {
            counter!(CONNECTIONS_REFUSED_TOTAL).increment(1);
            continue;
        };
        if let Err(err) = prepare(&stream, &settings) {
            tracing::debug!(error = %err, "connection was gone before it was served");
            continue;
        }
        let stream = Tracked::new(stream, place);
        let connection = Connection {
            peer: Peer(peer),
            router: router.clone(),
            header_timeout: settings.header_timeout,
            closing: closing.clone(),
            cut: cut.clone(),
        };
        match settings.tls.clone() {
            Some(tls) => connections.spawn(connection.run_with(tls, stream)),
            None => connections.spawn(connection.run(stream)),
        };
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(settings.drain, connections.wait()).await.is_err() {
        tracing::warn!(open = connections.len(), "connections cut: they took too long");
        cut.cancel();
        connections.wait().await;
    }
}

/// The next connection; `None` when there will be no more.
async fn accept(
    listener: &TcpListener,
    closing: &CancellationToken,
) -> Option<(TcpStream, SocketAddr)> {
    loop {
        let accepted = tokio::select! {
            biased;
            () = closing.cancelled() => return None,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok(connection) => return Some(connection),
            Err(err) if concerns_one_client(&err) => {}
            Err(err) => {
                // Most likely no file descriptors are left: trying at once would spin.
                tracing::warn!(error = %err, "can't accept connections; trying again");
                tokio::time::sleep(Duration::from_millis(250)).await;
            }
        }
    }
}

fn concerns_one_client(err: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(err.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

fn prepare(stream: &TcpStream, settings: &ListenerSettings) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let socket = SockRef::from(stream);
    let keepalive = TcpKeepalive::new()
        .with_time(settings.user_timeout)
        .with_interval(Duration::from_secs(10))
        .with_retries(3);
    socket.set_tcp_keepalive(&keepalive)?;
    #[cfg(target_os = "linux")]
    {
        socket.set_tcp_user_timeout(Some(settings.user_timeout))?;
        socket.set_tcp_notsent_lowat(UNSENT)?;
    }
    Ok(())
}
