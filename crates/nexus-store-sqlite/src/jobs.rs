//! Side jobs.

use async_trait::async_trait;
use nexus_core::ports::{JobRecord, JobStats, JobStore, JobTry, NewJob, PortResult};
use nexus_protocol::{JobId, Timestamp};
use rusqlite::{Connection, Params, Row};

use crate::{
    SqliteStore,
    columns::{maybe_time, number, time, uuid},
};

const JOB: &str = "id, key, kind, body, created_at, attempts, due_at, last_error, died_at";

#[async_trait]
impl JobStore for SqliteStore {
    async fn push_job(&self, new: &NewJob) -> PortResult<bool> {
        let new = new.clone();
        self.write("push a side job", move |db| {
            let pushed = db
                .prepare_cached(
                    "INSERT INTO jobs (id, key, kind, body, created_at, due_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
                )?
                .execute((
                    new.id.0.as_bytes(),
                    &new.key,
                    &new.kind,
                    &new.body,
                    new.created_at.0,
                    new.run_at.0,
                ))?;
            Ok(pushed > 0)
        })
        .await
    }

    async fn take_jobs(
        &self,
        now: Timestamp,
        leased_until: Timestamp,
        max: u32,
    ) -> PortResult<Vec<JobRecord>> {
        // Asked every second: most of the time there is nothing to write.
        let due = self.job_stats().await?.first_due_at;
        if due.is_none_or(|due| due > now) {
            return Ok(Vec::new());
        }
        self.write("take side jobs", move |db| take(db, now, leased_until, max)).await
    }

    async fn renew_job(&self, job: JobTry, leased_until: Timestamp) -> PortResult<bool> {
        self.settle(
            "renew the lease of a side job",
            "UPDATE jobs SET due_at = ?3
             WHERE id = ?1 AND attempts = ?2 AND due_at IS NOT NULL",
            (*job.id.0.as_bytes(), job.attempt, leased_until.0),
        )
        .await
    }

    async fn finish_job(&self, job: JobTry, at: Timestamp) -> PortResult<bool> {
        self.settle(
            "finish a side job",
            "UPDATE jobs SET due_at = NULL, done_at = ?3, body = '', last_error = NULL
             WHERE id = ?1 AND attempts = ?2 AND due_at IS NOT NULL",
            (*job.id.0.as_bytes(), job.attempt, at.0),
        )
        .await
    }

    async fn retry_job(&self, job: JobTry, run_at: Timestamp, error: &str) -> PortResult<bool> {
        self.settle(
            "put off a side job",
            "UPDATE jobs SET due_at = ?3, last_error = ?4
             WHERE id = ?1 AND attempts = ?2 AND due_at IS NOT NULL",
            (*job.id.0.as_bytes(), job.attempt, run_at.0, error.to_owned()),
        )
        .await
    }

    async fn bury_job(&self, job: JobTry, at: Timestamp, error: &str) -> PortResult<bool> {
        self.settle(
            "give up a side job",
            "UPDATE jobs SET due_at = NULL, died_at = ?3, last_error = ?4
             WHERE id = ?1 AND attempts = ?2 AND due_at IS NOT NULL",
            (*job.id.0.as_bytes(), job.attempt, at.0, error.to_owned()),
        )
        .await
    }

    async fn waiting_jobs(&self, limit: u32) -> PortResult<Vec<JobRecord>> {
        self.list(limit, "due_at IS NOT NULL ORDER BY due_at, id").await
    }

    async fn dead_jobs(&self, limit: u32) -> PortResult<Vec<JobRecord>> {
        self.list(limit, "died_at IS NOT NULL ORDER BY died_at DESC, id DESC").await
    }

    async fn replay_job(&self, id: JobId, run_at: Timestamp) -> PortResult<bool> {
        self.settle(
            "replay a side job",
            "UPDATE jobs SET died_at = NULL, attempts = 0, due_at = ?2
             WHERE id = ?1 AND died_at IS NOT NULL",
            (*id.0.as_bytes(), run_at.0),
        )
        .await
    }

    async fn discard_job(&self, id: JobId) -> PortResult<bool> {
        self.settle(
            "discard a side job",
            "DELETE FROM jobs WHERE id = ?1 AND died_at IS NOT NULL",
            [*id.0.as_bytes()],
        )
        .await
    }

    async fn job_stats(&self) -> PortResult<JobStats> {
        self.read("count side jobs", |db| {
            db.prepare_cached(
                "SELECT (SELECT count(*) FROM jobs WHERE due_at IS NOT NULL),
                        (SELECT min(due_at) FROM jobs WHERE due_at IS NOT NULL),
                        (SELECT count(*) FROM jobs WHERE died_at IS NOT NULL)",
            )?
            .query_row([], |row| {
                Ok(JobStats {
                    waiting: number(row, 0)?,
                    first_due_at: maybe_time(row, 1)?,
                    dead: number(row, 2)?,
                })
            })
        })
        .await
    }

    async fn prune_jobs(&self, done: Timestamp, died: Timestamp) -> PortResult<()> {
        self.write("forget old side jobs", move |db| {
            db.prepare_cached("DELETE FROM jobs WHERE done_at < ?1")?.execute([done.0])?;
            db.prepare_cached("DELETE FROM jobs WHERE died_at < ?1")?.execute([died.0])?;
            Ok(())
        })
        .await
    }
}

impl SqliteStore {
    /// Whether the statement changed something.
    async fn settle(
        &self,
        doing: &'static str,
        statement: &'static str,
        params: impl Params + Send + 'static,
    ) -> PortResult<bool> {
        self.write(doing, move |db| Ok(db.prepare_cached(statement)?.execute(params)? > 0)).await
    }

    async fn list(&self, limit: u32, which: &'static str) -> PortResult<Vec<JobRecord>> {
        self.read("list side jobs", move |db| {
            db.prepare_cached(&format!("SELECT {JOB} FROM jobs WHERE {which} LIMIT ?1"))?
                .query_map([limit], job)?
                .collect()
        })
        .await
    }
}

fn take(
    db: &Connection,
    now: Timestamp,
    leased_until: Timestamp,
    max: u32,
) -> rusqlite::Result<Vec<JobRecord>> {
    let due = format!("SELECT {JOB} FROM jobs WHERE due_at <= ?1 ORDER BY due_at, id LIMIT ?2");
    let mut taken: Vec<JobRecord> =
        db.prepare_cached(&due)?.query_map((now.0, max), job)?.collect::<Result<_, _>>()?;
    let mut lease =
        db.prepare_cached("UPDATE jobs SET attempts = attempts + 1, due_at = ?2 WHERE id = ?1")?;
    for job in &mut taken {
        lease.execute((job.id.0.as_bytes(), leased_until.0))?;
        (job.attempts, job.due_at) = (job.attempts + 1, Some(leased_until));
    }
    Ok(taken)
}

fn job(row: &Row<'_>) -> rusqlite::Result<JobRecord> {
    Ok(JobRecord {
        id: JobId(uuid(row, 0)?),
        key: row.get(1)?,
        kind: row.get(2)?,
        body: row.get(3)?,
        created_at: time(row, 4)?,
        attempts: row.get(5)?,
        due_at: maybe_time(row, 6)?,
        last_error: row.get(7)?,
        died_at: maybe_time(row, 8)?,
    })
}
