//! `/search`: finding messages again.

use std::sync::Arc;

use axum::extract::State;
use nexus_core::{Core, Error, search};
use nexus_protocol::{ChatId, Messages, Timestamp, UserId};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    caller::Caller,
    error::ApiError,
    extract::{Json, Query},
};

pub fn routes() -> OpenApiRouter<Arc<Core>> {
    OpenApiRouter::new().routes(routes!(messages))
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct SearchQuery {
    /// Words that must all be there; the last may be the beginning of one.
    q: String,
    chat_id: Option<ChatId>,
    sender_id: Option<UserId>,
    /// Only `text` messages can be found.
    r#type: Option<String>,
    /// Sent at or after this time.
    from: Option<Timestamp>,
    /// Sent before this time.
    to: Option<Timestamp>,
    cursor: Option<String>,
    limit: Option<u32>,
}

/// Find messages in my chats, newest first
#[utoipa::path(get, path = "/search/messages", tag = "search",
    params(SearchQuery), responses((status = 200, body = Messages)))]
async fn messages(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Query(query): Query<SearchQuery>,
) -> Result<Json<Messages>, ApiError> {
    if query.r#type.is_some_and(|wanted| wanted != "text") {
        return Err(Error::invalid("type", "can only be text").into());
    }
    let wanted = search::Wanted {
        text: query.q,
        chat: query.chat_id,
        sender: query.sender_id,
        from: query.from,
        to: query.to,
        cursor: query.cursor,
        limit: query.limit,
    };
    let (messages, next_cursor) = search::messages(&core, caller.user, wanted).await?;
    Ok(Json(Messages { messages, next_cursor }))
}
