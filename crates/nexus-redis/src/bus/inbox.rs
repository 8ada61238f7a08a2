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
    /// Something changes what the filter will say, and its hearer may not have done so yet.
    unsettled: bool,
    /// That something is not in here yet.
    in_hand: bool,
}

impl Inbox {
    pub fn new(filter: Option<Filter>, most_events: usize) -> Arc<Inbox> {
        let (waiting, arrived) = (Mutex::default(), Notify::new());
        Arc::new(Inbox { filter, most_events, waiting, arrived })
    }

    /// Whether an event is for this one; `None` is for everybody.
    ///
    /// What everybody must hear may change what is wanted: somebody joins a chat, and the next
    /// message is for them. So the filter is not believed before all that came earlier is dealt with.
    pub fn wants(&self, header: Option<&Header>) -> bool {
        let Some(filter) = &self.filter else { return true };
        let Some(header) = header else {
            let mut waiting = self.waiting.lock();
            (waiting.unsettled, waiting.in_hand) = (true, true);
            return true;
        };
        // In this order: what is settled now may say so by the filter only.
        self.waiting.lock().unsettled || filter(header)
    }

    pub fn events(&self, events: Vec<Event>) {
        let mut waiting = self.waiting.lock();
        waiting.in_hand = false;
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
        let Some(news) = waiting.news.pop_front() else {
            // Who asks for more has dealt with all there was.
            waiting.unsettled = waiting.in_hand;
            return None;
        };
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
        self.unsettled = true;
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

#[cfg(test)]
mod tests {
    use nexus_protocol::{ChatId, SessionId, event::RevokeReason};
    use uuid::Uuid;

    use super::*;
    use crate::bus::Subject;

    fn about_a_chat() -> Header {
        let chat = Subject::Chat(ChatId(Uuid::from_u128(1)));
        Header { publisher: Uuid::nil(), subjects: vec![chat] }
    }

    #[tokio::test]
    async fn the_filter_is_believed_when_all_that_could_change_it_is_dealt_with() {
        let inbox = Inbox::new(Some(Arc::new(|_: &Header| false)), 10);
        let mut subscription = RedisSubscription(inbox.clone());
        let wants = || inbox.wants(Some(&about_a_chat()));
        let idle = async |subscription: &mut RedisSubscription| {
            let asked = tokio::time::timeout(std::time::Duration::ZERO, subscription.next()).await;
            assert!(asked.is_err(), "there is nothing");
        };
        assert!(!wants());

        assert!(inbox.wants(None));
        idle(&mut subscription).await;
        assert!(wants(), "it is not even here");
        let session = SessionId(Uuid::nil());
        inbox.events(vec![Event::SessionRevoked { session, reason: RevokeReason::Logout }]);
        assert!(wants(), "it waits");
        subscription.next().await;
        assert!(wants(), "it is being dealt with");
        idle(&mut subscription).await;
        assert!(!wants());

        inbox.lagged();
        assert!(wants());
        subscription.next().await;
        idle(&mut subscription).await;
        assert!(!wants());
    }
}
