//! Where the servers are that are started.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// `NEXUS_MONGOD`, on PATH, or where `make services` put it: in `services` of the folder that this
/// program was built into.
pub fn mongod() -> Result<PathBuf> {
    if let Some(path) = env::var_os("NEXUS_MONGOD").filter(|path| !path.is_empty()) {
        return Ok(path.into());
    }
    let built = env::current_exe()?;
    let fetched = || built.ancestors().map(|folder| folder.join("services/mongod")).find(is_file);
    on_path("mongod").or_else(fetched).context("mongod is missing: `make services` fetches it")
}

pub fn redis_server() -> Result<PathBuf> {
    on_path("redis-server").context("redis-server is missing: `make services` installs it")
}

pub fn nginx() -> Result<PathBuf> {
    let sbin = Path::new("/usr/sbin/nginx").to_owned();
    on_path("nginx")
        .or_else(|| Some(sbin).filter(is_file))
        .context("nginx is missing: `make fleet` installs it")
}

pub fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(program)).find(is_file)
}

#[expect(clippy::ptr_arg, reason = "for `find` and `filter`")]
fn is_file(path: &PathBuf) -> bool {
    path.is_file()
}
