//! REST: translates between HTTP and the rules.

pub mod client_ip;
pub mod csrf;
pub mod error;
pub mod extract;
pub mod idempotency;
pub mod layers;
pub mod limit;
pub mod observe;
pub mod secure;
pub mod server;

use nexus_protocol::UserId;

/// Who asks, in the extensions of a request that carries a valid token. Put there before the
/// layers of [`layers::around_api`] run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallerId(pub UserId);
