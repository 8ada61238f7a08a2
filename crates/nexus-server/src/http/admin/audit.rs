//! `/admin/audit`: what staff did.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use futures_util::stream;
use nexus_core::{Core, Error, audit, ports::AuditFilter, staff::Power};
use nexus_protocol::{AuditAction, AuditEntries, DEFAULT_PAGE, UserId};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::Staff;
use crate::http::{
    error::ApiError,
    extract::{Json, Query},
};

pub fn routes() -> OpenApiRouter<Arc<Core>> {
    OpenApiRouter::new().routes(routes!(page)).routes(routes!(export))
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AuditQuery {
    /// Who did it.
    actor_id: Option<UserId>,
    action: Option<AuditAction>,
    /// The user, message, report … that it was done to.
    target_id: Option<Uuid>,
    cursor: Option<String>,
    limit: Option<u32>,
}

/// Read the audit log, the newest first
///
/// Each entry is chained to the one before by its hash. `GET /admin/audit/export` gives all of it, and
/// `nexus admin audit verify` follows the chain.
#[utoipa::path(get, path = "/admin/audit", tag = "admin", operation_id = "audit_page",
    extensions(("x-least-role" = json!(Power::ReadAudit.least())),
        ("x-takes-step-up" = json!(Power::ReadAudit.takes_step_up()))),
    params(AuditQuery), responses((status = 200, body = AuditEntries)))]
async fn page(
    Staff(staff): Staff,
    State(core): State<Arc<Core>>,
    Query(query): Query<AuditQuery>,
) -> Result<Json<AuditEntries>, ApiError> {
    let filter =
        AuditFilter { actor: query.actor_id, action: query.action, target: query.target_id };
    let limit = query.limit.unwrap_or(DEFAULT_PAGE);
    Ok(Json(audit::page(&core, &staff, &filter, query.cursor.as_deref(), limit).await?))
}

/// Fetch the whole audit log, the oldest first, one entry a line
///
/// `nexus admin audit verify FILE` follows the chain of hashes in what was fetched. That it was is the
/// last entry.
#[utoipa::path(get, path = "/admin/audit/export", tag = "admin", operation_id = "audit_export",
    extensions(("x-least-role" = json!(Power::ExportAudit.least())),
        ("x-takes-step-up" = json!(Power::ExportAudit.takes_step_up()))),
    responses((status = 200, content_type = "application/x-ndjson", body = String)))]
async fn export(Staff(staff): Staff, State(core): State<Arc<Core>>) -> Result<Response, ApiError> {
    audit::export(&core, &staff).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/x-ndjson"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"audit.ndjson\""),
    ];
    let lines = stream::try_unfold((core, 0), async |(core, after)| {
        let lines = audit::lines(&core, after).await?;
        Ok::<_, Error>(lines.map(|(text, last)| (text, (core, last))))
    });
    Ok((headers, Body::from_stream(lines)).into_response())
}
