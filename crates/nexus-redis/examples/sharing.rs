//! What nodes pay for sharing: `cargo run --release --example sharing -p nexus-redis [url]`.
#![expect(clippy::unwrap_used, reason = "a tool for developers")]

use std::{
    fs,
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use nexus_core::{
    conformance::fixture::{ANN, NOW, chat},
    ports::{
        Bus, Done, Event, Limits, News, Presence, Quota, Shown, StoredMessage, Subscription, Trace,
    },
};
use nexus_protocol::{Message, MessageId, MessageType, OpId, UserId};
use nexus_redis::{BusOptions, Options, Redis, RedisBus, RedisLimits, RedisPresence, Time};
use uuid::Uuid;

const EVENTS: usize = 102_400;
/// Published together, as a worker does.
const BATCH: usize = 8;
const CHATS: u128 = 64;
const TURNS: usize = 5_000;

#[tokio::main]
async fn main() {
    let urls = std::env::args().nth(1).unwrap_or_else(|| Options::default().urls);
    let prefix = format!("sharing-{}", std::process::id());
    let redis = Redis::connect(&Options { urls, prefix, ..Options::default() }).await.unwrap();
    limits(&redis).await;
    presence(&redis).await;
    latency(&redis).await;
    println!(
        "events of {} bytes, {BATCH} at a time:",
        serde_json::to_vec(&event(0)).unwrap().len()
    );
    throughput(&redis, "published, heard by nobody", |_| None).await;
    throughput(&redis, "and heard on the same node", |bus| Some(bus.subscribe())).await;
    let nobody = |bus: &RedisBus| Some(bus.subscribe_filtered(Arc::new(|_| false)));
    throughput(&redis, "and passed by on the same node", nobody).await;
}

async fn limits(redis: &Redis) {
    let limits = RedisLimits::new(redis.clone(), Time::Server);
    let quota = Quota { name: "sharing", burst: 100, refill: 100, per: Duration::from_secs(60) };
    let keys: Vec<String> = (0..64).map(|key| key.to_string()).collect();
    let check = async |turn: usize| {
        limits.check(&quota, &keys[turn % keys.len()], 1).await.unwrap();
    };
    timed("limit checked", check).await;
    let (begun, cpu) = (Instant::now(), cpu_micros());
    for turn in 0..TURNS / 10 {
        join_all((0..64).map(|key| check(turn + key))).await;
    }
    let count = (TURNS / 10 * 64) as f64;
    let rate = count / begun.elapsed().as_secs_f64();
    let cpu = (cpu_micros() - cpu) as f64 / count;
    println!("  64 at a time: {rate:.0}/s, {cpu:.1} µs CPU each");
}

async fn presence(redis: &Redis) {
    let presence = RedisPresence::new(redis.clone(), Time::Server);
    let users: Vec<UserId> = (0..200).map(|n| UserId(Uuid::from_u128(n << 70 | n))).collect();
    let set = async |turn: usize| {
        presence.set(users[turn % 200], Uuid::nil(), Shown::Online).await.unwrap();
    };
    timed("connection renewed", set).await;
    let get = async |_| drop(presence.get(&users).await.unwrap());
    timed("200 users looked at", get).await;
    join_all(users.iter().map(|user| presence.clear(*user, Uuid::nil()))).await;
}

async fn latency(redis: &Redis) {
    let bus = bus(redis);
    let mut subscription = bus.subscribe();
    let mut turns: Vec<Duration> = Vec::new();
    for turn in 0..TURNS {
        let begun = Instant::now();
        let (published, news) = tokio::join!(bus.publish(vec![event(turn)]), async {
            let news = subscription.next().await;
            (news, begun.elapsed())
        });
        published.unwrap();
        assert!(matches!(news.0, News::Events(_)));
        turns.push(news.1);
    }
    report("from publish to hear", turns);
    bus.close().await;
}

async fn throughput(
    redis: &Redis,
    what: &str,
    subscribe: impl Fn(&RedisBus) -> Option<Box<dyn Subscription>>,
) {
    let bus = Arc::new(bus(redis));
    let subscription = subscribe(&bus);
    let hearing = subscription.map(|subscription| tokio::spawn(count(subscription)));
    let (begun, cpu) = (Instant::now(), cpu_micros());
    let publishers = (0..8).map(|publisher| {
        let bus = Arc::clone(&bus);
        tokio::spawn(async move {
            for batch in 0..EVENTS / BATCH / 8 {
                let first = (publisher + batch * 8) * BATCH;
                bus.publish((first..first + BATCH).map(event).collect()).await.unwrap();
            }
        })
    });
    for published in join_all(publishers).await {
        published.unwrap();
    }
    bus.close().await;
    let heard = match hearing {
        Some(hearing) => hearing.await.unwrap(),
        None => 0,
    };
    let rate = EVENTS as f64 / begun.elapsed().as_secs_f64();
    let cpu = (cpu_micros() - cpu) as f64 / EVENTS as f64;
    println!("  {what}: {rate:.0}/s, {cpu:.1} µs CPU each ({heard} heard)");
}

async fn count(mut subscription: Box<dyn Subscription>) -> usize {
    let mut heard = 0;
    loop {
        match subscription.next().await {
            News::Events(events) => heard += events.len(),
            News::Lagged => println!("  lagged"),
            News::Closed => return heard,
        }
    }
}

fn bus(redis: &Redis) -> RedisBus {
    RedisBus::new(redis.clone(), Uuid::from_u128(1), BusOptions::default())
}

/// A message of 100 characters in one of the chats.
fn event(n: usize) -> Event {
    let (chat, id) = (chat(n as u128 % CHATS), Uuid::from_u128(n as u128));
    let message = Message {
        id: MessageId(id),
        chat_id: chat,
        seq: n as u64,
        rev: n as u64,
        sender_id: ANN,
        client_id: id.to_string(),
        r#type: MessageType::Text,
        content: "0123456789".repeat(10),
        media: Vec::new(),
        reply_to: None,
        forwarded: false,
        mentions: Vec::new(),
        reactions: Vec::new(),
        link_preview: None,
        pinned_at: None,
        created_at: NOW,
        edited_at: None,
        deleted_at: None,
        expires_at: None,
        system: None,
    };
    let (queued_at, committed_at) = (NOW, NOW);
    let stored = StoredMessage { message, reactors: Vec::new(), queued_at, committed_at };
    let done = Done { message: Some(Trace::New(Box::new(stored))), ..Done::default() };
    Event::Committed { op: OpId(id), chat, actor: ANN, done }
}

async fn timed(what: &str, turn: impl AsyncFn(usize)) {
    let mut turns = Vec::new();
    for number in 0..TURNS {
        let begun = Instant::now();
        turn(number).await;
        turns.push(begun.elapsed());
    }
    report(what, turns);
}

fn report(what: &str, mut turns: Vec<Duration>) {
    turns.sort();
    let (half, most) = (turns[turns.len() / 2], turns[turns.len() * 99 / 100]);
    println!("{what}: p50 {half:?}, p99 {most:?}");
}

fn cpu_micros() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let fields = after_name.split_whitespace().skip(11).take(2);
    fields.filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>() * 10_000
}
