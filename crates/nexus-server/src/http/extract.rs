//! What a handler takes from a request. Whatever can't be taken is answered as a problem.

#[cfg(test)]
mod tests;

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, OptionalFromRequest, Request},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use nexus_core::Error;
use serde::{Serialize, de::DeserializeOwned};

use super::error::ApiError;

/// A JSON body; as an answer, too. `Option<Json<T>>` is `None` when no body was sent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(req: Request, state: &S) -> Result<Self, ApiError> {
        if !is_json(req.headers()) {
            return Err(ApiError::UnsupportedMedia);
        }
        parse(&body(req, state).await?)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> OptionalFromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(req: Request, state: &S) -> Result<Option<Self>, ApiError> {
        let (json, typed) =
            (is_json(req.headers()), req.headers().contains_key(header::CONTENT_TYPE));
        let body = body(req, state).await?;
        match (body.is_empty(), json) {
            (true, _) if json || !typed => Ok(None),
            (false, true) => parse(&body).map(Some),
            _ => Err(ApiError::UnsupportedMedia),
        }
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// The very bytes, for what is signed.
#[derive(Clone, Debug)]
pub struct RawBody(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for RawBody {
    type Rejection = ApiError;

    async fn from_request(req: Request, state: &S) -> Result<Self, ApiError> {
        body(req, state).await.map(RawBody)
    }
}

async fn body<S: Send + Sync>(req: Request, state: &S) -> Result<Bytes, ApiError> {
    let limit = req.extensions().get::<BodyLimit>().map_or(0, |limit| limit.0);
    Bytes::from_request(req, state).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::TooLarge { limit },
        _ => Error::Malformed("the body was cut off".to_owned()).into(),
    })
}

/// How long a body may be, for the refusal to say; in the extensions of every request.
#[derive(Clone, Copy, Debug)]
pub struct BodyLimit(pub usize);

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = value.and_then(|value| value.split(';').next()).map(str::trim);
    kind.is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"))
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<Json<T>, ApiError> {
    // Serde reads a list as an object whose fields have no names.
    if body.trim_ascii_start().first() == Some(&b'[') {
        return Err(Error::Malformed("the body must be an object".to_owned()).into());
    }
    match serde_json::from_slice(body) {
        Ok(value) => Ok(Json(value)),
        Err(err) => Err(Error::Malformed(format!("the body can't be read: {err}")).into()),
    }
}

/// The variable parts of the address. One that can't be right is an address that isn't there.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Path(value)),
            Err(rejection) => {
                tracing::debug!(error = %rejection, "no such address");
                Err(Error::NotFound("resource").into())
            }
        }
    }
}

/// What follows the `?`. Unknown names are refused by the `deny_unknown_fields` of `T`.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match axum::extract::Query::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Query(value)),
            Err(rejection) => Err(Error::Malformed(rejection.body_text()).into()),
        }
    }
}
