//! Letters to people: which there are, to whom, and their way to the [`Mail`](crate::ports::Mail).

mod catalog;
mod language;
mod render;
#[cfg(test)]
mod tests;

use std::{fmt, sync::Arc};

use nexus_protocol::{JobId, SuppressionReason, Timestamp, UserId};
use serde::{Deserialize, Serialize};

pub use language::Language;

use crate::{
    Core, Result, digests,
    jobs::{self, Job, JobError, JobKey},
    mail_events::EventKey,
    ports::{Envelope, Mail, MailError, Mailbox, UserRecord},
    suppressions,
};

/// What letters say about this server; from the configuration.
pub struct MailSettings {
    pub transport: Arc<dyn Mail>,
    /// Its name is how the server calls itself in letters.
    pub from: Mailbox,
    /// Where links lead, without a slash at the end.
    pub public_url: String,
    /// Of SendGrid, if it is to tell what became of letters.
    pub events: Option<EventKey>,
}

/// Opens something: never shown but in its letter.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Token(String);

impl From<String> for Token {
    fn from(token: String) -> Token {
        Token(token)
    }
}

impl Token {
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

/// To whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    pub user: Option<UserId>,
    pub name: String,
    pub address: String,
}

impl Recipient {
    /// At the address of the account.
    pub fn of(user: &UserRecord) -> Recipient {
        let (name, address) = (user.display_name.clone(), user.email.clone());
        Recipient { user: Some(user.id), name, address }
    }

    /// At another address than that of the account: one that it is to have, or had.
    pub fn at(self, address: &str) -> Recipient {
        Recipient { address: address.to_owned(), ..self }
    }
}

/// A chat in a digest: whose words they are stays in the chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestChat {
    pub name: String,
    pub unread: u64,
}

/// What is written. In the queue as JSON: variants and fields are added, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "letter", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Letter {
    VerifyEmail {
        token: Token,
    },
    ConfirmNewEmail {
        token: Token,
    },
    ResetPassword {
        token: Token,
    },
    PasswordChanged,
    /// To the old address.
    EmailChanged {
        new: String,
        /// The way back.
        #[serde(default)]
        revert: Option<Token>,
    },
    NewLogin {
        device: String,
        address: String,
        at: Timestamp,
    },
    SessionTheft {
        device: String,
        address: String,
        at: Timestamp,
    },
    TotpChanged {
        enabled: bool,
    },
    PasskeyAdded {
        name: String,
    },
    PasskeyRemoved {
        name: String,
    },
    SignInLinked {
        provider: String,
    },
    SignInUnlinked {
        provider: String,
    },
    RecoveryCodeUsed {
        left: u32,
    },
    RecoveryCodesRenewed,
    /// `more` chats are not listed.
    Digest {
        unread: u64,
        chats: Vec<DigestChat>,
        more: u64,
        unsubscribe: Token,
    },
    ExportReady {
        token: Token,
        until: Timestamp,
    },
    DeletionScheduled {
        until: Timestamp,
    },
    DeletionCancelled,
    /// For ever where there is no `until`.
    Banned {
        reason: Option<String>,
        until: Option<Timestamp>,
    },
}

impl Letter {
    pub fn kind(&self) -> &'static str {
        match self {
            Letter::VerifyEmail { .. } => "verifyEmail",
            Letter::ConfirmNewEmail { .. } => "confirmNewEmail",
            Letter::ResetPassword { .. } => "resetPassword",
            Letter::PasswordChanged => "passwordChanged",
            Letter::EmailChanged { .. } => "emailChanged",
            Letter::NewLogin { .. } => "newLogin",
            Letter::SessionTheft { .. } => "sessionTheft",
            Letter::TotpChanged { .. } => "totpChanged",
            Letter::PasskeyAdded { .. } => "passkeyAdded",
            Letter::PasskeyRemoved { .. } => "passkeyRemoved",
            Letter::SignInLinked { .. } => "signInLinked",
            Letter::SignInUnlinked { .. } => "signInUnlinked",
            Letter::RecoveryCodeUsed { .. } => "recoveryCodeUsed",
            Letter::RecoveryCodesRenewed => "recoveryCodesRenewed",
            Letter::Digest { .. } => "digest",
            Letter::ExportReady { .. } => "exportReady",
            Letter::DeletionScheduled { .. } => "deletionScheduled",
            Letter::DeletionCancelled => "deletionCancelled",
            Letter::Banned { .. } => "banned",
        }
    }

    /// Anybody can have these sent to any address: few of them, and nothing in them that was chosen
    /// by whoever asked, or we would be the postman of spam.
    fn is_for_strangers(&self) -> bool {
        matches!(self, Letter::VerifyEmail { .. } | Letter::ConfirmNewEmail { .. })
    }

    /// Only to who wants it: an account gets along without.
    pub(crate) fn is_dispensable(&self) -> bool {
        matches!(self, Letter::Digest { .. })
    }

    /// Where its button leads: in the fragment, which no server writes into its log.
    fn link(&self, public_url: &str) -> Option<String> {
        let (page, token) = match self {
            Letter::VerifyEmail { token } => ("verify", token),
            Letter::ConfirmNewEmail { token } => ("confirm-email", token),
            Letter::ResetPassword { token } => ("reset", token),
            Letter::EmailChanged { revert: Some(token), .. } => ("revert-email", token),
            Letter::ExportReady { token, .. } => ("export", token),
            Letter::Digest { .. } => return Some(format!("{public_url}/")),
            _ => return None,
        };
        Some(format!("{public_url}/{page}#token={}", token.0))
    }
}

