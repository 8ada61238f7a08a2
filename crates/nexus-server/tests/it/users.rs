//! Oneself, others, finding them; and what shape a request must have.

use std::time::Duration;

use nexus_protocol::{Me, Users};
use serde_json::{Value, json};

use crate::fixture::{PASSWORD, Person, TestApp, event_refusal, refusal, request, text};

#[tokio::test]
async fn people_see_of_themselves_more_than_of_others() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let me: Value = ann.api.get("/users/me").await.unwrap().body;
    let me: Me = serde_json::from_value(me["user"].clone()).unwrap();
    assert_eq!((me.id, me.email.as_str(), me.email_verified), (ann.id, "ann@example.com", false));
    let other = ann.api.get(&format!("/users/{}", bob.id)).await.unwrap().body;
    assert_eq!(other["user"]["username"], "bob");
    assert!(!other.to_string().contains("example.com"), "{other}");
    let nobody = ann.api.get(&format!("/users/{}", uuid::Uuid::nil())).await;
    assert_eq!(refusal(nobody), (404, "not_found".to_owned()));
    assert_eq!(refusal(ann.api.get("/users/nonsense").await).1, "not_found");
    assert_eq!(refusal(app.api.get("/users/me").await).1, "unauthenticated");
}

#[tokio::test]
async fn a_changed_profile_reaches_the_other_device_and_the_others() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let mut socket = app.login("ann").await.connect().await;
    let patch = json!({ "displayName": " Ann Lee ", "about": "hello" });
    let changed = ann.api.patch("/users/me", patch).await.unwrap().body;
    assert_eq!(
        (&changed["user"]["displayName"], &changed["user"]["about"]),
        (&json!("Ann Lee"), &json!("hello"))
    );
    let heard = socket.next("me:updated").await.unwrap();
    assert_eq!(
        (&heard["kind"], &heard["data"]["displayName"]),
        (&json!("profile"), &json!("Ann Lee"))
    );
    let seen = bob.api.get(&format!("/users/{}", ann.id)).await.unwrap().body;
    assert_eq!(seen["user"]["displayName"], "Ann Lee");
    for wrong in [
        json!({ "displayName": " " }),
        json!({ "displayName": "x".repeat(65) }),
        json!({ "about": "x".repeat(501) }),
    ] {
        assert_eq!(refusal(ann.api.patch("/users/me", &wrong).await).1, "validation", "{wrong}");
    }
}

#[tokio::test]
async fn people_are_found_by_the_beginning_of_their_names() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    for (username, display_name) in [
        ("zoe.first", "Zoë Müller"),
        ("zoe.second", "Someone"),
        ("third", "Big Zoe"),
        ("fourth", "Nobody"),
    ] {
        let signup = json!({ "email": format!("{username}@secret.example"), "username": username,
            "password": PASSWORD, "displayName": display_name });
        app.api.post("/auth/signup", signup).await.unwrap();
    }
    let find = async |query: &str| -> Vec<String> {
        let found: Users = ann.get(&format!("/users?query={query}")).await;
        let mut names: Vec<String> = found.users.into_iter().map(|user| user.username).collect();
        names.sort();
        names
    };
    assert_eq!(find("zoe").await, ["third", "zoe.first", "zoe.second"]);
    assert_eq!(find("ZOE.F").await, ["zoe.first"]);
    assert_eq!(find("muller").await, ["zoe.first"]);
    assert_eq!(find("secret").await, [""; 0], "never by e-mail");
    assert_eq!(find("zoe.first%40secret.example").await, [""; 0], "never by e-mail");
    assert_eq!(find("%25").await, [""; 0]);

    let mut names = Vec::new();
    let mut path = "/users?query=zoe&limit=1".to_owned();
    loop {
        let page: Users = ann.get(&path).await;
        assert!(page.users.len() <= 1);
        names.extend(page.users.into_iter().map(|user| user.username));
        let Some(cursor) = page.next_cursor else { break };
        path = format!("/users?query=zoe&limit=1&cursor={cursor}");
    }
    assert_eq!(names.len(), 3, "{names:?}");
    names.dedup();
    assert_eq!(names.len(), 3, "{names:?}");
    assert_eq!(refusal(ann.api.get("/users?query=%20").await).1, "validation");
}

