//! What the command line's commands do.

pub mod announcements;
pub mod audit;
pub mod dead_letters;
pub mod doctor;
pub mod jobs;
pub mod keys;
pub mod mail;
pub mod queues;
pub mod reports;
pub mod retention;
pub mod sweeps;
pub mod users;

use std::{collections::HashMap, io::Write as _};

use anyhow::Context as _;
use nexus_core::{
    Error,
    memory::{SystemClock, SystemIds},
    ports::Clock as _,
    staff::Order,
};

use crate::{
    app::{Inputs, Node},
    backends,
    cli::{Admin, Audit, Cli, Command, Contract, Mail},
    config::{Config, effective_toml, load},
    http::{self, web},
    lifecycle,
    lifecycle::Roles,
    lock::DataLock,
    logging, socket,
};

/// How a command ended, as the process's exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Well,
    /// It found something wrong, and has said so.
    Badly,
}

pub async fn run(cli: Cli) -> anyhow::Result<Ended> {
    let environment = environment();
    // These two work with settings that can't be used, or without any.
    match &cli.command {
        Some(Command::Doctor(output)) => {
            return doctor::run(load(&cli.flags, environment), *output).await;
        }
        Some(Command::Contract { document }) => {
            print(&contract(*document)?)?;
            return Ok(Ended::Well);
        }
        _ => {}
    }
    let config = load(&cli.flags, environment.clone())?;
    match cli.command.unwrap_or(Command::All) {
        Command::All => start(config, Roles::ALL).await,
        Command::Serve => start(config, Roles::SERVE).await,
        Command::Work => start(config, Roles::WORK).await,
        Command::Migrate => {
            print(&backends::migrate(&config).await?)?;
            Ok(Ended::Well)
        }
        Command::Config => {
            print(effective_toml(&config, &cli.flags, &environment)?.trim_end())?;
            Ok(Ended::Well)
        }
        Command::Admin(Admin::Keys(command)) => {
            keys::run(&config, command, SystemClock.now()).await?;
            Ok(Ended::Well)
        }
        Command::Admin(Admin::DeadLetters(command)) => {
            let (store, ids) = (backends::open_store(&config).await?, SystemIds::new());
            let order = Order::of_operator(store.as_ref(), &ids, SystemClock.now());
            let queue = backends::open_queue(&config).await?;
            dead_letters::run(&order, queue.as_ref(), command).await
        }
        Command::Admin(Admin::Jobs(command)) => {
            let (store, ids) = (backends::open_store(&config).await?, SystemIds::new());
            let order = Order::of_operator(store.as_ref(), &ids, SystemClock.now());
            jobs::run(&order, command).await
        }
        Command::Admin(Admin::Queues(output)) => {
            let queue = backends::open_queue(&config).await?;
            queues::run(queue.as_ref(), output, SystemClock.now()).await?;
            Ok(Ended::Well)
        }
        Command::Admin(Admin::Mail(Mail::Suppressions(command))) => {
            let (store, ids) = (backends::open_store(&config).await?, SystemIds::new());
            let order = Order::of_operator(store.as_ref(), &ids, SystemClock.now());
            mail::run(&order, command).await
        }
        Command::Admin(Admin::Users(command)) => {
            let (store, ids) = (backends::open_store(&config).await?, SystemIds::new());
            let order = Order::of_operator(store.as_ref(), &ids, SystemClock.now());
            users::run(&order, command).await
        }
        Command::Admin(Admin::Sweeps(command)) => {
            let (store, ids) = (backends::open_store(&config).await?, SystemIds::new());
            let order = Order::of_operator(store.as_ref(), &ids, SystemClock.now());
            sweeps::run(&order, command).await
        }
        Command::Admin(Admin::Announcements(command)) => {
            let (store, ids) = (backends::open_store(&config).await?, SystemIds::new());
            let order = Order::of_operator(store.as_ref(), &ids, SystemClock.now());
            announcements::run(&order, command).await
        }
        Command::Admin(Admin::Reports(command)) => {
            let (store, ids) = (backends::open_store(&config).await?, SystemIds::new());
            let order = Order::of_operator(store.as_ref(), &ids, SystemClock.now());
            reports::run(&order, command).await
        }
        // An export needs no store.
        Command::Admin(Admin::Audit(Audit::Verify { file: Some(file), known })) => {
            audit::verify_file(&file, known.as_deref())
        }
        Command::Admin(Admin::Audit(command)) => {
            audit::run(backends::open_store(&config).await?.as_ref(), command).await
        }
        Command::Admin(Admin::Retention(command)) => {
            let store = backends::open_store(&config).await?;
            retention::run(store.as_ref(), &config, command, SystemClock.now()).await
        }
        Command::Admin(Admin::Lanes { lanes }) => {
            backends::set_lanes(&config, lanes).await?;
            print(&format!("the queue has {lanes} lanes: set queue.lanes to it on every node"))?;
            Ok(Ended::Well)
        }
        Command::Contract { .. } | Command::Doctor(_) => Ok(Ended::Well),
    }
}

