//! The way a letter leaves the house.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use nexus_protocol::{JobId, Timestamp};

/// Name and address as letters show them; no control characters in either.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// Empty for an address alone.
    pub name: String,
    pub address: String,
}

/// A letter that is ready to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope {
    pub job: JobId,
    /// Which letter it is; bounded.
    pub kind: &'static str,
    /// The same each time the letter is sent; without angle brackets.
    pub message_id: String,
    pub from: Mailbox,
    pub to: Mailbox,
    pub date: Timestamp,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// Beside those that every letter has.
    pub headers: Vec<(&'static str, String)>,
}

/// Its links open accounts: they don't belong into logs.
impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Envelope { job, kind, to, subject, .. } = self;
        f.debug_struct("Envelope")
            .field("job", job)
            .field("kind", kind)
            .field("to", to)
            .field("subject", subject)
            .finish_non_exhaustive()
    }
}

/// Why a letter was not taken. Shown to operators.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    #[error("{why}")]
    Retryable { after: Option<Duration>, why: String },
    #[error("{why}")]
    Final { why: String },
    /// There is nobody at this address: no letter will ever be taken for it.
    #[error("{why}")]
    Undeliverable { why: String },
}

#[async_trait]
pub trait Mail: Send + Sync {
    /// The next server has the letter when this answers `Ok`. Sending one again is harmless: its
    /// `message_id` is the same.
    async fn send(&self, letter: &Envelope) -> Result<(), MailError>;
}
