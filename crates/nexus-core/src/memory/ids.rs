//! Ids and chance: the system's, and ones that a test can foresee.

use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use rand::Rng;
use uuid::{Builder, ContextV7, Uuid};

use super::SystemClock;
use crate::ports::{Clock, Ids};

/// UUIDv7 in rising order, also within one millisecond; chance from a generator that the operating
/// system seeds.
#[derive(Debug)]
pub struct SystemIds(Mutex<ContextV7>);

impl SystemIds {
    pub fn new() -> SystemIds {
        SystemIds(Mutex::new(ContextV7::new()))
    }
}

impl Default for SystemIds {
    fn default() -> SystemIds {
        SystemIds::new()
    }
}

impl Ids for SystemIds {
    fn uuid(&self) -> Uuid {
        let millis = u64::try_from(SystemClock.now().0).unwrap_or(0);
        let nanos = u32::try_from(millis % 1_000 * 1_000_000).unwrap_or(0);
        let context = self.0.lock();
        Uuid::new_v7(uuid::Timestamp::from_unix(&*context, millis / 1_000, nanos))
    }

    fn fill(&self, bytes: &mut [u8]) {
        #[expect(clippy::disallowed_methods, reason = "this is the port's one real chance")]
        rand::rng().fill_bytes(bytes);
    }
}

/// 1, 2, 3 … as UUIDv7, and bytes that are the same in each run.
#[derive(Debug, Default)]
pub struct CountingIds(AtomicU64);

impl CountingIds {
    pub fn new() -> CountingIds {
        CountingIds::default()
    }

    fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }
}

impl Ids for CountingIds {
    fn uuid(&self) -> Uuid {
        Builder::from_unix_timestamp_millis(self.next(), &[0; 10]).into_uuid()
    }

    fn fill(&self, bytes: &mut [u8]) {
        // SplitMix64, begun anew with each call's number.
        let mut state = self.next().wrapping_mul(0x9E37_79B9_7F4A_7C15);
        for chunk in bytes.chunks_mut(8) {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            chunk.copy_from_slice(&(mixed ^ (mixed >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}
