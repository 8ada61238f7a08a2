//! The cookies that carry tokens for browsers, and the one of a browser that signs in elsewhere.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

const ACCESS: &str = "__Host-nc_at";
const REFRESH: &str = "__Secure-nc_rt";
/// Of a browser that has gone to sign in elsewhere.
const OIDC: &str = "__Host-nc_oidc";
const OIDC_TTL: Duration = Duration::from_secs(20 * 60);
const REFRESH_PATH: &str = "/api/v1/auth";

pub fn access_token(headers: &HeaderMap) -> Option<String> {
    read(headers, ACCESS)
}

pub fn refresh_token(headers: &HeaderMap) -> Option<String> {
    read(headers, REFRESH)
}

pub fn oidc(headers: &HeaderMap) -> Option<String> {
    read(headers, OIDC)
}

fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    jar.get(name).map(|cookie| cookie.value().to_owned()).filter(|value| !value.is_empty())
}

pub fn set(access: &str, access_ttl: Duration, refresh: &str, refresh_ttl: Duration) -> HeaderMap {
    headers([
        cookie(ACCESS, access, "/", access_ttl, SameSite::Strict),
        cookie(REFRESH, refresh, REFRESH_PATH, refresh_ttl, SameSite::Strict),
    ])
}

pub fn clear() -> HeaderMap {
    headers([
        cookie(ACCESS, "", "/", Duration::ZERO, SameSite::Strict),
        cookie(REFRESH, "", REFRESH_PATH, Duration::ZERO, SameSite::Strict),
    ])
}

/// Lax: it has to come along when the provider's page leads back here.
pub fn set_oidc(browser: &str) -> HeaderMap {
    headers([cookie(OIDC, browser, "/", OIDC_TTL, SameSite::Lax)])
}

fn cookie(
    name: &'static str,
    value: &str,
    path: &'static str,
    max_age: Duration,
    same_site: SameSite,
) -> String {
    let seconds = i64::try_from(max_age.as_secs()).unwrap_or(i64::MAX);
    Cookie::build((name, value.to_owned()))
        .path(path)
        .max_age(time::Duration::seconds(seconds))
        .http_only(true)
        .secure(true)
        .same_site(same_site)
        .build()
        .to_string()
}

fn headers<const N: usize>(cookies: [String; N]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for cookie in cookies {
        // Tokens are base64url and dots: always a valid header.
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            headers.append(header::SET_COOKIE, value);
        }
    }
    headers
}
