//! What becomes of letters: SendGrid tells, and addresses that bounce are left alone.

use std::time::Duration;

use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use nexus_core::{
    mail::{self, Letter, Recipient},
    ports::{Clock, MailError},
};
use nexus_protocol::{Me, MeAnswer, SuppressionReason};
use serde_json::{Value, json};

use crate::{
    fixture::{PASSWORD, Person, TestApp, eventually, token_of},
    mail::user,
    shell_process::{ended, nexus},
    wire,
};

const ANN: &str = "ann@example.com";

/// Signs as SendGrid does.
struct SendGrid(EcdsaKeyPair);

impl SendGrid {
    fn new() -> SendGrid {
        SendGrid(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap())
    }

    fn key(&self) -> String {
        let der: PublicKeyX509Der<'_> = self.0.public_key().as_der().unwrap();
        STANDARD.encode(der.as_ref())
    }

    async fn app(&self) -> TestApp {
        let key = self.key();
        TestApp::with(|config| config.mail.webhook_key = key).await
    }

    fn sign(&self, timestamp: &str, body: &str) -> String {
        let message = format!("{timestamp}{body}");
        STANDARD.encode(self.0.sign(&SystemRandom::new(), message.as_bytes()).unwrap())
    }

    async fn post(&self, app: &TestApp, events: &Value) -> u16 {
        let body = events.to_string();
        let timestamp = (app.clock.now().0 / 1_000).to_string();
        post(app, &self.sign(&timestamp, &body), &timestamp, &body).await
    }
}

async fn post(app: &TestApp, signature: &str, timestamp: &str, body: &str) -> u16 {
    let headers = [
        ("content-type", "application/json"),
        ("x-twilio-email-event-webhook-signature", signature),
        ("x-twilio-email-event-webhook-timestamp", timestamp),
    ];
    wire::ask(app.host(), "POST", "/api/v1/webhooks/sendgrid", &headers, body).await.status
}

fn event(id: &str, kind: &str, more: Value) -> Value {
    let mut event = json!({
        "email": "Ann@Example.com",
        "timestamp": 1_700_000_000,
        "event": kind,
        "sg_event_id": id,
        "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0",
        "smtp-id": "<14c5d75ce93.dfd.64b469@ismtpd-555>",
        "job": "01966f4e-0000-7000-8000-000000000001",
    });
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    event
}

async fn suppressed(app: &TestApp, reason: SuppressionReason) -> String {
    let store = app.node.core.store.clone();
    eventually("it is suppressed", async || {
        let found = store.suppression(ANN).await.unwrap()?;
        (found.reason == reason).then_some(found.detail)
    })
    .await
}

/// Until nothing waits.
async fn settled(app: &TestApp) {
    let store = app.node.core.store.clone();
    eventually("all jobs are done", async || {
        store.waiting_jobs(50).await.unwrap().is_empty().then_some(())
    })
    .await;
}

async fn me(person: &Person) -> Me {
    person.get::<MeAnswer>("/users/me").await.user
}

#[tokio::test]
async fn only_what_sendgrid_signed_of_late_is_believed() {
    let sendgrid = SendGrid::new();
    let app = sendgrid.app().await;
    let body = json!([event("1", "bounce", json!({ "type": "bounce" }))]).to_string();
    let now = app.clock.now().0 / 1_000;
    let timestamp = now.to_string();
    let signature = sendgrid.sign(&timestamp, &body);
    let stranger = SendGrid::new().sign(&timestamp, &body);
    let old = (now - 25 * 3_600).to_string();
    let ahead = (now + 600).to_string();
    for (signature, timestamp, body) in [
        ("", timestamp.as_str(), body.as_str()),
        ("####", &timestamp, &body),
        (&stranger, &timestamp, &body),
        (&signature, &(now + 1).to_string(), &body),
        (&signature, &timestamp, &body.replace("Ann", "Bob")),
        (&sendgrid.sign(&old, &body), &old, &body),
        (&sendgrid.sign(&ahead, &body), &ahead, &body),
        (&sendgrid.sign("now", &body), "now", &body),
        (&sendgrid.sign(&timestamp, "{}"), &timestamp, "{}"),
    ] {
        assert_eq!(post(&app, signature, timestamp, body).await, 400, "{timestamp} {body}");
    }
    let bare = wire::ask(app.host(), "POST", "/api/v1/webhooks/sendgrid", &[], &body).await;
    assert_eq!(bare.status, 400);
    settled(&app).await;
    assert_eq!(app.node.core.store.suppression(ANN).await.unwrap(), None);
    assert_eq!(post(&app, &signature, &timestamp, &body).await, 204);
    suppressed(&app, SuppressionReason::Bounce).await;

    let without_key = TestApp::start().await;
    assert_eq!(post(&without_key, &signature, &timestamp, &body).await, 404);
}

