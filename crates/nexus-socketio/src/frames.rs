//! WebSocket frames (RFC 6455, server side, no extensions): bytes in, messages out, and headers.

use bytes::{Buf, Bytes, BytesMut};
use tungstenite::Utf8Bytes;

use crate::{
    DisconnectReason,
    outbox::{Kind, Message},
};

pub(crate) const MAX_HEADER: usize = 10;

/// A message from the client.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Received {
    Text(Utf8Bytes),
    Binary(Bytes),
    Close,
}

/// Puts messages together from what has been read; holds nothing between messages.
pub(crate) struct Incoming {
    /// The beginning of a frame whose end is still to come.
    buffer: BytesMut,
    fragments: Option<Box<Fragments>>,
    /// Of the latest ping: only that needs an answer.
    pub pong: Option<Bytes>,
    max_payload: usize,
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

impl Incoming {
    pub(crate) fn new(max_payload: usize) -> Self {
        Self { buffer: BytesMut::new(), fragments: None, pong: None, max_payload }
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Takes a whole message out of the buffer, if there is one.
    pub(crate) fn next_message(&mut self) -> Result<Option<Received>, DisconnectReason> {
        while let Some(header) = parse_header(&self.buffer)? {
            let collected = self.fragments.as_ref().map_or(0, |fragments| fragments.bytes.len());
            if header.payload_len.saturating_add(collected) > self.max_payload {
                return Err(DisconnectReason::PayloadTooLarge);
            }
            if self.buffer.len() < header.header_len + header.payload_len {
                return Ok(None);
            }
            self.buffer.advance(header.header_len);
            let mut payload = self.buffer.split_to(header.payload_len);
            unmask(&mut payload, header.mask);
            if self.buffer.is_empty() {
                self.buffer = BytesMut::new();
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

pub(crate) fn write_header(message: &Message) -> ([u8; MAX_HEADER], usize) {
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

#[cfg(test)]
mod tests;
