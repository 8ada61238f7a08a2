//! Passkeys: adding them, signing in with them, and everything that is none.

use std::time::Duration;

use nexus_client::{Answer, Error};
use nexus_core::passwords::NO_PASSWORD;
use nexus_protocol::{SignedIn, UserRole};
use serde_json::{Value, json};

use crate::{
    authenticator::{Authenticator, PRESENT, VERIFIED, encode},
    emails::verified,
    fixture::{PASSWORD, Person, TestApp, refusal, token_of},
};

async fn post(person: &Person, path: &str, body: Value) -> Result<Answer, Error> {
    person.api.post(&format!("/auth/{path}"), body).await
}

async fn start(person: &Person) -> Value {
    let body = json!({ "password": PASSWORD });
    post(person, "passkeys/register/start", body).await.unwrap().body
}

async fn finish(person: &Person, credential: Value) -> Result<Answer, Error> {
    let body = json!({ "name": "Ann's phone", "credential": credential });
    post(person, "passkeys/register/finish", body).await
}

/// Adds one to the account, and answers its id.
pub async fn add(person: &Person, authenticator: &mut Authenticator) -> String {
    let made = authenticator.create(&start(person).await);
    let added = finish(person, made).await.unwrap();
    assert_eq!(added.status, 201);
    added.body["id"].as_str().unwrap().to_owned()
}

async fn question(app: &TestApp) -> Value {
    app.api.post("/auth/passkeys/login/start", Value::Null).await.unwrap().body
}

async fn answer(app: &TestApp, credential: Value) -> Result<Answer, Error> {
    app.api.post("/auth/passkeys/login/finish", json!({ "credential": credential })).await
}

pub async fn login(app: &TestApp, authenticator: &Authenticator) -> Result<Answer, Error> {
    answer(app, authenticator.get(&question(app).await)).await
}

#[tokio::test]
async fn a_passkey_signs_in_without_a_name_or_a_password() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let token = token_of(&app.letter("ann@example.com", "verifyEmail").await);
    app.api.post("/auth/verify-email", json!({ "token": token })).await.unwrap();

    let options = start(&ann).await;
    assert_eq!(options["publicKey"]["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(options["publicKey"]["authenticatorSelection"]["residentKey"], "required");
    let mut phone = Authenticator::new();
    let made = phone.create(&options);
    let added = finish(&ann, made).await.unwrap().body;
    assert_eq!((&added["name"], &added["backedUp"]), (&json!("Ann's phone"), &json!(true)));
    let letter = app.letter("ann@example.com", "passkeyAdded").await;
    assert!(letter.text.contains("Ann's phone"), "{}", letter.text);

    let question = question(&app).await;
    assert_eq!(question["publicKey"]["allowCredentials"], json!([]));
    let signed_in: SignedIn = answer(&app, phone.get(&question)).await.unwrap().read().unwrap();
    assert_eq!(signed_in.user.id, ann.id);
    let again = Person::new(&app, signed_in);
    let passkeys: Value = again.get("/auth/passkeys").await;
    assert!(passkeys["passkeys"][0]["lastUsedAt"].is_string(), "{passkeys}");
    post(&again, "totp/setup", json!({})).await.expect("who has just proven it may");
}

#[tokio::test]
async fn every_algorithm_that_is_asked_for_is_understood() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let asked = start(&ann).await["publicKey"]["pubKeyCredParams"].clone();
    let asked: Vec<i64> =
        asked.as_array().unwrap().iter().map(|p| p["alg"].as_i64().unwrap()).collect();
    assert_eq!(asked, [-7, -8, -257]);
    for algorithm in asked {
        let mut phone = Authenticator::of(algorithm);
        add(&ann, &mut phone).await;
        login(&app, &phone).await.unwrap();
        phone.tampered = true;
        assert_eq!(refusal(login(&app, &phone).await).0, 401, "{algorithm}");
    }
}

