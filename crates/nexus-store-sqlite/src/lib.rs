//! The default store and durable queue: one SQLite file.
//!
//! All writes go through one thread that commits them in groups (`writer`), all reads through a
//! few others (`readers`), none through a runtime's worker.

mod announcements;
mod audit;
mod bonds;
mod ceremonies;
mod chats;
mod columns;
mod commit;
mod database;
mod deletion;
mod digests;
mod doctor;
mod email_tokens;
mod emails;
mod exports;
mod fault;
mod idempotency;
mod invites;
mod jobs;
mod links;
mod messages;
mod names;
mod passkeys;
mod places;
mod queue;
mod readers;
mod receipts;
mod records;
mod reports;
mod requests;
mod retention;
mod schema;
mod search;
mod second_factors;
mod sessions;
mod settings;
mod staff;
mod store;
mod suppressions;
mod sweeps;
#[cfg(test)]
mod tests;
mod user_changes;
mod users;
mod writer;

pub use database::{Database, Durability, Options};
pub use doctor::Health;
pub use queue::SqliteQueue;
pub use schema::{SCHEMA_VERSION, migrate};
pub use store::SqliteStore;
