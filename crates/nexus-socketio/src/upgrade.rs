//! From an HTTP request to a WebSocket: for a new session, or for one that has been polling.

use std::{future::poll_fn, sync::Arc};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header, request::Parts};
use http_body_util::Full;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::{rt::TokioIo, server::conn::auto};
use tokio::net::TcpStream;
use tungstenite::handshake::derive_accept_key;

use crate::{
    DisconnectReason,
    connection::Shared,
    driver::Driver,
    frames::Received,
    outbox::Message,
    polling::complete_upgrade,
    websocket::{Stream, WebSocket, Written},
};

/// A valid request for a WebSocket, not yet answered.
pub(crate) struct Upgrade {
    on_upgrade: OnUpgrade,
    accept: HeaderValue,
}

impl Upgrade {
    /// `None` if it is no such request.
    pub(crate) fn of(parts: &mut Parts) -> Option<Self> {
        let headers = &parts.headers;
        let key = headers.get(header::SEC_WEBSOCKET_KEY)?;
        let fits = parts.method == Method::GET
            && has_token(headers, header::CONNECTION, "upgrade")
            && has_token(headers, header::UPGRADE, "websocket")
            && headers.get(header::SEC_WEBSOCKET_VERSION).is_some_and(|version| version == "13");
        if !fits {
            return None;
        }
        let accept = HeaderValue::from_str(&derive_accept_key(key.as_bytes())).ok()?;
        let on_upgrade = parts.extensions.remove::<OnUpgrade>()?;
        Some(Self { on_upgrade, accept })
    }

    fn switching(accept: HeaderValue) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::default());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
        response
    }

    /// Begins a session; `open` is its first packet.
    pub(crate) fn begin(self, shared: Arc<Shared>, open: String) -> Response<Full<Bytes>> {
        let on_upgrade = self.on_upgrade;
        tokio::spawn(async move {
            let config = &shared.server.config;
            match tokio::time::timeout(config.upgrade_timeout, on_upgrade).await {
                Ok(Ok(upgraded)) => {
                    let mut websocket = open_stream(upgraded, config.max_payload);
                    websocket.outgoing.push_back(Message::text(open.into()));
                    Driver::new(shared, Some(websocket)).run().await;
                }
                // Hung up, or stuck, before it began.
                Ok(Err(_)) | Err(_) => shared.server.ended(&shared),
            }
        });
        Self::switching(self.accept)
    }

    /// Moves a polling session over, if the client's probe succeeds in time.
    pub(crate) fn probe(self, shared: Arc<Shared>) -> Response<Full<Bytes>> {
        let on_upgrade = self.on_upgrade;
        // Claimed here and not in the task: a second attempt must find it taken.
        let claimed = shared.polling.as_ref().is_some_and(|polling| polling.claim_upgrade());
        tokio::spawn(async move {
            let config = &shared.server.config;
            let probe = async {
                let mut websocket = open_stream(on_upgrade.await.ok()?, config.max_payload);
                if !claimed {
                    // The client has a session already; it only learns that this is none.
                    websocket.close(1000);
                    write(&mut websocket).await?;
                    return None;
                }
                expect(&mut websocket, "2probe").await?;
                websocket.outgoing.push_back(Message::text(Bytes::from_static(b"3probe")));
                write(&mut websocket).await?;
                shared.polling.as_ref()?.probed();
                expect(&mut websocket, "5").await?;
                Some(websocket)
            };
            let websocket = tokio::time::timeout(config.upgrade_timeout, probe).await;
            match websocket.ok().flatten() {
                Some(websocket) => complete_upgrade(&shared, websocket),
                None if claimed => {
                    if let Some(polling) = &shared.polling {
                        polling.abandon_upgrade();
                    }
                }
                None => {}
            }
        });
        Self::switching(self.accept)
    }
}

/// Sheds hyper's wrapping where the stream below is known.
fn open_stream(upgraded: Upgraded, max_payload: usize) -> WebSocket {
    let upgraded = match auto::upgrade::downcast::<TokioIo<TcpStream>>(upgraded) {
        Ok(parts) => {
            let stream = Stream::Tcp(parts.io.into_inner());
            return WebSocket::new(stream, &parts.read_buf, max_payload);
        }
        Err(upgraded) => upgraded,
    };
    match upgraded.downcast::<TokioIo<TcpStream>>() {
        Ok(parts) => {
            WebSocket::new(Stream::Tcp(parts.io.into_inner()), &parts.read_buf, max_payload)
        }
        Err(upgraded) => WebSocket::new(Stream::Other(TokioIo::new(upgraded)), &[], max_payload),
    }
}

async fn expect(websocket: &mut WebSocket, text: &str) -> Option<()> {
    let received: Result<Received, DisconnectReason> = poll_fn(|cx| websocket.poll_read(cx)).await;
    match received {
        Ok(Received::Text(received)) => (received.as_str() == text).then_some(()),
        _ => None,
    }
}

async fn write(websocket: &mut WebSocket) -> Option<()> {
    let mut written = Written::default();
    poll_fn(|cx| websocket.poll_write(cx, &mut written)).await.ok()
}

/// Whether a comma separated header names a token.
fn has_token(headers: &HeaderMap, name: header::HeaderName, token: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.split(',').any(|part| part.trim().eq_ignore_ascii_case(token)))
}
