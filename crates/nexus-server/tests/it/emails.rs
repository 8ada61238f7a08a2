//! What travels in letters: verifying an address, changing it, choosing a new password.

use std::time::Duration;

use nexus_protocol::{Me, MeAnswer};
use serde_json::{Value, json};

use crate::fixture::{PASSWORD, Person, TestApp, eventually, refusal, token_of};

pub const ANN: &str = "ann@example.com";
pub const NEW: &str = "another horse battery";

pub async fn me(person: &Person) -> Me {
    let MeAnswer { user } = person.get("/users/me").await;
    user
}

/// Ann, who has answered her letter.
pub async fn verified(app: &TestApp) -> Person {
    let ann = app.person("ann").await;
    let token = token_of(&app.letter(ANN, "verifyEmail").await);
    use_token(app, "verify-email", &token).await.unwrap();
    ann
}

pub async fn use_token(
    app: &TestApp,
    path: &str,
    token: &str,
) -> Result<nexus_client::Answer, nexus_client::Error> {
    app.api.post(&format!("/auth/{path}"), json!({ "token": token })).await
}

pub async fn reset(
    app: &TestApp,
    token: &str,
    password: &str,
) -> Result<nexus_client::Answer, nexus_client::Error> {
    let body = json!({ "token": token, "password": password });
    app.api.post("/auth/reset-password", body).await
}

pub async fn forgot(app: &TestApp, email: &str) -> u16 {
    let answer = app.api.post("/auth/forgot-password", json!({ "email": email })).await.unwrap();
    assert_eq!(answer.body, Value::Null);
    answer.status
}

#[tokio::test]
async fn a_new_account_is_asked_to_verify_its_address_and_can_once() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    assert!(!me(&ann).await.email_verified);
    let mut socket = ann.connect().await;
    let token = token_of(&app.letter(ANN, "verifyEmail").await);
    assert_eq!(token.len(), 43, "256 bits");
    use_token(&app, "verify-email", &token).await.unwrap();
    let told = socket.next("me:updated").await.unwrap();
    assert_eq!((&told["kind"], &told["data"]["emailVerified"]), (&json!("account"), &json!(true)));
    assert!(me(&ann).await.email_verified);
    assert_eq!(refusal(use_token(&app, "verify-email", &token).await), (410, "gone".to_owned()));
    assert_eq!(refusal(ann.api.post("/auth/resend-verification", json!({})).await).0, 409);
}

#[tokio::test]
async fn a_token_is_no_good_once_it_is_old_replaced_or_for_something_else() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let first = token_of(&app.letter(ANN, "verifyEmail").await);
    let again = async || ann.api.post("/auth/resend-verification", json!({})).await;
    assert_eq!(refusal(again().await).0, 429, "a minute between two letters");
    app.clock.advance(Duration::from_secs(61));
    again().await.unwrap();
    let second = eventually("the second letter", async || {
        let letters = app.letters(ANN, "verifyEmail");
        (letters.len() == 2).then(|| token_of(&letters[1]))
    })
    .await;
    for path in ["confirm-email", "revert-email"] {
        assert_eq!(refusal(use_token(&app, path, &second).await).0, 410, "{path}");
    }
    assert_eq!(refusal(reset(&app, &second, NEW).await).0, 410);
    for bad in [first.as_str(), "", "x", &"A".repeat(43), &"A".repeat(5_000)] {
        assert_eq!(refusal(use_token(&app, "verify-email", bad).await).0, 410, "{bad}");
    }
    app.clock.advance(Duration::from_secs(48 * 3_600));
    assert_eq!(refusal(use_token(&app, "verify-email", &second).await).0, 410);
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_letter_and_all_devices_are_signed_out() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let mut socket = ann.connect().await;
    assert_eq!(forgot(&app, "Ann@Example.com").await, 202);
    let token = token_of(&app.letter(ANN, "resetPassword").await);
    // A password that is refused does not use the token up.
    for weak in ["short", "1234567890", "annexample"] {
        assert_eq!(refusal(reset(&app, &token, weak).await), (422, "validation".to_owned()));
    }
    reset(&app, &token, NEW).await.unwrap();
    assert_eq!(socket.next("session:revoked").await.unwrap()["reason"], "password_changed");
    socket.closed().await;
    assert_eq!(refusal(ann.api.get("/users/me").await).0, 401);
    assert_eq!(refusal(app.api.login("ann", PASSWORD).await).0, 401);
    let signed_in = app.api.login("ann", NEW).await.unwrap();
    assert!(signed_in.user.email_verified, "who reads the letter reads the address");
    assert_eq!(refusal(reset(&app, &token, PASSWORD).await).0, 410);
    app.letter(ANN, "passwordChanged").await;
}

