//! The same request twice has one effect, and one answer.

use std::time::Duration;

use nexus_protocol::UserId;

use crate::{
    Error, Result,
    ports::{Claim, Clock, FirstAnswer, IdempotencyStore},
};

/// How long a key is remembered.
pub const KEPT_FOR: Duration = Duration::from_secs(24 * 60 * 60);
/// Longer answers are not kept: their request may be carried out again.
pub const MAX_ANSWER_BYTES: usize = 256 * 1024;
/// Longest key, in bytes.
pub const MAX_KEY_BYTES: usize = 128;

/// What to do with a request that carries a key.
#[derive(Debug, PartialEq, Eq)]
pub enum Turn {
    /// Carry it out, then [`settle`].
    First,
    Replay(FirstAnswer),
    /// Its twin is being carried out: try again soon.
    InProgress,
}

/// `fingerprint` says what is asked for; one key stands for one request only.
pub async fn begin(
    claims: &dyn IdempotencyStore,
    clock: &dyn Clock,
    user: UserId,
    key: &str,
    fingerprint: &[u8; 32],
) -> Result<Turn> {
    check_key(key)?;
    match claims.claim(user, key, fingerprint, clock.now()).await? {
        Claim::New => Ok(Turn::First),
        Claim::Answered(answer) => Ok(Turn::Replay(answer)),
        Claim::InProgress => Ok(Turn::InProgress),
        Claim::Mismatch => Err(Error::invalid("Idempotency-Key", "was used for another request")),
    }
}

/// Keeps the answer, or gives the key back when another try could end otherwise.
pub async fn settle(
    claims: &dyn IdempotencyStore,
    user: UserId,
    key: &str,
    answer: &FirstAnswer,
) -> Result<()> {
    let passing = answer.status >= 500 || answer.status == 429;
    if passing || answer.body.len() > MAX_ANSWER_BYTES {
        return release(claims, user, key).await;
    }
    Ok(claims.finish(user, key, answer).await?)
}

/// The request had no lasting answer: the key is free again.
pub async fn release(claims: &dyn IdempotencyStore, user: UserId, key: &str) -> Result<()> {
    Ok(claims.release(user, key).await?)
}

/// Forgets keys whose time is over. To be run now and then.
pub async fn prune(claims: &dyn IdempotencyStore, clock: &dyn Clock) -> Result<()> {
    Ok(claims.prune_claims(clock.now().minus(KEPT_FOR)).await?)
}

fn check_key(key: &str) -> Result<()> {
    let sane =
        (1..=MAX_KEY_BYTES).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
    if sane {
        Ok(())
    } else {
        Err(Error::invalid("Idempotency-Key", "must be 1 to 128 visible ASCII characters"))
    }
}

#[cfg(test)]
mod tests {
    use super::check_key;

    #[test]
    fn a_key_is_short_and_visible() {
        for (key, good) in [
            ("a", true),
            (&"k".repeat(128), true),
            ("", false),
            (&"k".repeat(129), false),
            ("two words", false),
            ("ключ", false),
            ("tab\t", false),
        ] {
            assert_eq!(check_key(key).is_ok(), good, "{key:?}");
        }
    }
}
