//! A group, and everybody there is around it.

use nexus_client::Api;
use nexus_protocol::{ChatId, MessageId, UserId, UserRole};
use serde_json::{Value, json};

use super::rules::Who;
use crate::{
    authenticator::Authenticator,
    fixture::{PASSWORD, Person, TestApp, eventually},
};

const TITLE: &str = "canary of a title";
const CONTENT: &str = "canary of a message";

/// Everybody who has to do with a group.
pub struct People {
    pub apis: Vec<(Who, Api)>,
    pub owner: Person,
    pub admin: Person,
    pub member: Person,
    pub former: Person,
    pub outsider: Person,
    pub blocked: Person,
    pub other: Person,
    pub banned: Person,
    pub things: Things,
}

/// What somebody has that is nobody else's: an id of each kind.
pub struct Things {
    pub keeper: Person,
    session: String,
    passkey: String,
    export: String,
    /// From somebody who asks to become a contact.
    request: String,
    warning: String,
    /// Of the keeper, and dealt with.
    report: String,
    pub contact: UserId,
}

impl Things {
    pub async fn of(app: &TestApp, count: usize) -> Things {
        let names = ["keeper", "asker", "known"].map(|who| format!("{who}{count}"));
        let [keeper, asker, contact] = app.people(names.each_ref().map(String::as_str)).await;
        let shut = json!({ "privacy": {
            "whoCanMessage": "contacts", "whoCanAddToGroups": "contacts", "about": "contacts",
        } });
        keeper.api.patch("/users/me/settings", shut).await.unwrap();
        let known = json!({ "userId": contact.id, "nickname": "canary of a nickname" });
        keeper.api.post("/contacts", known).await.unwrap();
        let ask = json!({ "userId": keeper.id, "note": "canary of a note" });
        let asked = asker.api.post("/contacts", ask).await.unwrap().body;
        let report = json!({ "userId": keeper.id, "reason": "spam", "note": "canary of a report" });
        asker.api.post("/reports", report).await.unwrap();
        let judge = app.staff(&format!("judge{count}"), UserRole::Admin).await;
        let mut phone = Authenticator::new();
        let proof = json!({ "password": PASSWORD });
        keeper.api.post("/auth/step-up", &proof).await.unwrap();
        let options = keeper.api.post("/auth/passkeys/register/start", proof).await.unwrap().body;
        let made = json!({ "name": "canary", "credential": phone.create(&options) });
        let made = keeper.api.post("/auth/passkeys/register/finish", made).await.unwrap().body;
        keeper.api.post("/users/me/export", json!({})).await.unwrap();
        let export = eventually("the export is written", async || {
            let export = keeper.get::<Value>("/users/me/export").await;
            (export["export"]["state"] == "ready").then_some(export)
        })
        .await;
        app.login(&format!("keeper{count}")).await;
        let report = first_of(&judge, "/admin/reports", "/reports/0/id").await;
        let warning = json!({ "action": "warn", "reason": "canary of a warning" });
        judge.api.post(&format!("/admin/reports/{report}/resolve"), warning).await.unwrap();
        Things {
            session: first_of(&keeper, "/auth/sessions", "/sessions/0/id").await,
            passkey: id_at(&made, "/id"),
            export: id_at(&export, "/export/id"),
            request: id_at(&asked, "/request/id"),
            warning: first_of(&keeper, "/announcements", "/announcements/0/id").await,
            report,
            contact: contact.id,
            keeper,
        }
    }

    /// The address of what is the keeper's.
    pub fn path(&self, route: &str) -> String {
        let id = match route.split("/{id}").next().unwrap() {
            "/auth/sessions" => &self.session,
            "/auth/passkeys" => &self.passkey,
            "/users/me/export" => &self.export,
            "/contacts/requests" => &self.request,
            "/announcements" | "/admin/announcements" => &self.warning,
            "/admin/reports" => &self.report,
            _ => return route.to_owned(),
        };
        route.replace("{id}", id)
    }
}

impl People {
    pub async fn new(app: &TestApp, count: usize) -> People {
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
        let about = json!({ "about": "canary of a person" });
        owner.api.patch("/users/me", about).await.unwrap();
        let quiet = json!({ "privacy": { "about": "contacts" } });
        owner.api.patch("/users/me/settings", quiet).await.unwrap();
        let apis = vec![
            (Who::Owner, owner.api.clone()),
            (Who::Admin, admin.api.clone()),
            (Who::Member, member.api.clone()),
            (Who::Former, former.api.clone()),
            (Who::Outsider, outsider.api.clone()),
            (Who::Blocked, blocked.api.clone()),
            (Who::Banned, banned.api.clone()),
            (Who::SignedOut, app.api.clone()),
        ];
        let things = Things::of(app, count).await;
        People { apis, owner, admin, member, former, outsider, blocked, other, banned, things }
    }
}

fn id_at(body: &Value, place: &str) -> String {
    body.pointer(place).unwrap().as_str().unwrap().to_owned()
}

async fn first_of(person: &Person, path: &str, place: &str) -> String {
    id_at(&person.get(path).await, place)
}

/// A group of theirs with a message in it, and the code of a link into it.
pub struct Place {
    pub people: People,
    pub chat: ChatId,
    pub message: MessageId,
    pub code: String,
}

impl Place {
    pub async fn new(app: &TestApp, count: usize) -> Place {
        Place::of(People::new(app, count).await).await
    }

    pub async fn of(people: People) -> Place {
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

    pub fn api(&self, who: Who) -> &Api {
        &self.people.apis.iter().find(|(one, _)| *one == who).unwrap().1
    }

    /// The address with real ids in it, of things that the caller may know of or not.
    pub fn path(&self, route: &str) -> String {
        let id = match route.split('/').nth(1).unwrap() {
            "chats" => self.chat.to_string(),
            "messages" => self.message.to_string(),
            _ => self.people.owner.id.to_string(),
        };
        let user = match route {
            route if route.contains("join-requests") => self.people.other.id,
            // The keeper's, who has given them a name.
            "/contacts/{userId}" => self.people.things.contact,
            // One of whom no caller is: everybody may remove themselves.
            route if route.starts_with("/chats/") => self.people.banned.id,
            _ => self.people.member.id,
        };
        let path = self
            .people
            .things
            .path(route)
            .replace("{id}", &id)
            .replace("{userId}", &user.to_string());
        let path = path.replace("{provider}", "example");
        path.replace("{emoji}", "%F0%9F%91%8D").replace("{code}", &self.code)
    }
}
