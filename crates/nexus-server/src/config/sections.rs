//! The tree of settings, section by section.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use nexus_core::{
    limits::Tiers,
    ports::{Pace, Quota},
};
use serde::{Deserialize, Deserializer, Serialize, de};

use super::{Bus, Cache, Jobs, Mail, Oidc, Queue, Redis, Retention, Secret, Store};
use crate::network::Network;

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub data_dir: PathBuf,
    pub server: Server,
    pub tls: Tls,
    pub metrics: Metrics,
    pub auth: Auth,
    #[serde(default)]
    pub oidc: Vec<Oidc>,
    pub accounts: Accounts,
    pub socket: Socket,
    pub store: Store,
    pub redis: Redis,
    pub queue: Queue,
    pub jobs: Jobs,
    pub bus: Bus,
    pub cache: Cache,
    pub mail: Mail,
    pub retention: Retention,
    pub limits: Limits,
    pub log: Log,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub node: String,
    pub listen: SocketAddr,
    pub public_url: String,
    #[serde(deserialize_with = "list")]
    pub trusted_proxies: Vec<Network>,
    pub forwarded_header: ForwardedHeader,
    #[serde(deserialize_with = "list")]
    pub allowed_origins: Vec<String>,
    pub insecure: bool,
    pub header_timeout_secs: u64,
    pub request_timeout_secs: u64,
    pub max_body_bytes: usize,
    pub max_connections: usize,
    pub connections_per_address: usize,
    pub drain_secs: u64,
}

/// Where proxies write the address of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForwardedHeader {
    XForwardedFor,
    Forwarded,
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

    /// The host of `public_url`, without port.
    pub fn public_host(&self) -> &str {
        let host = self.public_url.split("://").nth(1).unwrap_or_default().trim_end_matches('/');
        match host.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => host,
        }
    }

    /// Origins that web clients may come from: `public_url` and `allowed_origins`.
    pub fn origins(&self) -> Vec<String> {
        let own = (!self.public_url.is_empty()).then(|| self.public_url.clone());
        let all = own.into_iter().chain(self.allowed_origins.iter().cloned());
        all.map(|origin| as_browsers_write(&origin)).collect()
    }

    pub fn trusts(&self, peer: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|network| network.contains(peer))
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    pub cert_file: PathBuf,
    pub key_file: PathBuf,
    #[serde(deserialize_with = "optional_address")]
    pub redirect_listen: Option<SocketAddr>,
    pub handshake_timeout_secs: u64,
    pub max_handshakes: usize,
    #[serde(deserialize_with = "list")]
    pub acme_domains: Vec<String>,
    pub acme_email: String,
    pub acme_directory: String,
    pub acme_ca_file: PathBuf,
}

impl Tls {
    /// Whether `server.listen` speaks TLS itself.
    pub fn is_on(&self) -> bool {
        self.has_files() || !self.acme_domains.is_empty()
    }

    pub fn has_files(&self) -> bool {
        !self.cert_file.as_os_str().is_empty()
    }

    pub fn handshake_timeout(&self) -> Duration {
        Duration::from_secs(self.handshake_timeout_secs)
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    #[serde(deserialize_with = "optional_address")]
    pub listen: Option<SocketAddr>,
    pub token: Secret,
    pub token_file: PathBuf,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    pub issuer: String,
    pub audience: String,
    pub access_ttl_secs: u64,
    pub refresh_ttl_days: u64,
    pub session_ttl_days: u64,
    pub refresh_grace_secs: u64,
    pub require_verified_email: bool,
    pub username_changes: u32,
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

    pub fn session_ttl(&self) -> Duration {
        Duration::from_secs(self.session_ttl_days.saturating_mul(24 * 60 * 60))
    }

    pub fn refresh_grace(&self) -> Duration {
        Duration::from_secs(self.refresh_grace_secs)
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Accounts {
    pub deletion_grace_days: u64,
}

impl Accounts {
    pub fn deletion_grace(&self) -> Duration {
        Duration::from_secs(self.deletion_grace_days.saturating_mul(24 * 60 * 60))
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
pub struct Limits {
    pub enabled: bool,
    pub unauthenticated: Rate,
    pub user: Rate,
    pub login: Slowdown,
    pub login_account: Slowdown,
    pub signup: Rate,
    pub signup_taken: Rate,
    pub forgot: Rate,
    pub refresh: Rate,
    pub send: Rate,
    pub report: Rate,
    pub typing: Rate,
    pub invite: Rate,
    pub connections: Rate,
    pub mail: Rate,
    pub contact_requests: Rate,
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

/// What failures in a row cost.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Slowdown {
    pub free: u32,
    pub first_secs: u64,
    pub most_secs: u64,
}

impl Slowdown {
    pub fn pace(self) -> Pace {
        let [first, most] = [self.first_secs, self.most_secs].map(Duration::from_secs);
        Pace { free: self.free, first, most }
    }
}

impl Limits {
    pub fn tiers(&self) -> Tiers {
        Tiers {
            unauthenticated: self.unauthenticated.quota("unauthenticated"),
            user: self.user.quota("user"),
            signup: self.signup.quota("signup"),
            signup_taken: self.signup_taken.quota("signup_taken"),
            forgot: self.forgot.quota("forgot"),
            refresh: self.refresh.quota("refresh"),
            send: self.send.quota("send"),
            report: self.report.quota("report"),
            typing: self.typing.quota("typing"),
            invite: self.invite.quota("invite"),
            connections: self.connections.quota("connections"),
            mail: self.mail.quota("mail"),
            contact_requests: self.contact_requests.quota("contact_requests"),
        }
    }

    pub(super) fn each(&self) -> [(&'static str, Rate); 13] {
        [
            ("unauthenticated", self.unauthenticated),
            ("user", self.user),
            ("signup", self.signup),
            ("signup_taken", self.signup_taken),
            ("forgot", self.forgot),
            ("refresh", self.refresh),
            ("send", self.send),
            ("report", self.report),
            ("typing", self.typing),
            ("invite", self.invite),
            ("connections", self.connections),
            ("mail", self.mail),
            ("contact_requests", self.contact_requests),
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

impl Config {
    pub fn key_dir(&self) -> PathBuf {
        if self.auth.key_dir.as_os_str().is_empty() {
            self.data_dir.join("keys")
        } else {
            self.auth.key_dir.clone()
        }
    }

    /// How logs and other nodes call this process.
    pub fn node_name(&self) -> String {
        if !self.server.node.is_empty() {
            return self.server.node.clone();
        }
        let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
        format!("{host}:{}", std::process::id())
    }

    pub fn lock_file(&self) -> PathBuf {
        self.data_dir.join("nexus.lock")
    }
}

/// Without the port that everybody knows.
fn as_browsers_write(origin: &str) -> String {
    let origin = origin.trim_end_matches('/').to_ascii_lowercase();
    let known = if origin.starts_with("https:") { ":443" } else { ":80" };
    origin.strip_suffix(known).map(str::to_owned).unwrap_or(origin)
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
