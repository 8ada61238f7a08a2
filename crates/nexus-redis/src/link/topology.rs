//! Who holds which slot: one server, the master among several, or the masters of a cluster.

use std::{collections::BTreeSet, sync::Arc};

use redis::{ErrorKind, RedisError, RedisResult, Value, from_redis_value};

use super::{Address, Servers};

/// What the addresses lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One server.
    Alone,
    /// Several, one of which is the master.
    Replicated,
    Cluster,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Topology {
    pub shape: Shape,
    /// First and last slot, by first slot.
    ranges: Vec<(u16, u16, Address)>,
}

impl Topology {
    pub fn all_on(shape: Shape, address: Address) -> Topology {
        Topology { shape, ranges: vec![(0, 16_383, address)] }
    }

    pub fn holder(&self, slot: u16) -> Option<&Address> {
        let after = self.ranges.partition_point(|(first, ..)| *first <= slot);
        let (_, last, address) = self.ranges.get(after.checked_sub(1)?)?;
        (slot <= *last).then_some(address)
    }

    pub fn masters(&self) -> BTreeSet<&Address> {
        self.ranges.iter().map(|(_, _, address)| address).collect()
    }
}

/// The slot of a key, by what is between its first braces.
pub(super) fn slot(key: &str) -> u16 {
    let tag = key
        .split_once('{')
        .and_then(|(_, rest)| rest.split_once('}'))
        .map(|(tag, _)| tag)
        .filter(|tag| !tag.is_empty());
    let crc = tag.unwrap_or(key).bytes().fold(0_u16, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(byte) << 8), |crc, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 }
        })
    });
    crc % 16_384
}

/// Asks around. `known` are asked first, then the addresses that were configured.
pub(super) async fn find(servers: &Servers, known: Option<&Topology>) -> RedisResult<Topology> {
    let shape = match known {
        Some(known) => known.shape,
        None => shape(servers).await?,
    };
    match shape {
        Shape::Alone => Ok(Topology::all_on(shape, servers.seeds.addresses[0].clone())),
        Shape::Replicated => master(servers, known).await,
        Shape::Cluster => slots(servers, known).await,
    }
}

async fn shape(servers: &Servers) -> RedisResult<Shape> {
    let mut last = nobody();
    for address in &servers.seeds.addresses {
        match servers.ask(address, redis::cmd("INFO").arg("cluster")).await {
            Ok(info) => {
                let info: String = from_redis_value(info)?;
                return Ok(if info.contains("cluster_enabled:1") {
                    Shape::Cluster
                } else if servers.seeds.addresses.len() > 1 {
                    Shape::Replicated
                } else {
                    Shape::Alone
                });
            }
            Err(err) => last = err,
        }
    }
    Err(last)
}

/// Of several who call themselves master (one was away and doesn't know better), the one that
/// replicas follow; then the one that has been it so far.
async fn master(servers: &Servers, known: Option<&Topology>) -> RedisResult<Topology> {
    let roles = servers.seeds.addresses.iter().map(|address| async move {
        let role = servers.ask(address, &redis::cmd("ROLE")).await;
        (address, role)
    });
    let (mut best, mut last) = (None, nobody());
    for (address, role) in futures_util::future::join_all(roles).await {
        match role.map(|role| followers(&role)) {
            Ok(Some(followers)) => {
                let so_far = known.is_some_and(|known| known.holder(0) == Some(address));
                best = best.max(Some((followers, so_far, address.clone())));
            }
            Ok(None) => {}
            Err(err) => last = err,
        }
    }
    let (_, _, address) = best.ok_or(last)?;
    Ok(Topology::all_on(Shape::Replicated, address))
}

/// How many replicas a master has; `None` for a replica.
pub(super) fn followers(role: &Value) -> Option<usize> {
    let Value::Array(role) = role else { return None };
    match role.as_slice() {
        [Value::BulkString(role), _, Value::Array(replicas), ..] if role == b"master" => {
            Some(replicas.len())
        }
        _ => None,
    }
}

async fn slots(servers: &Servers, known: Option<&Topology>) -> RedisResult<Topology> {
    let mut asked: Vec<&Address> =
        known.map_or_else(Vec::new, |it| it.masters().into_iter().collect());
    // Not always the same one first: it may be cut off from the others, and not know it.
    let turn = servers.turn();
    let first = turn % asked.len().max(1);
    asked.rotate_left(first);
    asked.extend(&servers.seeds.addresses);
    let mut last = nobody();
    for address in asked {
        match servers.ask(address, redis::cmd("CLUSTER").arg("SLOTS")).await {
            Ok(answer) => {
                if let Some(ranges) = ranges(answer, address)
                    && !ranges.is_empty()
                {
                    return Ok(Topology { shape: Shape::Cluster, ranges });
                }
            }
            Err(err) => last = err,
        }
    }
    Err(last)
}

fn ranges(answer: Value, asked: &Address) -> Option<Vec<(u16, u16, Address)>> {
    let Value::Array(ranges) = answer else { return None };
    let mut all = ranges.into_iter().map(|it| range(it, asked)).collect::<Option<Vec<_>>>()?;
    all.sort();
    Some(all)
}

/// `[first, last, [host, port, ...], replicas...]`; no host means the one that was asked.
fn range(range: Value, asked: &Address) -> Option<(u16, u16, Address)> {
    let Value::Array(range) = range else { return None };
    let [Value::Int(first), Value::Int(last), Value::Array(master), ..] = range.as_slice() else {
        return None;
    };
    let [host, Value::Int(port), ..] = master.as_slice() else { return None };
    let host = match host {
        Value::BulkString(host) if !host.is_empty() && host != b"?" => {
            String::from_utf8(host.clone()).ok()?
        }
        _ => asked.host.clone(),
    };
    let address = Address { host, port: u16::try_from(*port).ok()? };
    Some((u16::try_from(*first).ok()?, u16::try_from(*last).ok()?, address))
}

fn nobody() -> RedisError {
    RedisError::from((ErrorKind::Io, "no server of Redis answers as a master"))
}

/// The topology as it is known now; grows a version with each change.
#[derive(Clone)]
pub(super) struct Known {
    pub version: u64,
    pub topology: Arc<Topology>,
}
