//! `/users/me/settings`: what a user has chosen for themselves.

use std::sync::Arc;

use axum::extract::State;
use nexus_core::{Core, settings};
use nexus_protocol::{SettingsAnswer, UpdateSettings};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{caller::Caller, error::ApiError, extract::Json};

pub fn routes() -> OpenApiRouter<Arc<Core>> {
    OpenApiRouter::new().routes(routes!(my_settings, update_settings))
}

/// My settings
#[utoipa::path(get, path = "/users/me/settings", tag = "users",
    responses((status = 200, body = SettingsAnswer)))]
async fn my_settings(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
) -> Result<Json<SettingsAnswer>, ApiError> {
    Ok(Json(SettingsAnswer { settings: settings::get(&core, caller.user).await? }))
}

/// Change privacy, letters, theme or language; what is left out stays
#[utoipa::path(patch, path = "/users/me/settings", tag = "users",
    request_body = UpdateSettings, responses((status = 200, body = SettingsAnswer)))]
async fn update_settings(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Json(req): Json<UpdateSettings>,
) -> Result<Json<SettingsAnswer>, ApiError> {
    Ok(Json(SettingsAnswer { settings: settings::update(&core, caller.user, req).await? }))
}
