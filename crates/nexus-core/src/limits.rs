//! How often one person, one account or one address may do what.

use std::{sync::Arc, time::Duration};

use crate::{
    Error, Result,
    ports::{Limits, Quota, Verdict},
};

/// What is counted; the key says for whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tier {
    /// REST requests of an address (IPv6: a /64) without a valid token.
    Unauthenticated,
    /// REST requests of a user.
    User,
    /// New accounts from one address.
    Signup,
    /// Sign-ups from one address that found their name or address taken.
    SignupTaken,
    /// Forgotten passwords from one address.
    Forgot,
    /// Token refreshes of one session.
    Refresh,
    /// Messages, edits and reactions of a user.
    Send,
    /// Reports of a user.
    Report,
    /// Typing signals of a user.
    Typing,
    /// Invitations that a user opens.
    Invite,
    /// New connections of a user.
    Connections,
    /// Letters of one kind to one address that anybody can ask for.
    Mail,
    /// Contact requests of a user.
    ContactRequests,
}

/// The quota of each tier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tiers {
    pub unauthenticated: Quota,
    pub user: Quota,
    pub signup: Quota,
    pub signup_taken: Quota,
    pub forgot: Quota,
    pub refresh: Quota,
    pub send: Quota,
    pub report: Quota,
    pub typing: Quota,
    pub invite: Quota,
    pub connections: Quota,
    pub mail: Quota,
    pub contact_requests: Quota,
}

impl Tiers {
    pub fn quota(&self, tier: Tier) -> &Quota {
        match tier {
            Tier::Unauthenticated => &self.unauthenticated,
            Tier::User => &self.user,
            Tier::Signup => &self.signup,
            Tier::SignupTaken => &self.signup_taken,
            Tier::Forgot => &self.forgot,
            Tier::Refresh => &self.refresh,
            Tier::Send => &self.send,
            Tier::Report => &self.report,
            Tier::Typing => &self.typing,
            Tier::Invite => &self.invite,
            Tier::Connections => &self.connections,
            Tier::Mail => &self.mail,
            Tier::ContactRequests => &self.contact_requests,
        }
    }
}

impl Default for Tiers {
    fn default() -> Tiers {
        const MINUTE: u64 = 60;
        const HOUR: u64 = 60 * MINUTE;
        Tiers {
            unauthenticated: quota("unauthenticated", 100, 100, MINUTE),
            user: quota("user", 300, 300, MINUTE),
            signup: quota("signup", 30, 30, HOUR),
            signup_taken: quota("signup_taken", 5, 5, HOUR),
            forgot: quota("forgot", 10, 10, HOUR),
            refresh: quota("refresh", 30, 30, MINUTE),
            send: quota("send", 30, 10, 1),
            report: quota("report", 20, 20, HOUR),
            typing: quota("typing", 5, 20, MINUTE),
            invite: quota("invite", 20, 20, MINUTE),
            connections: quota("connections", 60, 60, MINUTE),
            mail: quota("mail", 3, 5, HOUR),
            contact_requests: quota("contact_requests", 20, 20, 24 * HOUR),
        }
    }
}

const fn quota(name: &'static str, burst: u32, refill: u32, per_secs: u64) -> Quota {
    Quota { name, burst, refill, per: Duration::from_secs(per_secs) }
}

/// Counts in the shared port, and in this process while the port is away: a limit that fails open
/// would be switched off by breaking what it counts in.
pub struct Limiter {
    pub tiers: Tiers,
    enabled: bool,
    shared: Arc<dyn Limits>,
    local: Arc<dyn Limits>,
}

impl Limiter {
    pub fn new(tiers: Tiers, shared: Arc<dyn Limits>, local: Arc<dyn Limits>) -> Limiter {
        Limiter { tiers, enabled: true, shared, local }
    }

    /// Refuses nothing. For benchmarks.
    pub fn disabled(tiers: Tiers, shared: Arc<dyn Limits>, local: Arc<dyn Limits>) -> Limiter {
        Limiter { enabled: false, ..Limiter::new(tiers, shared, local) }
    }

