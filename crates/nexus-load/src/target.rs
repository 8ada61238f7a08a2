//! The server under load: one of our own, or one that runs already.

use anyhow::Result;
use nexus_client::{Api, Launch, Server, Usage};
use tempfile::TempDir;

use crate::Args;

pub enum Target {
    Own { server: Box<Server>, _data: TempDir },
    Running { url: String, pid: u32 },
}

impl Target {
    pub async fn open(args: &Args) -> Result<Target> {
        if let (Some(url), Some(pid)) = (&args.url, args.pid) {
            return Ok(Target::Running { url: url.clone(), pid });
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

    pub fn api(&self) -> Api {
        match self {
            Target::Own { server, .. } => Api::new(&server.url()),
            Target::Running { url, .. } => Api::new(url),
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

    pub fn usage(&self) -> Result<Usage> {
        Ok(match self {
            Target::Own { server, .. } => server.usage()?,
            Target::Running { pid, .. } => Usage::of(*pid)?,
        })
    }

    pub fn log(&self) -> String {
        match self {
            Target::Own { server, .. } => format!("the server's log ends: {}", server.log()),
            Target::Running { url, .. } => format!("load on {url}"),
        }
    }
}
