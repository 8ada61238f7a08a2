//! Kills the real binary in the middle of everything, starts it again, and holds it to its word:
//! nothing acknowledged is lost, nothing comes twice, no `seq` is missing, nobody's order changes.
//!
//! Chance comes from a seed that is printed; `CRASH_SEED` sets it.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "test code")]

mod deletion;
mod disappearing;
mod ends;
mod exports;
mod failpoints;
mod letters;
mod moves;
mod stage;

use std::time::{Duration, Instant};

use stage::Stage;

/// How often the server is killed at random moments.
const KILLS: u32 = 20;
/// SIGTERM to exit, on a busy machine: far more than `server.drain_secs`.
const DRAIN: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_twenty_times_it_loses_doubles_and_swaps_nothing() {
    let chance = stage::chance("kill");
    let mut stage = Stage::set(nexus(), chance.clone()).await;
    let mut slowest = Duration::ZERO;
    for _ in 0..KILLS {
        stage.play_for(chance.millis(200..1_200)).await;
        stage.server.kill().await.unwrap();
        tokio::time::sleep(chance.millis(0..400)).await;
        stage.server.spawn_again(&[]).unwrap();
        slowest = slowest.max(stage.server.ready().await.unwrap());
    }
    println!("slowest of {KILLS} recoveries: {slowest:?}");
    stage.curtain().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_during_its_own_recovery_it_still_loses_nothing() {
    let chance = stage::chance("recovery");
    let mut stage = Stage::set(nexus(), chance.clone()).await;
    stage.play_for(Duration::from_millis(800)).await;
    for _ in 0..6 {
        stage.server.kill().await.unwrap();
        stage.server.spawn_again(&[]).unwrap();
        tokio::time::sleep(chance.millis(10..150)).await;
    }
    stage.server.kill().await.unwrap();
    stage.server.spawn_again(&[]).unwrap();
    stage.server.ready().await.unwrap();
    stage.curtain().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asked_to_stop_under_load_it_drains_says_so_and_loses_nothing() {
    let mut stage = Stage::set(nexus(), stage::chance("drain")).await;
    for _ in 0..2 {
        stage.somebody_is_on().await;
        stage.play_for(Duration::from_secs(1)).await;
        let connected = stage.connected();
        let asked = Instant::now();
        stage.server.terminate().await.unwrap();
        let status = stage.server.ended(DRAIN).await.expect("it stops in time");
        println!("drained in {:?}: {status}, {connected} players on", asked.elapsed());
        assert!(status.success(), "{status}");
        stage.server.spawn_again(&[]).unwrap();
        stage.server.ready().await.unwrap();
    }
    let told = stage.curtain().await;
    assert!(told > 0, "nobody was told of the drain");
}

fn nexus() -> &'static str {
    env!("CARGO_BIN_EXE_nexus")
}
