//! Who may do what: every route and every event, for everybody there is. S-7.
//!
//! The cases are made from the published documents and the rules below. A route or an event that has
//! no rule fails the test: whoever adds one says here whom it is for.

use std::sync::LazyLock;

use nexus_client::{Api, Client};
use nexus_protocol::{ChatId, MessageId, UserRole};
use nexus_server::{http::openapi::openapi, socket::asyncapi};
use serde_json::{Value, json};

use crate::fixture::{PASSWORD, Person, TestApp, eventually, request};

const TITLE: &str = "canary of a title";
const CONTENT: &str = "canary of a message";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Owner,
    Admin,
    Member,
    /// Was a member, and is no more.
    Former,
    Outsider,
    /// An outsider whom the owner has blocked.
    Blocked,
    Banned,
    SignedOut,
}

const EVERYBODY: [Who; 8] = [
    Who::SignedOut,
    Who::Banned,
    Who::Blocked,
    Who::Outsider,
    Who::Former,
    Who::Member,
    Who::Admin,
    Who::Owner,
];

/// After these the place is no longer what it was.
const SPENT: [(&str, &str); 10] = [
    ("delete", "/chats/{id}"),
    ("post", "/chats/{id}/members"),
    ("patch", "/chats/{id}/members/{userId}"),
    ("delete", "/chats/{id}/members/{userId}"),
    ("post", "/chats/{id}/leave"),
    ("delete", "/messages/{id}"),
    ("delete", "/chats/{id}/invites/{code}"),
    ("post", "/chats/{id}/join-requests/{userId}/approve"),
    ("post", "/chats/{id}/join-requests/{userId}/decline"),
    ("post", "/invites/{code}/join"),
];

/// Whom something is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum For {
    /// Anybody, also without an account.
    All,
    /// Whoever has signed in: it is about the caller, or open to all of them.
    SignedIn,
    /// Whoever holds a link to the group, which shows it to them.
    Invited,
    /// The same, but who was removed needs somebody who adds them.
    Joiners,
    /// Members of the chat.
    Members,
    /// Its admins and its owner; a member is told that it may not.
    Admins,
    Owner,
    /// The sender of the message, who is a plain member here.
    Sender,
    /// The sender alone: for everybody else it is not there.
    SenderOnly,
    /// Only whose it is: for others it is not there.
    Self_,
    /// Moderators and admins of the instance: nobody here. Their own test has the rest.
    Staff,
}

/// What must come of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Past the door; what it asks for may still be nonsense.
    LetIn,
    SignIn,
    Forbidden,
    /// As if it did not exist.
    NotThere,
}

impl For {
    fn outcome(self, who: Who) -> Outcome {
        use Outcome::{Forbidden, LetIn, NotThere, SignIn};
        match (self, who) {
            (For::All, _) => LetIn,
            (_, Who::Banned | Who::SignedOut) => SignIn,
            (For::SignedIn, _) => LetIn,
            (For::Staff | For::Self_, _) | (_, Who::Blocked) => NotThere,
            (For::Joiners, Who::Former) => Forbidden,
            (For::Invited | For::Joiners, _) => LetIn,
            (_, Who::Former | Who::Outsider) => NotThere,
            (For::Members, _) => LetIn,
            (For::Admins, Who::Member) => Forbidden,
            (For::Admins, _) => LetIn,
            (For::Owner, Who::Owner) => LetIn,
            (For::Owner, _) => Forbidden,
            (For::Sender | For::SenderOnly, Who::Member) => LetIn,
            (For::Sender, _) => Forbidden,
            (For::SenderOnly, _) => NotThere,
        }
    }
}

