//! `nexus-fleet`: starts stores and nodes on this machine, for tests and to try.

mod cli;
mod commands;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use cli::{Cli, Command};

#[tokio::main]
async fn main() -> Result<ExitCode> {
    match Cli::parse().command {
        Command::Bench(bench) => commands::bench::run(&bench).await,
        Command::Chaos(chaos) => commands::chaos::run(&chaos).await,
        Command::Services(services) => commands::services::run(&services).await,
        Command::Up(up) => commands::up::run(&up).await,
    }
}
