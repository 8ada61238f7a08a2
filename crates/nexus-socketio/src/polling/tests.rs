use proptest::{collection::vec, prelude::*};

use super::*;

fn decode(payload: &str) -> Vec<Result<Received, DisconnectReason>> {
    let (done, _handled) = oneshot::channel();
    let mut post = Post { body: payload.into(), at: 0, done };
    let mut all = Vec::new();
    while let Some(received) = post.next() {
        all.push(received);
    }
    assert!(post.is_exhausted());
    all
}

proptest! {
    #[test]
    fn a_payload_survives(
        messages in vec(prop_oneof!["4[^\u{1e}]*".prop_map(Ok), vec(any::<u8>(), 0..64).prop_map(Err)], 1..8),
    ) {
        let sent: Vec<Message> = messages
            .iter()
            .map(|message| match message {
                Ok(text) => Message::text(Bytes::copy_from_slice(text.as_bytes())),
                Err(binary) => Message::binary(binary.clone().into()),
            })
            .collect();
        let payload = String::from_utf8(encode_payload(sent.iter())).unwrap();
        let expected: Vec<_> = messages
            .into_iter()
            .map(|message| Ok(match message {
                Ok(text) => Received::Text(text.into()),
                Err(binary) => Received::Binary(binary.into()),
            }))
            .collect();
        prop_assert_eq!(decode(&payload), expected);
    }

    #[test]
    fn nothing_makes_the_payload_decoder_panic(payload in "([\u{1e}b2-6a-zA-Z=]|.)*") {
        decode(&payload);
    }
}
