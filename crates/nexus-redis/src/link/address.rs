//! Where the servers are, from one URL with one host or several.

use std::time::Duration;

use redis::{
    ConnectionAddr, ConnectionInfo, ErrorKind, IntoConnectionInfo, ProtocolVersion, RedisError,
    RedisResult,
    io::tcp::{TcpSettings, socket2::TcpKeepalive},
};

/// Host and port.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Address {
    pub host: String,
    pub port: u16,
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// What a URL says: whom to ask first, and how to sign in wherever they send us.
pub(super) struct Seeds {
    pub addresses: Vec<Address>,
    sign_in: ConnectionInfo,
}

impl Seeds {
    /// `redis[s]://[user:password@]host[:port][,host[:port]...][/database]`
    pub fn parse(url: &str) -> RedisResult<Seeds> {
        let malformed = || {
            RedisError::from((ErrorKind::InvalidClientConfig, "the address of Redis is malformed"))
        };
        let (scheme, rest) = url.split_once("://").ok_or_else(malformed)?;
        let (rest, path) = match rest.split_once('/') {
            Some((rest, path)) => (rest, format!("/{path}")),
            None => (rest, String::new()),
        };
        let (user, hosts) = match rest.rsplit_once('@') {
            Some((user, hosts)) => (format!("{user}@"), hosts),
            None => (String::new(), rest),
        };
        let mut infos = Vec::new();
        for host in hosts.split(',').map(str::trim) {
            infos.push(format!("{scheme}://{user}{host}{path}").into_connection_info()?);
        }
        let sign_in = infos.first().ok_or_else(malformed)?.clone();
        let addresses = infos.iter().map(|info| address(info.addr()).ok_or_else(malformed));
        Ok(Seeds { addresses: addresses.collect::<RedisResult<_>>()?, sign_in })
    }

    /// How to reach a server, one that a seed has named included.
    pub fn info(&self, address: &Address, time_limit: Duration) -> ConnectionInfo {
        let (host, port) = (address.host.clone(), address.port);
        let addr = match self.sign_in.addr() {
            ConnectionAddr::TcpTls { insecure, tls_params, .. } => ConnectionAddr::TcpTls {
                host,
                port,
                insecure: *insecure,
                tls_params: tls_params.clone(),
            },
            _ => ConnectionAddr::Tcp(host, port),
        };
        let keepalive = TcpKeepalive::new()
            .with_time(Duration::from_secs(10))
            .with_interval(Duration::from_secs(3))
            .with_retries(3);
        let tcp = TcpSettings::default()
            .set_nodelay(true)
            .set_keepalive(keepalive)
            .set_user_timeout(time_limit * 2);
        let redis = self.sign_in.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
        self.sign_in.clone().set_addr(addr).set_tcp_settings(tcp).set_redis_settings(redis)
    }
}

fn address(addr: &ConnectionAddr) -> Option<Address> {
    match addr {
        ConnectionAddr::Tcp(host, port) | ConnectionAddr::TcpTls { host, port, .. } => {
            Some(Address { host: host.clone(), port: *port })
        }
        _ => None,
    }
}
