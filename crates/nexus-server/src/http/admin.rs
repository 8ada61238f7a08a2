//! `/admin`: for moderators and admins.

mod announcements;
mod audit;
mod dead_letters;
mod operations;
mod reports;
mod sweeps;
mod users;

use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts};
use nexus_core::{Core, staff};
use utoipa_axum::router::OpenApiRouter;

use super::{caller::Caller, error::ApiError};

pub fn routes() -> OpenApiRouter<Arc<Core>> {
    OpenApiRouter::new()
        .merge(users::routes())
        .merge(reports::routes())
        .merge(sweeps::routes())
        .merge(announcements::routes())
        .merge(audit::routes())
        .merge(operations::routes())
        .merge(dead_letters::routes())
}

/// A handler that takes this first is not there for anybody else.
pub struct Staff(pub staff::Staff);

impl FromRequestParts<Arc<Core>> for Staff {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, core: &Arc<Core>) -> Result<Self, ApiError> {
        let Caller(caller) = Caller::from_request_parts(parts, core).await?;
        Ok(Staff(staff::Staff::of(core, caller).await?))
    }
}
