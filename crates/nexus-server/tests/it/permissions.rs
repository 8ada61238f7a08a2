//! Who may what in a group, and who owns it next.

use nexus_protocol::Role;
use serde_json::{Value, json};

use crate::{
    fixture::{event_refusal, named, refusal, request, text},
    groups::group,
};

#[tokio::test]
async fn an_owner_who_leaves_is_followed_by_who_has_been_there_longest() {
    let mut group = group().await;
    for who in 0..3 {
        group.heard(who).await;
    }
    let [ann, bob, cid] = group.people.clone();
    group.role(0, 2, "admin").await.unwrap();
    group.heard(1).await;
    let leave = format!("/chats/{}/leave", group.chat);
    ann.api.post(&leave, json!({})).await.unwrap();
    let heard = group.heard(1).await;
    let told = json!({ "kind": "member_left", "userId": ann.id, "newOwnerId": cid.id });
    assert_eq!(named(&heard, "msg:new")[0]["system"], told);
    assert_eq!(cid.chat(group.chat).await.me.role, Role::Owner, "the admin");
    nexus_core::chats::leave_everything(&group.app.node.core, cid.id).await.unwrap();
    assert_eq!(bob.chat(group.chat).await.me.role, Role::Owner, "nobody else is left");
    let direct = bob.direct(&cid).await;
    nexus_core::chats::leave_everything(&group.app.node.core, bob.id).await.unwrap();
    assert_eq!(bob.api.chats().await.unwrap().len(), 1, "the group is gone");
    assert_eq!(cid.chat(direct).await.member_count, 2, "a direct chat stays with the other");
}

#[tokio::test]
async fn each_permission_holds_from_the_moment_it_is_changed() {
    let mut group = group().await;
    let [ann, bob, cid] = group.people.clone();
    let dan = group.app.person("dan").await;
    let message = bob.say(group.chat, "before").await;
    for who in 0..3 {
        group.heard(who).await;
    }
    let pin = format!("/messages/{}/pin", message.id);
    let forbidden = (403, "forbidden".to_owned());
    let permit = |may: Value| json!({ "permissions": may });
    group.patch(0, permit(json!({ "pin": "member", "editInfo": "member" }))).await.unwrap();
    let permissions =
        json!({ "send": "member", "addMembers": "admin", "editInfo": "member", "pin": "member" });
    group.all_hear(json!({ "kind": "permissions_changed", "permissions": permissions })).await;
    request(&bob.api, "PUT", &pin, Value::Null).await.unwrap();
    group.patch(1, json!({ "title": "anybody's" })).await.unwrap();
    group.patch(0, permit(json!({ "addMembers": "member", "editInfo": "admin" }))).await.unwrap();
    group.add(1, &[dan.id]).await.unwrap();
    assert_eq!(refusal(group.patch(1, json!({ "title": "mine" })).await), forbidden);

    // An announcement group: members read and react.
    group.patch(0, permit(json!({ "send": "admin" }))).await.unwrap();
    let news = ann.say(group.chat, "news").await;
    let refused = group.sockets[1].call("msg:send", text(group.chat, "me too")).await;
    assert_eq!(event_refusal(refused), "forbidden");
    let forward = format!("/messages/{}/forward", news.id);
    let refused = bob.api.post(&forward, json!({ "chatIds": [group.chat] })).await;
    assert_eq!(refusal(refused), forbidden);
    let react = format!("/messages/{}/reactions/%F0%9F%91%8D", news.id);
    request(&bob.api, "PUT", &react, Value::Null).await.unwrap();
    bob.api.post(&format!("/chats/{}/read", group.chat), json!({ "seq": news.seq })).await.unwrap();
    assert_eq!(bob.chat(group.chat).await.me.unread, 0);

    // Who deals them out.
    assert_eq!(refusal(group.patch(1, permit(json!({ "send": "member" }))).await), forbidden);
    group.role(0, 2, "admin").await.unwrap();
    group.patch(2, permit(json!({ "pin": "admin" }))).await.unwrap();
    assert_eq!(refusal(group.patch(2, permit(json!({ "pin": "owner" }))).await), forbidden);
    group.patch(0, permit(json!({ "pin": "owner" }))).await.unwrap();
    assert_eq!(refusal(group.patch(2, permit(json!({ "pin": "admin" }))).await), forbidden);
    assert_eq!(refusal(request(&cid.api, "DELETE", &pin, Value::Null).await), forbidden);
    for wrong in [json!({ "send": "king" }), json!({ "shout": "admin" })] {
        assert_eq!(refusal(group.patch(0, permit(wrong)).await), (400, "malformed".to_owned()));
    }
    let direct = ann.direct(&bob).await;
    let refused =
        ann.api.patch(&format!("/chats/{direct}"), permit(json!({ "pin": "admin" }))).await;
    assert_eq!(refusal(refused), forbidden);
}
