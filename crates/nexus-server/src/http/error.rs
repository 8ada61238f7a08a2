//! The one place where an error becomes an HTTP answer (RFC 9457), and is logged.

#[cfg(test)]
mod tests;

use std::{error::Error as StdError, time::Duration};

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use nexus_core::{Error, ports::PortError};
use nexus_protocol::{BanNotice, ErrorCode, FieldError, Hint, Problem, SecondFactor, UserId};

use super::observe;

/// Why a request is refused: a rule's reasons, and those that only HTTP has.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    #[error(transparent)]
    Core(#[from] Error),
    #[error("the body has more than {limit} bytes")]
    TooLarge { limit: usize },
    #[error("the body must be application/json")]
    UnsupportedMedia,
    #[error("this address does not take that method")]
    MethodNotAllowed,
    #[error("this took too long; try again")]
    TimedOut,
    /// A request with this `Idempotency-Key` is being carried out.
    #[error("the same request is being carried out: ask again in a moment")]
    InProgress,
    /// The handler panicked.
    #[error("something went wrong here; try again")]
    Panicked,
}

impl From<PortError> for ApiError {
    fn from(err: PortError) -> ApiError {
        ApiError::Core(Error::Unavailable(err))
    }
}

impl ApiError {
    pub fn code(&self) -> ErrorCode {
        match self {
            ApiError::Core(err) => err.code(),
            ApiError::TooLarge { .. } => ErrorCode::TooLarge,
            ApiError::UnsupportedMedia => ErrorCode::UnsupportedMedia,
            ApiError::MethodNotAllowed => ErrorCode::NotFound,
            ApiError::InProgress => ErrorCode::Conflict,
            ApiError::TimedOut | ApiError::Panicked => ErrorCode::Unavailable,
        }
    }

    pub fn status(&self) -> StatusCode {
        match self {
            ApiError::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            ApiError::Panicked => StatusCode::INTERNAL_SERVER_ERROR,
            other => StatusCode::from_u16(other.code().status())
                .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            ApiError::Core(err) => err.retry_after(),
            ApiError::TimedOut | ApiError::InProgress => Some(Duration::from_secs(1)),
            _ => None,
        }
    }

    fn field_errors(&self) -> Vec<FieldError> {
        match self {
            ApiError::Core(Error::Invalid(errors) | Error::Taken(errors)) => errors.clone(),
            ApiError::Core(Error::NotAddable(users)) => users.iter().map(not_addable).collect(),
            _ => Vec::new(),
        }
    }

    fn ban(&self) -> Option<BanNotice> {
        match self {
            ApiError::Core(Error::Banned(notice)) => Some(notice.clone()),
            _ => None,
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            ApiError::Core(Error::ContactsOnly) => Some(Hint::ContactRequest),
            ApiError::Core(Error::Unverified) => Some(Hint::VerifyEmail),
            _ => None,
        }
    }

    fn methods(&self) -> Vec<SecondFactor> {
        match self {
            ApiError::Core(Error::TotpRequired) => {
                vec![SecondFactor::Totp, SecondFactor::RecoveryCode]
            }
            _ => Vec::new(),
        }
    }

    /// Never the text of a refusal: it may repeat what was sent, a password in the wrong place too.
    fn log(&self) {
        let (status, code) = (self.status().as_u16(), self.code().as_str());
        match self {
            ApiError::Core(Error::Unavailable(cause)) => {
                tracing::error!(status, code, error = cause as &dyn StdError, "request failed");
            }
            err if status >= 500 => tracing::error!(status, code, error = %err, "request failed"),
            _ => tracing::debug!(status, code, "request refused"),
        }
    }
}

fn not_addable(user: &UserId) -> FieldError {
    let message = format!("{user} can't be added by you");
    FieldError { field: "userIds".to_owned(), message, limit: None }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        self.log();
        let (status, code) = (self.status(), self.code());
        let problem = Problem {
            r#type: format!("/errors/{}", code.as_str()),
            title: self.to_string(),
            status: status.as_u16(),
            code,
            errors: self.field_errors(),
            methods: self.methods(),
            ban: self.ban(),
            hint: self.hint(),
            request_id: observe::request_id(),
        };
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(after) = self.retry_after() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(whole_secs(after)));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        // A `Problem` holds texts and numbers only: writing it can't fail.
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        (status, headers, body).into_response()
    }
}

/// Rounded up, so that whoever waits this long has waited long enough.
pub(super) fn whole_secs(duration: Duration) -> u64 {
    duration.as_secs().saturating_add(u64::from(duration.subsec_nanos() > 0)).max(1)
}

/// What a caught panic answers; for `tower_http::catch_panic`.
pub fn panicked(_payload: Box<dyn std::any::Any + Send>) -> Response {
    metrics::counter!(crate::metrics::PANICS_TOTAL).increment(1);
    ApiError::Panicked.into_response()
}

/// For an address that is there, with another method.
pub async fn method_not_allowed() -> ApiError {
    ApiError::MethodNotAllowed
}
