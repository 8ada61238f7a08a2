//! Groups: who is in, who may what, and who hears of it.

use nexus_client::{Client, Event};
use nexus_protocol::{Chat, ChatId, Members, Message, Role, UserId};
use serde_json::{Value, json};

use crate::fixture::{Person, TestApp, event_refusal, eventually, named, refusal, request, text};

/// Ann's group with Bob and Cid, and the sockets of all three.
pub struct Group {
    pub app: TestApp,
    pub people: [Person; 3],
    pub sockets: [Client; 3],
    pub chat: ChatId,
}

pub async fn group() -> Group {
    let app = TestApp::start().await;
    let people = app.people(["ann", "bob", "cid"]).await;
    let [ann, bob, cid] = &people;
    let sockets = [ann.connect().await, bob.connect().await, cid.connect().await];
    let chat = ann.group("Walk", &[bob, cid]).await;
    Group { app, people, sockets, chat }
}

impl Group {
    pub async fn heard(&mut self, who: usize) -> Vec<Event> {
        self.people[who].heard(&mut self.sockets[who]).await
    }

    /// Everybody hears this system message, and then of the chat as it is for them.
    pub async fn all_hear(&mut self, system: Value) {
        for who in 0..3 {
            let heard = self.heard(who).await;
            let news: Vec<Message> = named(&heard, "msg:new")
                .into_iter()
                .map(|body| serde_json::from_value(body).unwrap())
                .collect();
            assert_eq!(news.len(), 1, "{heard:?}");
            assert_eq!(json!(news[0].system), system);
            assert_eq!(news[0].content, "");
            let updated: Vec<Chat> = named(&heard, "chat:updated")
                .into_iter()
                .map(|body| serde_json::from_value(body).unwrap())
                .collect();
            assert_eq!(updated.last().unwrap().last_rev, news[0].rev);
            assert_eq!(
                updated.last().unwrap().me.role,
                self.people[who].chat(self.chat).await.me.role
            );
        }
    }

    pub async fn patch(
        &self,
        who: usize,
        body: Value,
    ) -> Result<nexus_client::Answer, nexus_client::Error> {
        self.people[who].api.patch(&format!("/chats/{}", self.chat), body).await
    }

    pub async fn role(
        &self,
        by: usize,
        of: usize,
        role: &str,
    ) -> Result<nexus_client::Answer, nexus_client::Error> {
        let path = format!("/chats/{}/members/{}", self.chat, self.people[of].id);
        self.people[by].api.patch(&path, json!({ "role": role })).await
    }

    pub async fn remove(
        &self,
        by: usize,
        of: usize,
    ) -> Result<nexus_client::Answer, nexus_client::Error> {
        let path = format!("/chats/{}/members/{}", self.chat, self.people[of].id);
        self.people[by].api.delete(&path).await
    }

    pub async fn add(
        &self,
        by: usize,
        users: &[UserId],
    ) -> Result<nexus_client::Answer, nexus_client::Error> {
        let path = format!("/chats/{}/members", self.chat);
        self.people[by].api.post(&path, json!({ "userIds": users })).await
    }
}

#[tokio::test]
async fn everybody_learns_of_a_new_group_before_its_first_message() {
    let mut group = group().await;
    for who in 0..3 {
        let heard = group.heard(who).await;
        assert_eq!(heard[0].name, "chat:new", "{heard:?}");
        let chat: Chat = serde_json::from_value(heard[0].body.clone()).unwrap();
        assert_eq!((chat.id, chat.title.as_str(), chat.member_count), (group.chat, "Walk", 3));
        assert_eq!(chat.me.role, if who == 0 { Role::Owner } else { Role::Member });
        let news = named(&heard, "msg:new");
        assert_eq!(news.len(), 1);
        assert_eq!(news[0]["system"], json!({ "kind": "group_created", "title": "Walk" }));
        assert_eq!((&news[0]["seq"], &news[0]["rev"]), (&json!(1), &json!(1)));
        assert_eq!(
            group.people[who].chat(group.chat).await.me.unread,
            0,
            "system messages don't count"
        );
    }
}

