//! Disks that are full, and folders that turn read-only, under stores and under a server alone.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use nexus_client::{Api, free_port, players::Company};
use tokio::time::{Instant, sleep};

use super::{arena::Arena, probe::Probe, stores};
use crate::{
    disk::{Disk, named},
    process::{Process, Program},
};

/// Long enough for everybody to try in vain, again and again.
const FULL: Duration = Duration::from_secs(10);
/// Until a program sees that it can't go on.
const INSIGHT: Duration = Duration::from_secs(60);
const SETTLING: Duration = Duration::from_secs(60);
const ALONE_MIB: u32 = 64;
/// As the C library puts it.
const READ_ONLY: &str = "Read-only file system";

/// A MongoDB ends, and another takes over; a Redis and a server alone refuse until there is room.
pub async fn fill(arena: &mut Arena<'_>) -> Result<()> {
    for _ in 0..arena.rounds(2) {
        arena.play().await;
        fill_mongo(arena).await?;
        arena.play().await;
        fill_redis(arena).await?;
    }
    let mut alone = Alone::start(arena).await?;
    for _ in 0..arena.rounds(2) {
        arena.play().await;
        arena.strike();
        alone.disk.fill().await?;
        sleep(FULL).await;
        ensure!(!alone.process.has_ended(), "it ended:\n{}", alone.process.log());
        alone.disk.make_room()?;
        let room = Instant::now();
        alone.probe.comes_through().await?;
        let back = room.elapsed();
        arena.notes.push(format!("alone, it had no room for {FULL:?}: back {back:.1?} after"));
    }
    alone.curtain(arena).await
}

async fn fill_mongo(arena: &mut Arena<'_>) -> Result<()> {
    let primary = arena.fleet.mongo.primary().await?;
    let name = arena.fleet.mongo.members[primary].process.name().to_owned();
    let struck = arena.strike();
    named(&arena.fleet.disks, &name)?.fill().await?;
    let member = &mut arena.fleet.mongo.members[primary];
    while !member.process.has_ended() && struck.elapsed() < INSIGHT {
        // Else it notices at its next checkpoint, which may be a minute away.
        drop(member.command(bson::doc! { "fsync": 1 }).await);
        sleep(Duration::from_millis(200)).await;
    }
    let what = if member.process.has_ended() { "ended" } else { "went on" };
    let after = struck.elapsed();
    arena.notes.push(format!("{name} had no room: it {what} after {after:.1?}"));
    arena.recovered(struck).await?;
    nobody_ended(arena)?;
    named(&arena.fleet.disks, &name)?.make_room()?;
    arena.fleet.mongo.members[primary].start_again().await?;
    stores::caught_up().await;
    Ok(())
}

async fn fill_redis(arena: &mut Arena<'_>) -> Result<()> {
    let master = *arena.chance.pick(&arena.fleet.redis.masters().await?);
    let name = arena.fleet.redis.servers[master].process.name().to_owned();
    arena.strike();
    named(&arena.fleet.disks, &name)?.fill().await?;
    sleep(FULL).await;
    let info = arena.fleet.redis.servers[master].command(&["INFO", "persistence"]).await?;
    let is_noticed = info.text().contains("aof_last_write_status:err");
    ensure!(is_noticed, "{name} has not noticed that it has no room");
    nobody_ended(arena)?;
    named(&arena.fleet.disks, &name)?.make_room()?;
    let room = Instant::now();
    arena.recovered(room).await?;
    let back = room.elapsed();
    arena.notes.push(format!("{name} had no room for {FULL:?}: back {back:.1?} after"));
    Ok(())
}

/// Each is killed, can't come back to its folder, and comes back when it can be written to.
pub async fn make_read_only(arena: &mut Arena<'_>) -> Result<()> {
    for _ in 0..arena.rounds(1) {
        arena.play().await;
        make_mongo_read_only(arena).await?;
        arena.play().await;
        make_redis_read_only(arena).await?;
    }
    let mut alone = Alone::start(arena).await?;
    arena.play().await;
    arena.strike();
    let end = comes_in_vain(&mut alone.process, &alone.disk).await?;
    arena.notes.push(end);
    alone.process.start_again(&[]).await?;
    alone.ready().await?;
    alone.probe.comes_through().await?;
    alone.curtain(arena).await
}

