//! `/announcements`: what staff have to say.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use nexus_core::{Core, announcements};
use nexus_protocol::{AnnouncementId, Announcements};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    caller::Caller,
    error::ApiError,
    extract::{Json, Path},
};

pub fn routes() -> OpenApiRouter<Arc<Core>> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(dismiss))
}

/// Read what staff have to say to everybody, or to the caller
#[utoipa::path(get, path = "/announcements", tag = "announcements",
    responses((status = 200, body = Announcements)))]
async fn list(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
) -> Result<Json<Announcements>, ApiError> {
    let announcements = announcements::current(&core, caller.user).await?;
    Ok(Json(Announcements { announcements }))
}

/// Put an announcement away, on all own devices
#[utoipa::path(post, path = "/announcements/{id}/dismiss", tag = "announcements",
    params(("id" = AnnouncementId, Path)), responses((status = 204)))]
async fn dismiss(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<AnnouncementId>,
) -> Result<StatusCode, ApiError> {
    announcements::dismiss(&core, caller.user, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
