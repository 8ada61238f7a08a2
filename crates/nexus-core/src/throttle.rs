//! Guessing gets slower with each failure, and never locks anybody out.
//!
//! A place that an account was signed in to from before is not held up by what strangers try
//! elsewhere.

use std::{sync::Arc, time::Duration};

use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    Core, Error, Result,
    ports::{Attempt, Pace, PortResult, Throttle, Tried},
};

/// Counts in the shared port, and in this process while the port is away, like
/// [`crate::limits::Limiter`].
pub struct Brake {
    pub at_place: Pace,
    pub everywhere: Pace,
    enabled: bool,
    shared: Arc<dyn Throttle>,
    local: Arc<dyn Throttle>,
}

impl Brake {
    pub fn new(
        at_place: Pace,
        everywhere: Pace,
        shared: Arc<dyn Throttle>,
        local: Arc<dyn Throttle>,
    ) -> Brake {
        Brake { at_place, everywhere, enabled: true, shared, local }
    }

    /// Holds nobody up. For benchmarks.
    #[must_use]
    pub fn released(self) -> Brake {
        Brake { enabled: false, ..self }
    }

    async fn begin(&self, attempt: &Attempt<'_>) -> PortResult<Option<Duration>> {
        match self.shared.begin(attempt).await {
            Ok(wait) => Ok(wait),
            Err(err) => {
                tracing::warn!(error = &err as &dyn std::error::Error, "tries are counted here");
                self.local.begin(attempt).await
            }
        }
    }

    async fn settle(&self, attempt: &Attempt<'_>, tried: Tried) {
        for port in [&self.shared, &self.local] {
            if let Err(err) = port.settle(attempt, tried).await {
                tracing::warn!(error = &err as &dyn std::error::Error, "a try was not settled");
            }
        }
    }

    async fn forget(&self, account: &str, place: &str) {
        for port in [&self.shared, &self.local] {
            if let Err(err) = port.forget(account, place).await {
                tracing::warn!(error = &err as &dyn std::error::Error, "failures are still known");
            }
        }
    }
}

/// Who tries, and from where.
#[derive(Clone, Debug)]
pub struct Guesser {
    account: String,
    place: String,
    trusted: bool,
}

impl Guesser {
    /// At an account, by what names it. Hashed: people type their password into the wrong field.
    pub fn new(account: &str, place: &str) -> Guesser {
        let hash = digest::digest(&digest::SHA256, account.as_bytes());
        let account = URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]);
        Guesser { account, place: place.to_owned(), trusted: false }
    }

    /// By what was typed, in lower case: a wait that a name and an address had in common would tell that
    /// they are one person's.
    pub fn at_login(identifier: &str, place: &str) -> Guesser {
        Guesser::new(&format!("login {identifier}"), place)
    }

    /// Others' failures don't hold up this one.
    #[must_use]
    pub fn trusted(self, trusted: bool) -> Guesser {
        Guesser { trusted, ..self }
    }
}

/// Carries out a check of a secret, unless it is too early for one. `check` answers `None` when the
/// secret was wrong, which is what counts.
pub async fn guard<T>(
    core: &Core,
    guesser: &Guesser,
    check: impl Future<Output = Result<Option<T>>>,
) -> Result<Option<T>> {
    let brake = &core.brake;
    if !brake.enabled {
        return check.await;
    }
    let attempt = Attempt {
        account: &guesser.account,
        place: &guesser.place,
        at_place: &brake.at_place,
        everywhere: (!guesser.trusted).then_some(&brake.everywhere),
    };
    if let Some(retry_after) = brake.begin(&attempt).await? {
        metrics::counter!("nexus_limit_refusals_total", "tier" => "guesses").increment(1);
        return Err(Error::RateLimited { retry_after });
    }
    let outcome = check.await;
    match &outcome {
        Ok(Some(_)) => brake.settle(&attempt, Tried::Right).await,
        Ok(None) => {}
        Err(_) => brake.settle(&attempt, Tried::Undecided).await,
    }
    outcome
}

/// Nothing is held against the account, nor against this place.
pub async fn forget(core: &Core, guesser: &Guesser) {
    core.brake.forget(&guesser.account, &guesser.place).await;
}
