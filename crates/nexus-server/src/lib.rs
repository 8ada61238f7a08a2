//! The edges: HTTP, sockets, workers, and the wiring between them.

pub mod app;
pub mod backends;
pub mod cli;
pub mod commands;
pub mod config;
pub mod fanout;
pub mod http;
pub mod keys;
pub mod lifecycle;
pub mod listener;
pub mod lock;
pub mod logging;
pub mod metrics;
pub mod network;
pub mod outbound;
mod process;
pub mod side_jobs;
pub mod socket;
mod tick;
pub mod worker;
