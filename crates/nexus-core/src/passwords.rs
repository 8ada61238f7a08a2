//! Slow hashing of passwords, on few threads and with a short line before them.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use std::time::Duration;

use aws_lc_rs::{digest, hmac};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use crate::{Error, Result, ports::PortError};

/// Keeps what bcrypt is given apart from every other use of SHA-384 on the same password.
const DOMAIN: &[u8] = b"nexuschat password v1";

/// In place of a hash: no password is right.
pub const NO_PASSWORD: &str = "!";

/// Tells one stored hash from another, and nobody what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordMark(String);

impl PasswordMark {
    pub fn of(hash: &str) -> PasswordMark {
        let digest = digest::digest(&digest::SHA256, hash.as_bytes());
        PasswordMark(STANDARD_NO_PAD.encode(digest))
    }
}

/// Known to every guesser.
const OUR_WORDS: [&str; 3] = ["nexuschat", "nexus", "chat"];
const MAX_RATED_CHARS: usize = 72;

/// An address or a name, and its parts.
fn own_words(text: &str) -> impl Iterator<Item = String> {
    let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|part| part.chars().count() > 2);
    std::iter::once(text).chain(parts).map(str::to_lowercase).collect::<Vec<_>>().into_iter()
}

/// bcrypt at a given cost, at most one a core at once, and a bounded number waiting.
pub struct Passwords {
    cost: u32,
    threads: Arc<Semaphore>,
    waiting: AtomicUsize,
    max_waiting: usize,
    /// Verified in place of an unknown user's, so that the answer takes as long.
    dummy: String,
}

impl Passwords {
    /// Takes the time of one hash.
    pub fn new(cost: u32, threads: usize, max_waiting: usize) -> Result<Passwords> {
        let dummy = hash_now("nobody has this password", cost)?;
        Ok(Passwords {
            cost,
            threads: Arc::new(Semaphore::new(threads)),
            waiting: AtomicUsize::new(0),
            max_waiting,
            dummy,
        })
    }

    pub async fn hash(&self, password: &str) -> Result<String> {
        let (password, cost) = (password.to_owned(), self.cost);
        self.run(move || hash_now(&password, cost)).await?
    }

    /// Whether `password` is the one of `hash`; without a hash it is not, after the same work.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool> {
        let hash = hash.filter(|hash| *hash != NO_PASSWORD);
        tracing::trace!(doing = "verify a password");
        let (password, known) = (password.to_owned(), hash.is_some());
        let hash = hash.unwrap_or(&self.dummy).to_owned();
        let matches = self
            .run(move || bcrypt::verify(prepare(&password), &hash))
            .await?
            .map_err(|err| PortError::new("verify a password", err))?;
        Ok(matches && known)
    }

    /// Whether it would take a guesser long who knows these words of the owner.
    pub async fn resists_guessing(&self, password: &str, owner: &[&str]) -> Result<bool> {
        // What a person remembers is in the beginning, and the work grows faster than the length.
        let start: String = password.chars().take(MAX_RATED_CHARS).collect();
        let words =
            owner.iter().flat_map(|text| own_words(text)).chain(OUR_WORDS.map(str::to_owned));
        let words: Vec<String> = words.collect();
        self.run(move || {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            zxcvbn::zxcvbn(&start, &words).score() >= zxcvbn::Score::Three
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let line = Line::join(&self.waiting, self.max_waiting)?;
        let permit = self.threads.clone().acquire_owned().await;
        drop(line);
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        task.await.map_err(|err| PortError::new("hash a password", err).into())
    }
}

/// A place in the line; left when dropped, also when the request is.
struct Line<'a>(&'a AtomicUsize);

impl<'a> Line<'a> {
    fn join(waiting: &'a AtomicUsize, max: usize) -> Result<Line<'a>> {
        let place = Line(waiting);
        if waiting.fetch_add(1, Ordering::SeqCst) >= max {
            return Err(Error::RateLimited { retry_after: Duration::from_secs(2) });
        }
        Ok(place)
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn hash_now(password: &str, cost: u32) -> Result<String> {
    bcrypt::non_truncating_hash(prepare(password), cost)
        .map_err(|err| PortError::new("hash a password", err).into())
}

/// bcrypt reads 72 bytes and stops at a NUL: give it 64 characters that depend on every byte.
fn prepare(password: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA384, DOMAIN);
    STANDARD_NO_PAD.encode(hmac::sign(&key, password.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::Passwords;
    use crate::Error;

    #[tokio::test]
    async fn a_long_password_counts_to_its_last_byte() {
        let passwords = Passwords::new(4, 1, 8).unwrap();
        let long = "ä".repeat(60);
        let start = "a".repeat(72);
        for (right, wrong) in [
            (format!("{long}1"), format!("{long}2")),
            (format!("{start}1"), format!("{start}2")),
            ("nul\0 inside 1".to_owned(), "nul\0 inside 2".to_owned()),
        ] {
            let hash = passwords.hash(&right).await.unwrap();
            assert!(passwords.verify(&right, Some(&hash)).await.unwrap());
            assert!(!passwords.verify(&wrong, Some(&hash)).await.unwrap());
        }
    }

    #[tokio::test]
    async fn a_password_is_rated_by_what_a_guesser_would_try_first() {
        let passwords = Passwords::new(4, 1, 8).unwrap();
        let owner = ["ann.lindqvist@example.com", "ann_lindqvist", "Ann Lindqvist"];
        for weak in [
            "password123",
            "aaaaaaaaaaaaaaa",
            "qwertyuiop",
            "1234567890123",
            "ann_lindqvist",
            "ann.lindqvist@example.com",
            "nexuschat1",
            "Lindqvist2026",
        ] {
            assert!(!passwords.resists_guessing(weak, &owner).await.unwrap(), "{weak}");
        }
        let long = "correct horse battery staple ".repeat(30);
        for strong in ["correct horse battery", "x7!kfQ2vbn", "völlig unerratbarer Satz", &long] {
            assert!(passwords.resists_guessing(strong, &owner).await.unwrap(), "{strong}");
        }
    }

    #[tokio::test]
    async fn nobody_has_the_password_of_an_unknown_user() {
        let passwords = Passwords::new(4, 1, 8).unwrap();
        assert!(!passwords.verify("nobody has this password", None).await.unwrap());
        assert!(!passwords.verify("!", Some(super::NO_PASSWORD)).await.unwrap());
    }

    #[tokio::test]
    async fn a_full_line_is_refused_with_a_time_to_come_back() {
        let passwords = Passwords::new(10, 1, 1).unwrap();
        let tries = (0..6).map(|_| passwords.hash("correct horse"));
        let results = futures_util::future::join_all(tries).await;
        assert!(results.iter().any(Result::is_ok));
        assert!(results.iter().any(|r| matches!(r, Err(Error::RateLimited { .. }))));
    }
}
