//! `/auth`: signing up, in and out; sessions.

use std::sync::Arc;

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use nexus_core::{
    Core, Error,
    auth::{self, Grant},
    sessions, users,
};
use nexus_protocol::{
    LoginRequest, RefreshRequest, SessionId, Sessions, SignedIn, SignupRequest, TokenTransport,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    caller::{Caller, From},
    cookies,
    csrf::{self, CookiesCount},
    error::ApiError,
    extract::{Json, Path},
};

pub fn routes() -> OpenApiRouter<Arc<Core>> {
    OpenApiRouter::new()
        .routes(routes!(signup))
        .routes(routes!(login))
        .routes(routes!(refresh))
        .routes(routes!(logout))
        .routes(routes!(logout_all))
        .routes(routes!(list_sessions))
        .routes(routes!(revoke_session))
}

/// Create an account and sign in
#[utoipa::path(post, path = "/auth/signup", tag = "auth", security(()),
    request_body = SignupRequest, responses((status = 201, body = SignedIn)))]
async fn signup(
    State(core): State<Arc<Core>>,
    From(origin): From,
    Json(req): Json<SignupRequest>,
) -> Result<Response, ApiError> {
    let transport = req.token_transport;
    let grant = auth::signup(&core, req, &origin).await?;
    let response = signed_in(&core, grant, transport).await?;
    Ok((StatusCode::CREATED, response).into_response())
}

/// Sign in with e-mail address or username
#[utoipa::path(post, path = "/auth/login", tag = "auth", security(()),
    request_body = LoginRequest, responses((status = 200, body = SignedIn)))]
async fn login(
    State(core): State<Arc<Core>>,
    From(origin): From,
    Json(req): Json<LoginRequest>,
) -> Result<Response, ApiError> {
    let transport = req.token_transport;
    let grant = auth::login(&core, req, &origin).await?;
    signed_in(&core, grant, transport).await
}

/// Exchange a refresh token for its successor and a new access token
///
/// Presented again within 30 seconds, a token yields the same successor; later than that it counts
/// as stolen, and the whole session ends.
#[utoipa::path(post, path = "/auth/refresh", tag = "auth", security(()),
    request_body = RefreshRequest, responses((status = 200, body = SignedIn)))]
async fn refresh(
    State(core): State<Arc<Core>>,
    From(origin): From,
    Extension(cookies_count): Extension<CookiesCount>,
    headers: HeaderMap,
    body: Option<Json<RefreshRequest>>,
) -> Result<Response, ApiError> {
    let (token, transport) = presented(&headers, cookies_count, body)?;
    match auth::refresh(&core, &token, &origin).await {
        Ok(grant) => signed_in(&core, grant, transport).await,
        Err(Error::Unauthenticated) if transport == TokenTransport::Cookie => {
            Ok((cookies::clear(), ApiError::from(Error::Unauthenticated)).into_response())
        }
        Err(err) => Err(err.into()),
    }
}

/// Sign this device out
#[utoipa::path(post, path = "/auth/logout", tag = "auth",
    request_body = RefreshRequest, responses((status = 204)))]
async fn logout(
    State(core): State<Arc<Core>>,
    caller: Result<Caller, ApiError>,
    Extension(cookies_count): Extension<CookiesCount>,
    headers: HeaderMap,
    body: Option<Json<RefreshRequest>>,
) -> Result<Response, ApiError> {
    match caller {
        Ok(Caller(caller)) => auth::logout(&core, caller).await?,
        // With the access token gone, the refresh token still says whose session it is.
        Err(refusal) => match presented(&headers, cookies_count, body) {
            Ok((token, _)) => auth::logout_with_refresh_token(&core, &token).await?,
            Err(_) => return Err(refusal),
        },
    }
    Ok((cookies::clear(), StatusCode::NO_CONTENT).into_response())
}

/// Sign all devices out, this one included
#[utoipa::path(post, path = "/auth/logout-all", tag = "auth", responses((status = 204)))]
async fn logout_all(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
) -> Result<Response, ApiError> {
    auth::logout_all(&core, caller).await?;
    Ok((cookies::clear(), StatusCode::NO_CONTENT).into_response())
}

/// List the signed-in devices
#[utoipa::path(get, path = "/auth/sessions", tag = "auth",
    responses((status = 200, body = Sessions)))]
async fn list_sessions(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
) -> Result<Json<Sessions>, ApiError> {
    Ok(Json(Sessions { sessions: sessions::list(&core, caller).await? }))
}

/// Sign one device out
#[utoipa::path(delete, path = "/auth/sessions/{id}", tag = "auth",
    params(("id" = SessionId, Path)), responses((status = 204)))]
async fn revoke_session(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<SessionId>,
) -> Result<StatusCode, ApiError> {
    sessions::revoke(&core, caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The refresh token of the body, or else of the cookie.
fn presented(
    headers: &HeaderMap,
    CookiesCount(cookies_count): CookiesCount,
    body: Option<Json<RefreshRequest>>,
) -> Result<(String, TokenTransport), Error> {
    match body.and_then(|Json(req)| req.refresh_token) {
        Some(token) => Ok((token, TokenTransport::Body)),
        None => {
            let token = cookies::refresh_token(headers).ok_or(Error::Unauthenticated)?;
            if !cookies_count {
                return Err(csrf::refusal());
            }
            Ok((token, TokenTransport::Cookie))
        }
    }
}

pub(super) async fn signed_in(
    core: &Core,
    grant: Grant,
    transport: TokenTransport,
) -> Result<Response, ApiError> {
    let expires_in = grant.expires_in.as_secs();
    let deletion_cancelled = grant.deletion_cancelled;
    let user = users::show_me(core, grant.user).await?;
    Ok(match transport {
        TokenTransport::Body => Json(SignedIn {
            user,
            access_token: Some(grant.access_token),
            expires_in,
            refresh_token: Some(grant.refresh_token),
            deletion_cancelled,
        })
        .into_response(),
        TokenTransport::Cookie => {
            let cookies = cookies::set(
                &grant.access_token,
                grant.expires_in,
                &grant.refresh_token,
                grant.refresh_expires_in,
            );
            let (access_token, refresh_token) = (None, None);
            let body =
                SignedIn { user, access_token, expires_in, refresh_token, deletion_cancelled };
            (cookies, Json(body)).into_response()
        }
    })
}
