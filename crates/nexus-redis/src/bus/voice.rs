//! Tells the nodes, topic by topic. What comes while a message is on its way goes with the next
//! one: order is kept, however Redis answers, and a busy node sends few large messages.

use std::sync::Arc;

use nexus_core::ports::{PortError, PortResult};
use redis::cmd;
use tokio::sync::{mpsc, oneshot};

use crate::Redis;

/// So many publications may wait for a topic before publishers wait for it too.
const WAITING: usize = 1_024;
/// A message with so many bytes takes no more publications in. Redis cuts off who is megabytes behind.
const FULL: usize = 256 * 1024;

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
    while let Some(first) = waiting.recv().await {
        let (mut message, mut tell) = (head.clone(), Vec::new());
        let mut next = Some(first);
        while let Some(publication) = next {
            message.extend(publication.frames);
            tell.push(publication.told);
            next = if message.len() < FULL { waiting.try_recv().ok() } else { None };
        }
        let told = send(&redis, &channel, message).await.map_err(Arc::new);
        for publisher in tell {
            // Who has given up is not told.
            let _ = publisher.send(told.clone());
        }
    }
}

pub(super) async fn send(redis: &Redis, channel: &str, message: Vec<u8>) -> PortResult<()> {
    let mut publish = cmd("SPUBLISH");
    publish.arg(channel).arg(message);
    redis.query::<i64>(PUBLISHING, channel, &publish).await.map(drop)
}
