//! `nexus admin jobs`: never shows what is in them, since that may open an account.

use nexus_core::{Error, operations, ports::JobRecord, staff::Order};
use nexus_protocol::JobId;
use serde_json::{Value, json};

use super::{Ended, print, table};
use crate::cli::{Jobs, WhichJobs};

/// At most so many are looked at for `--all`.
const ALL: u32 = 100_000;

pub async fn run(order: &Order<'_>, command: Jobs) -> anyhow::Result<Ended> {
    let store = order.store;
    match command {
        Jobs::List { output, limit, waiting } => {
            let found = match waiting {
                true => store.waiting_jobs(limit).await?,
                false => store.dead_jobs(limit).await?,
            };
            let stats = store.job_stats().await?;
            if output.json {
                let jobs: Vec<Value> = found.iter().map(as_json).collect();
                let all = json!({ "jobs": jobs, "waiting": stats.waiting, "dead": stats.dead });
                print(&serde_json::to_string_pretty(&all)?)?;
                return Ok(Ended::Well);
            }
            if !found.is_empty() {
                print(&listed(&found))?;
            }
            print(&format!("{} waiting, {} given up", stats.waiting, stats.dead))?;
            Ok(Ended::Well)
        }
        Jobs::Replay { which, output } => {
            let (mut done, (jobs, mut missing)) = (Vec::new(), chosen(order, which).await?);
            for job in jobs {
                match operations::replay_job(order, &job).await {
                    Ok(()) => done.push(job.id),
                    Err(Error::NotFound(_)) => missing.push(job.id),
                    Err(err) => return Err(err.into()),
                }
            }
            report("replayed", &done, &missing, output.json)
        }
        Jobs::Discard { which, output } => {
            let (mut done, (jobs, mut missing)) = (Vec::new(), chosen(order, which).await?);
            for job in jobs {
                match operations::discard_job(order, &job).await {
                    Ok(()) => done.push(job.id),
                    Err(Error::NotFound(_)) => missing.push(job.id),
                    Err(err) => return Err(err.into()),
                }
            }
            report("discarded", &done, &missing, output.json)
        }
    }
}

/// Of those that there are now: one that dies again must not come round again. And ids of which there
/// is none.
async fn chosen(
    order: &Order<'_>,
    which: WhichJobs,
) -> anyhow::Result<(Vec<JobRecord>, Vec<JobId>)> {
    let mut dead = order.store.dead_jobs(ALL).await?;
    dead.retain(|job| which.all || which.ids.contains(&job.id));
    let mut missing = which.ids;
    missing.retain(|id| dead.iter().all(|job| job.id != *id));
    Ok((dead, missing))
}

fn listed(jobs: &[JobRecord]) -> String {
    let titles = ["ID", "WHAT", "SINCE", "TRIES", "DIED OR DUE", "WHY"];
    let mut rows = vec![titles.map(str::to_owned).to_vec()];
    rows.extend(jobs.iter().map(|job| {
        vec![
            job.id.to_string(),
            job.kind.clone(),
            job.created_at.to_string(),
            job.attempts.to_string(),
            job.died_at.or(job.due_at).map_or_else(String::new, |at| at.to_string()),
            job.last_error.clone().unwrap_or_default(),
        ]
    }));
    table(&rows)
}

fn as_json(job: &JobRecord) -> Value {
    json!({
        "id": job.id,
        "kind": job.kind,
        "createdAt": job.created_at,
        "attempts": job.attempts,
        "dueAt": job.due_at,
        "diedAt": job.died_at,
        "lastError": job.last_error,
    })
}

fn report(verb: &str, done: &[JobId], missing: &[JobId], json: bool) -> anyhow::Result<Ended> {
    if json {
        print(&json!({ verb: done, "missing": missing }).to_string())?;
    } else {
        print(&format!("{verb} {}", done.len()))?;
        for id in missing {
            print(&format!("{id} was not given up"))?;
        }
    }
    Ok(if missing.is_empty() { Ended::Well } else { Ended::Badly })
}
