//! The published contract: `/api/docs`, `/api/openapi.json`, `/api/asyncapi.json`.

use axum::{Router, routing::get};
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::{extract::Json, openapi::openapi};
use crate::socket::asyncapi;

pub fn routes() -> Router {
    let document = openapi();
    let page: Router = SwaggerUi::new("/api/docs")
        .external_url_unchecked("/api/openapi.json", serde_json::Value::Null)
        .config(Config::from("/api/openapi.json"))
        .into();
    page.route("/api/openapi.json", get(move || async move { Json(document) }))
        .route("/api/asyncapi.json", get(|| async { Json(asyncapi()) }))
}
