//! `/admin/announcements`: saying something to everybody.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use nexus_core::{Core, announcements, staff::Power};
use nexus_protocol::{
    AllAnnouncements, AnnouncementAnswer, AnnouncementId, DEFAULT_PAGE, MakeAnnouncement,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::Staff;
use crate::http::{
    chats::PageQuery,
    error::ApiError,
    extract::{Json, Path, Query},
};

pub fn routes() -> OpenApiRouter<Arc<Core>> {
    OpenApiRouter::new().routes(routes!(list, make)).routes(routes!(withdraw))
}

/// List all announcements, those withdrawn or over and the warnings to single users included
#[utoipa::path(get, path = "/admin/announcements", tag = "admin",
    operation_id = "announcements_list",
    extensions(("x-least-role" = json!(Power::SeeAnnouncements.least())),
        ("x-takes-step-up" = json!(Power::SeeAnnouncements.takes_step_up()))),
    params(PageQuery), responses((status = 200, body = AllAnnouncements)))]
async fn list(
    Staff(staff): Staff,
    State(core): State<Arc<Core>>,
    Query(page): Query<PageQuery>,
) -> Result<Json<AllAnnouncements>, ApiError> {
    let limit = page.limit.unwrap_or(DEFAULT_PAGE);
    Ok(Json(announcements::list(&core, &staff, page.cursor.as_deref(), limit).await?))
}

/// Say something to everybody
///
/// Whoever is connected hears it at once (`announcement:new`), others find it in
/// `GET /announcements`.
#[utoipa::path(post, path = "/admin/announcements", tag = "admin",
    operation_id = "announcements_make",
    extensions(("x-least-role" = json!(Power::Announce.least())),
        ("x-takes-step-up" = json!(Power::Announce.takes_step_up()))),
    request_body = MakeAnnouncement, responses((status = 201, body = AnnouncementAnswer)))]
async fn make(
    Staff(staff): Staff,
    State(core): State<Arc<Core>>,
    Json(req): Json<MakeAnnouncement>,
) -> Result<(StatusCode, Json<AnnouncementAnswer>), ApiError> {
    let announcement = announcements::make(&core, &staff, req).await?;
    Ok((StatusCode::CREATED, Json(AnnouncementAnswer { announcement })))
}

/// Withdraw an announcement
#[utoipa::path(delete, path = "/admin/announcements/{id}", tag = "admin",
    operation_id = "announcements_withdraw",
    extensions(("x-least-role" = json!(Power::Announce.least())),
        ("x-takes-step-up" = json!(Power::Announce.takes_step_up()))),
    params(("id" = AnnouncementId, Path)), responses((status = 204)))]
async fn withdraw(
    Staff(staff): Staff,
    State(core): State<Arc<Core>>,
    Path(id): Path<AnnouncementId>,
) -> Result<StatusCode, ApiError> {
    announcements::withdraw(&core, &staff, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
