//! `/webhooks`: what services tell us by themselves.

use std::sync::Arc;

use axum::{
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode},
};
use nexus_core::{
    Core,
    mail_events::{self, Signed},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{error::ApiError, extract::RawBody};

const SIGNATURE: &str = "x-twilio-email-event-webhook-signature";
const TIMESTAMP: &str = "x-twilio-email-event-webhook-timestamp";
/// SendGrid posts up to 768 KiB at once.
const MAX_BODY_BYTES: usize = 1024 * 1024;

pub fn routes() -> OpenApiRouter<Arc<Core>> {
    let limit = DefaultBodyLimit::max(MAX_BODY_BYTES);
    OpenApiRouter::new().merge(OpenApiRouter::new().routes(routes!(sendgrid)).layer(limit))
}

/// Hear from SendGrid what became of letters
///
/// The signed event webhook: `mail.webhook_key` is its public key, and without one this route is not
/// there. A body whose signature is missing, wrong or older than a day is refused as `malformed`. Of
/// each `sg_event_id` one event counts.
#[utoipa::path(post, path = "/webhooks/sendgrid", tag = "mail", security(()),
    params(
        ("x-twilio-email-event-webhook-signature" = String, Header),
        ("x-twilio-email-event-webhook-timestamp" = String, Header),
    ),
    request_body(content = Vec<serde_json::Value>, content_type = "application/json"),
    responses((status = 204)))]
async fn sendgrid(
    State(core): State<Arc<Core>>,
    headers: HeaderMap,
    RawBody(body): RawBody,
) -> Result<StatusCode, ApiError> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let signed = text(SIGNATURE).zip(text(TIMESTAMP));
    let signed = signed.map(|(signature, timestamp)| Signed { signature, timestamp });
    mail_events::take(&core, signed, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}