/// Method, route, whom it is for, and a body that says what it should.
fn routes(place: &Place) -> Vec<(&'static str, &'static str, For, Value)> {
    let (chat, one) = (place.chat, place.people.other.id);
    let send = json!({ "clientId": "access", "content": "x" });
    let none = Value::Null;
    let routes = vec![
        ("post", "/auth/signup", For::All, json!({})),
        ("post", "/auth/login", For::All, json!({})),
        ("post", "/auth/refresh", For::All, json!({ "refreshToken": "x" })),
        ("get", "/auth/sessions", For::SignedIn, none.clone()),
        ("delete", "/auth/sessions/{id}", For::Self_, none.clone()),
        ("get", "/users/me", For::SignedIn, none.clone()),
        ("patch", "/users/me", For::SignedIn, json!({ "about": "x" })),
        ("get", "/users/me/settings", For::SignedIn, none.clone()),
        ("patch", "/users/me/settings", For::SignedIn, json!({})),
        ("get", "/users/{id}", For::SignedIn, none.clone()),
        ("get", "/users?query=owner", For::SignedIn, none.clone()),
        ("post", "/auth/change-password", For::SignedIn, json!({})),
        ("post", "/auth/forgot-password", For::All, json!({ "email": "x@example.com" })),
        ("post", "/auth/reset-password", For::All, json!({})),
        ("post", "/auth/verify-email", For::All, json!({ "token": "x" })),
        ("post", "/auth/confirm-email", For::All, json!({ "token": "x" })),
        ("post", "/auth/revert-email", For::All, json!({ "token": "x" })),
        ("post", "/auth/resend-verification", For::SignedIn, none.clone()),
        ("post", "/auth/change-email", For::SignedIn, json!({ "password": PASSWORD })),
        ("post", "/auth/step-up", For::SignedIn, json!({ "password": PASSWORD })),
        ("post", "/auth/totp/setup", For::SignedIn, json!({ "password": PASSWORD })),
        ("post", "/auth/totp/enable", For::SignedIn, json!({ "code": "x" })),
        ("post", "/auth/totp/disable", For::SignedIn, json!({ "password": PASSWORD })),
        ("post", "/auth/totp/recovery-codes", For::SignedIn, json!({ "password": PASSWORD })),
        ("get", "/contacts", For::SignedIn, none.clone()),
        ("post", "/contacts", For::SignedIn, json!({ "userId": one })),
        ("patch", "/contacts/{userId}", For::Self_, json!({ "nickname": "x" })),
        ("delete", "/contacts/{userId}", For::SignedIn, none.clone()),
        ("get", "/contacts/requests", For::SignedIn, none.clone()),
        ("post", "/contacts/requests/{id}/accept", For::Self_, none.clone()),
        ("post", "/contacts/requests/{id}/decline", For::Self_, none.clone()),
        ("get", "/blocks", For::SignedIn, none.clone()),
        ("put", "/blocks/{userId}", For::SignedIn, none.clone()),
        ("delete", "/blocks/{userId}", For::SignedIn, none.clone()),
        ("get", "/chats", For::SignedIn, none.clone()),
        ("post", "/chats", For::SignedIn, json!({ "type": "direct", "memberIds": [one] })),
        ("get", "/chats/{id}", For::Members, none.clone()),
        ("patch", "/chats/{id}", For::Admins, json!({ "about": "x" })),
        ("delete", "/chats/{id}", For::Owner, none.clone()),
        ("get", "/chats/{id}/members", For::Members, none.clone()),
        ("post", "/chats/{id}/members", For::Admins, json!({ "userIds": [one] })),
        ("patch", "/chats/{id}/members/{userId}", For::Admins, json!({ "role": "admin" })),
        ("delete", "/chats/{id}/members/{userId}", For::Admins, none.clone()),
        ("get", "/chats/{id}/invites", For::Admins, none.clone()),
        ("post", "/chats/{id}/invites", For::Admins, json!({})),
        ("delete", "/chats/{id}/invites/{code}", For::Admins, none.clone()),
        ("get", "/chats/{id}/join-requests", For::Admins, none.clone()),
        ("post", "/chats/{id}/join-requests/{userId}/approve", For::Admins, none.clone()),
        ("post", "/chats/{id}/join-requests/{userId}/decline", For::Admins, none.clone()),
        ("post", "/chats/{id}/leave", For::Members, none.clone()),
        ("patch", "/chats/{id}/me", For::Members, json!({ "pinned": true })),
        ("post", "/chats/{id}/read", For::Members, json!({ "seq": 1 })),
        ("get", "/chats/{id}/messages", For::Members, none.clone()),
        ("post", "/chats/{id}/messages", For::Members, send),
        ("get", "/messages/{id}", For::Members, none.clone()),
        ("patch", "/messages/{id}", For::Sender, json!({ "content": "x" })),
        ("delete", "/messages/{id}?scope=me", For::Members, none.clone()),
        ("delete", "/messages/{id}?scope=all", For::Members, none.clone()),
        ("put", "/messages/{id}/reactions/{emoji}", For::Members, none.clone()),
        ("delete", "/messages/{id}/reactions/{emoji}", For::Members, none.clone()),
        ("get", "/messages/{id}/receipts", For::Members, none.clone()),
        ("get", "/messages/{id}/history", For::Members, none.clone()),
        ("get", "/messages/{id}/ledger", For::SenderOnly, none.clone()),
        ("put", "/messages/{id}/pin", For::Admins, none.clone()),
        ("delete", "/messages/{id}/pin", For::Admins, none.clone()),
        ("put", "/messages/{id}/star", For::Members, none.clone()),
        ("delete", "/messages/{id}/star", For::Members, none.clone()),
        ("post", "/messages/{id}/forward", For::Members, json!({ "chatIds": [chat] })),
        ("post", "/messages/{id}/retry", For::SenderOnly, none.clone()),
        ("get", "/starred", For::SignedIn, none.clone()),
        ("get", "/search/messages?q=canary", For::SignedIn, none.clone()),
        ("post", "/sync", For::SignedIn, json!({ "chats": { chat.to_string(): 0 } })),
        // Behind all others: who comes in by a link stays, and who is signed out is so.
        ("get", "/invites/{code}", For::Invited, none.clone()),
        ("post", "/invites/{code}/join", For::Joiners, none.clone()),
        // Who came in by a link, and who is signed out, is so from here on.
        ("post", "/auth/logout", For::SignedIn, none.clone()),
        ("post", "/auth/logout-all", For::SignedIn, none),
    ];
    staff_routes().chain(routes).collect()
}

