//! What every request passes on its way in, and every answer on its way out.

use std::{sync::Arc, time::Duration};

use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, header, request::Parts},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{And, NotForContentType, Predicate, SizeAbove},
    },
    cors::{AllowCredentials, AllowOrigin, CorsLayer},
};

use super::{
    error::{ApiError, method_not_allowed, panicked},
    extract::BodyLimit,
    idempotency::{Idempotency, once},
    limit::{Limited, limit},
    observe::{REQUEST_ID, observe},
    secure::secure,
    sender::Sender,
    web::Web,
};
use crate::config::Server;

const COMPRESS_ABOVE_BYTES: u64 = 1_024;

/// What the layers around the API need.
#[derive(Clone)]
pub struct ApiLayers {
    pub server: Arc<Server>,
    pub limits: Arc<dyn Limited>,
    pub idempotency: Idempotency,
}

/// Around the REST routes only: nothing here fits a long poll. The layer that recognises the
/// caller ([`super::CallerId`]) goes around this one.
pub fn around_api(router: Router, layers: ApiLayers) -> Router {
    let ApiLayers { server, limits, idempotency } = layers;
    router.layer(
        ServiceBuilder::new()
            .layer(compression())
            .layer(from_fn(mark_secret))
            .layer(from_fn_with_state(server.request_timeout(), within))
            .layer(from_fn_with_state(limits, limit))
            .layer(from_fn_with_state(idempotency, once))
            .layer(Extension(BodyLimit(server.max_body_bytes)))
            .layer(DefaultBodyLimit::max(server.max_body_bytes)),
    )
}

/// Around everything, sockets too. To be added last, after all routes and the fallback.
pub fn around_all(router: Router, server: Arc<Server>) -> Router {
    let cors = cors(&server);
    router.layer(
        ServiceBuilder::new()
            .layer(from_fn_with_state(server.clone(), observe))
            .layer(from_fn_with_state(server, secure))
            .layer(cors)
            .layer(CatchPanicLayer::custom(panicked)),
    )
}

/// What is no route belongs to the web client, or is a problem like any other. To be called after
/// all routes.
pub fn with_fallback(router: Router, web: Web) -> Router {
    let web = Arc::new(web);
    router
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(async move |req: Request| web.answer(&req))
}

async fn within(State(time): State<Duration>, req: Request, next: Next) -> Response {
    match tokio::time::timeout(time, next.run(req)).await {
        Ok(response) => response,
        Err(_) => ApiError::TimedOut.into_response(),
    }
}

fn cors(server: &Arc<Server>) -> CorsLayer {
    let origins = server.origins();
    let origins = origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok());
    let server = server.clone();
    let with_cookies =
        move |_: &HeaderValue, parts: &Parts| Sender::of(&parts.headers, &server) == Sender::Page;
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_credentials(AllowCredentials::predicate(with_cookies))
        .allow_methods([
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            HeaderName::from_static("idempotency-key"),
        ])
        .expose_headers([
            REQUEST_ID,
            header::RETRY_AFTER,
            HeaderName::from_static("ratelimit"),
            HeaderName::from_static("ratelimit-policy"),
            HeaderName::from_static("idempotency-replayed"),
        ])
        .max_age(Duration::from_secs(600))
}

/// Marks an answer that must not be compressed: its length would tell about the secret in it.
#[derive(Clone, Copy, Debug)]
struct HoldsSecret;

#[derive(Clone, Copy, Debug)]
struct WithoutSecret;

impl Predicate for WithoutSecret {
    fn should_compress<B: http_body::Body>(&self, response: &http::Response<B>) -> bool {
        response.extensions().get::<HoldsSecret>().is_none()
    }
}

/// A ZIP is packed already.
type Worth = And<And<SizeAbove, NotForContentType>, WithoutSecret>;

fn compression() -> CompressionLayer<Worth> {
    CompressionLayer::new().gzip(true).br(true).zstd(true).compress_when(
        SizeAbove::new(COMPRESS_ABOVE_BYTES)
            .and(NotForContentType::const_new("application/zip"))
            .and(WithoutSecret),
    )
}

async fn mark_secret(req: Request, next: Next) -> Response {
    let route = req.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let mut response = next.run(req).await;
    if route.is_some_and(|route| route.contains("/auth/")) {
        response.extensions_mut().insert(HoldsSecret);
    }
    response
}
