//! The way to Redis: the same for one server, a master with replicas, and a cluster.
//!
//! Every call ends within the time limits. What can't have been carried out is sent again, to
//! whoever holds the slot by then; what may have been is an error, and the caller's to repeat.

mod address;
mod dispatch;
mod script;
mod server;
mod servers;
mod subscribe;
#[cfg(test)]
mod tests;
mod topology;

use std::{sync::Arc, time::Duration};

use nexus_core::ports::{PortError, PortResult};
use redis::{Cmd, FromRedisValue, RedisResult, Value, from_redis_value};

use address::{Address, Seeds};
use dispatch::Order;
use server::Server;
use servers::Servers;

pub use script::{Call, Script};
pub use subscribe::{Heard, Subscription};
pub use topology::Shape;

#[derive(Clone, Debug)]
pub struct Options {
    /// `redis[s]://[user:password@]host[:port][,host[:port]...][/database]`. Of several hosts the
    /// master is found by asking, again whenever it changes.
    pub urls: String,
    /// Begins all keys and channels: installations can share a Redis.
    pub prefix: String,
    pub connect_timeout: Duration,
    /// For one command, everything that has to be tried again included.
    pub response_timeout: Duration,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            urls: "redis://127.0.0.1:6379".to_owned(),
            prefix: "nexus".to_owned(),
            connect_timeout: Duration::from_secs(2),
            response_timeout: Duration::from_secs(2),
        }
    }
}

/// How many replicas must have a write, and how long to wait for them.
#[derive(Clone, Copy, Debug)]
pub struct Replicas {
    pub number: u32,
    pub within: Duration,
}

/// A handle to clone.
#[derive(Clone)]
pub struct Redis {
    servers: Arc<Servers>,
    prefix: Arc<str>,
}

impl Redis {
    /// Fails when none of the servers answers.
    pub async fn connect(options: &Options) -> PortResult<Redis> {
        let servers = Servers::connect(options).await.map_err(failed("reach Redis"))?;
        Ok(Redis { servers: Arc::new(servers), prefix: options.prefix.as_str().into() })
    }

    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    pub fn shape(&self) -> Shape {
        self.servers.known().topology.shape
    }

    /// One command; `key` says which slot it is about.
    pub async fn query<T: FromRedisValue>(
        &self,
        doing: &'static str,
        key: &str,
        cmd: &Cmd,
    ) -> PortResult<T> {
        let order = Order::command(key, cmd.clone());
        typed(doing, self.servers.carry_out_one(order, None).await)
    }

    /// Commands for any slots, all on their way at once; those for one slot stay in their order.
    pub async fn queries(
        &self,
        doing: &'static str,
        cmds: impl IntoIterator<Item = (String, Cmd)>,
    ) -> Vec<PortResult<Value>> {
        let orders = cmds.into_iter().map(|(key, cmd)| Order::command(&key, cmd)).collect();
        errors(doing, self.servers.carry_out(orders, None).await)
    }

    pub async fn script<T: FromRedisValue>(
        &self,
        doing: &'static str,
        call: Call,
    ) -> PortResult<T> {
        typed(doing, self.servers.carry_out_one(Order::script(call), None).await)
    }

    /// Scripts for any slots, all on their way at once.
    pub async fn scripts(
        &self,
        doing: &'static str,
        calls: impl IntoIterator<Item = Call>,
    ) -> Vec<PortResult<Value>> {
        let orders = calls.into_iter().map(Order::script).collect();
        errors(doing, self.servers.carry_out(orders, None).await)
    }

    /// A script whose writes are on so many replicas when it is answered. If they are too few it is
    /// an error, though the script has been carried out.
    pub async fn script_on_replicas<T: FromRedisValue>(
        &self,
        doing: &'static str,
        call: Call,
        replicas: Replicas,
    ) -> PortResult<T> {
        typed(doing, self.servers.carry_out_one(Order::script(call), Some(replicas)).await)
    }

    /// Asks every master. Its address is for people to read.
    pub async fn masters(
        &self,
        doing: &'static str,
        cmd: &Cmd,
    ) -> PortResult<Vec<(String, Value)>> {
        let known = self.servers.known();
        let answers = known.topology.masters().into_iter().map(|address| async {
            Ok((address.to_string(), self.servers.ask(address, cmd).await?))
        });
        let answers: RedisResult<_> = futures_util::future::try_join_all(answers).await;
        answers.map_err(failed(doing))
    }

    /// Whether every master answers.
    pub async fn ping(&self) -> PortResult<()> {
        let pinged = self.masters("ping Redis", &redis::cmd("PING")).await;
        if pinged.is_err() {
            self.servers.refresh(self.servers.known().version).await;
        }
        pinged.map(|_| ())
    }

    /// Hears sharded channels, from the first [`Heard::Live`] on.
    pub fn subscribe(&self, channels: Vec<String>) -> Subscription {
        Subscription::start(Arc::clone(&self.servers), channels)
    }
}

fn typed<T: FromRedisValue>(doing: &'static str, value: RedisResult<Value>) -> PortResult<T> {
    let value = value.map_err(failed(doing))?;
    from_redis_value(value).map_err(|err| PortError::new(doing, err))
}

fn errors(doing: &'static str, values: Vec<RedisResult<Value>>) -> Vec<PortResult<Value>> {
    values.into_iter().map(|value| value.map_err(failed(doing))).collect()
}

fn failed(doing: &'static str) -> impl Fn(redis::RedisError) -> PortError {
    move |err| PortError::new(doing, err)
}
