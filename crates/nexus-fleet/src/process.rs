//! A child that can be killed, frozen and started again, and that never outlives this process.

use std::{
    fs::{self, OpenOptions},
    io,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    sync::LazyLock,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use nexus_client::Usage;
use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    process::{Child, Command},
    time::{Instant, sleep, timeout},
};

use crate::find;

/// Between two looks at what is being waited for.
const GLANCE: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_secs(30);

/// What to run.
#[derive(Clone, Debug)]
pub struct Program {
    /// As shown to people, and the log file's name.
    pub name: String,
    pub path: PathBuf,
    pub args: Vec<String>,
    pub environment: Vec<(String, String)>,
    pub log: PathBuf,
}

/// Dropping it kills it.
#[derive(Debug)]
pub struct Process {
    program: Program,
    child: Child,
}

/// The kernel kills the child when the thread that started it ends, however that comes about: so
/// start children from a worker of the runtime, which lives as long, and never in `spawn_blocking`.
static GUARD: LazyLock<Option<PathBuf>> = LazyLock::new(|| find::on_path("setpriv"));

/// Runs `path` in a way that it gets `signal` when this process is gone, killed outright included.
/// Without `setpriv` (it is Linux's) the child is left to those who end in order.
pub fn bound_to_us(path: &Path, signal: &str) -> Command {
    match &*GUARD {
        Some(setpriv) => {
            let mut command = Command::new(setpriv);
            command.args(["--pdeathsig", signal, "--"]).arg(path);
            command
        }
        None => Command::new(path),
    }
}

impl Program {
    /// `folder` gets its log.
    pub fn new(name: &str, path: &Path, folder: &Path) -> Program {
        Program {
            name: name.to_owned(),
            path: path.to_owned(),
            args: Vec::new(),
            environment: Vec::new(),
            log: folder.join(format!("{name}.log")),
        }
    }

    pub fn args<T: Into<String>>(mut self, args: impl IntoIterator<Item = T>) -> Program {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    pub fn env(mut self, name: &str, value: impl Into<String>) -> Program {
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    fn spawn(&self, more: &[(&str, &str)]) -> Result<Child> {
        let log = OpenOptions::new().create(true).append(true).open(&self.log)?;
        let errors = log.try_clone()?;
        bound_to_us(&self.path, "KILL")
            .args(&self.args)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .envs(more.iter().copied())
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            // Ctrl-C in the terminal is for us: we stop them in order.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} can't be started: {}", self.name, self.path.display()))
    }
}

impl Process {
    pub fn start(program: Program) -> Result<Process> {
        let child = program.spawn(&[])?;
        Ok(Process { program, child })
    }

    pub fn name(&self) -> &str {
        &self.program.name
    }

    /// `None` once it has ended.
    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    pub fn log_file(&self) -> &Path {
        &self.program.log
    }

    /// The last lines of its log.
    pub fn log(&self) -> String {
        let bytes = fs::read(&self.program.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    /// Since its last start.
    pub fn usage(&self) -> io::Result<Usage> {
        Usage::of(self.pid().ok_or(io::ErrorKind::NotFound)?)
    }

    /// Whether it ended, by itself or by us.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits until it ends by itself.
    pub async fn ended(&mut self, patience: Duration) -> io::Result<ExitStatus> {
        timeout(patience, self.child.wait()).await.map_err(|_| io::ErrorKind::TimedOut)?
    }

    /// SIGKILL; returns when it is dead. Nothing happens to one that is dead already.
    pub async fn kill(&mut self) -> io::Result<()> {
        if self.has_ended() { Ok(()) } else { self.child.kill().await }
    }

    /// SIGTERM, without waiting.
    pub fn terminate(&self) -> io::Result<()> {
        self.signal(Signal::TERM)
    }

    /// SIGSTOP: it keeps its connections, and says nothing.
    pub fn pause(&self) -> io::Result<()> {
        self.signal(Signal::STOP)
    }

    pub fn resume(&self) -> io::Result<()> {
        self.signal(Signal::CONT)
    }

    /// Asks it to end, frozen or not, and kills it after `patience`. How it ended.
    pub async fn stop(&mut self, patience: Duration) -> io::Result<ExitStatus> {
        if !self.has_ended() {
            self.terminate()?;
            self.resume()?;
            if self.ended(patience).await.is_err() {
                self.kill().await?;
            }
        }
        self.child.wait().await
    }

    /// Starts it as before, with `more` in its environment this time. Does not wait until it is
    /// ready. One that still runs is killed.
    pub async fn start_again(&mut self, more: &[(&str, &str)]) -> Result<()> {
        self.kill().await?;
        self.child = self.program.spawn(more)?;
        Ok(())
    }

    /// Asks again and again until `ready` says yes; how long that took.
    pub async fn wait_until(&mut self, ready: impl AsyncFn() -> bool) -> Result<Duration> {
        let began = Instant::now();
        while !ready().await {
            if self.has_ended() || began.elapsed() > PATIENCE {
                let end = if self.has_ended() { "ended" } else { "is not ready" };
                bail!("{} {end}; its log ends:\n{}", self.name(), self.log());
            }
            sleep(GLANCE).await;
        }
        Ok(began.elapsed())
    }

    fn signal(&self, signal: Signal) -> io::Result<()> {
        let pid = self.pid().and_then(|pid| Pid::from_raw(pid.cast_signed()));
        kill_process(pid.ok_or(io::ErrorKind::NotFound)?, signal)?;
        Ok(())
    }
}

/// Asks again and again until `done` answers something, for what is not one process's affair.
pub async fn eventually<T>(what: &str, done: impl AsyncFn() -> Option<T>) -> Result<T> {
    let began = Instant::now();
    loop {
        if let Some(answer) = done().await {
            return Ok(answer);
        }
        if began.elapsed() > PATIENCE {
            bail!("{what}: not within {} s", PATIENCE.as_secs());
        }
        sleep(GLANCE).await;
    }
}
