//! Everything that can be set. `config/default.toml` says what each setting means.

mod check;
mod load;
mod print;
mod sections;
#[cfg(test)]
mod tests;

pub use load::{ConfigError, Flags, load};
pub use print::effective_toml;
pub use sections::*;

/// The embedded file with every setting and its default.
pub const DEFAULTS: &str = include_str!("../../../config/default.toml");
