//! What can be told without the network.

use std::{fs, io::Read as _, path::Path, time::Duration};

use nexus_core::{memory::SystemClock, ports::Clock as _};
use nexus_outbound::Folder;
use nexus_store_sqlite::{Database, Health, Options, SCHEMA_VERSION};

use super::Finding;
use crate::{
    config::{Config, MailWay},
    http::web,
    keys::{self, KeyState},
    listener::tls,
    lock::DataLock,
};

const LITTLE_BYTES: u64 = 1 << 30;
const TOO_LITTLE_BYTES: u64 = 100 << 20;
const LARGE_LOG_BYTES: u64 = 512 << 20;
/// Files that are open beside the connections.
const OTHER_FILES: usize = 200;
const OLD_KEY: Duration = Duration::from_secs(365 * 24 * 60 * 60);
/// This program was not written before 2026.
const EARLIEST_MILLIS: i64 = 1_767_225_600_000;

pub fn data_folder(config: &Config) -> Finding {
    const SUBJECT: &str = "data folder";
    let dir = &config.data_dir;
    if !dir.exists() {
        return Finding::ok(SUBJECT, format!("{} will be made at the first start", dir.display()));
    }
    let probe = dir.join(".doctor");
    match fs::write(&probe, b"").and_then(|()| fs::remove_file(&probe)) {
        Ok(()) => Finding::ok(SUBJECT, format!("{} can be written", dir.display())),
        Err(err) => Finding::fail(
            SUBJECT,
            format!(
                "{} can't be written ({err}): chown it to the user that runs nexus",
                dir.display()
            ),
        ),
    }
}

pub fn disk(config: &Config) -> Finding {
    const SUBJECT: &str = "free disk";
    let there = config.data_dir.ancestors().find(|dir| dir.exists()).unwrap_or(Path::new("."));
    let free = match rustix::fs::statvfs(there) {
        Ok(stat) => stat.f_bavail.saturating_mul(stat.f_frsize),
        Err(err) => return Finding::warn(SUBJECT, format!("can't be told: {err}")),
    };
    match free {
        0..TOO_LITTLE_BYTES => {
            Finding::fail(SUBJECT, format!("{} left: make room, or move data_dir", size(free)))
        }
        TOO_LITTLE_BYTES..LITTLE_BYTES => {
            Finding::warn(SUBJECT, format!("only {} left: make room soon", size(free)))
        }
        _ => Finding::ok(SUBJECT, format!("{} left", size(free))),
    }
}

pub fn process(config: &Config) -> Finding {
    const SUBJECT: &str = "process";
    match DataLock::holder(&config.lock_file()) {
        Ok(Some(pid)) => {
            Finding::ok(SUBJECT, format!("a nexus (pid {pid}) is running on this folder"))
        }
        Ok(None) => Finding::ok(SUBJECT, "no nexus is running on this folder"),
        Err(err) => {
            let path = config.lock_file();
            Finding::fail(
                SUBJECT,
                format!("{} can't be read ({err}): check its rights", path.display()),
            )
        }
    }
}

pub async fn database(config: &Config) -> Finding {
    const SUBJECT: &str = "database";
    let Some(path) = config.sqlite_path() else {
        return Finding::fail(SUBJECT, "store.url names no file");
    };
    if !path.exists() {
        return Finding::ok(SUBJECT, format!("{} will be made at the first start", path.display()));
    }
    match schema_version(&path) {
        Ok(found) if found > SCHEMA_VERSION => {
            return Finding::fail(
                SUBJECT,
                format!("schema version {found} is of a newer nexus: install that one"),
            );
        }
        // Opening it would migrate it, and a doctor only looks.
        Ok(found) if found < SCHEMA_VERSION => {
            return Finding::warn(
                SUBJECT,
                format!(
                    "schema version {found} will become {SCHEMA_VERSION} at the next start (or by `nexus migrate`): make a backup before"
                ),
            );
        }
        Ok(_) => {}
        Err(err) => {
            return Finding::fail(SUBJECT, format!("{} can't be read: {err}", path.display()));
        }
    }
    match health(&path).await {
        Ok(health) => sound(SUBJECT, &health),
        Err(err) => Finding::fail(SUBJECT, format!("{err:#}: restore a backup if this stays")),
    }
}

fn sound(subject: &'static str, health: &Health) -> Finding {
    let Health { damage, file_bytes, log_bytes, messages, queued, dead_letters, .. } = health;
    let facts = format!(
        "{messages} messages in {}, {queued} changes queued, {dead_letters} dead letters",
        size(*file_bytes)
    );
    if let Some(first) = damage.first() {
        let more = damage.len() - 1;
        return Finding::fail(
            subject,
            format!("damaged: {first} (and {more} more): restore a backup"),
        );
    }
    if *log_bytes > LARGE_LOG_BYTES {
        return Finding::warn(
            subject,
            format!("{facts}; its log has {}: restart nexus", size(*log_bytes)),
        );
    }
    if *dead_letters > 0 {
        return Finding::warn(subject, format!("{facts}: see `nexus admin dead-letters list`"));
    }
    Finding::ok(subject, facts)
}

async fn health(path: &Path) -> anyhow::Result<Health> {
    let path = path.to_owned();
    let opening = move || Database::open(path, Options { readers: 1, ..Options::default() });
    let database = tokio::task::spawn_blocking(opening).await??;
    let health = database.check().await;
    database.close().await?;
    Ok(health?)
}

