//! What the sockets heard: counted, timed, and held against what was sent.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use hdrhistogram::Histogram;
use nexus_client::Listener;
use parking_lot::Mutex;
use serde::Serialize;

/// Shared by all sockets of a run. A message's number is in its `clientId`, and tells when it was
/// due: no latency is forgiven because the sender itself was late.
pub struct Tally {
    began: Mutex<Schedule>,
    pub delivered: AtomicU64,
    pub faults: Faults,
    acks: Mutex<Histogram<u64>>,
    seen: Mutex<Histogram<u64>>,
    heard: Mutex<Vec<Arc<Heard>>>,
}

#[derive(Clone, Copy)]
struct Schedule {
    start: Instant,
    interval: Duration,
    first: u64,
    /// Messages below this are warm-up.
    measured_from: u64,
}

#[derive(Default)]
pub struct Faults {
    lost: AtomicU64,
    doubled: AtomicU64,
    out_of_order: AtomicU64,
    refused: AtomicU64,
}

/// Counts that must be 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    pub lost: u64,
    pub doubled: u64,
    pub out_of_order: u64,
    /// Sends that were refused or not acknowledged.
    pub refused: u64,
}

/// How far one socket has heard its group.
struct Heard {
    group: usize,
    last_seq: AtomicU64,
}

/// One socket to be: whose messages it does not count as deliveries, and what it has heard before.
pub struct Ear {
    pub group: usize,
    pub member: usize,
    pub first_seq: u64,
}

impl Tally {
    pub fn new() -> Arc<Tally> {
        let histogram = || Mutex::new(new_histogram());
        let schedule = Schedule {
            start: Instant::now(),
            interval: Duration::ZERO,
            first: 0,
            measured_from: 0,
        };
        Arc::new(Tally {
            began: Mutex::new(schedule),
            delivered: AtomicU64::new(0),
            faults: Faults::default(),
            acks: histogram(),
            seen: histogram(),
            heard: Mutex::new(Vec::new()),
        })
    }

    /// A new run: message `first` is due now, each later one an `interval` after.
    pub fn begin(&self, first: u64, interval: Duration, warm_up: u64) -> Instant {
        let start = Instant::now();
        let measured_from = first + warm_up;
        *self.began.lock() = Schedule { start, interval, first, measured_from };
        self.acks.lock().reset();
        self.seen.lock().reset();
        start
    }

    pub fn acked(&self, number: u64) {
        if let Some(latency) = self.latency(number) {
            self.acks.lock().saturating_record(latency);
        }
    }

    pub fn refused(&self) {
        self.faults.refused.fetch_add(1, Relaxed);
    }

    fn latency(&self, number: u64) -> Option<u64> {
        let schedule = *self.began.lock();
        if number < schedule.measured_from {
            return None;
        }
        let since_first = u32::try_from(number - schedule.first).ok()?;
        let due = schedule.start + schedule.interval * since_first;
        u64::try_from(due.elapsed().as_micros()).ok()
    }

    pub fn acks(&self) -> Histogram<u64> {
        self.acks.lock().clone()
    }

    pub fn seen(&self) -> Histogram<u64> {
        self.seen.lock().clone()
    }

    /// Whether every socket has heard its group up to the given `seq`.
    pub fn is_complete(&self, last_seqs: &[u64]) -> bool {
        let heard = self.heard.lock();
        heard.iter().all(|heard| heard.last_seq.load(Relaxed) >= last_seqs[heard.group])
    }

    /// Counts what never came, when no more is to be expected.
    pub fn settle(&self, last_seqs: &[u64]) -> Counts {
        for heard in self.heard.lock().iter() {
            let missing = last_seqs[heard.group].saturating_sub(heard.last_seq.load(Relaxed));
            self.faults.lost.fetch_add(missing, Relaxed);
        }
        Counts {
            lost: self.faults.lost.load(Relaxed),
            doubled: self.faults.doubled.load(Relaxed),
            out_of_order: self.faults.out_of_order.load(Relaxed),
            refused: self.faults.refused.load(Relaxed),
        }
    }
}