#[tokio::test]
async fn of_many_who_use_a_token_at_once_one_does() {
    let app = TestApp::start().await;
    app.person("ann").await;
    forgot(&app, ANN).await;
    let token = token_of(&app.letter(ANN, "resetPassword").await);
    let passwords: Vec<String> = (0..8).map(|n| format!("{NEW} number {n}")).collect();
    let tries = passwords.iter().map(|password| reset(&app, &token, password));
    let answers = futures_util::future::join_all(tries).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    let winner = answers.iter().position(Result::is_ok).unwrap();
    app.api.login("ann", &passwords[winner]).await.unwrap();
}

#[tokio::test]
async fn s5_nobody_learns_from_a_forgotten_password_whether_there_is_an_account() {
    let app = TestApp::start().await;
    app.person("ann").await;
    for address in [ANN, "nobody@example.com"] {
        assert_eq!(forgot(&app, address).await, 202, "{address}");
    }
    app.letter(ANN, "resetPassword").await;
    assert!(app.letters("nobody@example.com", "resetPassword").is_empty());
    // A name is no address.
    let by_name = app.api.post("/auth/forgot-password", json!({ "email": "ann" })).await;
    assert_eq!(refusal(by_name).0, 422);
}

#[tokio::test]
async fn a_reset_ends_the_wait_that_guessers_have_caused() {
    let app = TestApp::with(|config| config.limits.enabled = true).await;
    app.person("ann").await;
    for name in ["ann", ANN] {
        for _ in 0..5 {
            assert_eq!(refusal(app.api.login(name, "wrong password").await).0, 401);
        }
        assert_eq!(refusal(app.api.login(name, PASSWORD).await).0, 429);
    }
    forgot(&app, ANN).await;
    let token = token_of(&app.letter(ANN, "resetPassword").await);
    reset(&app, &token, NEW).await.unwrap();
    app.api.login("ann", NEW).await.unwrap();
    app.api.login(ANN, NEW).await.unwrap();
}

#[tokio::test]
async fn anybody_can_ask_for_a_few_letters_to_an_address_and_the_last_stays_good() {
    let app = TestApp::with(|config| config.limits.enabled = true).await;
    let [_, bob] = app.people(["ann", "bob"]).await;
    for _ in 0..5 {
        forgot(&app, ANN).await;
        eventually("it is looked at", async || {
            let waiting = app.node.core.store.waiting_jobs(50).await.unwrap();
            (!waiting.iter().any(|job| job.kind == "forgotPassword")).then_some(())
        })
        .await;
    }
    eventually("three letters", async || {
        (app.letters(ANN, "resetPassword").len() == 3).then_some(())
    })
    .await;
    reset(&app, &token_of(&app.letter(ANN, "resetPassword").await), NEW).await.unwrap();

    let change = async |email: &str| {
        let body = json!({ "email": email, "password": PASSWORD });
        bob.api.post("/auth/change-email", body).await
    };
    for _ in 0..3 {
        change("new@example.com").await.unwrap();
    }
    let letters = eventually("three letters", async || {
        let letters = app.letters("new@example.com", "confirmNewEmail");
        (letters.len() == 3).then_some(letters)
    })
    .await;
    assert_eq!(refusal(change("new@example.com").await).0, 429);
    let mut good = 0;
    for letter in &letters {
        good += u32::from(use_token(&app, "confirm-email", &token_of(letter)).await.is_ok());
    }
    assert_eq!(good, 1, "the last one that was sent");
}

#[tokio::test]
async fn an_address_is_changed_once_the_new_one_has_answered() {
    let app = TestApp::start().await;
    let ann = verified(&app).await;
    let ask = async |body: Value| ann.api.post("/auth/change-email", body).await;
    let refused = ask(json!({ "email": "new@example.com" })).await;
    assert_eq!(refusal(refused), (403, "step_up_required".to_owned()));
    let wrong = ask(json!({ "email": "new@example.com", "password": "wrong password" })).await;
    assert_eq!(refusal(wrong).0, 422);
    forgot(&app, ANN).await;
    let stale = token_of(&app.letter(ANN, "resetPassword").await);

    ask(json!({ "email": "New@Example.com", "password": PASSWORD })).await.unwrap();
    let token = token_of(&app.letter("new@example.com", "confirmNewEmail").await);
    assert_eq!(me(&ann).await.email, ANN, "not yet");
    use_token(&app, "confirm-email", &token).await.unwrap();
    let now = me(&ann).await;
    assert_eq!((now.email.as_str(), now.email_verified), ("new@example.com", true));
    app.api.login("new@example.com", PASSWORD).await.unwrap();
    assert_eq!(refusal(app.api.login(ANN, PASSWORD).await).0, 401);
    assert_eq!(refusal(reset(&app, &stale, NEW).await).0, 410, "sent to the old address");
    app.letter(ANN, "emailChanged").await;
}

#[tokio::test]
async fn s5_nobody_learns_from_a_change_whether_somebody_has_the_address() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let token = token_of(&app.letter("bob@example.com", "verifyEmail").await);
    use_token(&app, "verify-email", &token).await.unwrap();
    let body = json!({ "email": "bob@example.com", "password": PASSWORD });
    let answer = ann.api.post("/auth/change-email", body).await.unwrap();
    assert_eq!((answer.status, answer.body), (202, Value::Null));
    let token = token_of(&app.letter("bob@example.com", "confirmNewEmail").await);
    assert_eq!(refusal(use_token(&app, "confirm-email", &token).await).0, 409);
    assert_eq!(me(&bob).await.email, "bob@example.com");
}

