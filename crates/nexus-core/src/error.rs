//! Why a rule said no.

use std::{borrow::Cow, time::Duration};

use nexus_protocol::{ErrorCode, EventError, FieldError};

use crate::{ops::Rejection, ports::PortError};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One variant per answer a caller can act on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{}", describe(.0))]
    Invalid(Vec<FieldError>),
    /// Not even of the right shape.
    #[error("{0}")]
    Malformed(String),
    #[error("sign in first")]
    Unauthenticated,
    #[error("the access token has expired")]
    TokenExpired,
    #[error("{0}")]
    Forbidden(Cow<'static, str>),
    #[error("{0} not found")]
    NotFound(&'static str),
    #[error("{0}")]
    Conflict(Cow<'static, str>),
    #[error("{0}")]
    Gone(Cow<'static, str>),
    #[error("too many requests: try again in {} s", .retry_after.as_secs_f32().ceil())]
    RateLimited { retry_after: Duration },
    /// A backend failed. Worth a retry; the source is for the log only.
    #[error("temporarily unavailable")]
    Unavailable(#[from] PortError),
    /// It is in the queue and will be done, but not within the time a request may wait.
    #[error("this takes longer than usual: it is queued and will be done")]
    StillQueued,
}

impl Error {
    /// One field is wrong.
    pub fn invalid(field: &str, message: &str) -> Error {
        Error::Invalid(vec![field_error(field, message, None)])
    }

    pub fn code(&self) -> ErrorCode {
        match self {
            Error::Invalid(_) => ErrorCode::Validation,
            Error::Malformed(_) => ErrorCode::Malformed,
            Error::Unauthenticated => ErrorCode::Unauthenticated,
            Error::TokenExpired => ErrorCode::TokenExpired,
            Error::Forbidden(_) => ErrorCode::Forbidden,
            Error::NotFound(_) => ErrorCode::NotFound,
            Error::Conflict(_) => ErrorCode::Conflict,
            Error::Gone(_) => ErrorCode::Gone,
            Error::RateLimited { .. } => ErrorCode::RateLimited,
            Error::Unavailable(_) | Error::StillQueued => ErrorCode::Unavailable,
        }
    }

    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Error::RateLimited { retry_after } => Some(*retry_after),
            Error::Unavailable(_) | Error::StillQueued => Some(Duration::from_secs(1)),
            _ => None,
        }
    }

    /// As a socket event answers it.
    pub fn to_event_error(&self) -> EventError {
        EventError {
            code: self.code(),
            message: self.to_string(),
            retryable: self.code().is_retryable(),
            retry_after_ms: self
                .retry_after()
                .map(|after| u64::try_from(after.as_millis()).unwrap_or(u64::MAX)),
        }
    }
}

impl From<Rejection> for Error {
    fn from(rejection: Rejection) -> Error {
        let reason = Cow::Owned(rejection.reason);
        match rejection.code {
            ErrorCode::Forbidden => Error::Forbidden(reason),
            ErrorCode::NotFound => Error::NotFound(rejection.subject.unwrap_or("chat")),
            ErrorCode::Conflict => Error::Conflict(reason),
            ErrorCode::Gone => Error::Gone(reason),
            ErrorCode::Unavailable => Error::StillQueued,
            _ => Error::Malformed(reason.into_owned()),
        }
    }
}

pub fn field_error(field: &str, message: &str, limit: Option<u64>) -> FieldError {
    FieldError { field: field.to_owned(), message: message.to_owned(), limit }
}

fn describe(errors: &[FieldError]) -> String {
    let parts: Vec<String> =
        errors.iter().map(|error| format!("{} {}", error.field, error.message)).collect();
    parts.join("; ")
}
