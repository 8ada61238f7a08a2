//! The rules: whom each route and each event is for.

use std::sync::LazyLock;

use nexus_server::{http::openapi::openapi, socket::asyncapi};
use serde_json::{Value, json};

use super::place::Place;
use crate::fixture::PASSWORD;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
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

pub const EVERYBODY: [Who; 8] = [
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
pub const SPENT: [(&str, &str); 10] = [
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
pub enum For {
    /// Anybody, also without an account: to each of them comes this status.
    All(u16),
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
pub enum Outcome {
    /// Past the door; what it asks for may still be nonsense.
    LetIn,
    SignIn,
    Forbidden,
    /// As if it did not exist.
    NotThere,
}

impl For {
    pub fn outcome(self, who: Who) -> Outcome {
        use Outcome::{Forbidden, LetIn, NotThere, SignIn};
        match (self, who) {
            (For::All(_), _) => LetIn,
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
pub fn routes(place: &Place) -> Vec<(&'static str, &'static str, For, Value)> {
    let (chat, one) = (place.chat, place.people.other.id);
    let send = json!({ "clientId": "access", "content": "x" });
    let none = Value::Null;
    let routes = vec![
        ("post", "/auth/signup", For::All(400), json!({})),
        ("post", "/auth/login", For::All(400), json!({})),
        ("post", "/auth/refresh", For::All(401), json!({ "refreshToken": "x" })),
        ("get", "/auth/sessions", For::SignedIn, none.clone()),
        ("delete", "/auth/sessions/{id}", For::Self_, none.clone()),
        ("get", "/users/me", For::SignedIn, none.clone()),
        ("patch", "/users/me", For::SignedIn, json!({ "about": "x" })),
        ("get", "/users/me/settings", For::SignedIn, none.clone()),
        ("patch", "/users/me/settings", For::SignedIn, json!({})),
        ("post", "/users/me/export", For::SignedIn, none.clone()),
        ("get", "/users/me/export", For::SignedIn, none.clone()),
        ("get", "/users/me/export/{id}/content", For::Self_, none.clone()),
        ("get", "/users/{id}", For::SignedIn, none.clone()),
        ("get", "/users?query=owner", For::SignedIn, none.clone()),
        ("post", "/auth/change-password", For::SignedIn, json!({})),
        ("post", "/auth/forgot-password", For::All(202), json!({ "email": "x@example.com" })),
        ("post", "/auth/reset-password", For::All(400), json!({})),
        ("post", "/auth/verify-email", For::All(410), json!({ "token": "x" })),
        ("post", "/auth/confirm-email", For::All(410), json!({ "token": "x" })),
        ("post", "/auth/revert-email", For::All(410), json!({ "token": "x" })),
        ("post", "/auth/resend-verification", For::SignedIn, none.clone()),
        ("post", "/auth/change-email", For::SignedIn, json!({ "password": PASSWORD })),
        ("post", "/auth/step-up", For::SignedIn, json!({ "password": PASSWORD })),
        ("post", "/auth/totp/setup", For::SignedIn, json!({ "password": PASSWORD })),
        ("post", "/auth/totp/enable", For::SignedIn, json!({ "code": "x" })),
        ("post", "/auth/totp/disable", For::SignedIn, json!({ "password": PASSWORD })),
        ("post", "/auth/totp/recovery-codes", For::SignedIn, json!({ "password": PASSWORD })),
        ("get", "/auth/passkeys", For::SignedIn, none.clone()),
        ("patch", "/auth/passkeys/{id}", For::Self_, json!({ "name": "x" })),
        ("delete", "/auth/passkeys/{id}", For::Self_, none.clone()),
        ("post", "/auth/passkeys/register/start", For::SignedIn, json!({ "password": PASSWORD })),
        ("post", "/auth/passkeys/register/finish", For::SignedIn, json!({})),
        ("post", "/auth/passkeys/login/start", For::All(200), none.clone()),
        ("post", "/auth/passkeys/login/finish", For::All(400), json!({})),
        ("post", "/auth/passkeys/step-up", For::SignedIn, none.clone()),
        ("post", "/auth/oidc/{provider}/start", For::All(404), json!({})),
        ("get", "/auth/oidc/{provider}/callback", For::All(303), none.clone()),
        ("post", "/auth/oidc/ticket", For::All(410), json!({ "ticket": "x" })),
        ("post", "/auth/oidc/login", For::All(410), json!({ "ticket": "x" })),
        ("post", "/auth/oidc/signup", For::All(410), json!({ "ticket": "x", "username": "x" })),
        ("get", "/auth/oidc/links", For::SignedIn, none.clone()),
        ("post", "/auth/oidc/links", For::SignedIn, json!({ "ticket": "x" })),
        ("delete", "/auth/oidc/links/{provider}", For::Self_, none.clone()),
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
        ("get", "/chats/{id}/pins", For::Members, none.clone()),
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
        ("post", "/webhooks/sendgrid", For::All(404), json!([])),
        ("post", "/unsubscribe", For::All(410), json!({ "token": "x" })),
        ("get", "/unsubscribe?token=x", For::All(303), none.clone()),
        ("get", "/starred", For::SignedIn, none.clone()),
        ("get", "/search/messages?q=canary", For::SignedIn, none.clone()),
        ("post", "/sync", For::SignedIn, json!({ "chats": { chat.to_string(): 0 } })),
        ("post", "/reports", For::SignedIn, json!({ "userId": one, "reason": "spam" })),
        ("get", "/announcements", For::SignedIn, none.clone()),
        ("post", "/announcements/{id}/dismiss", For::Self_, none.clone()),
        // Behind all others: who comes in by a link stays, and who is signed out is so.
        ("get", "/invites/{code}", For::Invited, none.clone()),
        ("post", "/invites/{code}/join", For::Joiners, none.clone()),
        // Who came in by a link, and who is signed out, is so from here on.
        // They are to go on.
        ("delete", "/users/me", For::SignedIn, json!({ "messages": "keep", "password": "x" })),
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
pub static DOCUMENTED: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let document = json!(openapi());
    let paths = document["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, item)| {
            let path = path.strip_prefix("/api/v1").unwrap().to_owned();
            item.as_object().unwrap().keys().map(move |method| (method.clone(), path.clone()))
        })
        .collect()
});

/// Event, whom it is for, and a payload.
pub fn events(place: &Place) -> Vec<(&'static str, For, Value)> {
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
pub const SAID: [(&str, For); 22] = [
    ("auth:expired", For::SignedIn),
    ("auth:expiring", For::SignedIn),
    ("server:draining", For::SignedIn),
    ("announcement:new", For::SignedIn),
    ("announcement:withdrawn", For::SignedIn),
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
    ("user:updated", For::Members),
];

/// The names of all events that the server is to `receive` or to `send`.
pub fn documented_events(action: &str) -> Vec<String> {
    let document = asyncapi();
    let operations = document["operations"].as_object().unwrap();
    let ours = operations.iter().filter(|(_, operation)| operation["action"] == action);
    ours.map(|(key, _)| {
        document["components"]["messages"][key]["name"].as_str().unwrap().to_owned()
    })
    .collect()
}
