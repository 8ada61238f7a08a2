//! The rules of the chat, and the ports they need. No HTTP, no SQL, no sockets.

pub mod error;
pub mod ops;
pub mod ports;
pub mod search;

pub use error::{Error, Result};
