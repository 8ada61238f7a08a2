//! Roles, bans and the audit log.

mod commands;
mod rights;

use std::{path::Path, time::Duration};

use nexus_client::Client;
use nexus_core::{audit::Verifier, ports::AccountFilter, staff};
use nexus_protocol::{Accounts, AuditAction, AuditEntries, AuditEntry, UserRole, Users};
use serde_json::{Value, json};

use crate::{
    fixture::{PASSWORD, Person, TestApp, eventually, refusal, text},
    shell_process::{ended, nexus},
    wire,
};

async fn banned(admin: &Person, user: &Person, body: Value) {
    admin.api.post(&format!("/admin/users/{}/ban", user.id), body).await.unwrap();
}

#[tokio::test]
async fn a_role_shows_on_oneself_at_once_and_is_given_by_admins_alone() {
    let app = TestApp::start().await;
    let admin = app.staff("admin", UserRole::Admin).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    assert_eq!(ann.api.get("/users/me").await.unwrap().body["user"]["role"], "user");
    let mut socket = ann.connect().await;
    let path = format!("/admin/users/{}", ann.id);
    let changed = admin.api.patch(&path, json!({ "role": "moderator" })).await.unwrap().body;
    assert_eq!(changed["user"]["role"], "moderator");
    let heard = socket.next("me:updated").await.unwrap();
    assert_eq!((&heard["kind"], &heard["data"]["role"]), (&json!("role"), &json!("moderator")));
    assert_eq!(ann.api.get("/users/me").await.unwrap().body["user"]["role"], "moderator");
    // She sees accounts now, and makes nobody an admin.
    ann.api.get(&format!("/admin/users/{}", bob.id)).await.unwrap();
    let path = format!("/admin/users/{}", bob.id);
    assert_eq!(refusal(ann.api.patch(&path, json!({ "role": "admin" })).await).1, "forbidden");
    let own = format!("/admin/users/{}", admin.id);
    assert_eq!(refusal(admin.api.patch(&own, json!({ "role": "user" })).await).1, "conflict");
    // What was given is taken away with the same effect.
    let path = format!("/admin/users/{}", ann.id);
    admin.api.patch(&path, json!({ "role": "user" })).await.unwrap();
    assert_eq!(refusal(ann.api.get("/admin/users").await), (404, "not_found".to_owned()));
}

#[tokio::test]
async fn staff_find_accounts_by_address_too() {
    let app = TestApp::start().await;
    let moderator = app.staff("moderator", UserRole::Moderator).await;
    let [ann, _bob] = app.people(["ann", "bob"]).await;
    let _phone = app.login("ann").await;
    let found: Accounts = moderator.get("/admin/users?query=ann%40exa").await;
    let [account] = &found.users[..] else { panic!("{found:?}") };
    assert_eq!((account.id, account.email.as_str()), (ann.id, "ann@example.com"));
    assert_eq!((account.sessions, account.role), (2, UserRole::User));
    let page: Accounts = moderator.get("/admin/users?limit=2").await;
    assert_eq!(page.users.len(), 2);
    let rest = format!("/admin/users?limit=2&cursor={}", page.next_cursor.unwrap());
    let rest: Accounts = moderator.get(&rest).await;
    assert_eq!((rest.users.len(), rest.next_cursor), (1, None));
    let staff: Accounts = moderator.get("/admin/users?role=moderator").await;
    assert_eq!(staff.users.len(), 1);
    assert_eq!(refusal(moderator.api.get("/admin/users?role=king").await).0, 400);
}

#[tokio::test]
async fn a_banned_user_is_out_at_once_and_learns_why_with_the_right_password_only() {
    let app = TestApp::start().await;
    let admin = app.staff("admin", UserRole::Admin).await;
    let ann = app.person("ann").await;
    let phone = app.login("ann").await;
    let (mut here, mut there) = (ann.connect().await, phone.connect().await);
    let until = app.node.core.clock.now().plus(Duration::from_secs(3_600));
    banned(&admin, &ann, json!({ "reason": "spam", "until": until })).await;
    for socket in [&mut here, &mut there] {
        assert_eq!(socket.next("session:revoked").await.unwrap()["reason"], "banned");
        socket.closed().await;
    }
    for person in [&ann, &phone] {
        assert_eq!(refusal(person.api.get("/users/me").await).1, "unauthenticated");
        assert_eq!(refusal(app.api.refresh(&person.refresh_token).await).0, 401);
        assert!(person.try_connect().await.is_err());
    }
    assert_eq!(refusal(app.api.login("ann", "not the password").await).1, "unauthenticated");
    let refused = app.api.login("ann", PASSWORD).await.unwrap_err();
    let problem = refused.problem().unwrap();
    assert_eq!((problem.status, problem.code.as_str()), (403, "banned"));
    let notice = problem.ban.clone().unwrap();
    assert_eq!((notice.reason.as_str(), notice.until), ("spam", Some(until)));
    // It lifts by itself.
    app.clock.advance(Duration::from_secs(3_601));
    app.login("ann").await.api.get("/users/me").await.unwrap();
}

