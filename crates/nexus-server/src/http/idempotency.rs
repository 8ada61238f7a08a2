//! Requests that change something: carried out to their end, and once for each `Idempotency-Key`.

#[cfg(test)]
mod tests;

use std::{panic::AssertUnwindSafe, sync::Arc};

use aws_lc_rs::digest;
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt as _;
use nexus_core::{
    Error,
    idempotency::{Turn, begin, release, settle},
    ports::{Clock, FirstAnswer, IdempotencyStore},
};
use nexus_protocol::UserId;

use super::{
    CallerId,
    error::{ApiError, panicked},
    observe,
};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

#[derive(Clone)]
pub struct Idempotency {
    pub claims: Arc<dyn IdempotencyStore>,
    pub clock: Arc<dyn Clock>,
    pub max_body_bytes: usize,
}

/// A safe method just runs. Any other runs in a task of its own: axum drops the handler when the
/// client goes away, and half a change with no recorded answer is what a client can't repair.
pub async fn once(State(idempotency): State<Idempotency>, req: Request, next: Next) -> Response {
    if req.method().is_safe() {
        return next.run(req).await;
    }
    match observe::in_background(carry_out(idempotency, req, next)).await {
        Ok(answer) => answer.into_response(),
        Err(err) => {
            tracing::error!(error = %err, "a request's task ended early");
            ApiError::Panicked.into_response()
        }
    }
}

async fn carry_out(
    idempotency: Idempotency,
    req: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let caller = req.extensions().get::<CallerId>().copied();
    let (Some(CallerId(user)), Some(key)) = (caller, key_of(req.headers())?) else {
        return Ok(run(req, next).await);
    };
    let Idempotency { claims, clock, max_body_bytes } = idempotency;
    let (parts, body) = req.into_parts();
    let body =
        to_bytes(body, max_body_bytes).await.map_err(|err| unreadable(err, max_body_bytes))?;
    let fingerprint = fingerprint(&parts, &body);
    match begin(&*claims, &*clock, user, &key, &fingerprint).await? {
        Turn::First => {
            let response = run(Request::from_parts(parts, Body::from(body)), next).await;
            Ok(keep(&*claims, user, &key, response).await)
        }
        Turn::Replay(answer) => Ok(replay(answer)),
        Turn::InProgress => Err(ApiError::InProgress),
    }
}

/// A panic is an answer, too: the key must not stay claimed.
async fn run(req: Request, next: Next) -> Response {
    AssertUnwindSafe(next.run(req)).catch_unwind().await.unwrap_or_else(panicked)
}

fn key_of(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let mut keys = headers.get_all(KEY).iter();
    let key = match (keys.next(), keys.next()) {
        (None, _) => return Ok(None),
        (Some(key), None) => key.to_str().ok(),
        (Some(_), Some(_)) => None,
    };
    match key {
        Some(key) => Ok(Some(key.to_owned())),
        None => Err(Error::invalid("Idempotency-Key", "must be one visible ASCII text").into()),
    }
}

fn unreadable(err: axum::Error, limit: usize) -> ApiError {
    if err.into_inner().is::<http_body_util::LengthLimitError>() {
        ApiError::TooLarge { limit }
    } else {
        Error::Malformed("the body was cut off".to_owned()).into()
    }
}

/// Says what is asked for, each part with its length, so that no two requests look alike.
fn fingerprint(parts: &Parts, body: &[u8]) -> [u8; 32] {
    let mut context = digest::Context::new(&digest::SHA256);
    let target = parts.uri.to_string();
    for part in [parts.method.as_str().as_bytes(), target.as_bytes(), body] {
        context.update(&part.len().to_be_bytes());
        context.update(part);
    }
    let mut fingerprint = [0; 32];
    fingerprint.copy_from_slice(context.finish().as_ref());
    fingerprint
}

async fn keep(
    claims: &dyn IdempotencyStore,
    user: UserId,
    key: &str,
    response: Response,
) -> Response {
    let (parts, body) = response.into_parts();
    let body = match to_bytes(body, usize::MAX).await {
        Ok(body) => body,
        Err(err) => {
            tracing::error!(error = %err, "an answer broke off");
            report(release(claims, user, key).await);
            return ApiError::Panicked.into_response();
        }
    };
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let answer = FirstAnswer {
        status: parts.status.as_u16(),
        content_type: content_type.unwrap_or_default().to_owned(),
        body: body.to_vec(),
    };
    report(settle(claims, user, key, &answer).await);
    Response::from_parts(parts, Body::from(body))
}

/// What was done is done: the client hears of it even if we can't remember it.
fn report(kept: Result<(), Error>) {
    if let Err(err) = kept {
        tracing::warn!(error = &err as &dyn std::error::Error, "an answer was not kept");
    }
}

fn replay(answer: FirstAnswer) -> Response {
    let mut response = Response::new(Body::from(Bytes::from(answer.body)));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let headers = response.headers_mut();
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    if !answer.content_type.is_empty()
        && let Ok(kind) = HeaderValue::from_str(&answer.content_type)
    {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    response
}
