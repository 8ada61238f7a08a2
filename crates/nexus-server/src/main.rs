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
    // Only test builds have failpoints: places to die at, named in `FAILPOINTS`.
    let _failpoints = fail::has_failpoints().then(fail::FailScenario::setup);
    match commands::run(Cli::parse()).await {
        Ok(Ended::Well) => ExitCode::SUCCESS,
        Ok(Ended::Badly) => ExitCode::FAILURE,
        Err(err) => {
            eprintln!("nexus: {}", commands::explain(&err));
            // As for a wrong command line: trying again as it is makes no sense.
            ExitCode::from(if err.is::<ConfigError>() { 2 } else { 1 })
        }
    }
}
