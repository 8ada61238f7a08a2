//! `/users/me`: having one's account deleted.

use std::sync::Arc;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use nexus_core::{Core, deletion};
use nexus_protocol::{DeleteMe, DeletionAnswer};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{caller::Caller, cookies, error::ApiError, extract::Json};

pub fn routes() -> OpenApiRouter<Arc<Core>> {
    OpenApiRouter::new().routes(routes!(delete_me))
}

/// Have the account deleted
///
/// All devices are signed out. Signing in before `deletion.at` takes it back; until then others
/// neither find the account nor see it there. Needs the password, or a step-up.
#[utoipa::path(delete, path = "/users/me", tag = "users",
    request_body = DeleteMe, responses((status = 202, body = DeletionAnswer)))]
async fn delete_me(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Json(req): Json<DeleteMe>,
) -> Result<Response, ApiError> {
    let deletion = deletion::ask(&core, caller, req).await?;
    let answer = Json(DeletionAnswer { deletion });
    Ok((StatusCode::ACCEPTED, cookies::clear(), answer).into_response())
}
