//! `/users/me/export`: a copy of all that an account holds.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use nexus_core::{
    Core, Error,
    exports::{self, Download},
};
use nexus_protocol::{ExportAnswer, ExportId, LatestExport};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    caller::Caller,
    error::ApiError,
    extract::{Json, Path},
};

pub fn routes() -> OpenApiRouter<Arc<Core>> {
    OpenApiRouter::new().routes(routes!(ask_export, export)).routes(routes!(export_content))
}

/// Have a copy of all that the account holds written
///
/// One a day, after a step-up (`POST /auth/step-up`). A letter tells when it can be fetched.
#[utoipa::path(post, path = "/users/me/export", tag = "users",
    responses((status = 202, body = ExportAnswer)))]
async fn ask_export(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
) -> Result<(StatusCode, Json<ExportAnswer>), ApiError> {
    let export = exports::ask(&core, caller).await?;
    Ok((StatusCode::ACCEPTED, Json(ExportAnswer { export })))
}

/// How far the latest copy is
#[utoipa::path(get, path = "/users/me/export", tag = "users",
    responses((status = 200, body = LatestExport)))]
async fn export(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
) -> Result<Json<LatestExport>, ApiError> {
    Ok(Json(LatestExport { export: exports::latest(&core, caller.user).await? }))
}

/// Fetch the copy: a ZIP, whose `README.txt` says what is in it
#[utoipa::path(get, path = "/users/me/export/{id}/content", tag = "users",
    params(("id" = ExportId, Path)),
    responses((status = 200, content_type = "application/zip", body = Vec<u8>)))]
async fn export_content(
    State(core): State<Arc<Core>>,
    Caller(caller): Caller,
    Path(id): Path<ExportId>,
) -> Result<Response, ApiError> {
    let download = exports::open(&core, caller, id).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_LENGTH, download.size.to_string()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"nexuschat-{id}.zip\"")),
    ];
    Ok((headers, Body::from_stream(chunks(core, download))).into_response())
}

/// One in memory at a time. What is cut off is shorter than was said.
fn chunks(
    core: Arc<Core>,
    download: Download,
) -> impl stream::Stream<Item = Result<Vec<u8>, Error>> {
    stream::try_unfold((core, 0), move |(core, number)| async move {
        let chunk = exports::chunk(&core, download, number).await?;
        Ok(chunk.map(|chunk| (chunk, (core, number + 1))))
    })
}
