//! News for every node, on a fixed number of sharded channels (topics).
//!
//! At most once: a publication is not kept, and who was away is told only that something may have
//! been lost. What is about one chat (or user, or session) is on one topic and keeps its order;
//! between topics there is none.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use nexus_core::ports::{Bus, Event, PortError, PortResult, Subscription};
use parking_lot::Mutex;
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::timeout,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use crate::Redis;
use ear::Ear;
use inbox::{Inbox, Inboxes, RedisSubscription};
use voice::{PUBLISHING, Publication};
use wire::Kind;

mod ear;
mod inbox;
mod proof;
#[cfg(test)]
mod tests;
mod voice;
mod wire;

pub use wire::{Header, Subject};

/// Whether an event may concern this node. Not asked for those that concern every node.
pub type Filter = Arc<dyn Fn(&Header) -> bool + Send + Sync>;

/// The same for every node there is, of this version and the next.
const TOPICS: u16 = 32;

#[derive(Clone, Debug)]
pub struct BusOptions {
    /// So many events may wait for a subscriber; with more it is cut, and told so.
    pub most_waiting: usize,
    /// A publication takes no longer.
    pub publish_timeout: Duration,
}

impl Default for BusOptions {
    fn default() -> BusOptions {
        BusOptions { most_waiting: 16_384, publish_timeout: Duration::from_secs(5) }
    }
}

pub struct RedisBus {
    redis: Redis,
    node: Uuid,
    options: BusOptions,
    /// Where each topic's publications go; `None` once the bus is closed.
    voices: Mutex<Option<Arc<[mpsc::Sender<Publication>]>>>,
    speaking: TaskTracker,
    inboxes: Arc<Inboxes>,
    ear: Mutex<Option<watch::Receiver<bool>>>,
    listening: TaskTracker,
    closing: CancellationToken,
}

impl RedisBus {
    /// `node` tells this process from all others.
    pub fn new(redis: Redis, node: Uuid, options: BusOptions) -> RedisBus {
        let speaking = TaskTracker::new();
        let voice = |topic| {
            let head = wire::head(Kind::Events, node);
            let (sender, speak) = voice::topic(redis.clone(), channel(&redis, topic), head);
            speaking.spawn(speak);
            sender
        };
        let voices = (0..TOPICS).map(voice).collect();
        RedisBus {
            node,
            voices: Mutex::new(Some(voices)),
            speaking,
            inboxes: Arc::default(),
            ear: Mutex::default(),
            listening: TaskTracker::new(),
            closing: CancellationToken::new(),
            options,
            redis,
        }
    }

    /// Like `subscribe`, but events that `filter` does not want are not even decoded.
    pub fn subscribe_filtered(&self, filter: Filter) -> Box<dyn Subscription> {
        self.open(Some(filter))
    }

    fn open(&self, filter: Option<Filter>) -> Box<dyn Subscription> {
        let inbox = Inbox::new(filter, self.options.most_waiting);
        if self.voices.lock().is_none() {
            inbox.closed();
            return Box::new(RedisSubscription(inbox));
        }
        self.inboxes.add(&inbox);
        self.ear.lock().get_or_insert_with(|| self.listen());
        Box::new(RedisSubscription(inbox))
    }

    /// A node that never subscribes hears nothing, and need not.
    fn listen(&self) -> watch::Receiver<bool> {
        let (ready, is_ready) = watch::channel(false);
        let ear = Ear {
            redis: self.redis.clone(),
            node: self.node,
            channels: (0..TOPICS).map(|topic| channel(&self.redis, topic)).collect(),
            inboxes: Arc::clone(&self.inboxes),
            ready,
            closing: self.closing.clone(),
        };
        self.listening.spawn(ear.listen());
        is_ready
    }

    /// What is published after `subscribe` is heard by that subscriber.
    async fn heard_here(&self) {
        let ear = self.ear.lock().clone();
        if let Some(mut ready) = ear {
            // Never an error before the bus is closed.
            let _ = ready.wait_for(|ready| *ready).await;
        }
    }

    /// By topic, in the order of the topics' first events.
    fn frames(&self, events: &[Event]) -> PortResult<Vec<(u16, Vec<u8>)>> {
        let mut frames: Vec<(u16, Vec<u8>)> = Vec::new();
        for event in events {
            let topic = wire::topic_of(event, TOPICS);
            let place = frames.iter().position(|(known, _)| *known == topic);
            let place = place.unwrap_or_else(|| {
                frames.push((topic, Vec::new()));
                frames.len() - 1
            });
            wire::write(event, &mut frames[place].1).map_err(failed)?;
        }
        Ok(frames)
    }

    async fn tell(&self, events: Vec<Event>) -> PortResult<()> {
        self.heard_here().await;
        let voices = self.voices.lock().clone().ok_or_else(|| failed("the bus was closed"))?;
        let mut told = Vec::new();
        for (topic, frames) in self.frames(&events)? {
            let (tell, is_told) = oneshot::channel();
            let publication = Publication { frames, told: tell };
            voices[usize::from(topic)]
                .send(publication)
                .await
                .map_err(|_| failed("the bus was closed"))?;
            told.push(is_told);
        }
        drop(voices);
        for is_told in told {
            is_told.await.map_err(failed)?.map_err(failed)?;
        }
        Ok(())
    }
}

#[async_trait]
impl Bus for RedisBus {
    /// An error may leave some of the events published.
    async fn publish(&self, events: Vec<Event>) -> PortResult<()> {
        timeout(self.options.publish_timeout, self.tell(events)).await.map_err(failed)?
    }

    fn subscribe(&self) -> Box<dyn Subscription> {
        self.open(None)
    }

    async fn close(&self) {
        self.voices.lock().take();
        self.speaking.close();
        // Later than this nobody waits for the outcome.
        if timeout(self.options.publish_timeout, self.speaking.wait()).await.is_err() {
            tracing::warn!("closing the bus took too long: events may be lost");
        }
        self.closing.cancel();
        self.listening.close();
        self.listening.wait().await;
        self.inboxes.open().iter().for_each(|inbox| inbox.closed());
    }
}

/// The port's words, around a cause.
fn failed(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> PortError {
    PortError::new(PUBLISHING, cause)
}

fn channel(redis: &Redis, topic: u16) -> String {
    format!("{{{}:b:{topic}}}", redis.prefix())
}
