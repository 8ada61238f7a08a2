//! What the server says of itself: who hears each event, role by role.

use std::collections::BTreeMap;

use nexus_client::Client;
use nexus_core::ops::{NewMessage, Op, OpKind};
use nexus_protocol::OpId;
use serde_json::json;

use super::{
    place::Place,
    rules::{For, Outcome, SAID, Who},
};
use crate::fixture::{Person, TestApp, text};

struct Ear<'a> {
    who: Who,
    person: &'a Person,
    socket: Client,
}

async fn ears(place: &Place) -> Vec<Ear<'_>> {
    let people = &place.people;
    let mut ears = Vec::new();
    for (who, person) in [
        (Who::Owner, &people.owner),
        (Who::Admin, &people.admin),
        (Who::Member, &people.member),
        (Who::Former, &people.former),
        (Who::Outsider, &people.outsider),
        (Who::Blocked, &people.blocked),
    ] {
        ears.push(Ear { who, person, socket: person.connect().await });
    }
    ears
}

/// Something of each kind happens in the group; what the sender hears of failing comes last.
async fn happens(app: &TestApp, place: &Place, ears: &mut [Ear<'_>]) {
    let (people, chat) = (&place.people, place.chat);
    let path = format!("/chats/{chat}");
    people.owner.group("canary of another", &[&people.admin, &people.member]).await;
    people.owner.api.patch(&path, json!({ "about": "canary of a group" })).await.unwrap();
    let asking = json!({ "requiresApproval": true });
    let link = people.owner.api.post(&format!("{path}/invites"), asking).await.unwrap().body;
    let join = format!("/invites/{}/join", link["invite"]["code"].as_str().unwrap());
    people.things.keeper.api.post(&join, json!({})).await.unwrap();
    let [_, admin, member, ..] = ears else { panic!("all are there") };
    let mine = member.socket.call("msg:send", text(chat, "canary")).await.unwrap();
    let id = serde_json::from_value(mine["id"].clone()).unwrap();
    let seq = people.member.committed(id).await.seq;
    let edit = json!({ "content": "canary of an edit" });
    people.member.api.patch(&format!("/messages/{id}"), edit).await.unwrap();
    let seen = json!({ "chatId": chat, "seq": seq });
    for (event, body) in [
        ("msg:delivered", seen.clone()),
        ("msg:read", seen),
        ("typing:start", json!({ "chatId": chat, "kind": "text" })),
    ] {
        admin.socket.call(event, body).await.unwrap();
    }
    let name = json!({ "displayName": "canary of a name" });
    people.member.api.patch("/users/me", name).await.unwrap();

    let closed = json!({ "permissions": { "send": "admin" } });
    people.owner.api.patch(&path, closed).await.unwrap();
    let core = &app.node.core;
    let late = Op {
        id: OpId(core.ids.uuid()),
        chat,
        actor: people.member.id,
        queued_at: core.clock.now(),
        awaited: false,
        kind: OpKind::Send(NewMessage {
            client_id: "late".to_owned(),
            content: "canary come too late".to_owned(),
            reply_to: None,
            forwarded: false,
            mentions: Vec::new(),
        }),
    };
    core.queue.push_one(late).await.unwrap();
}

#[tokio::test]
async fn s7_each_event_is_heard_by_those_it_is_for() {
    let app = TestApp::start().await;
    let place = Place::new(&app, 0).await;
    let mut ears = ears(&place).await;
    happens(&app, &place, &mut ears).await;
    let mut heard: BTreeMap<String, Vec<Who>> = BTreeMap::new();
    let failed = ears[2].socket.next("msg:failed").await.unwrap();
    assert_eq!(failed["clientId"], "late");
    heard.entry("msg:failed".to_owned()).or_default().push(Who::Member);
    for Ear { who, person, socket } in &mut ears {
        for event in person.all_heard(socket).await {
            let (_, rule) = SAID.iter().find(|(name, _)| *name == event.name).unwrap();
            assert_eq!(rule.outcome(*who), Outcome::LetIn, "{who:?}: {event:?}");
            let told = matches!(who, Who::Owner | Who::Admin | Who::Member);
            assert!(told || !event.body.to_string().contains("canary"), "{who:?}: {event:?}");
            heard.entry(event.name).or_default().push(*who);
        }
    }
    // Nobody for whom it is was left out, but who did it.
    for (event, rule) in SAID.iter().filter(|(_, rule)| *rule != For::SignedIn) {
        let ears = heard.get(*event).map_or(&[][..], Vec::as_slice);
        for who in [Who::Owner, Who::Admin, Who::Member] {
            let did_it = match *event {
                "typing:update" | "status:delivered" | "status:read" => who == Who::Admin,
                _ => false,
            };
            let hears = ears.contains(&who) || did_it || rule.outcome(who) != Outcome::LetIn;
            assert!(hears, "{who:?} has not heard {event}: {ears:?}");
        }
    }
    app.stop().await;
}
