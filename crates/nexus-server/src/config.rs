//! Everything that can be set. `config/default.toml` says what each setting means.

mod backends;
mod check;
mod load;
mod mail;
mod oidc;
mod print;
mod retention;
mod secret;
mod sections;
mod sign_in;
#[cfg(test)]
mod tests;

pub use backends::*;
pub use load::{ConfigError, Flags, load};
pub use mail::{Mail, MailWay};
pub use oidc::Oidc;
pub use print::effective_toml;
pub use retention::Retention;
pub use secret::{Secret, SecretUrl};
pub use sections::*;

/// The embedded file with every setting and its default.
pub const DEFAULTS: &str = include_str!("../../../config/default.toml");
