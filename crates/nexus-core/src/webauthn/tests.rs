use proptest::prelude::*;

use super::{
    Flaw, RelyingParty,
    cbor::{Item, Reader},
    cose::Key,
};

fn here() -> RelyingParty {
    let origins = vec!["https://chat.example.com".to_owned()];
    RelyingParty { id: "chat.example.com".to_owned(), origins, local: false }
}

fn read(bytes: &[u8]) -> Option<Item<'_>> {
    let mut reader = Reader::new(bytes);
    reader.item().filter(|_| reader.is_done())
}

#[test]
fn items_are_those_of_the_rfc() {
    // RFC 8949, appendix A.
    let deep = Item::List(vec![Item::Int(1), Item::List(vec![Item::Int(2), Item::Int(3)])]);
    let map = Item::Map(vec![(Item::Int(1), Item::Int(2)), (Item::Int(3), Item::Int(4))]);
    for (bytes, item) in [
        (&b"\x00"[..], Item::Int(0)),
        (b"\x17", Item::Int(23)),
        (b"\x18\x64", Item::Int(100)),
        (b"\x1a\x00\x0f\x42\x40", Item::Int(1_000_000)),
        (b"\x20", Item::Int(-1)),
        (b"\x39\x03\xe7", Item::Int(-1_000)),
        (b"\x44\x01\x02\x03\x04", Item::Bytes(&[1, 2, 3, 4])),
        (b"\x64IETF", Item::Text("IETF")),
        (b"\xf5", Item::Simple(21)),
        (b"\x82\x01\x82\x02\x03", deep),
        (b"\xa2\x01\x02\x03\x04", map),
    ] {
        assert_eq!(read(bytes), Some(item), "{bytes:x?}");
    }
}

#[test]
fn what_authenticators_never_write_is_not_read() {
    for (what, bytes) in [
        ("nothing", &b""[..]),
        ("a length told later", b"\x5f\x41\x01\xff"),
        ("a tag", b"\xc0\x60"),
        ("a float", b"\xf9\x00\x00"),
        ("too short", b"\x44\x01"),
        ("no UTF-8", b"\x61\xff"),
        ("a number beyond ours", b"\x1b\xff\xff\xff\xff\xff\xff\xff\xff"),
        ("a list of more than there is", b"\x9b\x00\xff\xff\xff\xff\xff\xff\xff"),
        ("one key twice", b"\xa2\x01\x02\x01\x03"),
        ("something behind it", b"\x00\x00"),
        ("too deep", b"\x81\x81\x81\x81\x81\x81\x81\x81\x00"),
    ] {
        assert_eq!(read(bytes), None, "{what}");
    }
}

#[test]
fn a_point_beside_the_curve_is_no_key() {
    let mut key = b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20".to_vec();
    key.extend([1; 32]);
    key.extend(b"\x22\x58\x20");
    key.extend([2; 32]);
    assert_eq!(Key::read(&key).err(), Some(Flaw::Unreadable("the public key")));
    // The same of an algorithm that nobody asked for: ES384.
    key[4] = 0x38;
    key.insert(5, 0x22);
    assert_eq!(Key::read(&key).err(), Some(Flaw::Algorithm));
}

proptest! {
    #[test]
    fn no_answer_upsets_the_checks(
        object in proptest::collection::vec(any::<u8>(), 0..300),
        signature in proptest::collection::vec(any::<u8>(), 0..80),
    ) {
        let rp = here();
        prop_assert!(rp.new_key(&object).is_err());
        let signed = rp.signed(&object, b"", &object, &signature);
        prop_assert!(signed.is_err());
        prop_assert!(Key::read(&object).is_err());
        let _ = read(&object);
    }
}
