//! A Socket.IO server: Engine.IO 4 and Socket.IO 5, on hyper.
//!
//! - **Order.** The events of one connection are handled one after the other; the next is not
//!   taken before the handler of the last has returned. That is also the back-pressure.
//! - **Bounds.** Everything a client can make the server hold is bounded: payloads, attachments,
//!   namespaces, and what waits to be sent. A client that reads too slowly is cut.
//! - **Honest ends.** Every socket that was let in is reported as disconnected exactly once:
//!   when it leaves, when its peer vanishes or stops reading, and on shutdown.
//!
//! ```
//! use std::time::Duration;
//! use nexus_socketio::{
//!     ConnectError, DisconnectReason, Event, Namespace, SocketIo, Socket, async_trait,
//! };
//! use serde_json::value::RawValue;
//!
//! struct Chat;
//!
//! #[async_trait]
//! impl Namespace for Chat {
//!     async fn connect(&self, socket: &Socket, auth: Option<&RawValue>) -> Result<(), ConnectError> {
//!         if auth.is_none() {
//!             return Err(ConnectError::new("sign in first").data("unauthenticated"));
//!         }
//!         socket.join("lobby");
//!         Ok(())
//!     }
//!
//!     async fn event(&self, socket: &Socket, event: Event) {
//!         match event.args.get::<String>(0) {
//!             Ok(text) if &*event.name == "say" => {
//!                 println!("{} says {text}", socket.id());
//!                 if let Some(ack) = event.ack {
//!                     let _ = ack.send("heard");
//!                 }
//!             }
//!             _ => {}
//!         }
//!     }
//!
//!     async fn disconnect(&self, socket: &Socket, reason: DisconnectReason) {
//!         println!("{} left: {reason}", socket.id());
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let io = SocketIo::builder().namespace("/chat", Chat).build();
//! let chat = io.of("/chat").expect("it was just added");
//! // Mount `io.service()` at a path: axum's `route_service("/socket.io/", io.service())`,
//! // or call it from hyper's `service_fn`.
//! assert_eq!(chat.to("lobby").emit("news", "hello, all"), 0);
//! io.close(Duration::from_secs(5)).await;
//! # }
//! ```

mod ack;
mod args;
mod broadcast;
mod builder;
mod connection;
mod driver;
mod engine;
mod error;
mod extensions;
mod frames;
#[cfg(fuzzing)]
pub mod fuzzing;
mod handlers;
mod handshake;
mod heartbeat;
mod intake;
mod namespace;
mod outbox;
mod packet;
mod payload;
mod polling;
mod reason;
mod registry;
mod server;
mod service;
mod socket;
mod stats;
mod upgrade;
mod websocket;

pub use ack::Ack;
pub use args::Args;
pub use async_trait::async_trait;
pub use broadcast::{Broadcast, NamespaceRef};
pub use builder::Builder;
pub use connection::{Connection, Transport};
pub use engine::{Engine, EngineMessage};
pub use error::{AckError, ArgError, ConnectError, EmitError, Refusal};
pub use extensions::Extensions;
pub use namespace::{Event, Namespace};
pub use payload::{Attachment, Payload};
pub use reason::DisconnectReason;
pub use server::SocketIo;
pub use service::SocketIoService;
pub use socket::Socket;
pub use stats::Stats;
