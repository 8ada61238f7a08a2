//! `/chats/{id}/messages` and `/messages`: sending, reading, changing.

use std::sync::Arc;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use nexus_core::{Core, Error, forwards, ledger, messages, ports::Page};
use nexus_protocol::{
    ChatId, DEFAULT_PAGE, DeleteScope, EditHistory, EditMessage, ForwardMessage, Forwarded, Ledger,
    MessageAnswer, MessageId, MessageReceipts, Messages, MsgSent, SendMessage, SendStatus,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    caller::Caller,
    chats::PageQuery,
    error::ApiError,
    extract::{Json, Path, Query},
};

pub fn routes() -> OpenApiRouter<Arc<Core>> {
    OpenApiRouter::new()
        .routes(routes!(page, send))
        .routes(routes!(get, edit, delete))
        .routes(routes!(react, unreact))
        .routes(routes!(receipts))
        .routes(routes!(history))
        .routes(routes!(ledger))
        .routes(routes!(pin, unpin))
        .routes(routes!(pins))
        .routes(routes!(star, unstar))
        .routes(routes!(starred))
        .routes(routes!(forward))
        .routes(routes!(retry))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct HistoryQuery {
    /// Messages below this `seq`, newest first. This is the default, from the end.
    before: Option<u64>,
    /// Messages above this `seq`, oldest first.
    after: Option<u64>,
    /// Messages on both sides of this `seq`, newest first.
    around: Option<u64>,
    limit: Option<u32>,
}

/// One page of a chat's messages
///
/// `nextCursor` is the `before` (or `after`) of the next page.
#[utoipa::path(get, path = "/chats/{id}/messages", tag = "messages",
    params(("id" = ChatId, Path), HistoryQuery), responses((status = 200, body = Messages)))]
async fn page(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(chat): Path<ChatId>,
    Query(query): Query<HistoryQuery>,
) -> Result<Json<Messages>, ApiError> {
    let page = match (query.before, query.after, query.around) {
        (None, None, None) => Page::Before(u64::MAX),
        (Some(seq), None, None) => Page::Before(seq),
        (None, Some(seq), None) => Page::After(seq),
        (None, None, Some(seq)) => Page::Around(seq),
        _ => return Err(Error::Malformed("give one of before, after, around".into()).into()),
    };
    let limit = query.limit.unwrap_or(DEFAULT_PAGE);
    let messages = messages::page(&core, caller.user, chat, page, limit).await?;
    let full = messages.len() >= limit.clamp(1, nexus_protocol::MAX_PAGE) as usize;
    let at_start = messages.last().is_none_or(|last| last.seq == 1);
    let more = full && !(at_start && matches!(page, Page::Before(_)));
    let next_cursor = messages
        .last()
        .filter(|_| more && !matches!(page, Page::Around(_)))
        .map(|last| last.seq.to_string());
    Ok(Json(Messages { messages, next_cursor }))
}

/// Send a message
///
/// Answers when the message is durable. The same `clientId` again stores nothing more, and answers
/// `sent` with the `seq` once the message has its place.
#[utoipa::path(post, path = "/chats/{id}/messages", tag = "messages",
    params(("id" = ChatId, Path)), request_body = SendMessage,
    responses((status = 202, body = MsgSent), (status = 200, body = MsgSent)))]
async fn send(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(chat): Path<ChatId>,
    Json(req): Json<SendMessage>,
) -> Result<Response, ApiError> {
    if req.chat_id.is_some_and(|id| id != chat) {
        return Err(Error::invalid("chatId", "is another than in the path").into());
    }
    let accepted = messages::send(&core, caller.user, req.into_chat(chat)).await?;
    Ok(queued(accepted.sent))
}

fn queued(sent: MsgSent) -> Response {
    let status = match sent.status {
        SendStatus::Queued => StatusCode::ACCEPTED,
        SendStatus::Sent => StatusCode::OK,
    };
    (status, Json(sent)).into_response()
}

/// One message
#[utoipa::path(get, path = "/messages/{id}", tag = "messages",
    params(("id" = MessageId, Path)), responses((status = 200, body = MessageAnswer)))]
async fn get(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<MessageId>,
) -> Result<Json<MessageAnswer>, ApiError> {
    Ok(Json(MessageAnswer { message: messages::get(&core, caller.user, id).await? }))
}

/// Edit an own message, within 24 hours
#[utoipa::path(patch, path = "/messages/{id}", tag = "messages", params(("id" = MessageId, Path)),
    request_body = EditMessage, responses((status = 200, body = MessageAnswer)))]
async fn edit(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<MessageId>,
    Json(req): Json<EditMessage>,
) -> Result<Json<MessageAnswer>, ApiError> {
    let message = messages::edit(&core, caller.user, id, req.content).await?;
    Ok(Json(MessageAnswer { message }))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DeleteQuery {
    /// `me`: hide it from me alone. `all`: leave a tombstone for everybody.
    scope: DeleteScope,
}

/// Delete a message, for me or for everybody
#[utoipa::path(delete, path = "/messages/{id}", tag = "messages",
    params(("id" = MessageId, Path), DeleteQuery), responses((status = 204)))]
async fn delete(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<MessageId>,
    Query(query): Query<DeleteQuery>,
) -> Result<StatusCode, ApiError> {
    messages::delete(&core, caller.user, id, query.scope).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// React with an emoji
#[utoipa::path(put, path = "/messages/{id}/reactions/{emoji}", tag = "messages",
    params(("id" = MessageId, Path), ("emoji" = String, Path)),
    responses((status = 200, body = MessageAnswer)))]
