//! `/invites` and what is of them below `/chats`: links into a group, and those who ask to join.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use nexus_core::{Core, invites};
use nexus_protocol::{
    ChatId, CreateInvite, DEFAULT_PAGE, InviteAnswer, InvitePreviewAnswer, Invites, JoinAnswer,
    JoinRequests, JoinStatus, UserId,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    caller::Caller,
    chats::PageQuery,
    error::ApiError,
    extract::{Json, Path, Query},
};

pub fn routes() -> OpenApiRouter<Arc<Core>> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(revoke))
        .routes(routes!(preview))
        .routes(routes!(join))
        .routes(routes!(list_requests))
        .routes(routes!(approve))
        .routes(routes!(decline))
}

/// Make a link by which people come into a group
///
/// For who may add members. At most 50 that are neither revoked nor expired.
#[utoipa::path(post, path = "/chats/{id}/invites", tag = "invites", params(("id" = ChatId, Path)),
    request_body = CreateInvite, responses((status = 201, body = InviteAnswer)))]
async fn create(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<ChatId>,
    Json(req): Json<CreateInvite>,
) -> Result<(StatusCode, Json<InviteAnswer>), ApiError> {
    let invite = invites::create(&core, caller.user, id, req).await?;
    Ok((StatusCode::CREATED, Json(InviteAnswer { invite })))
}

/// Links that are neither revoked nor expired
///
/// Admins see all, others who may add members their own.
#[utoipa::path(get, path = "/chats/{id}/invites", tag = "invites",
    params(("id" = ChatId, Path)), responses((status = 200, body = Invites)))]
async fn list(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<ChatId>,
) -> Result<Json<Invites>, ApiError> {
    Ok(Json(Invites { invites: invites::list(&core, caller.user, id).await? }))
}

/// Revoke a link
#[utoipa::path(delete, path = "/chats/{id}/invites/{code}", tag = "invites",
    params(("id" = ChatId, Path), ("code" = String, Path)), responses((status = 204)))]
async fn revoke(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path((id, code)): Path<(ChatId, String)>,
) -> Result<StatusCode, ApiError> {
    invites::revoke(&core, caller.user, id, &code).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The group behind a link
///
/// For anybody who is signed in. `gone` once it is revoked, expired or used up, or who made it may
/// not invite any more.
#[utoipa::path(get, path = "/invites/{code}", tag = "invites", params(("code" = String, Path)),
    responses((status = 200, body = InvitePreviewAnswer)))]
async fn preview(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(code): Path<String>,
) -> Result<Json<InvitePreviewAnswer>, ApiError> {
    let invite = invites::preview(&core, caller.user, &code).await?;
    Ok(Json(InvitePreviewAnswer { invite }))
}

/// Come in by a link, or ask to
///
/// 202 where somebody has to approve. For a member nothing changes. Who was removed from the group
/// gets in by no link, but may ask where it needs approval.
#[utoipa::path(post, path = "/invites/{code}/join", tag = "invites", params(("code" = String, Path)),
    responses((status = 200, body = JoinAnswer), (status = 202, body = JoinAnswer)))]
async fn join(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(code): Path<String>,
) -> Result<(StatusCode, Json<JoinAnswer>), ApiError> {
    let (status, chat) = invites::join(&core, caller.user, &code).await?;
    let code = match status {
        JoinStatus::Joined => StatusCode::OK,
        JoinStatus::Requested => StatusCode::ACCEPTED,
    };
    Ok((code, Json(JoinAnswer { status, chat })))
}

/// Who waits to be let in
#[utoipa::path(get, path = "/chats/{id}/join-requests", tag = "invites",
    params(("id" = ChatId, Path), PageQuery), responses((status = 200, body = JoinRequests)))]
async fn list_requests(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<ChatId>,
    Query(page): Query<PageQuery>,
) -> Result<Json<JoinRequests>, ApiError> {
    let limit = page.limit.unwrap_or(DEFAULT_PAGE);
    let (requests, next_cursor) =
        invites::requests(&core, caller.user, id, page.cursor.as_deref(), limit).await?;
    Ok(Json(JoinRequests { requests, next_cursor }))
}

/// Let somebody in
///
/// Counts as a use of the link, and is not refused because of it.
#[utoipa::path(post, path = "/chats/{id}/join-requests/{userId}/approve", tag = "invites",
    params(("id" = ChatId, Path), ("userId" = UserId, Path)), responses((status = 204)))]
async fn approve(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path((id, asking)): Path<(ChatId, UserId)>,
) -> Result<StatusCode, ApiError> {
    invites::approve(&core, caller.user, id, asking).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Turn somebody away; they may ask again
#[utoipa::path(post, path = "/chats/{id}/join-requests/{userId}/decline", tag = "invites",
    params(("id" = ChatId, Path), ("userId" = UserId, Path)), responses((status = 204)))]
async fn decline(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path((id, asking)): Path<(ChatId, UserId)>,
) -> Result<StatusCode, ApiError> {
    invites::decline(&core, caller.user, id, asking).await?;
    Ok(StatusCode::NO_CONTENT)
}
