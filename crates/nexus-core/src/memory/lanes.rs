//! Which op is next: lines of ops, one for each chat, spread over lanes. No time, no waiting.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    sync::Arc,
};

use nexus_protocol::{ChatId, OpId, Timestamp};

use crate::{
    ops::Op,
    ports::{LaneStats, Lease, QueueStats, QueuedOp, lane_of},
};

/// An op that enters a lane, with what earlier tries have left.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub op: Arc<Op>,
    /// Orders the ops of a chat; a backend's own row number.
    pub place: i64,
    pub attempts: u32,
    pub last_error: Option<String>,
    pub last_tried_at: Option<Timestamp>,
    /// Not to be tried again before this.
    pub run_at: Option<Timestamp>,
}

impl Waiting {
    pub fn new(op: Arc<Op>, place: i64) -> Waiting {
        Waiting { op, place, attempts: 0, last_error: None, last_tried_at: None, run_at: None }
    }
}

/// All ops that are not settled, and the order in which they may be carried out.
///
/// A chat whose ops are being carried out, or whose first op waits for another try, is out of the
/// way of all others: each step costs the same however many chats there are.
#[derive(Debug)]
pub struct Lanes {
    lanes: Vec<Lane>,
    ops: HashMap<OpId, Entry>,
    oldest: BTreeSet<(Timestamp, OpId)>,
    retrying: u64,
    taken: usize,
}

#[derive(Debug, Default)]
struct Lane {
    lines: HashMap<ChatId, Line>,
    /// Chats with an op to hand out, each once; the one that waits longest first.
    ready: VecDeque<ChatId>,
    /// Chats that wait for another try of their first op.
    delayed: BTreeSet<(Timestamp, ChatId)>,
}

/// The ops of one chat.
#[derive(Debug, Default)]
struct Line {
    /// Those not taken, by place.
    waiting: VecDeque<(i64, OpId)>,
    /// How many are taken and not settled.
    taken: usize,
    run_at: Option<Timestamp>,
    state: State,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// In neither list: its ops are taken, or it has none.
    #[default]
    Away,
    Ready,
    Delayed(Timestamp),
}

#[derive(Debug)]
struct Entry {
    waiting: Waiting,
    taken: bool,
}

impl Lanes {
    pub fn new(lanes: u16) -> Lanes {
        Lanes {
            lanes: (0..lanes.max(1)).map(|_| Lane::default()).collect(),
            ops: HashMap::new(),
            oldest: BTreeSet::new(),
            retrying: 0,
            taken: 0,
        }
    }

    pub fn count(&self) -> u16 {
        u16::try_from(self.lanes.len()).unwrap_or(u16::MAX)
    }

    pub fn contains(&self, op: OpId) -> bool {
        self.ops.contains_key(&op)
    }

    pub fn is_taken(&self, op: OpId) -> bool {
        self.ops.get(&op).is_some_and(|entry| entry.taken)
    }

    /// How many are taken and not settled.
    pub fn taken(&self) -> usize {
        self.taken
    }

    pub fn depth(&self) -> usize {
        self.ops.len()
    }

    /// Forgets everything. Answers what was taken.
    pub fn clear(&mut self) -> Vec<OpId> {
        let forgotten = std::mem::replace(self, Lanes::new(self.count()));
        let taken = forgotten.ops.into_iter().filter(|(_, entry)| entry.taken);
        taken.map(|(id, _)| id).collect()
    }

    /// The place of an op that is not settled.
    pub fn place(&self, op: OpId) -> Option<i64> {
        self.ops.get(&op).map(|entry| entry.waiting.place)
    }

    /// Adds an op at its place (places of a chat rise) and answers its lane; `None` when its id is
    /// here already.
    pub fn push(&mut self, new: Waiting) -> Option<u16> {
        let (id, chat) = (new.op.id, new.op.chat);
        if self.ops.contains_key(&id) {
            return None;
        }
        let number = lane_of(chat, self.count());
        self.oldest.insert((new.op.queued_at, id));
        self.retrying += u64::from(new.attempts > 0);
        let lane = &mut self.lanes[usize::from(number)];
        let line = lane.lines.entry(chat).or_default();
        line.put_back(new.place, id);
        if line.waiting.front() == Some(&(new.place, id)) {
            line.run_at = new.run_at;
        }
        self.ops.insert(id, Entry { waiting: new, taken: false });
        lane.settle(chat);
        Some(number)
    }

    /// Hands out up to `max` ops of chats that are neither in flight nor delayed.
    pub fn take(&mut self, lane: u16, max: usize, now: Timestamp) -> Vec<Lease> {
        let Some(lane) = self.lanes.get_mut(usize::from(lane)) else { return Vec::new() };
        lane.wake(now);
        let mut leases = Vec::new();
        while leases.len() < max
            && let Some(chat) = lane.ready.pop_front()
        {
            let Some(line) = lane.lines.get_mut(&chat) else { continue };
            line.state = State::Away;
            line.run_at = None;
            while leases.len() < max
                && let Some((_, id)) = line.waiting.pop_front()
            {
                let Some(entry) = self.ops.get_mut(&id) else { continue };
                entry.taken = true;
                line.taken += 1;
                self.taken += 1;
                let attempts = entry.waiting.attempts;
                self.retrying -= u64::from(attempts > 0);
                leases.push(Lease { op: Arc::clone(&entry.waiting.op), attempt: attempts + 1 });
            }
        }
        leases
    }

