//! Links into a group: who makes them, who gets in, and who has to ask.

use std::time::Duration;

use nexus_protocol::{Chat, ChatId, Invite, InvitePreview, Role};
use nexus_server::config::Rate;
use serde_json::{Value, json};

use crate::fixture::{Person, TestApp, named, refusal};

async fn invite(by: &Person, chat: ChatId, wish: Value) -> Invite {
    let made = by.api.post(&format!("/chats/{chat}/invites"), wish).await.unwrap();
    assert_eq!(made.status, 201);
    serde_json::from_value(made.body["invite"].clone()).unwrap()
}

async fn preview(who: &Person, code: &str) -> Result<InvitePreview, nexus_client::Error> {
    let shown = who.api.get(&format!("/invites/{code}")).await?;
    Ok(serde_json::from_value(shown.body["invite"].clone()).unwrap())
}

async fn join(who: &Person, code: &str) -> Result<nexus_client::Answer, nexus_client::Error> {
    who.api.post(&format!("/invites/{code}/join"), json!({})).await
}

fn gone() -> (u16, String) {
    (410, "gone".to_owned())
}

#[tokio::test]
async fn a_link_shows_the_group_and_lets_people_in() {
    let app = TestApp::start().await;
    let [ann, bob, cid] = app.people(["ann", "bob", "cid"]).await;
    let chat = ann.group("Walk", &[&bob]).await;
    let link = invite(&ann, chat, json!({ "maxUses": 2, "expiresInSecs": 3600 })).await;
    assert_eq!((link.code.len(), link.uses, link.uses_left), (24, 0, Some(2)));
    let other = invite(&ann, chat, json!({})).await;
    assert_ne!(link.code, other.code);

    let shown = preview(&cid, &link.code).await.unwrap();
    assert_eq!((shown.title.as_str(), shown.member_count, shown.chat_id), ("Walk", 2, None));
    assert_eq!(refusal(app.api.get(&format!("/invites/{}", link.code)).await).0, 401);
    for wrong in ["x", &link.code[..23], "%25", &"a".repeat(300)] {
        assert_eq!(refusal(preview(&cid, wrong).await), (404, "not_found".to_owned()), "{wrong}");
    }

    let (mut anns, mut cids) = (ann.connect().await, cid.connect().await);
    let joined = join(&cid, &link.code).await.unwrap();
    assert_eq!((joined.status, &joined.body["status"]), (200, &json!("joined")));
    assert_eq!(joined.body["chat"]["memberCount"], 3);
    let heard = ann.heard(&mut anns).await;
    let told = json!({ "kind": "member_joined", "userId": cid.id, "inviterId": ann.id });
    assert_eq!(named(&heard, "msg:new")[0]["system"], told);
    let heard = cid.heard(&mut cids).await;
    assert_eq!(heard[0].name, "chat:new", "{heard:?}");
    let again = join(&cid, &link.code).await.unwrap();
    assert_eq!(again.status, 200);
    assert_eq!(preview(&cid, &link.code).await.unwrap().chat_id, Some(chat));
    let listed = ann.api.get(&format!("/chats/{chat}/invites")).await.unwrap().body;
    let uses: Vec<_> =
        listed["invites"].as_array().unwrap().iter().map(|one| &one["uses"]).collect();
    assert_eq!(uses.len(), 2);
    assert!(uses.contains(&&json!(1)), "{listed}");
    assert_eq!(cid.chat(chat).await.me.role, Role::Member);
}

#[tokio::test]
async fn fifty_who_come_at_once_by_a_link_for_five_are_five() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    let chat = ann.group("Few", &[]).await;
    let link = invite(&ann, chat, json!({ "maxUses": 5 })).await;
    let mut crowd = Vec::new();
    for n in 0..50 {
        crowd.push(app.person(&format!("guest{n}")).await);
    }
    let answers =
        futures_util::future::join_all(crowd.iter().map(|one| join(one, &link.code))).await;
    let (joined, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!(joined.len(), 5);
    for answer in refused {
        assert_eq!(refusal(answer), gone());
    }
    assert_eq!(ann.chat(chat).await.member_count, 6);
    assert_eq!(refusal(preview(&app.person("late").await, &link.code).await), gone());
}

