//! `/admin/dead-letters`: changes that were given up after all tries.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use nexus_core::{Core, operations, staff::Power};
use nexus_protocol::{DEFAULT_PAGE, DeadLetterAnswer, DeadLetters, OpId};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::Staff;
use crate::http::{
    chats::PageQuery,
    error::ApiError,
    extract::{Json, Path, Query},
};

pub fn routes() -> OpenApiRouter<Arc<Core>> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get, discard)).routes(routes!(replay))
}

/// List dead letters, the last that died first, without what people wrote
#[utoipa::path(get, path = "/admin/dead-letters", tag = "admin", operation_id = "dead_letters_list",
    extensions(("x-least-role" = json!(Power::SeeDeadLetters.least())),
        ("x-takes-step-up" = json!(Power::SeeDeadLetters.takes_step_up()))),
    params(PageQuery), responses((status = 200, body = DeadLetters)))]
async fn list(
    Staff(staff): Staff,
    State(core): State<Arc<Core>>,
    Query(page): Query<PageQuery>,
) -> Result<Json<DeadLetters>, ApiError> {
    let limit = page.limit.unwrap_or(DEFAULT_PAGE);
    Ok(Json(operations::dead_letters(&core, &staff, page.cursor.as_deref(), limit).await?))
}

/// Look at a dead letter with all it holds, message text included
///
/// Who looks is noted in the audit log.
#[utoipa::path(get, path = "/admin/dead-letters/{id}", tag = "admin",
    operation_id = "dead_letters_get",
    extensions(("x-least-role" = json!(Power::SeeDeadLetters.least())),
        ("x-takes-step-up" = json!(Power::SeeDeadLetters.takes_step_up()))),
    params(("id" = OpId, Path)), responses((status = 200, body = DeadLetterAnswer)))]
async fn get(
    Staff(staff): Staff,
    State(core): State<Arc<Core>>,
    Path(id): Path<OpId>,
) -> Result<Json<DeadLetterAnswer>, ApiError> {
    let dead_letter = operations::dead_letter(&core, &staff, id).await?;
    Ok(Json(DeadLetterAnswer { dead_letter }))
}

/// Put a dead letter back in the queue
#[utoipa::path(post, path = "/admin/dead-letters/{id}/replay", tag = "admin",
    operation_id = "dead_letters_replay",
    extensions(("x-least-role" = json!(Power::ChangeDeadLetters.least())),
        ("x-takes-step-up" = json!(Power::ChangeDeadLetters.takes_step_up()))),
    params(("id" = OpId, Path)), responses((status = 204)))]
async fn replay(
    Staff(staff): Staff,
    State(core): State<Arc<Core>>,
    Path(id): Path<OpId>,
) -> Result<StatusCode, ApiError> {
    operations::replay(&core, &staff, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a dead letter for good
#[utoipa::path(delete, path = "/admin/dead-letters/{id}", tag = "admin",
    operation_id = "dead_letters_discard",
    extensions(("x-least-role" = json!(Power::ChangeDeadLetters.least())),
        ("x-takes-step-up" = json!(Power::ChangeDeadLetters.takes_step_up()))),
    params(("id" = OpId, Path)), responses((status = 204)))]
async fn discard(
    Staff(staff): Staff,
    State(core): State<Arc<Core>>,
    Path(id): Path<OpId>,
) -> Result<StatusCode, ApiError> {
    operations::discard(&core, &staff, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
