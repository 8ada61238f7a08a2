//! One-time codes beside the password, and proving once more who one is.

use std::time::Duration;

use nexus_client::{Answer, Error};
use nexus_core::totp;
use nexus_protocol::{ErrorCode, SecondFactor};
use serde_json::{Value, json};

use crate::fixture::{PASSWORD, Person, TestApp, refusal, token_of};

/// What an app makes of a secret that was typed in.
pub struct App(Vec<u8>);

impl App {
    fn new(secret: &str) -> App {
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let bits: String =
            secret.chars().map(|c| format!("{:05b}", letters.find(c).unwrap())).collect();
        let bytes = bits.as_bytes().chunks_exact(8);
        let byte = |bits: &[u8]| u8::from_str_radix(std::str::from_utf8(bits).unwrap(), 2).unwrap();
        App(bytes.map(byte).collect())
    }

    /// The code of now, or of so many steps later.
    fn code(&self, app: &TestApp, ahead: i64) -> String {
        let now = nexus_core::ports::Clock::now(&*app.clock).0;
        totp::code_of(&self.0, u64::try_from(now / 30_000 + ahead).unwrap())
    }
}

async fn post(person: &Person, path: &str, body: Value) -> Result<Answer, Error> {
    person.api.post(&format!("/auth/{path}"), body).await
}

/// Puts one-time codes to use, a while ago.
pub async fn enable(app: &TestApp, person: &Person) -> (App, Vec<String>) {
    let setup = post(person, "totp/setup", json!({ "password": PASSWORD })).await.unwrap().body;
    let generator = App::new(setup["secret"].as_str().unwrap());
    let uri = setup["uri"].as_str().unwrap();
    assert!(uri.starts_with("otpauth://totp/NexusChat:ann?secret="), "{uri}");
    let code = json!({ "code": generator.code(app, 0) });
    let answer = post(person, "totp/enable", code).await.unwrap().body;
    app.clock.advance(Duration::from_secs(90));
    (generator, serde_json::from_value(answer["codes"].clone()).unwrap())
}

/// Codes of now, before and after are the same ones for half a minute.
fn begin_a_step(app: &TestApp) {
    let now = nexus_core::ports::Clock::now(&*app.clock).0;
    app.clock.advance(Duration::from_millis(u64::try_from(30_000 - now % 30_000).unwrap()));
}

async fn login(app: &TestApp, password: &str, totp: Option<&str>) -> Result<Answer, Error> {
    let mut body = json!({ "identifier": "ann", "password": password });
    if let Some(code) = totp {
        body["totp"] = json!(code);
    }
    app.api.post("/auth/login", body).await
}

#[tokio::test]
async fn with_one_time_codes_a_password_alone_is_not_enough() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let (generator, _) = enable(&app, &ann).await;
    let refused = login(&app, PASSWORD, None).await.unwrap_err();
    let problem = refused.problem().unwrap();
    assert_eq!((problem.status, problem.code), (401, ErrorCode::TotpRequired));
    assert_eq!(problem.methods, [SecondFactor::Totp, SecondFactor::RecoveryCode]);
    let wrong = login(&app, "wrong password", Some(&generator.code(&app, 0))).await;
    assert_eq!(refusal(wrong), (401, "unauthenticated".to_owned()));
    assert_eq!(refusal(login(&app, PASSWORD, Some("000000")).await).0, 422);
    login(&app, PASSWORD, Some(&generator.code(&app, 0))).await.unwrap();
}

#[tokio::test]
async fn a_code_is_good_once_and_for_a_short_while() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let (generator, _) = enable(&app, &ann).await;
    begin_a_step(&app);
    for (ahead, fine) in [(-2, false), (2, false), (-1, true), (-1, false), (1, true), (0, false)] {
        let answer = login(&app, PASSWORD, Some(&generator.code(&app, ahead))).await;
        assert_eq!(answer.is_ok(), fine, "{ahead}: {answer:?}");
    }
    app.clock.advance(Duration::from_secs(60));
    let code = generator.code(&app, 0);
    let tries = (0..6).map(|_| login(&app, PASSWORD, Some(&code)));
    let answers = futures_util::future::join_all(tries).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "of many at once");
}

