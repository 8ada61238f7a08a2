//! What users have chosen for themselves.

use http::header::ACCEPT_LANGUAGE;
use serde_json::{Value, json};

use crate::fixture::{PASSWORD, Person, TestApp, refusal};

async fn settings(person: &Person) -> Value {
    person.get::<Value>("/users/me/settings").await["settings"].clone()
}

#[tokio::test]
async fn settings_are_changed_one_by_one_and_the_other_device_hears() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let fresh = settings(&ann).await;
    assert_eq!(
        fresh,
        json!({
            "privacy": { "lastSeen": "everyone", "avatar": "everyone", "about": "everyone",
                "readReceipts": "everyone", "whoCanMessage": "everyone",
                "whoCanAddToGroups": "everyone", "findByEmail": false },
            "notifications": { "emailDigest": "daily", "newLogin": true },
            "theme": "system",
            "locale": "en",
        })
    );
    let other = app.login("ann").await;
    let mut socket = other.connect().await;
    let patch = json!({ "privacy": { "lastSeen": "nobody" }, "locale": "pt-BR" });
    let answer = ann.api.patch("/users/me/settings", patch).await.unwrap().body;
    let mut expected = fresh.clone();
    expected["privacy"]["lastSeen"] = json!("nobody");
    expected["locale"] = json!("pt-BR");
    assert_eq!(answer["settings"], expected);
    let heard = socket.next("me:updated").await.unwrap();
    assert_eq!((&heard["kind"], &heard["data"]), (&json!("settings"), &expected));
    assert_eq!(settings(&other).await, expected);
    let synced = other.api.post("/sync", json!({ "userRev": 0 })).await.unwrap().body;
    assert_eq!(synced["me"][0]["data"], expected);
}

#[tokio::test]
async fn a_setting_nobody_knows_is_refused_and_changes_nothing() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    for (patch, code) in [
        (json!({ "theme": "dark", "colour": "red" }), "malformed"),
        (json!({ "theme": "dark", "privacy": { "lastseen": "nobody" } }), "malformed"),
        (json!({ "theme": "dark", "privacy": { "about": "friends" } }), "malformed"),
        (
            json!({ "theme": "dark", "notifications": { "emailDigest": { "$gt": "" } } }),
            "malformed",
        ),
        (json!({ "theme": "dark", "locale": "x".repeat(40) }), "validation"),
        (json!({ "theme": "dark", "locale": "../../etc" }), "validation"),
    ] {
        assert_eq!(refusal(ann.api.patch("/users/me/settings", &patch).await).1, code, "{patch}");
    }
    assert_eq!(settings(&ann).await["theme"], "system");
}

#[tokio::test]
async fn letters_come_in_the_language_of_the_client_that_signed_up() {
    let app = TestApp::start().await;
    let signup = json!({ "email": "uwe@example.com", "username": "uwe", "password": PASSWORD });
    let german = app.api.with_header(ACCEPT_LANGUAGE, "de-CH, de;q=0.9, en;q=0.8");
    let signed_up = german.post("/auth/signup", signup).await.unwrap().body;
    let uwe = app.api.with_token(signed_up["accessToken"].as_str().unwrap());
    let settings = uwe.get("/users/me/settings").await.unwrap().body;
    assert_eq!(settings["settings"]["locale"], "de-CH");
}