/// Has the letter sent, soon: it is in the queue when this answers.
pub async fn send(core: &Core, to: Recipient, letter: Letter) -> Result<()> {
    send_once(core, JobKey::unique(core), to, letter).await.map(|_| ())
}

/// The same, but once for a key; false where it was sent already.
pub async fn send_once(core: &Core, key: JobKey, to: Recipient, letter: Letter) -> Result<bool> {
    jobs::push(core, &Job::Mail { to, letter }, key, core.clock.now()).await
}

/// Carries a mail job out.
pub async fn deliver(
    core: &Core,
    job: JobId,
    pushed_at: Timestamp,
    to: &Recipient,
    letter: &Letter,
) -> Result<(), JobError> {
    if let Some(reason) = suppressions::reason_against(core, &to.address, letter).await? {
        tracing::info!(%job, letter = letter.kind(), reason = reason.as_str(), "not sent");
        return Ok(());
    }
    if matches!(letter, Letter::Digest { .. }) && !digests::is_wanted(core, to).await? {
        return Ok(());
    }
    let language = language(core, to).await?;
    let envelope = envelope(&core.mail, job, pushed_at, to, language, letter)?;
    match core.mail.transport.send(&envelope).await {
        Ok(()) => Ok(()),
        Err(MailError::Retryable { after, why }) => Err(JobError::Retry { after, why }),
        Err(MailError::Final { why }) => Err(JobError::Final(why)),
        Err(MailError::Undeliverable { why }) => {
            let (bounce, now) = (SuppressionReason::Bounce, core.clock.now());
            suppressions::suppress(core, &to.address, bounce, &why, now).await?;
            Err(JobError::Final(why))
        }
    }
}

/// As the recipient has it now.
async fn language(core: &Core, to: &Recipient) -> Result<Language> {
    let Some(user) = to.user else { return Ok(Language::default()) };
    let settings = core.store.settings(user).await?;
    Ok(Language::of_tag(&settings.locale).unwrap_or_default())
}

fn envelope(
    settings: &MailSettings,
    job: JobId,
    date: Timestamp,
    to: &Recipient,
    language: Language,
    letter: &Letter,
) -> Result<Envelope, JobError> {
    let address = sane_address(&to.address)
        .ok_or_else(|| JobError::Final("this is not an e-mail address".to_owned()))?;
    let name = if letter.is_for_strangers() { String::new() } else { one_line(&to.name) };
    let written = render::render(settings, &name, language, letter)
        .map_err(|err| JobError::Final(format!("the letter can't be written: {err}")))?;
    let domain = settings.from.address.rsplit('@').next().unwrap_or("localhost");
    Ok(Envelope {
        job,
        kind: letter.kind(),
        message_id: format!("{job}@{domain}"),
        from: settings.from.clone(),
        to: Mailbox { name, address },
        date,
        subject: one_line(&written.subject),
        text: written.text,
        html: written.html,
        headers: headers(&settings.public_url, letter),
    })
}

fn headers(public_url: &str, letter: &Letter) -> Vec<(&'static str, String)> {
    let mut headers = vec![("Auto-Submitted", "auto-generated".to_owned())];
    if let Letter::Digest { unsubscribe: Token(token), .. } = letter {
        // The fragment would be lost on the mail client's own request (RFC 8058).
        let url = format!("<{public_url}/api/v1/unsubscribe?token={token}>");
        headers.push(("List-Unsubscribe", url));
        headers.push(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    headers
}

/// Nothing in it can end a header, or pass for another one.
fn one_line(text: &str) -> String {
    let is_break = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let spaced: String = text.chars().map(|c| if is_break(c) { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect()
}

fn sane_address(address: &str) -> Option<String> {
    let odd = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';');
    let (local, domain) = address.rsplit_once('@')?;
    let sane = !local.is_empty() && !domain.is_empty() && !address.contains(odd);
    sane.then(|| address.to_owned())
}
