//! Many readers: of one chat that never rests, and some who don't read what they are sent.

use std::time::Duration;

use anyhow::{Result, ensure};
use nexus_client::players::{Casting, Company, Manner, Trust};
use nexus_protocol::MAX_MEMBERS;
use tokio::time::{Instant, sleep};

use super::{
    METRICS_TOKEN,
    arena::{Arena, doors},
    hall::Hall,
};
use crate::proxy::{Line, Proxy, Way};

/// Sockets of the hall; a twentieth as many beside them are slow.
const READERS: usize = 380;
const SLOW: usize = 20;
/// What a slow one reads: less than a message a second.
const TRICKLE: u32 = 2_000;
/// Characters of a long message, of three bytes each: some are more than a server holds back.
const LONG: usize = 3_900;
/// Caches and pools fill, and nobody looks at the clock.
const WARMING: Duration = Duration::from_secs(3);
const BEFORE: Duration = Duration::from_secs(15);
const SLOWNESS: Duration = Duration::from_secs(30);
/// Until those who were slow are back, and have all they missed.
const RETURN: Duration = Duration::from_secs(90);
const EBB: Duration = Duration::from_secs(90);

/// Of the hot chat's members, those who are connected.
const CONNECTED: usize = 200;
const HOT: u32 = 50;
const CALM: u32 = 10;
const HEAT: Duration = Duration::from_secs(20);

/// What others feel of them, what they cost, and whether they get all of it in the end.
pub async fn read_slowly(arena: &mut Arena<'_>) -> Result<()> {
    let mut proxies = Vec::new();
    for node in &arena.fleet.api_nodes {
        proxies.push(Proxy::open(&node.host()).await?);
    }
    let writers = Casting {
        players: 2 * SLOW,
        groups: SLOW / 2,
        directs: 0,
        acts_per_sec: 40.0,
        trust: Trust::Half,
        manner: Manner::Orderly,
        filler: LONG,
    };
    let side: Vec<String> = proxies.iter().map(Proxy::address).collect();
    let open = doors(arena.fleet);
    let writers = Company::gather_apart(&writers, &open, (SLOW, &side), &arena.chance).await?;
    let mut hall = Hall::build(arena, READERS, READERS).await?;
    hall.speak(CALM, WARMING).await?;
    for _ in 0..arena.rounds(2) {
        ensure!(writers.gathered(2 * SLOW, RETURN).await, "not all who were slow came back");
        slow_down(arena, &mut hall, &proxies).await?;
    }
    let reckoning = writers.curtain(EBB).await?;
    let (report, left_over) = (&reckoning.report, reckoning.left_over);
    arena.notes.push(format!(
        "those who were slow, and whom they talk to: {} sent, {} acknowledged, {} committed",
        report.sent, report.acked, reckoning.committed
    ));
    ensure!(reckoning.is_clean(), "who was slow has not all of it: {reckoning}");
    ensure!(left_over == 0, "{left_over} messages of those who were slow were not taken");
    Ok(())
}

/// All who come by these proxies, for a while.
async fn slow_down(arena: &mut Arena<'_>, hall: &mut Hall, proxies: &[Proxy]) -> Result<()> {
    let before = hall.speak(CALM, BEFORE).await?;
    let (memory, cut) = (largest(arena), slow_ones_cut(arena).await?);
    let way = Way { bytes_per_sec: Some(TRICKLE), ..Way::default() };
    let struck = arena.strike();
    proxies.iter().for_each(|proxy| proxy.set(Line { down: way, ..Line::default() }));
    let speaking = hall.speak(CALM, SLOWNESS);
    let (meanwhile, peak) = tokio::join!(speaking, highest(arena, SLOWNESS));
    let meanwhile = meanwhile?;
    let cut = slow_ones_cut(arena).await? - cut;
    proxies.iter().for_each(|proxy| {
        proxy.reset_all();
        proxy.heal();
    });
    arena.recovered(struck + SLOWNESS).await?;
    arena.notes.push(format!(
        "{SLOW} of {} read {TRICKLE} bytes/s: {cut} times cut for it; the others before {before}, \
         meanwhile {meanwhile} ({:+.0} %); the largest node had {memory} KiB, {peak} KiB at most",
        READERS + SLOW,
        100.0 * (meanwhile.at(0.99).as_secs_f64() / before.at(0.99).as_secs_f64() - 1.0),
    ));
    ensure!(cut > 0, "nobody was cut: they were not slow enough");
    Ok(())
}

/// Memory of the node of the edge that has most. KiB.
fn largest(arena: &Arena<'_>) -> u64 {
    let usages = arena.fleet.api_nodes.iter().filter_map(|node| node.process.usage().ok());
    usages.map(|usage| usage.rss_kib).max().unwrap_or_default()
}

async fn highest(arena: &Arena<'_>, length: Duration) -> u64 {
    let (until, mut highest) = (Instant::now() + length, 0);
    while Instant::now() < until {
        highest = highest.max(largest(arena));
        sleep(Duration::from_millis(250)).await;
    }
    highest
}

/// As the nodes count them: connections whose outbound buffer was full.
async fn slow_ones_cut(arena: &Arena<'_>) -> Result<u64> {
    let mut cut = 0;
    for node in &arena.fleet.api_nodes {
        let page = node.api().with_token(METRICS_TOKEN).get("/metrics").await?;
        let lines = page.body.as_str().unwrap_or_default().lines();
        let counts = lines.filter_map(|line| line.strip_prefix("nexus_slow_consumers_total "));
        cut += counts.filter_map(|count| count.parse::<u64>().ok()).sum::<u64>();
    }
    Ok(cut)
}

/// All are members of one chat, and it is written in as if they were few.
pub async fn heat_a_chat(arena: &mut Arena<'_>) -> Result<()> {
    let mut hot = Hall::build(arena, MAX_MEMBERS - 1, CONNECTED).await?;
    let mut calm = Hall::build(arena, 1, 1).await?;
    calm.speak(CALM, WARMING).await?;
    for _ in 0..arena.rounds(2) {
        let before = calm.speak(CALM, HEAT / 2).await?;
        let struck = arena.strike();
        let (heat, meanwhile) = tokio::join!(hot.speak(HOT, HEAT), calm.speak(CALM, HEAT));
        arena.notes.push(format!(
            "{MAX_MEMBERS} members, {CONNECTED} connected, {HOT} messages/s: {}; another chat \
             before {before}, meanwhile {}",
            heat?, meanwhile?
        ));
        arena.recovered(struck + HEAT).await?;
    }
    Ok(())
}
