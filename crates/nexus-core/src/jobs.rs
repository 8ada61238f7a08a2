//! Side jobs: what must be done, but not while somebody waits for it.

use std::time::Duration;

use nexus_protocol::{
    AnnouncementId, AuditActor, ExportId, JobId, ReportId, SessionId, SuppressionReason, SweepId,
    Timestamp, UserId,
};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::{
    Core, Error, Result, accounts, announcements, bans, deletion, digests, email_tokens, exports,
    idempotency,
    mail::{self, Letter, Recipient, Token},
    passwords::PasswordMark,
    ports::{JobRecord, NewJob, PortError},
    reports::{self, Verdict},
    retention, sessions,
    staff::Order,
    suppressions, sweeps,
};

/// Keys of done jobs are remembered this long: until then a repeat makes no second job.
const REMEMBERED: Duration = Duration::from_secs(3 * 24 * 60 * 60);
/// Somebody may still want to look into those that were given up.
const DEAD_KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// A job is there before what it is about; whoever writes both may take so long.
const BEING_WRITTEN: Duration = Duration::from_secs(10 * 60);
/// A job that makes sure of what follows a change is there before the change, and looks after this.
pub(crate) const SETTLING: Duration = Duration::from_secs(1);

/// What to do. Written down as JSON: variants and fields are added, never changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Job {
    /// Forgets what no longer matters.
    Housekeeping,
    /// Tells those who were away what they missed.
    Digests,
    /// Has a new password chosen by letter, if there is an account with this address.
    ForgotPassword {
        address: String,
    },
    /// Takes away what is older than `[retention]` lets it be.
    Retention {
        by: AuditActor,
    },
    Mail {
        to: Recipient,
        letter: Letter,
    },
    /// Tells the address that an account had, if it has moved, and gives it a way back.
    TellOldAddress {
        user: UserId,
        old: String,
        new: String,
        revert: Token,
        at: Timestamp,
    },
    /// Ends an account, if that was not taken back.
    DeleteAccount {
        user: UserId,
        asked_at: Timestamp,
    },
    /// Of somebody who is gone: what came into a chat late.
    RemoveMessages {
        user: UserId,
    },
    /// Writes a copy of what an account holds.
    Export {
        user: UserId,
        export: ExportId,
    },
    /// Its time is over.
    DropExport {
        user: UserId,
        export: ExportId,
    },
    /// The user name of somebody who is gone may be taken.
    FreeName {
        user: UserId,
    },
    /// Deletes many messages of one user.
    Sweep {
        id: SweepId,
    },
    /// Deletes those that were on their way when a sweep went by.
    FinishSweep {
        id: SweepId,
    },
    /// Does what was decided about a report, where whoever decided has not.
    ActOnReport {
        report: ReportId,
        verdict: Verdict,
    },
    /// Shows whoever was banned out.
    EnforceBan {
        user: UserId,
        /// When they were banned; the ban may not be written yet.
        #[serde(default)]
        at: Option<Timestamp>,
    },
    /// Ends the sessions that a new password is to end, if it was set; or all, whatever it is.
    EndSessions {
        user: UserId,
        spared: Option<SessionId>,
        password: Option<PasswordMark>,
        at: Timestamp,
    },
    /// Tells whoever is connected of an announcement, or that it was withdrawn.
    Announce {
        id: AnnouncementId,
    },
    /// Sends to an address no more.
    Suppress {
        address: String,
        reason: SuppressionReason,
        detail: String,
        at: Timestamp,
    },
}

/// Jobs that come round by themselves, once in a period in the whole fleet.
const RECURRING: [(Job, Duration); 3] = [
    (Job::Housekeeping, Duration::from_secs(10 * 60)),
    (Job::Retention { by: AuditActor::Server }, Duration::from_secs(24 * 60 * 60)),
    (Job::Digests, Duration::from_secs(60 * 60)),
];

impl Job {
    /// Bounded, for metrics.
    pub fn kind(&self) -> &'static str {
        match self {
            Job::Housekeeping => "housekeeping",
            Job::Retention { .. } => "retention",
            Job::Digests => "digests",
            Job::Mail { .. } => "mail",
            Job::ForgotPassword { .. } => "forgotPassword",
            Job::TellOldAddress { .. } => "tellOldAddress",
            Job::DeleteAccount { .. } => "deleteAccount",
            Job::RemoveMessages { .. } => "removeMessages",
            Job::FreeName { .. } => "freeName",
            Job::Sweep { .. } => "sweep",
            Job::FinishSweep { .. } => "finishSweep",
            Job::ActOnReport { .. } => "actOnReport",
            Job::EnforceBan { .. } => "enforceBan",
            Job::EndSessions { .. } => "endSessions",
            Job::Announce { .. } => "announce",
            Job::Export { .. } => "export",
            Job::DropExport { .. } => "dropExport",
            Job::Suppress { .. } => "suppress",
        }
    }
}

/// What it is about is not there, or not yet: where its writer has died it never will be.
pub(crate) fn not_yet(core: &Core, since: Timestamp) -> Result<(), JobError> {
    match core.clock.now().since(since) < BEING_WRITTEN {
        true => Err(JobError::Retry { after: None, why: "nobody asks for it (yet)".to_owned() }),
        false => Ok(()),
    }
}

/// Two jobs with one key are one job, for some days after it was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobKey(String);

