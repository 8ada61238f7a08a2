//! Words of a text, alike for every store, so that results agree.
//!
//! A word (Unicode UAX #29) is lower-cased and stripped of marks, so `Ünïted` is found by `united`
//! and vowel points don't matter in Arabic and Hebrew. Scripts written without spaces (Chinese,
//! Japanese, Thai …) become overlapping pairs of characters, which finds any run of two or more.

use std::collections::BTreeSet;

use nexus_protocol::{ChatId, DEFAULT_PAGE, MAX_PAGE, Message, Timestamp, UserId};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_segmentation::UnicodeSegmentation;

use crate::{Core, Error, Result, cursor, members, ports::SearchQuery};

/// Longer words are cut: nobody types more of them.
const MAX_TOKEN_CHARS: usize = 40;
/// A query looks at this many tokens.
const MAX_QUERY_TOKENS: usize = 12;

/// What a user looks for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub text: String,
    pub chat: Option<ChatId>,
    pub sender: Option<UserId>,
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    pub cursor: Option<String>,
    pub limit: Option<u32>,
}

/// One page of the messages found, newest first, and where to go on.
pub async fn messages(
    core: &Core,
    user: UserId,
    wanted: Wanted,
) -> Result<(Vec<Message>, Option<String>)> {
    if let Some(chat) = wanted.chat {
        members::require_reader(core, chat, user).await?;
    }
    let (tokens, last_is_prefix) = query(&wanted.text);
    if tokens.is_empty() {
        return Err(Error::invalid("q", "has nothing to look for"));
    }
    let limit = wanted.limit.unwrap_or(DEFAULT_PAGE).clamp(1, MAX_PAGE);
    let query = SearchQuery {
        tokens,
        last_is_prefix,
        chat: wanted.chat,
        sender: wanted.sender,
        from: wanted.from,
        to: wanted.to,
        before: wanted.cursor.as_deref().map(cursor::read).transpose()?,
        limit: limit + 1,
    };
    let mut found = core.store.search(user, &query).await?;
    let next = cursor::cut(&mut found, limit, |(place, _)| cursor::write(place));
    Ok((found.iter().map(|(_, message)| message.seen_by(user)).collect(), next))
}

/// Lower case, compatibility forms unified, marks and Arabic tatweel dropped.
pub fn fold(text: &str) -> String {
    // By way of upper case, so that `ß` meets `ss` and the two sigmas meet.
    let lower = text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    lower.nfkd().filter(|c| !is_combining_mark(*c) && *c != '\u{640}').nfkc().collect()
}

/// The tokens a text is found by, each once.
pub fn tokens(text: &str) -> Vec<String> {
    let mut found = BTreeSet::new();
    for run in unspaced_and_words(&fold(text)) {
        match run {
            Run::Spaced(word) => {
                found.insert(word.chars().take(MAX_TOKEN_CHARS).collect());
            }
            Run::Unspaced(chars) => {
                found.extend(pairs(&chars));
                // So that each single character is the beginning of some token.
                found.extend(chars.last().map(char::to_string));
            }
        }
    }
    found.into_iter().collect()
}

/// The tokens to look for, and whether the last may be the beginning of a longer one.
pub fn query(text: &str) -> (Vec<String>, bool) {
    let folded = fold(text);
    let mut wanted: Vec<String> = Vec::new();
    let mut last_is_prefix = false;
    for part in unspaced_and_words(&folded) {
        last_is_prefix = true;
        match part {
            Run::Spaced(word) => wanted.push(word.chars().take(MAX_TOKEN_CHARS).collect()),
            Run::Unspaced(chars) if chars.len() == 1 => wanted.push(chars.iter().collect()),
            Run::Unspaced(chars) => {
                wanted.extend(pairs(&chars));
                last_is_prefix = false;
            }
        }
    }
    last_is_prefix &= !folded.ends_with(char::is_whitespace);
    wanted.truncate(MAX_QUERY_TOKENS);
    (wanted, last_is_prefix)
}

enum Run<'a> {
    Spaced(&'a str),
    Unspaced(Vec<char>),
}

/// Splits a word where its script changes between spaced and unspaced.
fn runs(word: &str) -> Vec<Run<'_>> {
    let mut found = Vec::new();
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let unspaced = is_unspaced(first);
        let end = rest.find(|c| is_unspaced(c) != unspaced).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        found.push(if unspaced { Run::Unspaced(run.chars().collect()) } else { Run::Spaced(run) });
        rest = after;
    }
    found
}

/// Words of spaced scripts, and whole stretches of unspaced ones (UAX #29 cuts those apart).
fn unspaced_and_words(folded: &str) -> Vec<Run<'_>> {
    let mut found: Vec<Run<'_>> = Vec::new();
    let mut end_of_last = 0;
    for (at, word) in folded.unicode_word_indices() {
        for run in runs(word) {
            let adjoins = at == end_of_last;
            match (found.last_mut(), run) {
                (Some(Run::Unspaced(before)), Run::Unspaced(more)) if adjoins => {
                    before.extend(more);
                }
                (_, run) => found.push(run),
            }
        }
        end_of_last = at + word.len();
    }
    found
}

fn pairs(chars: &[char]) -> impl Iterator<Item = String> {
    chars.windows(2).map(|pair| pair.iter().collect())
}

/// Scripts that put no spaces between words.
fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x0E00..=0x0EFF       // Thai, Lao
        | 0x1000..=0x109F     // Myanmar
        | 0x1780..=0x17FF     // Khmer
        | 0x3040..=0x30FF     // Hiragana, Katakana
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF   // Han
        | 0x20000..=0x3FFFF)
}

#[cfg(test)]
mod tests {
    use super::{query, tokens};

    /// Whether a message with `text` is found by `wanted`, as the stores do it.
    fn finds(text: &str, wanted: &str) -> bool {
        let (have, (want, last_is_prefix)) = (tokens(text), query(wanted));
        !want.is_empty()
            && want.iter().enumerate().all(|(n, token)| {
                let prefix = last_is_prefix && n + 1 == want.len();
                have.iter().any(|h| h == token || prefix && h.starts_with(token.as_str()))
            })
    }

    #[test]
    fn finds_words_of_every_script() {
        for (text, wanted) in [
            ("Meet me at the Café", "cafe"),
            ("Meet me at the Café", "meet ca"),
            ("STRASSE und Grüße", "grusse"),
            ("don't stop", "don't"),
            ("我们明天在北京见面", "北京"),
            ("我们明天在北京见面", "京"),
            ("東京タワーで会いましょう", "タワー"),
            ("สวัสดีครับ", "ครับ"),
            ("السَّلَامُ عَلَيْكُمْ", "السلام"),
            ("שָׁלוֹם עולם", "שלום"),
            ("안녕하세요 여러분", "안녕"),
            ("Привет, мир", "прив"),
            ("release v2.1 is out", "v2"),
        ] {
            assert!(finds(text, wanted), "{wanted:?} in {text:?}: {:?}", tokens(text));
        }
    }

    #[test]
    fn finds_only_what_is_there() {
        for (text, wanted) in [
            ("Meet me at the Café", "tea"),
            ("Meet me at the Café", "me tea"),
            ("我们明天在北京见面", "东京"),
            ("hello", "ell"),
            ("hello", ""),
            ("hello world", "wor ld"),
        ] {
            assert!(!finds(text, wanted), "{wanted:?} in {text:?}");
        }
    }
}
