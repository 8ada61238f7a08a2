//! The Socket.IO packet codec.

use std::ops::Range;

use bytes::Bytes;
use serde::Serialize;
use tungstenite::Utf8Bytes;

use crate::{Args, ConnectError, DisconnectReason, EmitError, Payload, outbox::Message};

/// A longer namespace is no name but an attack on our memory.
const MAX_NAMESPACE_LEN: usize = 256;

/// Names the protocol keeps for itself: a client's emitter would confuse them with its own.
const RESERVED: [&str; 6] =
    ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];

/// A packet ready to send, Engine.IO's `4` included: shared by all its receivers.
#[derive(Debug, Clone)]
pub(crate) struct Encoded {
    /// Absent only in a bare engine's binary message.
    pub text: Option<Bytes>,
    pub attachments: Vec<Bytes>,
}

impl Encoded {
    pub(crate) fn text(text: Vec<u8>) -> Self {
        Self { text: Some(text.into()), attachments: Vec::new() }
    }

    pub(crate) fn binary(bytes: Bytes) -> Self {
        Self { text: None, attachments: vec![bytes] }
    }

    /// Bytes and messages on the wire.
    pub(crate) fn size(&self) -> (usize, usize) {
        let parts = self.text.iter().chain(&self.attachments);
        parts.fold((0, 0), |(bytes, count), part| (bytes + part.len(), count + 1))
    }

    pub(crate) fn messages(&self) -> impl Iterator<Item = Message> {
        let text = self.text.iter().cloned().map(Message::text);
        text.chain(self.attachments.iter().cloned().map(Message::binary))
    }
}

/// A received packet, attachments included.
#[derive(Debug)]
pub(crate) struct Packet {
    pub namespace: Box<str>,
    pub body: Body,
}

#[derive(Debug)]
pub(crate) enum Body {
    /// The payload of a CONNECT, as JSON.
    Connect(Option<Box<str>>),
    Disconnect,
    Event {
        name: Box<str>,
        args: Args,
        ack: Option<u64>,
    },
    Ack {
        id: u64,
        args: Args,
    },
}

fn begin(kind: u8, attachments: usize, namespace: &str, id: Option<u64>) -> Vec<u8> {
    let mut buffer = Vec::with_capacity(128);
    buffer.extend_from_slice(&[b'4', kind]);
    if attachments > 0 {
        buffer.extend_from_slice(attachments.to_string().as_bytes());
        buffer.push(b'-');
    }
    if namespace != "/" {
        buffer.extend_from_slice(namespace.as_bytes());
        buffer.push(b',');
    }
    if let Some(id) = id {
        buffer.extend_from_slice(id.to_string().as_bytes());
    }
    buffer
}

/// An event with one JSON argument.
pub(crate) fn event<T: Serialize + ?Sized>(
    namespace: &str,
    name: &str,
    value: &T,
    id: Option<u64>,
) -> Result<Encoded, EmitError> {
    let mut buffer = begin(b'2', 0, namespace, id);
    buffer.push(b'[');
    serde_json::to_writer(&mut buffer, name)?;
    buffer.push(b',');
    serde_json::to_writer(&mut buffer, value)?;
    buffer.push(b']');
    Ok(Encoded::text(buffer))
}

/// An event with any arguments.
pub(crate) fn event_args(
    namespace: &str,
    name: &str,
    payload: Payload,
    id: Option<u64>,
) -> Result<Encoded, EmitError> {
    let (json, attachments) = payload.into_parts()?;
    let kind = if attachments.is_empty() { b'2' } else { b'5' };
    let mut buffer = begin(kind, attachments.len(), namespace, id);
    buffer.push(b'[');
    serde_json::to_writer(&mut buffer, name)?;
    if !json.is_empty() {
        buffer.push(b',');
        buffer.extend_from_slice(&json);
    }
    buffer.push(b']');
    Ok(Encoded { text: Some(buffer.into()), attachments })
}

/// The answer to an event.
pub(crate) fn ack(namespace: &str, id: u64, payload: Payload) -> Result<Encoded, EmitError> {
    let (json, attachments) = payload.into_parts()?;
    let kind = if attachments.is_empty() { b'3' } else { b'6' };
    let mut buffer = begin(kind, attachments.len(), namespace, Some(id));
    buffer.push(b'[');
    buffer.extend_from_slice(&json);
    buffer.push(b']');
    Ok(Encoded { text: Some(buffer.into()), attachments })
}

/// The answer to a CONNECT; ids are base64url, so they need no escaping.
pub(crate) fn connected(namespace: &str, id: &str) -> Encoded {
    let mut buffer = begin(b'0', 0, namespace, None);
    buffer.extend_from_slice(b"{\"sid\":\"");
    buffer.extend_from_slice(id.as_bytes());
    buffer.extend_from_slice(b"\"}");
    Encoded::text(buffer)
}