#[tokio::test]
async fn what_says_nothing_about_the_address_itself_suppresses_nothing() {
    let sendgrid = SendGrid::new();
    let app = sendgrid.app().await;
    let harmless = json!([
        event("1", "delivered", json!({})),
        event("2", "bounce", json!({ "type": "blocked", "reason": "550 5.7.1 try later" })),
        event("3", "dropped", json!({ "reason": "Spam Content" })),
        event("4", "deferred", json!({})),
        event("5", "something new", json!({ "more": { "than": ["we know"] } })),
        { "event": "bounce" },
        7,
    ]);
    assert_eq!(sendgrid.post(&app, &harmless).await, 204);
    settled(&app).await;
    assert_eq!(app.node.core.store.suppression(ANN).await.unwrap(), None);
    for (id, kind, more, reason) in [
        ("6", "unsubscribe", json!({}), SuppressionReason::Unsubscribe),
        ("7", "spamreport", json!({}), SuppressionReason::SpamReport),
        ("8", "dropped", json!({ "reason": "Bounced Address" }), SuppressionReason::Bounce),
    ] {
        assert_eq!(sendgrid.post(&app, &json!([event(id, kind, more)])).await, 204);
        suppressed(&app, reason).await;
    }
}

#[tokio::test]
async fn an_event_counts_once_however_often_it_comes() {
    let sendgrid = SendGrid::new();
    let app = sendgrid.app().await;
    let batch = json!([event("once", "bounce", json!({ "type": "bounce" }))]);
    assert_eq!(sendgrid.post(&app, &batch).await, 204);
    suppressed(&app, SuppressionReason::Bounce).await;
    settled(&app).await;
    assert!(app.node.core.store.lift_suppression(ANN).await.unwrap());
    assert_eq!(sendgrid.post(&app, &batch).await, 204, "the answer was lost, say");
    settled(&app).await;
    assert_eq!(app.node.core.store.suppression(ANN).await.unwrap(), None);
    let large = "x".repeat(600 * 1024);
    let batch = json!([event("large", "bounce", json!({ "reason": large }))]);
    assert_eq!(sendgrid.post(&app, &batch).await, 204, "larger than bodies may be elsewhere");
    assert!(suppressed(&app, SuppressionReason::Bounce).await.len() <= 300);
}

