//! Whether this node really hears all topics. A way may be dead without anybody saying so: what
//! proves a topic is something heard on it, whoever said it, so a node need only speak up where it
//! is quiet.

use std::time::Duration;

use tokio::time::Instant;

/// On a topic as quiet as this a node says something.
const QUIET: Duration = Duration::from_secs(3);
/// A topic as quiet as this, although something was said, is not heard.
const DEAF: Duration = Duration::from_secs(8);
/// A short gap is told of once, when it is over…
const SHORT: Duration = Duration::from_secs(1);
/// …a long one again and again.
const AGAIN: Duration = Duration::from_secs(10);

pub(super) struct Proof {
    /// When each topic was last heard.
    heard: Vec<Instant>,
    gap: Option<Gap>,
}

struct Gap {
    tell_at: Instant,
    /// Nothing was remembered before, so nothing is out of date.
    harmless: bool,
}

/// What time has brought.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    /// A gap lasts: tell of it.
    Lagged,
    /// Tell of it, and hear anew.
    Deaf,
}

impl Proof {
    /// At first nothing is heard.
    pub fn new(topics: usize, now: Instant) -> Proof {
        let gap = Gap { tell_at: now + AGAIN, harmless: true };
        Proof { heard: vec![now; topics], gap: Some(gap) }
    }

    pub fn heard(&mut self, topic: usize, now: Instant) {
        self.heard[topic] = now;
    }

    /// Something may have been lost.
    pub fn lost(&mut self, now: Instant) {
        self.gap.get_or_insert(Gap { tell_at: now + SHORT, harmless: false });
    }

    /// All topics are heard from here on. True when a gap is over that must be told of.
    pub fn live(&mut self, now: Instant) -> bool {
        self.heard.fill(now);
        self.gap.take().is_some_and(|gap| !gap.harmless)
    }

    pub fn tick(&mut self, now: Instant) -> Found {
        let Some(gap) = &mut self.gap else {
            if self.heard.iter().all(|heard| now - *heard <= DEAF) {
                return Found::Nothing;
            }
            self.gap = Some(Gap { tell_at: now + AGAIN, harmless: false });
            return Found::Deaf;
        };
        if now < gap.tell_at {
            return Found::Nothing;
        }
        *gap = Gap { tell_at: now + AGAIN, harmless: false };
        Found::Lagged
    }

    /// Where something must be said.
    pub fn quiet(&self, now: Instant) -> Vec<usize> {
        let quiet = |topic: &usize| now - self.heard[*topic] > QUIET;
        if self.gap.is_some() { Vec::new() } else { (0..self.heard.len()).filter(quiet).collect() }
    }
}
