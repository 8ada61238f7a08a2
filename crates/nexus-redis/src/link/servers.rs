//! The servers that are known, and who of them holds what.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use parking_lot::{Mutex, RwLock};
use redis::{Cmd, Pipeline, RedisResult, Value};

use super::{
    Address, Options, Seeds, Server,
    server::Failed,
    topology::{self, Known, Topology},
};

/// Looking again and again at what has not changed helps nobody.
const REST: Duration = Duration::from_millis(100);

pub(super) struct Servers {
    pub seeds: Seeds,
    pub response_timeout: Duration,
    connect_timeout: Duration,
    servers: Mutex<HashMap<Address, Arc<Server>>>,
    known: RwLock<Known>,
    /// When the topology was last asked for; held by whoever asks.
    looked: tokio::sync::Mutex<Instant>,
    turn: AtomicUsize,
}

impl Servers {
    pub async fn connect(options: &Options) -> RedisResult<Servers> {
        let seeds = Seeds::parse(&options.urls)?;
        let nobody = Topology::all_on(topology::Shape::Alone, seeds.addresses[0].clone());
        let mut servers = Servers {
            seeds,
            response_timeout: options.response_timeout,
            connect_timeout: options.connect_timeout,
            servers: Mutex::default(),
            known: RwLock::new(Known { version: 0, topology: Arc::new(nobody) }),
            looked: tokio::sync::Mutex::new(Instant::now()),
            turn: AtomicUsize::new(0),
        };
        let topology = Arc::new(topology::find(&servers, None).await?);
        servers.known = RwLock::new(Known { version: 1, topology });
        Ok(servers)
    }

    pub fn known(&self) -> Known {
        self.known.read().clone()
    }

    pub fn turn(&self) -> usize {
        self.turn.fetch_add(1, Ordering::Relaxed)
    }

    pub fn server(&self, address: &Address) -> RedisResult<Arc<Server>> {
        let mut servers = self.servers.lock();
        if let Some(server) = servers.get(address) {
            return Ok(Arc::clone(server));
        }
        let info = self.seeds.info(address, self.response_timeout);
        let server = Arc::new(Server::new(info, self.connect_timeout)?);
        servers.insert(address.clone(), Arc::clone(&server));
        Ok(server)
    }

    /// One command for this very server.
    pub async fn ask(&self, address: &Address, cmd: &Cmd) -> RedisResult<Value> {
        let mut pipe = Pipeline::with_capacity(1);
        pipe.add_command(cmd.clone());
        let sent = self.server(address)?.send(&pipe, self.response_timeout).await;
        let (Failed::Unsent(err) | Failed::Unanswered(err)) = match sent {
            Ok(values) => return values.into_iter().next().unwrap_or_default().extract_error(),
            Err(err) => err,
        };
        Err(err)
    }

    /// Finds out who holds what by now, unless somebody has since `version`. Answers whether it is
    /// different.
    pub async fn refresh(&self, version: u64) -> bool {
        let mut looked = self.looked.lock().await;
        let known = self.known();
        if known.version != version {
            return true;
        }
        tokio::time::sleep(REST.saturating_sub(looked.elapsed())).await;
        let found = topology::find(self, Some(&known.topology)).await;
        *looked = Instant::now();
        match found {
            Ok(found) if found != *known.topology => {
                tracing::info!(masters = found.masters().len(), "the masters of Redis changed");
                let found = Known { version: version + 1, topology: Arc::new(found) };
                *self.known.write() = found;
                true
            }
            Ok(_) => false,
            Err(err) => {
                tracing::debug!(error = &err as &dyn std::error::Error, "no master of Redis");
                false
            }
        }
    }
}
