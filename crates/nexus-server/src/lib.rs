//! The edges: HTTP, sockets, workers, and the wiring between them.

pub mod clock;
pub mod config;
pub mod listener;
pub mod http;
pub mod keys;
pub mod lifecycle;
pub mod logging;
pub mod metrics;
pub mod network;