#[tokio::test]
async fn a_code_that_was_set_up_counts_only_once_it_is_proven() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    assert_eq!(refusal(post(&ann, "totp/enable", json!({ "code": "123456" })).await).0, 409);
    let setup = post(&ann, "totp/setup", json!({ "password": PASSWORD })).await.unwrap().body;
    login(&app, PASSWORD, None).await.expect("not asked for yet");
    assert_eq!(refusal(post(&ann, "totp/enable", json!({ "code": "000000" })).await).0, 422);
    let generator = App::new(setup["secret"].as_str().unwrap());
    let code = generator.code(&app, 0);
    post(&ann, "totp/enable", json!({ "code": code })).await.unwrap();
    assert_eq!(refusal(login(&app, PASSWORD, None).await).1, "totp_required");
    assert_eq!(refusal(login(&app, PASSWORD, Some(&code)).await).0, 422, "used");
    let again = post(&ann, "totp/setup", json!({ "password": PASSWORD })).await;
    assert_eq!(refusal(again).0, 409);
}

#[tokio::test]
async fn guessing_codes_gets_slower_too() {
    let app = TestApp::with(|config| config.limits.enabled = true).await;
    let ann = app.person("ann").await;
    let (generator, _) = enable(&app, &ann).await;
    for _ in 0..5 {
        assert_eq!(refusal(login(&app, PASSWORD, Some("000000")).await).0, 422);
    }
    assert_eq!(refusal(login(&app, PASSWORD, Some(&generator.code(&app, 0))).await).0, 429);
    app.clock.advance(Duration::from_secs(30));
    login(&app, PASSWORD, Some(&generator.code(&app, 0))).await.unwrap();
}

#[tokio::test]
async fn a_recovery_code_stands_in_once() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let token = token_of(&app.letter("ann@example.com", "verifyEmail").await);
    app.api.post("/auth/verify-email", json!({ "token": token })).await.unwrap();
    let (_, codes) = enable(&app, &ann).await;
    app.letter("ann@example.com", "totpChanged").await;
    assert_eq!(codes.len(), 10);
    let typed = codes[3].to_uppercase().replace('-', " ");
    login(&app, PASSWORD, Some(&typed)).await.unwrap();
    let letter = app.letter("ann@example.com", "recoveryCodeUsed").await;
    assert!(letter.text.contains('9'), "{}", letter.text);
    assert_eq!(refusal(login(&app, PASSWORD, Some(&codes[3])).await).0, 422);

    let renew = post(&ann, "totp/recovery-codes", json!({})).await;
    assert_eq!(refusal(renew), (403, "step_up_required".to_owned()));
    let body = json!({ "password": PASSWORD });
    let new = post(&ann, "totp/recovery-codes", body).await.unwrap().body;
    app.letter("ann@example.com", "recoveryCodesRenewed").await;
    assert_eq!(refusal(login(&app, PASSWORD, Some(&codes[0])).await).0, 422);
    login(&app, PASSWORD, new["codes"][0].as_str()).await.unwrap();
}

#[tokio::test]
async fn a_step_up_lasts_ten_minutes_and_is_of_one_session() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let other = app.login("ann").await;
    let (generator, _) = enable(&app, &ann).await;
    assert_eq!(refusal(post(&ann, "totp/disable", json!({})).await).1, "step_up_required");
    assert_eq!(refusal(post(&ann, "step-up", json!({})).await).0, 422);
    assert_eq!(refusal(post(&ann, "step-up", json!({ "password": "wrong one" })).await).0, 422);
    let both = json!({ "password": PASSWORD, "totp": "000000" });
    assert_eq!(refusal(post(&ann, "step-up", both).await).0, 422);
    post(&ann, "step-up", json!({ "totp": generator.code(&app, 0) })).await.unwrap();
    assert_eq!(refusal(post(&other, "totp/disable", json!({})).await).1, "step_up_required");
    app.clock.advance(Duration::from_secs(580));
    post(&ann, "totp/recovery-codes", json!({})).await.unwrap();
    app.clock.advance(Duration::from_secs(25));
    let late = post(&ann, "totp/recovery-codes", json!({})).await;
    assert_eq!(refusal(late).1, "step_up_required");
    post(&ann, "totp/disable", json!({ "password": PASSWORD })).await.unwrap();
    login(&app, PASSWORD, None).await.expect("the password is enough again");
}

#[tokio::test]
async fn a_secret_is_not_stored_as_it_is() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let (App(secret), _) = enable(&app, &ann).await;
    let stored = app.node.core.store.totp(ann.id).await.unwrap().unwrap().secret;
    assert!(!stored.windows(secret.len()).any(|window| window == secret));
}
