//! A chat with many who only listen, and how long what is said in it takes to each of them.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use anyhow::{Result, ensure};
use futures_util::{StreamExt, TryStreamExt, stream};
use nexus_client::{Api, Client};
use nexus_protocol::{ChatId, MessageType, MsgSend, UserId, event::MSG_SEND};
use parking_lot::Mutex;
use serde::Deserialize;
use tokio::time::{Instant, interval, sleep, timeout};

use super::{arena::Arena, probe::sign_up};

const PASSING_NOTHING_ON: Duration = Duration::from_secs(20);
/// People who sign up at the same time.
const AT_ONCE: usize = 8;
/// Of the events, only these are looked into.
const NEW: &str = "[\"msg:new\",";

pub struct Hall {
    chat: ChatId,
    speaker: Client,
    listeners: Vec<Client>,
    heard: Arc<Heard>,
    said: u32,
}

struct Heard {
    began: Instant,
    journeys: Mutex<Vec<Duration>>,
    /// Messages that were not the next ones.
    jumps: AtomicUsize,
}

/// From the sender's hand to the listeners' ears.
pub struct Journeys {
    sorted: Vec<Duration>,
}

impl Journeys {
    pub fn at(&self, share: f64) -> Duration {
        let place = (self.sorted.len() as f64 * share).ceil() as usize;
        self.sorted.get(place.saturating_sub(1)).copied().unwrap_or_default()
    }
}

impl fmt::Display for Journeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [half, most, last] = [0.5, 0.99, 1.0].map(|share| self.at(share));
        let count = self.sorted.len();
        write!(f, "p50 {half:.1?} p99 {most:.1?} max {last:.1?} of {count}")
    }
}

impl Hall {
    /// One who speaks, and `members` beside; of these, `sockets` are connected.
    pub async fn build(arena: &Arena<'_>, members: usize, sockets: usize) -> Result<Hall> {
        let node = &arena.fleet.api_nodes[0];
        let number = arena.chance.below(1 << 30);
        let (speaker, _) = sign_up(&node.api(), &format!("speaker{number}")).await?;
        let people = sign_up_all(&node.api(), &format!("h{number}"), members).await?;
        let ids = people.iter().map(|(_, id)| *id).collect();
        let chat = node.api().with_token(&speaker).create_group("Hall", ids).await?.id;
        let heard = Arc::new(Heard {
            began: Instant::now(),
            journeys: Mutex::default(),
            jumps: AtomicUsize::new(0),
        });
        let mut listeners = Vec::new();
        for (token, _) in people.iter().take(sockets) {
            let host = arena.chance.pick(&arena.fleet.api_nodes).host();
            let listener = Box::new(listener(chat, Arc::clone(&heard)));
            listeners.push(Client::connect_raw(&host, token, &["/chat"], listener).await?);
        }
        let speaker = Client::connect(&node.host(), &speaker, &["/chat"]).await?;
        Ok(Hall { chat, speaker, listeners, heard, said: 0 })
    }

    /// At a steady rate, whatever the answers do. Each connected listener has to hear all of it.
    pub async fn speak(&mut self, per_sec: u32, length: Duration) -> Result<Journeys> {
        let until = Instant::now() + length;
        let mut beat = interval(Duration::from_secs(1) / per_sec);
        let (mut under_way, mut accepted) = (Vec::new(), 0);
        while Instant::now() < until {
            beat.tick().await;
            self.said += 1;
            under_way.push(self.speaker.start(MSG_SEND, self.message()));
        }
        for pending in under_way {
            pending.answer().await?;
            accepted += 1;
        }
        let expected = accepted * self.listeners.len();
        let all_heard = async {
            while self.heard.journeys.lock().len() < expected {
                sleep(Duration::from_millis(50)).await;
            }
        };
        drop(timeout(PASSING_NOTHING_ON, all_heard).await);
        let mut sorted = std::mem::take(&mut *self.heard.journeys.lock());
        sorted.sort_unstable();
        let (heard, jumps) = (sorted.len(), self.heard.jumps.swap(0, Relaxed));
        ensure!(heard == expected && jumps == 0, "{heard} of {expected} heard, {jumps} jumps");
        Ok(Journeys { sorted })
    }

    fn message(&self) -> MsgSend {
        MsgSend {
            chat_id: self.chat,
            client_id: format!("said-{}", self.said),
            r#type: MessageType::Text,
            content: self.heard.began.elapsed().as_micros().to_string(),
            reply_to: None,
            mentions: Vec::new(),
        }
    }
}

async fn sign_up_all(api: &Api, name: &str, count: usize) -> Result<Vec<(String, UserId)>> {
    let all =
        stream::iter(0..count).map(async |number| sign_up(api, &format!("{name}x{number}")).await);
    all.buffered(AT_ONCE).try_collect().await
}

/// `content` is when it was said.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Said {
    chat_id: ChatId,
    seq: u64,
    content: String,
}

/// Its messages have to come one by one.
fn listener(chat: ChatId, heard: Arc<Heard>) -> impl FnMut(&str, &str) + Send {
    let mut last = None;
    move |_, payload| {
        if !payload.starts_with(NEW) {
            return;
        }
        let Ok((_, said)) = serde_json::from_str::<(String, Said)>(payload) else { return };
        let Ok(micros) = said.content.parse() else { return };
        if said.chat_id != chat {
            return;
        }
        if last.is_some_and(|last: u64| last + 1 != said.seq) {
            heard.jumps.fetch_add(1, Relaxed);
        }
        last = Some(said.seq);
        let now = heard.began.elapsed();
        heard.journeys.lock().push(now.saturating_sub(Duration::from_micros(micros)));
    }
}