/// Runs a node until a signal asks it to stop.
async fn start(config: Config, roles: Roles) -> anyhow::Result<Ended> {
    logging::start(&config.log)?;
    logging::log_panics();
    // Nodes of a fleet have no data of their own.
    let alone = !config.is_fleet();
    let _lock = alone.then(|| DataLock::take(&config.lock_file())).transpose()?;
    let (tls, public_url) = (config.tls.is_on(), config.server.public_url.clone());
    let node = Node::start(config, roles, Inputs::default()).await?;
    node.lifecycle.listen_to_signals().context("can't listen to signals")?;
    match node.address {
        Some(address) if web::EMBEDDED.is_empty() => {
            tracing::info!(%address, "ready, without the web client: http://{address}/api/docs");
        }
        Some(address) if tls => tracing::info!(%address, "ready: {public_url}"),
        Some(address) => tracing::info!(%address, "ready: http://{address}"),
        None => tracing::info!("ready"),
    }
    node.lifecycle.draining.cancelled().await;
    let drained = node.drain().await;
    tracing::info!(?drained, "stopped");
    // What was cut off is in the queue, or will be repeated by its client: no failure.
    let (lifecycle::Drained::Completely | lifecycle::Drained::Until(_)) = drained;
    Ok(Ended::Well)
}

fn contract(document: Contract) -> anyhow::Result<String> {
    // As a value, which has its keys in order: so are the documents that are checked in.
    let document = match document {
        Contract::Openapi => serde_json::to_value(http::openapi::openapi())?,
        Contract::Asyncapi => socket::asyncapi(),
    };
    Ok(serde_json::to_string_pretty(&document)?)
}

/// Variables that are no text can't be ours.
fn environment() -> HashMap<String, String> {
    let variables = std::env::vars_os();
    variables
        .filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// An error with its causes, without those that it has said already.
pub fn explain(err: &anyhow::Error) -> String {
    err.chain().map(ToString::to_string).fold(String::new(), |told, cause| match told {
        told if told.is_empty() => cause,
        told if told.contains(&cause) => told,
        told => format!("{told}: {cause}"),
    })
}

/// What the operator asked for is refused, and why is said; a fault goes up.
fn refused(err: Error, name: &str) -> anyhow::Result<Ended> {
    match err {
        Error::Unavailable(_) => return Err(err.into()),
        Error::NotFound("user") => print(&format!("there is no account {name}"))?,
        Error::NotFound(what) => print(&format!("there is no {what}: {name}"))?,
        refused => print(&refused.to_string())?,
    }
    Ok(Ended::Badly)
}

/// One line (or more) for the caller. A reader that has seen enough (`| head`) is no error.
fn print(text: &str) -> anyhow::Result<()> {
    match writeln!(std::io::stdout().lock(), "{text}") {
        Err(err) if err.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        printed => Ok(printed?),
    }
}

/// Columns as wide as their longest cell.
fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max()
    };
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let lines = rows.iter().map(|row| {
        let cells = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}
