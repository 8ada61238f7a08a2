//! The server from outside: real ports, real sockets, memory behind the seams.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "test code")]

mod accounts;
mod admin;
mod backend;
mod changes;
mod chats;
mod contract;
mod convergence;
mod cookies;
mod cross_site;
mod failures;
mod fixture;
mod groups;
mod headers;
mod jobs;
mod limits;
mod mail;
mod messages;
mod passwords;
mod presence;
mod receipts;
mod search;
mod secrets;
mod sessions;
mod settings;
mod shell_fleet;
mod shell_layers;
mod shell_process;
mod sync;
mod throttle;
mod tidy;
mod tls;
mod typing;
mod users;
mod web;
mod wire;
