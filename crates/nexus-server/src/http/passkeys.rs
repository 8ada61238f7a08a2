//! `/auth/passkeys`: adding, naming and removing them, and signing in with one.

use std::sync::Arc;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use nexus_core::{Core, passkeys};
use nexus_protocol::{
    AddPasskey, ConfirmWithPassword, Passkey, PasskeyCreation, PasskeyId, PasskeyLogin,
    PasskeyRequest, Passkeys, RenamePasskey, SignedIn,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    auth::signed_in,
    caller::{Caller, From},
    error::ApiError,
    extract::{Json, Path},
};

pub fn routes() -> OpenApiRouter<Arc<Core>> {
    OpenApiRouter::new()
        .routes(routes!(list_passkeys))
        .routes(routes!(rename_passkey, remove_passkey))
        .routes(routes!(start_passkey))
        .routes(routes!(add_passkey))
        .routes(routes!(start_passkey_login))
        .routes(routes!(passkey_login))
        .routes(routes!(start_passkey_step_up))
}

/// List one's own passkeys
#[utoipa::path(get, path = "/auth/passkeys", tag = "auth",
    responses((status = 200, body = Passkeys)))]
async fn list_passkeys(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
) -> Result<Json<Passkeys>, ApiError> {
    Ok(Json(Passkeys { passkeys: passkeys::list(&core, caller).await? }))
}

/// Give a passkey another name
#[utoipa::path(patch, path = "/auth/passkeys/{id}", tag = "auth",
    params(("id" = PasskeyId, Path)), request_body = RenamePasskey,
    responses((status = 200, body = Passkey)))]
async fn rename_passkey(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<PasskeyId>,
    Json(req): Json<RenamePasskey>,
) -> Result<Json<Passkey>, ApiError> {
    Ok(Json(passkeys::rename(&core, caller, id, req).await?))
}

/// Remove a passkey: it signs nobody in any more
///
/// Needs a step-up; `conflict` where it is the last way into the account.
#[utoipa::path(delete, path = "/auth/passkeys/{id}", tag = "auth",
    params(("id" = PasskeyId, Path)), responses((status = 204)))]
async fn remove_passkey(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<PasskeyId>,
) -> Result<StatusCode, ApiError> {
    passkeys::remove(&core, caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Get what `navigator.credentials.create()` needs to make a passkey
///
/// Needs the password, or a step-up. Good once, and for five minutes.
#[utoipa::path(post, path = "/auth/passkeys/register/start", tag = "auth",
    request_body = ConfirmWithPassword, responses((status = 200, body = PasskeyCreation)))]
async fn start_passkey(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    body: Option<Json<ConfirmWithPassword>>,
) -> Result<Json<PasskeyCreation>, ApiError> {
    let Json(req) = body.unwrap_or_default();
    Ok(Json(passkeys::start_adding(&core, caller, req).await?))
}

/// Add the passkey that was made
#[utoipa::path(post, path = "/auth/passkeys/register/finish", tag = "auth",
    request_body = AddPasskey, responses((status = 201, body = Passkey)))]
async fn add_passkey(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Json(req): Json<AddPasskey>,
) -> Result<Response, ApiError> {
    let added = passkeys::finish_adding(&core, caller, req).await?;
    Ok((StatusCode::CREATED, Json(added)).into_response())
}

/// Get what `navigator.credentials.get()` needs to sign somebody in
///
/// No name is asked for: the authenticator knows whose its passkeys are. Good once, and for five
/// minutes.
#[utoipa::path(post, path = "/auth/passkeys/login/start", tag = "auth", security(()),
    responses((status = 200, body = PasskeyRequest)))]
async fn start_passkey_login(
    State(core): State<Arc<Core>>,
) -> Result<Json<PasskeyRequest>, ApiError> {
    Ok(Json(passkeys::start_login(&core).await?))
}

/// Sign in with a passkey; it stands for password and second factor
#[utoipa::path(post, path = "/auth/passkeys/login/finish", tag = "auth", security(()),
    request_body = PasskeyLogin, responses((status = 200, body = SignedIn)))]
async fn passkey_login(
    State(core): State<Arc<Core>>,
    From(origin): From,
    Json(req): Json<PasskeyLogin>,
) -> Result<Response, ApiError> {
    let transport = req.token_transport;
    let grant = passkeys::login(&core, req, &origin).await?;
    signed_in(&core, grant, transport).await
}

/// Get what `navigator.credentials.get()` needs for the `passkey` of a step-up
#[utoipa::path(post, path = "/auth/passkeys/step-up", tag = "auth",
    responses((status = 200, body = PasskeyRequest)))]
async fn start_passkey_step_up(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
) -> Result<Json<PasskeyRequest>, ApiError> {
    Ok(Json(passkeys::start_step_up(&core, caller).await?))
}
