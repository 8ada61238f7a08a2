//! `/sync`: catching up.

use std::sync::Arc;

use axum::extract::State;
use nexus_core::{Core, sync};
use nexus_protocol::{SyncAnswer, SyncRequest};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{caller::Caller, error::ApiError, extract::Json};

pub fn routes() -> OpenApiRouter<Arc<Core>> {
    OpenApiRouter::new().routes(routes!(catch_up))
}

/// What has changed since
#[utoipa::path(post, path = "/sync", tag = "sync",
    request_body = SyncRequest, responses((status = 200, body = SyncAnswer)))]
async fn catch_up(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Json(req): Json<SyncRequest>,
) -> Result<Json<SyncAnswer>, ApiError> {
    Ok(Json(sync::sync(&core, caller.user, req).await?))
}