/// Which of them is for whom, `tests/it/admin.rs` shows.
fn staff_routes() -> impl Iterator<Item = (&'static str, &'static str, For, Value)> {
    DOCUMENTED
        .iter()
        .filter(|(_, path)| path.starts_with("/admin/"))
        .map(|(method, path)| (method.as_str(), path.as_str(), For::Staff, json!({})))
}

/// Method and path of every route there is.
static DOCUMENTED: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let document = json!(openapi());
    let paths = document["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, item)| {
            let path = path.strip_prefix("/api/v1").unwrap().to_owned();
            item.as_object().unwrap().keys().map(move |method| (method.clone(), path.clone()))
        })
        .collect()
});

/// Everybody who has to do with a group.
struct People {
    apis: Vec<(Who, Api)>,
    owner: Person,
    admin: Person,
    member: Person,
    former: Person,
    outsider: Person,
    other: Person,
    banned: Person,
    session: String,
}

impl People {
    async fn new(app: &TestApp, count: usize) -> People {
        let name = |who: &str| format!("{who}{count}");
        let mut people = Vec::new();
        for who in ["owner", "admin", "member", "former", "outsider", "blocked", "banned", "other"]
        {
            people.push(app.person(&name(who)).await);
        }
        let [owner, admin, member, former, outsider, blocked, banned, other] =
            people.try_into().ok().unwrap();
        owner.api.put(&format!("/blocks/{}", blocked.id), json!({})).await.unwrap();
        let staff = app.staff(&name("staff"), UserRole::Admin).await;
        let ban = json!({ "reason": "for the test" });
        staff.api.post(&format!("/admin/users/{}/ban", banned.id), ban).await.unwrap();
        let sessions: Value = other.get("/auth/sessions").await;
        let apis = vec![
            (Who::Owner, owner.api.clone()),
            (Who::Admin, admin.api.clone()),
            (Who::Member, member.api.clone()),
            (Who::Former, former.api.clone()),
            (Who::Outsider, outsider.api.clone()),
            (Who::Blocked, blocked.api),
            (Who::Banned, banned.api.clone()),
            (Who::SignedOut, app.api.clone()),
        ];
        let session = sessions["sessions"][0]["id"].as_str().unwrap().to_owned();
        People { apis, owner, admin, member, former, outsider, other, banned, session }
    }
}

/// A group of theirs with a message in it, and the code of a link into it.
struct Place {
    people: People,
    chat: ChatId,
    message: MessageId,
    code: String,
}

impl Place {
    async fn new(app: &TestApp, count: usize) -> Place {
        Place::of(People::new(app, count).await).await
    }

    async fn of(people: People) -> Place {
        let People { owner, admin, member, former, other, banned, .. } = &people;
        let chat = owner.group(TITLE, &[admin, member, former, banned]).await;
        let members = format!("/chats/{chat}/members");
        let role = json!({ "role": "admin" });
        owner.api.patch(&format!("{members}/{}", admin.id), role).await.unwrap();
        let message = member.say(chat, CONTENT).await.id;
        owner.api.delete(&format!("{members}/{}", former.id)).await.unwrap();
        let link = async |wish| {
            let made = owner.api.post(&format!("/chats/{chat}/invites"), wish).await.unwrap();
            made.body["invite"]["code"].as_str().unwrap().to_owned()
        };
        let asking = link(json!({ "requiresApproval": true })).await;
        other.api.post(&format!("/invites/{asking}/join"), json!({})).await.unwrap();
        let code = link(json!({})).await;
        Place { people, chat, message, code }
    }

