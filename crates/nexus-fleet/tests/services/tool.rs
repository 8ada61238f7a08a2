use std::{
    collections::HashMap,
    fs,
    net::TcpStream,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::timeout,
};

/// Generous: several of these run at a time.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_command_finds_its_services_and_nothing_is_left_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let output = tool(&folder, &["sh", "-c", "env; exit 7"]).output();
    let output = timeout(PATIENCE, output).await.unwrap().unwrap();
    assert_eq!(output.status.code(), Some(7), "{}", String::from_utf8_lossy(&output.stderr));
    let ports = ports(&String::from_utf8(output.stdout).unwrap());
    assert_eq!(ports["NEXUS_TEST_MONGO"].len(), 1);
    assert_eq!(ports["NEXUS_TEST_REDIS"].len(), 1);
    assert_eq!(ports["NEXUS_TEST_REDIS_CLUSTER"].len(), 3);
    all_is_gone(folder.path(), &ports).await;
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "data is left");
}

#[tokio::test]
async fn killed_outright_it_takes_all_it_started_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let (mut tool, ports) = running(&folder).await;
    assert!(living(folder.path()).len() >= 5);
    tool.kill().await.unwrap();
    all_is_gone(folder.path(), &ports).await;
}

#[tokio::test]
async fn asked_to_end_it_ends_its_command_and_stops_everything() {
    let folder = tempfile::tempdir().unwrap();
    let (mut tool, ports) = running(&folder).await;
    let pid = Pid::from_raw(tool.id().unwrap().cast_signed()).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
    let status = timeout(PATIENCE, tool.wait()).await.unwrap().unwrap();
    assert_eq!(status.code(), Some(128 + 15), "that is how the command ended");
    all_is_gone(folder.path(), &ports).await;
}

fn tool(folder: &TempDir, command: &[&str]) -> Command {
    let mut tool = Command::new(env!("CARGO_BIN_EXE_nexus-fleet"));
    tool.args(["services", "--"]).args(command).env("TMPDIR", folder.path()).kill_on_drop(true);
    tool
}

/// With a command that never ends.
async fn running(folder: &TempDir) -> (Child, Ports) {
    let endless = ["sh", "-c", "env; echo done; exec sleep 1000"];
    let mut tool = tool(folder, &endless).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(tool.stdout.take().unwrap()).lines();
    let mut environment = String::new();
    while let Some(line) = timeout(PATIENCE, lines.next_line()).await.unwrap().unwrap() {
        if line == "done" {
            break;
        }
        environment.push_str(&line);
        environment.push('\n');
    }
    let ports = ports(&environment);
    for port in ports.values().flatten() {
        assert!(answers(*port), "{environment}");
    }
    (tool, ports)
}

type Ports = HashMap<String, Vec<u16>>;

fn ports(environment: &str) -> Ports {
    let urls = environment.lines().filter_map(|line| line.split_once('='));
    let urls = urls.filter(|(name, _)| name.starts_with("NEXUS_TEST_"));
    urls.map(|(name, url)| {
        let hosts = url.split("://").nth(1).unwrap().split('/').next().unwrap();
        let ports = hosts.split(',').map(|host| host.split(':').nth(1).unwrap().parse().unwrap());
        (name.to_owned(), ports.collect())
    })
    .collect()
}

fn answers(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).is_ok()
}

async fn all_is_gone(folder: &Path, ports: &Ports) {
    let gone = async {
        while !living(folder).is_empty() || ports.values().flatten().any(|port| answers(*port)) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let left = |_| panic!("still there: {:?}", living(folder));
    timeout(PATIENCE, gone).await.unwrap_or_else(left);
}

/// Processes that work in `folder`, were told of it, or have their temporary files there.
fn living(folder: &Path) -> Vec<PathBuf> {
    let folder = folder.to_string_lossy().into_owned();
    let speaks_of_it = |process: &PathBuf| {
        let texts = ["cmdline", "environ"].map(|file| fs::read(process.join(file)));
        let works_there =
            fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd.starts_with(&folder));
        let mut texts = texts.iter().flatten().map(|text| String::from_utf8_lossy(text));
        works_there || texts.any(|text| text.contains(&folder))
    };
    let processes = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
    processes.filter(speaks_of_it).collect()
}
