//! A MongoDB replica set.

mod wire;

use std::{fs, path::Path, time::Duration};

use anyhow::{Context, Result};
use bson::{Document, doc};
use nexus_client::free_port;

use crate::{
    find,
    process::{Process, Program, eventually},
    proxy::Proxy,
    services::{Gated, STOPPING},
};

const NAME: &str = "fleet";
/// Without a sign of life from the primary for so long, the others elect another one.
const ELECTION: Duration = Duration::from_secs(2);

const CLOSE_FILES_SOON: &str =
    "file_manager=(close_handle_minimum=250,close_idle_time=3,close_scan_interval=2)";

pub struct ReplicaSet {
    pub members: Vec<Member>,
}

pub struct Member {
    pub process: Process,
    /// What everybody else, the other members included, connects through.
    pub gate: Option<Proxy>,
    port: u16,
}

impl ReplicaSet {
    /// Starts it and waits until it has a primary and all others follow it.
    pub async fn start(folder: &Path, count: usize, gated: Gated) -> Result<ReplicaSet> {
        let mut members = Vec::new();
        for number in 1..=count {
            members.push(Member::start(folder, number, gated).await?);
        }
        for member in &mut members {
            member.ready().await?;
        }
        let set = ReplicaSet { members };
        let first = set.members.first().context("a replica set of nobody")?;
        wire::command(first.port, set.initiation()).await?;
        set.primary().await?;
        eventually("all members follow the primary", async || set.all_follow().await.then_some(()))
            .await?;
        Ok(set)
    }

    fn initiation(&self) -> Document {
        let members: Vec<Document> = (0i32..)
            .zip(&self.members)
            .map(|(id, member)| doc! { "_id": id, "host": member.address() })
            .collect();
        let election = i64::try_from(ELECTION.as_millis()).unwrap_or(i64::MAX);
        let settings = doc! { "electionTimeoutMillis": election, "heartbeatIntervalMillis": 500 };
        doc! { "replSetInitiate": { "_id": NAME, "members": members, "settings": settings } }
    }

    /// Of no database in particular.
    pub fn url(&self) -> String {
        self.url_of("")
    }

    pub fn url_of(&self, database: &str) -> String {
        let hosts: Vec<String> = self.members.iter().map(Member::address).collect();
        format!("mongodb://{}/{database}?replicaSet={NAME}", hosts.join(","))
    }

    /// Waits until there is one; which of `members` it is. For some seconds after a partition there
    /// may be two that believe so: this is the one elected last.
    pub async fn primary(&self) -> Result<usize> {
        eventually("a primary of MongoDB", async || self.primary_now().await).await
    }

    /// Makes the primary give up its place; waits until another member has it.
    pub async fn step_down(&self) -> Result<usize> {
        let former = self.primary().await?;
        let order = doc! { "replSetStepDown": 15, "secondaryCatchUpPeriodSecs": 10 };
        wire::command(self.members[former].port, order).await?;
        eventually("another primary of MongoDB", async || {
            self.primary_now().await.filter(|now| *now != former)
        })
        .await
    }

    async fn primary_now(&self) -> Option<usize> {
        let mut latest = None;
        for (at, member) in self.members.iter().enumerate() {
            // A frozen one accepts and never answers.
            let asked = tokio::time::timeout(Duration::from_millis(500), wire::hello(member.port));
            let Ok(Ok(hello)) = asked.await else { continue };
            if hello.get_bool("isWritablePrimary").unwrap_or(false) {
                let elected = hello.get_object_id("electionId").map(|id| id.bytes()).ok();
                latest = latest.max(Some((elected, at)));
            }
        }
        latest.map(|(_, at)| at)
    }

    async fn all_follow(&self) -> bool {
        for member in &self.members {
            let Ok(hello) = wire::hello(member.port).await else { return false };
            let is = |role| hello.get_bool(role).unwrap_or(false);
            if !is("isWritablePrimary") && !is("secondary") {
                return false;
            }
        }
        true
    }

    pub async fn stop(&mut self) -> Result<()> {
        for member in &self.members {
            // All at once: the last ones would wait for a majority that is gone.
            if member.process.pid().is_some() {
                member.process.terminate()?;
            }
        }
        for member in &mut self.members {
            member.process.stop(STOPPING).await?;
        }
        Ok(())
    }
}

impl Member {
    async fn start(folder: &Path, number: usize, gated: Gated) -> Result<Member> {
        let name = format!("mongo-{number}");
        let data = folder.join(&name);
        fs::create_dir_all(&data)?;
        let port = free_port()?;
        let program = Program::new(&name, &find::mongod()?, folder)
            .args(["--replSet", NAME, "--bind_ip", "127.0.0.1", "--nounixsocket", "--quiet"])
            .args(["--port", &port.to_string(), "--wiredTigerCacheSizeGB", "0.25"])
            .args(["--setParameter", "diagnosticDataCollectionEnabled=false"])
            // Else an asked-to-stop member goes on for 15 s, so that clients can look elsewhere.
            .args(["--setParameter", "shutdownTimeoutMillisForSignaledShutdown=100"])
            // Every test drops a database of its own: forget the files soon, or they run out.
            .args(["--setParameter", "minSnapshotHistoryWindowInSeconds=0"])
            .args(["--syncdelay", "5", "--wiredTigerEngineConfigString", CLOSE_FILES_SOON])
            .args(["--dbpath", &data.to_string_lossy()]);
        let gate = match gated {
            Gated::Yes => Some(Proxy::open(&format!("127.0.0.1:{port}")).await?),
            Gated::No => None,
        };
        Ok(Member { process: Process::start(program)?, gate, port })
    }

    /// `127.0.0.1:12345`, as clients and the other members know it.
    pub fn address(&self) -> String {
        match &self.gate {
            Some(gate) => gate.address(),
            None => format!("127.0.0.1:{}", self.port),
        }
    }

    /// Its own port, past its gate.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// An admin command, past its gate.
    pub async fn command(&self, command: Document) -> Result<Document> {
        wire::command(self.port, command).await
    }

    /// Waits until it answers; it may be no member of anything yet.
    pub async fn ready(&mut self) -> Result<Duration> {
        let port = self.port;
        self.process.wait_until(async || wire::hello(port).await.is_ok()).await
    }

    /// Starts it again on its data and waits until it answers.
    pub async fn start_again(&mut self) -> Result<Duration> {
        self.process.start_again(&[]).await?;
        self.ready().await
    }
}
