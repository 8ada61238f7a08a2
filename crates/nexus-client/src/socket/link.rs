//! The task behind a [`super::Client`]: sole owner of the WebSocket.

use std::{collections::HashMap, time::Duration};

use futures_util::{SinkExt, StreamExt};
use nexus_protocol::EventError;
use serde_json::Value;
use tokio::{
    net::TcpStream,
    sync::{mpsc, oneshot, watch},
    time::{Instant, timeout, timeout_at},
};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Error as WsError, Message, Utf8Bytes, protocol::WebSocketConfig},
};

use super::{CallError, ConnectError, Listener};
use crate::frame::Frame;

/// Where the server does not say how long it may be silent.
const SILENCE: Duration = Duration::from_secs(45);

type Answer = oneshot::Sender<Result<Value, CallError>>;

pub(super) enum Command {
    /// `args` is the array `["name",body]` as text.
    Emit {
        namespace: &'static str,
        args: String,
        answer: Option<Answer>,
    },
    Raw(String),
    Close,
}

pub(super) struct Link {
    stream: WebSocketStream<TcpStream>,
    listener: Listener,
    answers: HashMap<u64, Answer>,
    next_id: u64,
    /// Without a word from the server for this long the connection is dead, as for any client.
    patience: Duration,
}

impl Link {
    pub(super) async fn open(
        host: &str,
        auth: Value,
        namespaces: &[&str],
        mut listener: Listener,
    ) -> Result<Link, ConnectError> {
        let tcp = TcpStream::connect(host).await.map_err(unreached)?;
        tcp.set_nodelay(true).map_err(unreached)?;
        let url = format!("ws://{host}/socket.io/?EIO=4&transport=websocket");
        // Small buffers: one process holds thousands of these.
        let config = WebSocketConfig::default().read_buffer_size(4096).write_buffer_size(4096);
        let opened = client_async_with_config(url, tcp, Some(config)).await;
        let (mut stream, _) = opened.map_err(unreached)?;
        for namespace in namespaces {
            let packet = Message::text(format!("40{namespace},{auth}"));
            stream.feed(packet).await.map_err(unreached)?;
        }
        stream.flush().await.map_err(unreached)?;
        let (mut missing, mut patience) = (namespaces.len(), SILENCE);
        while missing > 0 {
            let text = read(&mut stream).await.map_err(ConnectError::Transport)?;
            match Frame::parse(&text) {
                Frame::Open { body } => patience = between_pings(body).unwrap_or(patience),
                Frame::Connected { .. } => missing -= 1,
                Frame::Refused { namespace, body } => return Err(refused(namespace, body)),
                Frame::Ping => stream.send(Message::text("3")).await.map_err(unreached)?,
                Frame::Event { namespace, payload } => listener(namespace, payload),
                Frame::Close => return Err(ConnectError::Transport("closed".to_owned())),
                _ => {}
            }
        }
        Ok(Link { stream, listener, answers: HashMap::new(), next_id: 0, patience })
    }

    /// Until the connection ends, or all handles are gone.
    pub(super) async fn run(
        mut self,
        mut commands: mpsc::UnboundedReceiver<Command>,
        closed: watch::Sender<Option<String>>,
    ) {
        let mut heard = Instant::now();
        let reason = loop {
            tokio::select! {
                text = timeout_at(heard + self.patience, read(&mut self.stream)) => {
                    heard = Instant::now();
                    let handled = match text {
                        Ok(Ok(text)) => self.receive(&text).await,
                        Ok(Err(reason)) => Err(reason),
                        Err(_) => Err("ping timeout".to_owned()),
                    };
                    if let Err(reason) = handled {
                        break reason;
                    }
                }
                command = commands.recv() => {
                    let patience = self.patience;
                    match timeout(patience, self.write(command, &mut commands)).await {
                        Ok(Ok(())) => {}
                        Ok(Err(reason)) => break reason,
                        Err(_) => break "nothing can be written".to_owned(),
                    }
                }
            }
        };
        for (_, answer) in self.answers.drain() {
            let _ = answer.send(Err(CallError::Closed(reason.clone())));
        }
        closed.send_replace(Some(reason));
    }

