//! A fleet under load, what was done to it, and what came of it.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, Result, ensure};
use nexus_client::players::{Casting, Chance, Company, Manner, Reckoning, Trust};
use tokio::time::{Instant, sleep};

use super::{Chaos, Row, Scenario, meter::Meter, probe::Probe};
use crate::Fleet;

/// From the last thing written until every outbox is empty.
const SETTLING: Duration = Duration::from_secs(90);
/// Until everybody is connected at the beginning.
const GATHERING: Duration = Duration::from_secs(120);

pub struct Arena<'a> {
    pub fleet: &'a mut Fleet,
    pub chance: Chance,
    pub company: Company,
    pub probe: Probe,
    /// How often to strike, if somebody said so.
    pub rounds: Option<u32>,
    pub length: Duration,
    /// `nexus`
    pub program: PathBuf,
    /// Told beside the counts.
    pub notes: Vec<String>,
    /// Promises that are not the checker's to look at.
    pub broken: Vec<String>,
    acts_per_sec: f64,
    players: usize,
    meter: Meter,
    strikes: u32,
    recoveries: Vec<Duration>,
}

impl<'a> Arena<'a> {
    pub async fn enter(
        fleet: &'a mut Fleet,
        chaos: &Chaos,
        scenario: Scenario,
        chance: Chance,
    ) -> Result<Arena<'a>> {
        let doors = doors(fleet);
        let trust = if scenario.may_lose_the_queue() { Trust::Nobody } else { Trust::Half };
        let casting = casting(chaos.players, chaos.acts_per_sec, trust);
        let probe = Probe::place(doors.clone(), chance.split()).await?;
        let company = Company::gather(&casting, &doors, &chance).await?;
        let all_are_in = company.gathered(chaos.players, GATHERING).await;
        ensure!(all_are_in, "only {} of {} players came in", company.online(), chaos.players);
        let mut meter = Meter::default();
        meter.read(fleet);
        Ok(Arena {
            fleet,
            chance,
            company,
            probe,
            rounds: chaos.rounds,
            length: chaos.length,
            program: chaos.program.clone(),
            notes: Vec::new(),
            broken: Vec::new(),
            acts_per_sec: chaos.acts_per_sec,
            players: chaos.players,
            meter,
            strikes: 0,
            recoveries: Vec::new(),
        })
    }

    pub fn rounds(&self, usual: u32) -> u32 {
        self.rounds.unwrap_or(usual)
    }

    /// Lets people write for a while; then the next stroke begins.
    pub async fn play(&self) {
        sleep(self.chance.millis(1_500..4_000)).await;
    }

    /// Just before something ends: what it used is not to be forgotten.
    pub fn strike(&mut self) -> Instant {
        self.meter.read(self.fleet);
        self.strikes += 1;
        Instant::now()
    }

    /// Waits until messages to all lanes are committed and seen again.
    pub async fn recovered(&mut self, struck: Instant) -> Result<()> {
        self.probe.comes_through().await?;
        self.recoveries.push(struck.elapsed());
        Ok(())
    }

    /// Another company beside the first, more or less busy than it.
    pub async fn more(&self, times: f64) -> Result<Company> {
        self.company_at(&doors(self.fleet), times).await
    }

    /// A company of the same size somewhere else.
    pub async fn company_at(&self, doors: &[String], times: f64) -> Result<Company> {
        let casting = casting(self.players, self.acts_per_sec * times, Trust::Half);
        Ok(Company::gather(&casting, doors, &self.chance).await?)
    }

    pub async fn reckon(mut self, scenario: Scenario) -> Result<Row> {
        self.company.go_through(&doors(self.fleet));
        let reckoning = self.company.curtain(SETTLING).await.context("taking stock")?;
        if scenario == Scenario::Drain {
            let Reckoning { drains, cut, put_off, unanswered, left_over, .. } = &reckoning;
            self.notes.push(format!(
                "{drains} connections were told that their node drains; {} sends crossed the \
                 goodbye and were repeated ({unanswered} unanswered, {put_off} refused for now)",
                put_off + unanswered
            ));
            if *drains == 0 || *cut > 0 {
                self.broken.push(format!("{drains} were told, {cut} were cut without a word"));
            }
            if *left_over > 0 {
                self.broken.push(format!("{left_over} messages were repeated in vain"));
            }
        }
        self.meter.read(self.fleet);
        self.recoveries.sort();
        Ok(Row {
            scenario,
            strikes: self.strikes,
            recoveries: self.recoveries,
            reckoning,
            cpu: self.meter.total(),
            notes: self.notes,
            broken: self.broken,
        })
    }
}

/// Every node, and nginx before them.
pub fn doors(fleet: &Fleet) -> Vec<String> {
    let front = fleet.front.iter().map(|front| format!("127.0.0.1:{}", front.port()));
    fleet.api_nodes.iter().map(|node| node.host()).chain(front).collect()
}

fn casting(players: usize, acts_per_sec: f64, trust: Trust) -> Casting {
    Casting {
        players,
        groups: players.div_ceil(4),
        directs: players / 2,
        acts_per_sec,
        trust,
        manner: Manner::Orderly,
        filler: 0,
    }
}
