//! `/reports`: telling staff of what should not be there.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use nexus_core::{Core, reports};
use nexus_protocol::FileReport;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{caller::Caller, error::ApiError, extract::Json};

pub fn routes() -> OpenApiRouter<Arc<Core>> {
    OpenApiRouter::new().routes(routes!(file))
}

/// Report a message, a user or a chat
///
/// What the caller sees of it now is kept for staff. Nobody else learns of it.
#[utoipa::path(post, path = "/reports", tag = "reports",
    request_body = FileReport, responses((status = 204)))]
async fn file(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Json(req): Json<FileReport>,
) -> Result<StatusCode, ApiError> {
    reports::file(&core, caller.user, req).await?;
    Ok(StatusCode::NO_CONTENT)
}
