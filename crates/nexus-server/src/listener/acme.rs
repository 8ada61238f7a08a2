//! Certificates that an authority gives by itself (ACME, RFC 8555), by TLS-ALPN-01: it asks on the
//! very port that we serve on, so nothing else needs to be set up.

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt as _,
    path::PathBuf,
    sync::Arc,
};

use anyhow::Context as _;
use async_trait::async_trait;
use aws_lc_rs::digest::{SHA256, digest};
use futures_util::StreamExt as _;
use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    crypto::aws_lc_rs::default_provider,
    pki_types::{CertificateDer, pem::PemObject as _},
    server::ResolvesServerCert,
};
use rustls_acme::{AccountCache, AcmeConfig, CertCache, EventOk};
use tokio_util::sync::CancellationToken;

use super::{certificate, tls::Upkeep};
use crate::config::Config;

pub(super) struct Acme {
    pub resolver: Arc<dyn ResolvesServerCert>,
    pub challenge: Arc<ServerConfig>,
    pub upkeep: Upkeep,
}

pub(super) fn begin(config: &Config, stop: CancellationToken) -> anyhow::Result<Acme> {
    let tls = &config.tls;
    let folder = Folder(config.data_dir.join("acme"));
    folder.make().with_context(|| format!("can't use {}", folder.0.display()))?;
    let contact = (!tls.acme_email.is_empty()).then(|| format!("mailto:{}", tls.acme_email));
    let mut acme = AcmeConfig::new_with_provider(&tls.acme_domains, Arc::new(default_provider()))
        .directory(&tls.acme_directory)
        .contact(contact);
    if !tls.acme_ca_file.as_os_str().is_empty() {
        acme = acme.client_tls_config(trusting(&tls.acme_ca_file)?);
    }
    let mut state = acme.cache(folder).state();
    let resolver = state.resolver();
    let challenge = state.challenge_rustls_config_with_provider(Arc::new(default_provider()));
    let upkeep = Box::pin(async move {
        loop {
            let event = tokio::select! {
                () = stop.cancelled() => return,
                event = state.next() => event,
            };
            match event {
                Some(Ok(EventOk::DeployedNewCert)) => tracing::info!("a new certificate is shown"),
                Some(Ok(event)) => tracing::debug!(?event, "certificates"),
                Some(Err(err)) => {
                    tracing::error!(error = %err, "no certificate from the authority; trying again");
                }
                None => return,
            }
        }
    });
    Ok(Acme { resolver, challenge, upkeep })
}

/// Asks the authority over TLS that this file vouches for, and no other.
fn trusting(path: &std::path::Path) -> anyhow::Result<Arc<ClientConfig>> {
    let pem = fs::read(path)
        .with_context(|| format!("tls.acme_ca_file: {} can't be read", path.display()))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        roots.add(certificate.context("tls.acme_ca_file is no PEM")?)?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// Where account and certificate are kept, with their keys: for nobody else to read.
struct Folder(PathBuf);

impl Folder {
    fn make(&self) -> io::Result<()> {
        fs::create_dir_all(&self.0)?;
        fs::set_permissions(&self.0, Permissions::from_mode(0o700))
    }

    fn path(&self, kind: &str, names: &[String], directory: &str) -> PathBuf {
        let hash = digest(&SHA256, format!("{} {directory}", names.join(" ")).as_bytes());
        let hash: String = hash.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        self.0.join(format!("{kind}-{hash}.pem"))
    }

    async fn load(&self, path: PathBuf) -> io::Result<Option<Vec<u8>>> {
        match tokio::fs::read(path).await {
            Ok(found) => Ok(Some(found)),
            Err(err) if err.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(err) => Err(err),
        }
    }

    /// Whole or not at all.
    async fn store(&self, path: PathBuf, contents: &[u8]) -> io::Result<()> {
        let draft = path.with_extension("new");
        tokio::fs::write(&draft, contents).await?;
        tokio::fs::set_permissions(&draft, Permissions::from_mode(0o600)).await?;
        tokio::fs::rename(draft, path).await
    }
}

fn measure(pem: &[u8]) {
    if let Some(until) = certificate::expiry(pem) {
        certificate::measure(until);
        tracing::info!(%until, "certificate of the authority");
    }
}

#[async_trait]
impl CertCache for Folder {
    type EC = io::Error;

    async fn load_cert(&self, names: &[String], directory: &str) -> io::Result<Option<Vec<u8>>> {
        let found = self.load(self.path("certificate", names, directory)).await?;
        if let Some(pem) = &found {
            measure(pem);
        }
        Ok(found)
    }

    async fn store_cert(&self, names: &[String], directory: &str, pem: &[u8]) -> io::Result<()> {
        measure(pem);
        self.store(self.path("certificate", names, directory), pem).await
    }
}

#[async_trait]
impl AccountCache for Folder {
    type EA = io::Error;

    async fn load_account(&self, names: &[String], directory: &str) -> io::Result<Option<Vec<u8>>> {
        self.load(self.path("account", names, directory)).await
    }

    async fn store_account(&self, names: &[String], directory: &str, key: &[u8]) -> io::Result<()> {
        self.store(self.path("account", names, directory), key).await
    }
}
