//! Time, ids and chance as inputs, so that a test can set them.

use nexus_protocol::Timestamp;
use uuid::Uuid;

pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

pub trait Ids: Send + Sync {
    /// A new UUIDv7: unique, and later ones sort later.
    fn uuid(&self) -> Uuid;

    /// Fills `bytes` with secret randomness.
    fn fill(&self, bytes: &mut [u8]);
}
