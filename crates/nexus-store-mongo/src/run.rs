//! Calls to the driver. A future of it that is dropped half-way costs its connection (and the
//! command may be carried out all the same), so each runs to its end in a task of its own.

use std::{future::Future, time::Duration};

use nexus_core::ports::{PortError, PortResult, failed};

/// What can go wrong in the database, or in what we find there.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Driver(#[from] mongodb::error::Error),
    #[error(transparent)]
    Bson(#[from] bson::error::Error),
    /// Others were faster each time.
    #[error("others keep changing the same things")]
    Contended,
    /// What is stored contradicts itself.
    #[error("found {0} in the database")]
    Unexpected(&'static str),
    /// A write of a bulk.
    #[error("a write was refused: {0}")]
    Refused(String),
}

pub type Result<T, E = Failure> = std::result::Result<T, E>;

/// Carries `call` out. When it takes longer than `limit` its caller is told so, and it goes on by
/// itself.
pub async fn run<T: Send + 'static>(
    limit: Duration,
    doing: &'static str,
    call: impl Future<Output = Result<T>> + Send + 'static,
) -> PortResult<T> {
    match tokio::time::timeout(limit, tokio::spawn(call)).await {
        Ok(Ok(answer)) => answer.map_err(failed(doing)),
        Ok(Err(panicked)) => Err(PortError::new(doing, panicked)),
        Err(elapsed) => Err(PortError::new(doing, elapsed)),
    }
}

/// Whether a unique index stood in the way of a write of one document.
pub fn is_duplicate(error: &mongodb::error::Error) -> bool {
    use mongodb::error::{ErrorKind, WriteFailure};
    match error.kind.as_ref() {
        ErrorKind::Write(WriteFailure::WriteError(error)) => error.code == DUPLICATE_KEY,
        ErrorKind::Command(error) => error.code == DUPLICATE_KEY,
        _ => false,
    }
}

pub const DUPLICATE_KEY: i32 = 11_000;

/// Tries of a step that others may be faster at.
#[derive(Default)]
pub struct Turns {
    taken: u32,
}

impl Turns {
    /// Waits for the next try: what others wrote can't be read before a majority has it.
    pub async fn pause(&mut self) -> Result<()> {
        self.taken += 1;
        if self.taken > MAX_TURNS {
            return Err(Failure::Contended);
        }
        tokio::time::sleep(Duration::from_millis(u64::from(self.taken.min(20)))).await;
        Ok(())
    }
}

const MAX_TURNS: u32 = 200;
