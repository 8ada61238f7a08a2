//! What the command line's commands do.

pub mod dead_letters;
pub mod doctor;
pub mod keys;

use std::{collections::HashMap, io::Write as _};

use anyhow::Context as _;
use nexus_core::{
    memory::SystemClock,
    ports::{Clock as _, Queue},
};
use nexus_store_sqlite::{Database, Options};

use crate::{
    app::{Inputs, Node},
    cli::{Admin, Cli, Command, Contract},
    config::{Config, effective_toml, load},
    http, lifecycle,
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
        Command::Migrate => migrate(&config).await,
        Command::Config => {
            print(effective_toml(&config, &cli.flags, &environment)?.trim_end())?;
            Ok(Ended::Well)
        }
        Command::Admin(Admin::Keys(command)) => {
            keys::run(&config, command, SystemClock.now())?;
            Ok(Ended::Well)
        }
        Command::Admin(Admin::DeadLetters(command)) => {
            dead_letters::run(open_queue(&config).await?.as_ref(), command).await
        }
        Command::Contract { .. } | Command::Doctor(_) => Ok(Ended::Well),
    }
}

/// Runs a node until a signal asks it to stop.
async fn start(config: Config, roles: Roles) -> anyhow::Result<Ended> {
    logging::start(&config.log)?;
    logging::log_panics();
    let _lock = DataLock::take(&config.lock_file())?;
    let node = Node::start(config, roles, Inputs::default()).await?;
    node.lifecycle.listen_to_signals().context("can't listen to signals")?;
    match node.address {
        Some(address) => tracing::info!(%address, "ready: http://{address}/api/docs"),
        None => tracing::info!("ready"),
    }
    node.lifecycle.draining.cancelled().await;
    let drained = node.drain().await;
    tracing::info!(?drained, "stopped");
    // What was cut off is in the queue, or will be repeated by its client: no failure.
    let (lifecycle::Drained::Completely | lifecycle::Drained::Until(_)) = drained;
    Ok(Ended::Well)
}

async fn migrate(config: &Config) -> anyhow::Result<Ended> {
    let path = config.sqlite_path().context("store.url: only sqlite: is known")?;
    std::fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("can't make the data folder {}", config.data_dir.display()))?;
    let before = tokio::task::spawn_blocking(move || nexus_store_sqlite::migrate(&path)).await??;
    let now = nexus_store_sqlite::SCHEMA_VERSION;
    print(&match before {
        before if before == now => format!("schema version {now}: nothing to do"),
        before => format!("schema version {before} -> {now}"),
    })?;
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

/// The queue of a data folder that is there already, be a server running on it or not.
async fn open_queue(config: &Config) -> anyhow::Result<Box<dyn Queue>> {
    let path = config.sqlite_path().context("store.url: only sqlite: is known")?;
    anyhow::ensure!(path.exists(), "there is no data at {} yet", path.display());
    let opening = move || Database::open(path, Options { readers: 1, ..Options::default() });
    let database = tokio::task::spawn_blocking(opening).await??;
    let queue = database.queue(config.queue.lanes, std::sync::Arc::new(SystemClock)).await?;
    Ok(Box::new(queue))
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
