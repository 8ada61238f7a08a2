//! `/chats`: conversations, their members, and one's own part in them.

use std::sync::Arc;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use nexus_core::{Core, chats, ports::ReceiptKind, receipts};
use nexus_protocol::{
    AddMembers, ChangeRole, ChatAnswer, ChatId, Chats, CreateChat, DEFAULT_PAGE, Done, Members,
    ReadUpTo, UpdateChat, UpdateChatMe, UserId, Watermark,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    caller::Caller,
    error::ApiError,
    extract::{Json, Path, Query},
};

pub fn routes() -> OpenApiRouter<Arc<Core>> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, update, delete))
        .routes(routes!(list_members, add_members))
        .routes(routes!(change_role, remove_member))
        .routes(routes!(leave))
        .routes(routes!(update_me))
        .routes(routes!(read))
}

/// Where a list goes on, and how much of it to answer.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// `nextCursor` of the page before.
    pub cursor: Option<String>,
    /// 50 by default, 200 at most.
    pub limit: Option<u32>,
}

/// My chats, the last active first
#[utoipa::path(get, path = "/chats", tag = "chats",
    params(PageQuery), responses((status = 200, body = Chats)))]
async fn list(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Query(page): Query<PageQuery>,
) -> Result<Json<Chats>, ApiError> {
    let limit = page.limit.unwrap_or(DEFAULT_PAGE);
    let (chats, next_cursor) =
        chats::list(&core, caller.user, page.cursor.as_deref(), limit).await?;
    Ok(Json(Chats { chats, next_cursor }))
}

/// Start a direct chat or a group
///
/// A second direct chat with the same person answers the first, with 200.
#[utoipa::path(post, path = "/chats", tag = "chats", request_body = CreateChat,
    responses((status = 201, body = ChatAnswer), (status = 200, body = ChatAnswer)))]
async fn create(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Json(req): Json<CreateChat>,
) -> Result<Response, ApiError> {
    let (chat, is_new) = chats::create(&core, caller.user, req).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(ChatAnswer { chat })).into_response())
}

/// One chat
#[utoipa::path(get, path = "/chats/{id}", tag = "chats",
    params(("id" = ChatId, Path)), responses((status = 200, body = ChatAnswer)))]
async fn get(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<ChatId>,
) -> Result<Json<ChatAnswer>, ApiError> {
    Ok(Json(ChatAnswer { chat: chats::get(&core, caller.user, id).await? }))
}

/// Change a group's title, about or permissions
///
/// Title and about: whoever `editInfo` names. Permissions: admins, as far as they are not the
/// owner's alone.
#[utoipa::path(patch, path = "/chats/{id}", tag = "chats", params(("id" = ChatId, Path)),
    request_body = UpdateChat, responses((status = 200, body = ChatAnswer)))]
async fn update(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<ChatId>,
    Json(req): Json<UpdateChat>,
) -> Result<Json<ChatAnswer>, ApiError> {
    Ok(Json(ChatAnswer { chat: chats::update(&core, caller.user, id, req).await? }))
}

/// Delete a group with all its messages (owner)
#[utoipa::path(delete, path = "/chats/{id}", tag = "chats",
    params(("id" = ChatId, Path)), responses((status = 204)))]
async fn delete(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<ChatId>,
) -> Result<StatusCode, ApiError> {
    chats::delete(&core, caller.user, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who is in a chat
#[utoipa::path(get, path = "/chats/{id}/members", tag = "chats",
    params(("id" = ChatId, Path), PageQuery), responses((status = 200, body = Members)))]
async fn list_members(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<ChatId>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Members>, ApiError> {
    let limit = page.limit.unwrap_or(DEFAULT_PAGE);
    let (members, next_cursor) =
        chats::members(&core, caller.user, id, page.cursor.as_deref(), limit).await?;
    Ok(Json(Members { members, next_cursor }))
}

/// Add people to a group
#[utoipa::path(post, path = "/chats/{id}/members", tag = "chats", params(("id" = ChatId, Path)),
    request_body = AddMembers, responses((status = 200, body = ChatAnswer)))]
async fn add_members(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<ChatId>,
    Json(req): Json<AddMembers>,
) -> Result<Json<ChatAnswer>, ApiError> {
    let chat = chats::add_members(&core, caller.user, id, req.user_ids).await?;
    Ok(Json(ChatAnswer { chat }))
}

/// Change a member's role; `owner` hands the group over
#[utoipa::path(patch, path = "/chats/{id}/members/{userId}", tag = "chats",
    params(("id" = ChatId, Path), ("userId" = UserId, Path)),
    request_body = ChangeRole, responses((status = 200, body = ChatAnswer)))]
async fn change_role(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path((id, member)): Path<(ChatId, UserId)>,
    Json(req): Json<ChangeRole>,
) -> Result<Json<ChatAnswer>, ApiError> {
    let chat = chats::change_role(&core, caller.user, id, member, req.role).await?;
    Ok(Json(ChatAnswer { chat }))
}

/// Remove a member; oneself: leave
#[utoipa::path(delete, path = "/chats/{id}/members/{userId}", tag = "chats",
    params(("id" = ChatId, Path), ("userId" = UserId, Path)), responses((status = 204)))]
async fn remove_member(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path((id, member)): Path<(ChatId, UserId)>,
) -> Result<StatusCode, ApiError> {
    chats::remove_member(&core, caller.user, id, member).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Leave a group
#[utoipa::path(post, path = "/chats/{id}/leave", tag = "chats",
    params(("id" = ChatId, Path)), responses((status = 204)))]
async fn leave(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<ChatId>,
) -> Result<StatusCode, ApiError> {
    chats::leave(&core, caller.user, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Mute, pin, archive, draft, mark unread: for me alone, on all my devices
#[utoipa::path(patch, path = "/chats/{id}/me", tag = "chats", params(("id" = ChatId, Path)),
    request_body = UpdateChatMe, responses((status = 200, body = ChatAnswer)))]
async fn update_me(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<ChatId>,
    Json(req): Json<UpdateChatMe>,
) -> Result<Json<ChatAnswer>, ApiError> {
    Ok(Json(ChatAnswer { chat: chats::update_me(&core, caller.user, id, req).await? }))
}

/// I have read up to here
#[utoipa::path(post, path = "/chats/{id}/read", tag = "chats", params(("id" = ChatId, Path)),
    request_body = ReadUpTo, responses((status = 200, body = Done)))]
async fn read(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<ChatId>,
    Json(req): Json<ReadUpTo>,
) -> Result<Json<Done>, ApiError> {
    let watermark = Watermark { chat_id: id, seq: Some(req.seq), message_id: None };
    receipts::advance(&core, caller.user, ReceiptKind::Read, watermark).await?;
    Ok(Json(Done::OK))
}