#[tokio::test]
async fn what_is_not_rightly_signed_opens_nothing_and_says_nothing() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let mut phone = Authenticator::new();
    add(&ann, &mut phone).await;
    let bob = app.person("bob").await;
    let mut bobs = Authenticator::new();
    add(&bob, &mut bobs).await;
    type Lie = fn(&mut Authenticator);
    let lies: [(&str, Lie); 13] = [
        ("another page", |phone| phone.origin = "https://evil.example".into()),
        ("a page that looks like ours", |phone| phone.origin = "http://localhost.evil:8080".into()),
        ("another port's protocol", |phone| phone.origin = "https://localhost:8080".into()),
        ("another server", |phone| phone.rp_id = "evil.example".into()),
        ("a challenge of its own", |phone| phone.challenge = Some(encode(&[7; 32]))),
        ("no challenge", |phone| phone.challenge = Some(String::new())),
        ("a changed signature", |phone| phone.tampered = true),
        ("nobody recognised", |phone| phone.flags = PRESENT),
        ("nobody there", |phone| phone.flags = VERIFIED),
        ("a frame", |phone| phone.cross_origin = true),
        ("an attestation", |phone| phone.kind = Some("webauthn.create")),
        ("nobody's", |phone| phone.user_handle = None),
        ("an unknown one", |phone| phone.id = vec![9; 32]),
    ];
    let mut titles = Vec::new();
    for (what, lie) in lies {
        let mut liar = Authenticator::new();
        std::mem::swap(&mut liar, &mut phone);
        let honest = (liar.origin.clone(), liar.rp_id.clone(), liar.flags, liar.id.clone());
        let handle = liar.user_handle.clone();
        lie(&mut liar);
        let err = login(&app, &liar).await.expect_err(what);
        assert_eq!(err.status(), Some(401), "{what}");
        titles.push(err.problem().unwrap().title.clone());
        (liar.origin, liar.rp_id, liar.flags, liar.id) = honest;
        (liar.challenge, liar.kind, liar.user_handle) = (None, None, handle);
        (liar.tampered, liar.cross_origin) = (false, false);
        phone = liar;
    }
    titles.dedup();
    assert_eq!(titles.len(), 1, "{titles:?}");

    let handle = phone.user_handle.replace(bobs.user_handle.clone().unwrap());
    assert_eq!(refusal(login(&app, &phone).await).0, 401, "another's name");
    phone.user_handle = handle;
    let id = std::mem::replace(&mut phone.id, bobs.id.clone());
    assert_eq!(refusal(login(&app, &phone).await).0, 401, "another's passkey");
    phone.id = id;
    login(&app, &phone).await.expect("none of that harms");
}

#[tokio::test]
async fn a_question_is_answered_once_and_within_five_minutes() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let mut phone = Authenticator::new();
    add(&ann, &mut phone).await;
    let signed = phone.get(&question(&app).await);
    answer(&app, signed.clone()).await.unwrap();
    assert_eq!(refusal(answer(&app, signed).await).0, 401, "again");

    let asked = question(&app).await;
    app.clock.advance(Duration::from_secs(5 * 60));
    assert_eq!(refusal(answer(&app, phone.get(&asked)).await).0, 401, "late");

    let asked = question(&app).await;
    phone.tampered = true;
    assert_eq!(refusal(answer(&app, phone.get(&asked)).await).0, 401);
    phone.tampered = false;
    assert_eq!(refusal(answer(&app, phone.get(&asked)).await).0, 401, "used up by the first");

    let asked = question(&app).await;
    let tries = (0..6).map(|_| answer(&app, phone.get(&asked)));
    let answers = futures_util::future::join_all(tries).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "of many at once");
}

#[tokio::test]
async fn a_copied_authenticator_is_refused_by_its_count() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let mut phone = Authenticator::new();
    phone.counter = 5;
    add(&ann, &mut phone).await;
    for (counter, fine) in [(6, true), (6, false), (3, false), (0, false), (7, true)] {
        phone.counter = counter;
        assert_eq!(login(&app, &phone).await.is_ok(), fine, "{counter}");
    }
}

