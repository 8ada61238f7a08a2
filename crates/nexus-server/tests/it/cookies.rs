//! Tokens that travel in cookies: how they are set, and from where they count.

use bytes::Bytes;
use http::{Method, header};
use nexus_client::{Answer, Api};
use serde_json::{Value, json};

use crate::fixture::{PASSWORD, TestApp, header as named, refusal};

const OURS: &str = "https://app.example.com";
const FOREIGN: &str = "https://evil.example";

async fn app() -> TestApp {
    TestApp::with(|config| config.server.allowed_origins = vec![OURS.to_owned()]).await
}

/// Name and value of each cookie, and all its attributes.
fn cookies(answer: &Answer) -> Vec<(String, String)> {
    let all = answer.headers.get_all(header::SET_COOKIE).iter();
    all.map(|cookie| {
        let (pair, attributes) = cookie.to_str().unwrap().split_once("; ").unwrap();
        (pair.to_owned(), attributes.to_owned())
    })
    .collect()
}

/// Signs in with cookies; answers a browser that has them, without an `Origin`.
async fn browser(app: &TestApp) -> Api {
    app.person("ann").await;
    let login = json!({ "identifier": "ann", "password": PASSWORD, "tokenTransport": "cookie" });
    let answer = app.api.post("/auth/login", login).await.unwrap();
    with_cookies(app, &answer)
}

fn with_cookies(app: &TestApp, answer: &Answer) -> Api {
    let pairs: Vec<String> = cookies(answer).into_iter().map(|(pair, _)| pair).collect();
    app.api.with_header(header::COOKIE, &pairs.join("; "))
}

fn from(browser: &Api, origin: &str) -> Api {
    browser.with_header(header::ORIGIN, origin)
}

#[tokio::test]
async fn s3_with_cookies_no_script_ever_sees_a_token() {
    let app = app().await;
    let signup = json!({ "email": "ann@example.com", "username": "ann", "password": PASSWORD,
        "tokenTransport": "cookie" });
    let answer = app.api.post("/auth/signup", signup).await.unwrap();
    assert_eq!(answer.status, 201);
    for token in ["accessToken", "refreshToken"] {
        assert!(answer.body.get(token).is_none(), "{}", answer.body);
    }
    assert_eq!(answer.body["user"]["username"], "ann");
    let cookies = cookies(&answer);
    assert_eq!(cookies.len(), 2);
    let named = |name: &str| cookies.iter().find(|(pair, _)| pair.starts_with(name)).unwrap();
    let (access, refresh) = (named("__Host-nc_at="), named("__Secure-nc_rt="));
    for (pair, attributes) in [access, refresh] {
        assert!(pair.len() > 40, "{pair}");
        for attribute in ["HttpOnly", "Secure", "SameSite=Strict"] {
            assert!(attributes.split("; ").any(|has| has == attribute), "{attributes}");
        }
        assert!(!attributes.contains("Domain"), "{attributes}");
    }
    assert!(access.1.split("; ").any(|has| has == "Path=/"), "{}", access.1);
    assert!(refresh.1.split("; ").any(|has| has == "Path=/api/v1/auth"), "{}", refresh.1);
}

#[tokio::test]
async fn s3_the_cookie_of_a_refresh_token_lives_as_long_as_the_token() {
    let app = TestApp::with(|config| config.auth.refresh_ttl_days = 30).await;
    app.person("ann").await;
    let login = json!({ "identifier": "ann", "password": PASSWORD, "tokenTransport": "cookie" });
    let answer = app.api.post("/auth/login", login).await.unwrap();
    let attributes = &cookies(&answer)[1].1;
    assert!(attributes.contains("Max-Age=2592000"), "{attributes}");
}

