//! REST: translates between HTTP and the rules.

mod accounts;
pub mod admin;
mod announcements;
mod auth;
pub mod caller;
pub mod chats;
pub mod client_ip;
pub mod contacts;
pub mod cookies;
pub mod csrf;
pub mod docs;
pub mod error;
mod exports;
pub mod extract;
pub mod idempotency;
pub mod invites;
pub mod layers;
pub mod limit;
pub mod messages;
pub mod observe;
mod oidc;
pub mod openapi;
mod passkeys;
pub mod redirect;
mod reports;
mod rights;
pub mod search;
pub mod secure;
pub mod sender;
pub mod server;
pub mod settings;
pub mod sync;
mod unsubscribe;
pub mod users;
pub mod web;
mod webhooks;

use nexus_protocol::UserId;

/// Who asks, in the extensions of a request that carries a valid token. Put there before the
/// layers of [`layers::around_api`] run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallerId(pub UserId);
