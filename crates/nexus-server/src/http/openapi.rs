//! All routes of `/api/v1`, and the document that describes them: made from one table.

use std::sync::Arc;

use nexus_core::Core;
use nexus_protocol::{DeleteScope, Problem};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        Content, ContentBuilder, Ref, RefOr, ResponseBuilder,
        path::{Operation, PathItem},
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use utoipa_axum::router::OpenApiRouter;

use super::{
    accounts, admin, announcements, auth, chats, contacts, exports, invites, messages, oidc,
    passkeys, reports, rights, search, settings, sync, unsubscribe, users, webhooks,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "NexusChat REST API",
        version = "1",
        description = "Everything a client can do over HTTP. Live events travel by Socket.IO: see \
                       `/api/asyncapi.json`. Errors are RFC 9457 problems with a stable `code`. \
                       Every mutating route accepts an `Idempotency-Key` header: the same key by \
                       the same user returns the first result.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    tags(
        (name = "auth", description = "Accounts, tokens, signed-in devices"),
        (name = "users", description = "People"),
        (name = "contacts", description = "Whom one knows, who asks, and whom one blocks"),
        (name = "chats", description = "Conversations and their members"),
        (name = "invites", description = "Links into a group, and who asks to join"),
        (name = "messages", description = "Sending, reading and changing messages"),
        (name = "sync", description = "Catching up after a lost connection"),
        (name = "mail", description = "Letters: what became of them, and wanting none"),
        (name = "search", description = "Finding messages again"),
        (name = "reports", description = "Telling staff of what should not be there"),
        (name = "announcements", description = "What staff have to say"),
        (name = "admin", description = "For moderators and admins; to anybody else these routes \
            are not there (`not_found`). `x-least-role` says who may, \
            `x-takes-step-up` whether the session must have been confirmed some minutes ago")
    ),
    security(("bearer" = []), ("cookie" = [])),
    components(schemas(Problem, DeleteScope)),
    modifiers(&Schemes, &Problems)
)]
struct ApiDoc;

/// The routes below `/api/v1`, without layers.
pub fn routes() -> OpenApiRouter<Arc<Core>> {
    let api = OpenApiRouter::new()
        .merge(auth::routes())
        .merge(accounts::routes())
        .merge(passkeys::routes())
        .merge(oidc::routes())
        .merge(users::routes())
        .merge(rights::routes())
        .merge(exports::routes())
        .merge(contacts::routes())
        .merge(settings::routes())
        .merge(chats::routes())
        .merge(invites::routes())
        .merge(messages::routes())
        .merge(sync::routes())
        .merge(search::routes())
        .merge(announcements::routes())
        .merge(reports::routes())
        .merge(webhooks::routes())
        .merge(unsubscribe::routes())
        .merge(admin::routes());
    OpenApiRouter::with_openapi(ApiDoc::openapi()).nest("/api/v1", api)
}

/// The OpenAPI 3.1 document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = routes().split_for_parts().1;
    Schemes.modify(&mut document);
    Problems.modify(&mut document);
    OperationIds.modify(&mut document);
    document
}

struct Schemes;

impl Modify for Schemes {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let cookie = ApiKey::Cookie(ApiKeyValue::new("__Host-nc_at"));
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(cookie));
    }
}

/// Handlers are named within their noun; an id stands for itself: `chats_delete`.
struct OperationIds;

impl Modify for OperationIds {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        for operation in document.paths.paths.values_mut().flat_map(operations) {
            let tag = operation.tags.iter().flatten().next();
            if let (Some(tag), Some(id)) = (tag, &operation.operation_id) {
                operation.operation_id = Some(format!("{tag}_{id}"));
            }
        }
    }
}

fn operations(path: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let all = [&mut path.get, &mut path.put, &mut path.post, &mut path.delete, &mut path.patch];
    all.into_iter().flatten()
}

/// Any route may answer any problem: said once here and not at each handler.
struct Problems;

impl Modify for Problems {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        document.paths.paths.values_mut().flat_map(operations).for_each(add_problems);
    }
}

fn add_problems(operation: &mut Operation) {
    for (status, description) in [
        ("400", "The request can't be read (`malformed`)"),
        (
            "401",
            "Not signed in, the token has expired, or a sign-in is not complete (`unauthenticated`, \
             `token_expired`, `totp_required`)",
        ),
        (
            "403",
            "Not allowed, or not without a step-up (`forbidden`, `banned`, `step_up_required`)",
        ),
        ("404", "Not there, or not for the caller (`not_found`)"),
        ("409", "Something stands against it (`conflict`)"),
        ("410", "It is no longer there (`gone`)"),
        ("413", "Too large (`too_large`)"),
        ("415", "Not `application/json` (`unsupported_media`)"),
        ("422", "Fields have wrong values (`validation`)"),
        ("429", "Too many requests: see `Retry-After` (`rate_limited`)"),
        ("500", "A fault of the server (`unavailable`)"),
        ("503", "Try again: see `Retry-After` (`unavailable`)"),
    ] {
        let problem: Content =
            ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response = ResponseBuilder::new()
            .description(description)
            .content("application/problem+json", problem)
            .build();
        operation.responses.responses.entry(status.to_owned()).or_insert(RefOr::T(response));
    }
}
