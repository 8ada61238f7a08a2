//! Hears all topics for the subscribers of this node.

use std::{collections::HashSet, error::Error, sync::Arc, time::Duration};

use futures_util::future::join_all;
use nexus_core::ports::Event;
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{Instant, MissedTickBehavior, interval, timeout},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    inbox::{Inbox, Inboxes},
    proof::{Found, Proof},
    voice,
    wire::{self, Kind, Message},
};
use crate::{Heard, Redis};

/// How often quiet topics are looked for.
const TICK: Duration = Duration::from_millis(250);
/// At the end, what is on its way may take so long.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// What an ear needs to know.
pub(super) struct Ear {
    pub redis: Redis,
    pub node: Uuid,
    /// One for each topic.
    pub channels: Vec<String>,
    pub inboxes: Arc<Inboxes>,
    /// Turns true when all topics are heard for the first time.
    pub ready: watch::Sender<bool>,
    pub closing: CancellationToken,
}

/// An ear at work.
struct Listening {
    ear: Ear,
    proof: Proof,
    /// A newer node said something that is not known here, and it was told of.
    puzzled: bool,
    /// Topics on which this node's last word was heard.
    ended: HashSet<usize>,
}

impl Ear {
    /// Until the bus is closed.
    pub async fn listen(self) {
        let mut heard = self.redis.subscribe(self.channels.clone());
        let closing = self.closing.clone();
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut beats: Option<JoinHandle<()>> = None;
        let mut listening = Listening {
            proof: Proof::new(self.channels.len(), Instant::now()),
            puzzled: false,
            ended: HashSet::new(),
            ear: self,
        };
        loop {
            tokio::select! {
                () = closing.cancelled() => break,
                news = heard.next() => listening.hear(news),
                now = ticks.tick() => {
                    if listening.tick(now) == Found::Deaf {
                        heard = listening.ear.redis.subscribe(listening.ear.channels.clone());
                    }
                    if beats.as_ref().is_none_or(JoinHandle::is_finished) {
                        let quiet = listening.proof.quiet(now);
                        beats = (!quiet.is_empty()).then(|| listening.ear.say(Kind::Beat, &quiet));
                    }
                }
            }
        }
        let all: Vec<usize> = (0..listening.ear.channels.len()).collect();
        let _said = listening.ear.say(Kind::LastWord, &all);
        let rest = async {
            while listening.ended.len() < all.len() {
                listening.hear(heard.next().await);
            }
        };
        if timeout(LAST_WORDS, rest).await.is_err() {
            tracing::debug!("closed without hearing the end of all topics");
        }
    }

    /// In the background: the ear must go on listening.
    fn say(&self, kind: Kind, topics: &[usize]) -> JoinHandle<()> {
        let (redis, message) = (self.redis.clone(), wire::head(kind, self.node));
        let channels: Vec<String> =
            topics.iter().map(|topic| self.channels[*topic].clone()).collect();
        tokio::spawn(async move {
            let say = channels.iter().map(|channel| voice::send(&redis, channel, message.clone()));
            for err in join_all(say).await.into_iter().filter_map(Result::err) {
                tracing::debug!(error = &err as &dyn Error, "nothing said on a quiet topic");
            }
        })
    }

    fn lagged(&self) {
        metrics::counter!("nexus_bus_lags_total").increment(1);
        self.inboxes.open().iter().for_each(|inbox| inbox.lagged());
    }
}

impl Listening {
    fn hear(&mut self, heard: Heard) {
        let now = Instant::now();
        match heard {
            Heard::Message { channel, payload } => self.message(&channel, &payload, now),
            Heard::Gap => self.proof.lost(now),
            Heard::Live => {
                if self.proof.live(now) {
                    self.ear.lagged();
                }
                self.ear.ready.send_replace(true);
            }
        }
    }

    fn tick(&mut self, now: Instant) -> Found {
        let found = self.proof.tick(now);
        if found != Found::Nothing {
            tracing::warn!(?found, "the bus is away: events may be lost");
            self.ear.lagged();
        }
        found
    }

    fn message(&mut self, channel: &str, payload: &[u8], now: Instant) {
        let Some(topic) = self.ear.channels.iter().position(|known| known == channel) else {
            return;
        };
        self.proof.heard(topic, now);
        let Some(message) = Message::read(payload) else { return self.skip("a message") };
        match message.kind {
            Kind::Beat => {}
            Kind::LastWord if message.publisher == self.ear.node => {
                self.ended.insert(topic);
            }
            Kind::LastWord => {}
            Kind::Events => self.events(message),
        }
    }

    /// Decodes what anybody here wants to hear.
    fn events(&mut self, message: Message<'_>) {
        let inboxes = self.ear.inboxes.open();
        let mut heard: Vec<Vec<Event>> = inboxes.iter().map(|_| Vec::new()).collect();
        for frame in message {
            let wants = |inbox: &Arc<Inbox>| inbox.wants(frame.header.as_ref());
            let wanted: Vec<usize> =
                (0..inboxes.len()).filter(|inbox| wants(&inboxes[*inbox])).collect();
            let Some((last, others)) = wanted.split_last() else { continue };
            let Ok(event) = serde_json::from_slice::<Event>(frame.body) else {
                self.skip("an event");
                continue;
            };
            others.iter().for_each(|inbox| heard[*inbox].push(event.clone()));
            heard[*last].push(event);
        }
        for (inbox, events) in inboxes.iter().zip(heard).filter(|(_, events)| !events.is_empty()) {
            inbox.events(events);
        }
    }

    /// While nodes are replaced one by one, newer ones say what older ones don't understand.
    fn skip(&mut self, what: &str) {
        metrics::counter!("nexus_bus_skipped_total").increment(1);
        if !std::mem::replace(&mut self.puzzled, true) {
            tracing::warn!("{what} on the bus is of a kind not known here, and is passed by");
        }
    }
}
