//! The server from outside: real ports, real sockets, memory behind the seams.
#![expect(clippy::unwrap_used, reason = "test code")]

mod shell_layers;
mod shell_process;
