//! The CPU time of all processes of a fleet, those that ended meanwhile included.

use std::{collections::HashMap, time::Duration};

use crate::Fleet;

#[derive(Default)]
pub struct Meter {
    /// First and last reading, by process id.
    readings: HashMap<u32, (Duration, Duration)>,
    is_begun: bool,
}

impl Meter {
    pub fn read(&mut self, fleet: &Fleet) {
        for part in fleet.parts() {
            let (Some(pid), Ok(usage)) = (part.process.pid(), part.process.usage()) else {
                continue;
            };
            // Who is new since the first reading has begun at nothing.
            let first = if self.is_begun { Duration::ZERO } else { usage.cpu() };
            self.readings.entry(pid).or_insert((first, first)).1 = usage.cpu();
        }
        self.is_begun = true;
    }

    pub fn total(&self) -> Duration {
        self.readings.values().map(|(first, last)| last.saturating_sub(*first)).sum()
    }
}
