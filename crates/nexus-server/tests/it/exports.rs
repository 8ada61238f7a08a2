//! A copy of all that an account holds.

use std::{
    collections::HashMap,
    io::{Cursor, Read as _},
    time::Duration,
};

use nexus_core::{
    jobs::{self, Job, JobKey},
    ports::{ChunkPlace, ExportRecord},
};
use nexus_protocol::{ExportId, Message};
use serde_json::{Value, json};
use zip::ZipArchive;

use crate::{
    fixture::{PASSWORD, Person, TestApp, eventually, refusal, request, token_of},
    wire,
};

const HOUR: Duration = Duration::from_secs(3_600);

async fn ask(person: &Person) -> Value {
    person.api.post("/auth/step-up", json!({ "password": PASSWORD })).await.unwrap();
    let answer = person.api.post("/users/me/export", json!({})).await.unwrap();
    assert_eq!(answer.status, 202);
    answer.body["export"].clone()
}

async fn latest(person: &Person) -> Value {
    person.get::<Value>("/users/me/export").await["export"].clone()
}

async fn ready(person: &Person) -> Value {
    eventually("the export is written", async || {
        let export = latest(person).await;
        (export["state"] == "ready").then_some(export)
    })
    .await
}

async fn fetch(app: &TestApp, person: &Person, export: &Value) -> wire::Answer {
    let token = format!("Bearer {}", person.access_token);
    let path = format!("/api/v1/users/me/export/{}/content", export["id"].as_str().unwrap());
    let headers = [("authorization", &*token), ("accept-encoding", "gzip, br, zstd")];
    wire::ask(app.host(), "GET", &path, &headers, "").await
}

