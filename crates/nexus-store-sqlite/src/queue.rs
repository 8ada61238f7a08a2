//! The durable queue: what waits is in memory for speed and in the file for keeps.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use nexus_core::{
    memory::{Schedule, Waiting},
    ops::{Op, Rejection},
    ports::{
        Clock, DeadLetter, LaneStats, Lease, PortResult, Pushed, Queue, QueueStats, QueuedOp,
        failed,
    },
};
use nexus_protocol::{OpId, Timestamp, UserId};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::{
    Database,
    columns::{count, maybe_time, parse, time},
    fault,
};

/// The queue of one file, in the one process that works on it.
pub struct SqliteQueue {
    database: Database,
    schedule: Arc<Schedule>,
    /// SQLite's mark of what other processes have written.
    foreign: AtomicI64,
}

const WAITING: &str =
    "SELECT place, body, attempts, last_error, last_tried_at, run_at FROM queue ORDER BY place";

impl SqliteQueue {
    pub(crate) async fn open(
        database: Database,
        lanes: u16,
        clock: Arc<dyn Clock>,
    ) -> PortResult<SqliteQueue> {
        let schedule = Arc::new(Schedule::new(lanes, clock));
        let loading = Arc::clone(&schedule);
        let foreign = database
            .writer
            .write_then(
                "load the queue",
                |db| Ok((foreign_writes(db)?, all_waiting(db)?)),
                move |(foreign, waiting)| {
                    loading.push(waiting);
                    foreign
                },
            )
            .await?;
        Ok(SqliteQueue { database, schedule, foreign: AtomicI64::new(foreign) })
    }

    /// All or none, in one transaction.
    async fn insert(&self, ops: Vec<Op>) -> PortResult<Vec<Pushed>> {
        let bodies: Vec<(Arc<Op>, String)> = ops
            .into_iter()
            .map(|op| serde_json::to_string(&op).map(|body| (Arc::new(op), body)))
            .collect::<Result<_, _>>()
            .map_err(failed("write an op down"))?;
        let insert = move |db: &Connection| insert(db, bodies);
        let schedule = Arc::clone(&self.schedule);
        let wait = move |(pushed, new)| {
            schedule.push(new);
            pushed
        };
        self.database.writer.write_then("push ops", insert, wait).await
    }

    /// Runs a change of one op in the file, then `then` on the schedule.
    async fn change<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
        then: impl FnOnce(&Schedule, T) + Send + 'static,
    ) -> PortResult<()> {
        let schedule = Arc::clone(&self.schedule);
        self.database.writer.write_then(doing, work, move |done| then(&schedule, done)).await
    }
}

#[async_trait]
impl Queue for SqliteQueue {
    fn lanes(&self) -> u16 {
        self.schedule.lanes()
    }

    async fn push(&self, ops: Vec<Op>) -> Vec<PortResult<Pushed>> {
        let count = ops.len();
        let pushed = match self.insert(ops).await {
            Ok(pushed) => pushed.into_iter().map(Ok).collect(),
            Err(err) => err.for_each(count),
        };
        fault::point("queue.pushed");
        pushed
    }

    async fn take(&self, lane: u16, max: usize) -> PortResult<Vec<Lease>> {
        Ok(self.schedule.take(lane, max).await)
    }

    async fn ack(&self, _lane: u16, ops: &[OpId]) -> PortResult<()> {
        fault::point("queue.before_ack");
        let ops = ops.to_vec();
        let delete = move |db: &Connection| {
            let mut delete = db.prepare_cached("DELETE FROM queue WHERE op = ?1")?;
            for op in &ops {
                delete.execute([op.0.as_bytes()])?;
            }
            Ok(ops)
        };
        self.change("acknowledge ops", delete, |schedule, ops| schedule.remove(&ops)).await
    }

