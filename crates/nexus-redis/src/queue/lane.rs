//! What the owner of a lane remembers of it.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use nexus_core::{
    memory::{Schedule, Waiting},
    ports::{Clock, Lease, PortError, PortResult},
};
use nexus_protocol::OpId;
use parking_lot::Mutex;
use tokio::{
    sync::{Notify, watch},
    time::Instant,
};

use super::scripts::LaneKeys;

pub(super) struct Lane {
    pub number: u16,
    pub keys: LaneKeys,
    pub schedule: Schedule,
    state: Mutex<State>,
    /// There may be something to read.
    pub wake: Notify,
    /// What this process has added, and how much of it has been read.
    added: AtomicU64,
    read: watch::Sender<u64>,
    /// The portion is full: more is to be read when it has drained.
    full: AtomicBool,
}

#[derive(Default)]
struct State {
    tenure: Option<Tenure>,
    /// What was being carried out when the lane was lost.
    lost: HashSet<OpId>,
    next_place: i64,
}

/// The time between taking a lane and losing it.
#[derive(Clone, Debug)]
pub(super) struct Tenure {
    pub token: String,
    /// Of the server, by which a restart and a failover are noticed.
    pub life: String,
    /// The lease is over then, if it is not renewed.
    pub until: Instant,
    /// Where to go on with what earlier owners had read; `None` when all of it is here.
    pub backlog: Option<String>,
    pub leaving: bool,
}

/// How long a take waits for what this process has added to be read back.
const READ_BACK: Duration = Duration::from_secs(1);

impl Lane {
    pub fn new(prefix: &str, number: u16, clock: Arc<dyn Clock>) -> Lane {
        Lane {
            number,
            keys: LaneKeys::new(prefix, number),
            schedule: Schedule::new(1, clock),
            state: Mutex::default(),
            wake: Notify::new(),
            added: AtomicU64::new(0),
            read: watch::Sender::new(0),
            full: AtomicBool::new(false),
        }
    }

    /// The tenure, unless the lease has run out.
    pub fn tenure(&self) -> Option<Tenure> {
        self.state.lock().tenure.clone()
    }

    pub fn begin(&self, tenure: Tenure) {
        self.state.lock().tenure = Some(tenure);
        self.schedule.go_on();
        self.wake.notify_one();
    }

    pub fn prolong(&self, token: &str, until: Instant) {
        if let Some(tenure) = &mut self.state.lock().tenure
            && tenure.token == token
        {
            tenure.until = until;
        }
    }

    /// Nothing more is taken, so that others can have the lane once all is settled.
    pub fn prepare_to_leave(&self) {
        if let Some(tenure) = &mut self.state.lock().tenure {
            tenure.leaving = true;
            self.schedule.hold();
        }
    }

    pub fn stay(&self) {
        if let Some(tenure) = &mut self.state.lock().tenure {
            tenure.leaving = false;
            self.schedule.go_on();
        }
    }

    /// The lane is somebody else's, or will be: forgets all of it.
    pub fn lose(&self, token: &str) {
        let mut state = self.state.lock();
        if state.tenure.take_if(|tenure| tenure.token == token).is_some() {
            state.lost = self.schedule.clear().into_iter().collect();
        }
    }

    /// Puts in line what was read, if the lane is still held as it was then.
    pub fn take_in(&self, token: &str, backlog: Option<String>, read: Vec<Waiting>) {
        let mut state = self.state.lock();
        let State { tenure: Some(tenure), lost, next_place } = &mut *state else { return };
        if tenure.token != token {
            return;
        }
        tenure.backlog = backlog;
        let placed = read.into_iter().map(|waiting| {
            lost.remove(&waiting.op.id);
            *next_place += 1;
            Waiting { place: *next_place, ..waiting }
        });
        self.schedule.push(placed);
    }

    /// The token to settle these with; `None` when there is nothing to do.
    pub fn token_for(&self, ops: &[OpId]) -> PortResult<Option<String>> {
        let state = self.state.lock();
        if ops.iter().any(|op| state.lost.contains(op)) {
            return Err(lost());
        }
        if !ops.iter().any(|op| self.schedule.contains(*op)) {
            return Ok(None);
        }
        // Read back and not handed out since: whoever settles it took it in an earlier tenure.
        if ops.iter().any(|op| self.schedule.contains(*op) && !self.schedule.is_taken(*op)) {
            return Err(lost());
        }
        state.tenure.as_ref().map(|tenure| Some(tenure.token.clone())).ok_or_else(lost)
    }

    pub async fn take(&self, max: usize) -> Vec<Lease> {
        let added = self.added.load(Ordering::Acquire);
        if self.state.lock().tenure.is_some() {
            // What was pushed before is taken along with what is here.
            let mut read = self.read.subscribe();
            let caught_up = read.wait_for(|read| *read >= added);
            let _ = tokio::time::timeout(READ_BACK, caught_up).await;
        }
        self.schedule.take(0, max).await
    }

    /// This process has added to the lane.
    pub fn added(&self) {
        self.added.fetch_add(1, Ordering::AcqRel);
        self.wake.notify_one();
    }

    /// To be asked before reading, for [`Lane::has_read`].
    pub fn so_far_added(&self) -> u64 {
        self.added.load(Ordering::Acquire)
    }

    pub fn has_read(&self, added: u64, full: bool) {
        self.full.store(full, Ordering::Release);
        self.read.send_replace(added);
    }

    /// Something was settled: there may be room for more.
    pub fn drained(&self, portion: usize) {
        if self.full.load(Ordering::Acquire) && self.schedule.depth() <= portion / 2 {
            self.wake.notify_one();
        }
    }
}

pub(super) fn lost() -> PortError {
    PortError::new("settle ops", "the lane is somebody else's by now")
}
