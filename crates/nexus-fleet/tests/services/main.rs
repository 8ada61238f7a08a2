//! Real servers come up, do what they are told, and are gone afterwards, whatever happens.
#![expect(clippy::unwrap_used, reason = "test code")]

mod front;
mod mongo;
mod redis;
mod store;
mod tool;
