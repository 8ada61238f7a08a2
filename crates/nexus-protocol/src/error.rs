//! What a refused request or event answers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::BanNotice;

/// Stable names of everything that can go wrong. Changing one is a protocol change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    Validation,
    Malformed,
    Unauthenticated,
    TokenExpired,
    TotpRequired,
    StepUpRequired,
    Forbidden,
    Banned,
    NotFound,
    Conflict,
    Gone,
    TooLarge,
    UnsupportedMedia,
    RateLimited,
    Unavailable,
}

impl ErrorCode {
    pub fn as_str(self) -> &'static str {
        match self {
            ErrorCode::Validation => "validation",
            ErrorCode::Malformed => "malformed",
            ErrorCode::Unauthenticated => "unauthenticated",
            ErrorCode::TokenExpired => "token_expired",
            ErrorCode::TotpRequired => "totp_required",
            ErrorCode::StepUpRequired => "step_up_required",
            ErrorCode::Forbidden => "forbidden",
            ErrorCode::Banned => "banned",
            ErrorCode::NotFound => "not_found",
            ErrorCode::Conflict => "conflict",
            ErrorCode::Gone => "gone",
            ErrorCode::TooLarge => "too_large",
            ErrorCode::UnsupportedMedia => "unsupported_media",
            ErrorCode::RateLimited => "rate_limited",
            ErrorCode::Unavailable => "unavailable",
        }
    }

    /// The status a REST answer with this code has.
    pub fn status(self) -> u16 {
        match self {
            ErrorCode::Validation => 422,
            ErrorCode::Malformed => 400,
            ErrorCode::Unauthenticated | ErrorCode::TokenExpired | ErrorCode::TotpRequired => 401,
            ErrorCode::Forbidden | ErrorCode::StepUpRequired | ErrorCode::Banned => 403,
            ErrorCode::NotFound => 404,
            ErrorCode::Conflict => 409,
            ErrorCode::Gone => 410,
            ErrorCode::TooLarge => 413,
            ErrorCode::UnsupportedMedia => 415,
            ErrorCode::RateLimited => 429,
            ErrorCode::Unavailable => 503,
        }
    }

    /// Whether the same request may succeed later.
    pub fn is_retryable(self) -> bool {
        matches!(self, ErrorCode::RateLimited | ErrorCode::Unavailable)
    }
}

/// One thing wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    #[schema(example = "password")]
    pub field: String,
    #[schema(example = "is too short")]
    pub message: String,
    /// The bound that was crossed, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// What may help where a request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Hint {
    /// Add them as a contact: they are asked whether they want it.
    ContactRequest,
    /// Open the link in the letter to one's own address.
    VerifyEmail,
}

/// RFC 9457 problem details, `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// A URL that names the kind of problem.
    pub r#type: String,
    pub title: String,
    pub status: u16,
    pub code: ErrorCode,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// With `totp_required`: what the sign-in can be completed with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<crate::SecondFactor>,
    /// With `banned`: why and until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ban: Option<BanNotice>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Hint>,
    pub request_id: String,
}

/// Why a socket event was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventError {
    pub code: ErrorCode,
    pub message: String,
    pub retryable: bool,
    /// After how many milliseconds another try makes sense.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

/// The acknowledgement of a refused socket event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EventRefusal {
    pub error: EventError,
}