async fn react(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path((id, emoji)): Path<(MessageId, String)>,
) -> Result<Json<MessageAnswer>, ApiError> {
    let message = messages::react(&core, caller.user, id, emoji, true).await?;
    Ok(Json(MessageAnswer { message }))
}

/// Take a reaction back
#[utoipa::path(delete, path = "/messages/{id}/reactions/{emoji}", tag = "messages",
    params(("id" = MessageId, Path), ("emoji" = String, Path)),
    responses((status = 200, body = MessageAnswer)))]
async fn unreact(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path((id, emoji)): Path<(MessageId, String)>,
) -> Result<Json<MessageAnswer>, ApiError> {
    let message = messages::react(&core, caller.user, id, emoji, false).await?;
    Ok(Json(MessageAnswer { message }))
}

/// Who has received and read a message, and when
#[utoipa::path(get, path = "/messages/{id}/receipts", tag = "messages",
    params(("id" = MessageId, Path)), responses((status = 200, body = MessageReceipts)))]
async fn receipts(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<MessageId>,
) -> Result<Json<MessageReceipts>, ApiError> {
    let receipts = messages::receipts(&core, caller.user, id).await?;
    Ok(Json(MessageReceipts { receipts }))
}

/// Every text an edited message has had
#[utoipa::path(get, path = "/messages/{id}/history", tag = "messages",
    params(("id" = MessageId, Path)), responses((status = 200, body = EditHistory)))]
async fn history(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<MessageId>,
) -> Result<Json<EditHistory>, ApiError> {
    Ok(Json(EditHistory { edits: messages::history(&core, caller.user, id).await? }))
}

/// Each stage of an own message's delivery, with times
#[utoipa::path(get, path = "/messages/{id}/ledger", tag = "messages",
    params(("id" = MessageId, Path)), responses((status = 200, body = Ledger)))]
async fn ledger(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<MessageId>,
) -> Result<Json<Ledger>, ApiError> {
    Ok(Json(Ledger { id, ledger: ledger::of_message(&core, caller.user, id).await? }))
}

/// Pin a message for everybody
#[utoipa::path(put, path = "/messages/{id}/pin", tag = "messages",
    params(("id" = MessageId, Path)), responses((status = 200, body = MessageAnswer)))]
async fn pin(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<MessageId>,
) -> Result<Json<MessageAnswer>, ApiError> {
    Ok(Json(MessageAnswer { message: messages::pin(&core, caller.user, id, true).await? }))
}

/// Unpin a message
#[utoipa::path(delete, path = "/messages/{id}/pin", tag = "messages",
    params(("id" = MessageId, Path)), responses((status = 200, body = MessageAnswer)))]
async fn unpin(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<MessageId>,
) -> Result<Json<MessageAnswer>, ApiError> {
    Ok(Json(MessageAnswer { message: messages::pin(&core, caller.user, id, false).await? }))
}

/// What is pinned in a chat, the last pinned first
#[utoipa::path(get, path = "/chats/{id}/pins", tag = "messages",
    params(("id" = ChatId, Path), PageQuery), responses((status = 200, body = Messages)))]
async fn pins(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(chat): Path<ChatId>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Messages>, ApiError> {
    let limit = page.limit.unwrap_or(DEFAULT_PAGE);
    let (messages, next_cursor) =
        messages::pins(&core, caller.user, chat, page.cursor.as_deref(), limit).await?;
    Ok(Json(Messages { messages, next_cursor }))
}

/// Star a message, for me alone
#[utoipa::path(put, path = "/messages/{id}/star", tag = "messages",
    params(("id" = MessageId, Path)), responses((status = 204)))]
async fn star(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<MessageId>,
) -> Result<StatusCode, ApiError> {
    messages::star(&core, caller.user, id, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a star away
#[utoipa::path(delete, path = "/messages/{id}/star", tag = "messages",
    params(("id" = MessageId, Path)), responses((status = 204)))]
async fn unstar(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<MessageId>,
) -> Result<StatusCode, ApiError> {
    messages::star(&core, caller.user, id, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// My starred messages, the last starred first
#[utoipa::path(get, path = "/starred", tag = "messages",
    params(PageQuery), responses((status = 200, body = Messages)))]
async fn starred(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Query(page): Query<PageQuery>,
) -> Result<Json<Messages>, ApiError> {
    let limit = page.limit.unwrap_or(DEFAULT_PAGE);
    let (messages, next_cursor) =
        messages::starred(&core, caller.user, page.cursor.as_deref(), limit).await?;
    Ok(Json(Messages { messages, next_cursor }))
}

/// Forward a message to other chats
///
/// Answers those that have taken it: all, unless a queue is full.
#[utoipa::path(post, path = "/messages/{id}/forward", tag = "messages",
    params(("id" = MessageId, Path)), request_body = ForwardMessage,
    responses((status = 202, body = Forwarded)))]
async fn forward(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<MessageId>,
    Json(req): Json<ForwardMessage>,
) -> Result<Response, ApiError> {
    let messages = forwards::forward(&core, caller.user, id, req.chat_ids).await?;
    Ok((StatusCode::ACCEPTED, Json(Forwarded { messages })).into_response())
}

/// Try a failed message again
#[utoipa::path(post, path = "/messages/{id}/retry", tag = "messages",
    params(("id" = MessageId, Path)),
    responses((status = 202, body = MsgSent), (status = 200, body = MsgSent)))]
async fn retry(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<MessageId>,
) -> Result<Response, ApiError> {
    Ok(queued(messages::retry(&core, caller.user, id).await?))
}
