//! `nexus-fleet services`: a command with backends around it.

use std::{
    os::unix::process::ExitStatusExt,
    path::Path,
    process::{ExitCode, ExitStatus},
};

use anyhow::{Context, Result};
use nexus_fleet::{Services, process::bound_to_us};
use rustix::process::{Pid, Signal, kill_process};
use tokio::{process::Child, time::Instant};

use super::Asked;
use crate::cli;

pub async fn run(args: &cli::Services) -> Result<ExitCode> {
    let mut asked = Asked::listen()?;
    let folder = tempfile::Builder::new().prefix("nexus-services-").tempdir()?;
    let began = Instant::now();
    let mut services = tokio::select! {
        started = Services::start(folder.path()) => started?,
        () = asked.wait() => return Ok(ExitCode::FAILURE),
    };
    eprintln!("MongoDB, Redis and a Redis Cluster: up after {:.1?}", began.elapsed());
    let result = match args.command.split_first() {
        Some((program, rest)) => around(&services, program, rest, &mut asked).await,
        None => {
            for (name, value) in services.environment() {
                println!("export {name}='{value}'");
            }
            asked.wait().await;
            Ok(ExitCode::SUCCESS)
        }
    };
    services.stop().await?;
    result
}

async fn around(
    services: &Services,
    program: &str,
    args: &[String],
    asked: &mut Asked,
) -> Result<ExitCode> {
    let mut child = bound_to_us(Path::new(program), "TERM")
        .args(args)
        .envs(services.environment())
        .spawn()
        .with_context(|| format!("{program} can't be started"))?;
    let status = loop {
        tokio::select! {
            status = child.wait() => break status?,
            () = asked.wait() => end(&child)?,
        }
    };
    Ok(as_a_shell_would(status))
}

/// After Ctrl-C it knows already: the terminal tells all of a job.
fn end(child: &Child) -> Result<()> {
    if let Some(pid) = child.id().and_then(|pid| Pid::from_raw(pid.cast_signed())) {
        kill_process(pid, Signal::TERM)?;
    }
    Ok(())
}

fn as_a_shell_would(status: ExitStatus) -> ExitCode {
    let code = status.code().or(status.signal().map(|signal| 128 + signal)).unwrap_or(1);
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}