#[tokio::test]
async fn a_change_of_title_about_or_role_is_a_message_that_everybody_hears() {
    let mut group = group().await;
    for who in 0..3 {
        group.heard(who).await;
    }
    let [bob, cid] = [group.people[1].id, group.people[2].id];
    group.patch(0, json!({ "title": " Hike " })).await.unwrap();
    group.all_hear(json!({ "kind": "title_changed", "title": "Hike" })).await;
    group.patch(0, json!({ "about": "On Sunday" })).await.unwrap();
    group.all_hear(json!({ "kind": "about_changed", "about": "On Sunday" })).await;
    group.role(0, 1, "admin").await.unwrap();
    group.all_hear(json!({ "kind": "role_changed", "userId": bob, "role": "admin" })).await;
    group.role(0, 1, "member").await.unwrap();
    group.all_hear(json!({ "kind": "role_changed", "userId": bob, "role": "member" })).await;
    group.role(0, 2, "owner").await.unwrap();
    group.all_hear(json!({ "kind": "ownership_transferred", "userId": cid })).await;
    let chat = group.people[2].chat(group.chat).await;
    assert_eq!(
        (chat.title.as_str(), chat.about.as_str(), chat.me.role),
        ("Hike", "On Sunday", Role::Owner)
    );
    assert_eq!(group.people[0].chat(group.chat).await.me.role, Role::Admin);
    // The same title again is no change.
    group.patch(2, json!({ "title": "Hike" })).await.unwrap();
    for who in 0..3 {
        assert_eq!(named(&group.heard(who).await, "msg:new"), [Value::Null; 0]);
    }
    for wrong in [
        json!({ "title": "" }),
        json!({ "title": "x".repeat(129) }),
        json!({ "about": "x".repeat(1_001) }),
    ] {
        assert_eq!(refusal(group.patch(2, wrong.clone()).await).1, "validation", "{wrong}");
    }
}

#[tokio::test]
async fn who_is_added_gets_the_chat_and_its_history() {
    let mut group = group().await;
    let dan = group.app.person("dan").await;
    let mut dans = dan.connect().await;
    let hello = group.people[1].say(group.chat, "before Dan").await;
    for who in 0..3 {
        group.heard(who).await;
    }
    group.add(0, &[dan.id]).await.unwrap();
    group.all_hear(json!({ "kind": "members_added", "userIds": [dan.id] })).await;
    let heard = dan.heard(&mut dans).await;
    assert_eq!(heard[0].name, "chat:new", "{heard:?}");
    let chat: Chat = serde_json::from_value(heard[0].body.clone()).unwrap();
    assert_eq!((chat.member_count, chat.me.role, chat.me.unread), (4, Role::Member, 0));
    assert_eq!(named(&heard, "msg:new").len(), 1, "of the adding itself");
    let page = dan.api.messages(group.chat).await.unwrap();
    assert!(page.contains(&hello), "{page:?}");
    group.people[1].say(group.chat, "welcome").await;
    assert_eq!(dans.next("msg:new").await.unwrap()["content"], "welcome");
    assert_eq!(dan.chat(group.chat).await.me.unread, 1);
    // Once more is no change, and an unknown person is refused.
    group.add(0, &[dan.id]).await.unwrap();
    assert_eq!(dan.chat(group.chat).await.member_count, 4);
    assert_eq!(refusal(group.add(0, &[UserId(uuid::Uuid::nil())]).await).0, 404);
    assert_eq!(refusal(group.add(0, &[]).await).1, "validation");
    let members: Members = dan.get(&format!("/chats/{}/members?limit=3", group.chat)).await;
    assert_eq!(members.members.len(), 3);
    let rest: Members = dan
        .get(&format!("/chats/{}/members?cursor={}", group.chat, members.next_cursor.unwrap()))
        .await;
    assert_eq!((rest.members.len(), rest.next_cursor), (1, None));
}

#[tokio::test]
async fn who_leaves_is_gone_and_the_others_are_told() {
    let mut group = group().await;
    for who in 0..3 {
        group.heard(who).await;
    }
    let [ann, bob, cid] = group.people.clone();
    let leave = format!("/chats/{}/leave", group.chat);
    bob.api.post(&leave, json!({})).await.unwrap();
    let heard = group.heard(1).await;
    let removed = named(&heard, "chat:removed");
    assert_eq!(removed, [json!({ "chatId": group.chat, "reason": "left" })]);
    for who in [0, 2] {
        let heard = group.heard(who).await;
        let system = &named(&heard, "msg:new")[0]["system"];
        assert_eq!(*system, json!({ "kind": "member_left", "userId": bob.id }));
    }
    group.remove(0, 2).await.unwrap();
    let heard = group.heard(2).await;
    assert_eq!(
        named(&heard, "chat:removed"),
        [json!({ "chatId": group.chat, "reason": "removed" })]
    );
    assert_eq!(named(&heard, "msg:new"), [Value::Null; 0]);
    let heard = group.heard(0).await;
    assert_eq!(
        named(&heard, "msg:new")[0]["system"],
        json!({ "kind": "member_removed", "userId": cid.id })
    );
    // The last one takes the chat along.
    ann.api.post(&leave, json!({})).await.unwrap();
    assert_eq!(refusal(ann.api.get(&format!("/chats/{}", group.chat)).await).0, 404);
    assert_eq!(ann.api.chats().await.unwrap(), []);
}

