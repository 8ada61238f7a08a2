//! `nexus admin jobs`: never shows what is in them, since that may open an account.

use nexus_core::ports::{JobRecord, Store};
use nexus_protocol::{JobId, Timestamp};
use serde_json::{Value, json};

use super::{Ended, print, table};
use crate::cli::{Jobs, WhichJobs};

/// At most so many are looked at for `--all`.
const ALL: u32 = 100_000;

pub async fn run(store: &dyn Store, command: Jobs, now: Timestamp) -> anyhow::Result<Ended> {
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
            let (mut done, mut missing) = (Vec::new(), Vec::new());
            for id in ids(store, which).await? {
                if store.replay_job(id, now).await? { done.push(id) } else { missing.push(id) }
            }
            report("replayed", &done, &missing, output.json)
        }
        Jobs::Discard { which, output } => {
            let (mut done, mut missing) = (Vec::new(), Vec::new());
            for id in ids(store, which).await? {
                if store.discard_job(id).await? { done.push(id) } else { missing.push(id) }
            }
            report("discarded", &done, &missing, output.json)
        }
    }
}

/// All that there are now: one that dies again must not come round again.
async fn ids(store: &dyn Store, which: WhichJobs) -> anyhow::Result<Vec<JobId>> {
    if !which.all {
        return Ok(which.ids);
    }
    Ok(store.dead_jobs(ALL).await?.into_iter().map(|job| job.id).collect())
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
