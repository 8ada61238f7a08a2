//! A `nexus` of our own to try: started on a free port, watched, killed, started again.

use std::{
    fs::{self, File, OpenOptions},
    io,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use tokio::{
    process::{Child, Command},
    time::{Instant, sleep, timeout},
};

use crate::Api;

/// Below the range that the kernel takes source ports from: a client that knocks while the server
/// is down must not get its port.
const PORTS: std::ops::Range<u32> = 12_000..32_000;
const PATIENCE: Duration = Duration::from_secs(30);

/// What to run, and on which data.
#[derive(Clone, Debug)]
pub struct Launch {
    pub program: PathBuf,
    /// Address and data folder need none: they go through the environment.
    pub args: Vec<String>,
    pub data_dir: PathBuf,
    pub environment: Vec<(String, String)>,
}

/// A running server. Dropping it kills it.
pub struct Server {
    launch: Launch,
    port: u16,
    child: Child,
}

impl Launch {
    pub fn new(program: &Path, data_dir: &Path, environment: &[(&str, &str)]) -> Launch {
        let environment =
            environment.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Launch { program: program.into(), args: Vec::new(), data_dir: data_dir.into(), environment }
    }

    fn spawn(&self, port: u16, more: &[(&str, &str)]) -> io::Result<Child> {
        fs::create_dir_all(&self.data_dir)?;
        let path = self.data_dir.join("server.log");
        let log = OpenOptions::new().create(true).append(true).open(path)?;
        let errors: File = log.try_clone()?;
        Command::new(&self.program)
            .args(&self.args)
            .env("NEXUS__SERVER__LISTEN", format!("127.0.0.1:{port}"))
            .env("NEXUS__DATA_DIR", &self.data_dir)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .envs(more.iter().copied())
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .kill_on_drop(true)
            .spawn()
    }
}

impl Server {
    /// Starts it on a free port and waits until it is ready. Its log goes to `server.log` in the
    /// data folder.
    pub async fn start(launch: Launch) -> io::Result<Server> {
        let port = free_port()?;
        let child = launch.spawn(port, &[])?;
        let mut server = Server { launch, port, child };
        server.ready().await?;
        Ok(server)
    }

    /// `http://127.0.0.1:12345`
    pub fn url(&self) -> String {
        format!("http://{}", self.host())
    }

    /// `127.0.0.1:12345`
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Whether it ended by itself: at a failpoint, say.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits until it ends by itself.
    pub async fn ended(&mut self, patience: Duration) -> io::Result<ExitStatus> {
        timeout(patience, self.child.wait()).await.map_err(|_| io::ErrorKind::TimedOut)?
    }

    /// SIGKILL; returns when it is dead.
    pub async fn kill(&mut self) -> io::Result<()> {
        self.child.kill().await
    }

    /// SIGTERM, without waiting.
    pub async fn terminate(&self) -> io::Result<()> {
        let pid = self.pid().ok_or(io::ErrorKind::NotFound)?;
        Command::new("kill").args(["-TERM", &pid.to_string()]).status().await.map(drop)
    }

    /// Starts again on the same port and data, with `more` in its environment this time. Does not
    /// wait until it is ready.
    pub fn spawn_again(&mut self, more: &[(&str, &str)]) -> io::Result<()> {
        self.child = self.launch.spawn(self.port, more)?;
        Ok(())
    }

    /// Waits until `/readyz` says yes; how long that took.
    pub async fn ready(&mut self) -> io::Result<Duration> {
        let began = Instant::now();
        let api = Api::new(&self.url());
        while api.get("/readyz").await.is_err() {
            if self.has_ended() || began.elapsed() > PATIENCE {
                return Err(io::Error::other(format!("not ready; its log ends: {}", self.log())));
            }
            sleep(Duration::from_millis(20)).await;
        }
        Ok(began.elapsed())
    }

    /// The last lines of its log.
    pub fn log(&self) -> String {
        let log = fs::read_to_string(self.launch.data_dir.join("server.log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    pub fn usage(&self) -> io::Result<Usage> {
        Usage::of(self.pid().ok_or(io::ErrorKind::NotFound)?)
    }
}

/// A port of loopback that nobody listens on. Starts looking at a place of this process's own, so
/// that tests side by side rarely meet.
pub fn free_port() -> io::Result<u16> {
    let span = PORTS.end - PORTS.start;
    static STARTED: AtomicU32 = AtomicU32::new(0);
    let started = STARTED.fetch_add(1, Ordering::Relaxed);
    let first = std::process::id().wrapping_mul(7_919).wrapping_add(started * 101) % span;
    (0..span)
        .filter_map(|step| u16::try_from(PORTS.start + (first + step * 13) % span).ok())
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .ok_or_else(|| io::ErrorKind::AddrNotAvailable.into())
}

/// What a process has used so far, from `/proc`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Usage {
    pub rss_kib: u64,
    pub user: Duration,
    pub system: Duration,
}

impl Usage {
    pub fn of(pid: u32) -> io::Result<Usage> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
        let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
        Usage::parse(&stat, &status).ok_or_else(|| io::ErrorKind::InvalidData.into())
    }

    fn parse(stat: &str, status: &str) -> Option<Usage> {
        // The second field is the name, in parentheses, and may hold anything.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        // Ticks of USER_HZ, which is 100 on Linux whatever the kernel ticks at.
        let ticks = |at: usize| fields.get(at)?.parse().ok().map(|t: u64| t * 10);
        let rss = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        Some(Usage {
            rss_kib: rss.trim().trim_end_matches("kB").trim().parse().ok()?,
            user: Duration::from_millis(ticks(11)?),
            system: Duration::from_millis(ticks(12)?),
        })
    }

    pub fn cpu(&self) -> Duration {
        self.user + self.system
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Usage;

    #[test]
    fn reads_what_proc_says() {
        let stat = "7 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 250 30 0 0 20 0 4 0 100 5 6";
        let usage = Usage::parse(stat, "Name:\tx\nVmRSS:\t   1234 kB\n").unwrap();
        assert_eq!(usage.rss_kib, 1234);
        assert_eq!(usage.user, Duration::from_millis(2500));
        assert_eq!(usage.system, Duration::from_millis(300));
    }
}
