//! What texts from outside must look like.

use nexus_protocol::FieldError;

use crate::{Error, Result, error::field_error};

/// Gathers what is wrong with each field, so that a form shows all of it at once.
#[derive(Default)]
pub struct Findings(Vec<FieldError>);

impl Findings {
    pub fn note(&mut self, field: &str, message: &str, limit: Option<u64>) {
        self.0.push(field_error(field, message, limit));
    }

    /// `min` to `max` characters, without control characters but line breaks and tabs.
    pub fn text(&mut self, field: &str, text: &str, min: usize, max: usize) {
        let chars = text.chars().count();
        if chars < min || (min > 0 && text.trim().is_empty()) {
            let message = if min <= 1 { "is empty" } else { "is too short" };
            self.note(field, message, Some(min as u64));
        } else if chars > max {
            self.note(field, "is too long", Some(max as u64));
        } else if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            self.note(field, "has control characters", None);
        }
    }

    pub fn done(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}

pub const MIN_PASSWORD_CHARS: usize = 10;
/// Long enough for any pass phrase; hashing reads every byte of it.
pub const MAX_PASSWORD_BYTES: usize = 1_024;

pub fn password(findings: &mut Findings, field: &str, password: &str) {
    if password.chars().count() < MIN_PASSWORD_CHARS {
        findings.note(field, "is too short", Some(MIN_PASSWORD_CHARS as u64));
    } else if password.len() > MAX_PASSWORD_BYTES {
        findings.note(field, "is too long", Some(MAX_PASSWORD_BYTES as u64));
    }
}

/// Folded to lower case. The address is proven by mail, not by grammar: one `@`, a host with a dot
/// or `localhost`, no spaces.
pub fn email(findings: &mut Findings, email: &str) -> String {
    let email = email.trim().to_lowercase();
    let fine = email.len() <= 254
        && !email.chars().any(|c| c.is_whitespace() || c.is_control())
        && email.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty()
                && name.len() <= 64
                && !host.contains('@')
                && (host == "localhost"
                    || host.contains('.') && host.split('.').all(|label| !label.is_empty()))
        });
    if !fine {
        findings.note("email", "is not an e-mail address", None);
    }
    email
}

/// Folded to lower case.
pub fn username(findings: &mut Findings, username: &str) -> String {
    let username = username.trim().to_lowercase();
    let chars = username.chars().count();
    if chars < 3 {
        findings.note("username", "is too short", Some(3));
    } else if chars > 32 {
        findings.note("username", "is too long", Some(32));
    } else if !username.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_' | '.'))
        || !username.starts_with(|c: char| c.is_ascii_alphanumeric())
    {
        let message = "may hold a-z, 0-9, _ and . and starts with a letter or digit";
        findings.note("username", message, None);
    }
    username
}

/// One emoji as a reader sees it: a single grapheme that is not a letter, digit or space.
pub fn emoji(text: &str) -> Result<()> {
    use unicode_segmentation::UnicodeSegmentation;
    let first = text.chars().next();
    let fine = text.len() <= 64
        && text.graphemes(true).count() == 1
        && first.is_some_and(|c| !c.is_control() && !c.is_whitespace())
        // Keycaps (1️⃣, #️⃣) are ASCII with a combining mark; `©` and `®` are below U+2000.
        && (text.contains('\u{20E3}')
            || !first.is_some_and(|c| c.is_alphanumeric() || c.is_ascii()));
    if fine { Ok(()) } else { Err(Error::invalid("emoji", "is not one emoji")) }
}

#[cfg(test)]
mod tests {
    use super::{Findings, email, emoji, username};

    #[test]
    fn an_emoji_is_one_and_nothing_else() {
        for good in ["👍", "❤️", "👨‍👩‍👧‍👦", "🇩🇪", "1️⃣", "👋🏽", "©️"]
        {
            assert!(emoji(good).is_ok(), "{good}");
        }
        for bad in ["", "a", "👍👍", " ", "1", "ok", "é", "\n", "<b>"] {
            assert!(emoji(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn names_and_addresses() {
        let check = |read: fn(&mut Findings, &str) -> String, text: &str| {
            let mut findings = Findings::default();
            let read = read(&mut findings, text);
            findings.done().is_ok().then_some(read)
        };
        assert_eq!(check(email, " Ann@Example.COM ").as_deref(), Some("ann@example.com"));
        for bad in ["", "ann", "@b.c", "a@", "a@b", "a b@c.d", "a@b@c.d", "a@b..c"] {
            assert_eq!(check(email, bad), None, "{bad:?}");
        }
        assert_eq!(check(username, "Ann_9.x").as_deref(), Some("ann_9.x"));
        for bad in ["", "an", ".ann", "ann!", "än n", &"a".repeat(33)] {
            assert_eq!(check(username, bad), None, "{bad:?}");
        }
    }
}