#[tokio::test]
async fn a_link_ends_by_time_by_revocation_and_with_its_maker() {
    let app = TestApp::start().await;
    let [ann, bob, cid] = app.people(["ann", "bob", "cid"]).await;
    let chat = ann.group("Walk", &[&bob]).await;
    let path = format!("/chats/{chat}/members/{}", bob.id);
    ann.api.patch(&path, json!({ "role": "admin" })).await.unwrap();
    let short = invite(&ann, chat, json!({ "expiresInSecs": 60 })).await;
    let revoked = invite(&ann, chat, json!({})).await;
    let bobs = invite(&bob, chat, json!({})).await;
    app.clock.advance(Duration::from_secs(61));
    bob.api.delete(&format!("/chats/{chat}/invites/{}", revoked.code)).await.unwrap();
    let listed = ann.api.get(&format!("/chats/{chat}/invites")).await.unwrap().body;
    assert_eq!(listed["invites"].as_array().unwrap().len(), 1, "{listed}");
    ann.api.patch(&path, json!({ "role": "member" })).await.unwrap();
    for code in [&short.code, &revoked.code, &bobs.code] {
        assert_eq!(refusal(preview(&cid, code).await), gone(), "{code}");
        assert_eq!(refusal(join(&cid, code).await), gone(), "{code}");
    }
    // Good again when its maker may again.
    ann.api.patch(&path, json!({ "role": "admin" })).await.unwrap();
    join(&cid, &bobs.code).await.unwrap();
}

#[tokio::test]
async fn only_who_may_add_members_has_to_do_with_links() {
    let app = TestApp::start().await;
    let [ann, bob, cid, eve] = app.people(["ann", "bob", "cid", "eve"]).await;
    let chat = ann.group("Walk", &[&bob, &cid]).await;
    let invites = format!("/chats/{chat}/invites");
    let anns = invite(&ann, chat, json!({})).await;
    let forbidden = (403, "forbidden".to_owned());
    let not_found = (404, "not_found".to_owned());
    let revoke = format!("{invites}/{}", anns.code);
    for (who, answer) in [(&bob, &forbidden), (&eve, &not_found)] {
        assert_eq!(&refusal(who.api.post(&invites, json!({})).await), answer);
        assert_eq!(&refusal(who.api.get(&invites).await), answer);
        assert_eq!(&refusal(who.api.delete(&revoke).await), answer);
        assert_eq!(&refusal(who.api.get(&format!("/chats/{chat}/join-requests")).await), answer);
        let approve = format!("/chats/{chat}/join-requests/{}/approve", eve.id);
        assert_eq!(&refusal(who.api.post(&approve, json!({})).await), answer);
    }
    let may = json!({ "permissions": { "addMembers": "member" } });
    ann.api.patch(&format!("/chats/{chat}"), may).await.unwrap();
    let bobs = invite(&bob, chat, json!({})).await;
    let listed = bob.api.get(&invites).await.unwrap().body;
    assert_eq!(listed["invites"].as_array().unwrap().len(), 1, "their own: {listed}");
    assert_eq!(refusal(bob.api.delete(&revoke).await), not_found);
    assert_eq!(refusal(cid.api.delete(&format!("{invites}/{}", bobs.code)).await), not_found);
    let direct = ann.direct(&bob).await;
    assert_eq!(
        refusal(ann.api.post(&format!("/chats/{direct}/invites"), json!({})).await),
        forbidden
    );
    for wrong in [
        json!({ "maxUses": 0 }),
        json!({ "maxUses": 100_001 }),
        json!({ "expiresInSecs": 59 }),
        json!({ "expiresInSecs": 31_536_001 }),
    ] {
        let refused = ann.api.post(&invites, wrong.clone()).await;
        assert_eq!(refusal(refused).1, "validation", "{wrong}");
    }
    for _ in 0..48 {
        invite(&ann, chat, json!({})).await;
    }
    assert_eq!(refusal(ann.api.post(&invites, json!({})).await), (409, "conflict".to_owned()));
}

