//! The tree of settings, section by section.

use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use nexus_core::{limits::Tiers, ports::Quota};
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::network::Network;

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub data_dir: PathBuf,
    pub server: Server,
    pub metrics: Metrics,
    pub auth: Auth,
    pub socket: Socket,
    pub queue: Queue,
    pub store: Store,
    pub limits: Limits,
    pub log: Log,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub listen: SocketAddr,
    pub public_url: String,
    #[serde(deserialize_with = "list")]
    pub trusted_proxies: Vec<Network>,
    #[serde(deserialize_with = "list")]
    pub allowed_origins: Vec<String>,
    pub insecure: bool,
    pub header_timeout_secs: u64,
    pub request_timeout_secs: u64,
    pub max_body_bytes: usize,
    pub max_connections: usize,
    pub drain_secs: u64,
}

impl Server {
    pub fn header_timeout(&self) -> Duration {
        Duration::from_secs(self.header_timeout_secs)
    }

    pub fn request_timeout(&self) -> Duration {
        Duration::from_secs(self.request_timeout_secs)
    }

    pub fn drain(&self) -> Duration {
        Duration::from_secs(self.drain_secs)
    }

    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// Origins that web clients may come from: `public_url` and `allowed_origins`.
    pub fn origins(&self) -> Vec<String> {
        let own = (!self.public_url.is_empty()).then(|| self.public_url.clone());
        let all = own.into_iter().chain(self.allowed_origins.iter().cloned());
        all.map(|origin| origin.trim_end_matches('/').to_ascii_lowercase()).collect()
    }

    pub fn trusts(&self, peer: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|network| network.contains(peer))
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    #[serde(deserialize_with = "optional_address")]
    pub listen: Option<SocketAddr>,
    pub token: Secret,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    pub issuer: String,
    pub audience: String,
    pub access_ttl_secs: u64,
    pub refresh_ttl_days: u64,
    pub refresh_grace_secs: u64,
    pub bcrypt_cost: u32,
    pub bcrypt_queue: usize,
    pub key_dir: PathBuf,
}

impl Auth {
    pub fn access_ttl(&self) -> Duration {
        Duration::from_secs(self.access_ttl_secs)
    }

    pub fn refresh_ttl(&self) -> Duration {
        Duration::from_secs(self.refresh_ttl_days.saturating_mul(24 * 60 * 60))
    }

    pub fn refresh_grace(&self) -> Duration {
        Duration::from_secs(self.refresh_grace_secs)
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Socket {
    pub ping_interval_secs: u64,
    pub ping_timeout_secs: u64,
    pub max_payload_bytes: usize,
    pub max_buffered_bytes: usize,
    pub max_buffered_packets: usize,
    pub connections_per_user: usize,
}

impl Socket {
    pub fn ping_interval(&self) -> Duration {
        Duration::from_secs(self.ping_interval_secs)
    }

    pub fn ping_timeout(&self) -> Duration {
        Duration::from_secs(self.ping_timeout_secs)
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    pub lanes: u16,
    pub batch: usize,
    pub max_attempts: u32,
    pub backoff_base_ms: u64,
    pub backoff_max_ms: u64,
}

impl Queue {
    pub fn backoff_base(&self) -> Duration {
        Duration::from_millis(self.backoff_base_ms)
    }

    pub fn backoff_max(&self) -> Duration {
        Duration::from_millis(self.backoff_max_ms)
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Store {
    pub url: String,
    pub readers: usize,
    pub commit_wait_ms: u64,
}

impl Store {
    pub fn commit_wait(&self) -> Duration {
        Duration::from_millis(self.commit_wait_ms)
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub enabled: bool,
    pub unauthenticated: Rate,
    pub user: Rate,
    pub login: Rate,
    pub login_account: Rate,
    pub signup: Rate,
    pub refresh: Rate,
    pub send: Rate,
    pub typing: Rate,
    pub connections: Rate,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    pub count: u32,
    pub per_secs: u64,
    #[serde(default)]
    pub burst: u32,
}

impl Rate {
    fn quota(self, name: &'static str) -> Quota {
        let burst = if self.burst == 0 { self.count } else { self.burst };
        Quota { name, burst, refill: self.count, per: Duration::from_secs(self.per_secs) }
    }
}

impl Limits {
    pub fn tiers(&self) -> Tiers {
        Tiers {
            unauthenticated: self.unauthenticated.quota("unauthenticated"),
            user: self.user.quota("user"),
            login: self.login.quota("login"),
            login_account: self.login_account.quota("login_account"),
            signup: self.signup.quota("signup"),
            refresh: self.refresh.quota("refresh"),
            send: self.send.quota("send"),
            typing: self.typing.quota("typing"),
            connections: self.connections.quota("connections"),
        }
    }

    pub(super) fn each(&self) -> [(&'static str, Rate); 9] {
        [
            ("unauthenticated", self.unauthenticated),
            ("user", self.user),
            ("login", self.login),
            ("login_account", self.login_account),
            ("signup", self.signup),
            ("refresh", self.refresh),
            ("send", self.send),
            ("typing", self.typing),
            ("connections", self.connections),
        ]
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub format: LogFormat,
    pub level: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Pretty,
    Json,
}

/// A text that is never shown: not in logs, not by `nexus config`.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.is_empty() { "\"\"" } else { "\"(hidden)\"" })
    }
}

impl Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(if self.is_empty() { "" } else { "(hidden)" })
    }
}

impl Config {
    pub fn key_dir(&self) -> PathBuf {
        if self.auth.key_dir.as_os_str().is_empty() {
            self.data_dir.join("keys")
        } else {
            self.auth.key_dir.clone()
        }
    }

    pub fn lock_file(&self) -> PathBuf {
        self.data_dir.join("nexus.lock")
    }

    /// The file behind `store.url`; `None` when it names another kind of store.
    pub fn sqlite_path(&self) -> Option<PathBuf> {
        if self.store.url.is_empty() {
            return Some(self.data_dir.join("nexus.db"));
        }
        let path = self.store.url.strip_prefix("sqlite:")?;
        let path = path.strip_prefix("//").unwrap_or(path);
        // SQLite's other names: each connection would open a file of its own.
        let is_special = path.starts_with(":memory:") || path.starts_with("file:");
        (!path.is_empty() && !is_special).then(|| Path::new(path).to_owned())
    }
}

/// A list in the file; in the environment, its members with commas between.
fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + std::str::FromStr<Err: std::fmt::Display>,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum ListOrText {
        List(Vec<String>),
        Text(String),
    }
    let members = match ListOrText::deserialize(deserializer)? {
        ListOrText::List(members) => members,
        ListOrText::Text(text) => text.split(',').map(str::to_owned).collect(),
    };
    let members = members.iter().map(|member| member.trim()).filter(|member| !member.is_empty());
    members.map(|member| member.parse().map_err(de::Error::custom)).collect()
}

/// An address, or the empty text for none.
fn optional_address<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SocketAddr>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(de::Error::custom) }
}
