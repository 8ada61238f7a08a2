//! Too much at once: connections, messages, or trouble.

use std::time::Duration;

use anyhow::{Result, ensure};
use bson::doc;
use nexus_client::{Api, Client, NAMESPACES, players::Chance};
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use super::{arena::Arena, lines, nodes, probe::sign_up, stores};
use crate::Role;

const SOCKETS: usize = 5_000;
const EACH: usize = 10;
/// Until all are back.
const RETURN: Duration = Duration::from_secs(60);
const FLOOD: Duration = Duration::from_secs(20);
/// Until what was accepted in a flood is worked off.
const EBB: Duration = Duration::from_secs(120);

/// All nodes of the edge die, and everybody knocks again.
pub async fn cut_all_at_once(arena: &mut Arena<'_>) -> Result<()> {
    let hosts: Vec<String> = arena.fleet.api_nodes.iter().map(|node| node.host()).collect();
    let tokens = tokens(arena).await?;
    let (counter, online) = watch::channel(0usize);
    let mut crowd = JoinSet::new();
    for at in 0..SOCKETS {
        let (token, hosts) = (tokens[at / EACH].clone(), hosts.clone());
        crowd.spawn(stay(hosts, token, counter.clone(), arena.chance.split()));
    }
    let came = all_in(&online).await;
    ensure!(came, "only {} of {SOCKETS} sockets came in", *online.borrow());
    for _ in 0..arena.rounds(1) {
        let before = operations(arena).await?;
        let struck = arena.strike();
        for node in &mut arena.fleet.api_nodes {
            node.process.kill().await?;
        }
        for node in &mut arena.fleet.api_nodes {
            node.start_again(&[]).await?;
        }
        // Dead connections are noticed one by one.
        timeout(RETURN, online.clone().wait_for(|count| *count < SOCKETS / 2)).await??;
        let came = all_in(&online).await;
        let took = struck.elapsed();
        ensure!(came, "only {} of {SOCKETS} were back after {RETURN:?}", *online.borrow());
        let each = (operations(arena).await? - before) as f64 / SOCKETS as f64;
        arena.notes.push(format!(
            "{SOCKETS} sockets were back after {took:.1?}, with {each:.1} operations of MongoDB \
             for each, the players' included; nobody was asked for a password"
        ));
        arena.recovered(struck).await?;
    }
    crowd.shutdown().await;
    Ok(())
}

async fn tokens(arena: &Arena<'_>) -> Result<Vec<String>> {
    let api: Api = arena.fleet.api_nodes[0].api();
    let crowd = arena.chance.below(1 << 30);
    let mut tokens = Vec::new();
    for number in 0..SOCKETS / EACH {
        tokens.push(sign_up(&api, &format!("c{crowd}x{number}")).await?.0);
    }
    Ok(tokens)
}

/// As the official client: tries again after a second, then two, then five at most.
async fn stay(hosts: Vec<String>, token: String, online: watch::Sender<usize>, chance: Chance) {
    let mut backoff = Duration::from_secs(1);
    loop {
        let host = chance.pick(&hosts);
        let connected = Client::connect_raw(host, &token, &NAMESPACES, Box::new(|_, _| {})).await;
        if let Ok(client) = connected {
            online.send_modify(|count| *count += 1);
            client.closed().await;
            online.send_modify(|count| *count -= 1);
            backoff = Duration::from_secs(1);
        }
        sleep(backoff.mul_f64(0.5 + chance.fraction())).await;
        backoff = (backoff * 2).min(Duration::from_secs(5));
    }
}

async fn all_in(online: &watch::Receiver<usize>) -> bool {
    let mut online = online.clone();
    timeout(RETURN, online.wait_for(|count| *count >= SOCKETS)).await.is_ok_and(|all| all.is_ok())
}

/// What clients asked of MongoDB so far, replication and heartbeats left out as far as they are
/// told apart.
async fn operations(arena: &Arena<'_>) -> Result<i64> {
    let primary = arena.fleet.mongo.primary().await?;
    let status = arena.fleet.mongo.members[primary].command(doc! { "serverStatus": 1 }).await?;
    let counters = status.get_document("opcounters")?;
    let count = |name: &str| {
        counters.get_i64(name).or_else(|_| counters.get_i32(name).map(i64::from)).unwrap_or(0)
    };
    Ok(["query", "insert", "update", "delete"].into_iter().map(count).sum())
}

/// Ten times as much as usual, by people who write on whatever the answers are: what can't be taken
/// is refused at once, and comes later.
pub async fn flood(arena: &mut Arena<'_>) -> Result<()> {
    arena.play().await;
    let struck = arena.strike();
    let flood = arena.more(10.0).await?;
    sleep(FLOOD).await;
    let ebb = Instant::now();
    let reckoning = flood.curtain(EBB).await?;
    arena.notes.push(format!(
        "the flood: {} sent, {} acknowledged, {} times put off; worked off in {:.1?}",
        reckoning.report.sent,
        reckoning.report.acked,
        reckoning.put_off,
        ebb.elapsed(),
    ));
    ensure!(reckoning.is_clean(), "the flood: {reckoning}");
    let left_over = reckoning.left_over;
    ensure!(left_over == 0, "{left_over} messages of the flood were not taken in {EBB:?}");
    ensure!(reckoning.put_off > 0, "nothing was refused: it was no flood");
    arena.recovered(struck).await
}

/// Until time is up, one thing after the other.
pub async fn anything(arena: &mut Arena<'_>) -> Result<()> {
    let until = Instant::now() + arena.length;
    while Instant::now() < until {
        sleep(arena.chance.millis(5_000..15_000)).await;
        let began = Instant::now();
        let what = match arena.chance.below(9) {
            0 => ("api-kill", nodes::kill(arena, Role::Api).await),
            1 => ("worker-kill", nodes::kill(arena, Role::Worker).await),
            2 => ("zombie", nodes::freeze_a_worker(arena).await),
            3 => ("redis-kill", stores::kill_a_redis(arena).await),
            4 => ("mongo-kill", stores::kill_a_primary(arena).await),
            5 => ("mongo-step-down", stores::step_a_primary_down(arena).await),
            6 => ("partition", lines::part_a_node(arena, Duration::from_secs(10)).await),
            7 => ("stop", nodes::stop_any(arena).await),
            _ => ("redis-hand-over", stores::hand_redis_over(arena).await),
        };
        arena.notes.push(format!("{}: {:.1?}", what.0, began.elapsed()));
        what.1?;
    }
    Ok(())
}
