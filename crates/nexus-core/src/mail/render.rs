//! Puts a letter into words: the same paragraphs as text and as HTML.

use std::sync::LazyLock;

use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value, context, value::Serde,
};
use nexus_protocol::Timestamp;
use serde::Serialize;

use super::{Language, Letter, MailSettings, Token, catalog::Catalog, one_line};

#[derive(Debug)]
pub struct Written {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// What the layouts are filled with: plain text, which the one for HTML escapes.
#[derive(Default, Serialize)]
struct Parts {
    language: &'static str,
    subject: String,
    greeting: String,
    before: Vec<String>,
    items: Vec<String>,
    button: Option<String>,
    link: Option<String>,
    after: Vec<String>,
    reason: String,
    unsubscribe: Option<String>,
    unsubscribe_link: Option<String>,
}

/// A name that is missing is an error, and what a layout of HTML is given is escaped.
pub(super) static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let escape = |name: &str| match name.ends_with(".html") {
        true => AutoEscape::Html,
        false => AutoEscape::None,
    };
    environment.set_auto_escape_callback(escape);
    environment
});

pub fn render(
    settings: &MailSettings,
    name: &str,
    language: Language,
    letter: &Letter,
) -> Result<Written, Error> {
    let catalog = Catalog::of(language)
        .map_err(|err| Error::new(ErrorKind::InvalidOperation, err.to_string()))?;
    let parts = parts(settings, catalog, name, letter)?;
    Ok(Written {
        text: layout("layout.txt", include_str!("layout.txt"), &parts)?,
        html: layout("layout.html", include_str!("layout.html"), &parts)?,
        subject: parts.subject,
    })
}

fn parts(
    settings: &MailSettings,
    catalog: &'static Catalog,
    name: &str,
    letter: &Letter,
) -> Result<Parts, Error> {
    let missing = || Error::new(ErrorKind::TemplateNotFound, letter.kind());
    let entry = catalog.letters.get(letter.kind()).ok_or_else(missing)?;
    let variables = variables(settings, name, letter);
    let say = |text: &str| ENVIRONMENT.render_str(text, &variables);
    let say_all = |texts: &[String]| -> Result<Vec<String>, Error> {
        let said: Result<Vec<String>, Error> = texts.iter().map(|text| say(text)).collect();
        Ok(said?.into_iter().filter(|paragraph| !paragraph.is_empty()).collect())
    };
    let mut after = say_all(&entry.after)?;
    if entry.warns {
        after.push(say(&catalog.warning)?);
    }
    let greeting = if name.is_empty() { &catalog.greeting_nobody } else { &catalog.greeting };
    let unsubscribe = match letter {
        Letter::Digest { unsubscribe: Token(token), .. } => Some(token),
        _ => None,
    };
    Ok(Parts {
        language: &catalog.language,
        subject: say(&entry.subject)?,
        greeting: say(greeting)?,
        before: say_all(&entry.before)?,
        items: items(catalog, letter)?,
        button: entry.button.as_deref().map(say).transpose()?,
        link: letter.link(&settings.public_url),
        after,
        reason: say(&catalog.reason)?,
        unsubscribe: unsubscribe.map(|_| catalog.unsubscribe.clone()),
        unsubscribe_link: unsubscribe
            .map(|token| format!("{}/unsubscribe#token={token}", settings.public_url)),
    })
}

/// The lines of a digest.
fn items(catalog: &Catalog, letter: &Letter) -> Result<Vec<String>, Error> {
    let Letter::Digest { chats, more, .. } = letter else { return Ok(Vec::new()) };
    let lines = chats.iter().map(|chat| {
        let variables = context! { chat => one_line(&chat.name), unread => chat.unread };
        ENVIRONMENT.render_str(&catalog.item, variables)
    });
    let mut lines: Vec<String> = lines.collect::<Result<_, _>>()?;
    if *more > 0 {
        lines.push(ENVIRONMENT.render_str(&catalog.more, context! { more })?);
    }
    Ok(lines)
}

fn layout(name: &str, source: &str, parts: &Parts) -> Result<String, Error> {
    let filled = ENVIRONMENT.render_named_str(name, source, Serde(parts))?;
    Ok(filled.trim_end().to_owned() + "\n")
}

/// What the texts of the catalog may name.
fn variables(settings: &MailSettings, name: &str, letter: &Letter) -> Value {
    let url = &settings.public_url;
    let host = url.split_once("://").map_or(url.as_str(), |(_, host)| host);
    let own = match letter {
        Letter::EmailChanged { new, .. } => context! { new => one_line(new) },
        Letter::NewLogin { device, address, at } | Letter::SessionTheft { device, address, at } => {
            context! { device => one_line(device), address, at => minute(*at) }
        }
        Letter::TotpChanged { enabled } => context! { enabled },
        Letter::PasskeyAdded { name } | Letter::PasskeyRemoved { name } => {
            context! { passkey => one_line(name) }
        }
        Letter::SignInLinked { provider } | Letter::SignInUnlinked { provider } => {
            context! { provider => one_line(provider) }
        }
        Letter::RecoveryCodeUsed { left } => context! { left },
        Letter::Digest { unread, .. } => context! { unread },
        Letter::ExportReady { until, .. } | Letter::DeletionScheduled { until } => {
            context! { until => minute(*until) }
        }
        Letter::Banned { reason, until } => {
            context! { reason => reason.as_deref().map(one_line), until => until.map(minute) }
        }
        Letter::VerifyEmail { .. }
        | Letter::ConfirmNewEmail { .. }
        | Letter::ResetPassword { .. }
        | Letter::PasswordChanged
        | Letter::RecoveryCodesRenewed
        | Letter::DeletionCancelled => context! {},
    };
    context! { name, instance => settings.from.name.as_str(), host, public_url => url, ..own }
}

/// As `2026-01-03 10:00 UTC`, which all languages can read.
fn minute(at: Timestamp) -> String {
    let written = at.to_string();
    let (day, time) = written.split_once('T').unwrap_or((&written, ""));
    format!("{day} {} UTC", time.get(..5).unwrap_or_default())
}
