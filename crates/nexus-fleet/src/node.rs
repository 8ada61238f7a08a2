//! One `nexus` process of the fleet.

use std::{fs, path::Path, time::Duration};

use anyhow::Result;
use nexus_client::{Api, free_port};

use crate::process::{Process, Program};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// `nexus serve`
    Api,
    /// `nexus work`
    Worker,
}

pub struct Node {
    pub process: Process,
    pub role: Role,
    port: u16,
}

impl Node {
    /// Does not wait until it is ready.
    pub fn start(
        program: &Path,
        folder: &Path,
        (role, number): (Role, usize),
        environment: &[(String, String)],
    ) -> Result<Node> {
        let (kind, command, listen) = match role {
            Role::Api => ("api", "serve", "NEXUS__SERVER__LISTEN"),
            Role::Worker => ("worker", "work", "NEXUS__METRICS__LISTEN"),
        };
        let name = format!("{kind}-{number}");
        let data = folder.join(&name);
        fs::create_dir_all(&data)?;
        let port = free_port()?;
        let mut program = Program::new(&name, program, folder)
            .args([command])
            .env("NEXUS__DATA_DIR", data.to_string_lossy())
            .env(listen, format!("127.0.0.1:{port}"));
        program.environment.extend_from_slice(environment);
        Ok(Node { process: Process::start(program)?, role, port })
    }

    /// `127.0.0.1:12345`. A worker answers `/healthz`, `/readyz` and `/metrics` only.
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn api(&self) -> Api {
        Api::new(&format!("http://{}", self.host()))
    }

    /// Waits until `/readyz` says yes; how long that took.
    pub async fn ready(&mut self) -> Result<Duration> {
        let api = self.api();
        self.process.wait_until(async || api.get("/readyz").await.is_ok()).await
    }

    /// On the same port and data, with `more` in its environment this time. Does not wait until it
    /// is ready.
    pub async fn start_again(&mut self, more: &[(&str, &str)]) -> Result<()> {
        self.process.start_again(more).await
    }
}
