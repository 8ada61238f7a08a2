//! Signing in with an account elsewhere.

use std::{sync::Arc, time::Duration};

use http::header;
use nexus_client::{Answer, Api, Error};
use nexus_core::passwords::NO_PASSWORD;
use nexus_protocol::{SignedIn, UserRole};
use serde_json::{Value, json};

use crate::{
    emails::{me, verified},
    fixture::{PASSWORD, Person, TestApp, refusal},
    provider::{Key, Lies, Provider, Trouble},
};

const HERE: &str = "https://chat.example.com";

/// Somebody's browser: it keeps the cookie, and goes where it is sent.
struct Browser {
    api: Api,
}

fn ann() -> Value {
    json!({ "sub": "1", "email": "ann@example.com", "email_verified": true,
        "preferred_username": "Ann.K", "name": "Ann Keller" })
}

async fn start(app: &TestApp, return_to: &str) -> (Browser, String) {
    let body = json!({ "returnTo": return_to });
    let started = app.api.post("/auth/oidc/example/start", body).await.unwrap();
    let cookie = started.headers[header::SET_COOKIE].to_str().unwrap();
    for part in ["__Host-nc_oidc=", "; HttpOnly", "; Secure", "; SameSite=Lax", "; Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let cookie = cookie.split(';').next().unwrap();
    let api = app.api.with_header(header::COOKIE, cookie);
    (Browser { api }, started.body["url"].as_str().unwrap().to_owned())
}

impl Browser {
    /// Comes back from the provider; answers what stands behind the `#oidc-`.
    async fn land(&self, path: &str) -> String {
        let sent = self.api.get(path).await.unwrap();
        assert_eq!(sent.status, 303);
        let location = sent.headers[header::LOCATION].to_str().unwrap().to_owned();
        assert!(location.starts_with(&format!("{HERE}/")), "{location}");
        location.split_once("#oidc-").unwrap().1.to_owned()
    }

    async fn post(&self, path: &str, body: Value) -> Result<Answer, Error> {
        self.api.post(&format!("/auth/oidc/{path}"), body).await
    }

    async fn next(&self, ticket: &str) -> Value {
        self.post("ticket", json!({ "ticket": ticket })).await.unwrap().body
    }
}

/// All the way to a ticket.
async fn arrive(app: &TestApp, provider: &Provider, who: Value) -> (Browser, String) {
    let (browser, url) = start(app, "/").await;
    let landed = browser.land(&provider.consent(&url, who)).await;
    let ticket = landed.strip_prefix("ticket=").unwrap_or_else(|| panic!("{landed}")).to_owned();
    (browser, ticket)
}

async fn set_up() -> (Arc<Provider>, TestApp) {
    let provider = Provider::start().await;
    let app = TestApp::with(|config| provider.set_up(config)).await;
    (provider, app)
}

/// Signs Ann up by her account elsewhere.
async fn newcomer(app: &TestApp, provider: &Provider) -> Person {
    let (browser, ticket) = arrive(app, provider, ann()).await;
    let body = json!({ "ticket": ticket, "username": "ann" });
    let signed_in = browser.post("signup", body).await.unwrap().read().unwrap();
    Person::new(app, signed_in)
}

async fn login(app: &TestApp, provider: &Provider) -> Result<Answer, Error> {
    let (browser, ticket) = arrive(app, provider, ann()).await;
    browser.post("login", json!({ "ticket": ticket })).await
}

#[tokio::test]
async fn somebody_new_chooses_a_name_and_comes_back_as_the_same() {
    let (provider, app) = set_up().await;
    let about = app.api.get("/.well-known/nexuschat").await.unwrap().body;
    assert_eq!(about["oidc"], json!([{ "id": "example", "name": "Example" }]));
    assert!(about["features"].to_string().contains("\"oidc\""), "{about}");

    let (browser, ticket) = arrive(&app, &provider, ann()).await;
    let found = browser.next(&ticket).await;
    assert_eq!(found["next"], "signup");
    assert_eq!(found["username"], "ann.k");
    let body = json!({ "ticket": ticket });
    assert_eq!(refusal(browser.post("login", body).await).0, 409);
    let short = json!({ "ticket": ticket, "username": "a" });
    assert_eq!(refusal(browser.post("signup", short).await).0, 422);
    app.person("taken").await;
    let taken = json!({ "ticket": ticket, "username": "taken" });
    assert_eq!(refusal(browser.post("signup", taken).await).0, 409);
    let body = json!({ "ticket": ticket, "username": "ann", "displayName": "Ann" });
    let answer = browser.post("signup", body.clone()).await.unwrap();
    assert_eq!(answer.status, 201);
    let new: SignedIn = answer.read().unwrap();
    assert_eq!((new.user.email.as_str(), new.user.email_verified), ("ann@example.com", true));
    assert_eq!(refusal(browser.post("signup", body).await).0, 410, "a ticket is good once");

    let again: SignedIn = login(&app, &provider).await.unwrap().read().unwrap();
    assert_eq!(again.user.id, new.user.id);
    let again = Person::new(&app, again);
    let links: Value = again.get("/auth/oidc/links").await;
    assert_eq!(links["links"][0]["label"], "ann@example.com");
    assert_eq!(refusal(app.api.login("ann", PASSWORD).await).0, 401, "there is no password");
}

#[tokio::test]
async fn an_account_is_never_taken_over_by_its_address() {
    let (provider, app) = set_up().await;
    let person = verified(&app).await;
    let (browser, ticket) = arrive(&app, &provider, ann()).await;
    assert_eq!(browser.next(&ticket).await["next"], "link");
    assert_eq!(refusal(browser.post("login", json!({ "ticket": ticket })).await).0, 409);
    let body = json!({ "ticket": ticket, "username": "other" });
    assert_eq!(refusal(browser.post("signup", body).await).0, 409);

    let token = format!("Bearer {}", person.access_token);
    let signed_in = Browser { api: browser.api.with_header(header::AUTHORIZATION, &token) };
    let body = json!({ "ticket": ticket });
    assert_eq!(refusal(signed_in.post("links", body.clone()).await).1, "step_up_required");
    person.api.post("/auth/step-up", json!({ "password": PASSWORD })).await.unwrap();
    assert_eq!(
        refusal(person.api.post("/auth/oidc/links", body.clone()).await).0,
        410,
        "another browser"
    );
    signed_in.post("links", body).await.unwrap();
    let letter = app.letter("ann@example.com", "signInLinked").await;
    assert!(letter.text.contains("Example"), "{}", letter.text);
    let back: SignedIn = login(&app, &provider).await.unwrap().read().unwrap();
    assert_eq!(back.user.id, person.id);
}

#[tokio::test]
async fn who_is_vouched_for_gets_an_address_that_somebody_else_signed_up_with() {
    let (provider, app) = set_up().await;
    let squatter = app.person("squatter").await;
    let who = json!({ "sub": "1", "email": "squatter@example.com", "email_verified": true });
    let (browser, ticket) = arrive(&app, &provider, who).await;
    assert_eq!(browser.next(&ticket).await["next"], "signup");
    let body = json!({ "ticket": ticket, "username": "ann" });
    let new: SignedIn = browser.post("signup", body).await.unwrap().read().unwrap();
    assert_eq!(new.user.email, "squatter@example.com");
    let lost = me(&squatter).await;
    assert!(lost.email.ends_with("@lost.invalid") && !lost.email_verified, "{}", lost.email);
    app.api.login("squatter", PASSWORD).await.expect("the account is still there");
}

#[tokio::test]
async fn an_address_nobody_vouches_for_proves_nothing() {
    let (provider, app) = set_up().await;
    app.person("ann").await;
    for verified in [json!(false), json!(null), json!("false")] {
        let mut who = ann();
        who["email_verified"] = verified;
        let (browser, ticket) = arrive(&app, &provider, who).await;
        let found = browser.next(&ticket).await;
        assert_eq!((&found["next"], &found["email"]), (&json!("signup"), &Value::Null));
        let body = json!({ "ticket": ticket, "username": "eve" });
        assert_eq!(refusal(browser.post("signup", body).await).0, 422, "which address, then?");
    }
}

#[tokio::test]
async fn a_link_can_be_undone_but_not_the_last_way_in() {
    let (provider, app) = set_up().await;
    let person = newcomer(&app, &provider).await;
    let path = "/auth/oidc/links/example";
    assert_eq!(refusal(person.api.delete(path).await).0, 409);
    let hash = app.node.core.passwords.hash(PASSWORD).await.unwrap();
    app.node.core.store.set_password(person.id, &hash).await.unwrap();
    person.api.delete(path).await.unwrap();
    app.letter("ann@example.com", "signInUnlinked").await;
    assert_eq!(refusal(person.api.delete(path).await).0, 404);
    assert_eq!(refusal(login(&app, &provider).await).0, 409);
    app.node.core.store.set_password(person.id, NO_PASSWORD).await.unwrap();
}

#[tokio::test]
async fn what_is_linked_to_one_is_not_linked_to_another() {
    let (provider, app) = set_up().await;
    newcomer(&app, &provider).await;
    let bob = app.person("bob").await;
    bob.api.post("/auth/step-up", json!({ "password": PASSWORD })).await.unwrap();
    let (browser, ticket) = arrive(&app, &provider, ann()).await;
    let token = format!("Bearer {}", bob.access_token);
    let bobs = Browser { api: browser.api.with_header(header::AUTHORIZATION, &token) };
    assert_eq!(refusal(bobs.post("links", json!({ "ticket": ticket })).await).0, 409);
}

#[tokio::test]
async fn state_code_and_ticket_are_of_one_browser_once_and_in_time() {
    let (provider, app) = set_up().await;
    let (browser, url) = start(&app, "/settings/account").await;
    let path = provider.consent(&url, ann());
    let stranger = Browser { api: app.api.clone() };
    assert_eq!(stranger.land(&path).await, "error=invalid");
    assert_eq!(browser.land(&path).await, "error=expired", "used up by the stranger");

    let (browser, url) = start(&app, "/settings/account").await;
    let (other, _) = start(&app, "/").await;
    let path = provider.consent(&url, ann());
    let landed = browser.land(&path).await;
    let ticket = landed.strip_prefix("ticket=").unwrap();
    assert_eq!(browser.land(&path).await, "error=expired", "again");
    let body = json!({ "ticket": ticket });
    assert_eq!(refusal(other.post("ticket", body.clone()).await).0, 410);
    assert_eq!(refusal(stranger.post("login", body.clone()).await).0, 410);
    app.clock.advance(Duration::from_secs(10 * 60));
    assert_eq!(refusal(browser.post("ticket", body).await).0, 410, "late");

    let (browser, url) = start(&app, "/").await;
    let path = provider.consent(&url, ann());
    app.clock.advance(Duration::from_secs(10 * 60));
    assert_eq!(browser.land(&path).await, "error=expired");
    assert_eq!(browser.land("/auth/oidc/example/callback").await, "error=expired");
    let (browser, url) = start(&app, "/").await;
    let state = provider.consent(&url, ann());
    let state = state.split("state=").nth(1).unwrap();
    let denied = format!("/auth/oidc/example/callback?state={state}&error=access_denied");
    assert_eq!(browser.land(&denied).await, "error=refused");
}

#[tokio::test]
async fn the_way_back_is_within_this_server() {
    let (provider, app) = set_up().await;
    for path in ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "/#x"] {
        let asked = app.api.post("/auth/oidc/example/start", json!({ "returnTo": path })).await;
        assert_eq!(refusal(asked).0, 422, "{path}");
    }
    assert_eq!(refusal(app.api.post("/auth/oidc/other/start", json!({})).await).0, 404);
    let (browser, url) = start(&app, "/settings/account").await;
    let sent = browser.api.get(&provider.consent(&url, ann())).await.unwrap();
    let location = sent.headers[header::LOCATION].to_str().unwrap();
    assert!(location.starts_with(&format!("{HERE}/settings/account#oidc-ticket=")), "{location}");
}

