//! `/admin/users`: accounts, their roles, their bans.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use nexus_core::{Core, bans, directory, ports::AccountFilter, staff};
use nexus_protocol::{
    AccountAnswer, Accounts, BanUser, ChangeAccount, DEFAULT_PAGE, UserId, UserRole,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::Staff;
use crate::http::{
    error::ApiError,
    extract::{Json, Path, Query},
};

pub fn routes() -> OpenApiRouter<Arc<Core>> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(get, change))
        .routes(routes!(ban, lift))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// The beginning of a user name or an e-mail address, or of words of a display name.
    query: Option<String>,
    role: Option<UserRole>,
    /// Only those with a ban.
    banned: Option<bool>,
    cursor: Option<String>,
    limit: Option<u32>,
}

/// List accounts by user name
#[utoipa::path(get, path = "/admin/users", tag = "admin", operation_id = "users_list",
    extensions(("x-least-role" = json!(staff::Power::SeeAccounts.least())),
        ("x-takes-step-up" = json!(staff::Power::SeeAccounts.takes_step_up()))),
    params(ListQuery), responses((status = 200, body = Accounts)))]
async fn list(
    Staff(staff): Staff,
    State(core): State<Arc<Core>>,
    Query(query): Query<ListQuery>,
) -> Result<Json<Accounts>, ApiError> {
    let filter = AccountFilter {
        query: query.query,
        role: query.role,
        banned_only: query.banned.unwrap_or_default(),
    };
    let limit = query.limit.unwrap_or(DEFAULT_PAGE);
    let after = query.cursor.as_deref();
    Ok(Json(directory::list(&core, &staff, filter, after, limit).await?))
}

/// Look an account up
#[utoipa::path(get, path = "/admin/users/{id}", tag = "admin", operation_id = "users_get",
    extensions(("x-least-role" = json!(staff::Power::SeeAccounts.least())),
        ("x-takes-step-up" = json!(staff::Power::SeeAccounts.takes_step_up()))),
    params(("id" = UserId, Path)), responses((status = 200, body = AccountAnswer)))]
async fn get(
    Staff(staff): Staff,
    State(core): State<Arc<Core>>,
    Path(id): Path<UserId>,
) -> Result<Json<AccountAnswer>, ApiError> {
    Ok(Json(AccountAnswer { user: directory::get(&core, &staff, id).await? }))
}

/// Make somebody user, moderator or admin
#[utoipa::path(patch, path = "/admin/users/{id}", tag = "admin", operation_id = "users_change",
    extensions(("x-least-role" = json!(staff::Power::ChangeRoles.least())),
        ("x-takes-step-up" = json!(staff::Power::ChangeRoles.takes_step_up()))),
    params(("id" = UserId, Path)), request_body = ChangeAccount,
    responses((status = 200, body = AccountAnswer)))]
async fn change(
    Staff(staff): Staff,
    State(core): State<Arc<Core>>,
    Path(id): Path<UserId>,
    Json(req): Json<ChangeAccount>,
) -> Result<Json<AccountAnswer>, ApiError> {
    staff::change_role(&core, &staff, id, req.role).await?;
    Ok(Json(AccountAnswer { user: directory::get(&core, &staff, id).await? }))
}

/// Keep somebody out, for a time or for good
///
/// All devices are signed out at once, on every node. A ban takes the place of the one before.
#[utoipa::path(post, path = "/admin/users/{id}/ban", tag = "admin", operation_id = "users_ban",
    extensions(("x-least-role" = json!(staff::Power::Ban.least())),
        ("x-takes-step-up" = json!(staff::Power::Ban.takes_step_up()))),
    params(("id" = UserId, Path)), request_body = BanUser,
    responses((status = 200, body = AccountAnswer)))]
async fn ban(
    Staff(staff): Staff,
    State(core): State<Arc<Core>>,
    Path(id): Path<UserId>,
    Json(req): Json<BanUser>,
) -> Result<Json<AccountAnswer>, ApiError> {
    bans::ban(&core, &staff, id, req).await?;
    Ok(Json(AccountAnswer { user: directory::get(&core, &staff, id).await? }))
}

/// Lift a ban
#[utoipa::path(delete, path = "/admin/users/{id}/ban", tag = "admin", operation_id = "users_lift",
    extensions(("x-least-role" = json!(staff::Power::Ban.least())),
        ("x-takes-step-up" = json!(staff::Power::Ban.takes_step_up()))),
    params(("id" = UserId, Path)), responses((status = 204)))]
async fn lift(
    Staff(staff): Staff,
    State(core): State<Arc<Core>>,
    Path(id): Path<UserId>,
) -> Result<StatusCode, ApiError> {
    bans::lift(&core, &staff, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
