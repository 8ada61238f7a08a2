//! Texts that are never shown, and addresses that are shown without their passwords.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

const HIDDEN: &str = "(hidden)";

/// A text that is never shown: not in logs, not by `nexus config`.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

/// An address that may hold a password; the rest of it is shown.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct SecretUrl(String);

impl Secret {
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Secret {
        Secret(text)
    }
}

impl SecretUrl {
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What stands before the first colon.
    pub fn scheme(&self) -> &str {
        self.0.split_once(':').map_or("", |(scheme, _)| scheme)
    }

    /// Host and database, without password, and without any option that may be one.
    pub fn shown(&self) -> String {
        let Some((scheme, rest)) = self.0.split_once("://") else { return self.0.clone() };
        // The last @, wherever it is: a password may hold any character, and hiding too much is
        // better than too little.
        let (user, rest) = match rest.rsplit_once('@') {
            Some((login, rest)) => (login.split(':').next().unwrap_or_default(), rest),
            None => return format!("{scheme}://{}", without_secrets(rest)),
        };
        format!("{scheme}://{user}:{HIDDEN}@{}", without_secrets(rest))
    }
}

/// Options are shown by name; their values only where they can't be secret.
fn without_secrets(rest: &str) -> String {
    let Some((address, options)) = rest.split_once('?') else { return rest.to_owned() };
    let shown = options.split('&').map(|option| match option.split_once('=') {
        Some((name, _)) if may_be_secret(name) => format!("{name}={HIDDEN}"),
        _ => option.to_owned(),
    });
    format!("{address}?{}", shown.collect::<Vec<_>>().join("&"))
}

fn may_be_secret(option: &str) -> bool {
    let option = option.to_ascii_lowercase();
    ["password", "token", "secret", "properties"].iter().any(|part| option.contains(part))
}

impl From<String> for SecretUrl {
    fn from(text: String) -> SecretUrl {
        SecretUrl(text)
    }
}

impl From<&str> for SecretUrl {
    fn from(text: &str) -> SecretUrl {
        SecretUrl(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", if self.is_empty() { "" } else { HIDDEN })
    }
}

impl fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.shown())
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(if self.is_empty() { "" } else { HIDDEN })
    }
}

impl Serialize for SecretUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.shown())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_what_opens_it() {
        for (url, shown) in [
            ("", ""),
            ("sqlite:data/nexus.db", "sqlite:data/nexus.db"),
            ("redis://127.0.0.1:6379/1", "redis://127.0.0.1:6379/1"),
            ("redis://a:1,b:2", "redis://a:1,b:2"),
            ("rediss://:pw@a:1,b:2", "rediss://:(hidden)@a:1,b:2"),
            ("redis://u:p@a:1,u:p@b:2", "redis://u:(hidden)@b:2"),
            ("mongodb+srv://u:p@db.example.com/x", "mongodb+srv://u:(hidden)@db.example.com/x"),
            ("mongodb://u:p/@?x=@db/x?w=1", "mongodb://u:(hidden)@db/x?w=1"),
            (
                "mongodb://db/x?tlsCertificateKeyFilePassword=p&replicaSet=rs",
                "mongodb://db/x?tlsCertificateKeyFilePassword=(hidden)&replicaSet=rs",
            ),
            (
                "mongodb://db/?authMechanismProperties=AWS_SESSION_TOKEN:t",
                "mongodb://db/?authMechanismProperties=(hidden)",
            ),
        ] {
            assert_eq!(SecretUrl::from(url).shown(), shown);
        }
    }
}
