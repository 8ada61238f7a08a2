//! `nexus-load`: what a server bears, and that it loses nothing meanwhile.
//!
//! Times are reported, never judged; a lost, doubled or misplaced message makes it exit with 1.

mod crowd;
mod idle;
mod latency;
mod report;
mod rush;
mod saturate;
mod tally;
mod target;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};

use report::Report;
use target::{Target, Watched};

/// Puts load on a NexusChat server over the wire and reports what it measured.
///
/// Without --url it starts a server of its own in a temporary folder, on a free port, with rate
/// limits off and cheap password hashes. Client and server share this machine: the figures are for
/// both together, and the server's own CPU time is read from /proc.
#[derive(Parser, Debug)]
#[command(version, max_term_width = 100)]
pub struct Args {
    /// What to run
    #[arg(value_enum, default_value = "all")]
    scenario: Scenario,
    /// The server to start: use a release build
    #[arg(long, value_name = "PATH", default_value = "target/release/nexus")]
    server: PathBuf,
    /// Servers that run already, instead: sockets take them in turn; limits should be off
    #[arg(long, value_name = "URL", value_delimiter = ',', requires = "pid")]
    url: Vec<String>,
    /// Processes whose memory and CPU time are told, by role: serve=1234,work=1235
    #[arg(long, value_name = "[ROLE=]PID", value_delimiter = ',', requires = "url")]
    pid: Vec<Watched>,
    /// idle: how many sockets
    #[arg(long, value_name = "N", default_value_t = 5_000)]
    sockets: usize,
    /// idle: how many sockets each user has
    #[arg(long, value_name = "N", default_value_t = 4)]
    sockets_per_user: usize,
    /// idle: how long CPU time is watched; a multiple of the ping interval, or pings are miscounted
    #[arg(long, value_name = "SECS", default_value_t = 50)]
    hold_secs: u64,
    /// latency, saturate: how many groups write at once
    #[arg(long, value_name = "N", default_value_t = 20)]
    groups: usize,
    /// latency, saturate: members of each group; each message is delivered to all but its sender
    #[arg(long, value_name = "N", default_value_t = 11)]
    members: usize,
    /// latency: messages a second, whatever the server does. saturate: the first step
    #[arg(long, value_name = "PER_SEC", default_value_t = 100.0)]
    rate: f64,
    /// latency: how long. saturate: how long each step is
    #[arg(long, value_name = "SECS", default_value_t = 10)]
    secs: u64,
    /// Not measured at the beginning of each run
    #[arg(long, value_name = "SECS", default_value_t = 2)]
    warm_up_secs: u64,
    /// saturate: each step is this much faster than the last
    #[arg(long, value_name = "FACTOR", default_value_t = 1.3)]
    growth: f64,
    /// saturate: a step whose 99th percentile of send-to-seen is above this is the end
    #[arg(long, value_name = "MS", default_value_t = 500)]
    knee_ms: u64,
    /// Give up when accounts, groups and sockets are not there in this time
    #[arg(long, value_name = "SECS", default_value_t = 120)]
    setup_secs: u64,
    /// Write the figures here too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Scenario {
    /// Many sockets, three namespaces each, that do nothing: memory, connects a second, CPU
    Idle,
    /// Messages at a constant rate: percentiles from the moment each was due
    Latency,
    /// Faster and faster until it no longer keeps up: the highest rate that it bore
    Saturate,
    /// All of them, each with a fresh server
    All,
}

impl Args {
    fn setup(&self) -> Duration {
        Duration::from_secs(self.setup_secs)
    }

    fn warm_up(&self) -> Duration {
        Duration::from_secs(self.warm_up_secs)
    }
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let args = Args::parse();
    let scenarios = match args.scenario {
        Scenario::All => vec![Scenario::Idle, Scenario::Latency, Scenario::Saturate],
        one => vec![one],
    };
    let mut report = Report::default();
    for scenario in scenarios {
        let mut target = Target::open(&args).await.context("no server to load")?;
        let result = match scenario {
            Scenario::Idle => idle::run(&args, &mut target).await,
            Scenario::Latency => latency::run(&args, &target).await,
            Scenario::Saturate | Scenario::All => saturate::run(&args, &target).await,
        };
        report.scenarios.push(result.with_context(|| target.log())?);
    }
    print!("{report}");
    if let Some(path) = &args.json {
        std::fs::write(path, serde_json::to_string_pretty(&report)?)?;
    }
    Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