#[tokio::test]
async fn a_token_that_lies_is_refused() {
    let (provider, app) = set_up().await;
    let now = nexus_core::ports::Clock::now(&*app.clock).0 / 1_000;
    let claims = |claims: Value| Lies { claims, ..Lies::default() };
    let lies = [
        ("another nonce", claims(json!({ "nonce": "other" }))),
        ("no nonce", claims(json!({ "nonce": null }))),
        ("another issuer", claims(json!({ "iss": "https://evil.example" }))),
        ("for another", claims(json!({ "aud": "other" }))),
        ("for another, too", claims(json!({ "aud": ["nexus chat", "other"] }))),
        ("for nobody", claims(json!({ "aud": [] }))),
        ("given to another", claims(json!({ "azp": "other" }))),
        ("over", claims(json!({ "exp": now - 61 }))),
        ("not yet", claims(json!({ "nbf": now + 90 }))),
        ("from the future", claims(json!({ "iat": now + 90 }))),
        ("old", claims(json!({ "iat": now - 1_000 }))),
        ("nobody", claims(json!({ "sub": "" }))),
        ("no end", claims(json!({ "exp": null }))),
        ("unsigned", Lies { algorithm: Some("none"), ..Lies::default() }),
        ("signed with what all know", Lies { algorithm: Some("HS256"), ..Lies::default() }),
        ("signed with another key", Lies { other_key: true, ..Lies::default() }),
        ("of another kind", Lies { algorithm: Some("RS256"), ..Lies::default() }),
        ("an unknown key", Lies { key_id: Some("unknown"), ..Lies::default() }),
    ];
    for (what, lie) in lies {
        *provider.lies.lock() = lie;
        let (browser, url) = start(&app, "/").await;
        assert_eq!(browser.land(&provider.consent(&url, ann())).await, "error=invalid", "{what}");
    }
    *provider.lies.lock() = Lies::default();
    arrive(&app, &provider, ann()).await;
}

