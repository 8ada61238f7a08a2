//! The seams. Each trait states a promise; `conformance` holds every backend to it.

mod announcements;
mod audit;
mod bonds;
mod bus;
mod ceremonies;
mod chats;
mod clock;
mod deletion;
mod digests;
mod email_tokens;
mod emails;
mod exports;
mod idempotency;
mod invites;
mod jobs;
mod limits;
mod links;
mod mail;
mod messages;
mod names;
mod passkeys;
mod places;
mod presence;
mod queue;
mod receipts;
mod reports;
mod requests;
mod retention;
mod second_factors;
mod sessions;
mod settings;
mod staff;
mod suppressions;
mod sweeps;
mod throttle;
mod users;
mod web;

use std::sync::Arc;

pub use announcements::*;
pub use audit::*;
pub use bonds::*;
pub use bus::*;
pub use ceremonies::*;
pub use chats::*;
pub use clock::*;
pub use deletion::*;
pub use digests::*;
pub use email_tokens::*;
pub use emails::*;
pub use exports::*;
pub use idempotency::*;
pub use invites::*;
pub use jobs::*;
pub use limits::*;
pub use links::*;
pub use mail::*;
pub use messages::*;
pub use names::*;
pub use passkeys::*;
pub use places::*;
pub use presence::*;
pub use queue::*;
pub use receipts::*;
pub use reports::*;
pub use requests::*;
pub use retention::*;
pub use second_factors::*;
pub use sessions::*;
pub use settings::*;
pub use staff::*;
pub use suppressions::*;
pub use sweeps::*;
pub use throttle::*;
pub use users::*;
pub use web::*;

/// A backend failed: what it was doing, and the driver's own error.
///
/// Always worth a retry. A refusal is never a `PortError`: methods answer it as a value.
#[derive(Debug, thiserror::Error)]
#[error("could not {doing}")]
pub struct PortError {
    pub doing: &'static str,
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

impl PortError {
    pub fn new(
        doing: &'static str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> PortError {
        PortError { doing, source: source.into() }
    }

    /// The same failure for each part of what was asked at once.
    pub fn for_each<T>(self, parts: usize) -> Vec<PortResult<T>> {
        let (doing, shared) = (self.doing, Arc::new(self));
        (0..parts).map(|_| Err(PortError::new(doing, Arc::clone(&shared)))).collect()
    }
}

/// Wraps a driver's error with what was being done.
pub fn failed<E: std::error::Error + Send + Sync + 'static>(
    doing: &'static str,
) -> impl FnOnce(E) -> PortError {
    move |error| PortError::new(doing, error)
}

pub type PortResult<T> = Result<T, PortError>;

/// What must last. Rules take `&dyn Store`; a backend writes its parts file by file.
pub trait Store:
    UserStore
    + SessionStore
    + PlaceStore
    + EmailStore
    + EmailTokenStore
    + SecondFactorStore
    + CeremonyStore
    + PasskeyStore
    + LinkStore
    + SuppressionStore
    + DigestStore
    + NameStore
    + SettingsStore
    + BondStore
    + RequestStore
    + ChatStore
    + MessageStore
    + ReceiptStore
    + InviteStore
    + JobStore
    + StaffStore
    + AuditStore
    + RetentionStore
    + DeletionStore
    + ReportStore
    + AnnouncementStore
    + SweepStore
    + ExportStore
{
}
impl<T> Store for T where
    T: UserStore
        + SessionStore
        + PlaceStore
        + EmailStore
        + EmailTokenStore
        + SecondFactorStore
        + CeremonyStore
        + PasskeyStore
        + LinkStore
        + SuppressionStore
        + DigestStore
        + NameStore
        + SettingsStore
        + BondStore
        + RequestStore
        + ChatStore
        + MessageStore
        + ReceiptStore
        + InviteStore
        + JobStore
        + StaffStore
        + AuditStore
        + RetentionStore
        + DeletionStore
        + ReportStore
        + AnnouncementStore
        + SweepStore
        + ExportStore
{
}