    fn api(&self, who: Who) -> &Api {
        &self.people.apis.iter().find(|(one, _)| *one == who).unwrap().1
    }

    /// The address with real ids in it, of things that the caller may know of or not.
    fn path(&self, route: &str) -> String {
        let id = match route.split('/').nth(1).unwrap() {
            "chats" => self.chat.to_string(),
            "messages" => self.message.to_string(),
            "auth" => self.people.session.clone(),
            _ => self.people.owner.id.to_string(),
        };
        let user = match route {
            route if route.contains("join-requests") => self.people.other.id,
            // One of whom no caller is: everybody may remove themselves.
            route if route.starts_with("/chats/") => self.people.banned.id,
            _ => self.people.member.id,
        };
        let path = route.replace("{id}", &id).replace("{userId}", &user.to_string());
        path.replace("{emoji}", "%F0%9F%91%8D").replace("{code}", &self.code)
    }
}

fn outcome(status: u16, code: &str) -> Outcome {
    match status {
        401 => Outcome::SignIn,
        403 => Outcome::Forbidden,
        404 => Outcome::NotThere,
        _ => {
            assert!(status < 500, "{status} {code}");
            Outcome::LetIn
        }
    }
}

#[tokio::test]
async fn s7_every_route_for_everybody() {
    let app = TestApp::start().await;
    let mut place = Place::new(&app, 0).await;
    let mut cases = 0;
    let mut left = DOCUMENTED.clone();
    for number in 0..routes(&place).len() {
        for who in EVERYBODY {
            let (method, route, rule, body) = routes(&place).swap_remove(number);
            let (documented, _) = route.split_once('?').unwrap_or((route, ""));
            left.retain(|(known, path)| (known.as_str(), path.as_str()) != (method, documented));
            let answer =
                request(place.api(who), &method.to_uppercase(), &place.path(route), body).await;
            let (status, text) = match answer {
                Ok(answer) => (answer.status, answer.body.to_string()),
                Err(err) => (err.status().unwrap(), err.to_string()),
            };
            let what = format!("{who:?}: {method} {route}: {status} {text:.200}");
            // Signing in and out is told by these to nobody in particular.
            let found = if rule == For::All { Outcome::LetIn } else { outcome(status, &text) };
            let mut expected = rule.outcome(who);
            if (method, route) == ("post", "/messages/{id}/retry") && who == Who::Member {
                // It has not failed.
                expected = found;
            }
            assert_eq!(found, expected, "{what}");
            let shown = matches!(who, Who::Owner | Who::Admin | Who::Member)
                || (expected == Outcome::LetIn && matches!(rule, For::Invited | For::Joiners));
            if !shown {
                assert!(!text.contains("canary"), "{what}");
                assert!(!text.contains(&place.message.to_string()) || status >= 400, "{what}");
            }
            cases += 1;
            if status < 300 && SPENT.contains(&(method, documented)) {
                place = Place::of(place.people).await;
            }
        }
        if routes(&place)[number].1 == "/auth/logout" {
            place = Place::new(&app, 1).await;
        }
    }
    assert_eq!(left, [], "say in `routes` whom these are for");
    println!("{cases} cases on routes");
    assert!(cases > 600, "{cases}");
    app.stop().await;
}

/// Event, whom it is for, and a payload.
fn events(place: &Place) -> Vec<(&'static str, For, Value)> {
    let (chat, id) = (place.chat, place.message);
    let send = json!({ "chatId": chat, "clientId": "access", "type": "text", "content": "x" });
    let react = json!({ "id": id, "emoji": "👍", "on": true });
    let typing = json!({ "chatId": chat, "kind": "text" });
    let seen = json!({ "chatId": chat, "seq": 1 });
    let revs = json!({ "userRev": 0, "chats": { chat.to_string(): 0 } });
    vec![
        ("msg:send", For::Members, send),
        ("msg:edit", For::Sender, json!({ "id": id, "content": "x" })),
        ("msg:react", For::Members, react),
        ("msg:delivered", For::Members, seen.clone()),
        ("msg:read", For::Members, seen),
        // For whom it is deleted, it is no longer there.
        ("msg:delete", For::Members, json!({ "id": id, "scope": "me" })),
        ("sync", For::SignedIn, revs.clone()),
        ("sync:check", For::SignedIn, revs),
        ("auth:refresh", For::SignedIn, json!({ "token": "" })),
        ("client:state", For::SignedIn, json!({ "foreground": true })),
        ("presence:subscribe", For::SignedIn, json!({ "userIds": [place.people.owner.id] })),
        ("presence:set", For::SignedIn, json!({ "status": "away" })),
        ("typing:start", For::Members, typing),
        ("typing:stop", For::Members, json!({ "chatId": chat })),
    ]
}

