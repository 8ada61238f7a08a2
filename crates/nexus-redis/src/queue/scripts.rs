//! The steps of the queue, and the keys they work on.

use std::sync::LazyLock;

use redis::ToRedisArgs;

use crate::{Call, Script};

macro_rules! scripts {
    ($($name:ident $file:literal)*) => { $(
        pub(super) static $name: LazyLock<Script> =
            LazyLock::new(|| Script::new(include_str!(concat!("scripts/", $file, ".lua"))));
    )* };
}

scripts! {
    PUSH "push"
    CLAIM "claim"
    RENEW "renew"
    LEAVE "leave"
    READ "read"
    ACK "ack"
    RETRY "retry"
    BURY "bury"
    DISCARD "discard"
    LETTERS "letters"
    QUEUED "queued"
    STATS "stats"
    JOIN "join"
    DIED "died"
    FORGET "forget"
}

/// The keys of one lane, all in one slot. Every script of a lane gets them all, in this order.
#[derive(Clone, Debug)]
pub(super) struct LaneKeys {
    all: [String; 9],
}

impl LaneKeys {
    pub fn new(prefix: &str, lane: u16) -> LaneKeys {
        let names = ["owner", "ops", "ids", "age", "tries", "dead", "died", "wake", "epoch"];
        LaneKeys { all: names.map(|name| format!("{{{prefix}:q:{lane}}}:{name}")) }
    }

    pub fn call(&self, script: &'static Script) -> Call {
        self.all.iter().fold(script.call(), |call, key| call.key(key))
    }

    pub fn owner(&self) -> &str {
        &self.all[0]
    }

    pub fn dead(&self) -> &str {
        &self.all[5]
    }

    pub fn wake(&self) -> &str {
        &self.all[7]
    }
}

/// The keys that are not of one lane.
#[derive(Clone, Debug)]
pub(super) struct FleetKeys {
    prefix: String,
}

impl FleetKeys {
    pub fn new(prefix: &str) -> FleetKeys {
        FleetKeys { prefix: prefix.to_owned() }
    }

    /// How many lanes there are.
    pub fn lanes(&self) -> String {
        format!("{{{}:q}}:lanes", self.prefix)
    }

    /// The workers that are alive.
    pub fn workers(&self) -> String {
        format!("{{{}:q}}:workers", self.prefix)
    }

    /// The last time of death.
    pub fn died(&self) -> String {
        format!("{{{}:q}}:died", self.prefix)
    }

    /// The channel on which workers hear that a lane is free.
    pub fn news(&self) -> String {
        format!("{{{}:q}}:news", self.prefix)
    }

    /// An actor's dead letters, wherever they are.
    pub fn letters_of(&self, actor: impl std::fmt::Display) -> String {
        format!("{}:q:letters:{actor}", self.prefix)
    }
}

/// Many arguments at once.
pub(super) fn with_args<T: ToRedisArgs>(call: Call, args: impl IntoIterator<Item = T>) -> Call {
    args.into_iter().fold(call, Call::arg)
}