#[tokio::test]
async fn a_passkey_that_was_not_rightly_made_is_not_added() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let refused = async |what: &str, change: fn(&mut Authenticator)| {
        let mut phone = Authenticator::new();
        let options = start(&ann).await;
        change(&mut phone);
        let made = phone.attest(options["publicKey"]["challenge"].as_str().unwrap());
        assert_eq!(refusal(finish(&ann, made).await), (422, "validation".to_owned()), "{what}");
    };
    refused("another page", |phone| phone.origin = "https://evil.example".into()).await;
    refused("another server", |phone| phone.rp_id = "evil.example".into()).await;
    refused("its own challenge", |phone| phone.challenge = Some(encode(&[7; 32]))).await;
    refused("nobody recognised", |phone| phone.flags = PRESENT).await;
    refused("a sign-in", |phone| phone.kind = Some("webauthn.get")).await;
    refused("a frame", |phone| phone.cross_origin = true).await;
    refused("no id", |phone| phone.id = Vec::new()).await;

    let mut phone = Authenticator::new();
    let made = phone.create(&start(&bob).await);
    assert_eq!(refusal(finish(&ann, made).await).0, 422, "asked for by somebody else");
    let made = phone.create(&start(&ann).await);
    finish(&ann, made.clone()).await.unwrap();
    assert_eq!(refusal(finish(&ann, made).await).0, 422, "again");
    let made = phone.create(&start(&bob).await);
    assert_eq!(refusal(finish(&bob, made).await).0, 409, "it is Ann's");
    let late = start(&bob).await;
    app.clock.advance(Duration::from_secs(5 * 60));
    assert_eq!(refusal(finish(&bob, Authenticator::new().create(&late)).await).0, 422, "late");
    for made in [
        json!({}),
        json!({ "id": "x", "response": { "clientDataJSON": "x", "attestationObject": "" } }),
    ] {
        assert_eq!(refusal(finish(&ann, made).await).0 / 100, 4);
    }
    let passkeys: Value = bob.get("/auth/passkeys").await;
    assert_eq!(passkeys["passkeys"], json!([]));
}

#[tokio::test]
async fn adding_and_removing_takes_proof_and_a_passkey_is_proof() {
    let app = TestApp::start().await;
    let ann = verified(&app).await;
    let bare = post(&ann, "passkeys/register/start", json!({})).await;
    assert_eq!(refusal(bare).1, "step_up_required");
    assert_eq!(refusal(post(&ann, "passkeys/step-up", Value::Null).await).0, 409, "there is none");
    let mut phone = Authenticator::new();
    let id = add(&ann, &mut phone).await;
    let path = format!("/auth/passkeys/{id}");
    assert_eq!(refusal(ann.api.delete(&path).await).1, "step_up_required");

    let asked = post(&ann, "passkeys/step-up", Value::Null).await.unwrap().body;
    assert_eq!(asked["publicKey"]["allowCredentials"][0]["id"], encode(&phone.id));
    let for_sign_in = phone.get(&question(&app).await);
    let wrong = post(&ann, "step-up", json!({ "passkey": for_sign_in })).await;
    assert_eq!(refusal(wrong).0, 422, "it answers another question");
    let mut other = Authenticator::new();
    let bob = app.person("bob").await;
    add(&bob, &mut other).await;
    assert_eq!(
        refusal(post(&ann, "step-up", json!({ "passkey": other.get(&asked) })).await).0,
        422
    );
    let asked = post(&ann, "passkeys/step-up", Value::Null).await.unwrap().body;
    // Asked for by its id, an authenticator need not say whose it is.
    phone.user_handle = None;
    post(&ann, "step-up", json!({ "passkey": phone.get(&asked) })).await.unwrap();
    ann.api.delete(&path).await.unwrap();
    let letter = app.letter("ann@example.com", "passkeyRemoved").await;
    assert!(letter.text.contains("Ann's phone"), "{}", letter.text);
    assert_eq!(refusal(login(&app, &phone).await).0, 401);
    assert_eq!(refusal(ann.api.delete(&path).await).0, 404);
}

