//! Work beside the chat that must not be forgotten: mail, exports, deletions.

use async_trait::async_trait;
use nexus_protocol::{JobId, Timestamp};

use super::PortResult;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    pub id: JobId,
    /// While a job with this key is known no other one is made.
    pub key: String,
    /// For people and metrics; the store does not look into `body`.
    pub kind: String,
    pub body: String,
    pub created_at: Timestamp,
    pub run_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRecord {
    pub id: JobId,
    pub key: String,
    pub kind: String,
    pub body: String,
    pub created_at: Timestamp,
    /// Tries that were begun.
    pub attempts: u32,
    /// When it may be taken (again); `None` for one that was given up.
    pub due_at: Option<Timestamp>,
    pub last_error: Option<String>,
    pub died_at: Option<Timestamp>,
}

impl JobRecord {
    pub fn current(&self) -> JobTry {
        JobTry { id: self.id, attempt: self.attempts }
    }
}

/// One try at a job. Who has lost the lease has an older one, and can't settle the job any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobTry {
    pub id: JobId,
    pub attempt: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobStats {
    /// Those being carried out included.
    pub waiting: u64,
    /// When the first of them may be, or might have been, taken.
    pub first_due_at: Option<Timestamp>,
    pub dead: u64,
}

/// At least once, in no order. Each method is one atomic step.
#[async_trait]
pub trait JobStore: Send + Sync {
    /// What is pushed is durable. False, and nothing is stored, where the key is known: of a job
    /// that waits, that was given up, or that was done and not pruned yet.
    async fn push_job(&self, new: &NewJob) -> PortResult<bool>;

    /// Takes up to `max` jobs that are due, the longest due first. They are due again at
    /// `leased_until`, unless they are settled before.
    async fn take_jobs(
        &self,
        now: Timestamp,
        leased_until: Timestamp,
        max: u32,
    ) -> PortResult<Vec<JobRecord>>;

    /// Longer for a job that is still being carried out; false where this try has lost it.
    async fn renew_job(&self, job: JobTry, leased_until: Timestamp) -> PortResult<bool>;

    /// It is done: its body is forgotten, its key is not. False where this try has lost it.
    async fn finish_job(&self, job: JobTry, at: Timestamp) -> PortResult<bool>;

    /// Another try at `run_at`; false where this try has lost it.
    async fn retry_job(&self, job: JobTry, run_at: Timestamp, error: &str) -> PortResult<bool>;

    /// No more tries; false where this try has lost it.
    async fn bury_job(&self, job: JobTry, at: Timestamp, error: &str) -> PortResult<bool>;

    /// Those that wait or are being carried out, the first due first.
    async fn waiting_jobs(&self, limit: u32) -> PortResult<Vec<JobRecord>>;

    /// Those that were given up, the last first.
    async fn dead_jobs(&self, limit: u32) -> PortResult<Vec<JobRecord>>;

    /// Lets one that was given up begin anew; false when it was not.
    async fn replay_job(&self, id: JobId, run_at: Timestamp) -> PortResult<bool>;

    /// Deletes one that was given up, and with it its key; false when it was not.
    async fn discard_job(&self, id: JobId) -> PortResult<bool>;

    async fn job_stats(&self) -> PortResult<JobStats>;

    /// Forgets, with their keys, those done before `done` and those given up before `died`.
    async fn prune_jobs(&self, done: Timestamp, died: Timestamp) -> PortResult<()>;
}
