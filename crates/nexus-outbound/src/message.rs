//! A letter as RFC 5322 wants it.

use std::time::{Duration, UNIX_EPOCH};

use lettre::{
    Message,
    message::{
        Mailbox as LettreMailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};
use nexus_core::ports::{Envelope, MailError, Mailbox};

pub fn message(letter: &Envelope) -> Result<Message, MailError> {
    let date = UNIX_EPOCH + Duration::from_millis(u64::try_from(letter.date.0).unwrap_or(0));
    let mut message = Message::builder()
        .from(mailbox(&letter.from)?)
        .to(mailbox(&letter.to)?)
        .date(date)
        .message_id(Some(format!("<{}>", letter.message_id)))
        .subject(letter.subject.clone());
    for (name, value) in &letter.headers {
        let name = HeaderName::new_from_ascii((*name).to_owned()).map_err(unsendable)?;
        message = message.raw_header(HeaderValue::new(name, value.clone()));
    }
    let body = MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone());
    message.multipart(body).map_err(unsendable)
}

fn mailbox(mailbox: &Mailbox) -> Result<LettreMailbox, MailError> {
    let address = mailbox.address.parse().map_err(unsendable)?;
    let name = (!mailbox.name.is_empty()).then(|| mailbox.name.clone());
    Ok(LettreMailbox::new(name, address))
}

fn unsendable(err: impl std::error::Error) -> MailError {
    MailError::Final { why: format!("the letter can't be put into an envelope: {err}") }
}
