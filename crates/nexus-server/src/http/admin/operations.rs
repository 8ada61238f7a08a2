//! `/admin/queues` and `/admin/stats`: what waits, and how much there is.

use std::sync::Arc;

use axum::extract::State;
use nexus_core::{Core, operations, staff::Power};
use nexus_protocol::{Queues, StatsAnswer};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::Staff;
use crate::http::{error::ApiError, extract::Json};

pub fn routes() -> OpenApiRouter<Arc<Core>> {
    OpenApiRouter::new().routes(routes!(queues)).routes(routes!(stats))
}

/// See what waits to be carried out, lane by lane
#[utoipa::path(get, path = "/admin/queues", tag = "admin", operation_id = "queues",
    extensions(("x-least-role" = json!(Power::SeeQueues.least())),
        ("x-takes-step-up" = json!(Power::SeeQueues.takes_step_up()))),
    responses((status = 200, body = Queues)))]
async fn queues(
    Staff(staff): Staff,
    State(core): State<Arc<Core>>,
) -> Result<Json<Queues>, ApiError> {
    Ok(Json(operations::queues(&core, &staff).await?))
}

/// Count what there is
#[utoipa::path(get, path = "/admin/stats", tag = "admin", operation_id = "stats",
    extensions(("x-least-role" = json!(Power::SeeStats.least())),
        ("x-takes-step-up" = json!(Power::SeeStats.takes_step_up()))),
    responses((status = 200, body = StatsAnswer)))]
async fn stats(
    Staff(staff): Staff,
    State(core): State<Arc<Core>>,
) -> Result<Json<StatsAnswer>, ApiError> {
    Ok(Json(StatsAnswer { stats: operations::stats(&core, &staff).await? }))
}
