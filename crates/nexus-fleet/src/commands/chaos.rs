//! `nexus-fleet chaos`: breaks a fleet in every way there is, and shows what came of it.

use std::process::ExitCode;

use anyhow::{Result, ensure};
use nexus_client::players::Chance;
use nexus_fleet::{
    chaos::{Chaos, Scenario, header, run as strike},
    disk,
};

use super::Asked;
use crate::cli;

pub async fn run(args: &cli::Chaos) -> Result<ExitCode> {
    if args.list {
        for scenario in Scenario::all() {
            println!("{:<22} {}", scenario.name(), scenario.about());
        }
        return Ok(ExitCode::SUCCESS);
    }
    let mut chaos = Chaos {
        program: args.bin.clone(),
        scenarios: args.only.clone(),
        seed: args.seed.unwrap_or_else(Chance::new_seed),
        players: args.players,
        acts_per_sec: f64::from(args.rate),
        rounds: args.rounds,
        length: std::time::Duration::from_secs(args.minutes * 60),
    };
    if chaos.scenarios.is_empty() {
        chaos.scenarios = Scenario::all().to_vec();
    }
    leave_out_what_this_build_cannot(&mut chaos);
    leave_out_what_only_root_can(&mut chaos);
    ensure!(!chaos.scenarios.is_empty(), "nothing is left to do");
    println!("--seed {}, {} players\n{}", chaos.seed, chaos.players, header());
    let mut asked = Asked::listen()?;
    let rows = tokio::select! {
        rows = strike(&chaos, |row| println!("{row}")) => rows?,
        () = asked.wait() => return Ok(ExitCode::FAILURE),
    };
    let broken: Vec<_> =
        rows.iter().filter(|row| !row.is_kept()).map(|row| row.scenario.name()).collect();
    if broken.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("Promises were broken, with --seed {}: {}", chaos.seed, broken.join(", "));
    Ok(ExitCode::FAILURE)
}

fn leave_out_what_this_build_cannot(chaos: &mut Chaos) {
    if !chaos.has_failpoints() && chaos.scenarios.iter().any(|one| one.needs_failpoints()) {
        eprintln!(
            "{} has no failpoints (`cargo test --no-run` builds one that has): those scenarios \
             are left out",
            chaos.program.display()
        );
        chaos.scenarios.retain(|scenario| !scenario.needs_failpoints());
    }
}

fn leave_out_what_only_root_can(chaos: &mut Chaos) {
    let is_left_out = |scenario: &Scenario| scenario.needs_root() && !disk::are_possible();
    for scenario in chaos.scenarios.iter().filter(|scenario| is_left_out(scenario)) {
        eprintln!("{} is left out: only root can mount disks", scenario.name());
    }
    chaos.scenarios.retain(|scenario| !is_left_out(scenario));
}
