//! Looks at how Redis is set up, and says in plain words what that may cost.

use std::{collections::HashMap, error::Error};

use nexus_core::ports::{PortError, PortResult};
use redis::{FromRedisValue, Value, from_redis_value};

use crate::Redis;

#[cfg(test)]
mod tests;

const ASKING: &str = "ask Redis how it is set up";

/// What a Redis is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Nothing that was accepted may be lost.
    Queue {
        /// How many replicas must have an op before it is accepted.
        wait_replicas: usize,
    },
    Bus,
    /// Presence, limits and first answers.
    Cache,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The server must not start like this.
    Error,
    Warning,
}

/// A sentence for whoever runs the server: what may happen, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub severity: Severity,
    pub text: String,
}

impl Redis {
    /// Asks every master. To be told of at start.
    pub async fn warnings(&self, role: Role) -> PortResult<Vec<Finding>> {
        let mut found: Vec<(Severity, String, Vec<String>)> = Vec::new();
        for (address, facts) in self.facts().await? {
            for (severity, text) in judge(role, &facts) {
                match found.iter_mut().find(|(_, known, _)| *known == text) {
                    Some((_, _, addresses)) => addresses.push(address.clone()),
                    None => found.push((severity, text, vec![address.clone()])),
                }
            }
        }
        let finding = |(severity, text, addresses): (_, String, Vec<String>)| Finding {
            severity,
            text: format!("Redis at {}: {text}", addresses.join(", ")),
        };
        Ok(found.into_iter().map(finding).collect())
    }

    async fn facts(&self) -> PortResult<Vec<(String, Facts)>> {
        let infos = self.masters(ASKING, &redis::cmd("INFO")).await?;
        let mut config = redis::cmd("CONFIG");
        config.arg("GET").arg("appendfsync").arg("save");
        let mut configs: HashMap<String, HashMap<String, String>> = HashMap::new();
        match self.masters(ASKING, &config).await {
            Ok(answers) => {
                for (address, config) in answers {
                    configs.insert(address, typed(config)?);
                }
            }
            Err(err) => tracing::debug!(error = &err as &dyn Error, "CONFIG is not answered"),
        }
        let facts = |(address, info)| {
            let facts = Facts::read(&typed::<String>(info)?, configs.get(&address));
            Ok((address, facts))
        };
        infos.into_iter().map(facts).collect()
    }
}

fn typed<T: FromRedisValue>(value: Value) -> PortResult<T> {
    from_redis_value(value).map_err(|err| PortError::new(ASKING, err))
}

/// How one server is set up.
#[derive(Clone, Debug, Default)]
struct Facts {
    major: u32,
    version: String,
    replicas: usize,
    appendonly: bool,
    /// A limit of memory and what is thrown away at it.
    evicts: Option<String>,
    /// `None` where `CONFIG` is not permitted.
    disk: Option<Disk>,
}

#[derive(Clone, Debug, Default)]
struct Disk {
    appendfsync: String,
    /// When snapshots are made; empty: never.
    save: String,
}

impl Facts {
    fn read(info: &str, config: Option<&HashMap<String, String>>) -> Facts {
        let info: HashMap<&str, &str> =
            info.lines().filter_map(|line| line.trim().split_once(':')).collect();
        let of = |name| info.get(name).copied().unwrap_or_default();
        let (version, policy) = (of("redis_version"), of("maxmemory_policy"));
        let limited = !matches!(of("maxmemory"), "" | "0") && policy != "noeviction";
        let online = |(name, value): (&&str, &&str)| {
            name.starts_with("slave") && value.contains("state=online")
        };
        Facts {
            major: version.split('.').next().and_then(|major| major.parse().ok()).unwrap_or(0),
            version: version.to_owned(),
            replicas: info.iter().filter(|entry| online(*entry)).count(),
            appendonly: of("aof_enabled") == "1",
            evicts: limited.then(|| policy.to_owned()),
            disk: config.map(Disk::read),
        }
    }
}

impl Disk {
    fn read(config: &HashMap<String, String>) -> Disk {
        let of = |name| config.get(name).cloned().unwrap_or_default();
        Disk { appendfsync: of("appendfsync"), save: of("save") }
    }
}

type Found = (Severity, String);

fn judge(role: Role, facts: &Facts) -> Vec<Found> {
    let mut found = Vec::new();
    if facts.major < 7 {
        let version = &facts.version;
        found.push(error(format!(
            "version {version} is too old, the bus and the queue need what came with 7.0; \
             upgrade it"
        )));
    }
    match role {
        Role::Queue { wait_replicas } => {
            found.extend(power_cut(facts));
            found.extend(failover(facts, wait_replicas));
            found.extend(facts.evicts.as_ref().map(|policy| {
                error(format!(
                    "with maxmemory-policy {policy} it throws accepted messages away when memory \
                     is short; set maxmemory-policy noeviction"
                ))
            }));
        }
        Role::Cache => found.extend(facts.evicts.as_ref().map(|policy| {
            warning(format!(
                "with maxmemory-policy {policy} it forgets limits, who is online, and answers to \
                 repeated requests when memory is short; set maxmemory-policy noeviction"
            ))
        })),
        Role::Bus => {}
    }
    found
}

/// What is gone when the machine, not only the process, dies.
fn power_cut(facts: &Facts) -> Option<Found> {
    let mend = "set appendonly yes and appendfsync always";
    if !facts.appendonly {
        let since = match facts.disk.as_ref().map(|disk| disk.save.as_str()) {
            Some("") => "all accepted messages that wait, since no snapshots are made either",
            Some(_) => "all messages accepted since the last snapshot",
            None => "all messages accepted since the last snapshot, if any are made",
        };
        return Some(warning(format!("appendonly is off: a crash loses {since}; {mend}")));
    }
    let lost = match facts.disk.as_ref().map(|disk| disk.appendfsync.as_str()) {
        Some("always") => return None,
        Some("everysec") => "about the last second of accepted messages",
        Some(_) => "half a minute of accepted messages, as the kernel likes",
        None => {
            return Some(warning(
                "CONFIG is not permitted, so it could not be checked whether a power cut loses \
                 accepted messages; ask its operator for appendfsync always"
                    .to_owned(),
            ));
        }
    };
    Some(warning(format!("a power cut may lose {lost}; set appendfsync always")))
}

/// What is gone when a replica takes over.
fn failover(facts: &Facts, wait_replicas: usize) -> Option<Found> {
    let replicas = facts.replicas;
    if replicas < wait_replicas {
        return Some(error(format!(
            "it has {replicas} replicas online, and queue.wait_replicas asks for {wait_replicas}: \
             no message could be accepted; add replicas or lower queue.wait_replicas"
        )));
    }
    (replicas > 0 && wait_replicas == 0).then(|| {
        warning(
            "replication is asynchronous: when a replica takes over, accepted messages that had \
             not reached it are lost; set queue.wait_replicas = 1 to wait for one before a message \
             is accepted"
                .to_owned(),
        )
    })
}

fn error(text: String) -> Found {
    (Severity::Error, text)
}

fn warning(text: String) -> Found {
    (Severity::Warning, text)
}
