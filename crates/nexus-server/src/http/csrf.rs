//! Requests that a foreign page makes a browser send, along with our cookies or without.

use axum::http::{HeaderMap, Method};
use nexus_core::Error;

use super::sender::Sender;
use crate::config::Server;

/// Whether what a cookie says counts: the method is safe, or the request is from a page of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CookiesCount(pub bool);

/// A foreign page may not make anything happen, even as nobody: signed in as somebody else, people
/// would write to the wrong account.
pub fn check(method: &Method, headers: &HeaderMap, server: &Server) -> Result<CookiesCount, Error> {
    match Sender::of(headers, server) {
        _ if method.is_safe() => Ok(CookiesCount(true)),
        Sender::Page => Ok(CookiesCount(true)),
        Sender::Program | Sender::Shell => Ok(CookiesCount(false)),
        Sender::Foreign => Err(refusal()),
    }
}

pub fn refusal() -> Error {
    Error::Forbidden("requests with a cookie must come from an allowed origin".into())
}
