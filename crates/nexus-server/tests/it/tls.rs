//! TLS that the binary speaks itself.

use std::{fs, path::PathBuf, sync::Arc, time::Duration};

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Empty, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use nexus_core::{memory::SystemClock, ports::Clock as _};
use nexus_server::{
    config::{Config, Tls},
    listener::certificate::{Certificate, CertificateError},
};
use rcgen::{CertificateParams, KeyPair};
use rustls::{
    ClientConfig, HandshakeKind, RootCertStore, SupportedProtocolVersion,
    crypto::aws_lc_rs::default_provider,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
    version::{TLS12, TLS13},
};
use serde_json::Value;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::{
    fixture::{TestApp, eventually},
    wire::{self, request},
};

const HOST: &str = "chat.example.com";

/// A certificate of its own making, and its key, in files.
pub struct Files {
    pub folder: TempDir,
}

impl Files {
    pub fn new() -> Files {
        let files = Files { folder: tempfile::tempdir().unwrap() };
        files.write(params(HOST));
        files
    }

    fn write(&self, params: CertificateParams) {
        let key = KeyPair::generate().unwrap();
        fs::write(self.cert(), params.self_signed(&key).unwrap().pem()).unwrap();
        fs::write(self.key(), key.serialize_pem()).unwrap();
    }

    pub fn cert(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    pub fn key(&self) -> PathBuf {
        self.folder.path().join("key.pem")
    }

    fn der(&self) -> CertificateDer<'static> {
        CertificateDer::from_pem_file(self.cert()).unwrap()
    }

    fn settings(&self, config: &mut Config) {
        config.server.public_url = format!("https://{HOST}");
        config.tls = Tls { cert_file: self.cert(), key_file: self.key(), ..config.tls.clone() };
    }
}

fn params(name: &str) -> CertificateParams {
    CertificateParams::new(vec![name.to_owned()]).unwrap()
}

fn client(
    roots: &[CertificateDer<'static>],
    version: &'static SupportedProtocolVersion,
    alpn: &[&str],
) -> Arc<ClientConfig> {
    let mut store = RootCertStore::empty();
    for root in roots {
        store.add(root.clone()).unwrap();
    }
    let mut config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(store)
        .with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    Arc::new(config)
}

async fn connect(
    app: &TestApp,
    config: &Arc<ClientConfig>,
) -> std::io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(app.host()).await?;
    let name = ServerName::try_from(HOST).unwrap();
    TlsConnector::from(config.clone()).connect(name, stream).await
}

#[tokio::test]
async fn tls_1_3_and_nothing_older_with_http_1_and_2() {
    let files = Files::new();
    let app = TestApp::with(|config| files.settings(config)).await;
    let roots = [files.der()];
    assert!(connect(&app, &client(&roots, &TLS12, &[])).await.is_err());
    assert!(wire::send(app.host(), &request("GET", "/healthz", &[], "")).await.is_none(), "plain");

    let mut stream = connect(&app, &client(&roots, &TLS13, &["http/1.1"])).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    stream.write_all(request("GET", "/healthz", &[], "").as_bytes()).await.unwrap();
    let answer = wire::answer(&mut stream).await.unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");

    let stream = connect(&app, &client(&roots, &TLS13, &["h2", "http/1.1"])).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .unwrap();
    tokio::spawn(connection);
    let ask = Request::get(format!("https://{HOST}/.well-known/nexuschat"));
    let answer = sender.send_request(ask.body(Empty::<Bytes>::new()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), 200);
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(serde_json::from_slice::<Value>(&body).unwrap()["name"], "NexusChat");
}

#[tokio::test]
async fn a_page_of_this_machine_is_ours_over_http_2_as_well() {
    let files = Files::new();
    files.write(params("localhost"));
    let app = TestApp::with(|config| {
        files.settings(config);
        config.server.public_url = "https://localhost".to_owned();
    })
    .await;
    let config = client(&[files.der()], &TLS13, &["h2"]);
    let stream = TcpStream::connect(app.host()).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let stream = TlsConnector::from(config).connect(name, stream).await.unwrap();
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .unwrap();
    tokio::spawn(connection);
    for (origin, status) in [("https://localhost:8443", 422), ("https://localhost:8444", 403)] {
        let ask = Request::post("https://localhost:8443/api/v1/auth/signup")
            .header("origin", origin)
            .header("content-type", "application/json");
        let body = r#"{"email":"","username":"","password":""}"#;
        let answer =
            sender.send_request(ask.body(Full::<Bytes>::from(body)).unwrap()).await.unwrap();
        assert_eq!(answer.status(), status, "{origin}");
    }
}

