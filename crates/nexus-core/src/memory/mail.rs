//! Letters that a test reads.

use std::collections::VecDeque;

use async_trait::async_trait;
use parking_lot::Mutex;

use crate::ports::{Envelope, Mail, MailError};

/// Keeps all letters, except those that it was told to refuse.
#[derive(Debug, Default)]
pub struct MemoryMail {
    sent: Mutex<Vec<Envelope>>,
    refusals: Mutex<VecDeque<MailError>>,
}

impl MemoryMail {
    pub fn new() -> MemoryMail {
        MemoryMail::default()
    }

    /// In the order in which they came.
    pub fn sent(&self) -> Vec<Envelope> {
        self.sent.lock().clone()
    }

    /// The next letters are answered so, one each.
    pub fn refuse(&self, refusals: impl IntoIterator<Item = MailError>) {
        self.refusals.lock().extend(refusals);
    }
}

#[async_trait]
impl Mail for MemoryMail {
    async fn send(&self, letter: &Envelope) -> Result<(), MailError> {
        if let Some(refusal) = self.refusals.lock().pop_front() {
            return Err(refusal);
        }
        self.sent.lock().push(letter.clone());
        Ok(())
    }
}