/// All files of the ZIP, as another program reads them.
fn unpack(bytes: Vec<u8>) -> HashMap<String, String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let mut read = |name: &String| {
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    names.iter().map(|name| (name.clone(), read(name))).collect()
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[tokio::test]
async fn an_export_holds_what_its_owner_sees_and_of_others_what_they_are_called() {
    let app = TestApp::start().await;
    let [ann, bob, cid] = app.people(["ann", "bob", "cid"]).await;
    let verify = token_of(&app.letter("ann@example.com", "verifyEmail").await);
    app.api.post("/auth/verify-email", json!({ "token": verify })).await.unwrap();
    bob.api.patch("/users/me", json!({ "about": "about that is hidden" })).await.unwrap();
    let hide = json!({ "privacy": { "about": "nobody" } });
    bob.api.patch("/users/me/settings", hide).await.unwrap();
    let contact = json!({ "userId": bob.id, "nickname": "Bobby" });
    ann.api.post("/contacts", contact).await.unwrap();
    let (chat, group) = (ann.direct(&bob).await, bob.group("ours", &[&ann, &cid]).await);
    let left = bob.group("left behind", &[&ann]).await;
    ann.say(left, "mine, where I left").await;
    bob.say(left, "theirs, where I left").await;
    ann.api.post(&format!("/chats/{left}/leave"), json!({})).await.unwrap();
    let hello = ann.say(chat, "hello, ünï 😀").await;
    bob.say(chat, "hi").await;
    cid.say(group, "all of you").await;
    let hidden = bob.say(chat, "hidden by Ann").await;
    ann.api.delete(&format!("/messages/{}?scope=me", hidden.id)).await.unwrap();
    ann.api.put(&format!("/messages/{}/star", hello.id), json!({})).await.unwrap();
    bob.api
        .put(&format!("/messages/{}/reactions/%F0%9F%91%8D", hello.id), json!({}))
        .await
        .unwrap();
    let secret = cid.direct(&bob).await;
    cid.say(secret, "between the two of us").await;

    assert_eq!(latest(&ann).await, Value::Null);
    let begun = ask(&ann).await;
    let export = ready(&ann).await;
    assert_eq!((&begun["id"], &export["progress"]), (&export["id"], &json!(100)));
    let letter = app.letter("ann@example.com", "exportReady").await;
    assert_eq!(token_of(&letter), export["id"].as_str().unwrap());
    let answer = fetch(&app, &ann, &export).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/zip"));
    assert!(answer.header("content-disposition").starts_with("attachment; filename="));
    assert_eq!(
        (answer.header("cache-control"), answer.header("content-encoding")),
        ("no-store", "")
    );
    assert_eq!(answer.header("content-length"), export["size"].to_string());
    assert_eq!(json!(answer.body.len()), export["size"]);

    let files = unpack(answer.body);
    assert!(files["README.txt"].contains("people.ndjson"));
    let me: Value = ann.get("/users/me").await;
    assert_eq!(read(&files["profile.json"]), me["user"]);
    let settings: Value = ann.get("/users/me/settings").await;
    assert_eq!(read(&files["settings.json"]), settings["settings"]);
    assert_eq!(read(&files["sessions.json"]).as_array().unwrap().len(), 1);
    assert_eq!(read(&files["sign-ins.json"]), json!({ "passkeys": [], "links": [] }));
    assert_eq!(read(&files["contacts.json"])[0]["nickname"], "Bobby");
    assert_eq!(read(&files["starred.json"]), json!([hello.id]));
    let chats = read(&files["chats.json"]);
    assert_eq!(chats.as_array().unwrap().len(), 2);
    for one in [chat, group] {
        let mut shown: Vec<Message> = ann.api.messages(one).await.unwrap();
        shown.sort_by_key(|message| message.seq);
        assert_eq!(lines(&files[&format!("chats/{one}.ndjson")]), lines(&ndjson(&shown)));
    }
    let mine = lines(&files[&format!("left/{left}.ndjson")]);
    assert_eq!(mine.len(), 1);
    assert_eq!(mine[0]["content"], "mine, where I left");
    let people = lines(&files["people.ndjson"]);
    let bobs = people.iter().find(|person| person["id"] == json!(bob.id)).unwrap();
    assert_eq!(*bobs, json!({ "id": bob.id, "username": "bob", "displayName": "bob" }));
    for (name, text) in files {
        for private in [
            "bob@example.com",
            "about that is hidden",
            "hidden by Ann",
            "theirs, where I left",
            "between the two",
            "lastSeenAt",
        ] {
            assert!(!text.contains(private), "{private} in {name}");
        }
    }
    app.stop().await;
}

fn ndjson(messages: &[Message]) -> String {
    messages.iter().map(|message| format!("{}\n", json!(message))).collect()
}

#[tokio::test]
async fn an_export_is_its_owners_alone() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    ask(&ann).await;
    let export = ready(&ann).await;
    assert_eq!(fetch(&app, &bob, &export).await.status, 404);
    let id: ExportId = export["id"].as_str().unwrap().parse().unwrap();
    let path = format!("/users/me/export/{id}/content");
    assert_eq!(refusal(request(&app.api, "GET", &path, Value::Null).await).0, 401);
    assert_eq!(latest(&bob).await, Value::Null);
    app.stop().await;
}

#[tokio::test]
async fn one_export_a_day_is_there_for_a_week() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let on_a_found_device = ann.api.post("/users/me/export", json!({})).await;
    assert_eq!(refusal(on_a_found_device), (403, "step_up_required".to_owned()));
    let first = ask(&ann).await;
    let again = ann.api.post("/users/me/export", json!({})).await;
    if let Ok(again) = again {
        assert_eq!(again.body["export"]["id"], first["id"], "it is being written");
    }
    ready(&ann).await;
    let too_soon = ann.api.post("/users/me/export", json!({})).await;
    assert_eq!(refusal(too_soon), (429, "rate_limited".to_owned()));
    app.clock.advance(25 * HOUR);
    let ann = app.login("ann").await;
    let second = ask(&ann).await;
    assert_ne!(first["id"], second["id"]);
    assert_eq!(fetch(&app, &ann, &first).await.status, 404);
    let export = ready(&ann).await;
    assert_eq!(fetch(&app, &ann, &export).await.status, 200);
    app.clock.advance(8 * 24 * HOUR);
    let ann = app.login("ann").await;
    assert!(matches!(fetch(&app, &ann, &export).await.status, 404 | 410));
    eventually("it is dropped", async || latest(&ann).await.is_null().then_some(())).await;
    assert_eq!(fetch(&app, &ann, &export).await.status, 404);
    app.stop().await;
}

