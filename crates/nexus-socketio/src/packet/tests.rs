use proptest::{collection::vec, prelude::*};
use serde_json::Value;

use super::*;

/// Feeds a packet as a client would send it.
fn decode(packet: &Encoded) -> Result<Option<Packet>, DisconnectReason> {
    let mut decoder = Decoder::default();
    let text = Utf8Bytes::try_from(packet.text.clone().unwrap()).unwrap();
    let mut last = decoder.text(text, 1, 10)?;
    for attachment in &packet.attachments {
        assert!(last.is_none(), "an attachment too many");
        last = decoder.binary(attachment.clone(), 1 << 20)?;
    }
    Ok(last)
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((".*", inner), 0..4).prop_map(|pairs| pairs.into_iter().collect()),
        ]
    })
}

fn namespace() -> impl Strategy<Value = String> {
    prop_oneof![Just("/".to_owned()), "/[^,\u{1e}]{0,40}"]
}

fn payload(args: &[Value], files: &[Vec<u8>]) -> Payload {
    let payload = args.iter().fold(Payload::new(), Payload::arg);
    files.iter().cloned().fold(payload, Payload::binary)
}

fn check(args: &Args, values: &[Value], files: &[Vec<u8>]) {
    assert_eq!(args.len(), values.len() + files.len());
    for (index, value) in values.iter().enumerate() {
        assert_eq!(&args.value(index).unwrap(), value);
    }
    for (index, file) in files.iter().enumerate() {
        assert_eq!(args.bytes(values.len() + index).unwrap(), file);
    }
}

proptest! {
    #[test]
    fn an_event_survives(
        namespace in namespace(),
        name in ".*",
        values in vec(json(), 0..4),
        files in vec(vec(any::<u8>(), 0..64), 0..4),
        id in proptest::option::of(any::<u64>()),
    ) {
        prop_assume!(!RESERVED.contains(&name.as_str()));
        let encoded = event_args(&namespace, &name, payload(&values, &files), id).unwrap();
        let packet = decode(&encoded).unwrap().unwrap();
        prop_assert_eq!(&*packet.namespace, namespace.as_str());
        match packet.body {
            Body::Event { name: got, args, ack } => {
                prop_assert_eq!(&*got, name.as_str());
                prop_assert_eq!(ack, id);
                check(&args, &values, &files);
            }
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn an_acknowledgement_survives(
        namespace in namespace(),
        values in vec(json(), 0..4),
        files in vec(vec(any::<u8>(), 0..64), 0..4),
        id in any::<u64>(),
    ) {
        let encoded = ack(&namespace, id, payload(&values, &files)).unwrap();
        let packet = decode(&encoded).unwrap().unwrap();
        prop_assert_eq!(&*packet.namespace, namespace.as_str());
        match packet.body {
            Body::Ack { id: got, args } => {
                prop_assert_eq!(got, id);
                check(&args, &values, &files);
            }
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn nothing_makes_the_decoder_panic(
        texts in vec(prop_oneof![".*", r#"[0-7][0-9]{0,3}-?(/[a-z]*,?)?[0-9]*[\[\{"\]\}:,0-9a-z]*"#], 1..4),
        binary in vec(any::<u8>(), 0..32),
    ) {
        let mut decoder = Decoder::default();
        for text in texts {
            if let Ok(Some(packet)) = decoder.text(text.into(), 0, 10)
                && let Body::Event { args, .. } | Body::Ack { args, .. } = packet.body
            {
                for index in 0..args.len() + 1 {
                    let _ = (args.value(index), args.bytes(index).ok());
                }
            }
            let _ = decoder.binary(binary.clone().into(), 100);
        }
    }
}

#[test]
fn a_relayed_payload_is_the_same_payload() {
    let encoded = event_args("/", "x", payload(&[Value::from(1)], &[vec![1, 2]]), None).unwrap();
    let Some(Packet { body: Body::Event { args, .. }, .. }) = decode(&encoded).unwrap() else {
        panic!("no event");
    };
    let again = event_args("/", "x", Payload::from(&args), None).unwrap();
    assert_eq!(again.text, encoded.text);
    assert_eq!(again.attachments, encoded.attachments);
}

#[test]
fn more_attachments_than_allowed_are_refused_before_any_comes() {
    for (count, fits) in [
        ("0", false),
        ("1", true),
        ("10", true),
        ("11", false),
        ("99999999999999999999", false),
        ("+1", false),
        ("", false),
    ] {
        let text = format!(r#"5{count}-["x"]"#);
        let decoded = Decoder::default().text(text.into(), 0, 10);
        assert_eq!(decoded.is_ok(), fits, "{count}");
    }
}
