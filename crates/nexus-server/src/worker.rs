//! Takes ops from the queue, commits them, and tells the bus. One task per lane.

use std::{collections::HashSet, sync::Arc, time::Duration};

use nexus_core::{
    Core, backoff, blocks,
    messages::gave_up,
    ops::{Op, OpKind, Rejection},
    ports::{Event, Lease, Outcome, PortError, PortResult},
};
use nexus_protocol::{ChatId, ErrorCode, OpId, Timestamp};
use tokio_util::sync::CancellationToken;

/// How lanes are worked; from the configuration.
#[derive(Clone, Debug)]
pub struct WorkerSettings {
    /// Most ops committed at once.
    pub batch: usize,
    /// After this many tries an op goes to the dead letters.
    pub max_attempts: u32,
    /// The pause before the second try; it doubles each time.
    pub backoff_base: Duration,
    pub backoff_max: Duration,
}

/// Works one lane until `stop`; what it has taken is finished first.
pub async fn run(core: Arc<Core>, lane: u16, settings: WorkerSettings, stop: CancellationToken) {
    let mut outage = Backoff::new(&settings);
    loop {
        let taken = tokio::select! {
            () = stop.cancelled() => return,
            taken = core.queue.take(lane, settings.batch) => taken,
        };
        let worked = match taken {
            Ok(leases) => work_or_put_back(&core, lane, leases, &settings).await,
            Err(err) => Err(err),
        };
        match worked {
            Ok(()) => outage = Backoff::new(&settings),
            Err(err) => {
                tracing::error!(error = &err as &dyn std::error::Error, lane, "lane waits");
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(outage.next(&core)) => {}
                }
            }
        }
    }
}

/// What is not settled when something breaks is put back, to be done again in the same order.
async fn work_or_put_back(
    core: &Core,
    lane: u16,
    leases: Vec<Lease>,
    settings: &WorkerSettings,
) -> PortResult<()> {
    let taken: Vec<OpId> = leases.iter().map(|lease| lease.op.id).collect();
    let worked = work(core, lane, leases, settings).await;
    if worked.is_err() {
        core.queue.release(lane, &taken).await?;
    }
    worked
}

/// Commits a batch. If that fails, finds out whether one op is to blame or everything is down.
async fn work(
    core: &Core,
    lane: u16,
    leases: Vec<Lease>,
    settings: &WorkerSettings,
) -> PortResult<()> {
    match commit(core, &leases).await {
        Ok(outcomes) => settle(core, lane, &leases, outcomes).await,
        Err(err) if leases.len() == 1 => failed(core, lane, &leases[0], err, settings).await,
        Err(err) => {
            tracing::warn!(
                error = &err as &dyn std::error::Error,
                lane,
                ops = leases.len(),
                "batch not committed: trying its ops one by one"
            );
            one_by_one(core, lane, leases, settings).await
        }
    }
}

/// In order; after one that failed, the rest of its chat waits.
async fn one_by_one(
    core: &Core,
    lane: u16,
    leases: Vec<Lease>,
    settings: &WorkerSettings,
) -> PortResult<()> {
    let mut waiting: HashSet<ChatId> = HashSet::new();
    let mut put_back: Vec<OpId> = Vec::new();
    for lease in leases {
        if waiting.contains(&lease.op.chat) {
            put_back.push(lease.op.id);
            continue;
        }
        match commit(core, std::slice::from_ref(&lease)).await {
            Ok(outcomes) => settle(core, lane, std::slice::from_ref(&lease), outcomes).await?,
            Err(err) => {
                waiting.insert(lease.op.chat);
                failed(core, lane, &lease, err, settings).await?;
            }
        }
    }
    if put_back.is_empty() { Ok(()) } else { core.queue.release(lane, &put_back).await }
}

/// A panic on the way is an error like others: a poison op must not stop its lane.
async fn commit(core: &Core, leases: &[Lease]) -> PortResult<Vec<Outcome>> {
    fail::fail_point!("worker.before_commit", |_| { std::process::abort() });
    poison(leases)?;
    let late = refuse_late(core, leases).await?;
    let open = leases.iter().zip(&late).filter(|(_, late)| late.is_none());
    let ops: Vec<_> = open.map(|(lease, _)| (*lease.op).clone()).collect();
    let store = core.store.clone();
    let committed = tokio::spawn(async move { store.commit(&ops).await }).await;
    let outcomes = committed.map_err(|panic| PortError::new("commit a batch", panic))??;
    fail::fail_point!("worker.committed", |_| { std::process::abort() });
    let mut outcomes = outcomes.into_iter();
    let refused = |late: Option<Rejection>| late.map(Outcome::Rejected);
    Ok(late.into_iter().filter_map(|late| refused(late).or_else(|| outcomes.next())).collect())
}

/// Messages that a block has overtaken while they waited.
async fn refuse_late(core: &Core, leases: &[Lease]) -> PortResult<Vec<Option<Rejection>>> {
    let mut refused = Vec::with_capacity(leases.len());
    for lease in leases {
        refused.push(blocks::refuse_late(core, &lease.op).await?);
    }
    Ok(refused)
}

