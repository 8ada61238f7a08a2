//! Redis alone, with replicas, or as a cluster.

mod cluster;
mod resp;

use std::{fs, path::Path, time::Duration};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use nexus_client::free_port;
pub use resp::Reply;

use crate::{
    find,
    process::{Process, Program, eventually},
    proxy::Proxy,
    services::{Gated, STOPPING},
};

/// A cluster member that was not heard of for so long is replaced. Milliseconds.
const NODE_TIMEOUT: &str = "2000";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Topology {
    /// One server
    Alone,
    /// One server and two that copy it; who is master changes only by order
    Replicas,
    /// Three masters with a replica each, which takes over by itself
    Cluster,
}

/// When a write has reached the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Fsync {
    /// Before it is answered
    #[default]
    Always,
    /// Within a second
    Everysec,
}

pub struct Redis {
    pub servers: Vec<Server>,
    topology: Topology,
}

pub struct Server {
    pub process: Process,
    /// What clients and the other servers connect through.
    pub gate: Option<Proxy>,
    port: u16,
    bus_port: u16,
    is_replica_by_birth: bool,
}

impl Redis {
    pub async fn start(
        folder: &Path,
        topology: Topology,
        fsync: Fsync,
        gated: Gated,
    ) -> Result<Redis> {
        let (masters, replicas) = match topology {
            Topology::Alone => (1, 0),
            Topology::Replicas => (1, 2),
            Topology::Cluster => (3, 3),
        };
        Redis::sized(folder, topology, (masters, replicas), fsync, gated).await
    }

    /// Three masters and no replica: starts in three seconds, and survives nothing.
    pub async fn small_cluster(folder: &Path) -> Result<Redis> {
        Redis::sized(folder, Topology::Cluster, (3, 0), Fsync::Everysec, Gated::No).await
    }

    async fn sized(
        folder: &Path,
        topology: Topology,
        (masters, replicas): (usize, usize),
        fsync: Fsync,
        gated: Gated,
    ) -> Result<Redis> {
        let mut servers = Vec::new();
        for number in 1..=masters + replicas {
            let is_cluster = topology == Topology::Cluster;
            let name = format!("redis-{}{number}", if is_cluster { "c" } else { "" });
            let mut server = Server::start(folder, &name, topology, fsync, gated).await?;
            server.is_replica_by_birth = number > masters;
            servers.push(server);
        }
        for server in &mut servers {
            server.ready().await?;
        }
        match topology {
            Topology::Alone => {}
            Topology::Replicas => follow(&servers, 0).await?,
            Topology::Cluster => cluster::create(&servers, masters).await?,
        }
        Ok(Redis { servers, topology })
    }

    /// One URL with all servers in it, with commas between.
    pub fn url(&self) -> String {
        let hosts: Vec<String> = self.servers.iter().map(Server::address).collect();
        format!("redis://{}", hosts.join(","))
    }

    pub fn topology(&self) -> Topology {
        self.topology
    }

    /// Which of `servers` are masters now, in the eyes of the first that answers and is not cut off.
    pub async fn masters(&self) -> Result<Vec<usize>> {
        eventually("a master of Redis", async || self.masters_now().await).await
    }

    async fn masters_now(&self) -> Option<Vec<usize>> {
        let mut masters = Vec::new();
        for (at, server) in self.servers.iter().enumerate() {
            if self.topology != Topology::Cluster {
                let role = server.command(&["ROLE"]).await;
                masters.extend(role.is_ok_and(|role| role.first() == "master").then_some(at));
                continue;
            }
            let Ok(nodes) = cluster::nodes(server).await else { continue };
            let well = nodes.iter().filter(|node| node.is_master && node.is_well);
            masters = well.filter_map(|node| self.at(node.port)).collect();
            masters.sort_unstable();
            break;
        }
        (!masters.is_empty()).then_some(masters)
    }

    /// Makes a replica of `master` (one of `servers`) take its place; waits until it has. Who that
    /// is. Nothing is lost: the master hands over when its replica has all it has.
    pub async fn failover(&self, master: usize) -> Result<usize> {
        let server = self.servers.get(master).context("there is no such server")?;
        let heir = match self.topology {
            Topology::Alone => bail!("a Redis alone has nobody to hand over to"),
            Topology::Replicas => {
                server.command(&["FAILOVER"]).await?;
                None
            }
            Topology::Cluster => {
                let replica = self.replica_of(master).await?;
                self.servers[replica].command(&["CLUSTER", "FAILOVER"]).await?;
                Some(replica)
            }
        };
        eventually("another master of Redis", async || {
            let now = self.masters_now().await?;
            let is_done = !now.contains(&master) && heir.is_none_or(|heir| now.contains(&heir));
            if is_done { heir.or(now.first().copied()) } else { None }
        })
        .await
    }

