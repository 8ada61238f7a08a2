//! Breaks a fleet under load in every way there is, and holds it to its word afterwards: nothing
//! acknowledged is lost, nothing comes twice, no number is missing, nobody's order changes.

mod arena;
mod clocks;
mod crowd;
mod disks;
mod hall;
mod lines;
mod meter;
mod nodes;
mod probe;
mod scenario;
mod stores;
mod storm;
mod table;

use std::{fs, path::PathBuf, time::Duration};

use anyhow::Result;
use nexus_client::players::Chance;

use crate::{Fleet, Plan, services::redis::Fsync};
use arena::Arena;
use scenario::Needs;
pub use scenario::Scenario;
pub use table::{Row, header};

#[derive(Clone, Debug)]
pub struct Chaos {
    /// `nexus`; only one built with failpoints can be made to die at named places.
    pub program: PathBuf,
    pub scenarios: Vec<Scenario>,
    pub seed: u64,
    pub players: usize,
    /// Things done a second by all players together.
    pub acts_per_sec: f64,
    /// How often a scenario strikes; without, as often as it thinks right.
    pub rounds: Option<u32>,
    /// How long `any` strikes.
    pub length: Duration,
}

/// To nodes behind a proxy nobody is local.
const METRICS_TOKEN: &str = "of no worth elsewhere";

/// Each lane holds 16 ops at most.
const SMALL_QUEUE: [(&str, &str); 2] =
    [("NEXUS__QUEUE__MAX_DEPTH", "1000"), ("NEXUS__QUEUE__LANES", "64")];

/// One row for each scenario, told as it comes. Scenarios in turn that need the same fleet share it.
pub async fn run(chaos: &Chaos, mut tell: impl FnMut(&Row)) -> Result<Vec<Row>> {
    let chance = Chance::seeded(chaos.seed);
    let mut rows = Vec::new();
    for together in chaos.scenarios.chunk_by(|one, next| one.needs() == next.needs()) {
        let needs = together[0].needs();
        let mut fleet = Fleet::start(&chaos.plan(&needs)).await?;
        for scenario in together {
            let row = strike(chaos, *scenario, &mut fleet, chance.split()).await;
            tell(&row);
            rows.push(row);
        }
        fleet.stop().await?;
        let since = rows.len() - together.len();
        if rows[since..].iter().any(|row| !row.is_kept()) {
            eprintln!("What the processes said: {}", fleet.keep().display());
        }
    }
    Ok(rows)
}

async fn strike(chaos: &Chaos, scenario: Scenario, fleet: &mut Fleet, chance: Chance) -> Row {
    match in_arena(chaos, scenario, fleet, chance).await {
        Ok(row) => row,
        Err(err) => Row::broken(scenario, format!("{err:#}")),
    }
}

async fn in_arena(
    chaos: &Chaos,
    scenario: Scenario,
    fleet: &mut Fleet,
    chance: Chance,
) -> Result<Row> {
    let mut arena = Arena::enter(fleet, chaos, scenario, chance).await?;
    if let Err(err) = scenario.play(&mut arena).await {
        arena.broken.push(format!("{err:#}"));
    }
    arena.reckon(scenario).await
}

impl Chaos {
    fn plan(&self, needs: &Needs) -> Plan {
        let replicas = if needs.waits_for_replica { "1" } else { "0" };
        let mut environment: Vec<(String, String)> = [
            ("NEXUS__QUEUE__WAIT_REPLICAS", replicas),
            ("NEXUS__LIMITS__ENABLED", "false"),
            ("NEXUS__AUTH__BCRYPT_COST", "4"),
            ("NEXUS__AUTH__BCRYPT_QUEUE", "1000"),
            ("NEXUS__LOG__LEVEL", "warn"),
            ("NEXUS__METRICS__TOKEN", METRICS_TOKEN),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
        if needs.is_queue_small {
            let small = SMALL_QUEUE.map(|(name, value)| (name.to_owned(), value.to_owned()));
            environment.extend(small);
        }
        Plan {
            redis: needs.redis,
            fsync: Fsync::Everysec,
            gated: needs.gated,
            has_small_disks: needs.has_small_disks,
            environment,
            ..Plan::new(&self.program)
        }
    }

    /// Whether the program can be made to die at named places: a failpoint's name is in it then.
    pub fn has_failpoints(&self) -> bool {
        let name = b"worker.before_commit";
        let program = fs::read(&self.program).unwrap_or_default();
        program.windows(name.len()).any(|window| window == name)
    }
}
