use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use nexus_protocol::ChatId;
use serde::Deserialize;
use serde_json::Value;
use tower::ServiceExt as _;

use super::*;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
}

fn router() -> Router {
    let optional = |body: Option<Json<Named>>| async move {
        body.map_or("nothing".to_owned(), |Json(named)| named.name)
    };
    Router::new()
        .route("/body", post(|Json(named): Json<Named>| async move { named.name }))
        .route("/optional", post(optional))
        .route("/chats/{id}", get(|Path(_): Path<ChatId>| async {}))
        .route("/list", get(|Query(named): Query<Named>| async move { named.name }))
        .layer(DefaultBodyLimit::max(100))
        .layer(Extension(BodyLimit(100)))
}

async fn ask(req: Request) -> (u16, String) {
    let response = router().oneshot(req).await.unwrap();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

async fn post_as(path: &str, kind: Option<&str>, body: impl Into<Body>) -> (u16, String) {
    let mut req = Request::post(path);
    if let Some(kind) = kind {
        req = req.header("content-type", kind);
    }
    ask(req.body(body.into()).unwrap()).await
}

fn title(answer: &str) -> String {
    let problem: Value = serde_json::from_str(answer).unwrap();
    problem["title"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_body_is_json_of_the_right_shape_or_a_problem() {
    let json = Some("application/json");
    for (kind, body, status, says) in [
        (json, r#"{"name":"ann"}"#, 200, ""),
        (Some("Application/JSON; charset=utf-8"), r#"{"name":"ann"}"#, 200, ""),
        (None, r#"{"name":"ann"}"#, 415, "application/json"),
        (Some("text/plain"), r#"{"name":"ann"}"#, 415, ""),
        (Some("application/x-www-form-urlencoded"), "name=ann", 415, ""),
        (Some("application/json-patch+json"), "[]", 415, ""),
        (json, "", 400, "line 1"),
        (json, r#"{"name":"ann""#, 400, "line 1"),
        (json, r#"{"name":"ann"} x"#, 400, "line 1"),
        (json, r#"{"name":"ann","role":"admin"}"#, 400, "unknown field `role`"),
        (json, r#"{"name":"ann","name":"bob"}"#, 400, "duplicate field `name`"),
        (json, r#"{"name":{"$gt":""}}"#, 400, "line 1"),
        (json, r#"{"nom":"ann"}"#, 400, "unknown field `nom`"),
        (json, "{}", 400, "missing field `name`"),
    ] {
        let (got, answer) = post_as("/body", kind, body).await;
        assert_eq!(got, status, "{kind:?} {body}: {answer}");
        assert!(status == 200 || title(&answer).contains(says), "{body}: {answer}");
    }
}

#[tokio::test]
async fn a_body_that_is_no_text_or_too_long_is_a_problem() {
    let json = Some("application/json");
    assert_eq!(post_as("/body", json, vec![b'"', 0xff, b'"']).await.0, 400);
    assert_eq!(post_as("/body", json, b"{\"name\":\"\xff\"}".to_vec()).await.0, 400);
    let (status, answer) = post_as("/body", json, "x".repeat(101)).await;
    assert_eq!((status, title(&answer)), (413, "the body has more than 100 bytes".to_owned()));
}

#[tokio::test]
async fn a_body_may_be_left_out_where_it_is_optional() {
    let json = Some("application/json");
    assert_eq!(post_as("/optional", None, "").await, (200, "nothing".to_owned()));
    assert_eq!(post_as("/optional", json, "").await, (200, "nothing".to_owned()));
    assert_eq!(post_as("/optional", json, r#"{"name":"ann"}"#).await, (200, "ann".to_owned()));
    assert_eq!(post_as("/optional", None, r#"{"name":"ann"}"#).await.0, 415);
    assert_eq!(post_as("/optional", Some("text/plain"), "").await.0, 415);
}

#[tokio::test]
async fn addresses_and_queries_that_can_not_be_read_are_problems() {
    for (path, status) in [
        ("/chats/01966f4e-0000-7000-8000-000000000001", 200),
        ("/chats/1", 404),
        ("/chats/%ff", 404),
        ("/chats/..%2f..%2fetc", 404),
        ("/list?name=ann", 200),
        ("/list", 400),
        ("/list?name=ann&sort=up", 400),
        ("/list?name=ann&name=bob", 400),
        ("/list?name[$ne]=ann", 400),
    ] {
        let (got, answer) = ask(Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!(got, status, "{path}: {answer}");
    }
}