async fn make_mongo_read_only(arena: &mut Arena<'_>) -> Result<()> {
    let primary = arena.fleet.mongo.primary().await?;
    let struck = arena.strike();
    let process = &mut arena.fleet.mongo.members[primary].process;
    let disk = named(&arena.fleet.disks, process.name())?;
    arena.notes.push(comes_in_vain(process, disk).await?);
    arena.recovered(struck).await?;
    arena.fleet.mongo.members[primary].start_again().await?;
    stores::caught_up().await;
    Ok(())
}

/// Nothing is accepted until there is a replica to wait for.
async fn make_redis_read_only(arena: &mut Arena<'_>) -> Result<()> {
    let master = *arena.chance.pick(&arena.fleet.redis.masters().await?);
    let struck = arena.strike();
    let process = &mut arena.fleet.redis.servers[master].process;
    let disk = named(&arena.fleet.disks, process.name())?;
    arena.notes.push(comes_in_vain(process, disk).await?);
    arena.fleet.redis.start_again(master).await?;
    arena.recovered(struck).await
}

/// A store's or a server's last words.
async fn comes_in_vain(process: &mut Process, disk: &Disk) -> Result<String> {
    process.kill().await?;
    disk.turn_read_only()?;
    process.start_again(&[]).await?;
    let ended = process.ended(INSIGHT).await;
    disk.turn_writable()?;
    let name = process.name();
    let status = ended.with_context(|| format!("{name} goes on:\n{}", process.log()))?;
    ensure!(!status.success(), "{name} ended as if all were well");
    let log = process.log();
    // Some say it long before their end.
    let word = log.lines().rev().find(|line| line.contains(READ_ONLY)).unwrap_or_default();
    Ok(format!("{name} found its folder read-only: {status} {word:.200}"))
}

/// Failures of a store are no reason to end.
fn nobody_ended(arena: &mut Arena<'_>) -> Result<()> {
    for node in arena.fleet.nodes_mut() {
        ensure!(
            !node.process.has_ended(),
            "{} ended:\n{}",
            node.process.name(),
            node.process.log()
        );
    }
    Ok(())
}

/// A server with everything in one file, on a disk of its own, and people on it.
struct Alone {
    process: Process,
    host: String,
    company: Company,
    probe: Probe,
    disk: Disk,
}

impl Alone {
    async fn start(arena: &Arena<'_>) -> Result<Alone> {
        let folder = arena.fleet.folder();
        let disk = Disk::mount(&folder.join("alone"), ALONE_MIB)?;
        let host = format!("127.0.0.1:{}", free_port()?);
        let program = Program::new("alone", &arena.program, folder)
            .args(["all"])
            .env("NEXUS__DATA_DIR", disk.path().to_string_lossy())
            .env("NEXUS__SERVER__LISTEN", &host)
            .env("NEXUS__LIMITS__ENABLED", "false")
            .env("NEXUS__AUTH__BCRYPT_COST", "4")
            .env("NEXUS__LOG__LEVEL", "warn");
        let mut process = Process::start(program)?;
        ready(&mut process, &host).await?;
        let doors = [host.clone()];
        let probe = Probe::place(doors.to_vec(), arena.chance.split()).await?;
        let company = arena.company_at(&doors, 1.0).await?;
        Ok(Alone { process, host, company, probe, disk })
    }

    async fn ready(&mut self) -> Result<Duration> {
        ready(&mut self.process, &self.host).await
    }

    async fn curtain(self, arena: &mut Arena<'_>) -> Result<()> {
        let reckoning = self.company.curtain(SETTLING).await?;
        let (report, left_over) = (&reckoning.report, reckoning.left_over);
        arena.notes.push(format!(
            "alone: {} sent, {} acknowledged, {} committed, {} failed, {} times put off",
            report.sent, report.acked, reckoning.committed, reckoning.failed, reckoning.put_off
        ));
        ensure!(reckoning.is_clean(), "alone: {reckoning}");
        ensure!(left_over == 0, "alone: {left_over} messages were not taken");
        Ok(())
    }
}

async fn ready(process: &mut Process, host: &str) -> Result<Duration> {
    let api = Api::new(&format!("http://{host}"));
    process.wait_until(async || api.get("/readyz").await.is_ok()).await
}
