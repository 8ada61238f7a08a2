//! Guessing: slower with each failure, the same for accounts that don't exist, and no way to lock
//! somebody else out.

use std::time::Duration;

use http::header::RETRY_AFTER;
use nexus_client::{Api, Error};
use nexus_server::config::{Config, Rate};
use serde_json::{Value, json};

use crate::fixture::{PASSWORD, TestApp, header};

async fn limited(change: impl FnOnce(&mut Config)) -> TestApp {
    TestApp::with(|config| {
        config.limits.enabled = true;
        config.limits.unauthenticated = Rate { count: 10_000, per_secs: 60, burst: 0 };
        config.server.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
        change(config);
    })
    .await
}

/// The same server, asked from elsewhere.
fn from(app: &TestApp, address: &str) -> Api {
    app.api.with_header(header("x-forwarded-for"), address)
}

/// Status, `Retry-After`, and the body but for its `requestId`.
type Told = (u16, Option<u64>, Value);

async fn login(api: &Api, name: &str, password: &str) -> Told {
    let form = json!({ "identifier": name, "password": password });
    let mut answer = match api.post("/auth/login", form).await {
        Ok(answer) => answer,
        Err(Error::Refused(refusal)) => refusal.answer,
        Err(other) => panic!("{other}"),
    };
    let wait = answer.headers.get(RETRY_AFTER).map(|wait| wait.to_str().unwrap().parse().unwrap());
    if let Value::Object(body) = &mut answer.body {
        body.remove("requestId");
    }
    (answer.status, wait, answer.body)
}

/// How much of a wait may be over before it is asked for, on a busy machine.
const SLACK: u64 = 15;

#[track_caller]
fn must_wait((status, wait, _): Told, secs: u64) {
    let left = wait.expect("it says how long");
    assert!(status == 429 && (secs - SLACK..=secs).contains(&left), "{status}, {left} of {secs}");
}

/// But for the time that goes by between the two.
#[track_caller]
fn must_be_alike(one: &Told, other: &Told) {
    assert_eq!((one.0, &one.2), (other.0, &other.2));
    let [wait, others] = [one, other].map(|told| told.1.unwrap_or(0));
    assert!(wait.abs_diff(others) <= SLACK && (wait == 0) == (others == 0), "{wait}, {others}");
}

#[tokio::test]
async fn each_wrong_password_beyond_the_fifth_doubles_the_wait() {
    let app = limited(|_| {}).await;
    let away = from(&app, "9.9.9.9");
    app.person("ann").await;
    app.person("bob").await;
    for name in ["ann", " Ann", "ANN", "ann ", "ann"] {
        assert_eq!(login(&away, name, "wrong password").await.0, 401);
    }
    for expected in [30, 60, 120, 240, 480, 900, 900] {
        must_wait(login(&away, "ann", PASSWORD).await, expected);
        assert_eq!(login(&away, "bob", PASSWORD).await.0, 200, "it is about one account");
        app.clock.advance(Duration::from_secs(expected));
        assert_eq!(login(&away, "ann", "wrong password").await.0, 401);
    }
    app.clock.advance(Duration::from_secs(900));
    assert_eq!(login(&away, "ann", PASSWORD).await.0, 200, "never for good");
    assert_eq!(login(&away, "ann", "wrong password").await.0, 401, "and all is well again");
    assert_eq!(login(&away, "ann", PASSWORD).await.0, 200);
}

#[tokio::test]
async fn signing_in_with_the_right_password_is_never_too_often() {
    let app = limited(|_| {}).await;
    app.person("ann").await;
    for _ in 0..30 {
        assert_eq!(login(&app.api, "ann", PASSWORD).await.0, 200);
    }
}