#[tokio::test]
async fn a_deleted_group_is_gone_for_everybody() {
    let mut group = group().await;
    let message = group.people[1].say(group.chat, "soon gone").await;
    for who in 0..3 {
        group.heard(who).await;
    }
    let path = format!("/chats/{}", group.chat);
    assert_eq!(refusal(group.people[1].api.delete(&path).await).0, 403);
    group.people[0].api.delete(&path).await.unwrap();
    for who in 0..3 {
        let heard = group.heard(who).await;
        assert_eq!(
            named(&heard, "chat:removed"),
            [json!({ "chatId": group.chat, "reason": "deleted" })]
        );
        let api = &group.people[who].api;
        assert_eq!(refusal(api.get(&path).await).0, 404);
        assert_eq!(refusal(api.get(&format!("/messages/{}", message.id)).await).0, 404);
    }
}

#[tokio::test]
async fn a_member_may_write_and_nothing_more() {
    let mut group = group().await;
    let dan = group.app.person("dan").await;
    let forbidden = (403, "forbidden".to_owned());
    assert_eq!(refusal(group.patch(1, json!({ "title": "mine" })).await), forbidden);
    assert_eq!(refusal(group.patch(1, json!({ "about": "mine" })).await), forbidden);
    assert_eq!(refusal(group.add(1, &[dan.id]).await), forbidden);
    assert_eq!(refusal(group.remove(1, 2).await), forbidden);
    assert_eq!(refusal(group.role(1, 2, "admin").await), forbidden);
    assert_eq!(refusal(group.role(1, 1, "admin").await), forbidden);
    assert_eq!(refusal(group.role(1, 1, "owner").await), forbidden);
    let message = group.people[1].say(group.chat, "hello").await;
    let pin = format!("/messages/{}/pin", message.id);
    assert_eq!(refusal(request(&group.people[1].api, "PUT", &pin, Value::Null).await), forbidden);

    // An admin may more, but not above or beside themselves.
    group.role(0, 1, "admin").await.unwrap();
    assert_eq!(refusal(group.role(1, 0, "member").await), forbidden);
    assert_eq!(refusal(group.remove(1, 0).await), forbidden);
    assert_eq!(refusal(group.role(1, 2, "owner").await), forbidden);
    assert_eq!(
        refusal(group.people[1].api.delete(&format!("/chats/{}", group.chat)).await),
        forbidden
    );
    group.patch(1, json!({ "title": "ours" })).await.unwrap();
    group.add(1, &[dan.id]).await.unwrap();
    request(&group.people[1].api, "PUT", &pin, Value::Null).await.unwrap();
    group.remove(1, 2).await.unwrap();
    let heard = group.heard(2).await;
    assert_eq!(named(&heard, "chat:removed").len(), 1);
}

/// Kept and done later, when its author may, it would be a surprise; and it would never be deleted.
#[tokio::test]
async fn a_refused_change_is_answered_and_over() {
    let group = group().await;
    let mut socket = group.people[1].connect().await;
    assert_eq!(refusal(group.patch(1, json!({ "title": "mine" })).await).0, 403);
    assert_eq!(refusal(group.remove(1, 2).await).0, 403);
    let dan = group.app.person("dan").await;
    let path = format!("/chats/{}/members/{}", group.chat, dan.id);
    let answer = group.people[0].api.patch(&path, json!({ "role": "admin" })).await.unwrap_err();
    assert!(answer.to_string().contains("member not found"), "{answer}");
    let stats = eventually("the queue is empty", async || {
        let stats = group.app.node.core.queue.stats().await.unwrap();
        (stats.depth == 0).then_some(stats)
    })
    .await;
    assert_eq!(stats.dead, 0);
    let heard = group.people[1].heard(&mut socket).await;
    assert!(named(&heard, "msg:failed").is_empty(), "the answer was told by the request");
}

