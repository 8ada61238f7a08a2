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
    show(&fleet).await?;
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

async fn show(fleet: &Fleet) -> Result<()> {
    println!("\n  {:<12} {:>8} {:>6}  log", "name", "pid", "port");
    for part in fleet.parts() {
        let pid = part.process.pid().map(|pid| pid.to_string()).unwrap_or_default();
        let log = part.process.log_file().display();
        println!("  {:<12} {pid:>8} {:>6}  {log}", part.process.name(), part.port);
    }
    let primary = fleet.mongo.members[fleet.mongo.primary().await?].process.name();
    let masters = fleet.redis.masters().await?;
    let masters = masters.iter().map(|at| fleet.redis.servers[*at].process.name());
    let masters: Vec<&str> = masters.collect();
    println!("\n  MongoDB's primary is {primary}; Redis masters: {}", masters.join(", "));
    if fleet.front.is_none() {
        println!("\n  No nginx here (`apt-get install nginx`): the URL is the first node's");
    }
    let url = fleet.url();
    println!("\n  The fleet: {url}   (Ctrl-C stops it in order)");
    for (what, why) in [
        (format!("{url}/api/docs"), "the API, to read and to try"),
        ("kill -9 PID".to_owned(), "of a node or of a store, while somebody writes"),
        ("kill -STOP PID; kill -CONT PID".to_owned(), "freeze one, and let it go on"),
    ] {
        println!("    {what:<35} {why}");
    }
    Ok(())
}
