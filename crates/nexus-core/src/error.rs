//! Why a rule said no.

use std::{borrow::Cow, time::Duration};

use nexus_protocol::{BanNotice, ErrorCode, EventError, FieldError};

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
    /// Which of the two it was is nobody's business.
    #[error("wrong name or password")]
    WrongCredentials,
    /// No such passkey, not the right one, or not in time.
    #[error("this passkey opens nothing here")]
    WrongPasskey,
    /// The password was right; what else is asked for is missing.
    #[error("a one-time code is needed, too")]
    TotpRequired,
    #[error("confirm first that it is you")]
    StepUpRequired,
    #[error("the access token has expired")]
    TokenExpired,
    #[error("{0}")]
    Forbidden(Cow<'static, str>),
    /// Told only to who has given the right password.
    #[error("this account is banned")]
    Banned(BanNotice),
    /// They take messages from their own contacts only.
    #[error("this person takes messages from contacts only: you can ask to become one")]
    ContactsOnly,
    /// Where only those come up to others who have shown to read their address.
    #[error("verify your e-mail address first")]
    Unverified,
    /// These people can't be added to groups by the caller.
    #[error("not all of these people can be added by you")]
    NotAddable(Vec<nexus_protocol::UserId>),
    #[error("{0} not found")]
    NotFound(&'static str),
    #[error("{0}")]
    Conflict(Cow<'static, str>),
    /// Somebody else has what a field asks for.
    #[error("{}", describe(.0))]
    Taken(Vec<FieldError>),
    #[error("{0}")]
    Gone(Cow<'static, str>),
    /// What the op's turn brought to light; in the words of [`crate::ops::decide`].
    #[error("{}", .0.reason)]
    Refused(Rejection),
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

    pub fn taken(field: &str, message: &str) -> Error {
        Error::Taken(vec![field_error(field, message, None)])
    }

    pub fn code(&self) -> ErrorCode {
        match self {
            Error::Invalid(_) => ErrorCode::Validation,
            Error::Malformed(_) => ErrorCode::Malformed,
            Error::Unauthenticated | Error::WrongCredentials | Error::WrongPasskey => {
                ErrorCode::Unauthenticated
            }
            Error::TokenExpired => ErrorCode::TokenExpired,
            Error::TotpRequired => ErrorCode::TotpRequired,
            Error::StepUpRequired => ErrorCode::StepUpRequired,
            Error::Forbidden(_)
            | Error::ContactsOnly
            | Error::Unverified
            | Error::NotAddable(_) => ErrorCode::Forbidden,
            Error::Banned(_) => ErrorCode::Banned,
            Error::NotFound(_) => ErrorCode::NotFound,
            Error::Conflict(_) | Error::Taken(_) => ErrorCode::Conflict,
            Error::Gone(_) => ErrorCode::Gone,
            Error::Refused(rejection) => rejection.code,
            Error::RateLimited { .. } => ErrorCode::RateLimited,
            Error::Unavailable(_) | Error::StillQueued => ErrorCode::Unavailable,
        }
    }

    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Error::RateLimited { retry_after } => Some(*retry_after),
            Error::Refused(rejection) => rejection.retry_after_ms.map(Duration::from_millis),
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
                // Upwards: who comes back a moment too early is refused again.
                .map(|after| {
                    u64::try_from(after.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX)
                }),
        }
    }
}

impl From<Rejection> for Error {
    fn from(rejection: Rejection) -> Error {
        match rejection.code {
            ErrorCode::Unavailable => Error::StillQueued,
            _ => Error::Refused(rejection),
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
