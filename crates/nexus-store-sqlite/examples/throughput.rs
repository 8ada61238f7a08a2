//! How many messages a second go through push, commit and ack: `cargo run --release --example
//! throughput -p nexus-store-sqlite [messages] [batch] [chats] [senders]`.
#![expect(clippy::unwrap_used, reason = "a tool for developers")]

use std::{
    fs,
    sync::Arc,
    time::{Duration, Instant},
};

use nexus_core::{
    conformance::fixture::{ANN, ANYBODY, BOB, chat, create, people, send},
    memory::SystemClock,
    ops::Op,
    ports::{MessageStore, Queue},
};
use nexus_store_sqlite::{Database, Options, SqliteQueue, SqliteStore};

const LANES: u16 = 4;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut numbers = std::env::args().skip(1).map(|number| number.parse::<usize>().unwrap());
    let messages = numbers.next().unwrap_or(100_000);
    let batch = numbers.next().unwrap_or(100);
    let chats = numbers.next().unwrap_or(100);
    let senders = numbers.next().unwrap_or(4);
    let dir = tempfile::tempdir_in(".")?;
    let path = dir.path().join("nexus.db");
    let database = Database::open(&path, Options::default())?;
    let (store, queue) = (database.store(), database.queue(LANES, Arc::new(SystemClock)).await?);
    let queue = Arc::new(queue);
    people(&store).await;
    for n in 0..chats {
        store.commit(&[create(n as u128, chat(n as u128), ANYBODY, &[BOB])]).await?;
    }
    let (begun, cpu) = (Instant::now(), cpu_micros());
    let pushing = tokio::spawn(push_all(Arc::clone(&queue), messages, (batch, senders), chats));
    let workers: Vec<_> = (0..LANES)
        .map(|lane| tokio::spawn(work(store.clone(), Arc::clone(&queue), lane)))
        .collect();
    pushing.await??;
    while queue.stats().await?.depth > 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let (took, cpu) = (begun.elapsed(), cpu_micros() - cpu);
    workers.iter().for_each(|worker| worker.abort());
    let rate = messages as f64 / took.as_secs_f64();
    println!("{messages} messages, batches of {batch}, {chats} chats, {senders} senders");
    println!("{rate:.0} messages/s, {:.1} µs CPU each", cpu as f64 / messages as f64);
    println!("{:?}", database.sizes().await?);
    let begun = Instant::now();
    let mut indexed = 0;
    while indexed < 20_000 {
        match store.index_messages(500).await? {
            0 => break,
            more => indexed += more,
        }
    }
    println!("{:.0} messages/s indexed", f64::from(indexed) / begun.elapsed().as_secs_f64());
    database.close().await?;
    Ok(())
}

/// Each sender has one batch on its way.
async fn push_all(
    queue: Arc<SqliteQueue>,
    messages: usize,
    (batch, senders): (usize, usize),
    chats: usize,
) -> anyhow::Result<()> {
    let mut tasks = tokio::task::JoinSet::new();
    for sender in 0..senders {
        let queue = Arc::clone(&queue);
        tasks.spawn(async move {
            for begin in (sender * batch..messages).step_by(batch * senders) {
                let end = (begin + batch).min(messages);
                let pushed = queue.push((begin..end).map(|n| message(n, chats)).collect()).await;
                pushed.into_iter().collect::<Result<Vec<_>, _>>()?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}

fn message(n: usize, chats: usize) -> Op {
    let text = format!("{n}: a message of about the length that people write to each other");
    send(chat((n % chats) as u128), if n.is_multiple_of(2) { ANN } else { BOB }, &text)
}

async fn work(store: SqliteStore, queue: Arc<SqliteQueue>, lane: u16) -> anyhow::Result<()> {
    loop {
        let leases = queue.take(lane, 100).await?;
        let ops: Vec<Op> = leases.iter().map(|lease| (*lease.op).clone()).collect();
        store.commit(&ops).await?;
        let ids: Vec<_> = ops.iter().map(|op| op.id).collect();
        queue.ack(lane, &ids).await?;
    }
}

/// Of this process so far: user and system, from `/proc`; a tick is 10 ms.
fn cpu_micros() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let fields = after_name.split_whitespace().skip(11).take(2);
    fields.filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>() * 10_000
}
