//! What waits for one subscriber: bounded, and cut rather than slowing the others down.

use std::{
    collections::VecDeque,
    sync::{Arc, Weak},
};

use async_trait::async_trait;
use nexus_core::ports::{Event, News, Subscription};
use parking_lot::Mutex;
use tokio::sync::Notify;

use super::{Filter, Header};

pub(super) struct Inbox {
    filter: Option<Filter>,
    most_events: usize,
    waiting: Mutex<Waiting>,
    arrived: Notify,
}

#[derive(Default)]
struct Waiting {
    news: VecDeque<News>,
    events: usize,
    /// It was full: nothing comes in before half of it is heard.
    cut: bool,
}

impl Inbox {
    pub fn new(filter: Option<Filter>, most_events: usize) -> Arc<Inbox> {
        let (waiting, arrived) = (Mutex::default(), Notify::new());
        Arc::new(Inbox { filter, most_events, waiting, arrived })
    }

    /// Whether an event is for this one; `None` is for everybody.
    pub fn wants(&self, header: Option<&Header>) -> bool {
        match (&self.filter, header) {
            (Some(filter), Some(header)) => filter(header),
            _ => true,
        }
    }

    pub fn events(&self, events: Vec<Event>) {
        let mut waiting = self.waiting.lock();
        waiting.cut &= waiting.events > self.most_events / 2;
        if waiting.cut || waiting.events + events.len() > self.most_events.max(events.len()) {
            metrics::counter!("nexus_bus_dropped_events_total").increment(events.len() as u64);
            if !waiting.cut {
                tracing::warn!(waiting = waiting.events, "the bus is faster than this node: cut");
            }
            waiting.cut = true;
            waiting.lagged();
        } else {
            waiting.events += events.len();
            waiting.news.push_back(News::Events(events));
        }
        self.arrived.notify_one();
    }

    pub fn lagged(&self) {
        self.waiting.lock().lagged();
        self.arrived.notify_one();
    }

    pub fn closed(&self) {
        self.waiting.lock().news.push_back(News::Closed);
        self.arrived.notify_one();
    }

    fn pop(&self) -> Option<News> {
        let mut waiting = self.waiting.lock();
        let news = waiting.news.pop_front()?;
        match &news {
            News::Events(events) => waiting.events -= events.len(),
            News::Lagged => {}
            // It stays the answer.
            News::Closed => waiting.news.push_front(News::Closed),
        }
        Some(news)
    }
}

impl Waiting {
    /// Once is enough: who hears it looks at everything, what was dropped meanwhile too.
    fn lagged(&mut self) {
        if self.news.back() != Some(&News::Lagged) {
            self.news.push_back(News::Lagged);
        }
    }
}

/// The inbox is gone with its subscription.
pub(super) struct RedisSubscription(pub Arc<Inbox>);

#[async_trait]
impl Subscription for RedisSubscription {
    async fn next(&mut self) -> News {
        loop {
            if let Some(news) = self.0.pop() {
                return news;
            }
            self.0.arrived.notified().await;
        }
    }
}

/// The inboxes of this node.
#[derive(Default)]
pub(super) struct Inboxes(Mutex<Vec<Weak<Inbox>>>);

impl Inboxes {
    pub fn add(&self, inbox: &Arc<Inbox>) {
        self.0.lock().push(Arc::downgrade(inbox));
    }

    /// Those whose subscription is still there.
    pub fn open(&self) -> Vec<Arc<Inbox>> {
        let mut inboxes = self.0.lock();
        inboxes.retain(|inbox| inbox.strong_count() > 0);
        inboxes.iter().filter_map(Weak::upgrade).collect()
    }
}
