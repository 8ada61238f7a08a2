use axum::body::to_bytes;
use nexus_core::error::field_error;
use serde_json::{Value, json};

use super::*;

async fn answer(err: impl Into<ApiError>) -> (u16, HeaderMap, Value) {
    let response = err.into().into_response();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    (parts.status.as_u16(), parts.headers, serde_json::from_slice(&body).unwrap())
}

#[tokio::test]
async fn every_error_has_its_status_and_code() {
    let unavailable = || PortError::new("read", "the disk is gone");
    let secs = Duration::from_secs;
    for (err, status, code, retry_after) in [
        (Error::invalid("a", "b").into(), 422, "validation", None),
        (Error::Malformed("x".into()).into(), 400, "malformed", None),
        (Error::Unauthenticated.into(), 401, "unauthenticated", None),
        (Error::TokenExpired.into(), 401, "token_expired", None),
        (Error::Forbidden("x".into()).into(), 403, "forbidden", None),
        (Error::NotFound("chat").into(), 404, "not_found", None),
        (Error::Conflict("x".into()).into(), 409, "conflict", None),
        (Error::Gone("x".into()).into(), 410, "gone", None),
        (Error::RateLimited { retry_after: secs(3) }.into(), 429, "rate_limited", Some("3")),
        (
            Error::RateLimited { retry_after: Duration::from_millis(1_001) }.into(),
            429,
            "rate_limited",
            Some("2"),
        ),
        (Error::RateLimited { retry_after: Duration::ZERO }.into(), 429, "rate_limited", Some("1")),
        (Error::Unavailable(unavailable()).into(), 503, "unavailable", Some("1")),
        (Error::StillQueued.into(), 503, "unavailable", Some("1")),
        (ApiError::TooLarge { limit: 1 }, 413, "too_large", None),
        (ApiError::UnsupportedMedia, 415, "unsupported_media", None),
        (ApiError::MethodNotAllowed, 405, "not_found", None),
        (ApiError::TimedOut, 503, "unavailable", Some("1")),
        (ApiError::InProgress, 409, "conflict", Some("1")),
        (ApiError::Panicked, 500, "unavailable", None),
    ] {
        let text = format!("{err:?}");
        let (got, headers, body) = answer(err).await;
        assert_eq!(got, status, "{text}");
        assert_eq!(body["status"], status, "{text}");
        assert_eq!(body["code"], code, "{text}");
        assert_eq!(body["type"], format!("/errors/{code}"));
        assert_eq!(headers["content-type"], "application/problem+json");
        let after = headers.get("retry-after").map(|value| value.to_str().unwrap());
        assert_eq!(after, retry_after, "{text}");
        assert_eq!(headers.contains_key("www-authenticate"), status == 401);
        assert!(!body.to_string().contains("disk"), "a cause is for the log only");
    }
}

#[tokio::test]
async fn fields_are_named_with_their_limits() {
    let err = Error::Invalid(vec![
        field_error("password", "is too short", Some(10)),
        field_error("email", "is taken", None),
    ]);
    let (_, _, body) = answer(err).await;
    assert_eq!(
        body,
        json!({
            "type": "/errors/validation", "status": 422, "code": "validation",
            "title": "password is too short; email is taken", "requestId": "",
            "errors": [
                {"field": "password", "message": "is too short", "limit": 10},
                {"field": "email", "message": "is taken"},
            ],
        })
    );
}
