//! The way out to other services: letters by SMTP, by SendGrid, or into a folder.

mod folder;
mod message;
mod sendgrid;
mod smtp;

pub use folder::{Folder, Kept};
pub use sendgrid::SendGrid;
pub use smtp::Smtp;

/// The settings of a way out can't be used.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unusable(String);
