//! What the queue of a fleet costs: `cargo run --release --example queue_throughput -- redis://...`
//!
//! One process pushes and works all lanes; the CPU time is its own, without that of Redis.

use std::{sync::Arc, time::Duration};

use nexus_core::{
    memory::SystemClock,
    ops::{NewMessage, Op, OpKind},
    ports::Queue,
};
use nexus_protocol::{ChatId, OpId, Timestamp, UserId};
use nexus_redis::{Options, QueueOptions, Redis, RedisQueue, Replicas};
use tokio::{task::JoinSet, time::Instant};
use uuid::Uuid;

type Error = Box<dyn std::error::Error + Send + Sync>;

const OPS: u64 = 40_000;
const LANES: u16 = 64;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let urls = std::env::args().nth(1).unwrap_or_else(|| "redis://127.0.0.1:6379".to_owned());
    let replicas = std::env::args().nth(2).map(|number| number.parse()).transpose()?;
    println!("pushers  batch   ops/s  push p50 µs  push p99 µs  CPU µs/op");
    for (pushers, batch) in [(1, 1), (16, 1), (64, 1), (256, 1), (16, 10), (16, 100)] {
        run(&urls, replicas, pushers, batch).await?;
    }
    Ok(())
}

async fn run(urls: &str, replicas: Option<u32>, pushers: u64, batch: u64) -> Result<(), Error> {
    let prefix = format!("throughput-{:08x}", rand::random::<u32>());
    let options = Options { urls: urls.to_owned(), prefix, ..Options::default() };
    let redis = Redis::connect(&options).await?;
    let replicas = replicas.map(|number| Replicas { number, within: Duration::from_secs(1) });
    let options = QueueOptions { lanes: LANES, replicas, ..QueueOptions::default() };
    let queue = Arc::new(RedisQueue::connect(redis, options, Arc::new(SystemClock)).await?);
    let (begun, cpu) = (Instant::now(), cpu_micros()?);

    let mut workers = JoinSet::new();
    for lane in 0..LANES {
        workers.spawn(work(Arc::clone(&queue), lane));
    }
    let each = if pushers == 1 { OPS / 10 } else { OPS / pushers };
    let mut pushing = JoinSet::new();
    for pusher in 0..pushers {
        pushing.spawn(push(Arc::clone(&queue), pusher, each / batch, batch));
    }
    let mut times = Vec::new();
    while let Some(pushed) = pushing.join_next().await {
        times.extend(pushed??);
    }
    while queue.stats().await?.depth > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let (took, cpu) = (begun.elapsed(), cpu_micros()? - cpu);
    workers.shutdown().await;
    queue.close().await;

    times.sort();
    let at = |part: usize| times[(times.len() - 1) * part / 100].as_micros();
    let ops = (each / batch * batch * pushers) as f64;
    println!(
        "{pushers:7} {batch:6} {:7.0} {:12} {:12} {:10.1}",
        ops / took.as_secs_f64(),
        at(50),
        at(99),
        cpu as f64 / ops
    );
    Ok(())
}

async fn work(queue: Arc<RedisQueue>, lane: u16) -> Result<(), Error> {
    loop {
        let taken = queue.take(lane, 256).await?;
        let ids: Vec<OpId> = taken.iter().map(|lease| lease.op.id).collect();
        queue.ack(lane, &ids).await?;
    }
}

/// Answers how long each push took.
async fn push(
    queue: Arc<RedisQueue>,
    pusher: u64,
    times: u64,
    batch: u64,
) -> Result<Vec<Duration>, Error> {
    let mut took = Vec::new();
    for n in 0..times {
        let ops = (0..batch).map(|m| message(pusher * 1_000 + n % 10, pusher, n * batch + m));
        let ops = ops.collect();
        let begun = Instant::now();
        queue.push(ops).await.into_iter().collect::<Result<Vec<_>, _>>()?;
        took.push(begun.elapsed());
    }
    Ok(took)
}

fn message(chat: u64, pusher: u64, n: u64) -> Op {
    Op {
        id: OpId(Uuid::from_u64_pair(pusher, n)),
        chat: ChatId(Uuid::from_u64_pair(chat.wrapping_mul(0x9E37_79B9_7F4A_7C15), chat)),
        actor: UserId(Uuid::from_u64_pair(1, pusher)),
        queued_at: Timestamp(1_700_000_000_000),
        awaited: false,
        kind: OpKind::Send(NewMessage {
            client_id: format!("{pusher}-{n}"),
            content: "A message of the usual length, neither short nor long.".to_owned(),
            reply_to: None,
            forwarded: false,
            mentions: Vec::new(),
        }),
    }
}

/// Of this process, in user and kernel.
fn cpu_micros() -> Result<u64, Error> {
    const MICROS_PER_TICK: u64 = 10_000;
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    let ticks = |at: usize| -> Result<u64, Error> { Ok(fields.get(at).unwrap_or(&"0").parse()?) };
    Ok((ticks(11)? + ticks(12)?) * MICROS_PER_TICK)
}
