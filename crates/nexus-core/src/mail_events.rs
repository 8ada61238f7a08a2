//! What SendGrid tells of letters that it has taken: those that nobody got, or wanted.

use std::time::Duration;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, ParsedPublicKey};
use base64::{Engine, engine::general_purpose::STANDARD};
use nexus_protocol::{SuppressionReason, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    Core, Error, Result,
    jobs::{self, Job, JobKey},
};

/// SendGrid tries for a day. What comes twice within it is known by its id: keys of jobs are
/// remembered longer.
const OLDEST: Duration = Duration::from_secs(24 * 60 * 60);
/// How far its clock may be ahead of ours.
const AHEAD: Duration = Duration::from_secs(5 * 60);
const MAX_ID_BYTES: usize = 200;

/// Checks what is signed with SendGrid's own key.
#[derive(Debug)]
pub struct EventKey(ParsedPublicKey);

impl EventKey {
    /// As SendGrid shows it: the public key's `SubjectPublicKeyInfo` in Base64. `None` if it is
    /// no key on P-256.
    pub fn parse(text: &str) -> Option<EventKey> {
        let der = STANDARD.decode(text.trim()).ok()?;
        ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, der).ok().map(EventKey)
    }

    fn signed(&self, signature: &str, timestamp: &str, body: &[u8]) -> bool {
        let Ok(signature) = STANDARD.decode(signature.trim()) else { return false };
        self.0.verify_sig(&[timestamp.as_bytes(), body].concat(), &signature).is_ok()
    }
}

/// What the two headers say.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    pub signature: &'a str,
    /// Seconds since 1970, as it was signed.
    pub timestamp: &'a str,
}

/// Of the many fields of an event; others come as they like.
#[derive(Debug, Deserialize)]
struct MailEvent {
    email: String,
    event: String,
    sg_event_id: String,
    timestamp: i64,
    /// Of a bounce: `bounce`, or `blocked` for one that may be over soon.
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    reason: Option<String>,
}

impl MailEvent {
    /// `None` for what says nothing about the address itself.
    fn verdict(&self) -> Option<SuppressionReason> {
        let reason = self.reason.as_deref().unwrap_or_default();
        match self.event.as_str() {
            "bounce" if self.kind.as_deref() == Some("blocked") => None,
            "bounce" => Some(SuppressionReason::Bounce),
            "dropped" => match reason {
                "Bounced Address" | "Invalid" => Some(SuppressionReason::Bounce),
                "Spam Reporting Address" => Some(SuppressionReason::SpamReport),
                "Unsubscribed Address" => Some(SuppressionReason::Unsubscribe),
                _ => None,
            },
            "spamreport" => Some(SuppressionReason::SpamReport),
            "unsubscribe" | "group_unsubscribe" => Some(SuppressionReason::Unsubscribe),
            _ => None,
        }
    }

    fn is_sane(&self) -> bool {
        (1..=MAX_ID_BYTES).contains(&self.sg_event_id.len()) && self.email.len() <= 254
    }
}

/// Takes a batch in: each event that matters becomes a job, of which its id allows one.
pub async fn take(core: &Core, signed: Option<Signed<'_>>, body: &[u8]) -> Result<()> {
    let key = core.mail.events.as_ref().ok_or(Error::NotFound("resource"))?;
    let signed = signed.ok_or_else(|| refused("the signature is missing"))?;
    if !is_fresh(core.clock.now(), signed.timestamp) {
        return Err(refused("the timestamp is too old, or none"));
    }
    if !key.signed(signed.signature, signed.timestamp, body) {
        return Err(refused("the signature is not that of this body"));
    }
    let events: Vec<Value> =
        serde_json::from_slice(body).map_err(|_| refused("the body is no list of events"))?;
    for event in events {
        // Of a kind that is not known yet, maybe: the others count all the same.
        let Ok(event) = serde_json::from_value::<MailEvent>(event) else { continue };
        let Some(reason) = event.verdict().filter(|_| event.is_sane()) else { continue };
        let detail = event.reason.unwrap_or_else(|| event.event.clone());
        let at = Timestamp(event.timestamp.saturating_mul(1_000)).min(core.clock.now());
        let job = Job::Suppress { address: event.email, reason, detail, at };
        let key = JobKey::of(format!("sendgrid:{}", event.sg_event_id));
        jobs::push(core, &job, key, core.clock.now()).await?;
    }
    Ok(())
}

fn refused(why: &str) -> Error {
    Error::Malformed(why.to_owned())
}

fn is_fresh(now: Timestamp, timestamp: &str) -> bool {
    let Ok(secs) = timestamp.parse::<i64>() else { return false };
    let at = Timestamp(secs.saturating_mul(1_000));
    at >= now.minus(OLDEST) && at <= now.plus(AHEAD)
}