#[tokio::test]
async fn who_is_banned_is_told_why_by_letter() {
    let app = TestApp::start().await;
    let moderator = app.staff("moderator", UserRole::Moderator).await;
    let ann = app.person("ann").await;
    let core = &app.node.core;
    core.store.verify_email(ann.id, "ann@example.com", core.clock.now()).await.unwrap();
    banned(&moderator, &ann, json!({ "reason": "spam in every group" })).await;
    let letter = app.letter("ann@example.com", "banned").await;
    assert!(letter.text.contains("spam in every group"), "{}", letter.text);
    assert!(!letter.text.contains("moderator"), "{}", letter.text);
}

#[tokio::test]
async fn who_is_banned_can_be_removed_and_leaves_with_the_account() {
    let app = TestApp::start().await;
    let moderator = app.staff("moderator", UserRole::Moderator).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let (removed, left) = (bob.group("removed", &[&ann]).await, bob.group("left", &[&ann]).await);
    banned(&moderator, &ann, json!({ "reason": "spam" })).await;
    bob.api.delete(&format!("/chats/{removed}/members/{}", ann.id)).await.unwrap();
    nexus_core::chats::leave_everything(&app.node.core, ann.id).await.unwrap();
    for chat in [removed, left] {
        assert_eq!(bob.chat(chat).await.member_count, 1);
    }
}

#[tokio::test]
async fn a_lifted_ban_lets_in_again() {
    let app = TestApp::start().await;
    let moderator = app.staff("moderator", UserRole::Moderator).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    banned(&moderator, &ann, json!({ "reason": "spam" })).await;
    let found: Users = bob.get("/users?query=ann").await;
    assert!(found.users.is_empty(), "{found:?}");
    let account = moderator.api.get(&format!("/admin/users/{}", ann.id)).await.unwrap().body;
    assert_eq!(account["user"]["ban"]["reason"], "spam");
    assert_eq!(account["user"]["sessions"], 0);
    let path = format!("/admin/users/{}/ban", ann.id);
    moderator.api.delete(&path).await.unwrap();
    assert_eq!(refusal(moderator.api.delete(&path).await).1, "not_found");
    app.login("ann").await;
    let found: Users = bob.get("/users?query=ann").await;
    assert_eq!(found.users.len(), 1);
}

#[tokio::test]
async fn staff_are_banned_by_admins_alone_and_nobody_bans_themselves() {
    let app = TestApp::start().await;
    let admin = app.staff("admin", UserRole::Admin).await;
    let moderator = app.staff("moderator", UserRole::Moderator).await;
    let other = app.staff("other", UserRole::Moderator).await;
    let path = |person: &Person| format!("/admin/users/{}/ban", person.id);
    let spam = json!({ "reason": "spam" });
    for (who, whom, code) in [
        (&moderator, &admin, "forbidden"),
        (&moderator, &other, "forbidden"),
        (&moderator, &moderator, "conflict"),
        (&admin, &admin, "conflict"),
    ] {
        assert_eq!(refusal(who.api.post(&path(whom), &spam).await).1, code);
    }
    for wrong in [
        json!({ "reason": " " }),
        json!({ "reason": "x".repeat(501) }),
        json!({ "reason": "x", "until": "2020-01-01T00:00:00.000Z" }),
    ] {
        assert_eq!(refusal(admin.api.post(&path(&other), &wrong).await).1, "validation", "{wrong}");
    }
    assert_eq!(refusal(admin.api.post(&path(&other), json!({})).await).1, "malformed");
    let nobody = format!("/admin/users/{}/ban", uuid::Uuid::nil());
    assert_eq!(refusal(admin.api.post(&nobody, &spam).await).1, "not_found");
    banned(&admin, &other, spam).await;
    assert_eq!(refusal(other.api.get("/admin/users").await).0, 401);
}

