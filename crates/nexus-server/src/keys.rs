//! The folder of signing keys: `<kid>.pem`, one RSA pair a file, none ever changed.
//!
//! A `kid` is `<activation>-<thumbprint>`: seconds since 1970, then the start of the key's RFC 7638
//! thumbprint. So names sort by age, and a folder says all there is to know.

mod shared;
#[cfg(test)]
mod tests;
mod vault;
mod watch;

use std::{
    fs, io,
    io::Write as _,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    time::Duration,
};

use aws_lc_rs::{
    encoding::{AsDer as _, Pkcs8V1Der},
    rsa::{KeyPair, KeySize},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use nexus_core::tokens::{KeySet, TokenKey};
use nexus_protocol::Timestamp;

pub use shared::{announce, compare};
pub use vault::open_vault;
pub use watch::watch;

/// How often a running server looks for new keys.
pub const POLL: Duration = Duration::from_secs(5);
/// A new key signs only after every server has found it.
const NOTICE: Duration = Duration::from_secs(15);
/// Beyond the life of its last token, a retired key is kept this long.
const MARGIN: Duration = Duration::from_secs(60);
const THUMBPRINT_CHARS: usize = 16;

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("{} can't be used: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{} is no key of ours: {reason}", path.display())]
    Foreign { path: PathBuf, reason: String },
    #[error("{} can be read by others; run: chmod {mode:o} {}", path.display(), path.display())]
    Exposed { path: PathBuf, mode: u32 },
    #[error("a key can't be made: {0}")]
    NotMade(&'static str),
}

/// A key as `nexus admin keys list` shows it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyInfo {
    pub kid: String,
    pub active_from: Timestamp,
    pub state: KeyState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyState {
    /// Will sign when its time comes.
    Next,
    Signing,
    /// Signs no more, but still verifies.
    Retired,
}

/// Reads all keys; makes the first one in a folder that has none.
pub fn open(dir: &Path, now: Timestamp) -> Result<KeySet, KeyError> {
    let keys = read(dir)?;
    if keys.kids().next().is_some() {
        return Ok(keys);
    }
    first(dir, now)?;
    read(dir)
}

/// Of several nodes that start at the same time on one folder, one makes the key.
fn first(dir: &Path, now: Timestamp) -> Result<(), KeyError> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(io_error(dir))?;
    let path = dir.join("first.lock");
    let lock = fs::File::create(&path).map_err(io_error(&path))?;
    lock.lock().map_err(io_error(&path))?;
    if read(dir)?.kids().next().is_none() {
        create(dir, at_once(now))?;
    }
    Ok(())
}

/// Reads all keys; none when there is no folder.
pub fn read(dir: &Path) -> Result<KeySet, KeyError> {
    if !dir.exists() {
        return Ok(KeySet::default());
    }
    require_private(dir, 0o700)?;
    let mut keys = Vec::new();
    for entry in fs::read_dir(dir).map_err(io_error(dir))? {
        let path = entry.map_err(io_error(dir))?.path();
        if path.extension().is_some_and(|extension| extension == "pem") {
            keys.push(read_key(&path)?);
        }
    }
    Ok(KeySet::new(keys))
}

pub fn list(dir: &Path, now: Timestamp) -> Result<Vec<KeyInfo>, KeyError> {
    let keys = read(dir)?;
    let signing = keys.signing(now).map(TokenKey::kid);
    let infos = keys.kids().filter_map(|kid| keys.get(kid)).map(|key| KeyInfo {
        kid: key.kid().to_owned(),
        active_from: key.active_from(),
        state: match key.active_from() > now {
            true => KeyState::Next,
            false if Some(key.kid()) == signing => KeyState::Signing,
            false => KeyState::Retired,
        },
    });
    Ok(infos.collect())
}

/// Makes a key that takes over once every server has found it, and answers its `kid`.
pub fn rotate(dir: &Path, now: Timestamp) -> Result<String, KeyError> {
    let first = read(dir)?.signing(now).is_none();
    create(dir, if first { at_once(now) } else { now.plus(NOTICE) })
}

/// The second that has begun: nobody could sign in until the next one else.
fn at_once(now: Timestamp) -> Timestamp {
    Timestamp(now.0 - now.0.rem_euclid(1_000))
}

