//! `/auth/oidc`: signing in with an account elsewhere.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Redirect, Response},
};
use nexus_core::{
    Core,
    oidc::{self, Callback},
};
use nexus_protocol::{
    OidcFound, OidcLink, OidcLinks, OidcLogin, OidcSignup, OidcStarted, OidcTicket, SignedIn,
    StartOidc,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    auth::signed_in,
    caller::{Caller, From},
    cookies,
    error::ApiError,
    extract::{Json, Path, Query},
};

pub fn routes() -> OpenApiRouter<Arc<Core>> {
    OpenApiRouter::new()
        .routes(routes!(start_oidc))
        .routes(routes!(oidc_callback))
        .routes(routes!(look_at_oidc_ticket))
        .routes(routes!(oidc_login))
        .routes(routes!(oidc_signup))
        .routes(routes!(list_oidc_links, link_oidc))
        .routes(routes!(unlink_oidc))
}

/// Begin a sign-in with an account elsewhere: send the browser to the `url`
///
/// For browsers only: a cookie makes sure that the one that comes back is the one that went.
#[utoipa::path(post, path = "/auth/oidc/{provider}/start", tag = "auth", security(()),
    params(("provider" = String, Path)), request_body = StartOidc,
    responses((status = 200, body = OidcStarted)))]
async fn start_oidc(
    State(core): State<Arc<Core>>,
    Path(provider): Path<String>,
    body: Option<Json<StartOidc>>,
) -> Result<Response, ApiError> {
    let Json(req) = body.unwrap_or_default();
    let begun = oidc::start(&core, &provider, req).await?;
    Ok((cookies::set_oidc(&begun.browser), Json(OidcStarted { url: begun.url })).into_response())
}

/// Where the provider sends the browser back to
///
/// With `state`, and `code` or `error` (RFC 6749, §4.1.2). Leads on to the web client, with
/// `#oidc-ticket=…` or `#oidc-error=…`.
#[utoipa::path(get, path = "/auth/oidc/{provider}/callback", tag = "auth", security(()),
    params(("provider" = String, Path)), responses((status = 303)))]
async fn oidc_callback(
    State(core): State<Arc<Core>>,
    Path(provider): Path<String>,
    headers: HeaderMap,
    Query(answer): Query<Callback>,
) -> Result<Redirect, ApiError> {
    let browser = cookies::oidc(&headers);
    let url = oidc::come_back(&core, &provider, answer, browser.as_deref()).await?;
    Ok(Redirect::to(&url))
}

/// See whose ticket it is, and what it can be used for
#[utoipa::path(post, path = "/auth/oidc/ticket", tag = "auth", security(()),
    request_body = OidcTicket, responses((status = 200, body = OidcFound)))]
async fn look_at_oidc_ticket(
    State(core): State<Arc<Core>>,
    headers: HeaderMap,
    Json(req): Json<OidcTicket>,
) -> Result<Json<OidcFound>, ApiError> {
    Ok(Json(oidc::look(&core, req, cookies::oidc(&headers).as_deref()).await?))
}

/// Sign in to the account that is linked
///
/// `totp_required` as after a password.
#[utoipa::path(post, path = "/auth/oidc/login", tag = "auth", security(()),
    request_body = OidcLogin, responses((status = 200, body = SignedIn)))]
async fn oidc_login(
    State(core): State<Arc<Core>>,
    From(origin): From,
    headers: HeaderMap,
    Json(req): Json<OidcLogin>,
) -> Result<Response, ApiError> {
    let transport = req.token_transport;
    let browser = cookies::oidc(&headers);
    let grant = oidc::login(&core, req, browser.as_deref(), &origin).await?;
    signed_in(&core, grant, transport).await
}

/// Create an account for somebody who has none yet, and sign in
#[utoipa::path(post, path = "/auth/oidc/signup", tag = "auth", security(()),
    request_body = OidcSignup, responses((status = 201, body = SignedIn)))]
async fn oidc_signup(
    State(core): State<Arc<Core>>,
    From(origin): From,
    headers: HeaderMap,
    Json(req): Json<OidcSignup>,
) -> Result<Response, ApiError> {
    let transport = req.token_transport;
    let browser = cookies::oidc(&headers);
    let grant = oidc::signup(&core, req, browser.as_deref(), &origin).await?;
    let response = signed_in(&core, grant, transport).await?;
    Ok((StatusCode::CREATED, response).into_response())
}

/// List the accounts elsewhere that sign in to one's own
#[utoipa::path(get, path = "/auth/oidc/links", tag = "auth",
    responses((status = 200, body = OidcLinks)))]
async fn list_oidc_links(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
) -> Result<Json<OidcLinks>, ApiError> {
    Ok(Json(OidcLinks { links: oidc::links(&core, caller).await? }))
}

/// Let an account elsewhere sign in to one's own
///
/// Needs a step-up, and the browser that the ticket was made for.
#[utoipa::path(post, path = "/auth/oidc/links", tag = "auth",
    request_body = OidcTicket, responses((status = 201, body = OidcLink)))]
async fn link_oidc(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    headers: HeaderMap,
    Json(req): Json<OidcTicket>,
) -> Result<Response, ApiError> {
    let link = oidc::link(&core, caller, req, cookies::oidc(&headers).as_deref()).await?;
    Ok((StatusCode::CREATED, Json(link)).into_response())
}

/// Let it sign in no more
///
/// Needs a step-up; `conflict` where it is the last way into the account.
#[utoipa::path(delete, path = "/auth/oidc/links/{provider}", tag = "auth",
    params(("provider" = String, Path)), responses((status = 204)))]
async fn unlink_oidc(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(provider): Path<String>,
) -> Result<StatusCode, ApiError> {
    oidc::unlink(&core, caller, &provider).await?;
    Ok(StatusCode::NO_CONTENT)
}
