//! Letters on their way: in the reader's language, again where it failed, in sight where it is over.

use std::time::Duration;

use nexus_core::{
    mail::{self, Letter, Recipient, Token},
    ports::{MailError, UserRecord},
};
use nexus_outbound::Folder;
use nexus_protocol::UserId;
use serde_json::json;

use crate::{
    fixture::{TestApp, eventually, token_of},
    shell_process::{ended, nexus},
};

pub fn reset() -> Letter {
    Letter::ResetPassword { token: Token::from("opens-the-door".to_owned()) }
}

pub async fn user(app: &TestApp, id: UserId) -> UserRecord {
    app.node.core.store.user(id).await.unwrap().unwrap()
}

/// Has a letter sent to Ann.
async fn send(app: &TestApp, ann: UserId, letter: Letter) {
    let to = Recipient::of(&user(app, ann).await);
    mail::send(&app.node.core, to, letter).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_comes_in_the_language_of_its_reader() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    send(&app, ann.id, reset()).await;
    let english = app.letter("ann@example.com", "resetPassword").await;
    assert_eq!(english.subject, "Choose a new password");
    assert_eq!(token_of(&english), "opens-the-door");

    ann.api.patch("/users/me/settings", json!({ "locale": "de-AT" })).await.unwrap();
    send(&app, ann.id, Letter::PasswordChanged).await;
    let german = app.letter("ann@example.com", "passwordChanged").await;
    assert_eq!(german.subject, "Ihr Passwort wurde geändert");

    ann.api.patch("/users/me/settings", json!({ "locale": "fr" })).await.unwrap();
    send(&app, ann.id, Letter::DeletionCancelled).await;
    let unknown = app.letter("ann@example.com", "deletionCancelled").await;
    assert_eq!(unknown.subject, "Your account stays", "for want of French");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_that_was_not_taken_is_sent_again_and_one_that_was_refused_is_given_up() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    // What is refused below is not this one.
    app.letter("ann@example.com", "verifyEmail").await;
    let busy = || MailError::Retryable { after: None, why: "the line is busy".to_owned() };
    app.mail.refuse([busy(), busy()]);
    send(&app, ann.id, Letter::PasswordChanged).await;
    app.letter("ann@example.com", "passwordChanged").await;

    app.mail.refuse([MailError::Final { why: "no such mailbox".to_owned() }]);
    send(&app, ann.id, reset()).await;
    let store = app.node.core.store.clone();
    let dead =
        eventually("it is given up", async || store.dead_jobs(10).await.unwrap().pop()).await;
    assert_eq!(dead.last_error.as_deref(), Some("no such mailbox"));
    assert_eq!((dead.kind.as_str(), dead.attempts), ("mail", 1));
    assert!(app.letters("ann@example.com", "resetPassword").is_empty());

    assert!(store.replay_job(dead.id, app.node.core.clock.now()).await.unwrap());
    let letter = app.letter("ann@example.com", "resetPassword").await;
    assert_eq!(letter.message_id, format!("{}@localhost", dead.id), "the same each time");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_whose_sender_says_when_is_not_sent_before() {
    let app = TestApp::start().await;
    let ann = app.person("ann").await;
    app.letter("ann@example.com", "verifyEmail").await;
    let after = Some(Duration::from_secs(600));
    app.mail.refuse([MailError::Retryable { after, why: "come back later".to_owned() }]);
    send(&app, ann.id, Letter::PasswordChanged).await;
    let store = app.node.core.store.clone();
    let waiting = eventually("it waits", async || {
        store.waiting_jobs(10).await.unwrap().into_iter().find(|job| job.last_error.is_some())
    })
    .await;
    assert!(waiting.due_at.unwrap().since(app.node.core.clock.now()) > Duration::from_secs(590));
    app.clock.advance(Duration::from_secs(600));
    app.letter("ann@example.com", "passwordChanged").await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nothing_is_set_letters_lie_in_a_folder_and_the_doctor_knows() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let app = TestApp::with(|config| config.mail.url = mail_folder(data).as_str().into()).await;
    let ann = app.person("ann").await;
    send(&app, ann.id, reset()).await;
    let mail = Folder::new(data.join("mail"));
    let letter = eventually("there is a file", async || {
        let letters = mail.last(usize::MAX).unwrap();
        letters.into_iter().find(|letter| letter.subject == "Choose a new password")
    })
    .await;
    let text = std::fs::read_to_string(letter.path).unwrap();
    for line in [
        "To: ann <ann@example.com>",
        "From: NexusChat <nexus@localhost>",
        "Subject: Choose a new password",
        "Auto-Submitted: auto-generated",
        "Content-Type: multipart/alternative;",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    app.stop().await;

    let (_, said) = ended(nexus(data).env("NEXUS__MAIL__URL", mail_folder(data)).arg("doctor"));
    assert!(said.contains("Choose a new password"), "{said}");
    assert!(!said.contains("opens-the-door"), "{said}");
}

fn mail_folder(data: &std::path::Path) -> String {
    format!("folder:{}", data.join("mail").display())
}

#[test]
fn settings_of_mail_that_contradict_each_other_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (settings, remedy) in [
        (&[("URL", "ftp://x")][..], "mail.url is none that is known"),
        (&[("URL", "sendgrid:")], "mail.key_file"),
        (&[("KEY", "k")], "remove one of them"),
        (&[("URL", "smtp://mail.example.com")], "server.public_url is empty"),
        (&[("URL", "smtps://u:pw@mail.example.com")], "mail.from is at localhost"),
        (&[("FROM", "nobody")], "write an address only"),
        (&[("FROM_NAME", "two\nlines")], "a name in one line"),
    ] {
        let mut command = nexus(folder.path());
        for (name, value) in settings {
            command.env(format!("NEXUS__MAIL__{name}"), value);
        }
        let (code, said) = ended(command.arg("config"));
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(remedy) && !said.contains("u:pw"), "{said}");
    }
}
