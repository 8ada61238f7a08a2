//! What staff have to say to everybody; what admins see of the machine.

use std::time::Duration;

use nexus_protocol::UserRole;
use serde_json::{Value, json};

use crate::fixture::{Person, TestApp, eventually, refusal, text};

async fn shown(person: &Person) -> Vec<Value> {
    let body = person.api.get("/announcements").await.unwrap().body;
    body["announcements"].as_array().unwrap().clone()
}

#[tokio::test]
async fn an_announcement_reaches_everybody_and_is_dismissed_on_all_devices() {
    let app = TestApp::start().await;
    let admin = app.staff("admin", UserRole::Admin).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let phone = app.login("ann").await;
    let (mut here, mut there) = (ann.connect().await, phone.connect().await);
    let body = json!({ "content": " We move on **Sunday** ", "level": "info" });
    let made =
        admin.api.post("/admin/announcements", body).await.unwrap().body["announcement"].clone();
    let heard = here.next("announcement:new").await.unwrap();
    assert_eq!((&heard["id"], &heard["content"]), (&made["id"], &json!("We move on **Sunday**")));
    assert_eq!(shown(&bob).await[0]["dismissed"], false);

    let path = format!("/announcements/{}/dismiss", made["id"].as_str().unwrap());
    ann.api.post(&path, json!({})).await.unwrap();
    ann.api.post(&path, json!({})).await.unwrap();
    let told = there.next("me:updated").await.unwrap();
    assert_eq!((&told["kind"], &told["data"]["announcementId"]), (&json!("dismiss"), &made["id"]));
    assert_eq!(shown(&phone).await[0]["dismissed"], true);
    assert_eq!(shown(&bob).await[0]["dismissed"], false);
    let nowhere = format!("/announcements/{}/dismiss", uuid::Uuid::nil());
    assert_eq!(refusal(ann.api.post(&nowhere, json!({})).await).1, "not_found");

    let path = format!("/admin/announcements/{}", made["id"].as_str().unwrap());
    admin.api.delete(&path).await.unwrap();
    assert_eq!(here.next("announcement:withdrawn").await.unwrap()["id"], made["id"]);
    assert!(shown(&bob).await.is_empty());
    assert_eq!(refusal(admin.api.delete(&path).await).1, "not_found");
    let all = admin.api.get("/admin/announcements").await.unwrap().body;
    assert!(all["announcements"][0]["withdrawnAt"].is_string(), "{all}");
}

#[tokio::test]
async fn an_announcement_is_over_at_its_time_and_made_by_admins_alone() {
    let app = TestApp::start().await;
    let admin = app.staff("admin", UserRole::Admin).await;
    let moderator = app.staff("moderator", UserRole::Moderator).await;
    let until = app.node.core.clock.now().plus(Duration::from_secs(60));
    let body = json!({ "content": "soon over", "level": "critical", "until": until });
    assert_eq!(refusal(moderator.api.post("/admin/announcements", &body).await).1, "forbidden");
    admin.api.post("/admin/announcements", body).await.unwrap();
    assert_eq!(shown(&moderator).await.len(), 1);
    app.clock.advance(Duration::from_secs(61));
    assert!(shown(&moderator).await.is_empty());
    for wrong in [
        json!({ "content": " ", "level": "info" }),
        json!({ "content": "x".repeat(4_001), "level": "info" }),
        json!({ "content": "x", "level": "info", "until": "2020-01-01T00:00:00.000Z" }),
    ] {
        let refused = admin.api.post("/admin/announcements", &wrong).await;
        assert_eq!(refusal(refused).1, "validation", "{wrong}");
    }
}

#[tokio::test]
async fn admins_see_what_waits_and_look_into_what_was_given_up() {
    let app = TestApp::start().await;
    let admin = app.staff("admin", UserRole::Admin).await;
    let moderator = app.staff("moderator", UserRole::Moderator).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    ann.say(chat, "hello").await;
    let stats = moderator.api.get("/admin/stats").await.unwrap().body["stats"].clone();
    assert_eq!(
        (&stats["users"], &stats["staff"], &stats["messages"]),
        (&json!(4), &json!(2), &json!(1))
    );
    assert_eq!(refusal(moderator.api.get("/admin/queues").await).1, "forbidden");

    let ban = format!("/admin/users/{}/ban", ann.id);
    admin.api.post(&ban, json!({ "reason": "spam" })).await.unwrap();
    let core = &app.node.core;
    for content in ["secret words", "more words"] {
        nexus_core::messages::send(core, ann.id, text(chat, content)).await.unwrap();
    }
    let queues = eventually("both are given up", async || {
        let queues = admin.api.get("/admin/queues").await.unwrap().body;
        (queues["deadLetters"] == 2).then_some(queues)
    })
    .await;
    assert_eq!(queues["lanes"].as_array().unwrap().len(), usize::from(core.queue.lanes()));
    let page = admin.api.get("/admin/dead-letters?limit=1").await.unwrap().body;
    let cursor = page["nextCursor"].as_str().unwrap();
    let rest = format!("/admin/dead-letters?limit=1&cursor={cursor}");
    let rest = admin.api.get(&rest).await.unwrap().body;
    assert!(!page.to_string().contains("words") && !rest.to_string().contains("words"), "{page}");
    let ids = [&page, &rest].map(|page| page["deadLetters"][0]["id"].as_str().unwrap().to_owned());
    assert_eq!(
        (&page["deadLetters"][0]["code"], &rest["nextCursor"]),
        (&json!("banned"), &Value::Null)
    );
    let path = |id: &str| format!("/admin/dead-letters/{id}");
    let letter = admin.api.get(&path(&ids[1])).await.unwrap().body;
    assert!(letter["deadLetter"]["content"].to_string().contains("secret words"), "{letter}");
    assert_eq!(refusal(moderator.api.get(&path(&ids[1])).await).1, "forbidden");

    admin.api.delete(&path(&ids[0])).await.unwrap();
    assert_eq!(refusal(admin.api.delete(&path(&ids[0])).await).1, "not_found");
    admin.api.delete(&ban).await.unwrap();
    admin.api.post(&format!("{}/replay", path(&ids[1])), json!({})).await.unwrap();
    eventually("it is sent after all", async || {
        (bob.chat(chat).await.last_message?.content == "secret words").then_some(())
    })
    .await;
    let log = admin.api.get("/admin/audit?limit=4").await.unwrap().body;
    let actions: Vec<&Value> =
        log["entries"].as_array().unwrap().iter().map(|entry| &entry["action"]).collect();
    assert_eq!(
        actions,
        ["dead_letter_replayed", "ban_lifted", "dead_letter_discarded", "dead_letter_read"]
    );
}