/// What the server says of itself, and whom it is for.
const SAID: [(&str, For); 19] = [
    ("auth:expired", For::SignedIn),
    ("auth:expiring", For::SignedIn),
    ("server:draining", For::SignedIn),
    ("session:revoked", For::SignedIn),
    ("me:updated", For::SignedIn),
    ("contact:request", For::SignedIn),
    ("presence:update", For::SignedIn),
    ("chat:removed", For::SignedIn),
    ("join:decided", For::SignedIn),
    ("join:requested", For::Admins),
    ("chat:new", For::Members),
    ("chat:updated", For::Members),
    ("msg:new", For::Members),
    ("msg:updated", For::Members),
    ("msg:queued", For::SenderOnly),
    ("msg:failed", For::SenderOnly),
    ("status:delivered", For::Members),
    ("status:read", For::Members),
    ("typing:update", For::Members),
];

/// The names of all events that the server is to `receive` or to `send`.
fn documented_events(action: &str) -> Vec<String> {
    let document = asyncapi();
    let operations = document["operations"].as_object().unwrap();
    let ours = operations.iter().filter(|(_, operation)| operation["action"] == action);
    ours.map(|(key, _)| {
        document["components"]["messages"][key]["name"].as_str().unwrap().to_owned()
    })
    .collect()
}

#[tokio::test]
async fn s7_every_event_for_everybody() {
    let app = TestApp::start().await;
    let place = Place::new(&app, 0).await;
    let mut left = documented_events("receive");
    assert!(left.len() > 10, "{left:?}");
    let mut cases = 0;
    let mut outside = [place.people.outsider.connect().await, place.people.former.connect().await];
    for (who, api) in &place.people.apis {
        if matches!(who, Who::Banned | Who::SignedOut) {
            continue;
        }
        let token = token_of(&place, *who, &app).await;
        let socket = Client::connect(api.host(), &token, &nexus_client::NAMESPACES).await.unwrap();
        for (event, rule, payload) in events(&place) {
            left.retain(|known| known != event);
            let answer = socket.call(event, &payload).await;
            let found = match &answer {
                Ok(_) => Outcome::LetIn,
                Err(err) => match err.refused().expect("an answer").code.as_str() {
                    "not_found" => Outcome::NotThere,
                    "forbidden" => Outcome::Forbidden,
                    _ => Outcome::LetIn,
                },
            };
            assert_eq!(found, rule.outcome(*who), "{who:?}: {event}: {answer:?}");
            if let (Ok(answer), Who::Former | Who::Outsider) = (&answer, who) {
                assert!(!answer.to_string().contains("canary"), "{who:?}: {event}: {answer}");
            }
            cases += 1;
        }
    }
    assert_eq!(left, [""; 0], "say in `events` whom these are for");
    let mut left = documented_events("send");
    left.retain(|known| SAID.iter().all(|(event, _)| event != known));
    assert_eq!(left, [""; 0], "say in `SAID` whom these are for");
    // Nothing of all that reached those who are no members.
    for (socket, person) in outside.iter_mut().zip([&place.people.outsider, &place.people.former]) {
        for event in person.heard(socket).await {
            let (_, rule) = SAID.iter().find(|(name, _)| *name == event.name).unwrap();
            assert_eq!(rule.outcome(Who::Outsider), Outcome::LetIn, "{event:?}");
            let of_the_chat = event.body.to_string().contains(&place.chat.to_string());
            assert!(!of_the_chat || event.name == "chat:removed", "{event:?}");
        }
    }
    println!("{cases} cases on events");
    assert!(cases >= 70, "{cases}");
    app.stop().await;
}

async fn token_of(place: &Place, who: Who, app: &TestApp) -> String {
    let name = match who {
        Who::Owner => return place.people.owner.access_token.clone(),
        Who::Former => return place.people.former.access_token.clone(),
        Who::Outsider => return place.people.outsider.access_token.clone(),
        Who::Member => return place.people.member.access_token.clone(),
        Who::Blocked => "blocked0",
        _ => "admin0",
    };
    app.login(name).await.access_token
}

