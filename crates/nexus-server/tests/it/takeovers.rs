//! Thieves of accounts, and how their owners get rid of them.

use std::time::Duration;

use nexus_client::{Answer, Error};
use serde_json::json;

use crate::{
    authenticator::Authenticator,
    emails::{ANN, NEW, forgot, me, reset, use_token, verified},
    fixture::{PASSWORD, Person, TestApp, refusal, token_of},
    passkeys, second_factors,
};

/// Asks for another address; answers what its letter carries.
async fn ask_to_move(app: &TestApp, thief: &Person, email: &str) -> String {
    let body = json!({ "email": email, "password": PASSWORD });
    thief.api.post("/auth/change-email", body).await.unwrap();
    token_of(&app.letter(email, "confirmNewEmail").await)
}

async fn move_to(app: &TestApp, thief: &Person, email: &str) {
    let token = ask_to_move(app, thief, email).await;
    use_token(app, "confirm-email", &token).await.unwrap();
}

/// By who reads the letter to this address.
async fn have_back(app: &TestApp, email: &str) -> Result<Answer, Error> {
    let token = token_of(&app.letter(email, "emailChanged").await);
    use_token(app, "revert-email", &token).await
}

async fn choose_a_password(app: &TestApp) {
    let token = token_of(&app.letter(ANN, "resetPassword").await);
    reset(app, &token, NEW).await.unwrap();
}

#[tokio::test]
async fn a_new_password_ends_what_was_asked_for_with_the_old_one() {
    let app = TestApp::start().await;
    let thief = verified(&app).await;
    let pending = ask_to_move(&app, &thief, "eve@example.com").await;
    forgot(&app, ANN).await;
    choose_a_password(&app).await;
    assert_eq!(refusal(use_token(&app, "confirm-email", &pending).await).0, 410, "reset");

    let owner = Person::new(&app, app.api.login("ann", NEW).await.unwrap());
    let body = json!({ "email": "eve2@example.com", "password": NEW });
    owner.api.post("/auth/change-email", body).await.unwrap();
    let pending = token_of(&app.letter("eve2@example.com", "confirmNewEmail").await);
    let body = json!({ "current": NEW, "password": PASSWORD });
    owner.api.post("/auth/change-password", body).await.unwrap();
    assert_eq!(refusal(use_token(&app, "confirm-email", &pending).await).0, 410, "changed");
    assert_eq!(me(&owner).await.email, ANN);
}

#[tokio::test]
async fn a_thief_who_moved_an_account_loses_it_to_who_reads_the_old_address() {
    let app = TestApp::start().await;
    let thief = verified(&app).await;
    move_to(&app, &thief, "eve@example.com").await;
    // Once more, in the hope that the way back is lost.
    move_to(&app, &thief, "eve2@example.com").await;
    let eves = token_of(&app.letter("eve@example.com", "emailChanged").await);
    let token = token_of(&app.letter(ANN, "emailChanged").await);
    use_token(&app, "revert-email", &token).await.unwrap();
    assert_eq!(refusal(thief.api.get("/users/me").await).0, 401);
    assert_eq!(refusal(app.api.login("ann", PASSWORD).await).0, 401, "the thief knows it");
    let token = token_of(&app.letter(ANN, "resetPassword").await);
    reset(&app, &token, NEW).await.unwrap();
    let signed_in = app.api.login(ANN, NEW).await.unwrap();
    assert_eq!(signed_in.user.email, ANN);
    assert_eq!(refusal(use_token(&app, "revert-email", &eves).await).0, 410);
}

#[tokio::test]
async fn a_thief_who_goes_back_one_move_does_not_end_the_way_back_of_the_owner() {
    let app = TestApp::start().await;
    let thief = verified(&app).await;
    move_to(&app, &thief, "eve@example.com").await;
    move_to(&app, &thief, "eve2@example.com").await;
    have_back(&app, "eve@example.com").await.unwrap();
    let token = token_of(&app.letter("eve@example.com", "resetPassword").await);
    reset(&app, &token, PASSWORD).await.unwrap();
    have_back(&app, ANN).await.unwrap();
    choose_a_password(&app).await;
    assert_eq!(app.api.login("ann", NEW).await.unwrap().user.email, ANN);
}

#[tokio::test]
async fn an_old_address_that_a_thief_has_signed_up_with_is_its_owner_s_all_the_same() {
    let app = TestApp::start().await;
    let thief = verified(&app).await;
    move_to(&app, &thief, "eve@example.com").await;
    let form = json!({ "email": ANN, "username": "stopper", "password": PASSWORD });
    app.api.post("/auth/signup", form).await.unwrap();
    have_back(&app, ANN).await.unwrap();
    choose_a_password(&app).await;
    assert_eq!(app.api.login("ann", NEW).await.unwrap().user.email, ANN);
    let stopper = app.api.login("stopper", PASSWORD).await.unwrap().user;
    assert!(stopper.email.ends_with("@lost.invalid"), "{}", stopper.email);
}

#[tokio::test]
async fn a_way_back_that_is_closed_for_now_is_not_used_up() {
    let app = TestApp::start().await;
    let thief = verified(&app).await;
    move_to(&app, &thief, "eve@example.com").await;
    let bob = app.person("bob").await;
    move_to(&app, &bob, ANN).await;
    assert_eq!(refusal(have_back(&app, ANN).await).0, 409, "somebody else reads it");
    move_to(&app, &bob, "bob2@example.com").await;
    have_back(&app, ANN).await.unwrap();
}

#[tokio::test]
async fn what_a_thief_added_before_the_move_goes_with_it() {
    let app = TestApp::start().await;
    let thief = verified(&app).await;
    let mut phone = Authenticator::new();
    passkeys::add(&thief, &mut phone).await;
    second_factors::enable(&app, &thief).await;
    app.clock.advance(Duration::from_secs(300));
    move_to(&app, &thief, "eve@example.com").await;
    have_back(&app, ANN).await.unwrap();
    assert_eq!(refusal(passkeys::login(&app, &phone).await).0, 401);
    choose_a_password(&app).await;
    app.api.login("ann", NEW).await.expect("no code is asked for");
}

#[tokio::test]
async fn what_the_owner_added_long_before_a_move_stays() {
    let app = TestApp::start().await;
    let owner = verified(&app).await;
    let mut phone = Authenticator::new();
    passkeys::add(&owner, &mut phone).await;
    app.clock.advance(Duration::from_secs(31 * 86_400));
    let thief = app.login("ann").await;
    move_to(&app, &thief, "eve@example.com").await;
    have_back(&app, ANN).await.unwrap();
    passkeys::login(&app, &phone).await.unwrap();
}

#[tokio::test]
async fn who_opened_an_account_with_somebody_else_s_address_is_out_once_its_owner_comes() {
    let app = TestApp::start().await;
    let thief = app.person("ann").await;
    let mut phone = Authenticator::new();
    passkeys::add(&thief, &mut phone).await;
    second_factors::enable(&app, &thief).await;
    let pending = ask_to_move(&app, &thief, "eve@example.com").await;
    forgot(&app, ANN).await;
    choose_a_password(&app).await;
    assert_eq!(refusal(thief.api.get("/users/me").await).0, 401);
    assert_eq!(refusal(passkeys::login(&app, &phone).await).0, 401);
    assert_eq!(refusal(use_token(&app, "confirm-email", &pending).await).0, 410);
    let owner = app.api.login("ann", NEW).await.expect("no code is asked for").user;
    assert_eq!((owner.email.as_str(), owner.email_verified), (ANN, true));
}
