//! What an ID token says, and whether it was said to us, now, and about this sign-in.

use std::time::Duration;

use nexus_protocol::Timestamp;
use serde::Deserialize;

use super::{
    Somebody,
    provider::{Problem, ProviderSettings},
};
use crate::{ports::TokenHash, validate::Findings};

/// How far a provider's clock may be from ours.
const LEEWAY: Duration = Duration::from_secs(60);
/// A token was made for this sign-in, not for one long ago.
const OLDEST: Duration = Duration::from_secs(15 * 60);
const MAX_SUBJECT_CHARS: usize = 255;
const MAX_LABEL_CHARS: usize = 254;

#[derive(Debug, Deserialize)]
pub struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    #[serde(default)]
    azp: Option<String>,
    exp: f64,
    #[serde(default)]
    nbf: Option<f64>,
    iat: f64,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    email_verified: Option<Truth>,
    #[serde(default)]
    preferred_username: Option<String>,
    #[serde(default)]
    name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// Some write it as text.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Truth {
    Bool(bool),
    Text(String),
}

impl Claims {
    pub fn check(
        &self,
        settings: &ProviderSettings,
        nonce: &str,
        now: Timestamp,
    ) -> Result<(), Problem> {
        let us = settings.client_id.as_str();
        let wrong = [
            (self.iss != settings.issuer, "its token is another's"),
            (!self.is_for(us), "its token is for somebody else"),
            (self.azp.as_ref().is_some_and(|azp| azp != us), "its token was given to another"),
            (at(self.exp) <= now.minus(LEEWAY), "its token is over"),
            (self.nbf.is_some_and(|nbf| at(nbf) > now.plus(LEEWAY)), "its token is not good yet"),
            (at(self.iat) > now.plus(LEEWAY), "its token is from the future"),
            (at(self.iat) < now.minus(OLDEST), "its token is old"),
            (self.nonce.as_deref() != Some(nonce), "its token is of another sign-in"),
            (
                self.sub.is_empty() || self.sub.chars().count() > MAX_SUBJECT_CHARS,
                "it names nobody",
            ),
        ];
        match wrong.into_iter().find(|(is_wrong, _)| *is_wrong) {
            Some((_, what)) => Err(Problem::Wrong(what)),
            None => Ok(()),
        }
    }

    /// Of several audiences, we would trust none beside us.
    fn is_for(&self, us: &str) -> bool {
        match &self.aud {
            Audience::One(one) => one == us,
            Audience::Many(many) => !many.is_empty() && many.iter().all(|one| one == us),
        }
    }

    pub fn somebody(self, provider: &str, browser: TokenHash) -> Somebody {
        let is_verified = match &self.email_verified {
            Some(Truth::Bool(is)) => *is,
            Some(Truth::Text(text)) => text == "true",
            None => false,
        };
        let email = self.email.filter(|_| is_verified).map(|email| {
            let mut findings = Findings::default();
            let email = crate::validate::email(&mut findings, &email);
            findings.done().map(|()| email)
        });
        let email = email.and_then(Result::ok);
        let label = email.clone().or_else(|| self.preferred_username.clone()).or(self.name.clone());
        let username = self.preferred_username.or_else(|| {
            email.as_deref().and_then(|email| email.split('@').next()).map(str::to_owned)
        });
        Somebody {
            provider: provider.to_owned(),
            issuer: self.iss,
            subject: self.sub,
            label: label.filter(|label| is_showable(label, MAX_LABEL_CHARS)),
            username: username.and_then(|name| usable(&name)),
            display_name: self.name.filter(|name| is_showable(name, 64)),
            email,
            browser,
        }
    }
}

fn at(secs: f64) -> Timestamp {
    // Beyond any time, it stays there.
    Timestamp((secs * 1_000.0) as i64)
}

fn is_showable(text: &str, max: usize) -> bool {
    let mut findings = Findings::default();
    findings.name("", text, max);
    findings.done().is_ok()
}

/// A username of ours, made of theirs.
fn usable(name: &str) -> Option<String> {
    let name = name.split('@').next().unwrap_or_default().to_lowercase();
    let name: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '_' | '.') { c } else { '_' })
        .skip_while(|c| !c.is_ascii_alphanumeric())
        .take(32)
        .collect();
    let mut findings = Findings::default();
    let name = crate::validate::username(&mut findings, &name);
    findings.done().ok().map(|()| name)
}
