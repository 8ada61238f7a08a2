use nexus_core::ports::{Mail as _, MailError};
use nexus_outbound::Smtp;

use crate::{
    letters::letter,
    mailbox::{MailServer, Mood},
};

#[tokio::test]
async fn a_letter_arrives_whole_with_both_of_its_bodies() {
    let server = MailServer::start(&[]).await;
    let smtp = Smtp::connect(&server.url).unwrap();
    smtp.send(&letter()).await.unwrap();
    let received = server.received().remove(0);
    assert_eq!(received.from, "MAIL FROM:<chat@example.org>");
    assert_eq!(received.to, "RCPT TO:<ann@example.com>");
    let header = |name| received.header(name).unwrap_or_else(|| panic!("{name}: {received:?}"));
    assert_eq!(header("From"), "NexusChat <chat@example.org>");
    assert_eq!(header("Auto-Submitted"), "auto-generated");
    assert_eq!(header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    assert_eq!(header("Date"), "Sat, 03 Jan 2026 10:00:00 +0000");
    assert_eq!(header("Message-ID"), "<00000000-0000-0000-0000-000000000007@example.org>");
    assert!(
        header("List-Unsubscribe").replace(' ', "").ends_with(&format!("{}>", "t".repeat(600)))
    );
    assert!(header("Content-Type").starts_with("multipart/alternative"));
    let (plain, html) = (received.data.find("text/plain"), received.data.find("text/html"));
    assert!(plain.unwrap() < html.unwrap(), "the last one is what is shown");
    assert!(received.data.lines().all(|line| line.len() <= 998));
}

#[tokio::test]
async fn who_is_asked_to_come_back_does_and_is_let_in() {
    let server = MailServer::start(&[Mood::Greylist, Mood::Busy]).await;
    let smtp = Smtp::connect(&server.url).unwrap();
    for _ in 0..2 {
        let later = smtp.send(&letter()).await.unwrap_err();
        assert!(matches!(later, MailError::Retryable { .. }), "{later:?}");
    }
    smtp.send(&letter()).await.unwrap();
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn who_is_refused_hears_why_and_does_not_come_back() {
    let server = MailServer::start(&[Mood::Refuse]).await;
    let smtp = Smtp::connect(&server.url).unwrap();
    let refused = smtp.send(&letter()).await.unwrap_err();
    assert!(
        matches!(&refused, MailError::Undeliverable { why } if why.contains("nobody of that name"))
    );
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn a_letter_of_which_nothing_was_heard_comes_again_and_is_known_as_the_same() {
    let server = MailServer::start(&[Mood::HangUp]).await;
    let smtp = Smtp::connect(&server.url).unwrap();
    let unheard = smtp.send(&letter()).await.unwrap_err();
    assert!(matches!(unheard, MailError::Retryable { .. }), "{unheard:?}");
    smtp.send(&letter()).await.unwrap();
    let ids: Vec<_> =
        server.received().iter().map(|received| received.header("Message-ID")).collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_asked_again_later() {
    let smtp = Smtp::connect("smtp://127.0.0.1:1").unwrap();
    let away = smtp.send(&letter()).await.unwrap_err();
    assert!(matches!(away, MailError::Retryable { .. }), "{away:?}");
}

#[tokio::test]
async fn nothing_is_said_to_a_server_that_can_not_do_tls_where_that_is_asked_for() {
    let server = MailServer::start(&[]).await;
    let smtp = Smtp::connect(&format!("{}?tls=required", server.url)).unwrap();
    let refused = smtp.send(&letter()).await.unwrap_err();
    assert!(matches!(refused, MailError::Retryable { .. }), "{refused:?}");
    assert!(server.received().is_empty());
}
