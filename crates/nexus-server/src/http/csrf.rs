//! Requests that a foreign page makes a browser send along with our cookies.

use axum::http::{HeaderMap, Method, header};
use nexus_core::Error;

use crate::config::Server;

/// To be asked for every request that is authenticated by a cookie: an unsafe method must come
/// from a page of ours.
pub fn check(method: &Method, headers: &HeaderMap, server: &Server) -> Result<(), Error> {
    if method.is_safe() || comes_from_us(headers, server) { Ok(()) } else { Err(refusal()) }
}

pub fn refusal() -> Error {
    Error::Forbidden("requests with a cookie must come from an allowed origin".into())
}

/// Whether the page behind this request is on the allow-list, or on this very host. Socket
/// handshakes with a cookie must ask this too.
pub fn comes_from_us(headers: &HeaderMap, server: &Server) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    match (origins.next(), origins.next()) {
        (Some(origin), None) => {
            origin.to_str().is_ok_and(|origin| is_ours(origin, headers, server))
        }
        (Some(_), Some(_)) => false,
        // Browsers send Origin with all unsafe requests; this is for those that mind their privacy.
        (None, _) => headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin"),
    }
}

/// Whether an `Origin` is on the allow-list, or names the host that was asked.
pub fn is_ours(origin: &str, headers: &HeaderMap, server: &Server) -> bool {
    let origin = origin.to_ascii_lowercase();
    let Some((scheme, host)) = origin.split_once("://") else { return false };
    if server.origins().contains(&origin) {
        return true;
    }
    // Where people use https, a page loaded by http may be anybody's.
    let scheme_fits =
        if server.is_https() { scheme == "https" } else { scheme.starts_with("http") };
    let asked = headers.get(header::HOST).and_then(|asked| asked.to_str().ok());
    scheme_fits && !host.is_empty() && asked.is_some_and(|asked| asked.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Flags, load};

    fn check_post(headers: &[(&'static str, &str)], passes: bool) {
        let environment = [
            ("NEXUS__SERVER__PUBLIC_URL".to_owned(), "https://chat.example.com".to_owned()),
            ("NEXUS__SERVER__ALLOWED_ORIGINS".to_owned(), "https://app.example.com".to_owned()),
        ];
        let config = load(&Flags::default(), environment.into()).unwrap();
        let mut map = HeaderMap::new();
        map.insert("host", "backend.internal:8080".parse().unwrap());
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        let checked = check(&Method::POST, &map, &config.server);
        assert_eq!(checked.is_ok(), passes, "{headers:?}");
        assert!(check(&Method::GET, &map, &config.server).is_ok());
    }

    #[test]
    fn unsafe_requests_must_come_from_a_page_of_ours() {
        for (origin, passes) in [
            ("https://chat.example.com", true),
            ("https://CHAT.example.com", true),
            ("https://app.example.com", true),
            ("https://backend.internal:8080", true),
            ("http://backend.internal:8080", false),
            ("https://backend.internal", false),
            ("http://chat.example.com", false),
            ("https://chat.example.com:8443", false),
            ("https://chat.example.com.evil.test", false),
            ("https://evil-chat.example.com", false),
            ("https://evil.test", false),
            ("null", false),
            ("", false),
            ("https://", false),
        ] {
            check_post(&[("origin", origin)], passes);
        }
        check_post(&[], false);
        check_post(&[("sec-fetch-site", "same-origin")], true);
        check_post(&[("sec-fetch-site", "same-site")], false);
        check_post(&[("sec-fetch-site", "none")], false);
        check_post(&[("origin", "https://evil.test"), ("sec-fetch-site", "same-origin")], false);
        let twice = [("origin", "https://app.example.com"), ("origin", "https://evil.test")];
        check_post(&twice, false);
    }
}
