//! The server through its edge: real sockets, real clients.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "../fixture/mod.rs"]
mod fixture;

mod acks;
mod binary;
mod client;
mod ends;
mod engine_protocol;
mod handshake;
mod hostile;
mod limits;
mod mounts;
mod order;
mod recorder;
mod rooms;
mod socket_protocol;