    async fn receive(&mut self, text: &Utf8Bytes) -> Result<(), String> {
        match Frame::parse(text) {
            Frame::Ping => self.stream.send(Message::text("3")).await.map_err(told)?,
            Frame::Event { namespace, payload } => (self.listener)(namespace, payload),
            Frame::Ack { id, payload } => {
                if let Some(answer) = self.answers.remove(&id) {
                    let _ = answer.send(acknowledged(payload));
                }
            }
            Frame::Disconnected { namespace } => {
                return Err(format!("io server disconnect of {namespace}"));
            }
            Frame::Close => return Err("transport close".to_owned()),
            Frame::Open { .. } | Frame::Connected { .. } | Frame::Refused { .. } | Frame::Other => {
            }
        }
        Ok(())
    }

    /// Writes all that waits before it flushes: pipelined calls share a packet.
    async fn write(
        &mut self,
        first: Option<Command>,
        commands: &mut mpsc::UnboundedReceiver<Command>,
    ) -> Result<(), String> {
        let mut command = first.unwrap_or(Command::Close);
        loop {
            match command {
                Command::Emit { namespace, args, answer } => {
                    let frame = self.numbered(namespace, &args, answer);
                    self.stream.feed(Message::text(frame)).await.map_err(told)?;
                }
                Command::Raw(frame) => {
                    self.stream.feed(Message::text(frame)).await.map_err(told)?;
                }
                Command::Close => {
                    let _ = self.stream.send(Message::text("1")).await;
                    let _ = self.stream.close(None).await;
                    return Err("io client disconnect".to_owned());
                }
            }
            match commands.try_recv() {
                Ok(next) => command = next,
                Err(_) => return self.stream.flush().await.map_err(told),
            }
        }
    }

    fn numbered(&mut self, namespace: &str, args: &str, answer: Option<Answer>) -> String {
        let Some(answer) = answer else { return format!("42{namespace},{args}") };
        let id = self.next_id;
        self.next_id += 1;
        self.answers.insert(id, answer);
        format!("42{namespace},{id}{args}")
    }
}

/// How long the server may be silent, as it says itself in the opening packet.
fn between_pings(opening: &str) -> Option<Duration> {
    let opening: Value = serde_json::from_str(opening).ok()?;
    let millis = |name: &str| opening[name].as_u64();
    Some(Duration::from_millis(millis("pingInterval")? + millis("pingTimeout")?))
}

/// The next text message; the reason when there is none any more.
async fn read(stream: &mut WebSocketStream<TcpStream>) -> Result<Utf8Bytes, String> {
    loop {
        match stream.next().await {
            Some(Ok(Message::Text(text))) => return Ok(text),
            Some(Ok(Message::Close(frame))) => {
                return Err(frame.map_or_else(
                    || "transport close".to_owned(),
                    |frame| format!("transport close {} {}", frame.code, frame.reason),
                ));
            }
            Some(Ok(_)) => {}
            Some(Err(err)) => return Err(told(err)),
            None => return Err("transport close".to_owned()),
        }
    }
}

/// An acknowledgement's arguments; one alone is the answer.
fn acknowledged(payload: &str) -> Result<Value, CallError> {
    let mut args: Vec<Value> = serde_json::from_str(payload).unwrap_or_default();
    let answer = if args.is_empty() { Value::Null } else { args.swap_remove(0) };
    match answer.get("error").map(|error| serde_json::from_value::<EventError>(error.clone())) {
        Some(Ok(error)) => Err(CallError::Refused(error)),
        _ => Ok(answer),
    }
}

fn refused(namespace: &str, body: &str) -> ConnectError {
    let mut body: Value = serde_json::from_str(body).unwrap_or_default();
    ConnectError::Refused {
        namespace: namespace.to_owned(),
        message: body["message"].as_str().unwrap_or_default().to_owned(),
        data: body["data"].take(),
    }
}

fn unreached(err: impl std::fmt::Display) -> ConnectError {
    ConnectError::Transport(err.to_string())
}

fn told(err: WsError) -> String {
    format!("transport error: {err}")
}
