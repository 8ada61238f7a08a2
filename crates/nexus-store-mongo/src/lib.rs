//! The store on a MongoDB replica set, file by file beside the SQLite one.
//!
//! There are no transactions: a chat's messages are its log, and every change of it begins with one
//! insert there (`log`, `commit`), whose effects are then applied so that applying them twice, or
//! late, does nothing (`apply`). What users change for themselves goes the same way through
//! `user_changes`.

mod chats;
mod columns;
mod database;
mod fault;
mod log;
mod messages;
mod migrate;
mod receipts;
mod records;
mod run;
mod sessions;
mod store;
#[cfg(test)]
mod tests;
mod user_changes;
mod users;
mod views;

pub use database::{MongoDatabase, Options};
pub use migrate::{Report, SCHEMA_VERSION, SchemaMismatch};
pub use store::MongoStore;