    /// Which of `servers` follows `master`, and is well.
    pub async fn replica_of(&self, master: usize) -> Result<usize> {
        let server = self.servers.get(master).context("there is no such server")?;
        let nodes = cluster::nodes(server).await?;
        let id = nodes.iter().find(|node| self.at(node.port) == Some(master)).map(|node| &node.id);
        let follows = |node: &&cluster::Node| node.is_well && node.master.as_ref() == id;
        let replica = nodes.iter().find(follows).context("nobody follows that master")?;
        self.at(replica.port).context("the replica is none of ours")
    }

    /// Starts a server again on its data, and waits until it answers. Beside a master it becomes its
    /// replica, whatever it was.
    pub async fn start_again(&mut self, at: usize) -> Result<Duration> {
        let master = match self.topology {
            Topology::Replicas => self.masters_now().await.and_then(|all| all.first().copied()),
            Topology::Alone | Topology::Cluster => None,
        };
        let server = self.servers.get_mut(at).context("there is no such server")?;
        server.process.start_again(&[]).await?;
        let took = server.ready().await?;
        if let Some(master) = master.filter(|master| *master != at) {
            self.servers[at].follow(&self.servers[master]).await?;
        }
        Ok(took)
    }

    pub async fn stop(&mut self) -> Result<()> {
        for server in &mut self.servers {
            server.process.stop(STOPPING).await?;
        }
        Ok(())
    }

    fn at(&self, told: u16) -> Option<usize> {
        self.servers.iter().position(|server| server.told_port() == told)
    }
}

async fn follow(servers: &[Server], master: usize) -> Result<()> {
    for (at, server) in servers.iter().enumerate().filter(|(at, _)| *at != master) {
        server.follow(&servers[master]).await?;
        let name = format!("redis-{} follows its master", at + 1);
        eventually(&name, async || server.follows().await.then_some(())).await?;
    }
    Ok(())
}

impl Server {
    async fn start(
        folder: &Path,
        name: &str,
        topology: Topology,
        fsync: Fsync,
        gated: Gated,
    ) -> Result<Server> {
        let data = folder.join(name);
        fs::create_dir_all(&data)?;
        let (port, bus_port) = (free_port()?, free_port()?);
        let gate = match gated {
            Gated::Yes => Some(Proxy::open(&format!("127.0.0.1:{port}")).await?),
            Gated::No => None,
        };
        let told = gate.as_ref().map_or(port, Proxy::port).to_string();
        let fsync = if fsync == Fsync::Always { "always" } else { "everysec" };
        let mut program = Program::new(name, &find::redis_server()?, folder)
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
            .args(["--dir", &data.to_string_lossy(), "--save", ""])
            .args(["--appendonly", "yes", "--appendfsync", fsync])
            .args(["--repl-diskless-sync-delay", "0"]);
        program = match topology {
            Topology::Cluster => program
                .args(["--cluster-enabled", "yes", "--cluster-node-timeout", NODE_TIMEOUT])
                .args(["--cluster-port", &bus_port.to_string()])
                .args(["--cluster-announce-ip", "127.0.0.1", "--cluster-announce-port", &told]),
            Topology::Replicas | Topology::Alone => program.args([
                "--replica-announce-ip",
                "127.0.0.1",
                "--replica-announce-port",
                &told,
            ]),
        };
        let process = Process::start(program)?;
        Ok(Server { process, gate, port, bus_port, is_replica_by_birth: false })
    }

    /// `127.0.0.1:12345`, as clients know it.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.told_port())
    }

    /// Its own port, past its gate.
    pub fn port(&self) -> u16 {
        self.port
    }

    fn told_port(&self) -> u16 {
        self.gate.as_ref().map_or(self.port, Proxy::port)
    }

    /// Past its gate.
    pub async fn command(&self, args: &[&str]) -> Result<Reply> {
        resp::command(self.port, args).await
    }

    /// Waits until it answers and has read its file.
    pub async fn ready(&mut self) -> Result<Duration> {
        let port = self.port;
        self.process.wait_until(async || resp::command(port, &["PING"]).await.is_ok()).await
    }

    async fn follow(&self, master: &Server) -> Result<()> {
        let port = master.told_port().to_string();
        self.command(&["REPLICAOF", "127.0.0.1", &port]).await.map(drop)
    }

    /// Whether it has all that its master has, and gets the rest as it comes.
    async fn follows(&self) -> bool {
        let info = self.command(&["INFO", "replication"]).await;
        info.is_ok_and(|info| info.text().contains("master_link_status:up"))
    }
}
