//! What can be done to a fleet, by name.

use anyhow::Result;
use clap::ValueEnum;

use super::{arena::Arena, clocks, crowd, disks, lines, nodes, stores, storm};
use crate::services::{Gated, redis::Topology};

/// In an order in which neighbours share a fleet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// C-1: nodes of the edge are killed at random moments
    ApiKill,
    /// C-2: workers are killed at random moments
    WorkerKill,
    /// C-2: nodes die at each named place on a message's way (needs a build with failpoints)
    Failpoints,
    /// C-2: the same, at one place each of storing, telling and settling
    FewFailpoints,
    /// C-2: a worker is frozen until others have its lanes, and wakes up
    Zombie,
    /// C-3: a master of the Redis Cluster is killed, and back after 2 s
    RedisKill,
    /// C-4: a replica that lags a second takes over; nodes wait for replicas
    RedisFailover,
    /// C-5: the primary of MongoDB is killed
    MongoKill,
    /// C-5: the primary of MongoDB is asked to step down
    MongoStepDown,
    /// C-5: the primary of MongoDB is frozen for 20 s
    MongoFreeze,
    /// C-6: everything is killed at once, and started in random order
    AllKilled,
    /// C-9: a message that can't be committed (needs a build with failpoints)
    Poison,
    /// N-4: nodes are asked to stop, one after the other; what crosses a goodbye is sent again
    Drain,
    /// N-3: 5,000 sockets are cut at once
    Storm,
    /// N-5: a twentieth of 400 sockets read nearly nothing of what they are sent
    SlowReaders,
    /// N-6: one chat, as large as there are, and 50 messages a second in it
    HotChat,
    /// C-8: clocks of nodes jump an hour ahead and an hour back (needs libfaketime)
    ClockJump,
    /// N-2: clients with slow, sliced and half-open connections
    Lines,
    /// C-4: the same, and nodes don't wait: clients send again
    RedisFailoverUnsafe,
    /// C-3: the only Redis is killed, and back after 2 s
    RedisAlone,
    /// C-8: no room under a MongoDB, a Redis, and an embedded server (needs root)
    DiskFull,
    /// C-8: the same come back to a folder that can only be read (needs root)
    ReadOnly,
    /// N-7: ten times the load, and a queue with a low bound
    Flood,
    /// N-1: nodes are parted from their stores: each role from each, one way and both ways
    Partition,
    /// Any of these, every 5 to 15 s
    Any,
}

/// What a scenario asks of its fleet.
#[derive(Clone, Debug, PartialEq)]
pub struct Needs {
    pub redis: Topology,
    pub gated: Gated,
    pub waits_for_replica: bool,
    pub is_queue_small: bool,
    pub has_small_disks: bool,
}

impl Scenario {
    pub fn all() -> &'static [Scenario] {
        Scenario::value_variants()
    }

    pub fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    pub fn about(self) -> String {
        let help = self.to_possible_value().and_then(|value| value.get_help().cloned());
        help.map(|help| help.to_string()).unwrap_or_default()
    }

    pub fn needs_failpoints(self) -> bool {
        matches!(self, Scenario::Failpoints | Scenario::FewFailpoints | Scenario::Poison)
    }

    pub fn needs_root(self) -> bool {
        matches!(self, Scenario::DiskFull | Scenario::ReadOnly)
    }

    pub(super) fn needs(self) -> Needs {
        let usual = Needs {
            redis: Topology::Cluster,
            gated: Gated::No,
            waits_for_replica: true,
            is_queue_small: false,
            has_small_disks: false,
        };
        match self {
            Scenario::RedisAlone => {
                Needs { redis: Topology::Alone, waits_for_replica: false, ..usual }
            }
            Scenario::RedisFailoverUnsafe => Needs { waits_for_replica: false, ..usual },
            Scenario::Partition | Scenario::Any => Needs { gated: Gated::Yes, ..usual },
            Scenario::DiskFull | Scenario::ReadOnly => Needs { has_small_disks: true, ..usual },
            Scenario::Flood => Needs { is_queue_small: true, ..usual },
            _ => usual,
        }
    }

    /// What Redis may forget, the clients must not.
    pub(super) fn may_lose_the_queue(self) -> bool {
        self == Scenario::RedisFailoverUnsafe
    }

    pub(super) async fn play(self, arena: &mut Arena<'_>) -> Result<()> {
        match self {
            Scenario::ApiKill => nodes::kill_apis(arena).await,
            Scenario::WorkerKill => nodes::kill_workers(arena).await,
            Scenario::Failpoints => nodes::die_at_named_places(arena).await,
            Scenario::FewFailpoints => nodes::die_at_three_places(arena).await,
            Scenario::Zombie => nodes::wake_the_dead(arena).await,
            Scenario::Drain => nodes::drain(arena).await,
            Scenario::AllKilled => nodes::kill_all(arena).await,
            Scenario::Poison => nodes::poison(arena).await,
            Scenario::RedisKill | Scenario::RedisAlone => stores::kill_redis(arena).await,
            Scenario::RedisFailover | Scenario::RedisFailoverUnsafe => {
                stores::fail_over_to_a_laggard(arena).await
            }
            Scenario::MongoKill => stores::kill_mongo(arena).await,
            Scenario::MongoStepDown => stores::step_mongo_down(arena).await,
            Scenario::MongoFreeze => stores::freeze_mongo(arena).await,
            Scenario::Partition => lines::part_nodes_from_stores(arena).await,
            Scenario::Lines => lines::trouble_clients(arena).await,
            Scenario::Storm => storm::cut_all_at_once(arena).await,
            Scenario::Flood => storm::flood(arena).await,
            Scenario::SlowReaders => crowd::read_slowly(arena).await,
            Scenario::HotChat => crowd::heat_a_chat(arena).await,
            Scenario::ClockJump => clocks::jump(arena).await,
            Scenario::DiskFull => disks::fill(arena).await,
            Scenario::ReadOnly => disks::make_read_only(arena).await,
            Scenario::Any => storm::anything(arena).await,
        }
    }
}
