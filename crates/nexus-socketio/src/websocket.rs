//! The WebSocket transport, which keeps nothing while idle.
//!
//! Written here because a library's socket keeps its read buffer, and the largest message it
//! ever wrote, for the life of the connection, and copies every message once per receiver.
//! This one reads through the stack and writes shared messages in place, many per system call.

use std::{
    collections::VecDeque,
    io::{self, IoSlice},
    mem::MaybeUninit,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

use crate::{
    DisconnectReason,
    frames::{Incoming, MAX_HEADER, Received, write_header},
    outbox::{Kind, Message},
};

/// How many frames one system call writes at most.
const BATCH: usize = 16;
/// How much one system call reads at most; it lies on the stack.
const READ: usize = 8 * 1024;
/// How much is copied together for streams that cannot write scattered memory.
const GATHER: usize = 16 * 1024;

/// The stream below: plain TCP without hyper's wrapping if it is that.
pub(crate) enum Stream {
    Tcp(TcpStream),
    Other(TokioIo<Upgraded>),
}

impl Stream {
    fn pin(&mut self) -> Pin<&mut dyn AsyncStream> {
        match self {
            Self::Tcp(stream) => Pin::new(stream),
            Self::Other(stream) => Pin::new(stream),
        }
    }
}

trait AsyncStream: AsyncRead + AsyncWrite + Unpin {}
impl<T: AsyncRead + AsyncWrite + Unpin> AsyncStream for T {}

/// What a write achieved: payload bytes and messages that are now the kernel's.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Written {
    pub bytes: usize,
    pub messages: usize,
    /// Whether anything at all moved, be it half a frame.
    pub progress: bool,
}

pub(crate) struct WebSocket {
    stream: Stream,
    incoming: Incoming,
    pub outgoing: VecDeque<Message>,
    /// How much of the first outgoing frame is written, header included.
    offset: usize,
    close_sent: bool,
}

impl WebSocket {
    /// `read` is what came behind the HTTP request.
    pub(crate) fn new(stream: Stream, read: &[u8], max_payload: usize) -> Self {
        let mut incoming = Incoming::new(max_payload);
        incoming.push(read);
        Self { stream, incoming, outgoing: VecDeque::new(), offset: 0, close_sent: false }
    }

    /// The next message.
    pub(crate) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Received, DisconnectReason>> {
        loop {
            if let Some(received) = self.incoming.next_message()? {
                return Poll::Ready(Ok(received));
            }
            let mut scratch = [MaybeUninit::uninit(); READ];
            let mut buffer = ReadBuf::uninit(&mut scratch);
            match ready!(self.stream.pin().poll_read(cx, &mut buffer)) {
                Err(error) if error.kind() == io::ErrorKind::ConnectionReset => {
                    return Poll::Ready(Err(DisconnectReason::TransportClose));
                }
                Err(_) => return Poll::Ready(Err(DisconnectReason::TransportError)),
                Ok(()) if buffer.filled().is_empty() => {
                    return Poll::Ready(Err(DisconnectReason::TransportClose));
                }
                Ok(()) => self.incoming.push(buffer.filled()),
            }
        }
    }

    /// Writes what is outgoing; ready when all of it is written.
    pub(crate) fn poll_write(
        &mut self,
        cx: &mut Context<'_>,
        written: &mut Written,
    ) -> Poll<io::Result<()>> {
        if let Some(bytes) = self.incoming.pong.take() {
            self.outgoing.push_back(Message { kind: Kind::Pong, bytes });
        }
        while !self.outgoing.is_empty() {
            let count = ready!(self.poll_write_some(cx))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            written.progress = true;
            self.advance(count, written);
        }
        // An idle connection keeps no queue.
        self.outgoing = VecDeque::new();
        self.stream.pin().poll_flush(cx)
    }

    /// Says goodbye behind all that is outgoing.
    pub(crate) fn close(&mut self, code: u16) {
        if !self.close_sent {
            self.close_sent = true;
            let bytes = Bytes::copy_from_slice(&code.to_be_bytes());
            self.outgoing.push_back(Message { kind: Kind::Close, bytes });
        }
    }

    /// Ends our side and reads away what the client still sends, until it ends its side:
    /// closing with unread input would reset the stream, and the client might lose our last
    /// words.
    pub(crate) fn poll_drain(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if ready!(self.stream.pin().poll_shutdown(cx)).is_err() {
            return Poll::Ready(());
        }
        loop {
            let mut scratch = [MaybeUninit::uninit(); READ];
            let mut buffer = ReadBuf::uninit(&mut scratch);
            let result = ready!(self.stream.pin().poll_read(cx, &mut buffer));
            if result.is_err() || buffer.filled().is_empty() {
                return Poll::Ready(());
            }
        }
    }

    fn poll_write_some(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut headers = [([0; MAX_HEADER], 0); BATCH];
        for (header, message) in headers.iter_mut().zip(&self.outgoing) {
            *header = write_header(message);
        }
        let mut slices = [IoSlice::new(&[]); BATCH * 2];
        let mut filled = 0;
        let mut skip = self.offset;
        for ((header, len), message) in headers.iter().zip(&self.outgoing) {
            for part in [header.get(..*len).unwrap_or_default(), &message.bytes] {
                let skipped = skip.min(part.len());
                skip -= skipped;
                if let (Some(slice), Some(rest)) = (slices.get_mut(filled), part.get(skipped..)) {
                    *slice = IoSlice::new(rest);
                    filled += usize::from(!rest.is_empty());
                }
            }
        }
        let slices = slices.get(..filled).unwrap_or_default();
        let stream = self.stream.pin();
        if stream.is_write_vectored() || filled < 2 {
            return stream.poll_write_vectored(cx, slices);
        }
        let mut gathered = Vec::new();
        for slice in slices {
            let room = GATHER - gathered.len();
            gathered.extend(slice.iter().take(room));
        }
        stream.poll_write(cx, &gathered)
    }

    /// Forgets the first `count` bytes that were written.
    fn advance(&mut self, count: usize, written: &mut Written) {
        self.offset += count;
        while let Some(first) = self.outgoing.front() {
            let size = write_header(first).1 + first.bytes.len();
            if self.offset < size {
                return;
            }
            self.offset -= size;
            if matches!(first.kind, Kind::Text | Kind::Binary) {
                written.bytes += first.bytes.len();
                written.messages += 1;
            }
            self.outgoing.pop_front();
        }
    }
}
