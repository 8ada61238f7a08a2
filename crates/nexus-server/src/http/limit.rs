//! How many requests an address or a user may make.

use std::sync::Arc;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    response::{IntoResponse, Response},
};
use nexus_core::{
    Core, Error,
    limits::{Limiter, Tier, check},
    ports::{Quota, Verdict},
};

use super::{
    CallerId,
    client_ip::ClientIp,
    error::{ApiError, whole_secs},
    observe,
};

// draft-ietf-httpapi-ratelimit-headers: structured fields, one item for each policy.
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STATE: HeaderName = HeaderName::from_static("ratelimit");

/// What it carries says whose session it is for, and each has a budget of its own.
const REFRESH: &str = "/api/v1/auth/refresh";

/// Whoever holds the limiter.
pub trait Limited: Send + Sync + 'static {
    fn limiter(&self) -> &Limiter;
}

impl Limited for Limiter {
    fn limiter(&self) -> &Limiter {
        self
    }
}

impl Limited for Core {
    fn limiter(&self) -> &Limiter {
        &self.limits
    }
}

/// Counts by user where there is one, else by address, and tells in headers what is left.
pub async fn limit(
    State(limited): State<Arc<dyn Limited>>,
    ip: ClientIp,
    req: Request,
    next: Next,
) -> Response {
    let limiter = limited.limiter();
    let (tier, key) = match req.extensions().get::<CallerId>() {
        Some(CallerId(user)) => {
            observe::record_user(*user);
            (Tier::User, user.to_string())
        }
        None => (Tier::Unauthenticated, ip.limit_key()),
    };
    // Many people behind one address come back at once; who has no session to refresh pays after.
    let pays_after = tier == Tier::Unauthenticated && is_refresh(&req);
    let mut verdict = match check(limiter, tier, &key, u32::from(!pays_after)).await {
        Ok(verdict) => verdict,
        Err(err) => return ApiError::from(err).into_response(),
    };
    let mut response =
        if verdict.allowed { next.run(req).await } else { too_many(&verdict).into_response() };
    if pays_after && !response.status().is_success() {
        verdict = match check(limiter, tier, &key, 1).await {
            Ok(verdict) => verdict,
            Err(err) => return ApiError::from(err).into_response(),
        };
        if !verdict.allowed {
            response = too_many(&verdict).into_response();
        }
    }
    if limiter.is_enabled() {
        tell(response.headers_mut(), limiter.tiers.quota(tier), &verdict);
    }
    response
}

fn is_refresh(req: &Request) -> bool {
    req.extensions().get::<MatchedPath>().is_some_and(|route| route.as_str() == REFRESH)
}

fn too_many(verdict: &Verdict) -> ApiError {
    ApiError::from(Error::RateLimited { retry_after: verdict.retry_after })
}

fn tell(headers: &mut HeaderMap, quota: &Quota, verdict: &Verdict) {
    let Quota { name, refill, per, .. } = quota;
    let policy = format!("\"{name}\";q={refill};w={}", per.as_secs());
    // A refusal says when one more is allowed, everything else when all are.
    let wait = if verdict.allowed { verdict.reset_after } else { verdict.retry_after };
    let state = format!("\"{name}\";r={};t={}", verdict.remaining, whole_secs(wait));
    for (header, value) in [(POLICY, policy), (STATE, state)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(header, value);
        }
    }
}
