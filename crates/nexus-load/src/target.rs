//! The server under load: one of our own, or processes that run already.

use std::{collections::BTreeMap, str::FromStr};

use anyhow::Result;
use nexus_client::{Api, Launch, Server, Usage};
use tempfile::TempDir;

use crate::Args;

pub enum Target {
    Own { server: Box<Server>, _data: TempDir },
    Running { urls: Vec<String>, processes: Vec<Watched> },
}

/// A process whose memory and CPU time are told, together with all others of its role.
#[derive(Clone, Debug, PartialEq)]
pub struct Watched {
    role: String,
    pid: u32,
}

impl FromStr for Watched {
    type Err = std::num::ParseIntError;

    /// `1234`, or `serve=1234`.
    fn from_str(text: &str) -> Result<Watched, Self::Err> {
        let (role, pid) = text.split_once('=').unwrap_or((SERVER, text));
        Ok(Watched { role: role.to_owned(), pid: pid.parse()? })
    }
}

const SERVER: &str = "server";

/// What the processes of each role have used.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Usages(pub BTreeMap<String, Usage>);

impl Usages {
    fn add(&mut self, role: &str, usage: Usage) {
        let sum = self.0.entry(role.to_owned()).or_default();
        sum.rss_kib += usage.rss_kib;
        sum.user += usage.user;
        sum.system += usage.system;
    }

    /// The CPU time since then, the memory as it is.
    pub fn since(&self, before: &Usages) -> Usages {
        let used = self.0.iter().map(|(role, now)| {
            let then = before.0.get(role).copied().unwrap_or_default();
            let user = now.user.saturating_sub(then.user);
            let system = now.system.saturating_sub(then.system);
            (role.clone(), Usage { rss_kib: now.rss_kib, user, system })
        });
        Usages(used.collect())
    }
}

impl Target {
    pub async fn open(args: &Args) -> Result<Target> {
        if !args.url.is_empty() {
            let (urls, processes) = (args.url.clone(), args.pid.clone());
            return Ok(Target::Running { urls, processes });
        }
        let data = tempfile::Builder::new().prefix("nexus-load").tempdir()?;
        let environment = [
            ("NEXUS__LIMITS__ENABLED", "false"),
            ("NEXUS__AUTH__BCRYPT_COST", "4"),
            ("NEXUS__AUTH__BCRYPT_QUEUE", "1000"),
            ("NEXUS__LOG__LEVEL", "warn"),
            ("NEXUS__SERVER__MAX_CONNECTIONS", "100000"),
        ];
        let server = Server::start(Launch::new(&args.server, data.path(), &environment)).await?;
        Ok(Target::Own { server: Box::new(server), _data: data })
    }

    /// All ways in: sockets take them in turn.
    pub fn apis(&self) -> Vec<Api> {
        match self {
            Target::Own { server, .. } => vec![Api::new(&server.url())],
            Target::Running { urls, .. } => urls.iter().map(|url| Api::new(url)).collect(),
        }
    }

    /// A process that has not made the accounts itself: else the memory which that took, freed and
    /// kept for later, would hide what sockets take. Not for a server that is not ours.
    pub async fn refresh(&mut self) -> Result<()> {
        if let Target::Own { server, .. } = self {
            server.kill().await?;
            server.spawn_again(&[])?;
            server.ready().await?;
        }
        Ok(())
    }

    pub fn usage(&self) -> Result<Usages> {
        let mut usages = Usages::default();
        match self {
            Target::Own { server, .. } => usages.add(SERVER, server.usage()?),
            Target::Running { processes, .. } => {
                for Watched { role, pid } in processes {
                    usages.add(role, Usage::of(*pid)?);
                }
            }
        }
        Ok(usages)
    }

    pub fn log(&self) -> String {
        match self {
            Target::Own { server, .. } => format!("the server's log ends: {}", server.log()),
            Target::Running { urls, .. } => format!("load on {}", urls.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use nexus_client::Usage;

    use super::{Usages, Watched};

    #[test]
    fn a_process_has_a_role_or_is_the_server() {
        let watched = |role: &str, pid| Watched { role: role.to_owned(), pid };
        assert_eq!("serve=7".parse(), Ok(watched("serve", 7)));
        assert_eq!("7".parse(), Ok(watched("server", 7)));
        assert!("serve=x".parse::<Watched>().is_err());
    }

    #[test]
    fn processes_of_one_role_are_told_together() {
        let usage =
            |millis| Usage { rss_kib: 10, user: Duration::from_millis(millis), ..Usage::default() };
        let (mut before, mut after) = (Usages::default(), Usages::default());
        for (usages, millis) in [(&mut before, 5), (&mut after, 8)] {
            usages.add("serve", usage(millis));
            usages.add("serve", usage(millis));
            usages.add("work", usage(1));
        }
        let used = after.since(&before);
        assert_eq!(used.0["serve"], Usage { rss_kib: 20, ..usage(6) });
        assert_eq!(used.0["work"].cpu(), Duration::ZERO);
    }
}
