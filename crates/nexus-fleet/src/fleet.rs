//! All that a fleet is made of, started in order, stopped in order, with a handle on each part.

use std::{
    io,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use nexus_client::free_port;
use tempfile::TempDir;
use tokio::process::Command;

use crate::{
    disk::Disk,
    find,
    node::{Node, Role},
    process::Process,
    services::{
        Gated,
        mongo::ReplicaSet,
        nginx::Nginx,
        redis::{Fsync, Redis, Topology},
    },
};

/// `server.drain_secs`, and a little more.
const DRAIN: Duration = Duration::from_secs(25);
/// Of a small disk: room for a scenario, MongoDB's journal included.
const MONGO_MIB: u32 = 400;
const REDIS_MIB: u32 = 64;

/// How large a fleet is.
#[derive(Clone, Debug)]
pub struct Plan {
    /// `nexus`
    pub program: PathBuf,
    pub api_nodes: usize,
    pub workers: usize,
    pub mongo_members: usize,
    pub redis: Topology,
    pub fsync: Fsync,
    /// Of nginx; 0: any free one.
    pub port: u16,
    /// Proxies before each store, to part nodes from them.
    pub gated: Gated,
    /// Each store has a file system of its own, which can be filled.
    pub has_small_disks: bool,
    /// For all nodes, beyond what makes them a fleet.
    pub environment: Vec<(String, String)>,
}

/// Dropping it kills all of it; [`Fleet::stop`] does it in order.
pub struct Fleet {
    pub api_nodes: Vec<Node>,
    pub workers: Vec<Node>,
    /// Missing where nginx is not installed.
    pub front: Option<Nginx>,
    pub mongo: ReplicaSet,
    pub redis: Redis,
    /// Of the stores, if they have their own. They go after all that write to them.
    pub disks: Vec<Disk>,
    folder: TempDir,
}

/// A row of the table of what runs.
pub struct Part<'a> {
    pub process: &'a Process,
    pub port: u16,
}

impl Plan {
    pub fn new(program: &Path) -> Plan {
        Plan {
            program: program.to_owned(),
            api_nodes: 3,
            workers: 2,
            mongo_members: 3,
            redis: Topology::Cluster,
            fsync: Fsync::Always,
            port: 0,
            gated: Gated::No,
            has_small_disks: false,
            environment: Vec::new(),
        }
    }

    fn environment(&self, folder: &Path, mongo: &str, redis: &str) -> Vec<(String, String)> {
        let keys = folder.join("keys");
        let replicas = if self.redis == Topology::Alone { "0" } else { "1" };
        let own = [
            ("NEXUS__STORE__URL", mongo),
            ("NEXUS__REDIS__URL", redis),
            ("NEXUS__QUEUE__WAIT_REPLICAS", replicas),
            ("NEXUS__AUTH__KEY_DIR", &keys.to_string_lossy()),
            ("NEXUS__SERVER__TRUSTED_PROXIES", "127.0.0.1"),
        ];
        let own = own.map(|(name, value)| (name.to_owned(), value.to_owned()));
        own.into_iter().chain(self.environment.iter().cloned()).collect()
    }
}