#[tokio::test]
async fn a_long_export_comes_whole() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let mut noise = 0x9e37_79b9_u64;
    let mut written = Vec::new();
    for n in 0..250 {
        let mut text = format!("{n} ");
        while text.len() < 3_900 {
            noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888);
            text += &format!("{:x}", noise >> 8);
        }
        written.push(text.clone());
        ann.api.send(crate::fixture::text(chat, &text)).await.unwrap();
    }
    eventually("all are there", async || (ann.chat(chat).await.last_seq == 250).then_some(()))
        .await;
    ask(&ann).await;
    let export = ready(&ann).await;
    assert!(export["size"].as_u64().unwrap() > 2 * 256 * 1024, "several chunks: {export}");
    let files = unpack(fetch(&app, &ann, &export).await.body);
    let told = lines(&files[&format!("chats/{chat}.ndjson")]);
    let told: Vec<&str> = told.iter().map(|line| line["content"].as_str().unwrap()).collect();
    assert_eq!(told, written);
    app.stop().await;
}

#[tokio::test]
async fn with_the_account_its_export_is_gone() {
    let app = TestApp::with(|config| config.accounts.deletion_grace_days = 0).await;
    let ann = app.person("ann").await;
    ask(&ann).await;
    ready(&ann).await;
    let body = json!({ "password": crate::fixture::PASSWORD, "messages": "keep" });
    request(&ann.api, "DELETE", "/users/me", body).await.unwrap();
    let store = &app.node.core.store;
    eventually("it is dropped", async || {
        store.export_of(ann.id).await.unwrap().is_none().then_some(())
    })
    .await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_other_tries_have_written_goes_once_one_has_all_of_it_or_nobody_wants_it() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let core = &app.node.core;
    let id = ExportId(core.ids.uuid());
    let now = core.clock.now();
    let new = ExportRecord { id, user: ann.id, created_at: now, progress: 0, file: None };
    assert_eq!(core.store.begin_export(&new, now).await.unwrap(), None);
    // Of tries that hang, and wake later.
    let place = |attempt, number| ChunkPlace { export: id, attempt, number };
    let left = async |attempt| {
        core.store.put_export_chunk(place(attempt, 7), vec![1]).await.unwrap();
    };
    let is_there = async |attempt, number| {
        core.store.export_chunk(place(attempt, number)).await.unwrap().is_some()
    };
    let again = async || {
        let job = Job::Export { user: ann.id, export: id };
        jobs::push(core, &job, JobKey::unique(core), core.clock.now()).await.unwrap();
        eventually("nothing waits", async || {
            let waiting = core.store.waiting_jobs(100).await.unwrap();
            waiting.iter().all(|job| job.kind != "export").then_some(())
        })
        .await;
    };
    left(8).await;
    again().await;
    assert_eq!((is_there(8, 7).await, is_there(1, 0).await), (false, true));
    left(9).await;
    again().await;
    assert_eq!((is_there(9, 7).await, is_there(1, 0).await), (false, true));
    let export = ready(&ann).await;
    assert_eq!(fetch(&app, &ann, &export).await.status, 200);
    core.store.drop_export(&new).await.unwrap();
    left(9).await;
    again().await;
    assert_eq!((is_there(9, 7).await, is_there(1, 0).await), (false, false));
    app.stop().await;
}