#[tokio::test]
async fn a_group_holds_1024_people() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let crowd = app.crowd(1_025).await;
    let too_many = ann.api.create_group("all", crowd[..1_024].to_vec()).await;
    assert_eq!(refusal(too_many), (422, "validation".to_owned()));
    let chat = ann.api.create_group("all", crowd[..1_022].to_vec()).await.unwrap();
    assert_eq!((chat.member_count, chat.receipts.len()), (1_023, 0), "too many for receipts");
    let path = format!("/chats/{}/members", chat.id);
    let two = ann.api.post(&path, json!({ "userIds": [crowd[1_022], crowd[1_023]] })).await;
    assert_eq!(refusal(two), (409, "conflict".to_owned()));
    let one = ann.api.post(&path, json!({ "userIds": [crowd[1_022]] })).await.unwrap();
    assert_eq!(one.body["chat"]["memberCount"], 1_024);
}

#[tokio::test]
async fn a_stranger_cannot_tell_whether_the_chat_exists() {
    let group = group().await;
    let [ann, bob, _] = &group.people;
    let eve = group.app.person("eve").await;
    let message = ann.say(group.chat, "not for Eve").await;
    let own = eve.direct(ann).await;
    let socket = eve.connect().await;
    for (chat, message) in [
        (group.chat.to_string(), message.id.to_string()),
        (uuid::Uuid::nil().to_string(), uuid::Uuid::nil().to_string()),
    ] {
        let (c, m) = (format!("/chats/{chat}"), format!("/messages/{message}"));
        for (method, path, body) in [
            ("GET", c.clone(), Value::Null),
            ("PATCH", c.clone(), json!({ "title": "x" })),
            ("DELETE", c.clone(), Value::Null),
            ("GET", format!("{c}/members"), Value::Null),
            ("POST", format!("{c}/members"), json!({ "userIds": [eve.id] })),
            ("PATCH", format!("{c}/members/{}", bob.id), json!({ "role": "admin" })),
            ("PATCH", format!("{c}/members/{}", eve.id), json!({ "role": "owner" })),
            ("DELETE", format!("{c}/members/{}", bob.id), Value::Null),
            ("DELETE", format!("{c}/members/{}", eve.id), Value::Null),
            ("POST", format!("{c}/leave"), json!({})),
            ("PATCH", format!("{c}/me"), json!({ "pinned": true })),
            ("POST", format!("{c}/read"), json!({ "seq": 1 })),
            ("GET", format!("{c}/messages"), Value::Null),
            ("POST", format!("{c}/messages"), json!({ "clientId": "e", "content": "let me in" })),
            ("GET", m.clone(), Value::Null),
            ("PATCH", m.clone(), json!({ "content": "mine" })),
            ("DELETE", format!("{m}?scope=all"), Value::Null),
            ("DELETE", format!("{m}?scope=me"), Value::Null),
            ("PUT", format!("{m}/reactions/%F0%9F%91%8D"), Value::Null),
            ("DELETE", format!("{m}/reactions/%F0%9F%91%8D"), Value::Null),
            ("GET", format!("{m}/receipts"), Value::Null),
            ("GET", format!("{m}/history"), Value::Null),
            ("GET", format!("{m}/ledger"), Value::Null),
            ("PUT", format!("{m}/pin"), Value::Null),
            ("DELETE", format!("{m}/pin"), Value::Null),
            ("PUT", format!("{m}/star"), Value::Null),
            ("DELETE", format!("{m}/star"), Value::Null),
            ("POST", format!("{m}/forward"), json!({ "chatIds": [own] })),
            ("POST", format!("{m}/retry"), Value::Null),
            ("GET", format!("/search/messages?q=not&chatId={chat}"), Value::Null),
        ] {
            let refused = request(&eve.api, method, &path, body).await;
            assert_eq!(refusal(refused), (404, "not_found".to_owned()), "{method} {path}");
        }
        for (event, body) in [
            ("msg:send", json!({ "chatId": chat, "clientId": "e", "content": "let me in" })),
            ("msg:edit", json!({ "id": message, "content": "mine" })),
            ("msg:delete", json!({ "id": message, "scope": "all" })),
            ("msg:delete", json!({ "id": message, "scope": "me" })),
            ("msg:react", json!({ "id": message, "emoji": "👍", "on": true })),
            ("msg:delivered", json!({ "chatId": chat, "seq": 1 })),
            ("msg:read", json!({ "chatId": chat, "messageId": message })),
            ("typing:start", json!({ "chatId": chat })),
            ("typing:stop", json!({ "chatId": chat })),
        ] {
            let refused = socket.call(event, &body).await;
            assert_eq!(event_refusal(refused), "not_found", "{event} {body}");
        }
        let mut reply = text(own, "quoting");
        reply.reply_to = Some(message.parse().unwrap());
        assert_eq!(event_refusal(socket.call("msg:send", reply).await), "not_found");
        let outbox = json!([{ "chatId": chat, "clientId": "e", "content": "let me in" }]);
        let answers = socket.call("msg:send", outbox).await.unwrap();
        assert_eq!(answers[0]["error"]["code"], "not_found");
        let synced = socket.call("sync", json!({ "chats": { chat.clone(): 0 } })).await.unwrap();
        assert_eq!(
            (&synced["removed"], synced["chats"].as_array().unwrap().len()),
            (&json!([chat]), 1)
        );
    }
    assert_eq!(ann.chat(group.chat).await.last_seq, 2);
    let found = eve.api.get("/search/messages?q=not").await.unwrap().body;
    assert_eq!(found["messages"], json!([]));
}

