//! A TCP proxy whose connections can be slowed, cut, frozen and reset while they are used.

mod carry;
#[cfg(test)]
mod tests;
mod whose;

use std::{
    collections::HashMap,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use parking_lot::Mutex;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// What a connection has to bear. The default is none of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Line {
    pub door: Door,
    /// From the one who connected to the target.
    pub up: Way,
    pub down: Way,
}

/// What happens to those who connect from now on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Door {
    #[default]
    Open,
    /// Reset at once, as by a machine that is there without the program.
    Refuse,
    /// Accepted, and then nothing: as by a machine that hangs.
    Silent,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Way {
    pub delay: Duration,
    /// Up to so much more or less delay; order is kept.
    pub jitter: Duration,
    pub bytes_per_sec: Option<u32>,
    /// Bytes of each write at most.
    pub slice: Option<usize>,
    /// Nothing passes, neither bytes nor the end. What was sent meanwhile arrives when it is open
    /// again, as TCP would send it again.
    pub is_cut: bool,
}

impl Line {
    /// Cut in both directions: a partition. New connections get through to nobody.
    pub fn cut() -> Line {
        let way = Way { is_cut: true, ..Way::default() };
        Line { door: Door::Silent, up: way, down: way }
    }

    /// So much delay each way, give or take `jitter`.
    pub fn slow(delay: Duration, jitter: Duration) -> Line {
        let way = Way { delay, jitter, ..Way::default() };
        Line { door: Door::Open, up: way, down: way }
    }
}

/// Listens on loopback as long as it lives; its connections end with it.
pub struct Proxy {
    port: u16,
    state: Arc<Mutex<State>>,
    listening: JoinHandle<()>,
}

struct State {
    target: String,
    everybody: Line,
    /// Processes with a line of their own, by process id.
    some: HashMap<u32, Line>,
    connections: HashMap<u64, Connection>,
    opened: u64,
}

struct Connection {
    client: SocketAddr,
    orders: watch::Sender<Order>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Order {
    Bear(Line),
    Reset,
}

impl Proxy {
    /// `target` as `host:port`.
    pub async fn open(target: &str) -> io::Result<Proxy> {
        let port = nexus_client::free_port()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let state = Arc::new(Mutex::new(State {
            target: target.to_owned(),
            everybody: Line::default(),
            some: HashMap::new(),
            connections: HashMap::new(),
            opened: 0,
        }));
        let listening = tokio::spawn(listen(listener, port, Arc::clone(&state)));
        Ok(Proxy { port, state, listening })
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// `127.0.0.1:12345`
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// For all but those with a line of their own, connections that are open included.
    pub fn set(&self, line: Line) {
        let mut state = self.state.lock();
        state.everybody = line;
        state.tell_all(self.port);
    }

    /// For one process only, as far as `/proc` tells whose a connection is: a program started again
    /// is another process.
    pub fn set_for(&self, pid: u32, line: Line) {
        let mut state = self.state.lock();
        state.some.insert(pid, line);
        state.tell_all(self.port);
    }

    /// Back to normal, for everybody.
    pub fn heal(&self) {
        let mut state = self.state.lock();
        state.everybody = Line::default();
        state.some.clear();
        state.tell_all(self.port);
    }

    /// Where new connections go from now on.
    pub fn retarget(&self, target: &str) {
        self.state.lock().target = target.to_owned();
    }

    /// Resets all connections that are open now.
    pub fn reset_all(&self) {
        for connection in self.state.lock().connections.values() {
            connection.orders.send_replace(Order::Reset);
        }
    }

    pub fn connections(&self) -> usize {
        self.state.lock().connections.len()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listening.abort();
        self.reset_all();
    }
}

impl State {
    fn tell_all(&self, port: u16) {
        for connection in self.connections.values() {
            let order = Order::Bear(self.line_of(connection.client, port));
            connection.orders.send_if_modified(|now| {
                let is_news = *now != Order::Reset && *now != order;
                if is_news {
                    *now = order;
                }
                is_news
            });
        }
    }

    fn line_of(&self, client: SocketAddr, port: u16) -> Line {
        let own = self.some.iter().find(|(pid, _)| whose::belongs_to(**pid, client.port(), port));
        own.map_or(self.everybody, |(_, line)| *line)
    }
}

async fn listen(listener: TcpListener, port: u16, state: Arc<Mutex<State>>) {
    loop {
        // Out of descriptors, for a moment: the next one may have luck.
        let Ok((stream, client)) = listener.accept().await else { continue };
        let state = Arc::clone(&state);
        tokio::spawn(async move { serve(stream, client, port, &state).await });
    }
}

async fn serve(mut client: TcpStream, address: SocketAddr, port: u16, state: &Mutex<State>) {
    let (id, target, mut orders) = {
        let mut state = state.lock();
        let line = state.line_of(address, port);
        let (sender, orders) = watch::channel(Order::Bear(line));
        state.opened += 1;
        let id = state.opened;
        state.connections.insert(id, Connection { client: address, orders: sender });
        (id, state.target.clone(), orders)
    };
    if let Some(mut server) = enter(&client, &target, &mut orders).await {
        if carry::both_ways(&mut client, &mut server, &orders, id).await.is_err() {
            reset(&server);
            reset(&client);
        }
    } else {
        reset(&client);
    }
    state.lock().connections.remove(&id);
}

/// The connection to the target, once the door is open; `None` if it won't be.
async fn enter(
    client: &TcpStream,
    target: &str,
    orders: &mut watch::Receiver<Order>,
) -> Option<TcpStream> {
    let is_decided =
        |order: &Order| !matches!(order, Order::Bear(line) if line.door == Door::Silent);
    let order = *orders.wait_for(is_decided).await.ok()?;
    let is_open = matches!(order, Order::Bear(line) if line.door == Door::Open);
    if !is_open {
        return None;
    }
    let server = TcpStream::connect(target).await.ok()?;
    client.set_nodelay(true).ok()?;
    server.set_nodelay(true).ok()?;
    Some(server)
}

/// Closing it then sends a reset, whatever is still on its way.
fn reset(stream: &TcpStream) {
    // It may be gone already, which is the same.
    drop(stream.set_zero_linger());
}
