//! Tells the nodes, topic by topic. What comes while a message is on its way goes with the next
//! one: order is kept, however Redis answers, and a busy node sends few large messages.

use std::sync::Arc;

use nexus_core::ports::{PortError, PortResult};
use redis::cmd;
use tokio::sync::{mpsc, oneshot};

use crate::Redis;

/// So many publications may wait for a topic before publishers wait for it too.
const WAITING: usize = 1_024;
/// So many go in one message.
const TOGETHER: usize = 64;

pub(super) const PUBLISHING: &str = "publish events";

/// Some events of one topic, as bytes.
pub(super) struct Publication {
    pub frames: Vec<u8>,
    pub told: oneshot::Sender<Result<(), Arc<PortError>>>,
}

pub(super) fn topic(
    redis: Redis,
    channel: String,
    head: Vec<u8>,
) -> (mpsc::Sender<Publication>, impl Future<Output = ()>) {
    let (sender, receiver) = mpsc::channel(WAITING);
    (sender, speak(redis, channel, head, receiver))
}

/// Until there is nobody left who could publish.
async fn speak(
    redis: Redis,
    channel: String,
    head: Vec<u8>,
    mut waiting: mpsc::Receiver<Publication>,
) {
    let mut together = Vec::new();
    while waiting.recv_many(&mut together, TOGETHER).await > 0 {
        let mut message = head.clone();
        together.iter().for_each(|publication| message.extend(&publication.frames));
        let told = send(&redis, &channel, message).await.map_err(Arc::new);
        for publication in together.drain(..) {
            // Who has given up is not told.
            let _ = publication.told.send(told.clone());
        }
    }
}

pub(super) async fn send(redis: &Redis, channel: &str, message: Vec<u8>) -> PortResult<()> {
    let mut publish = cmd("SPUBLISH");
    publish.arg(channel).arg(message);
    redis.query::<i64>(PUBLISHING, channel, &publish).await.map(drop)
}
