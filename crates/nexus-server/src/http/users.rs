//! `/users`: oneself, others, finding them.

use std::sync::Arc;

use axum::extract::State;
use nexus_core::{Core, users};
use nexus_protocol::{DEFAULT_PAGE, MeAnswer, UpdateMe, UserAnswer, UserId, Users};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    caller::Caller,
    error::ApiError,
    extract::{Json, Path, Query},
};

pub fn routes() -> OpenApiRouter<Arc<Core>> {
    OpenApiRouter::new().routes(routes!(me, update_me)).routes(routes!(get)).routes(routes!(find))
}

/// Who am I
#[utoipa::path(get, path = "/users/me", tag = "users", responses((status = 200, body = MeAnswer)))]
async fn me(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
) -> Result<Json<MeAnswer>, ApiError> {
    Ok(Json(MeAnswer { user: users::me(&core, caller.user).await? }))
}

/// Change display name or about
#[utoipa::path(patch, path = "/users/me", tag = "users",
    request_body = UpdateMe, responses((status = 200, body = MeAnswer)))]
async fn update_me(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Json(req): Json<UpdateMe>,
) -> Result<Json<MeAnswer>, ApiError> {
    Ok(Json(MeAnswer { user: users::update_me(&core, caller.user, req).await? }))
}

/// Look a person up
#[utoipa::path(get, path = "/users/{id}", tag = "users",
    params(("id" = UserId, Path)), responses((status = 200, body = UserAnswer)))]
async fn get(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<UserId>,
) -> Result<Json<UserAnswer>, ApiError> {
    Ok(Json(UserAnswer { user: users::get(&core, caller.user, id).await? }))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FindQuery {
    /// The beginning of a username, or of words of a display name; or a whole e-mail address, which
    /// finds its owner only if they want it. A username that somebody gave up within 14 days finds
    /// them, too, if it is whole; they come first.
    query: String,
    cursor: Option<String>,
    limit: Option<u32>,
}

/// Find people by name
#[utoipa::path(get, path = "/users", tag = "users",
    params(FindQuery), responses((status = 200, body = Users)))]
async fn find(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Query(query): Query<FindQuery>,
) -> Result<Json<Users>, ApiError> {
    let limit = query.limit.unwrap_or(DEFAULT_PAGE);
    let (users, next_cursor) =
        users::find(&core, caller.user, &query.query, query.cursor.as_deref(), limit).await?;
    Ok(Json(Users { users, next_cursor }))
}