#[tokio::test]
async fn a_websocket_opens_over_tls_and_a_client_that_comes_back_resumes() {
    let files = Files::new();
    let app = TestApp::with(|config| files.settings(config)).await;
    let config = client(&[files.der()], &TLS13, &["http/1.1"]);
    for kind in [HandshakeKind::Full, HandshakeKind::Resumed] {
        let mut stream = connect(&app, &config).await.unwrap();
        assert_eq!(stream.get_ref().1.handshake_kind(), Some(kind));
        let headers = [
            ("connection", "Upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ("origin", "https://chat.example.com"),
        ];
        let path = "/socket.io/?EIO=4&transport=websocket";
        stream.write_all(request("GET", path, &headers, "").as_bytes()).await.unwrap();
        let mut answer = wire::answer(&mut stream).await.unwrap();
        assert_eq!(answer.status, 101);
        while !answer.body.ends_with(b"}") {
            assert!(stream.read_buf(&mut answer.body).await.unwrap() > 0);
        }
        assert!(String::from_utf8_lossy(&answer.body).contains("0{\"sid\":"));
    }
}

#[tokio::test]
async fn a_new_certificate_is_shown_without_a_restart_and_a_bad_one_never() {
    let files = Files::new();
    let app = TestApp::with(|config| files.settings(config)).await;
    let old = files.der();
    let shown = async |root: &CertificateDer<'static>| {
        let roots = std::slice::from_ref(root);
        let stream = connect(&app, &client(roots, &TLS13, &[])).await.ok()?;
        Some(stream.get_ref().1.peer_certificates().unwrap()[0].clone().into_owned())
    };
    assert_eq!(shown(&old).await.as_ref(), Some(&old));
    files.write(params(HOST));
    let new = files.der();
    eventually("the new one is shown", async || shown(&new).await).await;
    fs::write(files.cert(), "-----BEGIN CERTIFICATE-----\nnonsense").unwrap();
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(shown(&new).await.as_ref(), Some(&new));
}

#[tokio::test]
async fn who_never_finishes_a_handshake_stands_in_nobodys_way() {
    let files = Files::new();
    let app = TestApp::with(|config| {
        files.settings(config);
        config.tls.max_handshakes = 2;
        config.tls.handshake_timeout_secs = 1;
    })
    .await;
    let mut idle = Vec::new();
    for _ in 0..50 {
        let mut stream = TcpStream::connect(app.host()).await.unwrap();
        stream.write_all(b"\x16\x03\x01").await.unwrap();
        idle.push(stream);
    }
    let config = client(&[files.der()], &TLS13, &[]);
    let all = (0..20).map(|_| connect(&app, &config));
    for stream in futures_util::future::join_all(all).await {
        stream.unwrap();
    }
    for mut stream in idle {
        let mut rest = Vec::new();
        let closed = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut rest));
        let _reset = closed.await.expect("it is closed");
    }
}

#[tokio::test]
async fn plain_http_leads_people_to_https_and_refuses_programs() {
    let files = Files::new();
    let port = nexus_client::free_port().unwrap();
    let app = TestApp::with(|config| {
        files.settings(config);
        config.tls.redirect_listen = Some(([127, 0, 0, 1], port).into());
    })
    .await;
    let plain = format!("127.0.0.1:{port}");
    for (path, location) in [
        ("/", "https://chat.example.com/"),
        ("/chat/1?x=%2f", "https://chat.example.com/chat/1?x=%2f"),
        ("//evil.example/x", "https://chat.example.com//evil.example/x"),
    ] {
        let headers = [("host", "evil.example")];
        let answer = wire::ask(&plain, "GET", path, &headers, "").await;
        assert_eq!((answer.status, answer.header("location")), (308, location));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    for (method, path, headers) in [
        ("POST", "/api/v1/auth/login", &[][..]),
        ("GET", "/api/v1/users/me", &[]),
        ("GET", "/socket.io/?EIO=4&transport=polling", &[]),
        ("GET", "/", &[("authorization", "Bearer x")]),
        ("POST", "/", &[]),
    ] {
        let answer = wire::ask(&plain, method, path, headers, "").await;
        assert_eq!(answer.status, 403, "{method} {path}");
    }
    drop(app);
}

fn read(files: &Files) -> Result<Certificate, CertificateError> {
    Certificate::read(&files.cert(), &files.key(), HOST, SystemClock.now())
}

#[track_caller]
fn refused(files: &Files, says: &str) {
    let err = read(files).err().expect("it can't be used").to_string();
    assert!(err.contains(says), "{err}");
}

#[test]
fn files_that_can_not_be_used_are_refused_with_the_reason() {
    let files = Files::new();
    read(&files).unwrap();
    let year = |year| rcgen::date_time_ymd(year, 1, 1);
    let mut past = params(HOST);
    (past.not_before, past.not_after) = (year(2001), year(2002));
    files.write(past);
    refused(&files, "has expired at 2002-01-01T00:00:00.000Z; renew it");
    let mut future = params(HOST);
    (future.not_before, future.not_after) = (year(2101), year(2102));
    files.write(future);
    refused(&files, "not valid before 2101");
    files.write(params("chat.example.org"));
    refused(&files, "not for chat.example.com");
    files.write(params("*.example.com"));
    read(&files).unwrap();
    fs::write(files.key(), KeyPair::generate().unwrap().serialize_pem()).unwrap();
    refused(&files, "tls.key_file is not the key");
    fs::write(files.key(), "nonsense").unwrap();
    refused(&files, "no private key");
    fs::write(files.cert(), "").unwrap();
    refused(&files, "no certificate");
    let torn = "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n";
    fs::write(files.cert(), torn).unwrap();
    fs::write(files.key(), KeyPair::generate().unwrap().serialize_pem()).unwrap();
    refused(&files, "can't be used");
    fs::remove_file(files.cert()).unwrap();
    refused(&files, "check path and rights");
}
