//! How many messages a second are committed to the replica set at `NEXUS_TEST_MONGO`: `cargo run
//! --release --example throughput -p nexus-store-mongo [messages] [batch] [chats] [workers]`.
#![expect(clippy::unwrap_used, reason = "a tool for developers")]

use std::{fs, time::Instant};

use anyhow::Context as _;
use nexus_core::{
    conformance::fixture::{ANN, ANYBODY, BOB, chat, create, people, send},
    ops::Op,
    ports::MessageStore,
};
use nexus_store_mongo::{MongoDatabase, MongoStore, Options};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut numbers = std::env::args().skip(1).map(|number| number.parse::<usize>().unwrap());
    let messages = numbers.next().unwrap_or(20_000);
    let batch = numbers.next().unwrap_or(100);
    let chats = numbers.next().unwrap_or(100);
    let workers = numbers.next().unwrap_or(4);
    let (database, url) = database().await?;
    let store = database.store();
    people(&store).await;
    for n in 0..chats {
        store.commit(&[create(n as u128, chat(n as u128), ANYBODY, &[BOB])]).await?;
    }
    let (begun, cpu) = (Instant::now(), cpu_micros());
    let mut working = tokio::task::JoinSet::new();
    for worker in 0..workers {
        working.spawn(work(store.clone(), batches((worker, workers), messages, batch, chats)));
    }
    while let Some(done) = working.join_next().await {
        done??;
    }
    let (took, cpu) = (begun.elapsed(), cpu_micros() - cpu);
    let rate = messages as f64 / took.as_secs_f64();
    println!("{messages} messages, batches of {batch}, {chats} chats, {workers} workers");
    println!(
        "{rate:.0} messages/s, {:.1} µs CPU each (of this process)",
        cpu as f64 / messages as f64
    );
    let (begun, mut indexed) = (Instant::now(), 0);
    while indexed < 20_000 {
        match store.index_messages(500).await? {
            0 => break,
            more => indexed += more,
        }
    }
    println!("{:.0} messages/s indexed", f64::from(indexed) / begun.elapsed().as_secs_f64());
    let client = mongodb::Client::with_uri_str(&url).await?;
    client.default_database().context("the URL names one")?.drop().await?;
    Ok(())
}

/// A new database, to be dropped in the end; with its URL.
async fn database() -> anyhow::Result<(MongoDatabase, String)> {
    let url = std::env::var("NEXUS_TEST_MONGO").context("NEXUS_TEST_MONGO names no replica set")?;
    let (servers, options) = url.split_once("/?").unwrap_or((url.trim_end_matches('/'), ""));
    let url = format!("{servers}/nexus_throughput_{}?{options}", std::process::id());
    let database = MongoDatabase::connect(&url, Options::default()).await?;
    database.migrate().await?;
    Ok((database, url))
}

/// What one worker commits: messages of its own chats.
fn batches(
    (worker, workers): (usize, usize),
    messages: usize,
    batch: usize,
    chats: usize,
) -> Vec<Vec<Op>> {
    let mine: Vec<usize> = (0..messages).filter(|n| n % chats % workers == worker).collect();
    mine.chunks(batch).map(|part| part.iter().map(|n| message(*n, chats)).collect()).collect()
}

fn message(n: usize, chats: usize) -> Op {
    let text = format!("{n}: a message of about the length that people write to each other");
    send(chat((n % chats) as u128), if n.is_multiple_of(2) { ANN } else { BOB }, &text)
}

async fn work(store: MongoStore, batches: Vec<Vec<Op>>) -> anyhow::Result<()> {
    for batch in batches {
        store.commit(&batch).await?;
    }
    Ok(())
}

/// Of this process so far: user and system, from `/proc`; a tick is 10 ms.
fn cpu_micros() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let fields = after_name.split_whitespace().skip(11).take(2);
    fields.filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>() * 10_000
}
