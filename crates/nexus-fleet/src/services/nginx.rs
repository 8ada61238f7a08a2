//! nginx in front of the nodes that clients talk to.

use std::{fs, path::Path, time::Duration};

use anyhow::Result;
use tokio::net::TcpStream;

use super::STOPPING;
use crate::{
    find,
    process::{Process, Program},
};

const TEMPLATE: &str = include_str!("nginx.conf");

pub struct Nginx {
    pub process: Process,
    port: u16,
}

impl Nginx {
    /// `nodes` as `host:port`.
    pub async fn start(folder: &Path, port: u16, nodes: &[String]) -> Result<Nginx> {
        let home = folder.join("nginx");
        fs::create_dir_all(&home)?;
        let servers: Vec<String> = nodes.iter().map(|node| format!("server {node};")).collect();
        let configuration = TEMPLATE
            .replace("@servers@", &servers.join("\n        "))
            .replace("@port@", &port.to_string())
            .replace("@home@", &home.to_string_lossy());
        let file = home.join("nginx.conf");
        fs::write(&file, configuration)?;
        let program = Program::new("nginx", &find::nginx()?, folder)
            .args(["-p", &home.to_string_lossy(), "-c", &file.to_string_lossy()])
            .args(["-e", "stderr"]);
        let mut nginx = Nginx { process: Process::start(program)?, port };
        nginx.ready().await?;
        Ok(nginx)
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub async fn ready(&mut self) -> Result<Duration> {
        let port = self.port;
        let answers = async || TcpStream::connect(("127.0.0.1", port)).await.is_ok();
        self.process.wait_until(answers).await
    }

    pub async fn stop(&mut self) -> Result<()> {
        self.process.stop(STOPPING).await?;
        Ok(())
    }
}