#[tokio::test]
async fn to_others_a_banned_user_is_offline() {
    let app = TestApp::start().await;
    let admin = app.staff("admin", UserRole::Admin).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let (_ann, mut bobs) = (ann.connect().await, bob.connect().await);
    let seen = bobs.call("presence:subscribe", json!({ "userIds": [ann.id] })).await.unwrap();
    assert_eq!(seen[0]["status"], "online");
    banned(&admin, &ann, json!({ "reason": "spam" })).await;
    assert_eq!(bobs.next("presence:update").await.unwrap()["status"], "offline");
    let seen = bob.api.get(&format!("/users/{}", ann.id)).await.unwrap().body;
    assert_eq!(seen["user"]["lastSeenAt"], Value::Null);
}

#[tokio::test]
async fn what_a_banned_user_sent_stays_and_who_bans_is_in_the_log() {
    let app = TestApp::start().await;
    let admin = app.staff("admin", UserRole::Admin).await;
    let moderator = app.staff("moderator", UserRole::Moderator).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let message = ann.say(chat, "hello").await;
    banned(&moderator, &ann, json!({ "reason": "spam" })).await;
    assert_eq!(bob.api.message(message.id).await.unwrap().content, "hello");
    bob.say(chat, "where are you?").await;

    let log: AuditEntries = admin.get(&format!("/admin/audit?targetId={}", ann.id)).await;
    let [entry] = &log.entries[..] else { panic!("{log:?}") };
    let entry = json!(entry);
    assert_eq!(entry["action"], "user_banned");
    assert_eq!(entry["actor"], json!({ "kind": "user", "id": moderator.id }));
    assert_eq!(entry["detail"], json!({ "reason": "spam", "until": null }));
    let page: AuditEntries = admin.get("/admin/audit?limit=1").await;
    assert_eq!(page.entries[0].number, 3);
    let path = format!("/admin/audit?limit=5&cursor={}", page.next_cursor.unwrap());
    let rest: AuditEntries = admin.get(&path).await;
    let numbers: Vec<u64> = rest.entries.iter().map(|entry| entry.number).collect();
    assert_eq!((numbers, rest.next_cursor), (vec![2, 1], None));
    let by: AuditEntries =
        admin.get(&format!("/admin/audit?actorId={}&action=user_banned", moderator.id)).await;
    assert_eq!(by.entries.len(), 1);
    assert_eq!(refusal(admin.api.get("/admin/audit?cursor=x").await).1, "validation");
}