#[tokio::test]
async fn s3_a_page_of_ours_may_do_everything_with_the_cookie_and_a_foreign_page_nothing() {
    let app = app().await;
    let browser = browser(&app).await;
    let patch = |api: Api| async move { api.patch("/users/me", json!({ "about": "x" })).await };
    patch(from(&browser, OURS)).await.unwrap();
    for origin in
        [FOREIGN, "null", "https://app.example.com.evil.example", "http://app.example.com"]
    {
        let refused = patch(from(&browser, origin)).await;
        assert_eq!(refusal(refused), (403, "forbidden".to_owned()), "{origin}");
    }
    assert_eq!(refusal(patch(browser.clone()).await).0, 403, "without an Origin");
    patch(browser.with_header(named("sec-fetch-site"), "same-origin")).await.unwrap();
    // Reading is safe: what a foreign page asks for, CORS keeps from it.
    let read = from(&browser, FOREIGN).get("/users/me").await.unwrap();
    assert!(read.headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN).is_none());
    let read = from(&browser, OURS).get("/users/me").await.unwrap();
    assert_eq!(read.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], OURS);
}

#[tokio::test]
async fn s3_a_browser_refreshes_and_signs_out_by_its_cookies() {
    let app = app().await;
    let browser = browser(&app).await;
    let refreshed = from(&browser, OURS).post("/auth/refresh", json!({})).await.unwrap();
    assert!(refreshed.body.get("accessToken").is_none(), "{}", refreshed.body);
    let browser = with_cookies(&app, &refreshed);
    browser.get("/users/me").await.unwrap();
    let out = from(&browser, OURS).request(Method::POST, "/auth/logout", None).await.unwrap();
    let cleared = cookies(&out);
    assert_eq!(cleared.len(), 2);
    for (pair, attributes) in cleared {
        assert!(pair.ends_with('=') && attributes.contains("Max-Age=0"), "{pair}; {attributes}");
    }
    assert_eq!(refusal(browser.get("/users/me").await).0, 401);
}

#[tokio::test]
async fn s3_a_foreign_page_can_neither_refresh_nor_sign_out_a_browser() {
    let app = app().await;
    let browser = browser(&app).await;
    let foreign = from(&browser, FOREIGN);
    for path in ["/auth/refresh", "/auth/logout", "/auth/logout-all"] {
        let refused = foreign.request(Method::POST, path, None).await;
        assert_eq!(refusal(refused), (403, "forbidden".to_owned()), "{path}");
    }
    browser.get("/users/me").await.unwrap();
    from(&browser, OURS).post("/auth/refresh", json!({})).await.unwrap();
}

/// One handshake by long-polling, as a browser sends it; the answer to joining `/chat`.
async fn poll_in(api: &Api, auth: &str) -> String {
    const BASE: &str = "/socket.io/?EIO=4&transport=polling";
    let text = |body: Value| body.as_str().map(str::to_owned).unwrap_or(body.to_string());
    let open = text(api.get(BASE).await.unwrap().body);
    let open: Value = serde_json::from_str(open.strip_prefix('0').unwrap()).unwrap();
    let path = format!("{BASE}&sid={}", open["sid"].as_str().unwrap());
    let join = Bytes::from(format!("40/chat,{auth}"));
    api.request(Method::POST, &path, Some(join)).await.unwrap();
    text(api.get(&path).await.unwrap().body)
}

#[tokio::test]
async fn a_socket_by_cookie_needs_an_allowed_origin() {
    let app = app().await;
    let browser = browser(&app).await;
    for auth in ["", "{}", "{\"token\":null}"] {
        let joined = poll_in(&from(&browser, OURS), auth).await;
        assert!(joined.starts_with("40/chat,{\"sid\":"), "{auth:?}: {joined}");
    }
    let refused = poll_in(&browser, "").await;
    assert!(refused.starts_with("44/chat,"), "{refused}");
    let body: Value = serde_json::from_str(&refused["44/chat,".len()..]).unwrap();
    assert_eq!(body["data"]["code"], "unauthenticated");
    for foreign in [FOREIGN, "null"] {
        let refused = from(&browser, foreign).get("/socket.io/?EIO=4&transport=polling").await;
        assert_eq!(refused.unwrap_err().status(), Some(403), "{foreign}");
    }
}
