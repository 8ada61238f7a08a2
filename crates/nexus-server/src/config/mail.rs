//! `[mail]`: how letters leave, and whom they are from.

use std::path::PathBuf;

use nexus_core::mail_events::EventKey;
use serde::{Deserialize, Serialize};

use super::{Config, Secret, SecretUrl, check::Problems};

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    pub url: SecretUrl,
    pub url_file: PathBuf,
    pub key: Secret,
    pub key_file: PathBuf,
    pub webhook_key: String,
    pub from: String,
    pub from_name: String,
}

/// What `mail.url` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailWay {
    Folder(PathBuf),
    /// The whole URL.
    Smtp(String),
    /// Another address than SendGrid's own, or nothing.
    SendGrid(String),
}

impl Config {
    /// `None` for a URL of another kind.
    pub fn mail_way(&self) -> Option<MailWay> {
        let url = self.mail.url.expose();
        if url.is_empty() || url == "folder:" {
            return Some(MailWay::Folder(self.data_dir.join("mail")));
        }
        match url.split_once(':')? {
            ("folder", path) => Some(MailWay::Folder(path.into())),
            ("smtp" | "smtps", rest) if rest.starts_with("//") && rest.len() > 2 => {
                Some(MailWay::Smtp(url.to_owned()))
            }
            ("sendgrid", base) => Some(MailWay::SendGrid(base.to_owned())),
            _ => None,
        }
    }

    /// Where links in letters lead.
    pub fn link_url(&self) -> String {
        match self.server.public_url.trim_end_matches('/') {
            "" => format!("http://localhost:{}", self.server.listen.port()),
            url => url.to_owned(),
        }
    }
}

pub(super) fn check(config: &Config, found: &mut Problems) {
    let mail = &config.mail;
    let domain = mail.from.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
    found.unless(!domain.is_empty() && !mail.from.contains([' ', '<', '>']), || {
        format!("mail.from is {:?}; write an address only, as \"chat@example.com\"", mail.from)
    });
    found.unless(!mail.from_name.is_empty() && !mail.from_name.contains(char::is_control), || {
        "mail.from_name must be a name in one line".to_owned()
    });
    let Some(way) = config.mail_way() else {
        return found.unless(false, || {
            "mail.url is none that is known; write smtp://HOST, smtps://HOST, sendgrid: or \
             folder:PATH"
                .to_owned()
        });
    };
    let by_sendgrid = matches!(way, MailWay::SendGrid(_));
    found.unless(!by_sendgrid || !mail.key.is_empty(), || {
        "mail.url is SendGrid, but mail.key is empty; put its API key into a file and name that \
         in mail.key_file"
            .to_owned()
    });
    found.unless(by_sendgrid || mail.key.is_empty(), || {
        "mail.key is for SendGrid, but mail.url is another way; remove one of them".to_owned()
    });
    found.unless(
        mail.webhook_key.is_empty() || EventKey::parse(&mail.webhook_key).is_some(),
        || {
            "mail.webhook_key is none; copy the public key of SendGrid's signed event webhook"
                .to_owned()
        },
    );
    if matches!(way, MailWay::Folder(_)) {
        return;
    }
    found.unless(!config.server.public_url.is_empty(), || {
        "mail.url sends letters to people, but server.public_url is empty: links would lead to \
         this machine; set it to the address people use"
            .to_owned()
    });
    found.unless(domain != "localhost", || {
        "mail.url sends letters to people, but mail.from is at localhost; set it to an address \
         of yours"
            .to_owned()
    });
}
