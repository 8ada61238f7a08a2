//! Ids inside bodies and queries: what may come of one that the caller has no business with.
//!
//! The published documents say which fields hold ids; each has its cases here.

use std::collections::BTreeSet;

use nexus_client::Client;
use nexus_protocol::{ChatId, MessageId};
use nexus_server::{http::openapi::openapi, socket::asyncapi};
use serde_json::{Value, json};

use super::{
    place::Place,
    rules::{Who, documented_events},
};
use crate::fixture::{Person, TestApp, request};

/// What comes of a foreign id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comes {
    /// As if there were nothing of this id.
    NotThere,
    Forbidden,
    /// The field is wrong, by a rule that tells nothing of what is there.
    Invalid,
    /// Taken, and it shows and changes nothing: these words stand in the answer.
    Nothing(&'static str),
}

use Comes::{Forbidden, Invalid, NotThere, Nothing};

/// Where it is put.
enum Where {
    /// Method, path, body.
    Route(&'static str, String, Value),
    Event(&'static str, Value),
}

/// One field of a route or an event, and how it is tried.
struct Field {
    /// `post /chats`, or the name of an event.
    of: &'static str,
    name: &'static str,
    tries: Vec<(&'static [Who], Where, Comes)>,
}

/// A group of the caller's own, with a message in it.
#[derive(Clone, Copy)]
struct Own {
    chat: ChatId,
    message: MessageId,
}

/// Those who are not in the group, and to whom its people may have shut themselves.
const STRANGERS: [Who; 3] = [Who::Outsider, Who::Former, Who::Blocked];
const ALL: &[Who] = &STRANGERS;
const BLOCKED: &[Who] = &[Who::Blocked];
const UNBLOCKED: &[Who] = &[Who::Outsider, Who::Former];

fn post(path: impl Into<String>, body: Value) -> Where {
    Where::Route("POST", path.into(), body)
}

fn get(path: impl Into<String>) -> Where {
    Where::Route("GET", path.into(), Value::Null)
}

/// The place of a try, and whose it is.
struct Stranger<'a> {
    who: Who,
    person: &'a Person,
    socket: Client,
}

impl Stranger<'_> {
    /// What came, and the whole answer.
    async fn tries(&self, into: &Where) -> (Option<Comes>, String) {
        let (code, text) = match into {
            Where::Route(method, path, body) => {
                match request(&self.person.api, method, path, body.clone()).await {
                    Ok(answer) => (None, answer.body.to_string()),
                    Err(err) => {
                        let code = err.problem().unwrap().code.as_str().to_owned();
                        (Some(code), err.to_string())
                    }
                }
            }
            Where::Event(event, body) => match self.socket.call(event, body).await {
                Ok(answer) => (None, answer.to_string()),
                Err(err) => {
                    let refused = err.refused().expect("an answer");
                    (Some(refused.code.as_str().to_owned()), refused.message.clone())
                }
            },
        };
        let comes = match code.as_deref() {
            None => Some(Nothing("")),
            Some("not_found") => Some(NotThere),
            Some("forbidden") => Some(Forbidden),
            Some("validation") => Some(Invalid),
            Some(_) => None,
        };
        (comes, text)
    }
}

/// All that somebody could have changed here.
async fn state(place: &Place) -> Value {
    let owner = &place.people.owner;
    let mut all = Vec::new();
    for path in ["", "/members", "/messages", "/invites", "/join-requests"] {
        all.push(owner.get::<Value>(&format!("/chats/{}{path}", place.chat)).await);
    }
    all.push(owner.get(&format!("/messages/{}/receipts", place.message)).await);
    all.push(owner.get("/chats").await);
    json!(all)
}

#[tokio::test]
async fn s7_a_foreign_id_in_any_field_opens_no_door() {
    let app = TestApp::start().await;
    let place = Place::new(&app, 0).await;
    let Place { people, .. } = &place;
    let mut inside = [people.owner.connect().await, people.member.connect().await];
    let before = state(&place).await;
    let (mut cases, mut tried) = (0, BTreeSet::new());
    for (who, person) in
        STRANGERS.into_iter().zip([&people.outsider, &people.former, &people.blocked])
    {
        let chat = person.group("mine", &[]).await;
        let own = Own { chat, message: person.say(chat, "mine").await.id };
        let stranger = Stranger { who, person, socket: person.connect().await };
        for Field { of, name, tries } in fields(&place, own) {
            for (callers, into, expected) in tries {
                if !callers.contains(&stranger.who) {
                    continue;
                }
                let (found, text) = stranger.tries(&into).await;
                let what = format!("{who:?}: {of}: {name}: {text}");
                match expected {
                    Nothing(words) => {
                        assert_eq!(found, Some(Nothing("")), "{what}");
                        assert!(text.contains(words), "{what}");
                    }
                    _ => assert_eq!(found, Some(expected), "{what}"),
                }
                assert!(!text.contains("canary"), "{what}");
                cases += 1;
            }
            tried.insert((of.to_owned(), name.to_owned()));
        }
        let messages = person.api.messages(chat).await.unwrap();
        let said = messages.iter().filter(|message| message.content == "x").count();
        assert_eq!(said, 0, "{who:?}: something was sent after all");
    }
    let documented = documented();
    let left: Vec<_> = documented.symmetric_difference(&tried).collect();
    assert!(left.is_empty(), "say in `fields` what comes of these: {left:?}");
    assert_eq!(state(&place).await, before);
    for (socket, person) in inside.iter_mut().zip([&people.owner, &people.member]) {
        let heard = person.heard(socket).await;
        assert!(heard.is_empty(), "{heard:?}");
    }
    println!("{cases} cases on {} fields", tried.len());
    app.stop().await;
}

fn on_routes(place: &Place, own: Own) -> Vec<Field> {
    let Place { people, chat, message, .. } = place;
    // One blocks the blocked, the other wants to hear of contacts only.
    let (owner, keeper, nobody) = (people.owner.id, people.things.keeper.id, uuid::Uuid::nil());
    let group = |user| json!({ "type": "group", "title": "x", "memberIds": [user] });
    let direct = |user: Value| json!({ "type": "direct", "memberIds": [user] });
    let members = || format!("/chats/{}/members", own.chat);
    let say = |field: &str, id: Value| {
        let mut body = json!({ "clientId": field, "content": "x" });
        body[field] = id;
        post(format!("/chats/{}/messages", own.chat), body)
    };
    let forward = |message, chats: Value| {
        post(format!("/messages/{message}/forward"), json!({ "chatIds": chats }))
    };
    let report = |field: &str, id: Value| {
        let mut body = json!({ "reason": "spam" });
        body[field] = id;
        post("/reports", body)
    };
    let sweep = |user, chat: &ChatId| {
        post("/admin/sweep", json!({ "userId": user, "chatId": chat, "dryRun": true }))
    };
    let field = |of, name, tries| Field { of, name, tries };
    vec![
        field(
            "post /chats",
            "memberIds[]",
            vec![
                (BLOCKED, post("/chats", group(owner)), Forbidden),
                (BLOCKED, post("/chats", direct(json!(owner))), Forbidden),
                (ALL, post("/chats", group(keeper)), Forbidden),
                (ALL, post("/chats", direct(json!(keeper))), Forbidden),
                (ALL, post("/chats", direct(json!(nobody))), NotThere),
            ],
        ),
        field(
            "post /chats/{id}/members",
            "userIds[]",
            vec![
                (BLOCKED, post(members(), json!({ "userIds": [owner] })), Forbidden),
                (ALL, post(members(), json!({ "userIds": [keeper] })), Forbidden),
            ],
        ),
        field(
            "post /chats/{id}/messages",
            "chatId",
            vec![(ALL, say("chatId", json!(chat)), Invalid)],
        ),
        field(
            "post /chats/{id}/messages",
            "replyTo",
            vec![(ALL, say("replyTo", json!(message)), NotThere)],
        ),
        field(
            "post /chats/{id}/messages",
            "mentions[]",
            vec![(ALL, say("mentions", json!([people.member.id])), Invalid)],
        ),
        field(
            "post /contacts",
            "userId",
            vec![
                // Nobody is told of a block.
                (BLOCKED, post("/contacts", json!({ "userId": owner })), Nothing("contact")),
                (ALL, post("/contacts", json!({ "userId": keeper })), Nothing("outgoing")),
                (ALL, post("/contacts", json!({ "userId": nobody })), NotThere),
            ],
        ),
        field(
            "post /messages/{id}/forward",
            "chatIds[]",
            vec![
                (ALL, forward(own.message, json!([chat])), NotThere),
                (ALL, forward(own.message, json!([own.chat, chat])), NotThere),
                (ALL, forward(*message, json!([own.chat])), NotThere),
            ],
        ),
        field(
            "post /reports",
            "messageId",
            vec![(ALL, report("messageId", json!(message)), NotThere)],
        ),
        field("post /reports", "chatId", vec![(ALL, report("chatId", json!(chat)), NotThere)]),
        field(
            "post /reports",
            "userId",
            vec![
                // Who is blocked may complain, and sees nothing by it.
                (BLOCKED, report("userId", json!(owner)), Nothing("")),
                (ALL, report("userId", json!(nobody)), NotThere),
            ],
        ),
        field("post /admin/sweep", "userId", vec![(ALL, sweep(owner, chat), NotThere)]),
        field("post /admin/sweep", "chatId", vec![(ALL, sweep(people.member.id, chat), NotThere)]),
        field(
            "get /admin/audit",
            "actorId",
            vec![(ALL, get(format!("/admin/audit?actorId={owner}")), NotThere)],
        ),
        field(
            "get /admin/audit",
            "targetId",
            vec![(ALL, get(format!("/admin/audit?targetId={}", people.banned.id)), NotThere)],
        ),
        field(
            "get /search/messages",
            "chatId",
            vec![(ALL, get(format!("/search/messages?q=canary&chatId={chat}")), NotThere)],
        ),
        field(
            "get /search/messages",
            "senderId",
            vec![(
                ALL,
                get(format!("/search/messages?q=canary&senderId={}", people.member.id)),
                Nothing("\"messages\":[]"),
            )],
        ),
        field(
            "post /sync",
            "chats{}",
            vec![(
                ALL,
                post("/sync", json!({ "chats": { chat.to_string(): 0 } })),
                Nothing("removed"),
            )],
        ),
    ]
}

fn on_events(place: &Place, own: Own) -> Vec<Field> {
    let (chat, id) = (place.chat, place.message);
    let send = |chat: ChatId, field: &str, value: Value| {
        let mut body = json!({ "chatId": chat, "clientId": "e", "type": "text", "content": "x" });
        body[field] = value;
        Where::Event("msg:send", body)
    };
    let field = |of, name, into, comes| Field { of, name, tries: vec![(ALL, into, comes)] };
    let of = |event, name, body, comes| field(event, name, Where::Event(event, body), comes);
    let watermark = || json!({ "chatId": chat, "seq": 1 });
    let up_to = || json!({ "chatId": own.chat, "messageId": id });
    let active = json!({ "foreground": true, "activeChatId": chat });
    let known = || json!({ "userRev": 0, "chats": { chat.to_string(): 0 } });
    let watched = json!({ "userIds": [place.people.owner.id] });
    let watching = |who, comes| (who, Where::Event("presence:subscribe", watched.clone()), comes);
    vec![
        field("msg:send", "chatId", send(chat, "content", json!("x")), NotThere),
        field("msg:send", "replyTo", send(own.chat, "replyTo", json!(id)), NotThere),
        field(
            "msg:send",
            "mentions[]",
            send(own.chat, "mentions", json!([place.people.member.id])),
            Invalid,
        ),
        of("msg:edit", "id", json!({ "id": id, "content": "x" }), NotThere),
        of("msg:react", "id", json!({ "id": id, "emoji": "👍", "on": true }), NotThere),
        of("msg:delete", "id", json!({ "id": id, "scope": "all" }), NotThere),
        of("msg:delivered", "chatId", watermark(), NotThere),
        of("msg:read", "chatId", watermark(), NotThere),
        of("msg:delivered", "messageId", up_to(), NotThere),
        of("msg:read", "messageId", up_to(), NotThere),
        of("client:state", "activeChatId", active, Nothing("")),
        of("sync", "chats{}", known(), Nothing("removed")),
        of("sync:check", "chats{}", known(), Nothing("")),
        of("typing:start", "chatId", json!({ "chatId": chat, "kind": "text" }), NotThere),
        of("typing:stop", "chatId", json!({ "chatId": chat }), NotThere),
        Field {
            of: "presence:subscribe",
            name: "userIds[]",
            tries: vec![
                watching(BLOCKED, Nothing("\"status\":\"offline\"")),
                // She shows herself to all but them.
                watching(UNBLOCKED, Nothing("\"status\":\"online\"")),
            ],
        },
    ]
}

fn fields(place: &Place, own: Own) -> Vec<Field> {
    let mut fields = on_routes(place, own);
    fields.extend(on_events(place, own));
    fields
}

/// All fields that hold ids, of bodies, queries and events, by the published documents.
fn documented() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    let document = json!(openapi());
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api/v1").unwrap();
        for (method, operation) in item.as_object().unwrap() {
            let mut note = |name: String| found.insert((format!("{method} {path}"), name));
            let parameters = operation["parameters"].as_array();
            for one in parameters.into_iter().flatten().filter(|one| one["in"] == "query") {
                let name = one["name"].as_str().unwrap().to_owned();
                ids_of(&document, &one["schema"], name, &mut note);
            }
            let contents = operation["requestBody"]["content"].as_object();
            for content in contents.into_iter().flat_map(|contents| contents.values()) {
                ids_of(&document, &content["schema"], String::new(), &mut note);
            }
        }
    }
    let document = asyncapi();
    let received = documented_events("receive");
    for message in document["components"]["messages"].as_object().unwrap().values() {
        let name = message["name"].as_str().unwrap();
        if received.iter().any(|event| event == name) {
            let mut note = |field| found.insert((name.to_owned(), field));
            ids_of(&document, &message["payload"], String::new(), &mut note);
        }
    }
    found
}

fn ids_of(document: &Value, schema: &Value, name: String, note: &mut impl FnMut(String) -> bool) {
    if let Some(name_of) = schema["$ref"].as_str() {
        let place = name_of.strip_prefix('#').unwrap();
        return ids_of(document, document.pointer(place).unwrap(), name, note);
    }
    if schema["format"] == "uuid" {
        note(name.clone());
    }
    // By what the ids stand for.
    if schema["additionalProperties"].is_object() {
        note(format!("{name}{{}}"));
        ids_of(document, &schema["additionalProperties"], format!("{name}{{}}"), note);
    }
    for key in ["oneOf", "anyOf", "allOf"] {
        for one in schema[key].as_array().into_iter().flatten() {
            ids_of(document, one, name.clone(), note);
        }
    }
    for (key, property) in schema["properties"].as_object().into_iter().flatten() {
        let inner = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
        ids_of(document, property, inner, note);
    }
    if schema["items"].is_object() {
        ids_of(document, &schema["items"], format!("{name}[]"), note);
    }
}
