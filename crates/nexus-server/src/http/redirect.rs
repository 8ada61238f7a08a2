//! What plain HTTP is answered where there is TLS: the way there.

use std::sync::Arc;

use axum::{
    Router,
    extract::Request,
    http::{Method, header},
    response::{IntoResponse as _, Redirect, Response},
};
use nexus_core::Error;

use super::{error::ApiError, layers};
use crate::config::Server;

/// For `tls.redirect_listen`.
pub fn routes(server: Arc<Server>) -> Router {
    let to = server.clone();
    let router = Router::new().fallback(async move |req: Request| answer(&req, &to));
    layers::around_all(router, server)
}

/// People are led on. A program is refused: its token has just crossed the network readable, and it
/// would never be noticed.
fn answer(req: &Request, server: &Server) -> Response {
    let path = req.uri().path_and_query().map_or("/", |path| path.as_str());
    let program = path.starts_with("/api/v")
        || path.starts_with("/socket.io")
        || req.headers().contains_key(header::AUTHORIZATION);
    if program || !matches!(*req.method(), Method::GET | Method::HEAD) {
        return ApiError::from(Error::Forbidden("ask by https".into())).into_response();
    }
    let host = server.public_url.trim_end_matches('/');
    Redirect::permanent(&format!("{host}{path}")).into_response()
}
