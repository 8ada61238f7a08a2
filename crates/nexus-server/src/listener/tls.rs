//! TLS 1.3 on our own listener: handshakes, and certificates that change while it runs.

use std::{io, sync::Arc, time::Duration};

use anyhow::Context as _;
use metrics::counter;
use nexus_core::ports::Clock;
use nexus_protocol::Timestamp;
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs::{Ticketer, default_provider},
    server::ResolvesServerCert,
    version::TLS13,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    signal::unix::{SignalKind, signal},
    sync::Semaphore,
    time::{MissedTickBehavior, interval, timeout},
};
use tokio_rustls::{LazyConfigAcceptor, server::TlsStream};
use tokio_util::sync::CancellationToken;

use super::certificate::{Certificate, CertificateError, Shown};
use crate::{config::Config, metrics::TLS_HANDSHAKES_FAILED_TOTAL};

/// How often the files are looked at, and how often an end that is near is told.
const POLL: Duration = Duration::from_secs(5);
const TELL_EVERY: Duration = Duration::from_secs(24 * 60 * 60);
/// Renewal is due before this is left.
pub const SOON: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// What turns a connection into one that nobody else reads.
#[derive(Clone, Debug)]
pub struct Tls {
    config: Arc<ServerConfig>,
    /// For the authority that asks whether a name is ours; see [`super::acme`].
    #[cfg_attr(not(feature = "acme"), expect(dead_code, reason = "nobody asks without ACME"))]
    challenge: Option<Arc<ServerConfig>>,
    /// A handshake costs more than anything else a stranger can ask for.
    handshakes: Arc<Semaphore>,
    patience: Duration,
}

/// What keeps the certificate fresh; runs until told to stop.
pub type Upkeep = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

impl Tls {
    /// As `[tls]` says; `None` if it says nothing.
    pub fn open(
        config: &Config,
        clock: Arc<dyn Clock>,
        stop: CancellationToken,
    ) -> anyhow::Result<Option<(Tls, Upkeep)>> {
        if !config.tls.is_on() {
            return Ok(None);
        }
        #[cfg(feature = "acme")]
        if !config.tls.acme_domains.is_empty() {
            let acme = super::acme::begin(config, stop)?;
            let tls = Tls::new(config, acme.resolver, Some(acme.challenge))?;
            return Ok(Some((tls, acme.upkeep)));
        }
        let certificate = read(config, clock.now()).context("can't start with this certificate")?;
        let shown = Arc::new(Shown::new(&certificate));
        let upkeep = watch(config.clone(), shown.clone(), clock, stop);
        Ok(Some((Tls::new(config, shown, None)?, Box::pin(upkeep))))
    }

    fn new(
        config: &Config,
        certificates: Arc<dyn ResolvesServerCert>,
        challenge: Option<Arc<ServerConfig>>,
    ) -> anyhow::Result<Tls> {
        let mut server = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_protocol_versions(&[&TLS13])?
            .with_no_client_auth()
            .with_cert_resolver(certificates);
        server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        // A client that comes back needs no signature of ours.
        server.ticketer = Ticketer::new()?;
        Ok(Tls {
            config: Arc::new(server),
            challenge,
            handshakes: Arc::new(Semaphore::new(config.tls.max_handshakes)),
            patience: config.tls.handshake_timeout(),
        })
    }

    /// `None` if nothing came of it.
    pub(super) async fn accept<S>(&self, stream: S) -> Option<TlsStream<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let failed = |why: &dyn std::fmt::Display| {
            counter!(TLS_HANDSHAKES_FAILED_TOTAL).increment(1);
            tracing::debug!(%why, "no TLS came about");
        };
        match timeout(self.patience, self.handshake(stream)).await {
            Ok(Ok(stream)) => return stream,
            Ok(Err(err)) => failed(&err),
            Err(_) => failed(&"it took too long"),
        }
        None
    }

    async fn handshake<S>(&self, stream: S) -> io::Result<Option<TlsStream<S>>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        // Whoever says nothing takes nobody's turn.
        let hello = LazyConfigAcceptor::new(Default::default(), stream).await?;
        let _turn = self.handshakes.acquire().await.map_err(io::Error::other)?;
        #[cfg(feature = "acme")]
        if let Some(challenge) = &self.challenge
            && rustls_acme::is_tls_alpn_challenge(&hello.client_hello())
        {
            use tokio::io::AsyncWriteExt as _;
            hello.into_stream(challenge.clone()).await?.shutdown().await?;
            return Ok(None);
        }
        hello.into_stream(self.config.clone()).await.map(Some)
    }
}

/// The certificate in the files of `[tls]`, if it can be shown now.
pub fn read(config: &Config, now: Timestamp) -> Result<Certificate, CertificateError> {
    let tls = &config.tls;
    Certificate::read(&tls.cert_file, &tls.key_file, config.server.public_host(), now)
}

/// Takes over what is put into the files, at once on SIGHUP. One that can't be used is said, and
/// the one that is shown stays.
async fn watch(config: Config, shown: Arc<Shown>, clock: Arc<dyn Clock>, stop: CancellationToken) {
    let mut hangup = match signal(SignalKind::hangup()) {
        Ok(hangup) => hangup,
        Err(err) => return tracing::error!(error = %err, "can't listen to SIGHUP"),
    };
    let (mut tick, mut told) = (interval(POLL), None::<Timestamp>);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut known = stamp(&config);
    loop {
        let asked = tokio::select! {
            () = stop.cancelled() => return,
            _ = hangup.recv() => true,
            _ = tick.tick() => false,
        };
        let (now, found) = (clock.now(), stamp(&config));
        let due = told.is_none_or(|told| now.since(told) > TELL_EVERY);
        if !asked && found == known && !due {
            continue;
        }
        match read(&config, now) {
            Ok(certificate) => {
                if asked || found != known {
                    tracing::info!(until = %certificate.until, "a new certificate is shown");
                    shown.replace(&certificate);
                }
                tell_end(certificate.until, now);
            }
            Err(err) => tracing::error!(error = %err, "the certificate stays as it is"),
        }
        (known, told) = (found, Some(now));
    }
}

pub(super) fn tell_end(until: Timestamp, now: Timestamp) {
    if until.since(now) < SOON {
        tracing::warn!(%until, "the TLS certificate ends soon: renew it");
    }
}

/// What is different when a file was written again.
fn stamp(config: &Config) -> [Option<(std::time::SystemTime, u64)>; 2] {
    [&config.tls.cert_file, &config.tls.key_file].map(|path| {
        let file = std::fs::metadata(path).ok()?;
        Some((file.modified().ok()?, file.len()))
    })
}
