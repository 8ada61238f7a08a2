//! Lua scripts, called by their hash.

use redis::{Cmd, ToRedisArgs};

/// One atomic step. All keys of a call must be in one slot.
pub struct Script {
    code: &'static str,
    hash: String,
}

impl Script {
    pub fn new(code: &'static str) -> Script {
        Script { code, hash: redis::Script::new(code).get_hash().to_owned() }
    }

    pub fn call(&'static self) -> Call {
        Call { script: self, keys: Vec::new(), args: Vec::new() }
    }
}

/// A script with its keys and arguments.
#[derive(Clone)]
pub struct Call {
    script: &'static Script,
    keys: Vec<String>,
    args: Vec<Vec<u8>>,
}

impl Call {
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Call {
        self.keys.push(key.into());
        self
    }

    #[must_use]
    pub fn arg(mut self, arg: impl ToRedisArgs) -> Call {
        self.args.extend(arg.to_redis_args());
        self
    }

    pub(super) fn slot_key(&self) -> &str {
        self.keys.first().map_or("", String::as_str)
    }

    pub(super) fn by_hash(&self) -> Cmd {
        self.command("EVALSHA", &self.script.hash)
    }

    /// For a server that has not seen it yet.
    pub(super) fn in_full(&self) -> Cmd {
        self.command("EVAL", self.script.code)
    }

    fn command(&self, name: &str, script: &str) -> Cmd {
        let mut cmd = redis::cmd(name);
        cmd.arg(script).arg(self.keys.len()).arg(&self.keys).arg(&self.args);
        cmd
    }
}
