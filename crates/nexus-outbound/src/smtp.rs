//! Letters by SMTP, over connections that are kept.

use std::time::Duration;

use async_trait::async_trait;
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor, transport::smtp::Error as SmtpError,
};
use nexus_core::ports::{Envelope, Mail, MailError};

use crate::{Unusable, message::message};

/// For each step of the conversation.
const TIMEOUT: Duration = Duration::from_secs(30);
/// What a server says is shown to operators, not all of it.
const SHOWN: usize = 300;

pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl Smtp {
    /// `smtp://[USER:PASSWORD@]HOST[:PORT]` asks for STARTTLS and goes on with it only, unless it
    /// says `?tls=opportunistic` or the server is on this machine; `smtps://` begins with TLS.
    pub fn connect(url: &str) -> Result<Smtp, Unusable> {
        let unusable = |err: SmtpError| Unusable(format!("the SMTP server can't be used: {err}"));
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&with_tls(url));
        Ok(Smtp { transport: builder.map_err(unusable)?.timeout(Some(TIMEOUT)).build() })
    }
}

/// Lettre would go without TLS where nothing is said.
fn with_tls(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let place = rest.split(['/', '?']).next().unwrap_or(rest);
    let server = place.rsplit_once('@').map_or(place, |(_, server)| server);
    let here = ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| {
        server.strip_prefix(host).is_some_and(|port| port.is_empty() || port.starts_with(':'))
    });
    match url.starts_with("smtps:") || url.contains("tls=") || here {
        true => url.to_owned(),
        false if url.contains('?') => format!("{url}&tls=required"),
        false => format!("{url}?tls=required"),
    }
}

/// Refused for good only where the server says so: all else may be better later.
fn failure(err: &SmtpError) -> MailError {
    let said: String = match std::error::Error::source(err) {
        Some(source) => format!("{err}: {source}"),
        None => err.to_string(),
    };
    let why: String = said.chars().filter(|c| !c.is_control()).take(SHOWN).collect();
    match err.is_permanent() {
        true if is_about_the_mailbox(&said) => MailError::Undeliverable { why },
        true => MailError::Final { why },
        false => MailError::Retryable { after: None, why },
    }
}

/// Only where the enhanced code (RFC 3463) says so: many refuse with the same 550 what they take for
/// spam.
fn is_about_the_mailbox(said: &str) -> bool {
    const NONE: [&str; 5] = ["5.1.1", "5.1.2", "5.1.3", "5.1.10", "5.2.1"];
    let mut words = said.split(|c: char| c.is_whitespace() || matches!(c, ':' | '#' | '(' | ')'));
    words.any(|word| NONE.contains(&word))
}

#[async_trait]
impl Mail for Smtp {
    async fn send(&self, letter: &Envelope) -> Result<(), MailError> {
        let message = message(letter)?;
        self.transport.send(message).await.map(|_| ()).map_err(|err| failure(&err))
    }
}

#[cfg(test)]
mod tests {
    use super::with_tls;

    #[test]
    fn without_a_word_about_it_tls_is_required_except_on_this_machine() {
        for (url, expected) in [
            ("smtp://mail.example.com", "smtp://mail.example.com?tls=required"),
            ("smtp://u:p@h:587?x=y", "smtp://u:p@h:587?x=y&tls=required"),
            ("smtp://h?tls=opportunistic", "smtp://h?tls=opportunistic"),
            ("smtps://h:465", "smtps://h:465"),
            ("smtp://127.0.0.1:2525", "smtp://127.0.0.1:2525"),
            ("smtp://u:p@localhost", "smtp://u:p@localhost"),
            ("smtp://localhost.example.com", "smtp://localhost.example.com?tls=required"),
            ("smtp://localhost@h", "smtp://localhost@h?tls=required"),
        ] {
            assert_eq!(with_tls(url), expected);
        }
    }
}
