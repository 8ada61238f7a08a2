//! Side jobs: each change of one is a single write of its document.

use async_trait::async_trait;
use bson::{DateTime, Document, Uuid, doc};
use futures_util::TryStreamExt;
use mongodb::{Collection, options::ReturnDocument};
use nexus_core::ports::{JobRecord, JobStats, JobStore, JobTry, NewJob, PortResult};
use nexus_protocol::{JobId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    MongoDatabase, MongoStore,
    columns::{date, id, time, uuid},
    run::is_duplicate,
};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct JobDocument {
    #[serde(rename = "_id")]
    id: Uuid,
    key: String,
    kind: String,
    /// Empty once it is done: there may be secrets in it.
    body: String,
    created_at: DateTime,
    attempts: i64,
    /// When it may be taken (again); missing once it is done or given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due_at: Option<DateTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    died_at: Option<DateTime>,
}

impl JobDocument {
    fn new(new: &NewJob) -> JobDocument {
        JobDocument {
            id: id(new.id.0),
            key: new.key.clone(),
            kind: new.kind.clone(),
            body: new.body.clone(),
            created_at: date(new.created_at),
            attempts: 0,
            due_at: Some(date(new.run_at)),
            last_error: None,
            died_at: None,
        }
    }

    fn record(self) -> JobRecord {
        JobRecord {
            id: JobId(uuid(self.id)),
            key: self.key,
            kind: self.kind,
            body: self.body,
            created_at: time(self.created_at),
            attempts: u32::try_from(self.attempts).unwrap_or(u32::MAX),
            due_at: self.due_at.map(time),
            last_error: self.last_error,
            died_at: self.died_at.map(time),
        }
    }
}

fn jobs(database: &MongoDatabase) -> Collection<JobDocument> {
    database.collection("jobs")
}

/// As this try has it.
fn held(job: JobTry) -> Document {
    doc! { "_id": id(job.id.0), "attempts": i64::from(job.attempt), "dueAt": { "$exists": true } }
}

fn dead(job: JobId) -> Document {
    doc! { "_id": id(job.0), "diedAt": { "$exists": true } }
}

#[async_trait]
impl JobStore for MongoStore {
    async fn push_job(&self, new: &NewJob) -> PortResult<bool> {
        let job = JobDocument::new(new);
        self.run("push a side job", |database| async move {
            match jobs(&database).insert_one(job).await {
                Ok(_) => Ok(true),
                Err(error) if is_duplicate(&error) => Ok(false),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }

    async fn take_jobs(
        &self,
        now: Timestamp,
        leased_until: Timestamp,
        max: u32,
    ) -> PortResult<Vec<JobRecord>> {
        self.run("take side jobs", move |database| async move {
            let (jobs, due) = (jobs(&database), doc! { "dueAt": { "$lte": date(now) } });
            let take =
                doc! { "$set": { "dueAt": date(leased_until) }, "$inc": { "attempts": 1_i64 } };
            let mut taken = Vec::new();
            while taken.len() < usize::try_from(max).unwrap_or(usize::MAX) {
                let taking = jobs
                    .find_one_and_update(due.clone(), take.clone())
                    .sort(doc! { "dueAt": 1, "_id": 1 })
                    .return_document(ReturnDocument::After);
                let Some(one) = taking.await? else { break };
                taken.push(one.record());
            }
            Ok(taken)
        })
        .await
    }

    async fn renew_job(&self, job: JobTry, leased_until: Timestamp) -> PortResult<bool> {
        let renewed = doc! { "$set": { "dueAt": date(leased_until) } };
        self.change("renew the lease of a side job", held(job), renewed).await
    }

    async fn finish_job(&self, job: JobTry, at: Timestamp) -> PortResult<bool> {
        let done = doc! {
            "$set": { "doneAt": date(at), "body": "" },
            "$unset": { "dueAt": "", "lastError": "" },
        };
        self.change("finish a side job", held(job), done).await
    }

    async fn retry_job(&self, job: JobTry, run_at: Timestamp, error: &str) -> PortResult<bool> {
        let put_off = doc! { "$set": { "dueAt": date(run_at), "lastError": error } };
        self.change("put off a side job", held(job), put_off).await
    }

    async fn bury_job(&self, job: JobTry, at: Timestamp, error: &str) -> PortResult<bool> {
        let given_up = doc! {
            "$set": { "diedAt": date(at), "lastError": error },
            "$unset": { "dueAt": "" },
        };
        self.change("give up a side job", held(job), given_up).await
    }

    async fn waiting_jobs(&self, limit: u32) -> PortResult<Vec<JobRecord>> {
        self.list(doc! { "dueAt": { "$exists": true } }, doc! { "dueAt": 1, "_id": 1 }, limit).await
    }

    async fn dead_jobs(&self, limit: u32) -> PortResult<Vec<JobRecord>> {
        let order = doc! { "diedAt": -1, "_id": -1 };
        self.list(doc! { "diedAt": { "$exists": true } }, order, limit).await
    }

    async fn replay_job(&self, job: JobId, run_at: Timestamp) -> PortResult<bool> {
        let anew = doc! {
            "$set": { "dueAt": date(run_at), "attempts": 0_i64 },
            "$unset": { "diedAt": "" },
        };
        self.change("replay a side job", dead(job), anew).await
    }

    async fn discard_job(&self, job: JobId) -> PortResult<bool> {
        self.run("discard a side job", move |database| async move {
            Ok(jobs(&database).delete_one(dead(job)).await?.deleted_count > 0)
        })
        .await
    }

    async fn job_stats(&self) -> PortResult<JobStats> {
        self.run("count side jobs", |database| async move {
            let jobs = jobs(&database);
            let waiting = doc! { "dueAt": { "$gt": DateTime::MIN } };
            let first = jobs.find_one(waiting.clone()).sort(doc! { "dueAt": 1 }).await?;
            Ok(JobStats {
                waiting: jobs.count_documents(waiting).await?,
                first_due_at: first.and_then(|first| first.due_at).map(time),
                dead: jobs.count_documents(doc! { "diedAt": { "$gt": DateTime::MIN } }).await?,
            })
        })
        .await
    }

    async fn prune_jobs(&self, done: Timestamp, died: Timestamp) -> PortResult<()> {
        self.run("forget old side jobs", move |database| async move {
            let jobs = jobs(&database);
            jobs.delete_many(doc! { "doneAt": { "$lt": date(done) } }).await?;
            jobs.delete_many(doc! { "diedAt": { "$lt": date(died) } }).await?;
            Ok(())
        })
        .await
    }
}

impl MongoStore {
    /// Whether there was something to change.
    async fn change(
        &self,
        doing: &'static str,
        which: Document,
        change: Document,
    ) -> PortResult<bool> {
        self.run(doing, |database| async move {
            Ok(jobs(&database).update_one(which, change).await?.matched_count > 0)
        })
        .await
    }

    async fn list(
        &self,
        which: Document,
        order: Document,
        limit: u32,
    ) -> PortResult<Vec<JobRecord>> {
        self.run("list side jobs", move |database| async move {
            let found = jobs(&database).find(which).sort(order).limit(i64::from(limit)).await?;
            Ok(found.map_ok(JobDocument::record).try_collect().await?)
        })
        .await
    }
}
