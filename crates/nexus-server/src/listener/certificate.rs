//! The certificate from files: whether it can be shown, until when, and its successor.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use metrics::gauge;
use nexus_protocol::Timestamp;
use parking_lot::RwLock;
use rustls::{
    client::verify_server_name,
    crypto::aws_lc_rs::default_provider,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject as _},
    server::{ClientHello, ParsedCertificate, ResolvesServerCert},
    sign::CertifiedKey,
};
use x509_parser::parse_x509_certificate;

use crate::metrics::TLS_CERTIFICATE_EXPIRES;

#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    #[error("{} can't be read ({source}); check path and rights", .path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{} holds no {what} in PEM; {remedy}", .path.display())]
    Nothing { path: PathBuf, what: &'static str, remedy: &'static str },
    #[error("tls.key_file is not the key of the first certificate in tls.cert_file ({0})")]
    Mismatch(rustls::Error),
    #[error("the first certificate in tls.cert_file can't be used: {0}")]
    Unusable(String),
    #[error("the certificate is not for {0}, the host of server.public_url; get one that names it")]
    OtherName(String),
    #[error("the certificate has expired at {0}; renew it")]
    Expired(Timestamp),
    #[error("the certificate is not valid before {0}; check the clock, or wait")]
    NotYet(Timestamp),
}

/// One that can be shown, with its key.
pub struct Certificate {
    key: Arc<CertifiedKey>,
    pub until: Timestamp,
}

impl Certificate {
    /// `host` is what people write into their browsers.
    pub fn read(
        cert_file: &Path,
        key_file: &Path,
        host: &str,
        now: Timestamp,
    ) -> Result<Certificate, CertificateError> {
        let chain = chain(&contents(cert_file)?);
        let nothing = |path: &Path, what, remedy| CertificateError::Nothing {
            path: path.to_owned(),
            what,
            remedy,
        };
        let first = chain.first().ok_or_else(|| {
            nothing(cert_file, "certificate", "the server's own comes first, then those above it")
        })?;
        let key = PrivateKeyDer::from_pem_slice(&contents(key_file)?)
            .map_err(|_| nothing(key_file, "private key", "one with a passphrase can't be used"))?;
        check_name(first, host)?;
        let until = check_time(first, now)?;
        let key = CertifiedKey::from_der(chain.clone(), key, &default_provider())
            .map_err(CertificateError::Mismatch)?;
        Ok(Certificate { key: Arc::new(key), until })
    }
}

fn contents(path: &Path) -> Result<Vec<u8>, CertificateError> {
    fs::read(path).map_err(|source| CertificateError::Unreadable { path: path.to_owned(), source })
}

/// What can't be read ends it: a chain with a hole helps nobody.
fn chain(pem: &[u8]) -> Vec<CertificateDer<'static>> {
    CertificateDer::pem_slice_iter(pem).map_while(Result::ok).collect()
}

fn check_name(first: &CertificateDer<'_>, host: &str) -> Result<(), CertificateError> {
    let unusable = |err: &dyn fmt::Display| CertificateError::Unusable(err.to_string());
    let parsed = ParsedCertificate::try_from(first).map_err(|err| unusable(&err))?;
    let name = ServerName::try_from(host.trim_matches(['[', ']'])).map_err(|err| unusable(&err))?;
    verify_server_name(&parsed, &name).map_err(|_| CertificateError::OtherName(host.to_owned()))
}

fn check_time(first: &CertificateDer<'_>, now: Timestamp) -> Result<Timestamp, CertificateError> {
    let (from, until) = validity(first).map_err(CertificateError::Unusable)?;
    match now.0 {
        now if now < from.0 => Err(CertificateError::NotYet(from)),
        now if now >= until.0 => Err(CertificateError::Expired(until)),
        _ => Ok(until),
    }
}

fn validity(der: &[u8]) -> Result<(Timestamp, Timestamp), String> {
    let (_, parsed) = parse_x509_certificate(der).map_err(|err| err.to_string())?;
    let at = |time: x509_parser::time::ASN1Time| Timestamp(time.timestamp().saturating_mul(1_000));
    Ok((at(parsed.validity().not_before), at(parsed.validity().not_after)))
}

/// When the first certificate in this PEM ends.
pub fn expiry(pem: &[u8]) -> Option<Timestamp> {
    validity(chain(pem).first()?).ok().map(|(_, until)| until)
}

/// For who watches the numbers.
pub fn measure(until: Timestamp) {
    gauge!(TLS_CERTIFICATE_EXPIRES).set((until.0 / 1_000) as f64);
}

/// What is shown now; a new one counts from the next handshake on.
pub struct Shown(RwLock<Arc<CertifiedKey>>);

impl Shown {
    pub fn new(certificate: &Certificate) -> Shown {
        measure(certificate.until);
        Shown(RwLock::new(certificate.key.clone()))
    }

    pub fn replace(&self, certificate: &Certificate) {
        measure(certificate.until);
        *self.0.write() = certificate.key.clone();
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shown")
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.read().clone())
    }
}
