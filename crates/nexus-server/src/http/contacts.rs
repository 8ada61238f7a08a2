//! `/contacts` and `/blocks`: whom one knows, who asks, and of whom one wants to hear nothing.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use nexus_core::{Core, blocks, contacts};
use nexus_protocol::{
    AddContact, Blocks, ContactAnswer, ContactRequestAnswer, ContactRequests, Contacts,
    DEFAULT_PAGE, RequestId, UpdateContact, UserAnswer, UserId,
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
        .routes(routes!(list, add))
        .routes(routes!(rename, remove))
        .routes(routes!(requests))
        .routes(routes!(accept))
        .routes(routes!(decline))
        .routes(routes!(blocked))
        .routes(routes!(block, unblock))
}

/// My contacts, by id
#[utoipa::path(get, path = "/contacts", tag = "contacts",
    params(PageQuery), responses((status = 200, body = Contacts)))]
async fn list(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Query(page): Query<PageQuery>,
) -> Result<Json<Contacts>, ApiError> {
    let limit = page.limit.unwrap_or(DEFAULT_PAGE);
    let (contacts, next_cursor) =
        contacts::list(&core, caller.user, page.cursor.as_deref(), limit).await?;
    Ok(Json(Contacts { contacts, next_cursor }))
}

/// Add a contact
///
/// Whoever takes messages from their own contacts only is asked to add the caller: then there is a
/// `request` in the answer.
#[utoipa::path(post, path = "/contacts", tag = "contacts",
    request_body = AddContact, responses((status = 201, body = ContactAnswer)))]
async fn add(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Json(req): Json<AddContact>,
) -> Result<(StatusCode, Json<ContactAnswer>), ApiError> {
    let (contact, request) = contacts::add(&core, caller.user, req).await?;
    Ok((StatusCode::CREATED, Json(ContactAnswer { contact, request })))
}

/// Give a contact a nickname
#[utoipa::path(patch, path = "/contacts/{userId}", tag = "contacts",
    params(("userId" = UserId, Path)),
    request_body = UpdateContact, responses((status = 200, body = ContactAnswer)))]
async fn rename(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(other): Path<UserId>,
    Json(req): Json<UpdateContact>,
) -> Result<Json<ContactAnswer>, ApiError> {
    let contact = contacts::rename(&core, caller.user, other, req.nickname).await?;
    Ok(Json(ContactAnswer { contact, request: None }))
}

/// Remove a contact
#[utoipa::path(delete, path = "/contacts/{userId}", tag = "contacts",
    params(("userId" = UserId, Path)), responses((status = 204)))]
async fn remove(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(other): Path<UserId>,
) -> Result<StatusCode, ApiError> {
    contacts::remove(&core, caller.user, other).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Contact requests that wait, to me and by me
#[utoipa::path(get, path = "/contacts/requests", tag = "contacts",
    params(PageQuery), responses((status = 200, body = ContactRequests)))]
async fn requests(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Query(page): Query<PageQuery>,
) -> Result<Json<ContactRequests>, ApiError> {
    let limit = page.limit.unwrap_or(DEFAULT_PAGE);
    let (requests, next_cursor) =
        contacts::requests(&core, caller.user, page.cursor.as_deref(), limit).await?;
    Ok(Json(ContactRequests { requests, next_cursor }))
}

/// Accept a contact request: each becomes the other's contact
#[utoipa::path(post, path = "/contacts/requests/{id}/accept", tag = "contacts",
    params(("id" = RequestId, Path)), responses((status = 200, body = ContactRequestAnswer)))]
async fn accept(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<RequestId>,
) -> Result<Json<ContactRequestAnswer>, ApiError> {
    let request = contacts::accept(&core, caller.user, id).await?;
    Ok(Json(ContactRequestAnswer { request }))
}

/// Decline a contact request; the one who asked is not told
#[utoipa::path(post, path = "/contacts/requests/{id}/decline", tag = "contacts",
    params(("id" = RequestId, Path)), responses((status = 204)))]
async fn decline(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<RequestId>,
) -> Result<StatusCode, ApiError> {
    contacts::decline(&core, caller.user, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whom I block, by id
#[utoipa::path(get, path = "/blocks", tag = "contacts",
    params(PageQuery), responses((status = 200, body = Blocks)))]
async fn blocked(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Query(page): Query<PageQuery>,
) -> Result<Json<Blocks>, ApiError> {
    let limit = page.limit.unwrap_or(DEFAULT_PAGE);
    let (users, next_cursor) =
        blocks::list(&core, caller.user, page.cursor.as_deref(), limit).await?;
    Ok(Json(Blocks { users, next_cursor }))
}

/// Block somebody
///
/// Between the two there are no more messages in their direct chat, no typing, receipts and
/// presence; who is blocked doesn't find the other, and sees neither their picture nor their about.
/// In groups that both are in, both are heard. Nobody is told.
#[utoipa::path(put, path = "/blocks/{userId}", tag = "contacts",
    params(("userId" = UserId, Path)), responses((status = 200, body = UserAnswer)))]
async fn block(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(other): Path<UserId>,
) -> Result<Json<UserAnswer>, ApiError> {
    Ok(Json(UserAnswer { user: blocks::block(&core, caller.user, other).await? }))
}

/// Unblock somebody
#[utoipa::path(delete, path = "/blocks/{userId}", tag = "contacts",
    params(("userId" = UserId, Path)), responses((status = 204)))]
async fn unblock(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(other): Path<UserId>,
) -> Result<StatusCode, ApiError> {
    blocks::unblock(&core, caller.user, other).await?;
    Ok(StatusCode::NO_CONTENT)
}
