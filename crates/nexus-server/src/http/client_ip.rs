//! The address a request really comes from.

use std::net::{IpAddr, Ipv6Addr};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};

use super::error::ApiError;
use crate::{
    config::{ForwardedHeader, Server},
    listener::Peer,
    network::network_of,
};

/// The client, or the last stop on its way that we can't vouch for. In the extensions of every
/// request behind [`super::layers::around_all`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientIp(pub IpAddr);

impl ClientIp {
    /// The rightmost stop that is no proxy of ours: whatever stands further left, the client may
    /// have written itself.
    pub fn of(peer: Peer, headers: &HeaderMap, server: &Server) -> ClientIp {
        let peer = peer.0.ip().to_canonical();
        if !server.trusts(peer) {
            return ClientIp(peer);
        }
        let mut last = peer;
        for stop in stops(headers, server.forwarded_header).into_iter().rev() {
            match stop {
                Some(stop) if server.trusts(stop) => last = stop,
                Some(stop) => return ClientIp(stop),
                None => break,
            }
        }
        ClientIp(last)
    }

    /// What limits are counted by: who has one IPv6 address has a whole /64 of them.
    pub fn limit_key(self) -> String {
        match network_of(self.0) {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(network) => format!("{network}/64"),
        }
    }
}

/// The way of the request as the header tells it, in order; `None` for what is no address.
fn stops(headers: &HeaderMap, header: ForwardedHeader) -> Vec<Option<IpAddr>> {
    let (name, stop): (_, fn(&str) -> Option<IpAddr>) = match header {
        ForwardedHeader::XForwardedFor => ("x-forwarded-for", address),
        ForwardedHeader::Forwarded => ("forwarded", forwarded_for),
    };
    let values = headers.get_all(name).iter().map(|value| value.to_str().unwrap_or(""));
    values.flat_map(|value| value.split(',')).map(stop).collect()
}

/// One element of RFC 7239: `for="[2001:db8::1]:4711";proto=https`.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let mut pairs = element.split(';').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    address(value.trim().trim_matches('"'))
}

/// Some proxies add the port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|text| text.split(']').next()).unwrap_or(text);
    let address = bare.parse::<IpAddr>().ok();
    address.or_else(|| bare.rsplit_once(':')?.0.parse().ok()).map(|ip: IpAddr| ip.to_canonical())
}

impl<S: Sync> FromRequestParts<S> for ClientIp {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        let found = parts.extensions.get::<ClientIp>().copied();
        // Only a router without our layers lacks it; one shared key for all is the safe answer.
        Ok(found.unwrap_or(ClientIp(IpAddr::V6(Ipv6Addr::UNSPECIFIED))))
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::*;
    use crate::config::{Flags, load};

    fn check(peer: &str, forwarded: &[&str], expected: &str) {
        let proxies =
            ("NEXUS__SERVER__TRUSTED_PROXIES".to_owned(), "10.0.0.0/8,fd00::/8".to_owned());
        let config = load(&Flags::default(), [proxies].into()).unwrap();
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        let peer = Peer(SocketAddr::new(peer.parse().unwrap(), 1));
        let ip = ClientIp::of(peer, &headers, &config.server);
        assert_eq!(ip.0.to_string(), expected, "{peer:?} {forwarded:?}");
    }

    #[test]
    fn only_our_proxies_are_believed() {
        check("8.8.8.8", &["1.2.3.4"], "8.8.8.8");
        check("10.0.0.1", &[], "10.0.0.1");
        check("10.0.0.1", &["1.2.3.4"], "1.2.3.4");
        check("::ffff:10.0.0.1", &["1.2.3.4"], "1.2.3.4");
        check("fd00::1", &["2001:db8::1"], "2001:db8::1");
    }

    #[test]
    fn what_the_client_writes_itself_counts_for_nothing() {
        check("10.0.0.1", &["6.6.6.6, 1.2.3.4"], "1.2.3.4");
        check("10.0.0.1", &["6.6.6.6", "1.2.3.4"], "1.2.3.4");
        check("10.0.0.1", &["6.6.6.6, 1.2.3.4, 10.0.0.2"], "1.2.3.4");
        check("10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3");
        check("10.0.0.1", &["1.2.3.4, nonsense"], "10.0.0.1");
        check("10.0.0.1", &["1.2.3.4, nonsense, 10.0.0.2"], "10.0.0.2");
        check("10.0.0.1", &["1.2.3.4:5555"], "1.2.3.4");
        check("10.0.0.1", &["[2001:db8::1]:443"], "2001:db8::1");
    }

    #[test]
    fn the_standard_header_is_read_where_the_proxies_send_that_one() {
        let settings = [
            ("NEXUS__SERVER__TRUSTED_PROXIES".to_owned(), "10.0.0.0/8".to_owned()),
            ("NEXUS__SERVER__FORWARDED_HEADER".to_owned(), "forwarded".to_owned()),
        ];
        let config = load(&Flags::default(), settings.into()).unwrap();
        for (forwarded, expected) in [
            ("for=1.2.3.4", "1.2.3.4"),
            ("for=6.6.6.6, for=1.2.3.4;proto=https;by=10.0.0.2, For=10.0.0.3", "1.2.3.4"),
            ("for=\"[2001:db8::1]:4711\"", "2001:db8::1"),
            ("proto=https; FOR = \"1.2.3.4:80\"", "1.2.3.4"),
            ("for=1.2.3.4, for=unknown", "10.0.0.1"),
            ("for=1.2.3.4, for=_hidden, for=10.0.0.2", "10.0.0.2"),
            ("for=1.2.3.4, proto=https", "10.0.0.1"),
            ("", "10.0.0.1"),
        ] {
            let mut headers = HeaderMap::new();
            headers.append("forwarded", forwarded.parse().unwrap());
            // What a proxy that writes the other one lets through.
            headers.append("x-forwarded-for", "6.6.6.6".parse().unwrap());
            let peer = Peer(SocketAddr::new("10.0.0.1".parse().unwrap(), 1));
            let ip = ClientIp::of(peer, &headers, &config.server);
            assert_eq!(ip.0.to_string(), expected, "{forwarded}");
        }
    }

    #[test]
    fn an_ipv6_client_is_counted_by_its_network() {
        let key = |text: &str| ClientIp(text.parse().unwrap()).limit_key();
        assert_eq!(key("2001:db8:1:2:3::4"), "2001:db8:1:2::/64");
        assert_eq!(key("2001:db8:1:2:ffff::"), key("2001:db8:1:2:3::4"));
        assert_eq!(key("1.2.3.4"), "1.2.3.4");
    }
}
