//! The rules of the chat, and the ports they need. No HTTP, no SQL, no sockets.
//!
//! One noun a file: each rule is a function over a [`Core`]. Edges ask them, backends stand behind
//! the [`ports`], and all changes of a chat are decided in [`ops`].

pub mod accounts;
pub mod announcements;
pub mod audit;
pub mod auth;
pub mod backoff;
pub mod bans;
pub mod blocks;
pub mod bonds;
pub mod chats;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod contacts;
pub mod cursor;
pub mod deletion;
pub mod digests;
pub mod directory;
pub mod disappearing;
pub mod email_tokens;
pub mod error;
pub mod exports;
pub mod forwards;
pub mod idempotency;
pub mod invites;
pub mod jobs;
pub mod ledger;
mod letters;
pub mod limits;
pub mod mail;
pub mod mail_events;
pub mod members;
pub mod memory;
pub mod messages;
pub mod names;
pub mod oidc;
pub mod operations;
pub mod ops;
pub mod passkeys;
pub mod passwords;
pub mod pending;
pub mod ports;
pub mod presence;
pub mod privacy;
pub mod receipts;
pub mod reports;
pub mod retention;
pub mod search;
pub mod second_factors;
pub mod sessions;
pub mod settings;
pub mod slow_mode;
pub mod staff;
pub mod step_up;
pub mod suppressions;
pub mod sweeps;
pub mod sync;
pub mod throttle;
pub mod tokens;
pub mod totp;
pub mod typing;
pub mod users;
pub mod validate;
pub mod vault;
mod ways_in;
pub mod webauthn;

use std::sync::Arc;

pub use error::{Error, Result};

use ports::Event;

/// Everything a rule may reach. Built once, in `nexus_server::app`.
pub struct Core {
    pub store: Arc<dyn ports::Store>,
    pub claims: Arc<dyn ports::IdempotencyStore>,
    pub queue: Arc<dyn ports::Queue>,
    pub bus: Arc<dyn ports::Bus>,
    pub presence: Arc<dyn ports::Presence>,
    pub clock: Arc<dyn ports::Clock>,
    pub ids: Arc<dyn ports::Ids>,
    pub limits: limits::Limiter,
    pub brake: throttle::Brake,
    pub vault: vault::Vault,
    pub tokens: Arc<tokens::Signer>,
    pub passwords: passwords::Passwords,
    pub auth: auth::AuthSettings,
    /// `None` where browsers would make no passkeys: at an address without a name.
    pub passkeys: Option<webauthn::RelyingParty>,
    pub oidc: oidc::Providers,
    /// What this process remembers; all of it can be rebuilt.
    pub members: members::Members,
    pub bonds: bonds::Bonds,
    pub pending: pending::Pending,
    pub revoked: sessions::Revoked,
    pub receipts: receipts::Gathered,
    pub typing: typing::Typing,
    pub new_jobs: jobs::NewJobs,
    pub mail: mail::MailSettings,
    pub retention: retention::Retention,
    /// For how long messages may last in a chat where they disappear. Seconds.
    pub disappear_secs: std::ops::RangeInclusive<u32>,
}

impl Core {
    /// Takes note of an event before this node's sockets hear of it.
    pub fn hear(&self, event: &Event) {
        match event {
            Event::Committed { op, chat, done, .. } => {
                if done.chat_changed || !done.joined.is_empty() || !done.left.is_empty() {
                    self.members.forget(*chat);
                }
                self.pending.settle(*op, || Ok(done.clone()));
            }
            Event::Failed { op, failed, .. } => self
                .pending
                .settle(*op, || Err(ops::Rejection::new(failed.error.code, &failed.error.message))),
            Event::BondChanged { users } => self.bonds.forget(*users),
            Event::PrivacyChanged { user } => self.bonds.forget_privacy(*user),
            Event::SessionRevoked { session, .. } => {
                self.revoked.insert(*session, self.clock.now());
            }
            Event::Announced(_)
            | Event::ChatCreated { .. }
            | Event::JoinRequested { .. }
            | Event::JoinDecided { .. }
            | Event::Receipt { .. }
            | Event::Own { .. }
            | Event::ContactRequest { .. }
            | Event::UserChanged { .. }
            | Event::Typing { .. }
            | Event::Presence(_) => {}
        }
    }
}

/// Places to die at, for the tests that kill the server half-way.
fn fault(name: &str) {
    let _ = name;
    fail::fail_point!(name, |_| std::process::abort());
}