    /// When a chat of this lane comes back from a delay.
    pub fn next_due(&self, lane: u16) -> Option<Timestamp> {
        let lane = self.lanes.get(usize::from(lane))?;
        lane.delayed.first().map(|(due, _)| *due)
    }

    /// Forgets an op that is settled for good, taken or not.
    pub fn remove(&mut self, op: OpId) -> Option<QueuedOp> {
        let number_of_lanes = self.count();
        let entry = self.ops.remove(&op)?;
        let gone = &entry.waiting.op;
        self.oldest.remove(&(gone.queued_at, op));
        let lane = &mut self.lanes[usize::from(lane_of(gone.chat, number_of_lanes))];
        if let Some(line) = lane.lines.get_mut(&gone.chat) {
            if entry.taken {
                line.taken -= 1;
                self.taken -= 1;
            } else {
                self.retrying -= u64::from(entry.waiting.attempts > 0);
                line.take_out(entry.waiting.place);
            }
            lane.settle(gone.chat);
        }
        Some(queued(entry.waiting))
    }

    /// Puts a taken op back as it was. Answers its lane.
    pub fn release(&mut self, op: OpId) -> Option<u16> {
        self.back(op, |_| None)
    }

    /// Puts a taken op back after a failed try; its chat waits until `run_at`. Answers its lane.
    pub fn retry(&mut self, op: OpId, now: Timestamp, run_at: Timestamp, why: &str) -> Option<u16> {
        self.back(op, |waiting| {
            waiting.attempts += 1;
            waiting.last_error = Some(why.to_owned());
            waiting.last_tried_at = Some(now);
            waiting.run_at = Some(run_at);
            Some(run_at)
        })
    }

    pub fn queued(&self, op: OpId) -> Option<QueuedOp> {
        self.ops.get(&op).map(|entry| queued(entry.waiting.clone()))
    }

    /// All but the dead letters, which are not here.
    pub fn stats(&self) -> QueueStats {
        QueueStats {
            depth: self.ops.len() as u64,
            oldest_at: self.oldest.first().map(|(at, _)| *at),
            retrying: self.retrying,
            dead: 0,
        }
    }

    /// All lanes, in their order, with nobody as their owner.
    pub fn lane_stats(&self) -> Vec<LaneStats> {
        let mut stats: Vec<LaneStats> =
            (0..self.count()).map(|lane| LaneStats { lane, ..LaneStats::default() }).collect();
        for (queued_at, id) in &self.oldest {
            let Some(entry) = self.ops.get(id) else { continue };
            let lane = &mut stats[usize::from(lane_of(entry.waiting.op.chat, self.count()))];
            lane.depth += 1;
            lane.oldest_at.get_or_insert(*queued_at);
        }
        stats
    }

    fn back(
        &mut self,
        op: OpId,
        change: impl FnOnce(&mut Waiting) -> Option<Timestamp>,
    ) -> Option<u16> {
        let number_of_lanes = self.count();
        let entry = self.ops.get_mut(&op).filter(|entry| entry.taken)?;
        entry.taken = false;
        self.taken -= 1;
        let run_at = change(&mut entry.waiting);
        self.retrying += u64::from(entry.waiting.attempts > 0);
        let chat = entry.waiting.op.chat;
        let number = lane_of(chat, number_of_lanes);
        let lane = &mut self.lanes[usize::from(number)];
        let line = lane.lines.entry(chat).or_default();
        line.taken = line.taken.saturating_sub(1);
        line.put_back(entry.waiting.place, op);
        line.run_at = run_at.or(line.run_at);
        lane.settle(chat);
        Some(number)
    }
}

impl Lane {
    /// Brings a chat's state in line with its ops.
    fn settle(&mut self, chat: ChatId) {
        let Some(line) = self.lines.get_mut(&chat) else { return };
        if line.taken == 0 && line.waiting.is_empty() {
            if let State::Delayed(due) = line.state {
                self.delayed.remove(&(due, chat));
            }
            if line.state == State::Ready {
                self.ready.retain(|ready| *ready != chat);
            }
            self.lines.remove(&chat);
            return;
        }
        if line.taken > 0 || line.state != State::Away {
            return;
        }
        match line.run_at {
            Some(due) => {
                line.state = State::Delayed(due);
                self.delayed.insert((due, chat));
            }
            None => {
                line.state = State::Ready;
                self.ready.push_back(chat);
            }
        }
    }

    /// Chats whose delay is over are ready.
    fn wake(&mut self, now: Timestamp) {
        while let Some((due, chat)) = self.delayed.first().copied()
            && due <= now
        {
            self.delayed.pop_first();
            if let Some(line) = self.lines.get_mut(&chat) {
                line.run_at = None;
                line.state = State::Ready;
                self.ready.push_back(chat);
            }
        }
    }
}

impl Line {
    fn put_back(&mut self, place: i64, op: OpId) {
        let at = self.waiting.partition_point(|(other, _)| *other < place);
        self.waiting.insert(at, (place, op));
    }

    fn take_out(&mut self, place: i64) {
        let at = self.waiting.partition_point(|(other, _)| *other < place);
        if self.waiting.get(at).is_some_and(|(other, _)| *other == place) {
            self.waiting.remove(at);
        }
    }
}

fn queued(waiting: Waiting) -> QueuedOp {
    QueuedOp {
        op: waiting.op,
        attempts: waiting.attempts,
        last_error: waiting.last_error,
        last_tried_at: waiting.last_tried_at,
    }
}
