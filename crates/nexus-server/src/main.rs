//! The binary `nexus`.

use std::process::ExitCode;

use clap::Parser as _;
use nexus_server::{
    cli::Cli,
    commands::{self, Ended},
    config::ConfigError,
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    match commands::run(Cli::parse()).await {
        Ok(Ended::Well) => ExitCode::SUCCESS,
        Ok(Ended::Badly) => ExitCode::FAILURE,
        Err(err) => {
            eprintln!("nexus: {err:#}");
            // As for a wrong command line: trying again as it is makes no sense.
            ExitCode::from(if err.is::<ConfigError>() { 2 } else { 1 })
        }
    }
}
