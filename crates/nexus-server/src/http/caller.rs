//! Who asks: found out once for each request, before limits and handlers.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, header, request::Parts},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use nexus_core::{
    Core, Error,
    auth::{self, Origin},
    settings::preferred_locale,
};

use super::{
    CallerId,
    client_ip::ClientIp,
    cookies,
    csrf::{self, CookiesCount},
    error::ApiError,
};
use crate::config::Server;

/// The signed-in caller. A handler that takes this cannot be reached without one.
pub struct Caller(pub auth::Caller);

/// Why nobody is signed in, or who is.
#[derive(Clone, Copy)]
enum Identity {
    Nobody,
    Expired,
    Forged,
    /// By a cookie, from a page that is not ours.
    Foreign,
    User(auth::Caller),
}

/// What [`identify`] needs.
#[derive(Clone)]
pub struct Doorman {
    pub core: Arc<Core>,
    pub server: Arc<Server>,
}

/// Leaves the finding for [`Caller`], and the user's id for the layers in between.
pub async fn identify(State(doorman): State<Doorman>, mut req: Request, next: Next) -> Response {
    let cookies_count = match csrf::check(req.method(), req.headers(), &doorman.server) {
        Ok(cookies_count) => cookies_count,
        Err(refusal) => return ApiError::from(refusal).into_response(),
    };
    let identity = doorman.look_at(req.headers(), cookies_count);
    req.extensions_mut().insert(cookies_count);
    if let Identity::User(caller) = identity {
        req.extensions_mut().insert(CallerId(caller.user));
    }
    req.extensions_mut().insert(identity);
    next.run(req).await
}

impl Doorman {
    fn look_at(&self, headers: &HeaderMap, CookiesCount(cookies_count): CookiesCount) -> Identity {
        if let Some(token) = bearer(headers) {
            return self.verify(&token);
        }
        let Some(token) = cookies::access_token(headers) else { return Identity::Nobody };
        if cookies_count { self.verify(&token) } else { Identity::Foreign }
    }

    fn verify(&self, token: &str) -> Identity {
        match auth::authenticate(&self.core, token) {
            Ok(caller) => Identity::User(caller),
            Err(Error::TokenExpired) => Identity::Expired,
            Err(_) => Identity::Forged,
        }
    }
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        let refusal = match parts.extensions.get::<Identity>() {
            Some(Identity::User(caller)) => return Ok(Caller(*caller)),
            Some(Identity::Expired) => Error::TokenExpired,
            Some(Identity::Foreign) => csrf::refusal(),
            Some(Identity::Nobody | Identity::Forged) | None => Error::Unauthenticated,
        };
        Err(refusal.into())
    }
}

/// Where a sign-in comes from.
pub struct From(pub Origin);

impl<S: Sync> FromRequestParts<S> for From {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let ip = ClientIp::from_request_parts(parts, state).await?;
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let user_agent = agent.unwrap_or("unknown device").to_owned();
        let accepted = parts.headers.get(header::ACCEPT_LANGUAGE);
        let accepted = accepted.and_then(|value| value.to_str().ok());
        let locale = accepted.and_then(preferred_locale);
        Ok(From(Origin { address: ip.limit_key(), user_agent, locale }))
    }
}