    pub fn is_enabled(&self) -> bool {
        self.enabled
    }
}

/// Counts `cost` against the tier; a refusal is a value here, see [`require`].
pub async fn check(limiter: &Limiter, tier: Tier, key: &str, cost: u32) -> Result<Verdict> {
    let quota = limiter.tiers.quota(tier);
    if !limiter.enabled {
        return Ok(open(quota));
    }
    let verdict = ask(limiter, quota, key, cost).await?;
    if !verdict.allowed {
        metrics::counter!("nexus_limit_refusals_total", "tier" => quota.name).increment(1);
    }
    Ok(verdict)
}

/// Counts one against a quota that is no tier but part of what users have agreed on: also where
/// limits are switched off.
pub async fn count(limiter: &Limiter, quota: &Quota, key: &str) -> Result<Verdict> {
    ask(limiter, quota, key, 1).await
}

async fn ask(limiter: &Limiter, quota: &Quota, key: &str, cost: u32) -> Result<Verdict> {
    match limiter.shared.check(quota, key, cost).await {
        Ok(verdict) => Ok(verdict),
        Err(err) => {
            tracing::warn!(error = &err as &dyn std::error::Error, "limits are local for now");
            Ok(limiter.local.check(quota, key, cost).await?)
        }
    }
}

/// As [`check`], but a refusal is an error.
pub async fn require(limiter: &Limiter, tier: Tier, key: &str, cost: u32) -> Result<()> {
    let verdict = check(limiter, tier, key, cost).await?;
    if verdict.allowed {
        Ok(())
    } else {
        Err(Error::RateLimited { retry_after: verdict.retry_after })
    }
}

/// An error where nothing of the tier is left; takes nothing of it.
pub async fn require_some(limiter: &Limiter, tier: Tier, key: &str) -> Result<()> {
    let verdict = check(limiter, tier, key, 0).await?;
    if verdict.remaining > 0 {
        return Ok(());
    }
    let quota = limiter.tiers.quota(tier);
    let all_but_one = (quota.per / quota.refill.max(1)) * quota.burst.saturating_sub(1);
    Err(Error::RateLimited { retry_after: verdict.reset_after.saturating_sub(all_but_one) })
}

fn open(quota: &Quota) -> Verdict {
    Verdict {
        allowed: true,
        remaining: quota.burst,
        reset_after: Duration::ZERO,
        retry_after: Duration::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use async_trait::async_trait;

    use super::*;
    use crate::ports::{PortError, PortResult};

    /// So many, ever.
    struct Left(AtomicU32);

    #[async_trait]
    impl Limits for Left {
        async fn check(&self, quota: &Quota, _key: &str, cost: u32) -> PortResult<Verdict> {
            let taken = self
                .0
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(cost));
            let retry_after = quota.per;
            Ok(Verdict { allowed: taken.is_ok(), retry_after, ..open(quota) })
        }
    }

    struct Broken;

    #[async_trait]
    impl Limits for Broken {
        async fn check(&self, _: &Quota, _: &str, _: u32) -> PortResult<Verdict> {
            Err(PortError::new("count", "the cache is away"))
        }
    }

    #[tokio::test]
    async fn limits_go_on_in_this_process_while_the_cache_is_away() {
        let local = Arc::new(Left(AtomicU32::new(1)));
        let limiter = Limiter::new(Tiers::default(), Arc::new(Broken), local);
        require(&limiter, Tier::Signup, "ann", 1).await.unwrap();
        let refused = require(&limiter, Tier::Signup, "ann", 1).await.unwrap_err();
        assert_eq!(refused.retry_after(), Some(Duration::from_secs(3_600)));
    }

    #[tokio::test]
    async fn a_switched_off_limiter_refuses_nothing() {
        let none = Arc::new(Left(AtomicU32::new(0)));
        let limiter = Limiter::disabled(Tiers::default(), none.clone(), none);
        assert!(check(&limiter, Tier::Send, "ann", 1_000).await.unwrap().allowed);
    }
}