#[tokio::test]
async fn nothing_is_sent_to_an_address_that_bounces_until_a_new_one_is_confirmed() {
    let sendgrid = SendGrid::new();
    let app = sendgrid.app().await;
    let ann = app.person("ann").await;
    assert_eq!(me(&ann).await.email_suppressed, None);
    app.letter(ANN, "verifyEmail").await;
    let bounce = json!([event("1", "bounce", json!({ "type": "bounce", "reason": "550 no" }))]);
    assert_eq!(sendgrid.post(&app, &bounce).await, 204);
    suppressed(&app, SuppressionReason::Bounce).await;
    assert_eq!(me(&ann).await.email_suppressed, Some(SuppressionReason::Bounce), "they are told");

    let to = Recipient::of(&user(&app, ann.id).await);
    mail::send(&app.node.core, to, Letter::PasswordChanged).await.unwrap();
    settled(&app).await;
    assert!(app.letters(ANN, "passwordChanged").is_empty());
    assert_eq!(app.node.core.store.dead_jobs(10).await.unwrap(), [], "that is no failure");

    let wish = json!({ "email": "new@example.com", "password": PASSWORD });
    ann.api.post("/auth/change-email", wish).await.unwrap();
    let token = token_of(&app.letter("new@example.com", "confirmNewEmail").await);
    app.api.post("/auth/confirm-email", json!({ "token": token })).await.unwrap();
    let now = me(&ann).await;
    assert_eq!((now.email.as_str(), now.email_suppressed), ("new@example.com", None));
    let to = Recipient::of(&user(&app, ann.id).await);
    mail::send(&app.node.core, to, Letter::PasswordChanged).await.unwrap();
    app.letter("new@example.com", "passwordChanged").await;
}

#[tokio::test]
async fn who_calls_letters_spam_still_gets_those_an_account_needs() {
    let sendgrid = SendGrid::new();
    let app = sendgrid.app().await;
    let ann = app.person("ann").await;
    let report = json!([event("1", "spamreport", json!({}))]);
    assert_eq!(sendgrid.post(&app, &report).await, 204);
    suppressed(&app, SuppressionReason::SpamReport).await;
    let to = Recipient::of(&user(&app, ann.id).await);
    mail::send(&app.node.core, to, Letter::PasswordChanged).await.unwrap();
    app.letter(ANN, "passwordChanged").await;
}

#[tokio::test]
async fn an_address_of_which_the_mail_server_says_it_is_none_is_suppressed() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    app.letter(ANN, "verifyEmail").await;
    app.mail.refuse([MailError::Undeliverable { why: "550 5.1.1 nobody here".to_owned() }]);
    let to = Recipient::of(&user(&app, ann.id).await);
    mail::send(&app.node.core, to, Letter::PasswordChanged).await.unwrap();
    let said = suppressed(&app, SuppressionReason::Bounce).await;
    assert_eq!(said, "550 5.1.1 nobody here");
    // Who answers a letter that came all the same reads the address.
    let token = token_of(&app.letter(ANN, "verifyEmail").await);
    app.api.post("/auth/verify-email", json!({ "token": token })).await.unwrap();
    assert_eq!(me(&ann).await.email_suppressed, None);
    app.clock.advance(Duration::from_secs(1));
}

#[test]
fn an_operator_sees_suppressed_addresses_and_lifts_them() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(ended(nexus(folder.path()).arg("migrate")).0, Some(0));
    let admin = |words: &[&str]| {
        ended(nexus(folder.path()).args(["admin", "mail", "suppressions"]).args(words))
    };
    let (status, said) = admin(&["list"]);
    assert!(status == Some(0) && said.contains("no address is suppressed"), "{said}");
    let db = rusqlite::Connection::open(folder.path().join("nexus.db")).unwrap();
    db.execute("INSERT INTO suppressions VALUES (?1, 2, '550 5.1.1', 0)", [ANN]).unwrap();
    drop(db);
    let (_, said) = admin(&["list", "--json"]);
    assert!(said.contains(ANN) && said.contains("\"bounce\"") && said.contains("5.1.1"), "{said}");
    let (status, said) = admin(&["remove", "Ann@example.com"]);
    assert!(status == Some(0) && said.contains("are sent to"), "{said}");
    let (status, said) = admin(&["remove", ANN]);
    assert!(status == Some(1) && said.contains("is not suppressed"), "{said}");
    let (_, log) = ended(nexus(folder.path()).args(["admin", "audit", "export"]));
    let entry: Value = serde_json::from_str(log.trim()).unwrap();
    assert_eq!(
        (&entry["action"], &entry["detail"]["address"]),
        (&json!("suppression_lifted"), &json!(ANN))
    );
}