/// The refusal of a CONNECT.
pub(crate) fn refused(namespace: &str, error: &ConnectError) -> Result<Encoded, EmitError> {
    let mut buffer = begin(b'4', 0, namespace, None);
    serde_json::to_writer(&mut buffer, error)?;
    Ok(Encoded::text(buffer))
}

pub(crate) fn disconnect(namespace: &str) -> Encoded {
    Encoded::text(begin(b'1', 0, namespace, None))
}

/// Puts packets together from messages: a binary packet is one text and its attachments.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    pending: Option<Box<Pending>>,
}

#[derive(Debug)]
struct Pending {
    packet: Packet,
    missing: usize,
    attachments: Vec<Bytes>,
    bytes: usize,
}

impl Decoder {
    /// Takes a text message, without Engine.IO's `4` but starting at `text[start]`.
    pub(crate) fn text(
        &mut self,
        text: Utf8Bytes,
        start: usize,
        max_attachments: usize,
    ) -> Result<Option<Packet>, DisconnectReason> {
        if self.pending.is_some() {
            return Err(DisconnectReason::ParseError);
        }
        let bytes = text.len();
        let (packet, missing) =
            parse(text, start, max_attachments).ok_or(DisconnectReason::ParseError)?;
        if missing == 0 {
            return Ok(Some(packet));
        }
        let attachments = Vec::with_capacity(missing);
        self.pending = Some(Box::new(Pending { packet, missing, attachments, bytes }));
        Ok(None)
    }

    /// Takes a binary message. A packet with all its attachments is held to `max_payload` too.
    pub(crate) fn binary(
        &mut self,
        bytes: Bytes,
        max_payload: usize,
    ) -> Result<Option<Packet>, DisconnectReason> {
        let mut pending = self.pending.take().ok_or(DisconnectReason::ParseError)?;
        pending.bytes += bytes.len();
        if pending.bytes > max_payload {
            return Err(DisconnectReason::PayloadTooLarge);
        }
        pending.attachments.push(bytes);
        if pending.attachments.len() < pending.missing {
            self.pending = Some(pending);
            return Ok(None);
        }
        let Pending { mut packet, attachments, .. } = *pending;
        if let Body::Event { args, .. } | Body::Ack { args, .. } = &mut packet.body {
            args.attach(attachments);
        }
        Ok(Some(packet))
    }
}

/// The packet and how many attachments it still waits for.
fn parse(text: Utf8Bytes, start: usize, max_attachments: usize) -> Option<(Packet, usize)> {
    let all = text.as_str();
    let end = all.len();
    let kind = *all.as_bytes().get(start)?;
    let mut at = start + 1;

    let mut missing = 0;
    if matches!(kind, b'5' | b'6') {
        let dash = at + all.get(at..)?.find('-')?;
        missing = number(all.get(at..dash)?)?.try_into().ok()?;
        if missing == 0 || missing > max_attachments {
            return None;
        }
        at = dash + 1;
    }

    let mut namespace = "/";
    if all.as_bytes().get(at) == Some(&b'/') {
        let rest = all.get(at..)?;
        let comma = rest.find(',').unwrap_or(rest.len());
        namespace = rest.get(..comma).filter(|name| name.len() <= MAX_NAMESPACE_LEN)?;
        at += comma + usize::from(comma < rest.len());
    }

    let digits = all.get(at..)?.bytes().take_while(u8::is_ascii_digit).count();
    let id = if digits > 0 { Some(number(all.get(at..at + digits)?)?) } else { None };
    at += digits;

    let namespace = Box::from(namespace);
    let body = body(kind, id, text, at..end)?;
    Some((Packet { namespace, body }, missing))
}

fn body(kind: u8, id: Option<u64>, text: Utf8Bytes, data: Range<usize>) -> Option<Body> {
    match kind {
        b'0' if data.is_empty() => Some(Body::Connect(None)),
        b'0' => {
            let json = text.as_str().get(data)?;
            let raw = serde_json::from_str::<&serde_json::value::RawValue>(json).ok()?;
            raw.get().starts_with('{').then(|| Body::Connect(Some(raw.get().into())))
        }
        b'1' => data.is_empty().then_some(Body::Disconnect),
        b'2' | b'5' => {
            let mut args = Args::parse(text, data).ok()?;
            let first = args.take_first()?;
            let name: Box<str> = serde_json::from_str(args.slice(&first)?).ok()?;
            let reserved = RESERVED.contains(&&*name);
            (!reserved).then_some(Body::Event { name, args, ack: id })
        }
        b'3' | b'6' => Some(Body::Ack { id: id?, args: Args::parse(text, data).ok()? }),
        _ => None,
    }
}

/// Digits only: `str::parse` would take a sign too.
fn number(digits: &str) -> Option<u64> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests;
