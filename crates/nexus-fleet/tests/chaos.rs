//! A fleet, broken in a few of the many ways of `make chaos`, small enough for every change.
#![expect(clippy::unwrap_used, reason = "test code")]

use std::{env, path::PathBuf, time::Duration};

use nexus_client::players::Chance;
use nexus_fleet::chaos::{Chaos, Scenario, header, run};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fleet_that_is_broken_in_many_ways_loses_doubles_and_swaps_nothing() {
    let given = env::var("CRASH_SEED").ok().and_then(|seed| seed.parse().ok());
    let chaos = Chaos {
        program: nexus(),
        scenarios: vec![
            Scenario::ApiKill,
            Scenario::WorkerKill,
            Scenario::FewFailpoints,
            Scenario::Zombie,
            Scenario::RedisKill,
            Scenario::MongoStepDown,
        ],
        seed: given.unwrap_or_else(Chance::new_seed),
        players: 20,
        acts_per_sec: 40.0,
        rounds: Some(1),
        length: Duration::ZERO,
    };
    assert!(chaos.has_failpoints(), "{}: build all tests first", chaos.program.display());
    println!("CRASH_SEED={}\n{}", chaos.seed, header());
    let rows = run(&chaos, |row| println!("{row}")).await.unwrap();
    for row in &rows {
        assert!(row.is_kept(), "CRASH_SEED={}\n{}\n{row}", chaos.seed, header());
    }
}

/// Beside this test, in the folder that both were built into.
fn nexus() -> PathBuf {
    let test = env::current_exe().unwrap();
    let built = test.ancestors().nth(2).unwrap();
    built.join("nexus")
}
