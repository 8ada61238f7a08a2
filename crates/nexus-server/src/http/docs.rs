//! The published contract: `/api/docs`, `/api/openapi.json`, `/api/asyncapi.json`.

use axum::{Router, routing::get};
use utoipa_swagger_ui::SwaggerUi;

use super::{extract::Json, openapi::openapi};
use crate::socket::asyncapi;

pub fn routes() -> Router {
    let page: Router = SwaggerUi::new("/api/docs").url("/api/openapi.json", openapi()).into();
    page.route("/api/asyncapi.json", get(|| async { Json(asyncapi()) }))
}