impl Ear {
    /// Takes every event of one socket, in the task that reads it.
    pub fn listen(self, tally: Arc<Tally>) -> Listener {
        let heard = Arc::new(Heard { group: self.group, last_seq: AtomicU64::new(self.first_seq) });
        tally.heard.lock().push(heard.clone());
        let mut numbers: Vec<Option<u64>> = Vec::new();
        Box::new(move |_, payload| {
            let Some(message) = payload.strip_prefix("[\"msg:new\",") else { return };
            let (Some(seq), Some((sender, number))) = (seq(message), sender_and_number(message))
            else {
                return;
            };
            note_seq(&tally.faults, &heard.last_seq, seq);
            if numbers.len() <= sender {
                numbers.resize(sender + 1, None);
            }
            if numbers[sender].is_some_and(|last| number < last) {
                tally.faults.out_of_order.fetch_add(1, Relaxed);
            }
            numbers[sender] = numbers[sender].max(Some(number));
            if sender != self.member {
                tally.delivered.fetch_add(1, Relaxed);
                if let Some(latency) = tally.latency(number) {
                    tally.seen.lock().saturating_record(latency);
                }
            }
        })
    }
}

/// A socket hears a chat in order and without holes, as long as its connection holds.
fn note_seq(faults: &Faults, last: &AtomicU64, seq: u64) {
    let before = last.load(Relaxed);
    if seq == before + 1 {
        last.store(seq, Relaxed);
    } else if seq == before {
        faults.doubled.fetch_add(1, Relaxed);
    } else if seq < before {
        faults.out_of_order.fetch_add(1, Relaxed);
    } else {
        faults.lost.fetch_add(seq - before - 1, Relaxed);
        last.store(seq, Relaxed);
    }
}

/// `clientId`s of the load: who in the group, and which message of the whole run.
pub fn client_id(member: usize, number: u64) -> String {
    format!("{member}-{number}")
}

fn sender_and_number(message: &str) -> Option<(usize, u64)> {
    let (_, rest) = message.split_once("\"clientId\":\"")?;
    let (sender, number) = rest.split_once('"')?.0.split_once('-')?;
    Some((sender.parse().ok()?, number.parse().ok()?))
}

/// Without parsing the whole message: the generator shares the cores with the server.
fn seq(message: &str) -> Option<u64> {
    let (_, rest) = message.split_once("\"seq\":")?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    rest[..digits].parse().ok()
}

/// Microseconds, up to a minute, to three digits.
fn new_histogram() -> Histogram<u64> {
    #[expect(clippy::expect_used, reason = "constant bounds that are known to be good")]
    Histogram::new_with_bounds(1, 60_000_000, 3).expect("good bounds")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Counts, Ear, Tally};

    fn heard(seqs: &[(u64, u64)], last_seq: u64) -> Counts {
        let tally = Tally::new();
        tally.begin(0, Duration::from_millis(1), 0);
        let mut ear = Ear { group: 0, member: 1, first_seq: 1 }.listen(tally.clone());
        for (seq, number) in seqs {
            let message = format!("{{\"seq\":{seq},\"clientId\":\"0-{number}\"}}");
            ear("/chat", &format!("[\"msg:new\",{message}]"));
        }
        tally.settle(&[last_seq])
    }

    #[test]
    fn counts_what_is_lost_doubled_and_misplaced() {
        let clean = Counts::default();
        assert_eq!(heard(&[(2, 0), (3, 1), (4, 2)], 4), clean);
        assert_eq!(heard(&[(2, 0), (4, 2)], 4), Counts { lost: 1, ..clean });
        assert_eq!(heard(&[(2, 0), (3, 1)], 4), Counts { lost: 1, ..clean });
        assert_eq!(heard(&[(2, 0), (3, 1), (3, 1), (4, 2)], 4), Counts { doubled: 1, ..clean });
        assert_eq!(heard(&[(2, 1), (3, 0), (4, 2)], 4), Counts { out_of_order: 1, ..clean });
    }
}
