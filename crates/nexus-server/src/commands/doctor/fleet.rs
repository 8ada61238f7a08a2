//! Whether the servers behind a fleet can be reached, and are set up for it.

use std::{sync::Arc, time::Duration};

use nexus_core::{memory::SystemClock, ports::Clock as _};
use nexus_protocol::Timestamp;
use nexus_redis::{Keyring, Redis, Severity};
use nexus_store_mongo::SCHEMA_VERSION;

use super::Finding;
use crate::{
    backends::fleet::{Servers, connect_database},
    commands::explain,
    config::Config,
    keys,
};

/// Tokens and tries are judged by the clocks of nodes: they must agree at least so far.
const CLOCKS_APART: Duration = Duration::from_secs(1);

pub async fn check(config: &Config) -> Vec<Finding> {
    let mut found = vec![database(config).await];
    match Servers::connect(config).await {
        Ok(servers) => {
            found.extend(durability(config, &servers).await);
            found.push(clocks(&servers.queue).await);
            found.push(shared_keys(config, servers.cache).await);
        }
        Err(err) => found.push(Finding::fail("redis", explain(&err))),
    }
    found
}

async fn database(config: &Config) -> Finding {
    const SUBJECT: &str = "database";
    let looking = async {
        let database = connect_database(config, Arc::new(SystemClock)).await?;
        let version = database.schema_version().await;
        database.close().await;
        anyhow::Ok(version?)
    };
    let shown = config.store.url.shown();
    match looking.await {
        Ok(version) if version > SCHEMA_VERSION => Finding::fail(
            SUBJECT,
            format!("schema version {version} is of a newer nexus: install that one"),
        ),
        Ok(version) if version < SCHEMA_VERSION => Finding::warn(
            SUBJECT,
            format!(
                "{shown} has schema version {version}: run `nexus migrate` to make it {SCHEMA_VERSION}"
            ),
        ),
        Ok(version) => Finding::ok(SUBJECT, format!("{shown} answers, schema version {version}")),
        Err(err) => Finding::fail(SUBJECT, format!("{shown}: {}", explain(&err))),
    }
}

async fn durability(config: &Config, servers: &Servers) -> Vec<Finding> {
    const SUBJECT: &str = "redis";
    let findings = match servers.findings(config).await {
        Ok(findings) => findings,
        Err(err) => return vec![Finding::fail(SUBJECT, explain(&err.into()))],
    };
    if findings.is_empty() {
        let shown = config.queue_url().shown();
        return vec![Finding::ok(SUBJECT, format!("{shown} answers, and keeps what it accepts"))];
    }
    let told = findings.into_iter().map(|finding| match finding.severity {
        Severity::Error => Finding::fail(SUBJECT, finding.text),
        Severity::Warning => Finding::warn(SUBJECT, finding.text),
    });
    told.collect()
}

async fn clocks(redis: &Redis) -> Finding {
    const SUBJECT: &str = "clocks";
    let before = SystemClock.now();
    let theirs = match redis.times().await {
        Ok(times) => times,
        Err(err) => return Finding::warn(SUBJECT, explain(&err.into())),
    };
    let after = SystemClock.now();
    let apart = theirs.iter().map(|at| apart(*at, before, after)).max().unwrap_or_default();
    match apart > CLOCKS_APART {
        true => Finding::warn(
            SUBJECT,
            format!("this machine and Redis are {apart:?} apart: run an NTP service on both"),
        ),
        false => Finding::ok(SUBJECT, "this machine and Redis agree"),
    }
}

/// How far outside of what was possible here.
fn apart(at: Timestamp, before: Timestamp, after: Timestamp) -> Duration {
    before.since(at).max(at.since(after))
}

async fn shared_keys(config: &Config, redis: Redis) -> Finding {
    const SUBJECT: &str = "shared keys";
    let own = match keys::read(&config.key_dir()) {
        Ok(own) => own,
        Err(err) => return Finding::fail(SUBJECT, err.to_string()),
    };
    match Keyring::new(redis).known().await {
        Ok(known) if known.is_empty() => Finding::ok(SUBJECT, "no node is running"),
        Ok(known) if known.iter().any(|kid| own.get(kid).is_some()) => {
            Finding::ok(SUBJECT, "the running nodes sign with keys that are here, too")
        }
        Ok(_) => Finding::fail(
            SUBJECT,
            format!(
                "the running nodes sign with other keys than those in {}: give all nodes the same \
                 folder (auth.key_dir), or a copy of it",
                config.key_dir().display()
            ),
        ),
        Err(err) => Finding::warn(SUBJECT, explain(&err.into())),
    }
}
