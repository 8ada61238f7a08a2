//! One connection, from its first byte to its last.

use std::{
    io::{self, IoSlice},
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    http::{HeaderValue, header},
};
use hyper::{Request, body::Incoming};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use metrics::gauge;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    sync::OwnedSemaphorePermit,
    time::sleep,
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::{Peer, Visit, tls::Tls};
use crate::metrics::CONNECTIONS;

/// Per connection; ten thousand idle ones should not need a gigabyte.
const HTTP1_BUFFER_BYTES: usize = 16 * 1024;
const HTTP2_HEADER_BYTES: u32 = 16 * 1024;
const HTTP2_STREAMS: u32 = 128;
const HTTP2_PING: Duration = Duration::from_secs(25);

pub(super) struct Connection {
    pub peer: Peer,
    pub router: Router,
    pub header_timeout: Duration,
    /// Finish the request, then end.
    pub closing: CancellationToken,
    /// End now.
    pub cut: CancellationToken,
}

impl Connection {
    /// The handshake first.
    pub async fn run_with(self, tls: Tls, stream: Tracked) {
        let closing = self.closing.clone();
        let stream = tokio::select! {
            () = closing.cancelled() => None,
            stream = tls.accept(stream) => stream,
        };
        if let Some(stream) = stream {
            self.run(stream).await;
        }
    }

    pub async fn run(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let Connection { peer, router, header_timeout, closing, cut } = self;
        let spoke = Arc::new(AtomicBool::new(false));
        let service = {
            let spoke = spoke.clone();
            hyper::service::service_fn(move |mut req: Request<Incoming>| {
                spoke.store(true, Ordering::Relaxed);
                req.extensions_mut().insert(peer);
                name_host(&mut req);
                router.clone().oneshot(req)
            })
        };
        let builder = builder(header_timeout);
        let mut served =
            pin!(builder.serve_connection_with_upgrades(TokioIo::new(stream), service));
        // Hyper's own timer begins only once it knows the HTTP version, which a client that sends
        // nothing (or "PRI" and no more) never tells.
        let mut first_word = pin!(sleep(header_timeout + Duration::from_secs(1)));
        let (mut waiting, mut open) = (true, true);
        loop {
            tokio::select! {
                ended = served.as_mut() => {
                    if let Err(err) = ended {
                        tracing::debug!(error = %err, "connection ended in an error");
                    }
                    return;
                }
                () = closing.cancelled(), if open => {
                    open = false;
                    served.as_mut().graceful_shutdown();
                }
                () = first_word.as_mut(), if waiting => {
                    waiting = false;
                    if !spoke.load(Ordering::Relaxed) {
                        return;
                    }
                }
                () = cut.cancelled() => return,
            }
        }
    }
}

/// HTTP/2 says it in another place.
fn name_host(req: &mut Request<Incoming>) {
    let Some(authority) = req.uri().authority() else { return };
    if let Ok(host) = HeaderValue::from_str(authority.as_str()) {
        req.headers_mut().entry(header::HOST).or_insert(host);
    }
}

fn builder(header_timeout: Duration) -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(header_timeout)
        .max_buf_size(HTTP1_BUFFER_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(HTTP2_PING)
        .keep_alive_timeout(HTTP2_PING)
        .max_header_list_size(HTTP2_HEADER_BYTES)
        .max_concurrent_streams(HTTP2_STREAMS);
    builder
}

/// A stream that holds its place among the connections until it is closed, also after an upgrade
/// has taken it out of hyper's hands.
pub(super) struct Tracked {
    stream: TcpStream,
    _place: Place,
}

/// Among those of its address, and among all.
type Place = (Visit, OwnedSemaphorePermit);

impl Tracked {
    pub fn new(stream: TcpStream, place: Place) -> Tracked {
        gauge!(CONNECTIONS, "transport" => "tcp").increment(1);
        Tracked { stream, _place: place }
    }
}

impl Drop for Tracked {
    fn drop(&mut self) {
        gauge!(CONNECTIONS, "transport" => "tcp").decrement(1);
    }
}

impl AsyncRead for Tracked {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Tracked {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
