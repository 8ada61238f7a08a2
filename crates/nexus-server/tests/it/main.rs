//! The server from outside: real ports, real sockets, memory behind the seams.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "test code")]

mod accounts;
mod chats;
mod cookies;
mod fixture;
mod groups;
mod sessions;
mod shell_layers;
mod shell_process;
mod users;
