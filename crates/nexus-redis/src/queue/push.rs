//! Adding ops: all that wait for a lane go in one step.

use std::sync::{Arc, OnceLock};

use nexus_core::{
    ops::Op,
    ports::{DeadLetter, PortError, PortResult, lane_of},
};
use tokio::sync::{mpsc, oneshot};

use super::{Shared, lane::Lane, scripts::PUSH};
use crate::{Call, fault};

/// Calls that may wait for one lane before the next ones wait to be heard.
const WAITING: usize = 1_024;
/// Most ops added in one step; Redis does nothing else meanwhile.
const AT_ONCE: usize = 500;

/// The ops of one call for one lane, and who waits for them.
struct Batch {
    /// Ids, times, bodies.
    ops: Vec<(String, i64, String)>,
    done: oneshot::Sender<Result<(), Arc<PortError>>>,
}

/// The way into one lane.
pub(super) struct Pusher {
    batches: mpsc::Sender<Batch>,
}

impl Pusher {
    pub fn start(shared: Arc<Shared>, lane: u16) -> Pusher {
        let (batches, waiting) = mpsc::channel(WAITING);
        tokio::spawn(run(shared, lane, waiting));
        Pusher { batches }
    }
}

/// Ends when the queue is dropped.
async fn run(shared: Arc<Shared>, lane: u16, mut waiting: mpsc::Receiver<Batch>) {
    let Some(lane) = shared.lanes.get(usize::from(lane)) else { return };
    let mut batches = Vec::new();
    let mut next: Option<Batch> = None;
    loop {
        let Some(first) = (match next.take() {
            Some(batch) => Some(batch),
            None => waiting.recv().await,
        }) else {
            return;
        };
        let mut ops = first.ops.len();
        batches.push(first);
        while let Ok(batch) = waiting.try_recv() {
            if ops + batch.ops.len() > AT_ONCE {
                next = Some(batch);
                break;
            }
            ops += batch.ops.len();
            batches.push(batch);
        }
        let added = add(&shared, lane, &batches).await.map_err(Arc::new);
        for batch in batches.drain(..) {
            // Who has stopped waiting doesn't want to know.
            let _ = batch.done.send(added.clone());
        }
    }
}

async fn add(shared: &Shared, lane: &Lane, batches: &[Batch]) -> PortResult<()> {
    let ops: Vec<_> = batches.iter().flat_map(|batch| &batch.ops).collect();
    for ops in ops.chunks(AT_ONCE) {
        let call = ops.iter().fold(start(shared, lane, "any"), |call, (id, at, body)| {
            call.arg(id).arg(*at).arg(body)
        });
        write(shared, lane, call).await?;
    }
    Ok(())
}

fn start(shared: &Shared, lane: &Lane, which: &str) -> Call {
    let bound = if which == "any" { shared.bound() } else { 0 };
    lane.keys.call(&PUSH).arg(bound).arg(which).arg(&shared.worker)
}

/// Answers how many dead letters are dead no more.
async fn write(shared: &Shared, lane: &Lane, call: Call) -> PortResult<usize> {
    let written = match shared.options.replicas {
        Some(replicas) => shared.redis.script_on_replicas("push ops", call, replicas).await,
        None => shared.redis.script("push ops", call).await,
    };
    // It may have been written even if that is an error.
    lane.added();
    let revived: Vec<String> = written?;
    for letter in &revived {
        shared.forget_letter(lane.number, letter).await;
    }
    Ok(revived.len())
}

/// The ways into all lanes, made when they are first used.
pub(super) struct Pushers {
    shared: Arc<Shared>,
    pushers: Vec<OnceLock<Pusher>>,
}

impl Pushers {
    pub fn new(shared: Arc<Shared>) -> Pushers {
        let pushers = shared.lanes.iter().map(|_| OnceLock::new()).collect();
        Pushers { shared, pushers }
    }

    pub async fn push(&self, ops: Vec<Op>) -> PortResult<()> {
        let mut by_lane: Vec<Vec<(String, i64, String)>> = vec![Vec::new(); self.pushers.len()];
        for op in &ops {
            let body =
                serde_json::to_string(op).map_err(|err| PortError::new("write an op down", err))?;
            let lane = lane_of(op.chat, self.shared.number_of_lanes());
            by_lane[usize::from(lane)].push((op.id.to_string(), op.queued_at.0, body));
        }
        let lanes = (0_u16..).zip(by_lane).filter(|(_, ops)| !ops.is_empty());
        let pushed = lanes.map(|(lane, ops)| self.push_to(lane, ops));
        for pushed in futures_util::future::join_all(pushed).await {
            pushed?;
        }
        fault::point("redis.pushed");
        Ok(())
    }

    async fn push_to(&self, lane: u16, ops: Vec<(String, i64, String)>) -> PortResult<()> {
        let gone = || PortError::new("push ops", "the queue is closed");
        let (done, added) = oneshot::channel();
        let pusher = self.pushers[usize::from(lane)]
            .get_or_init(|| Pusher::start(Arc::clone(&self.shared), lane));
        pusher.batches.send(Batch { ops, done }).await.map_err(|_| gone())?;
        let added = added.await.map_err(|_| gone())?;
        added.map_err(|err| PortError::new(err.doing, err))
    }
}

impl Shared {
    /// Puts a dead letter back in line; false when it is dead no more.
    pub(super) async fn revive(&self, lane: &Lane, letter: &DeadLetter) -> PortResult<bool> {
        let op = &letter.op;
        let body =
            serde_json::to_string(op).map_err(|err| PortError::new("write an op down", err))?;
        let call = start(self, lane, "dead").arg(op.id.to_string()).arg(op.queued_at.0).arg(body);
        Ok(write(self, lane, call).await? > 0)
    }
}
