//! The store on a MongoDB replica set, file by file beside the SQLite one.
//!
//! There are no transactions: a chat's messages are its log, and every change of it begins with one
//! insert there (`log`, `commit`), whose effects are then applied so that applying them twice, or
//! late, does nothing (`apply`). What users change for themselves goes the same way through
//! `user_changes`.

mod announcements;
mod apply;
mod audit;
mod bonds;
mod bulk;
mod ceremonies;
mod chats;
mod columns;
mod commit;
mod database;
mod deletion;
mod digests;
mod email_tokens;
mod emails;
mod exports;
mod fault;
mod group;
mod index;
mod invites;
mod jobs;
mod links;
mod log;
mod marks;
mod memory;
mod messages;
mod migrate;
mod names;
mod pages;
mod passkeys;
mod places;
mod receipts;
mod records;
mod reports;
mod requests;
mod retention;
mod run;
mod search;
mod second_factors;
mod sessions;
mod settings;
mod staff;
mod state;
mod store;
mod suppressions;
mod sweeps;
#[cfg(test)]
mod tests;
mod user_changes;
mod users;
mod views;
mod wipe;

pub use database::{MongoDatabase, Options};
pub use migrate::{Report, SCHEMA_VERSION, SchemaMismatch};
pub use store::MongoStore;
