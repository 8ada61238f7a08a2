//! `nexus-fleet bench`: what a fleet bears, beside what one embedded server bears.

use std::process::ExitCode;

use anyhow::Result;
use nexus_fleet::{Plan, bench::Bench};

use super::Asked;
use crate::cli;

pub async fn run(args: &cli::Bench) -> Result<ExitCode> {
    let mut asked = Asked::listen()?;
    let bench = Bench {
        load: args.load.clone(),
        scenarios: args.scenarios.clone(),
        args: args.args.clone(),
        embedded: !args.no_embedded,
        redis: args.redis.clone(),
        api_nodes: args.api_nodes.clone(),
        plan: Plan {
            workers: args.workers,
            mongo_members: args.mongo_members,
            fsync: args.fsync,
            environment: args.set.clone(),
            ..Plan::new(&args.bin)
        },
    };
    let table = tokio::select! {
        table = bench.run() => table?,
        () = asked.wait() => return Ok(ExitCode::FAILURE),
    };
    println!("{table}");
    Ok(if table.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