#[tokio::test]
async fn guessing_from_many_addresses_slows_down_and_the_owner_still_gets_in() {
    let app = limited(|config| config.limits.login_account.free = 8).await;
    let home = from(&app, "1.1.1.1");
    home.signup("ann", PASSWORD).await.unwrap();
    for n in 0..8 {
        assert_eq!(login(&from(&app, &format!("9.9.9.{n}")), "ann", "wrong").await.0, 401);
    }
    must_wait(login(&from(&app, "9.9.8.1"), "ann", "wrong").await, 30);
    assert_eq!(login(&home, "ann", PASSWORD).await.0, 200, "she has been here before");
    // A guesser beside her is held up by own failures only.
    for _ in 0..5 {
        assert_eq!(login(&home, "ann", "wrong").await.0, 401);
    }
    assert_eq!(login(&home, "ann", "wrong").await.0, 429);
}

#[tokio::test]
async fn of_many_guesses_at_once_five_are_looked_at() {
    let app = limited(|_| {}).await;
    app.person("ann").await;
    let away = from(&app, "9.9.9.9");
    let tries = (0..30).map(|_| login(&away, "ann", "wrong password"));
    let answers = futures_util::future::join_all(tries).await;
    assert_eq!(answers.iter().filter(|(status, ..)| *status == 401).count(), 5);
    assert_eq!(answers.iter().filter(|(status, ..)| *status == 429).count(), 25);
}

#[tokio::test]
async fn s5_an_unknown_name_is_refused_like_a_known_one_with_each_try() {
    let app = limited(|_| {}).await;
    app.person("ann").await;
    let away = from(&app, "9.9.9.9");
    for _ in 0..8 {
        let known = login(&away, "ann", "wrong password").await;
        let unknown = login(&away, "nobody", "wrong password").await;
        must_be_alike(&known, &unknown);
        app.clock.advance(Duration::from_secs(known.1.max(unknown.1).unwrap_or(0)));
    }
}

#[tokio::test]
async fn s5_nobody_learns_from_a_wait_which_address_belongs_to_a_name() {
    let app = limited(|_| {}).await;
    app.person("ann").await;
    let away = from(&app, "9.9.9.9");
    for _ in 0..5 {
        assert_eq!(login(&away, "ann", "wrong password").await.0, 401);
    }
    assert_eq!(login(&away, "ann", "wrong password").await.0, 429);
    for _ in 0..6 {
        let hers = login(&away, "ann@example.com", "wrong password").await;
        must_be_alike(&hers, &login(&away, "nobody@example.com", "wrong password").await);
    }
}

#[tokio::test]
async fn s5_a_taken_name_is_told_five_times_an_hour_and_then_nothing_is() {
    let app = limited(|_| {}).await;
    app.person("ann").await;
    let away = from(&app, "9.9.9.9");
    let signup = async |email: &str, name: &str| {
        let form = json!({ "email": email, "username": name, "password": PASSWORD });
        away.post("/auth/signup", form).await
    };
    for (email, name, field) in [
        ("ann@example.com", "other", "email"),
        ("other@example.com", "ann", "username"),
        ("ann@example.com", "ann", "email"),
        ("ann@example.com", "ann2", "email"),
        ("ann@example.com", "ann3", "email"),
    ] {
        let refused = signup(email, name).await.unwrap_err();
        let problem = refused.problem().unwrap();
        assert_eq!((problem.status, problem.errors[0].field.as_str()), (409, field));
    }
    for (email, name) in [("ann@example.com", "other"), ("new@example.com", "new")] {
        let refused = signup(email, name).await;
        let Err(Error::Refused(refused)) = refused else { panic!("{refused:?}") };
        assert_eq!(refused.answer.status, 429);
        let wait: u64 = refused.answer.headers[RETRY_AFTER].to_str().unwrap().parse().unwrap();
        assert!((720 - SLACK..=720).contains(&wait), "{wait}");
    }
    app.person("bob").await;
    app.clock.advance(Duration::from_secs(721));
    signup("new@example.com", "new").await.unwrap();
}
