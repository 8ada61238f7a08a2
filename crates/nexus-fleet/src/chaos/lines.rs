//! Connections that are cut, slow, or dead without saying so.

use std::time::Duration;

use anyhow::Result;
use tokio::time::{Instant, sleep};

use super::arena::{Arena, doors};
use crate::{
    Role,
    proxy::{Door, Line, Proxy, Way},
};

const SHORT: Duration = Duration::from_secs(10);
const LONG: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug)]
enum Store {
    Mongo,
    Redis,
}

/// Each role from each store, any way; the last one for long.
pub async fn part_nodes_from_stores(arena: &mut Arena<'_>) -> Result<()> {
    let pairs = [
        (Role::Worker, Store::Mongo),
        (Role::Api, Store::Redis),
        (Role::Worker, Store::Redis),
        (Role::Api, Store::Mongo),
    ];
    let rounds = arena.rounds(8);
    for (round, (role, store)) in (1..=rounds).zip(pairs.into_iter().cycle()) {
        arena.play().await;
        let length = if round == rounds { LONG } else { SHORT };
        part(arena, role, store, length).await?;
    }
    Ok(())
}

/// Any node, any store.
pub async fn part_a_node(arena: &mut Arena<'_>, length: Duration) -> Result<()> {
    let role = *arena.chance.pick(&[Role::Api, Role::Worker]);
    let store = *arena.chance.pick(&[Store::Mongo, Store::Redis]);
    part(arena, role, store, length).await
}

async fn part(arena: &mut Arena<'_>, role: Role, store: Store, length: Duration) -> Result<()> {
    let nodes = match role {
        Role::Api => &arena.fleet.api_nodes,
        Role::Worker => &arena.fleet.workers,
    };
    let node = &nodes[arena.chance.below(nodes.len())];
    let (name, pid) = (node.process.name().to_owned(), node.process.pid());
    let way = Way { is_cut: true, ..Way::default() };
    let lines = [
        ("", Line::cut()),
        (", unheard", Line { up: way, ..Line::default() }),
        (", deaf", Line { down: way, ..Line::default() }),
        (", reset", Line { door: Door::Refuse, ..Line::cut() }),
    ];
    let (how, line) = *arena.chance.pick(&lines);
    let struck = arena.strike();
    for gate in gates(arena, store) {
        gate.set_for(pid.unwrap_or_default(), line);
    }
    sleep(length).await;
    for gate in gates(arena, store) {
        gate.heal();
    }
    arena.recovered(struck + length).await?;
    arena.notes.push(format!("{name} was parted from {store:?} for {length:?}{how}"));
    Ok(())
}

fn gates<'a>(arena: &'a Arena<'_>, store: Store) -> Vec<&'a Proxy> {
    let fleet = &arena.fleet;
    match store {
        Store::Mongo => fleet.mongo.members.iter().filter_map(|m| m.gate.as_ref()).collect(),
        Store::Redis => fleet.redis.servers.iter().filter_map(|s| s.gate.as_ref()).collect(),
    }
}

/// All clients come by proxies: far away, over a line that chops, then half-open.
pub async fn trouble_clients(arena: &mut Arena<'_>) -> Result<()> {
    let mut proxies = Vec::new();
    for door in doors(arena.fleet) {
        proxies.push(Proxy::open(&door).await?);
    }
    let addresses: Vec<String> = proxies.iter().map(Proxy::address).collect();
    arena.company.go_through(&addresses);
    // Those who are connected leave when their node does.
    for at in 0..arena.fleet.api_nodes.len() {
        let node = &mut arena.fleet.api_nodes[at];
        node.process.kill().await?;
        node.start_again(&[]).await?;
        node.ready().await?;
    }
    let far = Line::slow(Duration::from_millis(200), Duration::from_millis(100));
    let chopped = Way { slice: Some(1), ..Way::default() };
    let chopped = Line { up: chopped, down: chopped, ..Line::default() };
    for (what, line) in [("200 ms away", far), ("in single bytes", chopped)] {
        arena.strike();
        proxies.iter().for_each(|proxy| proxy.set(line));
        let mut journeys = Vec::new();
        for _ in 0..20 {
            let (from, to) = (arena.chance.pick(&addresses), arena.chance.pick(&addresses));
            journeys.push(arena.probe.journey(from, to).await?);
        }
        journeys.sort();
        arena.notes.push(format!(
            "{what}: send to seen p50 {:.2?} p95 {:.2?}",
            journeys[10], journeys[18]
        ));
        proxies.iter().for_each(Proxy::heal);
        arena.recovered(Instant::now()).await?;
    }
    half_open(arena, &proxies).await
}

/// Longer than both sides need to notice.
async fn half_open(arena: &mut Arena<'_>, proxies: &[Proxy]) -> Result<()> {
    let struck = arena.strike();
    let dead = arena.chance.below(proxies.len());
    proxies[dead].set(Line { door: Door::Refuse, ..Line::cut() });
    sleep(LONG).await;
    proxies[dead].reset_all();
    proxies[dead].heal();
    arena.recovered(struck + LONG).await
}
