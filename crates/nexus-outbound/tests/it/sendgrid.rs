use std::{sync::Arc, time::Duration};

use nexus_core::{
    memory::SetClock,
    ports::{Mail as _, MailError, Mailbox},
};
use nexus_outbound::SendGrid;
use nexus_protocol::Timestamp;

use crate::{
    api::{Api, KEY},
    letters::letter,
};

fn sendgrid(api: &Api, key: &str) -> SendGrid {
    SendGrid::new(&api.url, key, Arc::new(SetClock::at(Timestamp(1_000_000)))).unwrap()
}

async fn answered(status: u16, header: &str, body: &str) -> MailError {
    let api = Api::start().await;
    api.answer_next(status, header, body);
    sendgrid(&api, KEY).send(&letter()).await.unwrap_err()
}

#[tokio::test]
async fn a_letter_is_asked_for_as_the_reference_has_it() {
    let api = Api::start().await;
    sendgrid(&api, KEY).send(&letter()).await.unwrap();
    let taken = api.taken().remove(0);
    assert_eq!(taken["personalizations"][0]["to"][0]["email"], "ann@example.com");
    assert_eq!(taken["custom_args"]["job"], "00000000-0000-0000-0000-000000000007");
    let id = "<00000000-0000-0000-0000-000000000007@example.org>";
    assert_eq!(taken["headers"]["Message-ID"], id);
    for way in ["click_tracking", "open_tracking", "subscription_tracking"] {
        assert_eq!(taken["tracking_settings"][way]["enable"], false, "links open accounts");
    }
    let nameless = Mailbox { name: String::new(), ..letter().to };
    let nameless = nexus_core::ports::Envelope { to: nameless, ..letter() };
    sendgrid(&api, KEY).send(&nameless).await.unwrap();
    assert_eq!(api.taken().len(), 2);
}

#[tokio::test]
async fn a_key_that_does_not_count_is_for_an_operator_to_mend_not_the_end_of_the_letter() {
    let api = Api::start().await;
    let refused = sendgrid(&api, "SG.other").send(&letter()).await.unwrap_err();
    let MailError::Retryable { why, .. } = refused else { panic!("{refused:?}") };
    assert!(why.contains("401") && why.contains("authorization grant"), "{why}");
    assert!(!why.contains("SG."), "{why}");
}

#[tokio::test]
async fn who_is_too_fast_waits_as_long_as_asked() {
    for (header, secs) in [
        ("Retry-After: 17\r\n", 17),
        ("X-RateLimit-Reset: 1060\r\n", 60),
        ("Retry-After: 999999\r\n", 3_600),
    ] {
        let waits = answered(429, header, "").await;
        let asked = Some(Duration::from_secs(secs));
        assert!(matches!(waits, MailError::Retryable { after, .. } if after == asked), "{header}");
    }
}

#[tokio::test]
async fn its_trouble_is_waited_out_and_its_refusal_is_final() {
    for status in [500, 502, 503, 504, 302, 408] {
        let waits = answered(status, "", "<html>sorry</html>").await;
        assert!(matches!(waits, MailError::Retryable { .. }), "{status}: {waits:?}");
    }
    for status in [400, 404, 413, 415] {
        let body = r#"{"errors":[{"message":"Does not contain a valid address.\n"}]}"#;
        let refused = answered(status, "", body).await;
        let MailError::Final { why } = refused else { panic!("{status}: {refused:?}") };
        assert_eq!(why, format!("SendGrid answered {status}: Does not contain a valid address."));
    }
}

#[tokio::test]
async fn one_that_is_not_there_is_asked_again_later() {
    let clock = Arc::new(SetClock::at(Timestamp(0)));
    let away = SendGrid::new("http://127.0.0.1:1", KEY, clock).unwrap();
    let away = away.send(&letter()).await.unwrap_err();
    assert!(matches!(away, MailError::Retryable { .. }), "{away:?}");
}