    async fn retry(&self, _lane: u16, op: OpId, after: Duration, error: &str) -> PortResult<()> {
        let now = self.schedule.now();
        let (run_at, error) = (now.plus(after), error.to_owned());
        let note = move |db: &Connection| {
            db.prepare_cached(
                "UPDATE queue SET attempts = attempts + 1, last_error = ?2, last_tried_at = ?3,
                    run_at = ?4
                 WHERE op = ?1",
            )?
            .execute((op.0.as_bytes(), &error, now.0, run_at.0))?;
            Ok(error)
        };
        let wait = move |schedule: &Schedule, error: String| {
            schedule.retry(op, now, run_at, &error);
        };
        self.change("note a failed try", note, wait).await
    }

    async fn release(&self, _lane: u16, ops: &[OpId]) -> PortResult<()> {
        // The file holds them at their old place anyway.
        self.schedule.release(ops);
        Ok(())
    }

    async fn bury(
        &self,
        _lane: u16,
        op: OpId,
        rejection: &Rejection,
    ) -> PortResult<Option<Timestamp>> {
        let now = self.schedule.now();
        let rejection =
            serde_json::to_string(rejection).map_err(failed("write a rejection down"))?;
        let bury = move |db: &Connection| {
            let died_at = db
                .prepare_cached(
                    "INSERT OR REPLACE INTO dead_letters
                     SELECT op, body, ?2, attempts + 1,
                        MAX(?3, COALESCE((SELECT MAX(died_at) + 1 FROM dead_letters), ?3))
                     FROM queue WHERE op = ?1
                     RETURNING died_at",
                )?
                .query_row((op.0.as_bytes(), rejection, now.0), |row| time(row, 0))
                .optional()?;
            db.prepare_cached("DELETE FROM queue WHERE op = ?1")?.execute([op.0.as_bytes()])?;
            Ok(died_at)
        };
        let schedule = Arc::clone(&self.schedule);
        let forget = move |died_at| {
            schedule.remove(&[op]);
            died_at
        };
        self.database.writer.write_then("bury an op", bury, forget).await
    }

    async fn queued(&self, op: OpId) -> PortResult<Option<QueuedOp>> {
        Ok(self.schedule.queued(op))
    }

    async fn stats(&self) -> PortResult<QueueStats> {
        let count_dead = |db: &Connection| {
            db.prepare_cached("SELECT COUNT(*) FROM dead_letters")?
                .query_row([], |row| row.get(0))
                .map(count)
        };
        let dead = self.database.readers.read("count dead letters", count_dead).await?;
        Ok(QueueStats { dead, ..self.schedule.stats() })
    }

    /// Costs next to nothing when no other process has written.
    async fn refresh(&self) -> PortResult<()> {
        let (known, schedule) = (self.foreign.load(Ordering::Relaxed), Arc::clone(&self.schedule));
        let look = move |db: &Connection| {
            let foreign = foreign_writes(db)?;
            let waiting = if foreign == known { Vec::new() } else { all_waiting(db)? };
            Ok((foreign, waiting))
        };
        let take_in = move |(foreign, waiting): (i64, Vec<Waiting>)| {
            // It keeps the place of those that it knows.
            schedule.push(waiting);
            foreign
        };
        let foreign = self.database.writer.write_then("refresh the queue", look, take_in).await?;
        self.foreign.store(foreign, Ordering::Relaxed);
        Ok(())
    }

    async fn lane_stats(&self) -> PortResult<Vec<LaneStats>> {
        Ok(self.schedule.lane_stats())
    }

    async fn dead_letters(
        &self,
        before: Option<Timestamp>,
        limit: u32,
    ) -> PortResult<Vec<DeadLetter>> {
        let before = before.map_or(i64::MAX, |at| at.0);
        let list = move |db: &Connection| {
            db.prepare_cached(
                "SELECT body, rejection, attempts, died_at FROM dead_letters WHERE died_at < ?1
                 ORDER BY died_at DESC LIMIT ?2",
            )?
            .query_map((before, limit), dead_letter)?
            .collect()
        };
        self.database.readers.read("list dead letters", list).await
    }

