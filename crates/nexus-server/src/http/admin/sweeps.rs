//! `/admin/sweep`: removing many messages of one user.

use std::sync::Arc;

use axum::extract::State;
use nexus_core::{Core, staff::Power, sweeps};
use nexus_protocol::{StartSweep, SweepAnswer, SweepId};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::Staff;
use crate::http::{
    error::ApiError,
    extract::{Json, Path},
};

pub fn routes() -> OpenApiRouter<Arc<Core>> {
    OpenApiRouter::new().routes(routes!(start)).routes(routes!(get))
}

/// Delete many messages of one user, or count them
///
/// With `dryRun` the count is in the answer, and nothing is deleted. Else a side job deletes them for
/// everybody, in chats they have left, too, and a minute later what was on its way meanwhile;
/// `GET /admin/sweeps/{id}` tells how far it is.
#[utoipa::path(post, path = "/admin/sweep", tag = "admin", operation_id = "sweeps_start",
    extensions(("x-least-role" = json!(Power::Sweep.least())),
        ("x-takes-step-up" = json!(Power::Sweep.takes_step_up()))),
    request_body = StartSweep, responses((status = 200, body = SweepAnswer)))]
async fn start(
    Staff(staff): Staff,
    State(core): State<Arc<Core>>,
    Json(req): Json<StartSweep>,
) -> Result<Json<SweepAnswer>, ApiError> {
    Ok(Json(SweepAnswer { sweep: sweeps::start(&core, &staff, req).await? }))
}

/// See how far a sweep is
#[utoipa::path(get, path = "/admin/sweeps/{id}", tag = "admin", operation_id = "sweeps_get",
    extensions(("x-least-role" = json!(Power::SeeSweeps.least())),
        ("x-takes-step-up" = json!(Power::SeeSweeps.takes_step_up()))),
    params(("id" = SweepId, Path)), responses((status = 200, body = SweepAnswer)))]
async fn get(
    Staff(staff): Staff,
    State(core): State<Arc<Core>>,
    Path(id): Path<SweepId>,
) -> Result<Json<SweepAnswer>, ApiError> {
    Ok(Json(SweepAnswer { sweep: sweeps::get(&core, &staff, id).await? }))
}