#[tokio::test]
async fn a_provider_in_trouble_is_not_waited_for_nor_followed() {
    let (provider, app) = set_up().await;
    for (trouble, found) in [
        (Trouble::Huge, "error=unavailable"),
        (Trouble::Away, "error=unavailable"),
        (Trouble::Redirect, "error=invalid"),
        (Trouble::Nonsense, "error=invalid"),
        (Trouble::Slow, "error=unavailable"),
    ] {
        let (browser, url) = start(&app, "/").await;
        let path = provider.consent(&url, ann());
        provider.lies.lock().token = Some(trouble);
        assert_eq!(browser.land(&path).await, found, "{trouble:?}");
        provider.lies.lock().token = None;
    }
    app.clock.advance(Duration::from_secs(2 * 60 * 60));
    for trouble in [Trouble::Away, Trouble::Redirect, Trouble::Nonsense, Trouble::Huge] {
        provider.lies.lock().discovery = Some(trouble);
        let asked = app.api.post("/auth/oidc/example/start", json!({})).await;
        assert_eq!(refusal(asked).0, 503, "{trouble:?}");
    }
}

#[tokio::test]
async fn new_keys_are_asked_for_but_not_for_every_name_of_one() {
    let (provider, app) = set_up().await;
    newcomer(&app, &provider).await;
    assert_eq!(*provider.key_requests.lock(), 1);
    for _ in 0..3 {
        provider.lies.lock().key_id = Some("unknown");
        let (browser, url) = start(&app, "/").await;
        assert_eq!(browser.land(&provider.consent(&url, ann())).await, "error=invalid");
    }
    assert_eq!(*provider.key_requests.lock(), 1, "not within a minute");
    *provider.lies.lock() = Lies::default();
    provider.keys.lock().push(Key::es256());
    app.clock.advance(Duration::from_secs(61));
    login(&app, &provider).await.unwrap();
    assert_eq!(*provider.key_requests.lock(), 2);
}

#[tokio::test]
async fn a_provider_may_want_rs256_and_its_secret_in_the_form() {
    let provider = Provider::with(Key::rs256(), true).await;
    let app = TestApp::with(|config| provider.set_up(config)).await;
    newcomer(&app, &provider).await;
    login(&app, &provider).await.unwrap();
}

#[tokio::test]
async fn one_time_codes_and_bans_hold_for_sign_ins_from_elsewhere_too() {
    let (provider, app) = set_up().await;
    let person = newcomer(&app, &provider).await;
    let core = &app.node.core;
    assert!(core.store.begin_totp(person.id, b"sealed").await.unwrap());
    assert!(core.store.enable_totp(person.id, b"sealed", 1, &[], core.clock.now()).await.unwrap());
    assert_eq!(refusal(login(&app, &provider).await).1, "totp_required");
    core.store.disable_totp(person.id).await.unwrap();
    let staff = app.staff("sam", UserRole::Admin).await;
    let path = format!("/admin/users/{}/ban", person.id);
    staff.api.post(&path, json!({ "reason": "spam" })).await.unwrap();
    assert_eq!(refusal(login(&app, &provider).await).1, "banned");
}