#[tokio::test]
async fn where_it_takes_approval_people_ask_and_are_told() {
    let app = TestApp::start().await;
    let [ann, bob, cid, dan] = app.people(["ann", "bob", "cid", "dan"]).await;
    let chat = ann.group("Walk", &[&bob]).await;
    let link = invite(&ann, chat, json!({ "requiresApproval": true })).await;
    let (mut anns, mut bobs) = (ann.connect().await, bob.connect().await);
    let mut cids = cid.connect().await;
    for who in [&cid, &cid, &dan] {
        let asked = join(who, &link.code).await.unwrap();
        assert_eq!(
            (asked.status, asked.body),
            (202, json!({ "status": "requested", "chat": null }))
        );
    }
    assert!(preview(&dan, &link.code).await.unwrap().asked);
    let asked = |who: &Person| json!({ "chatId": chat, "userId": who.id });
    let heard = named(&ann.heard(&mut anns).await, "join:requested");
    assert_eq!(heard, [asked(&cid), asked(&dan)], "once each");
    assert_eq!(named(&bob.heard(&mut bobs).await, "join:requested"), [Value::Null; 0]);
    let requests = format!("/chats/{chat}/join-requests");
    let waiting = ann.api.get(&format!("{requests}?limit=1")).await.unwrap().body;
    assert_eq!(waiting["requests"].as_array().unwrap().len(), 1);
    let cursor = waiting["nextCursor"].as_str().unwrap();
    let rest = ann.api.get(&format!("{requests}?cursor={cursor}")).await.unwrap().body;
    assert_eq!(
        (rest["requests"].as_array().unwrap().len(), &rest["nextCursor"]),
        (1, &Value::Null)
    );

    let decide = async |who: &Person, how: &str| {
        ann.api.post(&format!("{requests}/{}/{how}", who.id), json!({})).await
    };
    decide(&cid, "approve").await.unwrap();
    decide(&cid, "approve").await.unwrap();
    let heard = cid.heard(&mut cids).await;
    assert_eq!(heard[0].name, "chat:new", "{heard:?}");
    let decided = named(&heard, "join:decided");
    assert_eq!(decided, [json!({ "chatId": chat, "approved": true })]);
    decide(&dan, "decline").await.unwrap();
    assert!(!preview(&dan, &link.code).await.unwrap().asked);
    assert_eq!(refusal(decide(&dan, "approve").await), (404, "not_found".to_owned()));
    assert_eq!(ann.chat(chat).await.member_count, 3);
    // Who is added by hand waits no more, and is not let in by an old request.
    join(&dan, &link.code).await.unwrap();
    let add = json!({ "userIds": [dan.id] });
    ann.api.post(&format!("/chats/{chat}/members"), add).await.unwrap();
    let waiting = ann.api.get(&requests).await.unwrap().body;
    assert_eq!(waiting["requests"], json!([]));
    ann.api.delete(&format!("/chats/{chat}/members/{}", dan.id)).await.unwrap();
    assert_eq!(refusal(decide(&dan, "approve").await), (404, "not_found".to_owned()));
}

#[tokio::test]
async fn who_was_removed_comes_back_only_by_somebody_who_adds_them() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.group("Walk", &[&bob]).await;
    let link = invite(&ann, chat, json!({})).await;
    let member = format!("/chats/{chat}/members/{}", bob.id);
    ann.api.delete(&member).await.unwrap();
    assert_eq!(refusal(join(&bob, &link.code).await), (403, "forbidden".to_owned()));
    let asking = invite(&ann, chat, json!({ "requiresApproval": true })).await;
    assert_eq!(join(&bob, &asking.code).await.unwrap().status, 202);
    let approve = format!("/chats/{chat}/join-requests/{}/approve", bob.id);
    ann.api.post(&approve, json!({})).await.unwrap();
    let back: Chat = bob.chat(chat).await;
    assert_eq!(back.me.role, Role::Member);
    bob.api.post(&format!("/chats/{chat}/leave"), json!({})).await.unwrap();
    join(&bob, &link.code).await.unwrap();
}

#[tokio::test]
async fn codes_are_not_tried_out() {
    let app = TestApp::with(|config| {
        config.limits.enabled = true;
        config.limits.invite = Rate { count: 20, per_secs: 3_600, burst: 0 };
    })
    .await;
    let eve = app.person("eve").await;
    for n in 0..20 {
        assert_eq!(refusal(preview(&eve, &format!("guess{n}")).await).0, 404);
    }
    assert_eq!(refusal(preview(&eve, "guess").await), (429, "rate_limited".to_owned()));
    assert_eq!(refusal(join(&eve, "guess").await), (429, "rate_limited".to_owned()));
}
