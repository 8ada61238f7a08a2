use std::{collections::BTreeSet, fs, path::PathBuf, sync::Arc};

use nexus_protocol::{JobId, Timestamp};
use uuid::Uuid;

use super::{
    DigestChat, Language, Letter, MailSettings, Recipient, Token,
    catalog::{Catalog, Entry},
    envelope, render,
};
use crate::{
    memory::MemoryMail,
    ports::{Envelope, Mailbox},
};

const AT: Timestamp = Timestamp(1_767_434_400_000);

fn settings() -> MailSettings {
    MailSettings {
        transport: Arc::new(MemoryMail::new()),
        from: Mailbox { name: "NexusChat".to_owned(), address: "chat@example.org".to_owned() },
        public_url: "https://chat.example.org".to_owned(),
        events: None,
    }
}

fn token() -> Token {
    Token::from("abcDEF_123".to_owned())
}

fn chat(name: &str, unread: u64) -> DigestChat {
    DigestChat { name: name.to_owned(), unread }
}

/// At least one of each.
fn letters() -> Vec<Letter> {
    let (device, address) = ("Firefox on Linux".to_owned(), "192.0.2.7".to_owned());
    let (at, until) = (AT, AT);
    vec![
        Letter::VerifyEmail { token: token() },
        Letter::ConfirmNewEmail { token: token() },
        Letter::ResetPassword { token: token() },
        Letter::PasswordChanged,
        Letter::EmailChanged { new: "ann@example.net".to_owned(), revert: Some(token()) },
        Letter::NewLogin { device: device.clone(), address: address.clone(), at },
        Letter::SessionTheft { device, address, at },
        Letter::TotpChanged { enabled: true },
        Letter::TotpChanged { enabled: false },
        Letter::PasskeyAdded { name: "Ann's phone".to_owned() },
        Letter::PasskeyRemoved { name: "Ann's phone".to_owned() },
        Letter::SignInLinked { provider: "Example".to_owned() },
        Letter::SignInUnlinked { provider: "Example".to_owned() },
        Letter::RecoveryCodeUsed { left: 0 },
        Letter::RecoveryCodeUsed { left: 1 },
        Letter::RecoveryCodeUsed { left: 7 },
        Letter::RecoveryCodesRenewed,
        Letter::Digest { unread: 1, chats: vec![chat("Bob", 1)], more: 0, unsubscribe: token() },
        Letter::Digest {
            unread: 42,
            chats: vec![chat("Bob", 2), chat("The <b>team</b>", 30)],
            more: 3,
            unsubscribe: token(),
        },
        Letter::ExportReady { token: token(), until },
        Letter::DeletionScheduled { until },
        Letter::DeletionCancelled,
        Letter::Banned { reason: None, until: None },
        Letter::Banned { reason: Some("spam & worse".to_owned()), until: Some(until) },
    ]
}

fn written(to: &Recipient, language: Language, letter: &Letter) -> Envelope {
    let job = JobId(Uuid::from_u128(1));
    envelope(&settings(), job, AT, to, language, letter).unwrap()
}

fn ann() -> Recipient {
    Recipient { user: None, name: "Ann".to_owned(), address: "ann@example.org".to_owned() }
}

fn book(language: Language) -> String {
    let pages = letters().into_iter().map(|letter| {
        let Envelope { kind, subject, text, .. } = written(&ann(), language, &letter);
        format!("===== {kind}: {subject}\n{text}")
    });
    pages.collect::<Vec<_>>().join("\n")
}

fn compare(name: &str, now: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/mail/letters").join(name);
    if std::env::var_os("UPDATE_LETTERS").is_some() {
        fs::write(&path, now).unwrap();
    }
    let before = fs::read_to_string(&path).unwrap_or_default();
    assert!(before == now, "{name} reads otherwise now: look at it with UPDATE_LETTERS=1\n{now}");
}

#[test]
fn every_letter_reads_as_it_was_read_by_somebody() {
    compare("en.txt", &book(Language::En));
    compare("de.txt", &book(Language::De));
    let letters = letters();
    let digest = letters.iter().rfind(|letter| letter.kind() == "digest").unwrap();
    compare("digest.html", &written(&ann(), Language::En, digest).html);
    compare("reset.html", &written(&ann(), Language::De, &letters[2]).html);
}

fn texts(entry: &Entry) -> Vec<&String> {
    let own = [&entry.subject].into_iter().chain(&entry.before).chain(&entry.button);
    own.chain(&entry.after).collect()
}

fn variables(texts: &[&String]) -> BTreeSet<String> {
    let names = texts.iter().flat_map(|text| {
        let template = render::ENVIRONMENT.template_from_str(text).unwrap();
        template.undeclared_variables(true)
    });
    names.collect()
}

fn frame(catalog: &Catalog) -> [&String; 7] {
    let Catalog { greeting, greeting_nobody, reason, item, more, unsubscribe, warning, .. } =
        catalog;
    [greeting, greeting_nobody, reason, item, more, unsubscribe, warning]
}

