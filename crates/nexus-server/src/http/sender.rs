//! Which page is behind a request, as far as its browser tells.

use std::net::IpAddr;

use axum::http::{HeaderMap, header};

use crate::config::Server;

/// What a request may do for the page that had it sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// No page that anybody knows of: a native client.
    Program,
    /// A page of ours: its cookies count.
    Page,
    /// The page inside an app, which is on the allow-list. Every app has the same origin, so it
    /// must bring a token.
    Shell,
    /// Anybody's page.
    Foreign,
}

impl Sender {
    pub fn of(headers: &HeaderMap, server: &Server) -> Sender {
        let mut origins = headers.get_all(header::ORIGIN).iter();
        match (origins.next(), origins.next()) {
            (Some(origin), None) => origin
                .to_str()
                .map_or(Sender::Foreign, |origin| Sender::at(origin, headers, server)),
            (Some(_), Some(_)) => Sender::Foreign,
            (None, _) => Sender::without_origin(headers),
        }
    }

    fn at(origin: &str, headers: &HeaderMap, server: &Server) -> Sender {
        let origin = origin.to_ascii_lowercase();
        let Some((scheme, host)) = origin.split_once("://") else { return Sender::Foreign };
        if is_own_host(scheme, host, headers, server) {
            return Sender::Page;
        }
        match server.origins().contains(&origin) {
            true if is_shell(scheme, host) => Sender::Shell,
            true => Sender::Page,
            false => Sender::Foreign,
        }
    }

    /// Browsers leave it out where they load an image or a frame, and when they fetch from the
    /// page's own origin.
    fn without_origin(headers: &HeaderMap) -> Sender {
        match headers.get("sec-fetch-site").map(|site| site.as_bytes()) {
            Some(b"same-origin") => Sender::Page,
            None | Some(b"none") => Sender::Program,
            Some(_) => Sender::Foreign,
        }
    }
}

/// Whether the page was loaded from the very host that is asked. Where people have an address for
/// this server, only this machine may use another: a name that somebody else had point here is his.
fn is_own_host(scheme: &str, host: &str, headers: &HeaderMap, server: &Server) -> bool {
    // Where people use https, a page loaded by http may be anybody's.
    let scheme_fits = scheme == "https" || (scheme == "http" && !server.is_https());
    let asked = headers.get(header::HOST).and_then(|asked| asked.to_str().ok());
    scheme_fits
        && !host.is_empty()
        && asked.is_some_and(|asked| asked.eq_ignore_ascii_case(host))
        && (server.public_url.is_empty() || is_loopback(host))
}

fn is_loopback(host: &str) -> bool {
    let bare = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _port)) => address,
        None => host.split(':').next().unwrap_or(host),
    };
    bare == "localhost" || bare.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// `capacitor://localhost`, `tauri://localhost`, and what they call themselves on Android and
/// Windows: `https://localhost`, `https://tauri.localhost`.
fn is_shell(scheme: &str, host: &str) -> bool {
    !matches!(scheme, "http" | "https") || host == "localhost" || host.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Flags, load};

    fn check(public_url: &str, host: &str, headers: &[(&'static str, &str)], expected: Sender) {
        let environment = [
            ("NEXUS__SERVER__PUBLIC_URL".to_owned(), public_url.to_owned()),
            (
                "NEXUS__SERVER__ALLOWED_ORIGINS".to_owned(),
                "https://app.example.com,capacitor://localhost,https://localhost,\
                 https://tauri.localhost,http://localhost:5173"
                    .to_owned(),
            ),
        ];
        let config = load(&Flags::default(), environment.into()).unwrap();
        let mut map = HeaderMap::new();
        map.insert("host", host.parse().unwrap());
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        assert_eq!(Sender::of(&map, &config.server), expected, "{public_url} {host} {headers:?}");
    }

    #[test]
    fn a_page_is_ours_by_its_whole_origin() {
        for (origin, expected) in [
            ("https://chat.example.com", Sender::Page),
            ("https://CHAT.example.com", Sender::Page),
            ("https://app.example.com", Sender::Page),
            ("http://localhost:5173", Sender::Page),
            ("http://chat.example.com", Sender::Foreign),
            ("https://chat.example.com:8443", Sender::Foreign),
            ("https://chat.example.com.evil.test", Sender::Foreign),
            ("https://evil-chat.example.com", Sender::Foreign),
            ("https://chat.example.com@evil.test", Sender::Foreign),
            ("https://chat.example.com/", Sender::Foreign),
            ("https://backend.internal:8080", Sender::Foreign),
            ("https://evil.test", Sender::Foreign),
            ("file://", Sender::Foreign),
            ("null", Sender::Foreign),
            ("", Sender::Foreign),
            ("https://", Sender::Foreign),
        ] {
            check(
                "https://chat.example.com:443/",
                "backend.internal:8080",
                &[("origin", origin)],
                expected,
            );
        }
        let twice = [("origin", "https://app.example.com"), ("origin", "https://evil.test")];
        check("https://chat.example.com", "chat.example.com", &twice, Sender::Foreign);
    }

    #[test]
    fn the_page_inside_an_app_is_known_but_has_no_cookies() {
        for (origin, expected) in [
            ("capacitor://localhost", Sender::Shell),
            ("https://localhost", Sender::Shell),
            ("https://tauri.localhost", Sender::Shell),
            ("tauri://localhost", Sender::Foreign),
            ("http://localhost", Sender::Foreign),
        ] {
            check("https://chat.example.com", "chat.example.com", &[("origin", origin)], expected);
        }
    }

    #[test]
    fn the_host_that_was_asked_counts_on_this_machine_and_where_there_is_no_other_name() {
        for (public_url, host, origin, expected) in [
            ("", "127.0.0.1:8080", "http://127.0.0.1:8080", Sender::Page),
            ("", "chat.lan:8080", "http://chat.lan:8080", Sender::Page),
            ("", "127.0.0.1:8080", "http://127.0.0.1:9090", Sender::Foreign),
            ("http://chat.lan", "localhost:8080", "http://localhost:8080", Sender::Page),
            ("http://chat.lan", "[::1]:8080", "http://[::1]:8080", Sender::Page),
            ("http://chat.lan", "evil.test", "http://evil.test", Sender::Foreign),
            (
                "http://chat.lan",
                "127.0.0.1.evil.test",
                "http://127.0.0.1.evil.test",
                Sender::Foreign,
            ),
            ("https://chat.lan", "localhost:8080", "http://localhost:8080", Sender::Foreign),
        ] {
            check(public_url, host, &[("origin", origin)], expected);
        }
    }

    #[test]
    fn without_an_origin_it_is_what_the_browser_says_or_no_browser() {
        for (site, expected) in [
            ("same-origin", Sender::Page),
            ("none", Sender::Program),
            ("same-site", Sender::Foreign),
            ("cross-site", Sender::Foreign),
        ] {
            check("", "127.0.0.1:8080", &[("sec-fetch-site", site)], expected);
        }
        check("", "127.0.0.1:8080", &[], Sender::Program);
        let evil = [("origin", "https://evil.test"), ("sec-fetch-site", "same-origin")];
        check("", "127.0.0.1:8080", &evil, Sender::Foreign);
    }
}
