//! A namespace that writes down what happens to it and does what events tell it to.

use std::{sync::Arc, time::Duration};

use nexus_socketio::{
    ConnectError, DisconnectReason, Event, Namespace, Payload, Socket, async_trait,
};
use parking_lot::Mutex;
use serde_json::{json, value::RawValue};

#[derive(Default, Clone)]
pub struct Recorder(pub Arc<Log>);

#[derive(Default)]
pub struct Log {
    pub sockets: Mutex<Vec<Socket>>,
    pub numbers: Mutex<Vec<u64>>,
    pub ends: Mutex<Vec<(String, DisconnectReason)>>,
}

impl Recorder {
    pub fn ends(&self) -> Vec<DisconnectReason> {
        self.0.ends.lock().iter().map(|(_, reason)| *reason).collect()
    }

    pub fn socket(&self, index: usize) -> Socket {
        self.0.sockets.lock()[index].clone()
    }
}

#[async_trait]
impl Namespace for Recorder {
    async fn connect(&self, socket: &Socket, auth: Option<&RawValue>) -> Result<(), ConnectError> {
        match auth.map(RawValue::get) {
            Some(r#"{"refuse":true}"#) => {
                return Err(ConnectError::new("no").data(json!({ "code": "refused" })));
            }
            Some(r#"{"panic":true}"#) => panic!("asked to, in connect"),
            _ => {}
        }
        socket.join("everybody");
        self.0.sockets.lock().push(socket.clone());
        Ok(())
    }

    async fn event(&self, socket: &Socket, event: Event) {
        match &*event.name {
            "join" => socket.join(event.args.get::<String>(0).unwrap()),
            "leave" => socket.leave(&event.args.get::<String>(0).unwrap()),
            "number" => {
                let number: u64 = event.args.get(0).unwrap();
                // Some handlers are slower than others: order must not depend on it.
                if number.is_multiple_of(7) {
                    tokio::task::yield_now().await;
                }
                self.0.numbers.lock().push(number);
            }
            "sleep" => tokio::time::sleep(Duration::from_millis(event.args.get(0).unwrap())).await,
            "panic" => panic!("asked to, in event"),
            "kick" => socket.disconnect(),
            "ask" => {
                let answer = socket.emit_with_ack("question", &1, Duration::from_secs(20)).await;
                let answer = answer.unwrap().get::<String>(0).unwrap();
                socket.emit("answered", &answer).unwrap();
            }
            "echo" => socket.emit_args("echo", Payload::from(&event.args)).unwrap(),
            _ => {}
        }
        if let Some(ack) = event.ack {
            let _ = ack.send(&json!({ "ok": true }));
        }
    }

    async fn disconnect(&self, socket: &Socket, reason: DisconnectReason) {
        self.0.ends.lock().push((socket.id().to_owned(), reason));
        assert!(socket.rooms().is_empty(), "a socket leaves its rooms before it is reported");
    }
}
