//! Public keys as COSE writes them (RFC 9053), and what they have signed.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RsaPublicKeyComponents,
};

use super::{
    Flaw,
    cbor::{Item, Reader},
};

const ES256: i64 = -7;
const ED: i64 = -8;
const RS256: i64 = -257;

/// What is asked for, the best first.
pub const ALGORITHMS: [i64; 3] = [ES256, ED, RS256];

const OKP: i64 = 1;
const EC2: i64 = 2;
const RSA: i64 = 3;
const P256: i64 = 1;
const ED25519_CURVE: i64 = 6;

pub enum Key<'a> {
    /// On a curve.
    Parsed(ParsedPublicKey),
    Rsa(RsaPublicKeyComponents<&'a [u8]>),
}

impl<'a> Key<'a> {
    pub fn read(bytes: &'a [u8]) -> Result<Key<'a>, Flaw> {
        let unreadable = Flaw::Unreadable("the public key");
        let mut reader = Reader::new(bytes);
        let map = reader.item().filter(|_| reader.is_done()).ok_or(unreadable)?;
        let int = |key| map.int_key(key).and_then(Item::int);
        let bytes = |key| map.int_key(key).and_then(Item::bytes).ok_or(unreadable);
        match (int(1), int(3), int(-1)) {
            (Some(EC2), Some(ES256), Some(P256)) => {
                let point = [&[4], bytes(-2)?, bytes(-3)?].concat();
                let key = ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point);
                key.map(Key::Parsed).map_err(|_| unreadable)
            }
            (Some(OKP), Some(ED), Some(ED25519_CURVE)) => {
                let key = ParsedPublicKey::new(&ED25519, bytes(-2)?);
                key.map(Key::Parsed).map_err(|_| unreadable)
            }
            (Some(RSA), Some(RS256), _) => {
                Ok(Key::Rsa(RsaPublicKeyComponents { n: bytes(-1)?, e: bytes(-2)? }))
            }
            _ => Err(Flaw::Algorithm),
        }
    }

    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), Flaw> {
        let verified = match self {
            Key::Parsed(key) => key.verify_sig(message, signature),
            Key::Rsa(key) => key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature),
        };
        verified.map_err(|_| Flaw::Signature)
    }
}