#[tokio::test]
async fn a_passkey_is_its_owners_to_name_and_the_last_way_in_stays() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let mut phone = Authenticator::new();
    let path = format!("/auth/passkeys/{}", add(&ann, &mut phone).await);
    let named = ann.api.patch(&path, json!({ "name": " Key ring " })).await.unwrap().body;
    assert_eq!(named["name"], "Key ring");
    assert_eq!(refusal(ann.api.patch(&path, json!({ "name": "" })).await).0, 422);
    assert_eq!(refusal(bob.api.patch(&path, json!({ "name": "Mine" })).await).0, 404);
    post(&bob, "step-up", json!({ "password": PASSWORD })).await.unwrap();
    assert_eq!(refusal(bob.api.delete(&path).await).0, 404);

    post(&ann, "step-up", json!({ "password": PASSWORD })).await.unwrap();
    app.node.core.store.set_password(ann.id, NO_PASSWORD).await.unwrap();
    assert_eq!(refusal(ann.api.delete(&path).await).0, 409);
    login(&app, &phone).await.unwrap();
}

#[tokio::test]
async fn who_is_banned_has_no_use_of_a_passkey() {
    let app = TestApp::start().await;
    let [ann, staff] = [app.person("ann").await, app.staff("sam", UserRole::Admin).await];
    let mut phone = Authenticator::new();
    add(&ann, &mut phone).await;
    let path = format!("/admin/users/{}/ban", ann.id);
    staff.api.post(&path, json!({ "reason": "spam" })).await.unwrap();
    assert_eq!(refusal(login(&app, &phone).await).1, "banned");
    phone.tampered = true;
    assert_eq!(refusal(login(&app, &phone).await).1, "unauthenticated", "told to nobody else");
    staff.api.delete(&path).await.unwrap();
    phone.tampered = false;
    login(&app, &phone).await.unwrap();
}

#[tokio::test]
async fn a_passkey_needs_no_one_time_code_beside_it() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let mut phone = Authenticator::new();
    add(&ann, &mut phone).await;
    let core = &app.node.core;
    assert!(core.store.begin_totp(ann.id, b"sealed").await.unwrap());
    assert!(core.store.enable_totp(ann.id, b"sealed", 1, &[], core.clock.now()).await.unwrap());
    assert_eq!(refusal(app.api.login("ann", PASSWORD).await).1, "totp_required");
    login(&app, &phone).await.unwrap();
}

#[tokio::test]
async fn where_the_server_has_no_name_there_are_no_passkeys() {
    let app =
        TestApp::with(|config| config.server.public_url = "http://192.0.2.7:8080".into()).await;
    let ann = app.person("ann").await;
    assert_eq!(app.node.config.relying_party(), None, "so it is no feature");
    let body = json!({ "password": PASSWORD });
    assert_eq!(refusal(post(&ann, "passkeys/register/start", body).await).0, 404);
    let asked = app.api.post("/auth/passkeys/login/start", Value::Null).await;
    assert_eq!(refusal(asked).0, 404);
}

#[tokio::test]
async fn a_server_with_a_name_takes_its_own_pages_only() {
    let url = "https://chat.example.com";
    let app = TestApp::with(|config| config.server.public_url = url.into()).await;
    let ann = app.person("ann").await;
    let mut phone = Authenticator::new();
    (phone.rp_id, phone.origin) = ("chat.example.com".into(), url.into());
    add(&ann, &mut phone).await;
    login(&app, &phone).await.unwrap();
    for origin in ["http://localhost:8080", "https://example.com", "https://chat.example.com.evil"]
    {
        phone.origin = origin.into();
        assert_eq!(refusal(login(&app, &phone).await).0, 401, "{origin}");
    }
}
