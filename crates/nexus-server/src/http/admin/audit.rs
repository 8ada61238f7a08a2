//! `/admin/audit`: what staff did.

use std::sync::Arc;

use axum::extract::State;
use nexus_core::{Core, audit, ports::AuditFilter, staff::Power};
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
    OpenApiRouter::new().routes(routes!(page))
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
/// Each entry is chained to the one before by its hash. `nexus admin audit export` gives all of it,
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
