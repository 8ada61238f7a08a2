//! Which way letters leave, as `mail.url` asks, and to whom sign-ins go.

use std::sync::Arc;

use anyhow::Context as _;
use nexus_core::{
    oidc::Providers,
    ports::{Clock, Mail},
};
use nexus_outbound::{Folder, HttpsWeb, SendGrid, Smtp};

use crate::config::{Config, MailWay};

pub fn mail(config: &Config, clock: Arc<dyn Clock>) -> anyhow::Result<Arc<dyn Mail>> {
    let way = config.mail_way().context("mail.url is none that is known")?;
    Ok(match way {
        MailWay::Folder(path) => {
            tracing::info!(path = %path.display(), "letters go nowhere but into this folder");
            Arc::new(Folder::new(path))
        }
        MailWay::Smtp(url) => Arc::new(Smtp::connect(&url).context("mail.url")?),
        MailWay::SendGrid(url) => {
            Arc::new(SendGrid::new(&url, config.mail.key.expose(), clock).context("mail.url")?)
        }
    })
}

pub fn oidc(config: &Config) -> Providers {
    let web = Arc::new(HttpsWeb::default());
    Providers::new(config.oidc_providers(), web, &config.link_url())
}
