//! Adding ops: all that wait for a lane go in one step.

use std::{
    collections::HashMap,
    iter,
    sync::{Arc, OnceLock},
};

use nexus_core::{
    ops::Op,
    ports::{DeadLetter, PortError, PortResult, Pushed, lane_of},
};
use nexus_protocol::{OpId, Timestamp};
use tokio::sync::{mpsc, oneshot};

use super::{Shared, lane::Lane, letters::from_json, scripts::PUSH};
use crate::{Call, fault};

/// Calls that may wait for one lane before the next ones wait to be heard.
const WAITING: usize = 1_024;
/// Most ops added in one step; Redis does nothing else meanwhile.
const AT_ONCE: usize = 500;

/// The ops of one call for one lane, and who waits for them.
struct Batch {
    ops: Vec<Written>,
    done: oneshot::Sender<Vec<PortResult<Pushed>>>,
}

/// An op as the script takes it.
struct Written {
    id: OpId,
    queued_at: Timestamp,
    body: String,
}

impl Written {
    fn new(op: &Op) -> PortResult<Written> {
        let body =
            serde_json::to_string(op).map_err(|err| PortError::new("write an op down", err))?;
        Ok(Written { id: op.id, queued_at: op.queued_at, body })
    }

    fn add_to(&self, call: Call) -> Call {
        call.arg(self.id.to_string()).arg(self.queued_at.0).arg(&self.body)
    }
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
        let ops: Vec<&Written> = batches.iter().flat_map(|batch| &batch.ops).collect();
        let mut answers = add(&shared, lane, &ops).await.into_iter();
        for batch in batches.drain(..) {
            let its_own = answers.by_ref().take(batch.ops.len()).collect();
            // Who has stopped waiting doesn't want to know.
            let _ = batch.done.send(its_own);
        }
    }
}

/// Answers each op. After a step that failed no other is taken: order comes first.
async fn add(shared: &Shared, lane: &Lane, ops: &[&Written]) -> Vec<PortResult<Pushed>> {
    let mut answers = Vec::with_capacity(ops.len());
    for step in ops.chunks(AT_ONCE) {
        let call = step.iter().fold(start(shared, lane, "any"), |call, op| op.add_to(call));
        match write(shared, lane, call).await {
            Ok(mut deaths) => {
                answers.extend(step.iter().map(|op| Ok(Pushed { died_at: deaths.remove(&op.id) })))
            }
            Err(err) => {
                answers.extend(err.for_each(ops.len() - answers.len()));
                break;
            }
        }
    }
    answers
}

fn start(shared: &Shared, lane: &Lane, which: &str) -> Call {
    let bound = if which == "any" { shared.bound() } else { 0 };
    lane.keys.call(&PUSH).arg(bound).arg(which).arg(&shared.worker)
}

/// Answers which ops had been dead, and since when.
async fn write(shared: &Shared, lane: &Lane, call: Call) -> PortResult<HashMap<OpId, Timestamp>> {
    const DOING: &str = "push ops";
    let written = shared.lasting(DOING, call).await;
    // It may have been written even if that is an error.
    lane.added();
    let revived: Vec<String> = written?;
    let mut deaths = HashMap::new();
    for letter in &revived {
        let letter: DeadLetter = from_json(DOING, letter)?;
        shared.forget_letter(lane.number, &letter).await;
        deaths.insert(letter.op.id, letter.died_at);
    }
    Ok(deaths)
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

    pub async fn push(&self, ops: Vec<Op>) -> Vec<PortResult<Pushed>> {
        let lane = |op: &Op| usize::from(lane_of(op.chat, self.shared.number_of_lanes()));
        let lanes: Vec<usize> = ops.iter().map(lane).collect();
        let mut by_lane: Vec<Vec<Written>> =
            iter::repeat_with(Vec::new).take(self.pushers.len()).collect();
        for (op, lane) in ops.iter().zip(&lanes) {
            match Written::new(op) {
                Ok(op) => by_lane[*lane].push(op),
                Err(err) => return err.for_each(ops.len()),
            }
        }
        let pushed = by_lane.into_iter().enumerate().map(|(lane, ops)| self.push_to(lane, ops));
        let mut answers: Vec<std::vec::IntoIter<PortResult<Pushed>>> =
            futures_util::future::join_all(pushed).await.into_iter().map(Vec::into_iter).collect();
        fault::point("redis.pushed");
        lanes.iter().map(|lane| answers[*lane].next().unwrap_or_else(|| Err(gone()))).collect()
    }

    async fn push_to(&self, lane: usize, ops: Vec<Written>) -> Vec<PortResult<Pushed>> {
        let count = ops.len();
        if count == 0 {
            return Vec::new();
        }
        let (done, added) = oneshot::channel();
        let number = self.shared.lanes[lane].number;
        let pusher =
            self.pushers[lane].get_or_init(|| Pusher::start(Arc::clone(&self.shared), number));
        if pusher.batches.send(Batch { ops, done }).await.is_err() {
            return gone().for_each(count);
        }
        added.await.unwrap_or_else(|_| gone().for_each(count))
    }
}

fn gone() -> PortError {
    PortError::new("push ops", "the queue is closed")
}

impl Shared {
    /// Puts a dead letter back in line; false when it is dead no more.
    pub(super) async fn revive(&self, lane: &Lane, letter: &DeadLetter) -> PortResult<bool> {
        let call = Written::new(&letter.op)?.add_to(start(self, lane, "dead"));
        Ok(!write(self, lane, call).await?.is_empty())
    }
}
