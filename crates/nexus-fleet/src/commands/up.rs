//! `nexus-fleet up`: a fleet to look at and to try.

use std::process::ExitCode;

use anyhow::Result;
use nexus_fleet::{Fleet, Plan};

use super::Asked;
use crate::cli;

pub async fn run(args: &cli::Up) -> Result<ExitCode> {
    let mut asked = Asked::listen()?;
    let plan = Plan {
        api_nodes: args.api_nodes,
        workers: args.workers,
        mongo_members: args.mongo_members,
        redis: args.redis,
        fsync: args.fsync,
        port: args.port,
        environment: args.set.clone(),
        ..Plan::new(&args.bin)
    };
    eprintln!("Starting {} nodes and their stores …", plan.api_nodes + plan.workers);
    let mut fleet = tokio::select! {
        started = Fleet::start(&plan) => started?,
        () = asked.wait() => return Ok(ExitCode::FAILURE),
    };
    show(&fleet);
    asked.wait().await;
    eprintln!("\nStopping in order; once more stops at once");
    tokio::select! {
        stopped = fleet.stop() => stopped?,
        () = asked.wait() => {}
    }
    if args.keep {
        println!("Data, keys and logs: {}", fleet.keep().display());
    }
    Ok(ExitCode::SUCCESS)
}

fn show(fleet: &Fleet) {
    println!("\n  {:<12} {:>8} {:>6}  log", "name", "pid", "port");
    for part in fleet.parts() {
        let pid = part.process.pid().map(|pid| pid.to_string()).unwrap_or_default();
        let log = part.process.log_file().display();
        println!("  {:<12} {pid:>8} {:>6}  {log}", part.process.name(), part.port);
    }
    if fleet.front.is_none() {
        println!("\n  No nginx here (`apt-get install nginx`): the URL is the first node's");
    }
    let url = fleet.url();
    println!("\n  The fleet: {url}   (Ctrl-C stops it in order)");
    println!("    {url}/api/docs       the API, to read and to try");
    println!(
        "    kill -9 PID                            of a node or of a store, and go on writing"
    );
    println!("    kill -STOP PID; kill -CONT PID         freeze one and let it go on");
}