#[tokio::test]
async fn an_address_that_was_never_verified_goes_to_who_reads_it() {
    let app = TestApp::start().await;
    let [squatter, ann] = app.people(["squatter", "ann"]).await;
    let body = json!({ "email": "squatter@example.com", "password": PASSWORD });
    ann.api.post("/auth/change-email", body).await.unwrap();
    let token = token_of(&app.letter("squatter@example.com", "confirmNewEmail").await);
    use_token(&app, "confirm-email", &token).await.unwrap();
    assert_eq!(me(&ann).await.email, "squatter@example.com");
    let lost = app.api.login("squatter", PASSWORD).await.unwrap().user;
    assert_eq!(lost.id, squatter.id);
    assert!(lost.email.ends_with("@lost.invalid"), "{}", lost.email);
}

#[tokio::test]
async fn only_a_verified_address_is_told_of_a_new_device() {
    let app = TestApp::start().await;
    let login = async |device: &str| {
        let body = json!({ "identifier": "ann", "password": PASSWORD, "device": device });
        app.api.post("/auth/login", body).await.unwrap();
    };
    let ann = app.person("ann").await;
    login("A phone of nobody knows whom").await;
    let token = token_of(&app.letter(ANN, "verifyEmail").await);
    use_token(&app, "verify-email", &token).await.unwrap();
    login("Ann's new phone").await;
    let letter = app.letter(ANN, "newLogin").await;
    assert!(letter.text.contains("Ann's new phone"), "{}", letter.text);
    login("Ann's new phone").await;
    let off = json!({ "notifications": { "newLogin": false } });
    ann.api.patch("/users/me/settings", off).await.unwrap();
    login("Another new phone").await;
    ann.api
        .post("/auth/change-password", json!({ "current": PASSWORD, "password": NEW }))
        .await
        .unwrap();
    app.letter(ANN, "passwordChanged").await;
    assert_eq!(app.letters(ANN, "newLogin").len(), 1);
}

#[tokio::test]
async fn a_stolen_session_is_told_of_by_letter() {
    let app = TestApp::start().await;
    let ann = verified(&app).await;
    app.api.refresh(&ann.refresh_token).await.unwrap();
    app.clock.advance(Duration::from_secs(31));
    assert_eq!(refusal(app.api.refresh(&ann.refresh_token).await).0, 401);
    app.letter(ANN, "sessionTheft").await;
}

#[tokio::test]
async fn where_it_is_asked_for_only_verified_people_start_chats() {
    let app = TestApp::with(|config| config.auth.require_verified_email = true).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let refused = ann.api.create_direct(bob.id).await;
    assert_eq!(refusal(refused), (403, "forbidden".to_owned()));
    assert_eq!(refusal(ann.api.create_group("g", vec![bob.id]).await).0, 403);
    prove(&app, ANN).await;
    let chat = ann.direct(&bob).await;
    bob.say(chat, "an answer needs no proof").await;
}

async fn prove(app: &TestApp, address: &str) {
    let token = token_of(&app.letter(address, "verifyEmail").await);
    use_token(app, "verify-email", &token).await.unwrap();
}

#[tokio::test]
async fn where_it_is_asked_for_only_verified_people_join_by_links_and_ask_for_contacts() {
    let app = TestApp::with(|config| config.auth.require_verified_email = true).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    prove(&app, "bob@example.com").await;
    let chat = bob.group("g", &[]).await;
    let links = format!("/chats/{chat}/invites");
    let mut joins = Vec::new();
    for wish in [json!({}), json!({ "requiresApproval": true })] {
        let link = bob.api.post(&links, wish).await.unwrap().body;
        joins.push(format!("/invites/{}/join", link["invite"]["code"].as_str().unwrap()));
    }
    let shut = json!({ "privacy": { "whoCanMessage": "contacts" } });
    bob.api.patch("/users/me/settings", shut).await.unwrap();
    let ask = json!({ "userId": bob.id, "note": "an unsolicited offer" });
    for join in &joins {
        assert_eq!(refusal(ann.api.post(join, json!({})).await), (403, "forbidden".to_owned()));
    }
    assert_eq!(refusal(ann.api.post("/contacts", &ask).await), (403, "forbidden".to_owned()));
    let waiting: serde_json::Value = bob.get(&format!("/chats/{chat}/join-requests")).await;
    assert_eq!(waiting["requests"], json!([]));
    let asked: serde_json::Value = bob.get("/contacts/requests").await;
    assert_eq!(asked["requests"], json!([]));

    prove(&app, ANN).await;
    ann.api.post("/contacts", &ask).await.unwrap();
    ann.api.post(&joins[0], json!({})).await.unwrap();
    assert_eq!(ann.chat(chat).await.member_count, 2);
}
