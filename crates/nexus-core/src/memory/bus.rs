//! The bus of one process: every subscriber hears everything.

use async_trait::async_trait;
use parking_lot::Mutex;
use tokio::sync::mpsc;

use crate::ports::{Bus, Event, News, PortResult, Subscription};

/// So many publications may wait for a subscriber before publishers wait for it too.
const WAITING: usize = 1_024;

/// Loses nothing: a full subscriber holds its publishers up instead, so [`News::Lagged`] never
/// comes from here.
#[derive(Debug)]
pub struct MemoryBus {
    /// `None` once it is closed.
    subscribers: Mutex<Option<Vec<mpsc::Sender<Vec<Event>>>>>,
}

impl MemoryBus {
    pub fn new() -> MemoryBus {
        MemoryBus { subscribers: Mutex::new(Some(Vec::new())) }
    }
}

impl Default for MemoryBus {
    fn default() -> MemoryBus {
        MemoryBus::new()
    }
}

#[async_trait]
impl Bus for MemoryBus {
    async fn publish(&self, events: Vec<Event>) -> PortResult<()> {
        let subscribers = match self.subscribers.lock().as_mut() {
            Some(subscribers) => {
                subscribers.retain(|subscriber| !subscriber.is_closed());
                subscribers.clone()
            }
            None => Vec::new(),
        };
        let Some((last, others)) = subscribers.split_last() else { return Ok(()) };
        for subscriber in others {
            // One that has gone in the meantime misses nothing.
            let _ = subscriber.send(events.clone()).await;
        }
        let _ = last.send(events).await;
        Ok(())
    }

    fn subscribe(&self) -> Box<dyn Subscription> {
        let (sender, receiver) = mpsc::channel(WAITING);
        if let Some(subscribers) = self.subscribers.lock().as_mut() {
            subscribers.push(sender);
        }
        Box::new(MemorySubscription(receiver))
    }

    async fn close(&self) {
        self.subscribers.lock().take();
    }
}

struct MemorySubscription(mpsc::Receiver<Vec<Event>>);

#[async_trait]
impl Subscription for MemorySubscription {
    async fn next(&mut self) -> News {
        match self.0.recv().await {
            Some(events) => News::Events(events),
            None => News::Closed,
        }
    }
}