#[tokio::test]
async fn a_field_nobody_knows_or_an_operator_object_never_passes_silently() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let message = ann.say(chat, "hello").await;
    let operator = json!({ "$gt": "" });
    for (method, path, body) in [
        ("POST", "/auth/login".to_owned(), json!({ "identifier": operator, "password": operator })),
        ("POST", "/auth/login".to_owned(), json!({ "identifier": "ann", "password": operator })),
        (
            "POST",
            "/auth/login".to_owned(),
            json!({ "identifier": "ann", "password": PASSWORD, "extra": 1 }),
        ),
        ("POST", "/auth/refresh".to_owned(), json!({ "refreshToken": operator })),
        ("PATCH", "/users/me".to_owned(), json!({ "displayname": "typo" })),
        ("PATCH", "/users/me".to_owned(), json!({ "role": "admin" })),
        ("POST", "/chats".to_owned(), json!({ "type": "direct", "memberIds": [operator] })),
        ("POST", "/chats".to_owned(), json!({ "type": "direct", "memberIds": [bob.id], "x": 1 })),
        ("PATCH", format!("/chats/{chat}/me"), json!({ "pined": true })),
        ("POST", format!("/chats/{chat}/read"), json!({ "seq": operator })),
        ("POST", format!("/chats/{chat}/read"), json!({ "seq": -1 })),
        (
            "POST",
            format!("/chats/{chat}/messages"),
            json!({ "clientId": operator, "content": "x" }),
        ),
        ("PATCH", format!("/messages/{}", message.id), json!({ "content": operator })),
        ("POST", "/sync".to_owned(), json!({ "chats": { "$gt": 1 } })),
        ("POST", "/sync".to_owned(), json!([])),
    ] {
        let refused = request(&ann.api, method, &path, body.clone()).await;
        assert_eq!(refusal(refused), (400, "malformed".to_owned()), "{method} {path} {body}");
    }
    for path in ["/chats?limit=x", "/chats?offset=1", "/users?query[$gt]="] {
        assert_eq!(refusal(ann.api.get(path).await).0, 400, "{path}");
    }
    let socket = ann.connect().await;
    let mut sent = serde_json::to_value(text(chat, "hello")).unwrap();
    sent["extra"] = json!(1);
    for (event, body) in [
        ("msg:send", sent),
        ("msg:send", json!({ "chatId": chat, "clientId": operator, "content": "x" })),
        ("msg:send", json!([{ "chatId": chat, "clientId": "a", "content": operator }])),
        ("msg:send", json!([])),
        ("msg:send", json!("hello")),
        ("msg:edit", json!({ "id": operator, "content": "x" })),
        ("msg:react", json!({ "id": message.id, "emoji": operator, "on": true })),
        ("msg:read", json!({ "chatId": chat })),
        ("msg:read", json!({ "chatId": chat, "seq": 1, "messageId": message.id })),
        ("msg:delivered", json!({ "chatId": operator, "seq": 1 })),
        ("sync", json!({ "userRev": operator })),
        ("sync:check", json!({ "rev": 1 })),
        ("auth:refresh", json!({ "token": operator })),
        ("client:state", json!({ "foreground": "yes" })),
        ("presence:subscribe", json!({ "userIds": operator })),
        ("presence:set", json!({ "status": operator })),
        ("typing:start", json!({ "chatId": operator })),
        ("no:such", json!({})),
        ("typing:no", json!({})),
    ] {
        let refused = socket.call(event, &body).await;
        assert_eq!(event_refusal(refused), "malformed", "{event} {body}");
    }
    socket.call("sync:check", json!({})).await.expect("the connection is none the worse");
}

#[tokio::test]
async fn a_username_changes_and_the_old_one_is_kept_for_its_owner() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    ann.direct(&bob).await;
    let (mut anns, mut bobs) = (ann.connect().await, bob.connect().await);
    let rename = async |person: &Person, name: &str| {
        person.api.patch("/users/me", json!({ "username": name })).await
    };
    let renamed = rename(&ann, " Annabel ").await.unwrap().body;
    assert_eq!(renamed["user"]["username"], "annabel");
    let heard = anns.next("me:updated").await.unwrap();
    assert_eq!(
        (&heard["kind"], &heard["data"]["username"]),
        (&json!("username"), &json!("annabel"))
    );
    assert_eq!(bobs.next("user:updated").await.unwrap(), json!({ "userId": ann.id }));
    let found: Users = bob.get("/users?query=ann").await;
    assert_eq!(found.users[0].username, "annabel");
    for (name, code) in [("ann", "conflict"), ("annabel", "conflict"), ("a b", "validation")] {
        assert_eq!(refusal(rename(&bob, name).await).1, code, "{name}");
    }
    let contact = bob.api.post("/contacts", json!({ "username": "ann" })).await.unwrap().body;
    assert_eq!(contact["contact"]["user"]["username"], "annabel", "the old name leads to her");
    app.login("ann").await;
    let signup = json!({ "email": "new@example.com", "username": "ann", "password": PASSWORD });
    assert_eq!(refusal(app.api.post("/auth/signup", &signup).await).1, "conflict");
    rename(&ann, "ann").await.unwrap();
    assert_eq!(refusal(rename(&ann, "annabel").await).1, "conflict", "twice in 30 days");
    app.login("ann").await;
    app.clock.advance(Duration::from_secs(31 * 24 * 3_600));
    let ann = app.login("ann").await;
    rename(&ann, "someone").await.unwrap();
    app.clock.advance(Duration::from_secs(15 * 24 * 3_600));
    app.api.post("/auth/signup", &signup).await.unwrap();
}