    async fn dead_letters_of(&self, actor: UserId, limit: u32) -> PortResult<Vec<DeadLetter>> {
        let list = move |db: &Connection| {
            db.prepare_cached(
                "SELECT body, rejection, attempts, died_at FROM dead_letters
                 WHERE json_extract(body, '$.actor') = ?1 ORDER BY died_at DESC LIMIT ?2",
            )?
            .query_map((actor.to_string(), limit), dead_letter)?
            .collect()
        };
        self.database.readers.read("list an actor's dead letters", list).await
    }

    async fn dead_letter(&self, op: OpId) -> PortResult<Option<DeadLetter>> {
        let look = move |db: &Connection| {
            db.prepare_cached(
                "SELECT body, rejection, attempts, died_at FROM dead_letters WHERE op = ?1",
            )?
            .query_row([op.0.as_bytes()], dead_letter)
            .optional()
        };
        self.database.readers.read("read a dead letter", look).await
    }

    async fn replay(&self, op: OpId) -> PortResult<bool> {
        let schedule = Arc::clone(&self.schedule);
        let revive = move |db: &Connection| {
            let dead: Option<String> = db
                .prepare_cached("SELECT body FROM dead_letters WHERE op = ?1")?
                .query_row([op.0.as_bytes()], |row| row.get(0))
                .optional()?;
            let revived = dead.map(|body| insert(db, vec![(Arc::new(parse(&body)?), body)]));
            Ok(revived.transpose()?.map(|(_, new)| new))
        };
        let wait = move |revived: Option<Vec<Waiting>>| {
            let there_was = revived.is_some();
            schedule.push(revived.into_iter().flatten());
            there_was
        };
        self.database.writer.write_then("replay a dead letter", revive, wait).await
    }

    async fn discard(&self, op: OpId) -> PortResult<bool> {
        let delete = move |db: &Connection| {
            let deleted = db
                .prepare_cached("DELETE FROM dead_letters WHERE op = ?1")?
                .execute([op.0.as_bytes()])?;
            Ok(deleted > 0)
        };
        self.database.writer.write("discard a dead letter", delete).await
    }
}

/// Puts ops at the end, and takes them out of the dead letters; those that wait already stay.
fn insert(
    db: &Connection,
    bodies: Vec<(Arc<Op>, String)>,
) -> rusqlite::Result<(Vec<Pushed>, Vec<Waiting>)> {
    let mut revive =
        db.prepare_cached("DELETE FROM dead_letters WHERE op = ?1 RETURNING died_at")?;
    let mut insert = db.prepare_cached("INSERT OR IGNORE INTO queue (op, body) VALUES (?1, ?2)")?;
    let (mut pushed, mut new) = (Vec::with_capacity(bodies.len()), Vec::new());
    for (op, body) in bodies {
        let died_at = revive.query_row([op.id.0.as_bytes()], |row| time(row, 0)).optional()?;
        pushed.push(Pushed { died_at });
        if insert.execute((op.id.0.as_bytes(), body))? > 0 {
            new.push(Waiting::new(op, db.last_insert_rowid()));
        }
    }
    Ok((pushed, new))
}

fn all_waiting(db: &Connection) -> rusqlite::Result<Vec<Waiting>> {
    db.prepare_cached(WAITING)?.query_map([], waiting)?.collect()
}

fn waiting(row: &Row<'_>) -> rusqlite::Result<Waiting> {
    Ok(Waiting {
        op: Arc::new(parse(row.get_ref(1)?.as_str()?)?),
        place: row.get(0)?,
        attempts: row.get(2)?,
        last_error: row.get(3)?,
        last_tried_at: maybe_time(row, 4)?,
        run_at: maybe_time(row, 5)?,
    })
}

fn dead_letter(row: &Row<'_>) -> rusqlite::Result<DeadLetter> {
    Ok(DeadLetter {
        op: parse(row.get_ref(0)?.as_str()?)?,
        rejection: parse(row.get_ref(1)?.as_str()?)?,
        attempts: row.get(2)?,
        died_at: time(row, 3)?,
    })
}

/// Changes when another connection has written.
fn foreign_writes(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))
}
