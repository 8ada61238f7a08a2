//! The one thread that writes. What waits at the same time is committed together, so that many
//! share the price of one `fsync`.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use nexus_core::ports::{PortError, PortResult, failed};
use parking_lot::{Mutex, RwLock};
use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::fault;

/// So many jobs may wait; more wait outside, without holding a thread.
const WAITING: usize = 1_024;
/// So many share one commit.
const GROUP: usize = 256;
/// After so long without work there is time to tidy up.
const IDLE: Duration = Duration::from_millis(500);
/// The planner's statistics are looked after this often.
const OPTIMIZE_EVERY: Duration = Duration::from_secs(3_600);
/// Ops are forgotten so long after they were done: none is repeated later.
const DONE_OPS_KEPT: &str = "unixepoch('subsec') * 1000 - 7 * 86400000";

/// Takes jobs for the thread that writes.
pub struct Writer {
    /// `None` once it is closed.
    jobs: RwLock<Option<Sender<Box<dyn Job>>>>,
    room: Arc<Semaphore>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// Something to do within a group's transaction.
trait Job: Send {
    /// Runs in a savepoint of its own. False: undo it.
    fn run(&mut self, db: &Connection) -> bool;

    /// The group is committed, or all of it failed. In the order of the jobs.
    fn settle(self: Box<Self>, group: Result<(), GroupFailed>);
}

/// Why a whole group was undone.
#[derive(Clone, Debug, thiserror::Error)]
#[error("could not {doing}")]
struct GroupFailed {
    doing: &'static str,
    #[source]
    source: Arc<rusqlite::Error>,
}

#[derive(Debug, thiserror::Error)]
#[error("the database is closed")]
struct Closed;

#[derive(Debug, thiserror::Error)]
#[error("panicked: {0}")]
struct Panicked(String);

impl Writer {
    pub fn start(db: Connection) -> PortResult<Writer> {
        let (sender, receiver) = channel();
        let thread = std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || Groups { db, wrote: false, optimized_at: Instant::now() }.run(&receiver))
            .map_err(failed("start the writer's thread"))?;
        Ok(Writer {
            jobs: RwLock::new(Some(sender)),
            room: Arc::new(Semaphore::new(WAITING)),
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Runs `work` in a transaction; returns when that is committed.
    pub async fn write<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> PortResult<T> {
        self.write_then(doing, work, |done| done).await
    }

    /// Likewise; after the commit `then` runs on the writer's thread: for all jobs in the order in
    /// which they were committed.
    pub async fn write_then<T: Send + 'static, U: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
        then: impl FnOnce(T) -> U + Send + 'static,
    ) -> PortResult<U> {
        let room = Arc::clone(&self.room).acquire_owned().await.map_err(failed(doing))?;
        let (answer, answered) = oneshot::channel();
        let job = Task { doing, work: Some(work), then, done: None, answer, _room: room };
        match self.jobs.read().as_ref() {
            Some(jobs) => jobs.send(Box::new(job)).map_err(|_| PortError::new(doing, Closed))?,
            None => return Err(PortError::new(doing, Closed)),
        }
        answered.await.map_err(failed(doing))?
    }

    /// Lets no more in; what waits is done. Blocks until it is, and the log is folded into the file.
    pub fn close(&self) {
        self.jobs.write().take();
        if let Some(thread) = self.thread.lock().take()
            && thread.join().is_err()
        {
            tracing::error!("the writer's thread panicked");
        }
    }
}

struct Task<W, N, T, U> {
    doing: &'static str,
    work: Option<W>,
    then: N,
    done: Option<PortResult<T>>,
    answer: oneshot::Sender<PortResult<U>>,
    _room: OwnedSemaphorePermit,
}

impl<W, N, T, U> Job for Task<W, N, T, U>
where
    W: FnOnce(&Connection) -> rusqlite::Result<T> + Send,
    N: FnOnce(T) -> U + Send,
    T: Send,
    U: Send,
{
    fn run(&mut self, db: &Connection) -> bool {
        let Some(work) = self.work.take() else { return false };
        let done = match catch_unwind(AssertUnwindSafe(|| work(db))) {
            Ok(done) => done.map_err(failed(self.doing)),
            Err(panic) => Err(PortError::new(self.doing, Panicked(text_of(&*panic)))),
        };
        self.done.insert(done).is_ok()
    }

    fn settle(self: Box<Self>, group: Result<(), GroupFailed>) {
        let answer = match (self.done, group) {
            (Some(Err(own)), _) => Err(own),
            (_, Err(group)) => Err(PortError::new(self.doing, group)),
            (Some(Ok(done)), Ok(())) => Ok((self.then)(done)),
            (None, Ok(())) => Err(PortError::new(self.doing, Closed)),
        };
        // Whoever asked may have gone; it is done all the same.
        let _ = self.answer.send(answer);
    }
}

fn text_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or(panic.downcast_ref::<&str>().copied()).unwrap_or("no message").to_owned()
}

/// The writer's own side.
struct Groups {
    db: Connection,
    /// Since the last checkpoint.
    wrote: bool,
    optimized_at: Instant,
}

impl Groups {
    fn run(mut self, jobs: &Receiver<Box<dyn Job>>) {
        loop {
            match jobs.recv_timeout(IDLE) {
                Ok(first) => {
                    let mut group = vec![first];
                    group.extend(jobs.try_iter().take(GROUP - 1));
                    self.carry_out(group);
                }
                Err(RecvTimeoutError::Timeout) => self.tidy(),
                Err(RecvTimeoutError::Disconnected) => return self.finish(),
            }
        }
    }

