//! Slow hashing of passwords, on few threads and with a short line before them.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use std::time::Duration;

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use tokio::sync::Semaphore;

use crate::{Error, Result, ports::PortError};

/// Keeps what bcrypt is given apart from every other use of SHA-384 on the same password.
const DOMAIN: &[u8] = b"nexuschat password v1";

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
        let (password, known) = (password.to_owned(), hash.is_some());
        let hash = hash.unwrap_or(&self.dummy).to_owned();
        let matches = self
            .run(move || bcrypt::verify(prepare(&password), &hash))
            .await?
            .map_err(|err| PortError::new("verify a password", err))?;
        Ok(matches && known)
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
        for (right, wrong) in [
            (format!("{long}1"), format!("{long}2")),
            ("nul\0 inside 1".to_owned(), "nul\0 inside 2".to_owned()),
        ] {
            let hash = passwords.hash(&right).await.unwrap();
            assert!(passwords.verify(&right, Some(&hash)).await.unwrap());
            assert!(!passwords.verify(&wrong, Some(&hash)).await.unwrap());
        }
    }

    #[tokio::test]
    async fn nobody_has_the_password_of_an_unknown_user() {
        let passwords = Passwords::new(4, 1, 8).unwrap();
        assert!(!passwords.verify("nobody has this password", None).await.unwrap());
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