impl JobKey {
    /// For a job like no other.
    pub fn unique(core: &Core) -> JobKey {
        JobKey(core.ids.uuid().to_string())
    }

    /// What it is about, as `digest:USER:DAY`.
    pub fn of(subject: String) -> JobKey {
        JobKey(subject)
    }
}

/// Why a try came to nothing. What is said here is shown to operators: no secrets.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    #[error("{why}")]
    Retry { after: Option<Duration>, why: String },
    #[error("{0}")]
    Final(String),
}

impl From<PortError> for JobError {
    fn from(err: PortError) -> JobError {
        let why = format!("{err}: {}", err.source);
        JobError::Retry { after: None, why }
    }
}

impl From<Error> for JobError {
    fn from(err: Error) -> JobError {
        match err {
            Error::Unavailable(err) => err.into(),
            Error::RateLimited { retry_after } => {
                JobError::Retry { after: Some(retry_after), why: err.to_string() }
            }
            Error::StillQueued => JobError::Retry { after: None, why: err.to_string() },
            refused => JobError::Final(refused.to_string()),
        }
    }
}

/// Wakes the one who carries jobs out in this process; others look for themselves.
#[derive(Debug, Default)]
pub struct NewJobs(Notify);

impl NewJobs {
    pub async fn wait(&self) {
        self.0.notified().await;
    }
}

/// Durable when it answers; false where the key is known.
pub async fn push(core: &Core, job: &Job, key: JobKey, run_at: Timestamp) -> Result<bool> {
    let new = write_down(JobId(core.ids.uuid()), job, key, core.clock.now(), run_at)?;
    let is_new = core.store.push_job(&new).await?;
    core.new_jobs.0.notify_one();
    Ok(is_new)
}

/// For the command line: a server, if one runs, carries it out a moment later.
pub(crate) async fn push_from_outside(order: &Order<'_>, job: &Job) -> Result<()> {
    let id = JobId(order.ids.uuid());
    let new = write_down(id, job, JobKey(id.to_string()), order.at, order.at)?;
    order.store.push_job(&new).await?;
    Ok(())
}

fn write_down(
    id: JobId,
    job: &Job,
    key: JobKey,
    created_at: Timestamp,
    run_at: Timestamp,
) -> Result<NewJob> {
    let body = serde_json::to_string(job).map_err(|err| PortError::new("write a job down", err))?;
    Ok(NewJob { id, key: key.0, kind: job.kind().to_owned(), body, created_at, run_at })
}

/// Carries a job out. A crash, or a lost lease, repeats it.
pub async fn run(core: &Core, record: &JobRecord) -> Result<(), JobError> {
    // Not with serde's words: they may quote what is in there.
    let job: Job = serde_json::from_str(&record.body)
        .map_err(|_| JobError::Final("not a job that this version knows".to_owned()))?;
    match job {
        Job::Suppress { address, reason, detail, at } => {
            Ok(suppressions::suppress(core, &address, reason, &detail, at).await?)
        }
        Job::Digests => Ok(digests::tell_all(core).await?),
        Job::Housekeeping => Ok(housekeeping(core).await?),
        Job::Retention { by } => Ok(retention::run(core, by).await.map(|_| ())?),
        Job::ForgotPassword { address } => Ok(accounts::send_reset(core, &address).await?),
        Job::Mail { to, letter } => {
            mail::deliver(core, record.id, record.created_at, &to, &letter).await
        }
        Job::TellOldAddress { user, old, new, revert, at } => {
            accounts::tell_of_move(core, user, &old, new, revert, at).await
        }
        Job::DeleteAccount { user, asked_at } => deletion::carry_out(core, user, asked_at).await,
        Job::RemoveMessages { user } => Ok(deletion::remove_messages(core, user).await?),
        Job::Export { user, export } => exports::write(core, user, export, record.attempts).await,
        Job::DropExport { user, export } => Ok(exports::drop_old(core, user, export).await?),
        Job::FreeName { user } => Ok(core.store.free_name(user).await?),
        Job::Sweep { id } => sweeps::run(core, id, record.created_at).await,
        Job::FinishSweep { id } => sweeps::finish(core, id).await,
        Job::ActOnReport { report, verdict } => reports::carry_out(core, report, &verdict).await,
        Job::EnforceBan { user, at } => bans::make_sure(core, user, at).await,
        Job::EndSessions { user, spared, password, at } => {
            sessions::end_older(core, user, spared, password, at).await
        }
        Job::Announce { id } => Ok(announcements::tell(core, id).await?),
    }
}

/// Pushes what comes round by itself, the first time in each period.
#[derive(Debug, Default)]
pub struct Recurring([u128; RECURRING.len()]);

impl Recurring {
    pub async fn push_due(&mut self, core: &Core) -> Result<()> {
        let now = core.clock.now();
        for (last, (job, period)) in self.0.iter_mut().zip(RECURRING) {
            let current = now.since(Timestamp(0)).as_millis() / period.as_millis();
            if current > *last {
                push(core, &job, JobKey::of(format!("{}:{current}", job.kind())), now).await?;
                *last = current;
            }
        }
        Ok(())
    }
}

async fn housekeeping(core: &Core) -> Result<()> {
    let now = core.clock.now();
    sessions::prune(core).await?;
    email_tokens::prune(core).await?;
    idempotency::prune(&*core.claims, &*core.clock).await?;
    core.store.prune_jobs(now.minus(REMEMBERED), now.minus(DEAD_KEPT)).await?;
    Ok(())
}
