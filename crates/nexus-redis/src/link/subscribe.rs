//! Hearing sharded channels, wherever their slots are by now.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
    time::Duration,
};

use parking_lot::Mutex;
use redis::{Pipeline, PushInfo, PushKind, RedisResult, Value, aio::MultiplexedConnection};
use tokio::sync::{Notify, mpsc};

use super::{
    Address, Servers,
    topology::{followers, slot},
};

/// Messages that may wait for the subscriber; more are lost, and it hears of that.
const BACKLOG: usize = 8_192;
/// How often to see whether the servers still answer and are masters.
const CHECK: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(100);

#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    Message {
        channel: String,
        payload: Vec<u8>,
    },
    /// Messages were or may have been lost; those before it are complete.
    Gap,
    /// From here on every message is heard, until the next gap.
    Live,
}

/// Ends when it is dropped.
pub struct Subscription {
    heard: mpsc::Receiver<Heard>,
    task: tokio::task::JoinHandle<()>,
}

impl Subscription {
    pub(super) fn start(servers: Arc<Servers>, channels: Vec<String>) -> Subscription {
        let (sender, heard) = mpsc::channel(BACKLOG);
        let outlet = Arc::new(Outlet { sender, full: Mutex::new(false) });
        let task = tokio::spawn(listen(servers, channels, outlet));
        Subscription { heard, task }
    }

    /// May be dropped while it waits: nothing is lost.
    pub async fn next(&mut self) -> Heard {
        match self.heard.recv().await {
            Some(heard) => heard,
            // Its task ends with the runtime only.
            None => std::future::pending().await,
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Where all connections put what they hear; none of them may wait for the subscriber.
struct Outlet {
    sender: mpsc::Sender<Heard>,
    /// Messages were dropped, and the subscriber doesn't know yet.
    full: Mutex<bool>,
}

impl Outlet {
    fn put(&self, heard: Heard) {
        let mut full = self.full.lock();
        self.admit_gap(&mut full);
        *full = *full || self.sender.try_send(heard).is_err();
    }

    fn admit_gap(&self, full: &mut bool) {
        if *full && self.sender.capacity() > 2 {
            let told = self.sender.try_send(Heard::Gap).is_ok();
            *full = !(told && self.sender.try_send(Heard::Live).is_ok());
        }
    }
}

/// Connections that hear all channels between them.
struct Ears {
    version: u64,
    connections: Vec<MultiplexedConnection>,
}

async fn listen(servers: Arc<Servers>, channels: Vec<String>, outlet: Arc<Outlet>) {
    loop {
        // A new one each time: what old connections say late is not about the new ones.
        let trouble = Arc::new(Notify::new());
        let version = servers.known().version;
        match open(&servers, &channels, &outlet, &trouble).await {
            Ok(ears) => {
                outlet.put(Heard::Live);
                watch(&servers, ears, &outlet, &trouble).await;
                outlet.put(Heard::Gap);
            }
            Err(err) => {
                tracing::debug!(error = &err as &dyn std::error::Error, "can't hear Redis yet");
            }
        }
        if !servers.refresh(version).await {
            tokio::time::sleep(PAUSE).await;
        }
    }
}

async fn open(
    servers: &Servers,
    channels: &[String],
    outlet: &Arc<Outlet>,
    trouble: &Arc<Notify>,
) -> RedisResult<Ears> {
    let known = servers.known();
    let mut by_address: BTreeMap<&Address, HashSet<&str>> = BTreeMap::new();
    for channel in channels {
        let holder =
            known.topology.holder(slot(channel)).ok_or_else(super::dispatch::nobody_has_it)?;
        by_address.entry(holder).or_default().insert(channel);
    }
    let opened = by_address.into_iter().map(|(address, channels)| async move {
        let server = servers.server(address)?;
        let hear = hear(Arc::clone(outlet), Arc::clone(trouble));
        let mut connection = server.connect(hear, servers.response_timeout).await?;
        let mut subscribe = Pipeline::with_capacity(channels.len());
        for channel in channels {
            subscribe.cmd("SSUBSCRIBE").arg(channel);
        }
        let answers = connection.send_packed_commands(&subscribe, 0, subscribe.len()).await?;
        Value::Array(answers).extract_error()?;
        RedisResult::Ok(connection)
    });
    let connections = futures_util::future::try_join_all(opened).await?;
    Ok(Ears { version: known.version, connections })
}

fn hear(outlet: Arc<Outlet>, trouble: Arc<Notify>) -> impl Fn(PushInfo) + Send + Sync + 'static {
    move |info| match info.kind {
        PushKind::SMessage => {
            let mut parts = info.data.into_iter();
            if let (Some(Value::BulkString(channel)), Some(Value::BulkString(payload))) =
                (parts.next(), parts.next())
            {
                let channel = String::from_utf8_lossy(&channel).into_owned();
                outlet.put(Heard::Message { channel, payload });
            }
        }
        // The slot has moved away.
        PushKind::Disconnection | PushKind::SUnsubscribe => trouble.notify_one(),
        _ => {}
    }
}

/// Until something is wrong with what is heard.
async fn watch(servers: &Servers, mut ears: Ears, outlet: &Outlet, trouble: &Notify) {
    loop {
        tokio::select! {
            () = trouble.notified() => return,
            () = tokio::time::sleep(CHECK) => {}
        }
        outlet.admit_gap(&mut outlet.full.lock());
        if servers.known().version != ears.version {
            return;
        }
        for connection in &mut ears.connections {
            let ask = redis::cmd("ROLE");
            let role = connection.send_packed_command(&ask);
            let role = tokio::time::timeout(servers.response_timeout, role).await;
            // Half open, stalled, or demoted.
            if !matches!(role, Ok(Ok(role)) if followers(&role).is_some()) {
                return;
            }
        }
    }
}
