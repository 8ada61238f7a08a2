//! The ways out over real sockets, against stand-ins that are as strict as the real services.
#![expect(clippy::unwrap_used, reason = "test code")]

mod api;
mod letters;
mod mailbox;
mod sendgrid;
mod smtp;
