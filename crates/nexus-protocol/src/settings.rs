//! What a user has chosen for themselves, the same on all their devices.

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// Who sees something of a user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    #[default]
    Everyone,
    /// Those whom the user has among their contacts.
    Contacts,
    Nobody,
}

/// Who may come up to a user unasked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Approach {
    #[default]
    Everyone,
    /// Those whom the user has among their contacts; others may ask with a contact request.
    Contacts,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Digest {
    Off,
    #[default]
    Daily,
    Weekly,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Privacy {
    /// Also whether one is there at all. Who hides it sees nobody else's.
    pub last_seen: Audience,
    pub avatar: Audience,
    pub about: Audience,
    /// Who learns what this user has read. Each learns it of the other, or neither does.
    #[serde(deserialize_with = "audience_or_switch")]
    pub read_receipts: Audience,
    pub who_can_message: Approach,
    pub who_can_add_to_groups: Approach,
    /// Whether somebody who knows the whole (verified) e-mail address finds its user by it.
    pub find_by_email: bool,
}

/// What is stored may be from when read receipts were on or off.
fn audience_or_switch<'de, D: Deserializer<'de>>(stored: D) -> Result<Audience, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Stored {
        Audience(Audience),
        Switch(bool),
    }
    Ok(match Stored::deserialize(stored)? {
        Stored::Audience(audience) => audience,
        Stored::Switch(true) => Audience::Everyone,
        Stored::Switch(false) => Audience::Nobody,
    })
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Notifications {
    /// A letter about messages that were missed.
    pub email_digest: Digest,
    /// A letter when somebody signs in on a device that is new.
    pub new_login: bool,
}

impl Default for Notifications {
    fn default() -> Notifications {
        Notifications { email_digest: Digest::default(), new_login: true }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Settings {
    pub privacy: Privacy,
    pub notifications: Notifications,
    pub theme: Theme,
    /// The language of letters, as a BCP 47 tag; at first the one the client signed up in.
    #[schema(example = "en")]
    pub locale: String,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            privacy: Privacy::default(),
            notifications: Notifications::default(),
            theme: Theme::default(),
            locale: "en".to_owned(),
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SettingsAnswer {
    pub settings: Settings,
}

/// What is left out stays as it is; so in each of its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateSettings {
    pub privacy: Option<UpdatePrivacy>,
    pub notifications: Option<UpdateNotifications>,
    pub theme: Option<Theme>,
    pub locale: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdatePrivacy {
    pub last_seen: Option<Audience>,
    pub avatar: Option<Audience>,
    pub about: Option<Audience>,
    pub read_receipts: Option<Audience>,
    pub who_can_message: Option<Approach>,
    pub who_can_add_to_groups: Option<Approach>,
    pub find_by_email: Option<bool>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateNotifications {
    pub email_digest: Option<Digest>,
    pub new_login: Option<bool>,
}

impl Settings {
    /// Takes over what the patch names.
    pub fn take_over(&mut self, patch: UpdateSettings) {
        let UpdateSettings { privacy, notifications, theme, locale } = patch;
        if let Some(patch) = privacy {
            self.privacy.take_over(patch);
        }
        if let Some(UpdateNotifications { email_digest, new_login }) = notifications {
            replace(&mut self.notifications.email_digest, email_digest);
            replace(&mut self.notifications.new_login, new_login);
        }
        replace(&mut self.theme, theme);
        replace(&mut self.locale, locale);
    }
}

impl Privacy {
    fn take_over(&mut self, patch: UpdatePrivacy) {
        replace(&mut self.last_seen, patch.last_seen);
        replace(&mut self.avatar, patch.avatar);
        replace(&mut self.about, patch.about);
        replace(&mut self.read_receipts, patch.read_receipts);
        replace(&mut self.who_can_message, patch.who_can_message);
        replace(&mut self.who_can_add_to_groups, patch.who_can_add_to_groups);
        replace(&mut self.find_by_email, patch.find_by_email);
    }
}

fn replace<T>(now: &mut T, wish: Option<T>) {
    if let Some(wish) = wish {
        *now = wish;
    }
}

#[cfg(test)]
mod tests {
    use super::{Audience, Privacy};

    #[test]
    fn read_receipts_that_were_on_or_off_are_for_everyone_or_nobody() {
        let stored = [
            ("{}", Audience::Everyone),
            (r#"{"readReceipts":true}"#, Audience::Everyone),
            (r#"{"readReceipts":false}"#, Audience::Nobody),
            (r#"{"readReceipts":"contacts"}"#, Audience::Contacts),
        ];
        for (stored, expected) in stored {
            let privacy: Privacy = serde_json::from_str(stored).unwrap();
            assert_eq!(privacy.read_receipts, expected, "{stored}");
        }
        assert!(serde_json::from_str::<Privacy>(r#"{"readReceipts":"some"}"#).is_err());
    }
}