#[tokio::test]
async fn a_message_that_waits_when_its_sender_is_banned_fails_and_says_so() {
    let app = TestApp::start().await;
    let admin = app.staff("admin", UserRole::Admin).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    ann.say(chat, "first").await;
    // As if it had come in a moment before: nobody asks for a token again on the way.
    let core = &app.node.core;
    banned(&admin, &ann, json!({ "reason": "spam" })).await;
    let waiting = nexus_core::messages::send(core, ann.id, text(chat, "too late")).await.unwrap();
    let path = format!("/admin/users/{}/ban", ann.id);
    eventually("it is given up", async || {
        (core.queue.stats().await.unwrap().dead > 0).then_some(())
    })
    .await;
    assert_eq!(refusal(bob.api.get(&format!("/messages/{}", waiting.sent.id)).await).0, 404);
    admin.api.delete(&path).await.unwrap();
    let mut again: Client = app.login("ann").await.connect().await;
    let failed = again.next("msg:failed").await.unwrap();
    assert_eq!(
        (&failed["id"], &failed["error"]["code"]),
        (&json!(waiting.sent.id), &json!("banned"))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_admins_who_turn_on_each_other_one_stays() {
    let app = TestApp::start().await;
    let [ann, bob] =
        [app.staff("ann", UserRole::Admin).await, app.staff("bob", UserRole::Admin).await];
    let core = &app.node.core;
    let admins = async || {
        let filter = AccountFilter { role: Some(UserRole::Admin), ..AccountFilter::default() };
        let found = core.store.accounts(&filter, None, 10).await.unwrap();
        found.iter().filter(|admin| admin.ban.is_none()).count()
    };
    let (anns, bobs) = (format!("/admin/users/{}", bob.id), format!("/admin/users/{}", ann.id));
    for _ in 0..5 {
        let demote = json!({ "role": "user" });
        let _ = tokio::join!(ann.api.patch(&anns, demote.clone()), bob.api.patch(&bobs, demote),);
        assert!(admins().await > 0);
        for name in ["ann", "bob"] {
            let now = core.clock.now();
            staff::appoint(&*core.store, name, UserRole::Admin, now).await.unwrap();
        }
    }
    let spam = json!({ "reason": "spam" });
    let (anns, bobs) = (format!("{anns}/ban"), format!("{bobs}/ban"));
    let _ = tokio::join!(ann.api.post(&anns, spam.clone()), bob.api.post(&bobs, spam));
    assert!(admins().await > 0);
    app.stop().await;
}

#[tokio::test]
async fn an_admin_takes_the_whole_log_away_and_the_log_tells() {
    let app = TestApp::start().await;
    let admin = app.staff("admin", UserRole::Admin).await;
    let ann = app.person("ann").await;
    banned(&admin, &ann, json!({ "reason": "spam" })).await;
    let token = format!("Bearer {}", admin.access_token);
    let path = "/api/v1/admin/audit/export";
    let answer = wire::ask(app.host(), "HEAD", path, &[("authorization", &token)], "").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/x-ndjson"));
    assert_eq!(answer.header("cache-control"), "no-store");
    let exported = admin.api.get("/admin/audit/export").await.unwrap().body;
    let mut verifier = Verifier::default();
    let mut last = None;
    for line in exported.as_str().unwrap().lines() {
        let entry: AuditEntry = serde_json::from_str(line).unwrap();
        verifier.next(&entry).unwrap();
        last = Some(entry);
    }
    assert_eq!(last.unwrap().action, AuditAction::AuditExported);
    assert!(verifier.end().0 >= 4, "a role, a ban, and each time that it went out");
    app.stop().await;
}

#[test]
fn an_operator_makes_the_first_admin_and_follows_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let admin =
        |arguments: &str| ended(nexus(folder.path()).arg("admin").args(arguments.split(' ')));
    let (code, said) = admin("users role ann admin");
    assert!(code != Some(0) && said.contains("no data"), "{said}");
    ended(nexus(folder.path()).arg("migrate"));
    assert_eq!(admin("users role ann admin").0, Some(1));
    add_user(folder.path());
    assert_eq!(admin("users role ann king").0, Some(2));
    assert_eq!(admin("users role ann moderator").0, Some(0));
    assert_eq!(admin("users role ann@example.com admin").0, Some(0));
    let (_, said) = admin("users list --role admin --json");
    assert_eq!(serde_json::from_str::<Value>(&said).unwrap()["users"][0]["username"], "ann");
    let (code, said) = admin("audit verify");
    assert!(code == Some(0) && said.starts_with("2 entries"), "{said}");

    let (_, exported) = admin("audit export");
    let lines: Vec<&str> = exported.lines().collect();
    let known =
        serde_json::from_str::<Value>(lines[1]).unwrap()["hash"].as_str().unwrap().to_owned();
    let verify = |lines: &[&str]| {
        std::fs::write(folder.path().join("log"), lines.join("\n")).unwrap();
        admin("audit verify log")
    };
    assert_eq!(verify(&lines).0, Some(0));
    let changed = lines[0].replace("moderator", "admin");
    for (tampered, finding) in [
        (vec![changed.as_str(), lines[1]], "was changed"),
        (vec![lines[1]], "is missing"),
        (vec![lines[1], lines[0]], "stands elsewhere"),
        (vec![lines[0], lines[0]], "stands elsewhere"),
    ] {
        let (code, said) = verify(&tampered);
        assert!(code == Some(1) && said.contains(finding), "{said}");
    }
    // What is taken off the end is missed by who has kept its hash.
    assert_eq!(verify(&lines[..1]).0, Some(0));
    let (code, said) = admin(&format!("audit verify --known {known} log"));
    assert!(code == Some(1) && said.contains("no entry has the hash"), "{said}");

    // In the file itself.
    let db = rusqlite::Connection::open(folder.path().join("nexus.db")).unwrap();
    let forge = "UPDATE audit SET entry = replace(entry, 'moderator', 'user') WHERE number = 1";
    assert!(db.execute(forge, []).is_err(), "it is never changed");
    assert!(db.execute("DELETE FROM audit", []).is_err(), "nothing is taken out");
    db.execute("DROP TRIGGER audit_stays", []).unwrap();
    db.execute(forge, []).unwrap();
    let (code, said) = admin("audit verify");
    assert!(code == Some(1) && said.contains("entry 1 was changed"), "{said}");
}

fn add_user(data: &Path) {
    let db = rusqlite::Connection::open(data.join("nexus.db")).unwrap();
    let add = "INSERT INTO users (id, email, email_verified, username, display_name, about,
        password_hash, created_at) VALUES (?1, 'ann@example.com', 0, 'ann', 'Ann', '', '', 0)";
    db.execute(add, [uuid::Uuid::from_u128(1).as_bytes()]).unwrap();
}
