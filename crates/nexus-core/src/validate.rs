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

    /// `min` to `max` characters, something to see among them (if `min` is not 0), without control
    /// characters but line breaks and tabs.
    pub fn text(&mut self, field: &str, text: &str, min: usize, max: usize) {
        let chars = text.chars().count();
        if chars < min || (min > 0 && !text.chars().any(is_visible)) {
            let message = if min <= 1 { "is empty" } else { "is too short" };
            self.note(field, message, Some(min as u64));
        } else if chars > max {
            self.note(field, "is too long", Some(max as u64));
        } else if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            self.note(field, "has control characters", None);
        }
    }

    /// A name or title of up to `max` characters: one line, and nothing that turns the text around
    /// it, so that nobody can look like somebody else.
    pub fn name(&mut self, field: &str, name: &str, max: usize) {
        let known = self.0.len();
        self.text(field, name, 1, max);
        if self.0.len() > known {
            return;
        }
        if name.chars().any(|c| matches!(c, '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}')) {
            self.note(field, "must be one line", None);
        } else if name
            .chars()
            .any(|c| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'))
        {
            self.note(field, "has characters that change the direction of text", None);
        }
    }

    pub fn done(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}

pub const MIN_PASSWORD_CHARS: usize = 10;
/// Long enough for any pass phrase; hashing reads every byte of it.
pub const MAX_PASSWORD_BYTES: usize = 1_024;

/// Answers whether its length is fine.
pub fn password(findings: &mut Findings, field: &str, password: &str) -> bool {
    if password.chars().count() < MIN_PASSWORD_CHARS {
        findings.note(field, "is too short", Some(MIN_PASSWORD_CHARS as u64));
        return false;
    }
    if password.len() > MAX_PASSWORD_BYTES {
        findings.note(field, "is too long", Some(MAX_PASSWORD_BYTES as u64));
        return false;
    }
    true
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
                    || host.contains('.')
                        && host.split('.').all(|label| !label.is_empty())
                        && !host.ends_with(".invalid"))
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

/// Whether a reader sees anything of it. The list is Unicode's Default_Ignorable_Code_Point, and the
/// letters that are drawn as nothing.
fn is_visible(c: char) -> bool {
    let drawn_as_nothing = matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}');
    !drawn_as_nothing && !c.is_whitespace() && !c.is_control()
}

/// One emoji as a reader sees it: a single grapheme that begins with a symbol, or a keycap.
pub fn emoji(text: &str) -> Result<()> {
    use unicode_segmentation::UnicodeSegmentation;
    let is_symbol = |c: char| {
        matches!(c,
            '©' | '®' | '‼' | '⁉' | '\u{2100}'..='\u{2BFF}' | '〰' | '〽' | '㊗' | '㊙'
            | '\u{1F000}'..='\u{1FAFF}')
            && is_visible(c)
    };
    // Keycaps (1️⃣, #️⃣) are ASCII with a combining mark.
    let is_keycap = |c: char| matches!(c, '0'..='9' | '#' | '*') && text.ends_with('\u{20E3}');
    let fine = text.len() <= 64
        && text.graphemes(true).count() == 1
        && text.chars().next().is_some_and(|c| is_symbol(c) || is_keycap(c));
    if fine { Ok(()) } else { Err(Error::invalid("emoji", "is not one emoji")) }
}

#[cfg(test)]
mod tests {
    use super::{Findings, email, emoji, username};

    #[test]
    fn a_name_is_one_line_that_is_seen_and_deceives_nobody() {
        let check = |name: &str| {
            let mut findings = Findings::default();
            findings.name("title", name, 10);
            findings.done().is_ok()
        };
        for good in ["Ann", "A B", "ש", "علي", "👨‍👩‍👧", "x\u{200D}y", "é"] {
            assert!(check(good), "{good:?}");
        }
        let unseen = ["", " ", "\u{200B}\u{200B}", "\u{3164}", "\u{2800}", "\u{FE0F}"];
        let deceiving = ["a\nb", "a\tb", "a\u{2028}b", "\u{202E}exe.gpj", "a\u{2067}b", "a\0"];
        for bad in unseen.into_iter().chain(deceiving).chain(["12345678901"]) {
            assert!(!check(bad), "{bad:?}");
        }
    }

    #[test]
    fn an_emoji_is_one_and_nothing_else() {
        for good in
            ["👍", "❤️", "👨‍👩‍👧‍👦", "🇩🇪", "1️⃣", "#️⃣", "👋🏽", "©️", "ℹ️", "Ⓜ️", "🅰️", "㊗️", "™️", "🫠"]
        {
            assert!(emoji(good).is_ok(), "{good}");
        }
        let unseen = ["\u{200B}", "\u{202E}", "\u{301}", "\u{FE0F}", "\u{2800}", "a\u{20E3}"];
        for bad in ["", "a", "👍👍", " ", "1", "ok", "é", "\n", "<b>"].into_iter().chain(unseen)
        {
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
        for bad in ["", "ann", "@b.c", "a@", "a@b", "a b@c.d", "a@b@c.d", "a@b..c", "a@b.invalid"] {
            assert_eq!(check(email, bad), None, "{bad:?}");
        }
        assert_eq!(check(username, "Ann_9.x").as_deref(), Some("ann_9.x"));
        for bad in ["", "an", ".ann", "ann!", "än n", &"a".repeat(33)] {
            assert_eq!(check(username, bad), None, "{bad:?}");
        }
    }
}
