//! What a user has chosen for themselves: privacy, letters, looks and language.

use nexus_protocol::{Settings, UpdateSettings, UserId};

use crate::{Core, Error, Result, ports::Event, validate::Findings};

const MAX_LOCALE_BYTES: usize = 35;

pub async fn get(core: &Core, user: UserId) -> Result<Settings> {
    Ok(core.store.settings(user).await?)
}

pub async fn update(core: &Core, user: UserId, patch: UpdateSettings) -> Result<Settings> {
    if let Some(locale) = &patch.locale
        && !is_locale(locale)
    {
        let mut findings = Findings::default();
        findings.note("locale", "is no language tag, like en or pt-BR", None);
        findings.done()?;
    }
    let updated = core.store.update_settings(user, &patch, core.clock.now()).await?;
    let (settings, change) = updated.ok_or(Error::Unauthenticated)?;
    if let Some(change) = change {
        // Here it counts at once, elsewhere in a moment.
        core.bonds.forget_privacy(user);
        let mut events = vec![Event::Own { user, change }];
        events.extend(patch.privacy.is_some().then_some(Event::PrivacyChanged { user }));
        core.bus.publish(events).await?;
    }
    Ok(settings)
}

/// The language a client asks for most, by its `Accept-Language`.
pub fn preferred_locale(accepted: &str) -> Option<String> {
    let mut best: Option<(f32, &str)> = None;
    for wish in accepted.split(',') {
        let (tag, parameter) = wish.split_once(';').unwrap_or((wish, "q=1"));
        let weight = parameter.trim().strip_prefix("q=").and_then(|q| q.trim().parse().ok());
        let (tag, weight): (&str, f32) = (tag.trim(), weight.unwrap_or(0.0));
        if weight > best.map_or(0.0, |(most, _)| most) && is_locale(tag) {
            best = Some((weight, tag));
        }
    }
    best.map(|(_, tag)| tag.to_owned())
}

/// The shape of a BCP 47 tag; whether there are texts in it is for their writers to see.
fn is_locale(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default();
    tag.len() <= MAX_LOCALE_BYTES
        && (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

#[cfg(test)]
mod tests {
    use super::preferred_locale;

    #[test]
    fn the_language_of_letters_is_the_one_that_is_asked_for_most() {
        for (accepted, expected) in [
            ("de", Some("de")),
            ("de-CH,de;q=0.9,en;q=0.8", Some("de-CH")),
            ("en;q=0.5, de;q=0.7", Some("de")),
            ("*", None),
            ("*, fr;q=0.1", Some("fr")),
            ("de;q=0", None),
            ("de;q=x", None),
            ("d, <script>", None),
            ("", None),
        ] {
            assert_eq!(preferred_locale(accepted).as_deref(), expected, "{accepted}");
        }
    }
}
