//! Carries side jobs out: several at a time, each under a lease that is renewed while it runs.

use std::{sync::Arc, time::Duration};

use nexus_core::{
    Core, backoff,
    jobs::{self, JobError, Recurring},
    ports::{JobRecord, PortResult},
};
use tokio::task::JoinSet;
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use crate::{config, metrics};

/// How they are carried out; from the configuration.
#[derive(Clone, Debug)]
pub struct JobSettings {
    pub concurrency: usize,
    /// After this many tries a job is given up.
    pub max_attempts: u32,
    pub backoff_base: Duration,
    pub backoff_max: Duration,
    pub lease: Duration,
    /// Pushes of other processes are noticed after this time.
    pub poll: Duration,
}

impl From<&config::Jobs> for JobSettings {
    fn from(jobs: &config::Jobs) -> JobSettings {
        JobSettings {
            concurrency: jobs.concurrency,
            max_attempts: jobs.max_attempts,
            backoff_base: jobs.backoff_base(),
            backoff_max: jobs.backoff_max(),
            lease: jobs.lease(),
            poll: jobs.poll(),
        }
    }
}

/// Until `stop`; what runs then is finished first.
pub async fn run(core: Arc<Core>, settings: JobSettings, stop: CancellationToken) {
    let (mut running, mut recurring) = (JoinSet::new(), Recurring::default());
    while !stop.is_cancelled() {
        if let Err(err) = recurring.push_due(&core).await {
            tracing::warn!(error = &err as &dyn std::error::Error, "recurring jobs put off");
        }
        if let Err(err) = start_due(&core, &settings, &mut running).await {
            tracing::warn!(error = &err as &dyn std::error::Error, "side jobs wait");
        }
        tokio::select! {
            () = stop.cancelled() => break,
            () = core.new_jobs.wait() => {}
            Some(_) = running.join_next() => {}
            () = tokio::time::sleep(settings.poll) => {}
        }
    }
    while running.join_next().await.is_some() {}
}

/// As many as there is room for.
async fn start_due(
    core: &Arc<Core>,
    settings: &JobSettings,
    running: &mut JoinSet<()>,
) -> PortResult<()> {
    while running.try_join_next().is_some() {}
    let room = settings.concurrency.saturating_sub(running.len());
    if room == 0 {
        return Ok(());
    }
    let now = core.clock.now();
    let room = u32::try_from(room).unwrap_or(u32::MAX);
    for job in core.store.take_jobs(now, now.plus(settings.lease), room).await? {
        running.spawn(carry_out(core.clone(), settings.clone(), job));
    }
    Ok(())
}

async fn carry_out(core: Arc<Core>, settings: JobSettings, job: JobRecord) {
    let (id, kind) = (job.id, job.kind.clone());
    let is_mail = kind == "mail";
    if is_mail {
        fail::fail_point!("mail.taken", |_| { std::process::abort() });
    }
    let tried = attempt(&core, &settings, &job).await;
    if is_mail {
        fail::fail_point!("mail.sent", |_| { std::process::abort() });
    }
    let settled = match tried {
        Some(outcome) => settle(&core, &settings, &job, outcome).await,
        None => Ok(false),
    };
    match settled {
        Ok(true) => {}
        Ok(false) => tracing::warn!(%id, kind, "this side job is somebody else's by now"),
        // The lease ends, and it is done again.
        Err(err) => {
            tracing::warn!(%id, kind, error = &err as &dyn std::error::Error, "side job not settled");
        }
    }
}

/// One try; `None` when its lease was lost meanwhile. A panic is an error like others.
async fn attempt(
    core: &Arc<Core>,
    settings: &JobSettings,
    job: &JobRecord,
) -> Option<Result<(), JobError>> {
    if job.attempts > settings.max_attempts {
        return Some(Err(JobError::Final("whoever carried it out died each time".to_owned())));
    }
    let (ours, theirs) = (core.clone(), job.clone());
    let mut work =
        AbortOnDropHandle::new(tokio::spawn(async move { jobs::run(&ours, &theirs).await }));
    loop {
        tokio::select! {
            ended = &mut work => {
                let panicked = |_| JobError::Retry { after: None, why: "it panicked".to_owned() };
                return Some(ended.map_err(panicked).flatten());
            }
            () = tokio::time::sleep(settings.lease / 3) => {
                let until = core.clock.now().plus(settings.lease);
                match core.store.renew_job(job.current(), until).await {
                    Ok(true) => {}
                    Ok(false) => return None,
                    Err(err) => {
                        tracing::warn!(error = &err as &dyn std::error::Error, "lease not renewed");
                    }
                }
            }
        }
    }
}

async fn settle(
    core: &Core,
    settings: &JobSettings,
    job: &JobRecord,
    outcome: Result<(), JobError>,
) -> PortResult<bool> {
    let (id, now, attempt) = (job.id, core.clock.now(), job.attempts);
    let kind = job.kind.as_str();
    match outcome {
        Ok(()) => {
            count(kind, "done");
            tracing::debug!(%id, kind, "side job done");
            core.store.finish_job(job.current(), now).await
        }
        Err(JobError::Retry { after, why }) if attempt < settings.max_attempts => {
            let own =
                backoff::pause(&*core.ids, settings.backoff_base, settings.backoff_max, attempt);
            let after = after.map_or(own, |asked| asked.max(own));
            count(kind, "retried");
            tracing::warn!(%id, kind, attempt, ?after, why, "side job tried again");
            core.store.retry_job(job.current(), now.plus(after), &why).await
        }
        Err(JobError::Retry { why, .. } | JobError::Final(why)) => {
            count(kind, "dead");
            tracing::error!(%id, kind, attempt, why, "side job given up");
            core.store.bury_job(job.current(), now, &why).await
        }
    }
}

fn count(kind: &str, how: &'static str) {
    ::metrics::counter!(metrics::JOBS_TOTAL, "kind" => kind.to_owned(), "how" => how).increment(1);
}
