//! Stores that die, hand over, or hang.

use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::time::{Instant, sleep};

use super::arena::Arena;

const AWAY: Duration = Duration::from_secs(2);
const LAG: Duration = Duration::from_secs(1);
/// Long enough for the others to elect another primary, and to commit what it will never know of.
const FROZEN: Duration = Duration::from_secs(20);

pub async fn kill_redis(arena: &mut Arena<'_>) -> Result<()> {
    for _ in 0..arena.rounds(5) {
        arena.play().await;
        kill_a_redis(arena).await?;
    }
    Ok(())
}

pub async fn kill_a_redis(arena: &mut Arena<'_>) -> Result<()> {
    let master = *arena.chance.pick(&arena.fleet.redis.masters().await?);
    let struck = arena.strike();
    arena.fleet.redis.servers[master].process.kill().await?;
    sleep(AWAY).await;
    arena.fleet.redis.start_again(master).await?;
    arena.recovered(struck).await
}

/// In order: nothing may be lost even without waiting for replicas.
pub async fn hand_redis_over(arena: &mut Arena<'_>) -> Result<()> {
    let master = *arena.chance.pick(&arena.fleet.redis.masters().await?);
    let struck = arena.strike();
    arena.fleet.redis.failover(master).await?;
    arena.recovered(struck).await
}

/// The replica has not got the last second when its master dies.
pub async fn fail_over_to_a_laggard(arena: &mut Arena<'_>) -> Result<()> {
    for _ in 0..arena.rounds(4) {
        arena.play().await;
        let redis = &arena.fleet.redis;
        let master = *arena.chance.pick(&redis.masters().await?);
        let replica = redis.replica_of(master).await?;
        redis.servers[replica].process.pause()?;
        sleep(LAG).await;
        let struck = arena.strike();
        arena.fleet.redis.servers[master].process.kill().await?;
        arena.fleet.redis.servers[replica].process.resume()?;
        heir(arena, replica).await?;
        // Those who wait for a replica wait for this one now.
        arena.fleet.redis.start_again(master).await?;
        arena.recovered(struck).await?;
        whole_again(arena, master).await?;
    }
    Ok(())
}

async fn heir(arena: &Arena<'_>, replica: usize) -> Result<()> {
    let until = Instant::now() + Duration::from_secs(30);
    while !arena.fleet.redis.masters().await?.contains(&replica) {
        ensure!(Instant::now() < until, "no replica took over");
        sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

/// Before the next blow each master needs its replica back.
async fn whole_again(arena: &Arena<'_>, former: usize) -> Result<()> {
    let until = Instant::now() + Duration::from_secs(30);
    while Instant::now() < until {
        let server = &arena.fleet.redis.servers[former];
        let info = server.command(&["INFO", "replication"]).await;
        if info.is_ok_and(|info| info.text().contains("master_link_status:up")) {
            return Ok(());
        }
        sleep(Duration::from_millis(100)).await;
    }
    anyhow::bail!("a Redis that came back follows nobody")
}

pub async fn kill_mongo(arena: &mut Arena<'_>) -> Result<()> {
    for _ in 0..arena.rounds(4) {
        arena.play().await;
        kill_a_primary(arena).await?;
    }
    Ok(())
}

pub async fn kill_a_primary(arena: &mut Arena<'_>) -> Result<()> {
    let primary = arena.fleet.mongo.primary().await?;
    let struck = arena.strike();
    arena.fleet.mongo.members[primary].process.kill().await?;
    arena.recovered(struck).await?;
    arena.fleet.mongo.members[primary].start_again().await?;
    caught_up().await;
    Ok(())
}

pub async fn step_mongo_down(arena: &mut Arena<'_>) -> Result<()> {
    for _ in 0..arena.rounds(4) {
        arena.play().await;
        step_a_primary_down(arena).await?;
    }
    Ok(())
}

pub async fn step_a_primary_down(arena: &mut Arena<'_>) -> Result<()> {
    let struck = arena.strike();
    arena.fleet.mongo.step_down().await?;
    arena.recovered(struck).await
}

/// It wakes up as a primary that nobody follows any more, with writes that never were.
pub async fn freeze_mongo(arena: &mut Arena<'_>) -> Result<()> {
    for _ in 0..arena.rounds(2) {
        arena.play().await;
        let primary = arena.fleet.mongo.primary().await?;
        let struck = arena.strike();
        arena.fleet.mongo.members[primary].process.pause()?;
        let recovered = arena.recovered(struck).await;
        sleep(FROZEN.saturating_sub(struck.elapsed())).await;
        arena.fleet.mongo.members[primary].process.resume()?;
        recovered?;
        caught_up().await;
    }
    Ok(())
}

/// A majority must be there again before the next one goes.
pub async fn caught_up() {
    sleep(Duration::from_secs(3)).await;
}
