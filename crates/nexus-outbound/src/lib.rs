//! The way out to other services: letters by SMTP, by SendGrid, or into a folder; and questions
//! to those whose accounts sign in here.

mod folder;
mod message;
mod sendgrid;
mod smtp;
mod web;

pub use folder::{Folder, Kept};
pub use sendgrid::SendGrid;
pub use smtp::Smtp;
pub use web::HttpsWeb;

/// The settings of a way out can't be used.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unusable(String);
