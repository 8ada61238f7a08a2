//! Socket.IO over one WebSocket, with several namespaces on it. A task reads, answers pings and
//! matches acknowledgements; handles only talk to it.

mod link;
#[cfg(test)]
mod tests;

use std::{collections::VecDeque, time::Duration};

use nexus_protocol::EventError;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::{Instant, timeout, timeout_at},
};

use link::{Command, Link};

/// All the server has.
pub const NAMESPACES: [&str; 3] = ["/chat", "/presence", "/typing"];

/// How long an answer or an awaited event may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// An event from the server.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub namespace: String,
    pub name: String,
    pub body: Value,
}

/// Takes events raw, in the reading task: the event's namespace and its payload, the array
/// `["name",body]` as text. For those who count thousands a second and parse few of them.
pub type Listener = Box<dyn FnMut(&str, &str) + Send>;

#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The server said no, with a reason the client can act on.
    #[error("{namespace} refused: {message} {data}")]
    Refused { namespace: String, message: String, data: Value },
    #[error("not reached: {0}")]
    Transport(String),
    #[error("no answer to the handshake")]
    Timeout,
}

impl ConnectError {
    /// `data.code` of a refusal.
    pub fn code(&self) -> Option<&str> {
        match self {
            ConnectError::Refused { data, .. } => data["code"].as_str(),
            ConnectError::Transport(_) | ConnectError::Timeout => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CallError {
    #[error("{:?}: {}", .0.code, .0.message)]
    Refused(EventError),
    /// The connection ended first: whether the event arrived is unknown.
    #[error("the connection ended: {0}")]
    Closed(String),
    #[error("no acknowledgement in time")]
    Timeout,
}

impl CallError {
    pub fn refused(&self) -> Option<&EventError> {
        match self {
            CallError::Refused(err) => Some(err),
            CallError::Closed(_) | CallError::Timeout => None,
        }
    }
}

/// A connection. Dropping it closes the WebSocket.
pub struct Client {
    commands: mpsc::UnboundedSender<Command>,
    events: mpsc::UnboundedReceiver<Event>,
    /// Events that [`Client::next`] has passed over.
    skipped: VecDeque<Event>,
    closed: watch::Receiver<Option<String>>,
}

/// An event on its way; await [`Pending::answer`] for its acknowledgement.
pub struct Pending(oneshot::Receiver<Result<Value, CallError>>);

impl Pending {
    pub async fn answer(self) -> Result<Value, CallError> {
        match timeout(PATIENCE, self.0).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(CallError::Closed("gone".to_owned())),
            Err(_) => Err(CallError::Timeout),
        }
    }
}

impl Client {
    /// Connects to `host` (`127.0.0.1:8080`) and waits until every namespace has let us in.
    pub async fn connect(
        host: &str,
        token: &str,
        namespaces: &[&str],
    ) -> Result<Client, ConnectError> {
        let (sender, events) = mpsc::unbounded_channel();
        let listener: Listener = Box::new(move |namespace, payload| {
            if let Some(event) = event(namespace, payload) {
                // Nobody listens any more: the event may go.
                let _ = sender.send(event);
            }
        });
        let mut client = Client::connect_raw(host, token, namespaces, listener).await?;
        client.events = events;
        Ok(client)
    }

    /// As [`Client::connect`], with all events to `listener` and none to [`Client::next`].
    pub async fn connect_raw(
        host: &str,
        token: &str,
        namespaces: &[&str],
        listener: Listener,
    ) -> Result<Client, ConnectError> {
        let link =
            timeout(PATIENCE, Link::open(host, json!({ "token": token }), namespaces, listener));
        let link = link.await.map_err(|_| ConnectError::Timeout)??;
        let (commands, receiver) = mpsc::unbounded_channel();
        let (closer, closed) = watch::channel(None);
        tokio::spawn(link.run(receiver, closer));
        let (_, events) = mpsc::unbounded_channel();
        Ok(Client { commands, events, skipped: VecDeque::new(), closed })
    }

    /// Emits `event` in its namespace and waits for the acknowledgement.
    pub async fn call(&self, event: &str, body: impl Serialize) -> Result<Value, CallError> {
        self.start(event, body).answer().await
    }

    /// Emits `event` now; several may be under way, and arrive in the order of these calls.
    pub fn start(&self, event: &str, body: impl Serialize) -> Pending {
        let (answer, receiver) = oneshot::channel();
        let args = json!([event, body]).to_string();
        let command = Command::Emit { namespace: namespace_of(event), args, answer: Some(answer) };
        // If the task has ended, the answer's sender is dropped and the receiver hears of it.
        let _ = self.commands.send(command);
        Pending(receiver)
    }

    /// Emits without asking for an acknowledgement.
    pub fn emit(&self, event: &str, body: impl Serialize) {
        let args = json!([event, body]).to_string();
        let command = Command::Emit { namespace: namespace_of(event), args, answer: None };
        let _ = self.commands.send(command);
    }

    /// Puts a frame of the caller's own making on the wire.
    pub fn send_raw(&self, frame: &str) {
        let _ = self.commands.send(Command::Raw(frame.to_owned()));
    }

    /// The body of the next `name`; other events are kept for later calls. `None` when it did not
    /// come in 20 s or the connection ended.
    pub async fn next(&mut self, name: &str) -> Option<Value> {
        if let Some(at) = self.skipped.iter().position(|event| event.name == name) {
            return self.skipped.remove(at).map(|event| event.body);
        }
        let deadline = Instant::now() + PATIENCE;
        loop {
            let event = timeout_at(deadline, self.events.recv()).await.ok()??;
            if event.name == name {
                return Some(event.body);
            }
            self.skipped.push_back(event);
        }
    }

    /// The next event of any name; `None` when the connection has ended and all were taken.
    pub async fn next_any(&mut self) -> Option<Event> {
        match self.skipped.pop_front() {
            Some(event) => Some(event),
            None => self.events.recv().await,
        }
    }

    /// All that have arrived and were not taken yet.
    pub fn try_events(&mut self) -> Vec<Event> {
        let mut events: Vec<Event> = self.skipped.drain(..).collect();
        while let Ok(event) = self.events.try_recv() {
            events.push(event);
        }
        events
    }

    pub fn is_open(&self) -> bool {
        self.closed.borrow().is_none()
    }

    /// Waits for the end of the connection; says why it ended.
    pub async fn closed(&self) -> String {
        let mut closed = self.closed.clone();
        match closed.wait_for(Option::is_some).await {
            Ok(reason) => reason.clone().unwrap_or_default(),
            Err(_) => "gone".to_owned(),
        }
    }

    /// Leaves in good order: the server need not wait for a ping to be missed.
    pub async fn disconnect(self) {
        let _ = self.commands.send(Command::Close);
        let _ = timeout(PATIENCE, self.closed()).await;
    }
}

/// Namespaces follow from the names: `presence:*`, `typing:*`, and all else is `/chat`.
fn namespace_of(event: &str) -> &'static str {
    match event.split(':').next() {
        Some("presence") => "/presence",
        Some("typing") => "/typing",
        _ => "/chat",
    }
}

fn event(namespace: &str, payload: &str) -> Option<Event> {
    let mut args: Vec<Value> = serde_json::from_str(payload).ok()?;
    let body = if args.len() > 1 { args.swap_remove(1) } else { Value::Null };
    let name = args.first()?.as_str()?.to_owned();
    Some(Event { namespace: namespace.to_owned(), name, body })
}
