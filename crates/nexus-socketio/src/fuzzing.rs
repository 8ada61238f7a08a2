//! Ways to the parsers for `fuzz/`; only its builds have them.

use bytes::Bytes;
use tokio::sync::oneshot;
use tungstenite::Utf8Bytes;

use crate::{frames::Incoming, packet::Decoder, polling::Post};

const MAX_PAYLOAD: usize = 64 * 1024;

/// WebSocket frames, in one piece and byte by byte: both find the same.
pub fn frames(data: &[u8]) {
    let mut whole = Incoming::new(MAX_PAYLOAD);
    whole.push(data);
    let mut found = 0;
    while let Ok(Some(_)) = whole.next_message() {
        found += 1;
    }
    let mut slow = Incoming::new(MAX_PAYLOAD);
    let mut found_slowly = 0;
    'all: for byte in data {
        slow.push(&[*byte]);
        loop {
            match slow.next_message() {
                Ok(Some(_)) => found_slowly += 1,
                Ok(None) => break,
                Err(_) => break 'all,
            }
        }
    }
    assert_eq!(found, found_slowly);
}

/// The body of a polling request.
pub fn polled(data: &[u8]) {
    let Ok(body) = Utf8Bytes::try_from(Bytes::copy_from_slice(data)) else { return };
    let (done, _handled) = oneshot::channel();
    let mut post = Post::new(body, done);
    while let Some(Ok(_)) = post.next() {}
}

/// Messages in order: texts are packets, others are attachments.
pub fn packets<'a>(messages: impl Iterator<Item = &'a [u8]>) {
    let mut decoder = Decoder::default();
    for message in messages {
        let bytes = Bytes::copy_from_slice(message);
        let decoded = match Utf8Bytes::try_from(bytes.clone()) {
            // Engine.IO's mark of a message.
            Ok(text) if !text.as_str().starts_with('4') => return,
            Ok(text) => decoder.text(text, 1, 10),
            Err(_) => decoder.binary(bytes, MAX_PAYLOAD),
        };
        if decoded.is_err() {
            return;
        }
    }
}