#[test]
fn all_languages_say_the_same_about_the_same_things() {
    let english = Catalog::of(Language::En).unwrap();
    let kinds: BTreeSet<&str> = letters().iter().map(Letter::kind).collect();
    assert!(kinds.iter().copied().eq(english.letters.keys().map(String::as_str)), "{kinds:?}");
    for language in Language::ALL {
        let other = Catalog::of(language).unwrap();
        assert_eq!(Language::of_tag(&other.language), Some(language));
        for (ours, theirs) in frame(english).into_iter().zip(frame(other)) {
            assert_eq!(variables(&[ours]), variables(&[theirs]), "{language:?}: {theirs}");
        }
        assert!(other.letters.keys().eq(english.letters.keys()), "{language:?}");
        for (kind, ours) in &english.letters {
            let theirs = &other.letters[kind];
            let same = variables(&texts(ours)) == variables(&texts(theirs));
            assert!(same, "{language:?} says something else in {kind}");
            let parts = |entry: &Entry| {
                (entry.before.len(), entry.button.is_some(), entry.after.len(), entry.warns)
            };
            assert_eq!(parts(ours), parts(theirs), "{language:?}: {kind}");
        }
    }
}

#[test]
fn who_has_a_link_in_a_letter_has_a_button_for_it() {
    let catalog = Catalog::of(Language::En).unwrap();
    for letter in letters() {
        let has_button = catalog.letters[letter.kind()].button.is_some();
        assert_eq!(letter.link("").is_some(), has_button, "{}", letter.kind());
    }
}

#[test]
fn nothing_that_people_choose_can_add_a_header_or_markup() {
    let evil = "Ann\r\nBcc: all@example.org\n\n<script>alert(1)</script>\u{2028}x";
    let to = Recipient { name: evil.to_owned(), ..ann() };
    let evil = || evil.to_owned();
    for letter in [
        Letter::PasskeyAdded { name: evil() },
        Letter::PasskeyRemoved { name: evil() },
        Letter::SignInLinked { provider: evil() },
        Letter::NewLogin { device: evil(), address: "::1".to_owned(), at: AT },
        Letter::Banned { reason: Some(evil()), until: None },
        Letter::EmailChanged { new: evil(), revert: None },
        Letter::Digest { unread: 1, chats: vec![chat(&evil(), 1)], more: 0, unsubscribe: token() },
    ] {
        for language in Language::ALL {
            let letter = written(&to, language, &letter);
            let heads = [&letter.to.name, &letter.subject, &letter.to.address, &letter.message_id];
            for head in heads.into_iter().chain(letter.headers.iter().map(|(_, value)| value)) {
                assert!(!head.chars().any(|c| c.is_control() || c == '\u{2028}'), "{head:?}");
            }
            assert!(!letter.html.contains("<script"), "{}", letter.html);
            assert!(letter.html.contains("&lt;script&gt;"), "{}", letter.html);
        }
    }
    for address in ["ann", "a b@c", "a@b\r\nBcc: x@y", "@b", "a@", "<a@b>", "a@b, c@d"] {
        let to = Recipient { address: address.to_owned(), ..ann() };
        let job = JobId(Uuid::from_u128(1));
        let refused = envelope(&settings(), job, AT, &to, Language::En, &Letter::PasswordChanged);
        assert!(refused.is_err(), "{address:?}");
    }
}

#[test]
fn a_letter_that_strangers_can_have_sent_says_nothing_of_their_choosing() {
    let to = Recipient { name: "Buy at www.example.net".to_owned(), ..ann() };
    for letter in &letters()[..2] {
        let letter = written(&to, Language::En, letter);
        assert_eq!(letter.to.name, "");
        assert!(!letter.text.contains("Buy") && !letter.html.contains("Buy"));
    }
}

#[test]
fn a_token_is_in_its_letter_and_nowhere_else() {
    for letter in letters() {
        assert!(!format!("{letter:?}").contains("abcDEF"), "{letter:?}");
        let envelope = written(&ann(), Language::En, &letter);
        assert!(!format!("{envelope:?}").contains("abcDEF"), "{envelope:?}");
    }
}

#[test]
fn only_a_digest_can_be_unsubscribed_from_with_one_click() {
    for letter in letters() {
        let headers = written(&ann(), Language::En, &letter).headers;
        assert_eq!(headers[0], ("Auto-Submitted", "auto-generated".to_owned()));
        let is_digest = matches!(letter, Letter::Digest { .. });
        assert_eq!(headers.len(), if is_digest { 3 } else { 1 });
        if is_digest {
            let url = "<https://chat.example.org/api/v1/unsubscribe?token=abcDEF_123>".to_owned();
            assert_eq!(headers[1], ("List-Unsubscribe", url));
            assert_eq!(
                headers[2],
                ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned())
            );
        }
    }
}
