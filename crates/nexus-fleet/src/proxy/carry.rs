//! Bytes of one connection, in both directions, as its line lets them through.

use std::{collections::hash_map::DefaultHasher, hash::Hasher, io, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpStream,
        tcp::{ReadHalf, WriteHalf},
    },
    sync::{mpsc, watch},
    time::{Instant, sleep, sleep_until},
};

use super::{Order, Way};

const CHUNK: usize = 16 * 1024;
/// Chunks on their way: enough that a delay does not become a limit of bandwidth.
const IN_FLIGHT: usize = 256;
/// How often a limited way writes.
const TICKS_PER_SEC: u32 = 50;

type Orders = watch::Receiver<Order>;

/// Until both sides have ended; an error means that neither may end politely.
pub async fn both_ways(
    client: &mut TcpStream,
    server: &mut TcpStream,
    orders: &Orders,
    chance: u64,
) -> io::Result<()> {
    let (from_client, to_client) = client.split();
    let (from_server, to_server) = server.split();
    let mut resets = orders.clone();
    tokio::select! {
        done = async {
            tokio::try_join!(
                one_way(from_client, to_server, orders, Side::Up, chance),
                one_way(from_server, to_client, orders, Side::Down, chance),
            )
        } => done.map(drop),
        _ = resets.wait_for(|order| *order == Order::Reset) => {
            Err(io::ErrorKind::ConnectionReset.into())
        }
    }
}

#[derive(Clone, Copy)]
enum Side {
    Up,
    Down,
}

impl Side {
    fn of(self, order: Order) -> Way {
        match (order, self) {
            (Order::Bear(line), Side::Up) => line.up,
            (Order::Bear(line), Side::Down) => line.down,
            (Order::Reset, _) => Way { is_cut: true, ..Way::default() },
        }
    }
}

async fn one_way(
    from: ReadHalf<'_>,
    to: WriteHalf<'_>,
    orders: &Orders,
    side: Side,
    chance: u64,
) -> io::Result<()> {
    let (sender, chunks) = mpsc::channel(IN_FLIGHT);
    tokio::try_join!(
        take(from, sender, orders.clone(), side, chance),
        give(to, chunks, orders.clone(), side),
    )?;
    Ok(())
}

/// Reads, and says when each chunk is due at the other end.
async fn take(
    mut from: ReadHalf<'_>,
    chunks: mpsc::Sender<(Instant, Vec<u8>)>,
    mut orders: Orders,
    side: Side,
    chance: u64,
) -> io::Result<()> {
    let mut buffer = vec![0; CHUNK];
    let mut last = Instant::now();
    let mut count = chance;
    loop {
        let most = most_at_once(side.of(*orders.borrow()));
        let size = match from.read(&mut buffer[..most]).await {
            Ok(size) => size,
            Err(reset) => {
                is_open(&mut orders, side).await?;
                return Err(reset);
            }
        };
        let way = side.of(*orders.borrow());
        count += 1;
        last = last.max(Instant::now() + lateness(way, count));
        // Nothing of the end: it is due after what was before it, too.
        let chunk = buffer[..size].to_vec();
        if chunks.send((last, chunk)).await.is_err() || size == 0 {
            return Ok(());
        }
    }
}

/// An empty chunk is the end.
async fn give(
    mut to: WriteHalf<'_>,
    mut chunks: mpsc::Receiver<(Instant, Vec<u8>)>,
    mut orders: Orders,
    side: Side,
) -> io::Result<()> {
    while let Some((due, chunk)) = chunks.recv().await {
        sleep_until(due).await;
        let mut rest = &chunk[..];
        loop {
            let way = is_open(&mut orders, side).await?;
            if rest.is_empty() {
                break;
            }
            let (now, later) = rest.split_at(rest.len().min(largest_write(way)));
            to.write_all(now).await?;
            rest = later;
            if let Some(rate) = way.bytes_per_sec {
                let size = u32::try_from(now.len()).unwrap_or(u32::MAX);
                sleep(Duration::from_secs(1) * size / rate.max(1)).await;
            }
        }
        if chunk.is_empty() {
            return to.shutdown().await;
        }
    }
    Ok(())
}

/// Waits while the way is cut.
async fn is_open(orders: &mut Orders, side: Side) -> io::Result<Way> {
    let order = orders.wait_for(|order| !side.of(*order).is_cut).await;
    Ok(side.of(*order.map_err(io::Error::other)?))
}

/// Little on a limited way, so that not much is on its way: whoever sends is to feel the limit.
fn most_at_once(way: Way) -> usize {
    if way.bytes_per_sec.is_some() { largest_write(way) } else { CHUNK }
}

fn largest_write(way: Way) -> usize {
    let tick = way.bytes_per_sec.map_or(CHUNK, |rate| (rate / TICKS_PER_SEC) as usize);
    way.slice.unwrap_or(CHUNK).min(tick).max(1)
}

/// `delay`, give or take up to `jitter`: chance enough, and the same for the same connection.
fn lateness(way: Way, count: u64) -> Duration {
    let mut hasher = DefaultHasher::new();
    hasher.write_u64(count);
    let share = f64::from(u32::try_from(hasher.finish() >> 32).unwrap_or(0)) / f64::from(u32::MAX);
    (way.delay + way.jitter.mul_f64(2.0 * share)).saturating_sub(way.jitter)
}
