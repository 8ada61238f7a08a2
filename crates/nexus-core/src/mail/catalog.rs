//! What letters say, by language: a file each, all with the same entries.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use super::Language;

/// The texts are templates; which variables there are is in `render`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    pub language: String,
    pub greeting: String,
    /// Where no name is known, or none is to be said.
    pub greeting_nobody: String,
    /// Why one gets letters, at the end of each.
    pub reason: String,
    /// A line of a digest.
    pub item: String,
    pub more: String,
    pub unsubscribe: String,
    /// For who did not do it.
    pub warning: String,
    pub letters: BTreeMap<String, Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub subject: String,
    /// Paragraphs above the button.
    pub before: Vec<String>,
    /// For a letter with a link.
    #[serde(default)]
    pub button: Option<String>,
    #[serde(default)]
    pub after: Vec<String>,
    /// Whether [`Catalog::warning`] belongs under it.
    #[serde(default)]
    pub warns: bool,
}

impl Catalog {
    pub fn of(language: Language) -> Result<&'static Catalog, &'static serde_json::Error> {
        static EN: Read = LazyLock::new(|| serde_json::from_str(include_str!("en.json")));
        static DE: Read = LazyLock::new(|| serde_json::from_str(include_str!("de.json")));
        match language {
            Language::En => EN.as_ref(),
            Language::De => DE.as_ref(),
        }
    }
}

type Read = LazyLock<Result<Catalog, serde_json::Error>>;
