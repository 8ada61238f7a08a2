//! Letters by SendGrid's HTTP interface, version 3.

use std::time::Duration;

use async_trait::async_trait;
use nexus_core::ports::{Clock, Envelope, Mail, MailError, Mailbox};
use reqwest::{
    Client, Response, StatusCode,
    header::{HeaderMap, RETRY_AFTER},
};
use serde_json::{Map, Value, json};

use crate::Unusable;

pub const DEFAULT_URL: &str = "https://api.sendgrid.com";
const TIMEOUT: Duration = Duration::from_secs(30);
/// Of what it answers; shown to operators.
const SHOWN: usize = 300;
/// However long it asks us to wait.
const LONGEST_WAIT: Duration = Duration::from_secs(3_600);

pub struct SendGrid {
    client: Client,
    url: String,
    key: String,
    clock: std::sync::Arc<dyn Clock>,
}

impl SendGrid {
    /// `url` without the path; empty: SendGrid's own.
    pub fn new(
        url: &str,
        key: &str,
        clock: std::sync::Arc<dyn Clock>,
    ) -> Result<SendGrid, Unusable> {
        let base = if url.is_empty() { DEFAULT_URL } else { url.trim_end_matches('/') };
        let client = Client::builder()
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|err| Unusable(format!("no HTTP client: {err}")))?;
        let url = format!("{base}/v3/mail/send");
        Ok(SendGrid { client, url, key: key.to_owned(), clock })
    }

    async fn failure(&self, answer: Response) -> MailError {
        let status = answer.status();
        let after = self.asked_to_wait(answer.headers());
        let said = answer.text().await.unwrap_or_default();
        let why = format!("SendGrid answered {}: {}", status.as_u16(), reason(&said));
        match status {
            // Its key, its account, its trouble: an operator can mend that.
            StatusCode::TOO_MANY_REQUESTS
            | StatusCode::UNAUTHORIZED
            | StatusCode::FORBIDDEN
            | StatusCode::REQUEST_TIMEOUT => MailError::Retryable { after, why },
            status if status.is_client_error() => MailError::Final { why },
            _ => MailError::Retryable { after, why },
        }
    }

    /// `Retry-After` in seconds, or the moment in which its limit begins anew.
    fn asked_to_wait(&self, headers: &HeaderMap) -> Option<Duration> {
        let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
        let until_reset = || {
            let now = u64::try_from(self.clock.now().0 / 1_000).ok()?;
            number("x-ratelimit-reset")?.checked_sub(now)
        };
        let secs = number(RETRY_AFTER.as_str()).or_else(until_reset)?;
        Some(Duration::from_secs(secs).min(LONGEST_WAIT))
    }
}

/// The messages of its error document, or the beginning of whatever it is.
fn reason(said: &str) -> String {
    let document: Option<Value> = serde_json::from_str(said).ok();
    let errors = document.as_ref().and_then(|document| document["errors"].as_array());
    let messages: Vec<&str> =
        errors.into_iter().flatten().filter_map(|error| error["message"].as_str()).collect();
    let reason = if messages.is_empty() { said.to_owned() } else { messages.join("; ") };
    reason.chars().filter(|c| !c.is_control()).take(SHOWN).collect()
}

fn mailbox(mailbox: &Mailbox) -> Value {
    match mailbox.name.as_str() {
        "" => json!({ "email": mailbox.address }),
        name => json!({ "email": mailbox.address, "name": name }),
    }
}

/// As <https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send> has it: plain text
/// before HTML, values of `custom_args` and `headers` are strings. It must not rewrite our links,
/// which open accounts, nor watch who reads.
fn body(letter: &Envelope) -> Value {
    let mut headers: Map<String, Value> =
        letter.headers.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    headers.insert("Message-ID".to_owned(), json!(format!("<{}>", letter.message_id)));
    json!({
        "personalizations": [{ "to": [mailbox(&letter.to)] }],
        "from": mailbox(&letter.from),
        "subject": letter.subject,
        "content": [
            { "type": "text/plain", "value": letter.text },
            { "type": "text/html", "value": letter.html },
        ],
        "headers": headers,
        "custom_args": { "job": letter.job.to_string(), "letter": letter.kind },
        "tracking_settings": {
            "click_tracking": { "enable": false, "enable_text": false },
            "open_tracking": { "enable": false },
            "subscription_tracking": { "enable": false },
        },
    })
}

#[async_trait]
impl Mail for SendGrid {
    async fn send(&self, letter: &Envelope) -> Result<(), MailError> {
        let asking = self.client.post(&self.url).bearer_auth(&self.key).json(&body(letter));
        match asking.send().await {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => Err(self.failure(answer).await),
            Err(err) => {
                let why = format!("SendGrid can't be reached: {}", err.without_url());
                Err(MailError::Retryable { after: None, why })
            }
        }
    }
}