    fn carry_out(&mut self, mut group: Vec<Box<dyn Job>>) {
        let outcome = self.transact(&mut group);
        if let Err(failure) = &outcome {
            tracing::error!(error = %failure.source, jobs = group.len(), "{failure}");
            self.roll_back();
        }
        self.wrote = true;
        for job in group {
            job.settle(outcome.clone());
        }
    }

    fn transact(&self, group: &mut [Box<dyn Job>]) -> Result<(), GroupFailed> {
        self.step("begin a transaction", "BEGIN IMMEDIATE")?;
        for job in group {
            self.step("set a savepoint", "SAVEPOINT job")?;
            if !job.run(&self.db) {
                // A full disk may have undone the whole transaction; then this fails, and rightly.
                self.step("undo one job", "ROLLBACK TO job")?;
            }
            self.step("end a job", "RELEASE job")?;
        }
        fault::point("writer.before_commit");
        self.step("commit", "COMMIT")?;
        fault::point("writer.after_commit");
        Ok(())
    }

    fn step(&self, doing: &'static str, sql: &str) -> Result<(), GroupFailed> {
        let run = || self.db.prepare_cached(sql)?.execute([]);
        run().map(|_| ()).map_err(|source| GroupFailed { doing, source: Arc::new(source) })
    }

    fn roll_back(&self) {
        if !self.db.is_autocommit()
            && let Err(error) = self.db.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "could not roll back");
        }
    }

    /// Nobody waits: folds the log into the file, so that it stays short and starts are fast.
    fn tidy(&mut self) {
        if !std::mem::take(&mut self.wrote) {
            return;
        }
        self.try_to("fold the log into the file", "PRAGMA wal_checkpoint(PASSIVE)");
        if self.optimized_at.elapsed() > OPTIMIZE_EVERY {
            self.optimized_at = Instant::now();
            self.try_to("optimise", "PRAGMA optimize");
            let forget = format!("DELETE FROM done_ops WHERE at < {DONE_OPS_KEPT}");
            self.try_to("forget old ops", &forget);
        }
    }

    fn finish(self) {
        self.try_to("optimise", "PRAGMA optimize");
        self.try_to("fold the log into the file", "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    fn try_to(&self, doing: &str, sql: &str) {
        if let Err(error) = self.db.execute_batch(sql) {
            tracing::warn!(%error, "could not {doing}");
        }
    }
}
