use proptest::{collection::vec, prelude::*};

use super::*;

fn frame(fin: bool, opcode: u8, mask: [u8; 4], payload: &[u8]) -> Vec<u8> {
    let kind = if opcode == 1 { Kind::Text } else { Kind::Binary };
    let message = Message { kind, bytes: Bytes::copy_from_slice(payload) };
    let (header, len) = write_header(&message);
    let mut bytes = header[..len].to_vec();
    bytes[0] = (u8::from(fin) << 7) | opcode;
    bytes[1] |= 0x80;
    bytes.extend_from_slice(&mask);
    bytes.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key));
    bytes
}

proptest! {
    /// However a message is cut into frames, and its bytes into reads.
    #[test]
    fn a_message_survives(
        payload in vec(any::<u8>(), 0..70_000),
        cuts in vec(any::<prop::sample::Index>(), 0..4),
        mask in any::<[u8; 4]>(),
        read in 1..9000_usize,
    ) {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(payload.len() + 1)).collect();
        cuts.sort_unstable();
        cuts.push(payload.len());
        let mut bytes = Vec::new();
        let mut from = 0;
        for (index, cut) in cuts.iter().enumerate() {
            let opcode = if index == 0 { 2 } else { 0 };
            bytes.extend(frame(index + 1 == cuts.len(), opcode, mask, &payload[from..*cut]));
            bytes.extend(frame(true, 9, mask, b"ping"));
            from = *cut;
        }
        let mut incoming = Incoming::new(1 << 20);
        let mut received = Vec::new();
        for chunk in bytes.chunks(read) {
            incoming.push(chunk);
            while let Some(message) = incoming.next_message().unwrap() {
                received.push(message);
            }
        }
        prop_assert_eq!(received, [Received::Binary(payload.into())]);
        prop_assert_eq!(incoming.pong.as_deref(), Some(&b"ping"[..]));
        prop_assert_eq!(incoming.buffer.capacity(), 0, "an idle connection holds no buffer");
    }

    #[test]
    fn nothing_makes_the_parser_panic_or_hoard(chunks in vec(vec(any::<u8>(), 0..64), 0..16)) {
        let mut incoming = Incoming::new(1000);
        for chunk in chunks {
            incoming.push(&chunk);
            while let Ok(Some(_)) = incoming.next_message() {}
            prop_assert!(incoming.buffer.len() <= 1000 + 14 + 64 * 16);
        }
    }
}

#[test]
fn a_frame_that_is_too_long_is_refused_by_its_header() {
    let mut incoming = Incoming::new(1000);
    incoming.push(&frame(true, 2, [0; 4], &[0; 1001])[..8]);
    assert_eq!(incoming.next_message(), Err(DisconnectReason::PayloadTooLarge));
    let mut incoming = Incoming::new(1000);
    incoming.push(&frame(false, 2, [0; 4], &[0; 600]));
    incoming.push(&frame(true, 0, [0; 4], &[0; 600]));
    assert_eq!(incoming.next_message(), Err(DisconnectReason::PayloadTooLarge));
}
