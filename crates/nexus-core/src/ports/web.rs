//! The way to servers of others.

use async_trait::async_trait;

use super::PortResult;

/// One request: GET, or POST of a form.
#[derive(Clone, Copy)]
pub struct WebRequest<'a> {
    pub url: &'a str,
    /// `application/x-www-form-urlencoded`.
    pub form: Option<&'a str>,
    /// An `Authorization` header.
    pub authorization: Option<&'a str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebAnswer {
    pub status: u16,
    pub body: Vec<u8>,
}

/// Follows no redirect, and gives up on who answers slowly or at length.
#[async_trait]
pub trait Web: Send + Sync {
    async fn ask(&self, request: WebRequest<'_>) -> PortResult<WebAnswer>;
}
