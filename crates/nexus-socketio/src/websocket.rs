//! WebSocket framing (RFC 6455, server side, no extensions) that keeps nothing while idle.
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

use bytes::{Buf, Bytes, BytesMut};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tungstenite::Utf8Bytes;

use crate::{
    DisconnectReason,
    outbox::{Kind, Message},
};

/// How many frames one system call writes at most.
const BATCH: usize = 16;
/// How much one system call reads at most; it lies on the stack.
const READ: usize = 8 * 1024;
/// How much is copied together for streams that cannot write scattered memory.
const GATHER: usize = 16 * 1024;
const MAX_HEADER: usize = 10;

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

/// A message from the client.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Received {
    Text(Utf8Bytes),
    Binary(Bytes),
    Close,
}

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
    /// The beginning of a frame whose end is still to come; empty while idle.
    incoming: BytesMut,
    fragments: Option<Box<Fragments>>,
    max_payload: usize,
    pub outgoing: VecDeque<Message>,
    /// How much of the first outgoing frame is written, header included.
    offset: usize,
    /// Only the latest ping needs an answer.
    pong: Option<Bytes>,
    close_sent: bool,
}

struct Fragments {
    text: bool,
    bytes: BytesMut,
}

struct Header {
    fin: bool,
    opcode: u8,
    mask: [u8; 4],
    header_len: usize,
    payload_len: usize,
}

impl WebSocket {
    /// `read` is what came behind the HTTP request.
    pub(crate) fn new(stream: Stream, read: &[u8], max_payload: usize) -> Self {
        Self {
            stream,
            incoming: BytesMut::from(read),
            fragments: None,
            max_payload,
            outgoing: VecDeque::new(),
            offset: 0,
            pong: None,
            close_sent: false,
        }
    }

    /// The next message.
    pub(crate) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Received, DisconnectReason>> {
        loop {
            if let Some(received) = self.next_message()? {
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
                Ok(()) => self.incoming.extend_from_slice(buffer.filled()),
            }
        }
    }

    /// Writes what is outgoing; ready when all of it is written.
    pub(crate) fn poll_write(
        &mut self,
        cx: &mut Context<'_>,
        written: &mut Written,
    ) -> Poll<io::Result<()>> {
        if let Some(bytes) = self.pong.take() {
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

    /// Takes a whole message out of `incoming`, if there is one.
    fn next_message(&mut self) -> Result<Option<Received>, DisconnectReason> {
        while let Some(header) = parse_header(&self.incoming)? {
            let collected = self.fragments.as_ref().map_or(0, |fragments| fragments.bytes.len());
            if header.payload_len.saturating_add(collected) > self.max_payload {
                return Err(DisconnectReason::PayloadTooLarge);
            }
            if self.incoming.len() < header.header_len + header.payload_len {
                return Ok(None);
            }
            self.incoming.advance(header.header_len);
            let mut payload = self.incoming.split_to(header.payload_len);
            unmask(&mut payload, header.mask);
            if self.incoming.is_empty() {
                self.incoming = BytesMut::new();
            }
            if let Some(received) = self.take_frame(&header, payload)? {
                return Ok(Some(received));
            }
        }
        Ok(None)
    }

    fn take_frame(
        &mut self,
        header: &Header,
        payload: BytesMut,
    ) -> Result<Option<Received>, DisconnectReason> {
        match (header.opcode, self.fragments.take()) {
            (0, Some(mut fragments)) => {
                fragments.bytes.extend_from_slice(&payload);
                self.data(header.fin, fragments.text, fragments.bytes)
            }
            (opcode @ (1 | 2), None) => self.data(header.fin, opcode == 1, payload),
            (8, _) => Ok(Some(Received::Close)),
            (9, fragments) => {
                self.fragments = fragments;
                self.pong = Some(payload.freeze());
                Ok(None)
            }
            (10, fragments) => {
                self.fragments = fragments;
                Ok(None)
            }
            _ => Err(DisconnectReason::ParseError),
        }
    }

    fn data(
        &mut self,
        fin: bool,
        text: bool,
        bytes: BytesMut,
    ) -> Result<Option<Received>, DisconnectReason> {
        if !fin {
            self.fragments = Some(Box::new(Fragments { text, bytes }));
            return Ok(None);
        }
        if !text {
            return Ok(Some(Received::Binary(bytes.freeze())));
        }
        let text = Utf8Bytes::try_from(bytes.freeze()).map_err(|_| DisconnectReason::ParseError)?;
        Ok(Some(Received::Text(text)))
    }
}

/// The header at the start of `bytes`, or `None` if more must come.
fn parse_header(bytes: &[u8]) -> Result<Option<Header>, DisconnectReason> {
    let &[first, second, ref rest @ ..] = bytes else { return Ok(None) };
    let (fin, opcode) = (first & 0x80 != 0, first & 0x0f);
    let control = opcode & 0x08 != 0;
    let short = second & 0x7f;
    // Reserved bits belong to extensions, of which we agree to none; clients must mask.
    if first & 0x70 != 0 || second & 0x80 == 0 || (control && (!fin || short > 125)) {
        return Err(DisconnectReason::ParseError);
    }
    let (len, rest, header_len) = match short {
        126 => match rest.split_first_chunk::<2>() {
            Some((len, rest)) => (u64::from(u16::from_be_bytes(*len)), rest, 8),
            None => return Ok(None),
        },
        127 => match rest.split_first_chunk::<8>() {
            Some((len, rest)) => (u64::from_be_bytes(*len), rest, 14),
            None => return Ok(None),
        },
        short => (u64::from(short), rest, 6),
    };
    let payload_len = usize::try_from(len).map_err(|_| DisconnectReason::PayloadTooLarge)?;
    Ok(rest.first_chunk::<4>().map(|mask| Header {
        fin,
        opcode,
        mask: *mask,
        header_len,
        payload_len,
    }))
}

fn write_header(message: &Message) -> ([u8; MAX_HEADER], usize) {
    let opcode = match message.kind {
        Kind::Text => 1,
        Kind::Binary => 2,
        Kind::Close => 8,
        Kind::Pong => 10,
    };
    let mut header = [0; MAX_HEADER];
    let len = message.bytes.len();
    let (short, extended): (u8, &[u8]) = match (u8::try_from(len), u16::try_from(len)) {
        (Ok(short @ ..=125), _) => (short, &[]),
        (_, Ok(len)) => (126, &len.to_be_bytes()),
        _ => (127, &(len as u64).to_be_bytes()),
    };
    let size = 2 + extended.len();
    for (to, from) in header.iter_mut().zip([0x80 | opcode, short].iter().chain(extended)) {
        *to = *from;
    }
    (header, size)
}

fn unmask(payload: &mut [u8], mask: [u8; 4]) {
    let [a, b, c, d] = mask;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let (chunks, rest) = payload.as_chunks_mut::<8>();
    for chunk in chunks {
        *chunk = (u64::from_ne_bytes(*chunk) ^ wide).to_ne_bytes();
    }
    for (byte, key) in rest.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= key;
    }
}
