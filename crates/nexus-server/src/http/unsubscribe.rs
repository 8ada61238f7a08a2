//! `/unsubscribe`: no more digests, for whoever has one of them.

use std::sync::Arc;

use axum::{
    extract::{FromRequest as _, Request, State},
    http::{StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use nexus_core::{Core, digests};
use nexus_protocol::Unsubscribe;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    error::ApiError,
    extract::{Json, Query},
};

pub fn routes() -> OpenApiRouter<Arc<Core>> {
    OpenApiRouter::new().routes(routes!(unsubscribe, page))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OneClick {
    /// From the letter's `List-Unsubscribe`; the body is not looked at then.
    token: Option<String>,
}

/// Want no more letters about missed messages
///
/// By the token of such a letter, without being signed in; as often as one likes. Mail programs do it
/// with one click (RFC 8058): the token is in the query then.
#[utoipa::path(post, path = "/unsubscribe", tag = "mail", security(()), params(OneClick),
    request_body = Option<Unsubscribe>, responses((status = 204)))]
async fn unsubscribe(
    State(core): State<Arc<Core>>,
    Query(click): Query<OneClick>,
    request: Request,
) -> Result<StatusCode, ApiError> {
    let token = match click.token {
        Some(token) => token,
        None => Json::<Unsubscribe>::from_request(request, &core).await?.0.token,
    };
    digests::unsubscribe(&core, &token).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// For who opens the link of `List-Unsubscribe`: leads to the page that asks first
#[utoipa::path(get, path = "/unsubscribe", tag = "mail", operation_id = "unsubscribe_page",
    security(()), params(OneClick), responses((status = 303)))]
async fn page(State(core): State<Arc<Core>>, Query(click): Query<OneClick>) -> Response {
    let token = click.token.unwrap_or_default();
    // Whatever it is, it can't lead elsewhere.
    let token: String =
        token.chars().filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    let page = format!("{}/unsubscribe#token={token}", core.mail.public_url);
    (StatusCode::SEE_OTHER, [(LOCATION, page)]).into_response()
}
