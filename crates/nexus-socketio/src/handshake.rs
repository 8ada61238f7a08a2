//! The first request of a session, and the rules every request must follow.

use bytes::Bytes;
use http::{Method, Response, StatusCode, header, request::Parts};
use http_body_util::Full;

use crate::{Refusal, Transport, builder::Config};

/// What a request's query says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Query<'a> {
    transport: Option<&'a str>,
    version: Option<&'a str>,
    pub sid: Option<&'a str>,
}

/// Why the protocol turns a request away, with the numbers clients know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rejection {
    UnknownTransport,
    UnknownSession,
    HandshakeMethod,
    BadRequest,
    Version,
}

impl<'a> Query<'a> {
    pub(crate) fn of(parts: &'a Parts) -> Self {
        let mut query = Self::default();
        for pair in parts.uri.query().unwrap_or_default().split('&') {
            match pair.split_once('=') {
                Some(("transport", value)) => query.transport = Some(value),
                Some(("EIO", value)) => query.version = Some(value),
                Some(("sid", value)) if !value.is_empty() => query.sid = Some(value),
                _ => {}
            }
        }
        query
    }

    pub(crate) fn transport(&self) -> Result<Transport, Rejection> {
        match self.transport {
            Some("polling") => Ok(Transport::Polling),
            Some("websocket") => Ok(Transport::WebSocket),
            _ => Err(Rejection::UnknownTransport),
        }
    }

    /// Whether a session may begin with this request.
    pub(crate) fn check_new(&self, method: &Method) -> Result<(), Rejection> {
        if method != Method::GET {
            return Err(Rejection::HandshakeMethod);
        }
        if self.version != Some("4") {
            return Err(Rejection::Version);
        }
        Ok(())
    }
}

impl Rejection {
    pub(crate) fn answer(self) -> Response<Full<Bytes>> {
        let (code, message) = match self {
            Self::UnknownTransport => (0, "Transport unknown"),
            Self::UnknownSession => (1, "Session ID unknown"),
            Self::HandshakeMethod => (2, "Bad handshake method"),
            Self::BadRequest => (3, "Bad request"),
            Self::Version => (5, "Unsupported protocol version"),
        };
        let body = format!(r#"{{"code":{code},"message":"{message}"}}"#);
        answer(StatusCode::BAD_REQUEST, "application/json", body)
    }
}

/// The application's no: `code` 4 is the protocol's for it, `reason` is the application's own.
pub(crate) fn refused(refusal: &Refusal) -> Response<Full<Bytes>> {
    let body = serde_json::json!({ "code": 4, "message": refusal.message, "reason": refusal.code });
    answer(refusal.status, "application/json", body.to_string())
}

pub(crate) fn answer(
    status: StatusCode,
    content_type: &'static str,
    body: impl Into<Bytes>,
) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    response
}

/// The packet that opens a session.
pub(crate) fn open_packet(config: &Config, sid: &str, transport: Transport) -> String {
    let upgrades = match transport {
        Transport::Polling => r#"["websocket"]"#,
        Transport::WebSocket => "[]",
    };
    format!(
        r#"0{{"sid":"{sid}","upgrades":{upgrades},"pingInterval":{},"pingTimeout":{},"maxPayload":{}}}"#,
        config.ping_interval.as_millis(),
        config.ping_timeout.as_millis(),
        config.max_payload,
    )
}