/// For fault tests: with the failpoint set, a message that says so can never be committed.
fn poison(leases: &[Lease]) -> PortResult<()> {
    if leases.iter().any(|lease| is_poison(&lease.op)) {
        fail::fail_point!("worker.poison", |_| {
            Err(PortError::new("commit a poison message", "the failpoint says so"))
        });
    }
    Ok(())
}

fn is_poison(op: &Op) -> bool {
    matches!(&op.kind, OpKind::Send(new) if new.content.contains("poison"))
}

/// Tells what was done, then takes it off the queue: a crash in between tells it twice.
async fn settle(
    core: &Core,
    lane: u16,
    leases: &[Lease],
    outcomes: Vec<Outcome>,
) -> PortResult<()> {
    let now = core.clock.now();
    let (mut events, mut done, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    for (lease, outcome) in leases.iter().zip(outcomes) {
        let op = &lease.op;
        match outcome {
            Outcome::Done(traces) => {
                done.push(op.id);
                metrics::histogram!("nexus_delivery_seconds").record(now.since(op.queued_at));
                let (op, chat, actor) = (op.id, op.chat, op.actor);
                events.push(Event::Committed { op, chat, actor, done: traces });
            }
            Outcome::Rejected(rejection) if op.outlives_refusal() => {
                events.push(bury(core, lane, lease, &rejection).await?);
            }
            Outcome::Rejected(rejection) => {
                refused.push(op.id);
                events.push(failure(op, &rejection, None));
            }
        }
    }
    metrics::counter!("nexus_commits_total").increment(done.len() as u64);
    metrics::histogram!("nexus_commit_batch_size").record(leases.len() as f64);
    core.bus.publish(events).await?;
    fail::fail_point!("worker.published", |_| { std::process::abort() });
    done.append(&mut refused);
    core.queue.ack(lane, &done).await?;
    fail::fail_point!("worker.acked", |_| { std::process::abort() });
    Ok(())
}

/// A later try, or the dead letters after the last.
async fn failed(
    core: &Core,
    lane: u16,
    lease: &Lease,
    err: PortError,
    settings: &WorkerSettings,
) -> PortResult<()> {
    // Is it this op, or is the store away? Its ops are not to blame for an outage.
    core.store.chat(lease.op.chat).await?;
    let cause = describe(&err);
    if lease.attempt >= settings.max_attempts {
        let rejection = gave_up(lease.attempt, err.doing);
        tracing::error!(op = %lease.op.id.0, attempts = lease.attempt, cause, "op given up");
        let event = bury(core, lane, lease, &rejection).await?;
        return core.bus.publish(vec![event]).await;
    }
    let after = pause(core, settings, lease.attempt);
    tracing::warn!(op = %lease.op.id.0, attempt = lease.attempt, ?after, cause, "op tried again");
    metrics::counter!("nexus_retries_total").increment(1);
    core.queue.retry(lane, lease.op.id, after, err.doing).await
}

/// Durable in the dead letters before its sender is told.
async fn bury(core: &Core, lane: u16, lease: &Lease, rejection: &Rejection) -> PortResult<Event> {
    let died_at = core.queue.bury(lane, lease.op.id, rejection).await?;
    metrics::counter!("nexus_dead_letters_total").increment(1);
    // Of other tests' ops, which die in the same process, is told.
    if is_poison(&lease.op) {
        fail::fail_point!("worker.buried", |how| match how.as_deref() {
            Some("fail") => Err(PortError::new("tell of a dead letter", "the failpoint says so")),
            _ => std::process::abort(),
        });
    }
    Ok(failure(&lease.op, rejection, died_at))
}

fn failure(op: &Op, rejection: &Rejection, died_at: Option<Timestamp>) -> Event {
    // A request waits long enough to hear a refusal, but perhaps not for the last try.
    let answered = op.awaited && rejection.code != ErrorCode::Unavailable;
    let (actor, failed) = (op.actor, op.failed(rejection));
    Event::Failed { op: op.id, actor, answered, died_at, failed }
}

fn pause(core: &Core, settings: &WorkerSettings, attempt: u32) -> Duration {
    backoff::pause(&*core.ids, settings.backoff_base, settings.backoff_max, attempt)
}

fn describe(err: &PortError) -> String {
    format!("{err}: {}", err.source)
}

/// Grows while the store is away.
struct Backoff {
    settings: WorkerSettings,
    attempt: u32,
}

impl Backoff {
    fn new(settings: &WorkerSettings) -> Backoff {
        Backoff { settings: settings.clone(), attempt: 0 }
    }

    fn next(&mut self, core: &Core) -> Duration {
        self.attempt += 1;
        pause(core, &self.settings, self.attempt)
    }
}

/// Makes committed messages findable, a moment after.
pub async fn index(core: Arc<Core>, stop: CancellationToken) {
    const BATCH: u32 = 500;
    const IDLE: Duration = Duration::from_millis(500);
    while !stop.is_cancelled() {
        let taken = match core.store.index_messages(BATCH).await {
            Ok(taken) => taken,
            Err(err) => {
                tracing::warn!(error = &err as &dyn std::error::Error, "search index waits");
                0
            }
        };
        if taken < BATCH {
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(IDLE) => {}
            }
        }
    }
}

/// How long ago the oldest waiting op was queued.
pub fn age(oldest: Option<Timestamp>, now: Timestamp) -> Duration {
    oldest.map_or(Duration::ZERO, |at| now.since(at))
}