/// Removes keys that retired so long ago that no token of theirs is alive, and answers their `kid`s.
pub fn prune(dir: &Path, now: Timestamp, access_ttl: Duration) -> Result<Vec<String>, KeyError> {
    let keys = read(dir)?;
    let long_ago = now.minus(access_ttl).minus(MARGIN);
    // What signed at that moment, and all that came later, may have tokens alive.
    let Some(oldest_needed) = keys.signing(long_ago) else { return Ok(Vec::new()) };
    let mut removed = Vec::new();
    for key in keys.kids().filter_map(|kid| keys.get(kid)) {
        if (key.active_from(), key.kid()) < (oldest_needed.active_from(), oldest_needed.kid()) {
            let path = dir.join(format!("{}.pem", key.kid()));
            fs::remove_file(&path).map_err(io_error(&path))?;
            removed.push(key.kid().to_owned());
        }
    }
    sync_folder(dir)?;
    Ok(removed)
}

fn create(dir: &Path, active_from: Timestamp) -> Result<String, KeyError> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(io_error(dir))?;
    let pem = new_pem()?;
    // Whole seconds upwards: the name must not make a key active before its time.
    let seconds = active_from.0.max(0).saturating_add(999) / 1_000;
    let active_from = Timestamp(seconds * 1_000);
    let thumbprint = TokenKey::from_pem("", active_from, pem.as_bytes())
        .and_then(|key| key.thumbprint())
        .map_err(|_| KeyError::NotMade("its public part has no thumbprint"))?;
    let start: String = thumbprint.chars().take(THUMBPRINT_CHARS).collect();
    let kid = format!("{seconds:010}-{start}");
    write_private(&dir.join(format!("{kid}.pem")), pem.as_bytes())?;
    sync_folder(dir)?;
    Ok(kid)
}

fn new_pem() -> Result<String, KeyError> {
    let pair = KeyPair::generate(KeySize::Rsa3072)
        .map_err(|_| KeyError::NotMade("the generator failed"))?;
    let der: Pkcs8V1Der<'_> =
        pair.as_der().map_err(|_| KeyError::NotMade("it can't be written as PKCS#8"))?;
    let text = STANDARD.encode(der.as_ref());
    let mut pem = String::from("-----BEGIN PRIVATE KEY-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        pem.push_str(line);
        pem.push('\n');
        rest = after;
    }
    pem.push_str("-----END PRIVATE KEY-----\n");
    Ok(pem)
}

/// Whole or not at all, even if the power fails in between.
fn write_private(path: &Path, content: &[u8]) -> Result<(), KeyError> {
    let temporary = path.with_extension("new");
    let written = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&temporary)
        .and_then(|mut file| file.write_all(content).and_then(|()| file.sync_all()));
    written.and_then(|()| fs::rename(&temporary, path)).map_err(io_error(path))
}

fn sync_folder(dir: &Path) -> Result<(), KeyError> {
    fs::File::open(dir).and_then(|dir| dir.sync_all()).map_err(io_error(dir))
}

fn read_key(path: &Path) -> Result<TokenKey, KeyError> {
    let foreign = |reason: String| KeyError::Foreign { path: path.to_owned(), reason };
    require_private(path, 0o600)?;
    let pem = fs::read(path).map_err(io_error(path))?;
    let kid = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let (seconds, start) =
        kid.split_once('-').ok_or_else(|| foreign("its name has no time".to_owned()))?;
    let seconds: i64 = seconds.parse().map_err(|err| foreign(format!("its name: {err}")))?;
    let active_from = Timestamp(seconds.saturating_mul(1_000));
    let key = TokenKey::from_pem(kid, active_from, &pem).map_err(|err| foreign(err.to_string()))?;
    let thumbprint = key.thumbprint().map_err(|err| foreign(err.to_string()))?;
    if start.len() == THUMBPRINT_CHARS && thumbprint.starts_with(start) {
        Ok(key)
    } else {
        Err(foreign("its name belongs to another key".to_owned()))
    }
}

fn require_private(path: &Path, mode: u32) -> Result<(), KeyError> {
    let found = fs::metadata(path).map_err(io_error(path))?.permissions().mode();
    if found & 0o077 == 0 { Ok(()) } else { Err(KeyError::Exposed { path: path.to_owned(), mode }) }
}

fn io_error(path: &Path) -> impl Fn(io::Error) -> KeyError + '_ {
    move |source| KeyError::Io { path: path.to_owned(), source }
}
