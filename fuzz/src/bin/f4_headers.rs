//! F-4: the headers that we read ourselves: cookies, origins, addresses of proxies.
#![no_main]

use std::{net::SocketAddr, sync::OnceLock};

use http::{HeaderMap, HeaderName, HeaderValue};
use libfuzzer_sys::fuzz_target;
use nexus_server::{
    config::{Config, Flags, load},
    http::{client_ip::ClientIp, cookies, sender::Sender},
    listener::Peer,
    network::Network,
};

fn config() -> &'static Config {
    static CONFIG: OnceLock<Config> = OnceLock::new();
    CONFIG.get_or_init(|| {
        let settings = [
            ("NEXUS__SERVER__PUBLIC_URL", "https://chat.example.com"),
            ("NEXUS__SERVER__TRUSTED_PROXIES", "10.0.0.0/8,fd00::/8"),
            ("NEXUS__SERVER__ALLOWED_ORIGINS", "https://app.example.com,capacitor://localhost"),
        ];
        let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned()));
        load(&Flags::default(), settings.into()).expect("they can be used")
    })
}

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = text.parse::<Network>();
    }
    let mut headers = HeaderMap::new();
    for line in data.split(|byte| *byte == b'\n') {
        let mut parts = line.splitn(2, |byte| *byte == b':');
        let (Some(name), Some(value)) = (parts.next(), parts.next()) else { continue };
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name), HeaderValue::from_bytes(value))
        {
            headers.append(name, value);
        }
    }
    let server = &config().server;
    let _ = (cookies::access_token(&headers), cookies::refresh_token(&headers));
    let stranger = Peer(SocketAddr::from(([8, 8, 8, 8], 1)));
    assert_eq!(ClientIp::of(stranger, &headers, server).0, stranger.0.ip());
    let proxy = Peer(SocketAddr::from(([10, 0, 0, 1], 1)));
    let _ = ClientIp::of(proxy, &headers, server).limit_key();
    if Sender::of(&headers, server) == Sender::Page {
        let known = [&b"https://chat.example.com"[..], b"https://app.example.com"];
        let origin = headers.get("origin").map(|origin| origin.as_bytes().to_ascii_lowercase());
        let same_host = headers.get("host").is_some();
        let told = headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin");
        assert!(origin.map_or(told, |origin| same_host || known.contains(&origin.as_slice())));
    }
});
