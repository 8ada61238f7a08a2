//! When to ping, and when a missing pong means that nobody is there.

use std::time::Duration;

use tokio::time::Instant;

/// Waits for the time of the next ping, or for the pong to the last.
#[derive(Debug)]
pub(crate) struct Heartbeat {
    interval: Duration,
    timeout: Duration,
    /// The next thing to happen.
    pub at: Instant,
    awaiting_pong: bool,
    /// We have not been reading all the time since the ping: the pong may lie unread.
    excused: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Beat {
    Ping,
    /// The pong is overdue, but we did not listen: it gets the same time again.
    Excused,
    Dead,
}

impl Heartbeat {
    /// The first ping comes after one interval.
    pub(crate) fn new(interval: Duration, timeout: Duration) -> Self {
        let at = Instant::now() + interval;
        Self { interval, timeout, at, awaiting_pong: false, excused: false }
    }

    /// When the session is over if no pong comes.
    pub(crate) fn deadline(&self) -> Instant {
        if self.awaiting_pong { self.at } else { self.at + self.timeout }
    }

    pub(crate) fn pong(&mut self) {
        // An unasked pong proves nothing that is not known, and must not put off the ping.
        if self.awaiting_pong {
            self.awaiting_pong = false;
            self.excused = false;
            self.at = Instant::now() + self.interval;
        }
    }

    /// Reading stands still for our own reasons.
    pub(crate) fn excuse(&mut self) {
        self.excused |= self.awaiting_pong;
    }

    /// Time `at` has come.
    pub(crate) fn beat(&mut self) -> Beat {
        if self.awaiting_pong {
            if std::mem::take(&mut self.excused) {
                self.at = Instant::now() + self.timeout;
                return Beat::Excused;
            }
            return Beat::Dead;
        }
        self.awaiting_pong = true;
        let late = self.at.elapsed();
        // Counted from when the ping was due; but if this process was halted meanwhile, the
        // client is owed the whole time.
        let from = if late < self.timeout / 4 { self.at } else { Instant::now() };
        self.at = from + self.timeout;
        Beat::Ping
    }
}

#[cfg(test)]
mod tests;