impl Fleet {
    /// Returns when all nodes are ready.
    pub async fn start(plan: &Plan) -> Result<Fleet> {
        ensure!(
            plan.program.is_file(),
            "there is no {}: build it with `cargo build --release -p nexus-server`",
            plan.program.display()
        );
        ensure!(
            plan.port == 0 || TcpListener::bind((Ipv4Addr::LOCALHOST, plan.port)).is_ok(),
            "port {} is taken: choose another one",
            plan.port
        );
        let folder = tempfile::Builder::new().prefix("nexus-fleet-").tempdir()?;
        let path = folder.path();
        let disks = if plan.has_small_disks { small_disks(path)? } else { Vec::new() };
        let (mongo, redis) = tokio::try_join!(
            ReplicaSet::start(path, plan.mongo_members, plan.gated),
            Redis::start(path, plan.redis, plan.fsync, plan.gated),
        )?;
        let environment = plan.environment(path, &mongo.url_of("nexus"), &redis.url());
        // Once, before several nodes would do it at the same time.
        for command in [&["migrate"][..], &["admin", "keys", "rotate"]] {
            run(&plan.program, command, path, &environment).await?;
        }
        let start = |role, count| -> Result<Vec<Node>> {
            let nodes = 1..=count;
            nodes.map(|at| Node::start(&plan.program, path, (role, at), &environment)).collect()
        };
        let mut api_nodes = start(Role::Api, plan.api_nodes)?;
        let mut workers = start(Role::Worker, plan.workers)?;
        for node in api_nodes.iter_mut().chain(&mut workers) {
            node.ready().await?;
        }
        let front = front(plan, path, &api_nodes).await?;
        Ok(Fleet { api_nodes, workers, front, mongo, redis, disks, folder })
    }

    /// Where clients go: nginx, or the first node where there is none.
    pub fn url(&self) -> String {
        let first = || self.api_nodes.first().map(|node| format!("http://{}", node.host()));
        self.front.as_ref().map(Nginx::url).or_else(first).unwrap_or_default()
    }

    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.api_nodes.iter().chain(&self.workers)
    }

    pub fn nodes_mut(&mut self) -> impl Iterator<Item = &mut Node> {
        self.api_nodes.iter_mut().chain(&mut self.workers)
    }

    /// Data, keys and logs.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// All processes, from the front to the stores.
    pub fn parts(&self) -> Vec<Part<'_>> {
        let front = self.front.iter().map(|front| (&front.process, front.port()));
        let nodes = self.nodes().map(|node| (&node.process, node.port()));
        let mongo = self.mongo.members.iter().map(|member| (&member.process, member.port()));
        let redis = self.redis.servers.iter().map(|server| (&server.process, server.port()));
        let all = front.chain(nodes).chain(mongo).chain(redis);
        all.map(|(process, port)| Part { process, port }).collect()
    }

    /// Front, nodes, workers, stores: whoever needs another one ends before it.
    pub async fn stop(&mut self) -> Result<()> {
        if let Some(front) = &mut self.front {
            front.stop().await?;
        }
        for nodes in [&mut self.api_nodes, &mut self.workers] {
            for node in nodes.iter_mut().filter(|node| node.process.pid().is_some()) {
                node.process.terminate()?;
            }
            for node in nodes.iter_mut() {
                node.process.stop(DRAIN).await?;
            }
        }
        tokio::try_join!(self.mongo.stop(), self.redis.stop())?;
        Ok(())
    }

    /// Data, keys and logs stay; where they are. What still runs is killed.
    pub fn keep(self) -> PathBuf {
        self.folder.keep()
    }
}

/// Where the stores will put their data.
fn small_disks(folder: &Path) -> Result<Vec<Disk>> {
    let mongo = (1..=3).map(|number| (format!("mongo-{number}"), MONGO_MIB));
    let redis = (1..=6).map(|number| (format!("redis-c{number}"), REDIS_MIB));
    mongo.chain(redis).map(|(name, size)| Disk::mount(&folder.join(name), size)).collect()
}

/// One of `nexus`'s commands, to its end.
async fn run(
    program: &Path,
    command: &[&str],
    folder: &Path,
    environment: &[(String, String)],
) -> Result<()> {
    let output = Command::new(program)
        .args(command)
        .env("NEXUS__DATA_DIR", folder.join("commands"))
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .context("nexus can't be started")?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "`nexus {}` failed:\n{errors}", command.join(" "));
    Ok(())
}

async fn front(plan: &Plan, folder: &Path, nodes: &[Node]) -> Result<Option<Nginx>> {
    if find::nginx().is_err() {
        return Ok(None);
    }
    let port: io::Result<u16> = if plan.port == 0 { free_port() } else { Ok(plan.port) };
    let hosts: Vec<String> = nodes.iter().map(Node::host).collect();
    Nginx::start(folder, port?, &hosts).await.map(Some)
}
