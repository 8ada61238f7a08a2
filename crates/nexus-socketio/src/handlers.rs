//! Runs the application's handlers, one at a time, while the connection's task goes on.

use std::{
    any::Any, future::poll_fn, panic::AssertUnwindSafe, pin::pin, sync::atomic::Ordering,
    task::Poll,
};

use futures_util::FutureExt;
use serde_json::value::RawValue;

use crate::{
    Ack, ConnectError, Connection, DisconnectReason, Event, Socket,
    driver::{Driver, Work},
    packet::{self, Body, Packet},
    server::random_id,
    stats::Counters,
};

impl Driver {
    pub(crate) async fn handle(&mut self, work: Work) {
        let packet = match work {
            Work::Packet(packet) => packet,
            Work::Message(message) => {
                let Some(engine) = self.shared.server.config.engine.clone() else { return };
                let connection = Connection(self.shared.clone());
                self.drive(engine.message(&connection, message)).await;
                return;
            }
        };
        let Packet { namespace, body } = packet;
        match body {
            Body::Connect(auth) => self.connect(&namespace, auth).await,
            Body::Disconnect => {
                if let Some(socket) = self.socket(&namespace) {
                    socket.leave_with(DisconnectReason::ClientDisconnect);
                    self.run_departures().await;
                }
            }
            Body::Event { name, args, ack } => {
                // A client may not know yet that it has been made to leave.
                let Some(socket) = self.socket(&namespace) else { return };
                let ack = ack.map(|id| Ack { socket: socket.clone(), id });
                let handler = socket.0.namespace.handler.clone();
                self.drive(handler.event(&socket, Event { name, args, ack })).await;
            }
            // Delivered when it was read.
            Body::Ack { .. } => {}
        }
    }

    /// The connection's socket in a namespace, if it has not left.
    pub(crate) fn socket(&self, namespace: &str) -> Option<Socket> {
        let sockets = self.shared.sockets.lock();
        let found = sockets.iter().find(|socket| socket.namespace() == namespace)?;
        found.left().is_none().then(|| found.clone())
    }

    async fn connect(&mut self, path: &str, auth: Option<Box<str>>) {
        if self.socket(path).is_some() {
            self.shared.close(DisconnectReason::ParseError);
            return;
        }
        let server = self.shared.server.clone();
        let Some(namespace) = server.namespaces.get(path) else {
            self.refuse(path, &ConnectError::new("Invalid namespace"));
            return;
        };
        if self.shared.sockets.lock().len() >= server.config.max_namespaces {
            self.refuse(path, &ConnectError::new("Too many namespaces"));
            return;
        }
        let id = match random_id() {
            Ok(id) => id,
            Err(error) => {
                tracing::error!(%error, "no randomness for a socket id");
                self.refuse(path, &ConnectError::new("Temporarily unavailable"));
                return;
            }
        };
        let socket = Socket::new(server.next_key(), id, namespace.clone(), self.shared.clone());
        // The decoder has checked that it is JSON.
        let auth = auth.as_deref().and_then(|json| serde_json::from_str::<&RawValue>(json).ok());
        match self.drive(namespace.handler.connect(&socket, auth)).await {
            Some(Ok(())) => {
                self.connect_by = None;
                {
                    let mut sockets = self.shared.sockets.lock();
                    sockets.reserve_exact(1);
                    sockets.push(socket.clone());
                }
                socket.admit();
                if socket.left().is_some() {
                    self.shared.departures.store(true, Ordering::Release);
                }
            }
            refused => {
                socket.leave_with(DisconnectReason::ServerDisconnect);
                if let Some(Err(error)) = refused {
                    Counters::one(&server.counters.refused);
                    self.refuse(path, &error);
                }
            }
        }
    }

    fn refuse(&self, path: &str, error: &ConnectError) {
        // Strings and JSON values always serialize, and a lost connection needs no answer.
        let _ = packet::refused(path, error).and_then(|packet| self.shared.push(&packet));
    }

    /// Tells the application of all sockets that have left.
    pub(crate) async fn run_departures(&mut self) {
        loop {
            let gone = {
                let mut sockets = self.shared.sockets.lock();
                let index = sockets.iter().position(|socket| socket.left().is_some());
                index.map(|index| sockets.remove(index))
            };
            let Some(socket) = gone else { return };
            let reason = socket.left().unwrap_or(DisconnectReason::ServerDisconnect);
            let handler = socket.0.namespace.handler.clone();
            self.drive(handler.disconnect(&socket, reason)).await;
        }
    }

    /// The connection is over: everybody leaves.
    pub(crate) async fn leave_all(&mut self, reason: DisconnectReason) {
        let sockets = self.shared.sockets.lock().clone();
        for socket in sockets {
            socket.leave_with(reason);
        }
        self.run_departures().await;
    }

    /// Runs a handler to its end while reading and writing go on. A panic ends the connection.
    async fn drive<T>(&mut self, handler: impl Future<Output = T>) -> Option<T> {
        self.handling = true;
        let mut handler = pin!(AssertUnwindSafe(handler).catch_unwind());
        let result = poll_fn(|cx| {
            let result = handler.as_mut().poll(cx);
            if result.is_pending() {
                self.poll_io(cx);
            }
            match result {
                Poll::Ready(result) => Poll::Ready(result),
                Poll::Pending => Poll::Pending,
            }
        })
        .await;
        self.handling = false;
        result.map_err(|panic| self.panicked(&*panic)).ok()
    }

    fn panicked(&self, panic: &(dyn Any + Send)) {
        let message = panic
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("no message");
        tracing::error!(connection = self.shared.id, message, "a socket handler panicked");
        Counters::one(&self.shared.server.counters.handler_panics);
        self.shared.close(DisconnectReason::HandlerPanicked);
    }
}
