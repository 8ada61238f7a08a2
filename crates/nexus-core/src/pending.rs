//! Requests that wait for their op to be committed.

use std::{collections::HashMap, time::Duration};

use nexus_protocol::OpId;
use parking_lot::Mutex;
use tokio::sync::oneshot;

use crate::{
    Core, Error, Result,
    ops::{Op, Rejection},
    ports::Done,
};

pub type Settled = Result<Done, Rejection>;

pub struct Pending {
    /// A request waits this long; the op itself is done all the same.
    patience: Duration,
    waiting: Mutex<HashMap<OpId, oneshot::Sender<Settled>>>,
}

impl Pending {
    pub fn new(patience: Duration) -> Pending {
        Pending { patience, waiting: Mutex::default() }
    }

    /// Wakes the request that waits for `op`, if it waits on this node.
    pub fn settle(&self, op: OpId, settled: impl FnOnce() -> Settled) {
        if let Some(waiting) = self.waiting.lock().remove(&op) {
            // The request may have given up meanwhile.
            let _ = waiting.send(settled());
        }
    }

    /// Whether a request waits for `op` on this node.
    pub fn is_awaited(&self, op: OpId) -> bool {
        self.waiting.lock().contains_key(&op)
    }

    fn wait_for(&self, op: OpId) -> oneshot::Receiver<Settled> {
        let (tell, told) = oneshot::channel();
        self.waiting.lock().insert(op, tell);
        told
    }

    fn give_up(&self, op: OpId) {
        self.waiting.lock().remove(&op);
    }
}

/// Queues `op` and waits until it is committed or refused.
pub async fn perform(core: &Core, op: Op) -> Result<Done> {
    let op = Op { awaited: true, ..op };
    let id = op.id;
    let told = core.pending.wait_for(id);
    if let Err(err) = core.queue.push_one(op).await {
        core.pending.give_up(id);
        return Err(err.into());
    }
    match tokio::time::timeout(core.pending.patience, told).await {
        Ok(Ok(settled)) => Ok(settled?),
        Ok(Err(_)) | Err(_) => {
            core.pending.give_up(id);
            Err(Error::StillQueued)
        }
    }
}
