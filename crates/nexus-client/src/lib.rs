//! The wire from the other end: REST, Socket.IO, and what a client must keep to miss nothing.

mod frame;
pub mod journal;
mod outbox;
pub mod players;
mod process;
mod rest;
mod socket;
mod state;

pub use outbox::Outbox;
pub use process::{Launch, Server, Usage, free_port};
pub use rest::{Answer, Api, Error, Refusal};
pub use socket::{CallError, Client, ConnectError, Event, Listener, NAMESPACES, Pending};
pub use state::{ClientState, OwnChat};
