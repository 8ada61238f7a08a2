//! What crosses the wire: ids, shapes, event names, error codes. Nothing here does anything.

mod announcements;
mod audit;
mod auth;
mod chats;
mod contacts;
mod error;
pub mod event;
mod ids;
mod invites;
mod mail;
mod messages;
mod oidc;
mod operations;
mod passkeys;
mod receipts;
mod reports;
mod rights;
mod sessions;
mod settings;
mod staff;
mod sweeps;
mod sync;
mod timestamp;
mod users;

pub use announcements::*;
pub use audit::*;
pub use auth::*;
pub use chats::*;
pub use contacts::*;
pub use error::*;
pub use ids::*;
pub use invites::*;
pub use mail::*;
pub use messages::*;
pub use oidc::*;
pub use operations::*;
pub use passkeys::*;
pub use receipts::*;
pub use reports::*;
pub use rights::*;
pub use sessions::*;
pub use settings::*;
pub use staff::*;
pub use sweeps::*;
pub use sync::*;
pub use timestamp::Timestamp;
pub use users::*;

/// Longest message text, in characters.
pub const MAX_CONTENT_CHARS: usize = 4_000;
/// Longest `clientId`, in bytes.
pub const MAX_CLIENT_ID_BYTES: usize = 64;
/// Most messages in one outbox flush.
pub const MAX_OUTBOX: usize = 50;
/// Most members of a group.
pub const MAX_MEMBERS: usize = 1_024;
/// Above this many members a chat carries no receipts of the others.
pub const MAX_RECEIPT_MEMBERS: usize = 256;
/// Shortest and longest pause of slow mode.
pub const SLOW_MODE_SECS: std::ops::RangeInclusive<u32> = 5..=3_600;
/// Above this many members nobody is shown typing.
pub const MAX_TYPING_MEMBERS: usize = 100;
/// More changes than this behind, and `sync` answers with a snapshot.
pub const MAX_DELTA: u64 = 250;
/// How many messages a snapshot holds.
pub const SNAPSHOT_MESSAGES: u32 = 30;
/// How long after sending a message may be edited.
pub const EDIT_WINDOW_SECS: i64 = 24 * 60 * 60;
/// Default and largest page.
pub const DEFAULT_PAGE: u32 = 50;
/// Largest page a list answers.
pub const MAX_PAGE: u32 = 200;
