//! `/admin/reports`: what users have reported.

use std::sync::Arc;

use axum::extract::State;
use nexus_core::{Core, reports, staff::Power};
use nexus_protocol::{DEFAULT_PAGE, ReportAnswer, ReportId, ReportState, Reports, ResolveReport};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::Staff;
use crate::http::{
    error::ApiError,
    extract::{Json, Path, Query},
};

pub fn routes() -> OpenApiRouter<Arc<Core>> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get)).routes(routes!(resolve))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    state: Option<ReportState>,
    cursor: Option<String>,
    limit: Option<u32>,
}

/// List reports, the last filed first, without their evidence
///
/// What several people report about one message, user or chat is one report. What is said about one
/// of the staff only admins see: a page may be shorter than `limit`, and the next go on.
#[utoipa::path(get, path = "/admin/reports", tag = "admin", operation_id = "reports_list",
    extensions(("x-least-role" = json!(Power::SeeReports.least())),
        ("x-takes-step-up" = json!(Power::SeeReports.takes_step_up()))),
    params(ListQuery), responses((status = 200, body = Reports)))]
async fn list(
    Staff(staff): Staff,
    State(core): State<Arc<Core>>,
    Query(query): Query<ListQuery>,
) -> Result<Json<Reports>, ApiError> {
    let limit = query.limit.unwrap_or(DEFAULT_PAGE);
    let cursor = query.cursor.as_deref();
    Ok(Json(reports::list(&core, &staff, query.state, cursor, limit).await?))
}

/// Look at a report, with all that its reporters saw
///
/// Who looks is noted in the audit log. What is said about one of the staff only admins see.
#[utoipa::path(get, path = "/admin/reports/{id}", tag = "admin", operation_id = "reports_get",
    extensions(("x-least-role" = json!(Power::SeeReports.least())),
        ("x-takes-step-up" = json!(Power::SeeReports.takes_step_up()))),
    params(("id" = ReportId, Path)), responses((status = 200, body = ReportAnswer)))]
async fn get(
    Staff(staff): Staff,
    State(core): State<Arc<Core>>,
    Path(id): Path<ReportId>,
) -> Result<Json<ReportAnswer>, ApiError> {
    Ok(Json(ReportAnswer { report: reports::get(&core, &staff, id).await? }))
}

/// Do something about a report, and close it
///
/// A report that was closed meanwhile answers `conflict`, one about yourself `forbidden`. `ban` and
/// `sweep` take a step-up.
#[utoipa::path(post, path = "/admin/reports/{id}/resolve", tag = "admin",
    operation_id = "reports_resolve",
    extensions(("x-least-role" = json!(Power::ResolveReports.least())),
        ("x-takes-step-up" = json!(Power::ResolveReports.takes_step_up()))),
    params(("id" = ReportId, Path)), request_body = ResolveReport,
    responses((status = 200, body = ReportAnswer)))]
async fn resolve(
    Staff(staff): Staff,
    State(core): State<Arc<Core>>,
    Path(id): Path<ReportId>,
    Json(req): Json<ResolveReport>,
) -> Result<Json<ReportAnswer>, ApiError> {
    Ok(Json(ReportAnswer { report: reports::resolve(&core, &staff, id, req).await? }))
}