/// SQLite keeps `user_version` in the head of the file; an empty file has none yet.
fn schema_version(path: &Path) -> std::io::Result<usize> {
    let mut head = Vec::new();
    fs::File::open(path)?.take(100).read_to_end(&mut head)?;
    let Some(bytes) = head.get(60..64).and_then(|bytes| bytes.try_into().ok()) else {
        return Ok(0);
    };
    Ok(usize::try_from(u32::from_be_bytes(bytes)).unwrap_or(usize::MAX))
}

/// Where letters go; the last ones, if that is a folder.
pub fn mail(config: &Config) -> Finding {
    const SUBJECT: &str = "mail";
    const LAST: usize = 3;
    let path = match config.mail_way() {
        Some(MailWay::Folder(path)) => path,
        Some(MailWay::Smtp(_)) => {
            return Finding::ok(SUBJECT, format!("by SMTP, {}", config.mail.url.shown()));
        }
        Some(MailWay::SendGrid(_)) => return Finding::ok(SUBJECT, "by SendGrid"),
        None => return Finding::fail(SUBJECT, "mail.url is none that is known"),
    };
    let letters = match Folder::new(path.clone()).last(LAST) {
        Ok(letters) => letters,
        Err(err) => {
            return Finding::fail(SUBJECT, format!("{} can't be read: {err}", path.display()));
        }
    };
    let last: Vec<String> = letters
        .iter()
        .map(|letter| format!("{:?} to {} ({})", letter.subject, letter.to, letter.path.display()))
        .collect();
    let facts = match last.as_slice() {
        [] => format!("letters only lie in {}, none so far", path.display()),
        last => format!("letters only lie in {}; the last: {}", path.display(), last.join(", ")),
    };
    match config.server.public_url.is_empty() {
        true => Finding::ok(SUBJECT, facts),
        false => Finding::warn(SUBJECT, format!("{facts}: nobody gets them; set mail.url")),
    }
}

pub fn keys(config: &Config) -> Finding {
    const SUBJECT: &str = "keys";
    let (dir, now) = (config.key_dir(), SystemClock.now());
    let found = match keys::list(&dir, now) {
        Ok(found) => found,
        Err(err) => return Finding::fail(SUBJECT, err.to_string()),
    };
    let signing = found.iter().find(|key| key.state == KeyState::Signing);
    match signing {
        None if found.is_empty() => {
            Finding::ok(SUBJECT, "the first will be made at the first start")
        }
        None => Finding::fail(
            SUBJECT,
            "none may sign yet: check the clock, or run `nexus admin keys rotate`",
        ),
        Some(key) if now.since(key.active_from) > OLD_KEY => Finding::warn(
            SUBJECT,
            format!("{} signs for more than a year: run `nexus admin keys rotate`", key.kid),
        ),
        Some(key) => Finding::ok(SUBJECT, format!("{} of {} signs", key.kid, found.len())),
    }
}

/// `None` where TLS is not ours.
pub fn certificate(config: &Config) -> Option<Finding> {
    const SUBJECT: &str = "certificate";
    let now = SystemClock.now();
    if !config.tls.has_files() {
        let acme = config.tls.is_on();
        return acme.then(|| Finding::ok(SUBJECT, "an authority gives it, see the log"));
    }
    Some(match tls::read(config, now) {
        Err(err) => Finding::fail(SUBJECT, err.to_string()),
        Ok(found) if found.until.since(now) < tls::SOON => {
            Finding::warn(SUBJECT, format!("ends at {}: renew it", found.until))
        }
        Ok(found) => Finding::ok(SUBJECT, format!("good until {}", found.until)),
    })
}

pub fn clock(config: &Config) -> Finding {
    const SUBJECT: &str = "clock";
    let now = SystemClock.now();
    let future = Duration::from_secs(60);
    let newest = [config.sqlite_path().unwrap_or_default(), config.lock_file()]
        .iter()
        .filter_map(|path| fs::metadata(path).ok()?.modified().ok())
        .filter_map(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
        .max();
    let written_later = newest.is_some_and(|newest| {
        i64::try_from(newest.as_millis()).is_ok_and(|newest| newest > now.plus(future).0)
    });
    if now.0 < EARLIEST_MILLIS || written_later {
        Finding::fail(SUBJECT, format!("{now} is in the past: set it, and run an NTP service"))
    } else {
        Finding::ok(SUBJECT, now.to_string())
    }
}

pub fn open_files(config: &Config) -> Finding {
    const SUBJECT: &str = "open files";
    let needed = config.server.max_connections + OTHER_FILES;
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let soft = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))
        .and_then(|rest| rest.split_whitespace().next());
    match soft.map(str::parse::<usize>) {
        Some(Ok(limit)) if limit < needed => Finding::warn(
            SUBJECT,
            format!(
                "{limit} allowed, {needed} needed for server.max_connections: raise `ulimit -n` \
                 (systemd: LimitNOFILE), or lower the setting"
            ),
        ),
        Some(Ok(limit)) => Finding::ok(SUBJECT, format!("{limit} allowed")),
        Some(Err(_)) => Finding::ok(SUBJECT, "not limited"),
        None => Finding::warn(SUBJECT, "the limit can't be told on this system"),
    }
}

pub fn web_client() -> Finding {
    const SUBJECT: &str = "web client";
    if web::EMBEDDED.is_empty() {
        return Finding::warn(
            SUBJECT,
            "this binary was built without the web client, and has the API only: `make web`, then \
             build it again",
        );
    }
    Finding::ok(SUBJECT, "is part of this binary")
}

fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let step = (0..UNITS.len() - 1).take_while(|step| bytes >> (10 * (step + 1)) > 0).count();
    format!("{} {}", bytes >> (10 * step), UNITS[step])
}
