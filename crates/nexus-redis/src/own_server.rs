//! Servers that a test starts for itself, to stop them as it likes.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;
use tokio::time::{sleep, timeout};

pub struct OwnServer {
    pub port: u16,
    options: Vec<String>,
    dir: TempDir,
    process: Child,
}

impl OwnServer {
    /// `options` are those of the configuration file, with their values: `["--save", ""]`.
    pub async fn start(options: &[&str]) -> OwnServer {
        let (port, dir) = (free_port(), tempfile::tempdir().unwrap());
        let options: Vec<String> = options.iter().map(|&option| option.to_owned()).collect();
        let process = spawn(port, &dir, &options);
        let server = OwnServer { port, options, dir, process };
        server.answers().await;
        server
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// At once, like a crash.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// On the same port, with the files it left.
    pub async fn restart(&mut self) {
        self.process = spawn(self.port, &self.dir, &self.options);
        self.answers().await;
    }

    /// Asks by `redis-cli`, as an operator would.
    pub fn ask(&self, words: &[&str]) -> String {
        let port = self.port.to_string();
        let asked = Command::new("redis-cli").args(["-p", &port]).args(words).output().unwrap();
        String::from_utf8_lossy(&asked.stdout).trim().to_owned()
    }

    async fn answers(&self) {
        until("the server answers", || self.ask(&["PING"]) == "PONG").await;
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

const PATIENCE: Duration = Duration::from_secs(60);

/// Three masters, each with a replica. A master that dies is replaced within some seconds.
pub async fn own_cluster() -> Vec<OwnServer> {
    let mut servers = Vec::new();
    for _ in 0..6 {
        let options = ["--cluster-enabled", "yes", "--cluster-node-timeout", "1000", "--save", ""];
        servers.push(OwnServer::start(&options).await);
    }
    let addresses = servers.iter().map(|server| format!("127.0.0.1:{}", server.port));
    let created = Command::new("redis-cli")
        .args(["--cluster", "create"])
        .args(addresses)
        .args(["--cluster-replicas", "1", "--cluster-yes"])
        .output()
        .unwrap();
    assert!(created.status.success(), "{}", String::from_utf8_lossy(&created.stdout));
    let whole = |server: &OwnServer| {
        let linked = server.ask(&["INFO", "replication"]);
        server.ask(&["CLUSTER", "INFO"]).contains("cluster_state:ok")
            && (linked.contains("state=online") || linked.contains("master_link_status:up"))
    };
    until("the cluster is whole", || servers.iter().all(whole)).await;
    servers
}

pub fn urls(servers: &[OwnServer]) -> String {
    let hosts: Vec<String> =
        servers.iter().map(|server| format!("127.0.0.1:{}", server.port)).collect();
    format!("redis://{}", hosts.join(","))
}

pub async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let so = async {
        while !is_so() {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(PATIENCE, so).await.unwrap_or_else(|_| panic!("not in {PATIENCE:?}: {what}"));
}

fn spawn(port: u16, dir: &TempDir, options: &[String]) -> Child {
    Command::new("redis-server")
        .args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--dir"])
        .arg(dir.path())
        .args(options)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// Free, and so is the one 10,000 above it, which a cluster speaks on.
fn free_port() -> u16 {
    let free = |port: &u16| {
        TcpListener::bind(("127.0.0.1", *port)).is_ok()
            && TcpListener::bind(("127.0.0.1", *port + 10_000)).is_ok()
    };
    std::iter::repeat_with(|| rand::random_range(12_000..22_000)).find(free).unwrap()
}
