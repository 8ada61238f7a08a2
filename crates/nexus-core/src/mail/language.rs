//! The languages that letters are written in.

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    En,
    De,
}

impl Language {
    pub const ALL: [Language; 2] = [Language::En, Language::De];

    /// Of a language tag, as `de-AT`; `None` for one that letters are not written in.
    pub fn of_tag(tag: &str) -> Option<Language> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "en" => Some(Language::En),
            "de" => Some(Language::De),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language::{self, De, En};

    #[test]
    fn a_language_is_known_by_the_first_part_of_its_tag() {
        for (tag, expected) in [
            ("de", Some(De)),
            ("de-AT", Some(De)),
            ("EN_us", Some(En)),
            ("fr", None),
            ("deu", None),
            ("", None),
        ] {
            assert_eq!(Language::of_tag(tag), expected, "{tag:?}");
        }
    }
}
