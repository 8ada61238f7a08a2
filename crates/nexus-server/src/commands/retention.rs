//! `nexus admin retention`

use nexus_core::{
    jobs::Job,
    memory::SystemIds,
    ports::{Ids as _, NewJob, Store},
    retention::{self, Overdue},
};
use nexus_protocol::{AuditActor, JobId, Timestamp};

use super::{Ended, print, table};
use crate::{cli::Retention, config::Config};

pub async fn run(
    store: &dyn Store,
    config: &Config,
    command: Retention,
    now: Timestamp,
) -> anyhow::Result<Ended> {
    let Retention::Run { dry_run, output } = command;
    let overdue = retention::survey(store, &config.retention.rules(), now).await?;
    if output.json {
        print(&serde_json::to_string_pretty(&overdue)?)?;
    } else {
        print(&listed(&overdue))?;
    }
    if !dry_run && overdue != Overdue::default() {
        push(store, now).await?;
    }
    Ok(Ended::Well)
}

/// The server has the queue of its chats; what goes here goes through it.
async fn push(store: &dyn Store, now: Timestamp) -> anyhow::Result<()> {
    let job = Job::Retention { by: AuditActor::Operator };
    let id = JobId(SystemIds::new().uuid());
    let new = NewJob {
        id,
        key: id.to_string(),
        kind: job.kind().to_owned(),
        body: serde_json::to_string(&job)?,
        created_at: now,
        run_at: now,
    };
    store.push_job(&new).await?;
    Ok(())
}

fn listed(overdue: &Overdue) -> String {
    let Overdue { messages, receipts, audit, former_tokens, sessions } = *overdue;
    let row = |what: &str, count: u64| vec![what.to_owned(), count.to_string()];
    table(&[
        row("messages", messages),
        row("times of receipts", receipts),
        row("entries of the audit log", audit),
        row("former refresh tokens", former_tokens),
        row("ended sessions", sessions),
    ])
}
