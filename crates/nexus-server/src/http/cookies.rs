//! The two cookies that carry tokens for browsers.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

const ACCESS: &str = "__Host-nc_at";
const REFRESH: &str = "__Secure-nc_rt";
const REFRESH_PATH: &str = "/api/v1/auth";

pub fn access_token(headers: &HeaderMap) -> Option<String> {
    read(headers, ACCESS)
}

pub fn refresh_token(headers: &HeaderMap) -> Option<String> {
    read(headers, REFRESH)
}

fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    jar.get(name).map(|cookie| cookie.value().to_owned()).filter(|value| !value.is_empty())
}

pub fn set(access: &str, access_ttl: Duration, refresh: &str, refresh_ttl: Duration) -> HeaderMap {
    headers([
        cookie(ACCESS, access, "/", access_ttl),
        cookie(REFRESH, refresh, REFRESH_PATH, refresh_ttl),
    ])
}

pub fn clear() -> HeaderMap {
    headers([
        cookie(ACCESS, "", "/", Duration::ZERO),
        cookie(REFRESH, "", REFRESH_PATH, Duration::ZERO),
    ])
}

fn cookie(name: &'static str, value: &str, path: &'static str, max_age: Duration) -> String {
    let seconds = i64::try_from(max_age.as_secs()).unwrap_or(i64::MAX);
    Cookie::build((name, value.to_owned()))
        .path(path)
        .max_age(time::Duration::seconds(seconds))
        .http_only(true)
        .secure(true)
        .same_site(SameSite::Strict)
        .build()
        .to_string()
}

fn headers(cookies: [String; 2]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for cookie in cookies {
        // Tokens are base64url and dots: always a valid header.
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            headers.append(header::SET_COOKIE, value);
        }
    }
    headers
}