#[tokio::test]
async fn a_removed_member_hears_nothing_more_and_finds_nothing_again() {
    let mut group = group().await;
    let [ann, bob, cid] = group.people.clone();
    let before = ann.say(group.chat, "a secret for the three").await;
    let star = format!("/messages/{}/star", before.id);
    request(&cid.api, "PUT", &star, Value::Null).await.unwrap();
    group.remove(0, 2).await.unwrap();
    group.heard(2).await;

    let secret = ann.say(group.chat, "a secret for the two").await;
    bob.api
        .post(&format!("/chats/{}/read", group.chat), json!({ "seq": secret.seq }))
        .await
        .unwrap();
    let typing = json!({ "chatId": group.chat });
    group.sockets[1].call("typing:start", &typing).await.unwrap();
    let edited = ann
        .api
        .patch(&format!("/messages/{}", before.id), json!({ "content": "secret still" }))
        .await;
    edited.unwrap();
    group.patch(0, json!({ "title": "two" })).await.unwrap();
    assert_eq!(group.heard(2).await, []);

    assert_eq!(refusal(cid.api.messages(group.chat).await).0, 404);
    assert_eq!(refusal(cid.api.message(before.id).await).0, 404);
    let synced = cid
        .api
        .sync(&serde_json::from_value(json!({ "chats": { group.chat.to_string(): 1 } })).unwrap())
        .await
        .unwrap();
    assert_eq!(
        (synced.removed, synced.chats.len(), synced.receipts.len()),
        (vec![group.chat], 0, 0)
    );
    for path in ["/search/messages?q=secret", "/starred"] {
        assert_eq!(cid.api.get(path).await.unwrap().body["messages"], json!([]), "{path}");
    }
    let receipts = format!("/messages/{}/receipts", before.id);
    assert_eq!(refusal(cid.api.get(&receipts).await).0, 404);
    assert_eq!(
        event_refusal(group.sockets[2].call("msg:send", text(group.chat, "hi")).await),
        "not_found"
    );
    assert_eq!(event_refusal(group.sockets[2].call("typing:start", &typing).await), "not_found");
    // A connection made afterwards is no better.
    let mut fresh = cid.connect().await;
    ann.say(group.chat, "one more").await;
    assert_eq!(cid.heard(&mut fresh).await, []);
}

#[tokio::test]
async fn who_comes_back_is_a_member_like_any_other() {
    let mut group = group().await;
    let [ann, _, cid] = group.people.clone();
    ann.say(group.chat, "with Cid").await;
    group.remove(0, 2).await.unwrap();
    let without = ann.say(group.chat, "without Cid").await;
    group.heard(2).await;
    group.add(0, &[cid.id]).await.unwrap();
    let chat: Chat =
        serde_json::from_value(group.sockets[2].next("chat:new").await.unwrap()).unwrap();
    assert_eq!((chat.me.unread, chat.me.read_seq, chat.me.role), (0, without.seq, Role::Member));
    let welcome = ann.say(group.chat, "welcome back").await;
    let heard = group.heard(2).await;
    let news = named(&heard, "msg:new");
    assert_eq!(news.last().unwrap()["id"], json!(welcome.id), "{heard:?}");
    cid.say(group.chat, "thanks").await;
    assert_eq!(cid.chat(group.chat).await.me.unread, 1);
}