#[tokio::test]
async fn s7_ids_inside_bodies_open_no_door() {
    let app = TestApp::start().await;
    let place = Place::new(&app, 0).await;
    for who in [&place.people.outsider, &place.people.former] {
        let mine = who.group("mine", &[&place.people.owner]).await;
        let own = who.say(mine, "mine").await.id;
        let reply = json!({ "clientId": "r", "content": "x", "replyTo": place.message });
        let mention =
            json!({ "clientId": "m", "content": "x", "mentions": [place.people.member.id] });
        let forward = json!({ "chatIds": [place.chat] });
        let both = json!({ "chatIds": [mine, place.chat] });
        for (path, body, statuses) in [
            (format!("/chats/{mine}/messages"), reply, [404, 422]),
            (format!("/chats/{mine}/messages"), mention, [422, 422]),
            (format!("/messages/{own}/forward"), forward, [404, 404]),
            (format!("/messages/{own}/forward"), both, [404, 404]),
            (
                format!("/messages/{}/forward", place.message),
                json!({ "chatIds": [mine] }),
                [404, 404],
            ),
        ] {
            let status = who.api.post(&path, &body).await.unwrap_err().status().unwrap();
            assert!(statuses.contains(&status), "{path} {body}: {status}");
        }
        let asked = json!({ "chats": { place.chat.to_string(): 0 } });
        let synced = who.api.post("/sync", asked).await.unwrap().body;
        assert_eq!(synced["removed"], json!([place.chat]));
        assert!(!synced.to_string().contains("canary"), "{synced}");
        for query in [
            format!("chatId={}&q=canary", place.chat),
            format!("senderId={}&q=canary", place.people.member.id),
        ] {
            let found = who.api.get(&format!("/search/messages?{query}")).await;
            let text = found.map_or_else(|err| err.to_string(), |answer| answer.body.to_string());
            assert!(!text.contains("canary of"), "{query}: {text}");
        }
    }
    // The place itself has stood still.
    let messages = place.people.owner.api.messages(place.chat).await.unwrap();
    assert!(messages.iter().all(|message| message.content != "mine"));
    app.stop().await;
}

/// S-14: whoever is removed while sending has nothing accepted behind the removal, and hears nothing
/// of what comes behind it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s14_nothing_is_accepted_behind_a_removal() {
    const ROUNDS: usize = 50;
    const SENDS: usize = 200;
    let app = TestApp::start().await;
    let [owner, member] = app.people(["owner", "member"]).await;
    let (mut tries, mut cut_off) = (0, 0);
    for round in 0..ROUNDS {
        let chat = owner.group(&format!("round {round}"), &[&member]).await;
        let socket = member.connect().await;
        let sends = async {
            let mut pending = Vec::new();
            for number in 0..SENDS {
                let body = json!({ "chatId": chat, "clientId": format!("{round}-{number}"),
                    "type": "text", "content": "x" });
                pending.push(socket.start("msg:send", body).answer());
            }
            let answers = futures_util::future::join_all(pending).await;
            (answers.len(), answers.iter().filter(|answer| answer.is_ok()).count())
        };
        let remove = async {
            tokio::time::sleep(std::time::Duration::from_millis(round as u64 % 25)).await;
            owner.api.delete(&format!("/chats/{chat}/members/{}", member.id)).await.unwrap();
        };
        let ((sent, accepted), ()) = tokio::join!(sends, remove);
        tries += sent;
        cut_off += usize::from(accepted > 0 && accepted < sent);
        let after = owner.say(chat, "the end").await.seq;
        let messages = owner.api.messages(chat).await.unwrap();
        let removed = messages.iter().find(|message| {
            let system = message.system.as_ref();
            system.is_some_and(|system| json!(system)["kind"] == "member_removed")
        });
        let removed = removed.unwrap_or_else(|| panic!("{messages:?}")).seq;
        let late = messages.iter().filter(|message| {
            message.sender_id == member.id && message.seq > removed && message.seq <= after
        });
        assert_eq!(late.count(), 0, "round {round}");
        eventually("the socket is out", async || {
            let body =
                json!({ "chatId": chat, "clientId": "late", "type": "text", "content": "x" });
            socket.call("msg:send", body).await.err()
        })
        .await;
    }
    println!("{tries} sends against {ROUNDS} removals, {cut_off} of them amid the sends");
    assert_eq!(tries, ROUNDS * SENDS);
    app.stop().await;
}
