//! A group, and everybody there is around it.

use nexus_client::Api;
use nexus_protocol::{ChatId, MessageId, UserRole};
use serde_json::{Value, json};

use super::rules::Who;
use crate::fixture::{Person, TestApp};

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
    pub other: Person,
    pub banned: Person,
    pub session: String,
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
        let path = path.replace("{provider}", "example");
        path.replace("{emoji}", "%F0%9F%91%8D").replace("{code}", &self.code)
    }
}
