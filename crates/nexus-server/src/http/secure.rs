//! Headers that tell a browser what our answers may never be used for.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use crate::config::Server;

/// An API answer is data: it loads nothing, and nothing frames it.
const CSP: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// The page at `/api/docs` runs the bundled Swagger UI, which sets styles by itself.
const DOCS_CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'";
const HSTS: &str = "max-age=31536000";

const ALWAYS: [(HeaderName, &str); 7] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    (HeaderName::from_static("x-permitted-cross-domain-policies"), "none"),
];

/// On every answer, errors and upgrades too. What a handler has set itself stays.
pub async fn secure(State(server): State<Arc<Server>>, req: Request, next: Next) -> Response {
    let docs = req.uri().path().starts_with("/api/docs");
    let mut response = next.run(req).await;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    for (name, value) in ALWAYS {
        set(name, value);
    }
    set(header::CONTENT_SECURITY_POLICY, if docs { DOCS_CSP } else { CSP });
    set(header::CACHE_CONTROL, if docs { "no-cache" } else { "no-store" });
    if server.is_https() {
        set(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    response
}
