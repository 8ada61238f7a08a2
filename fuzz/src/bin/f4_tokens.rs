//! F-4: access tokens, those that are signed rightly too. The first line is the header, the rest
//! the claims, or all of it a token.
#![no_main]

use std::sync::OnceLock;

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::{KeyPair, KeySize},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::{Algorithm, EncodingKey, crypto::sign};
use libfuzzer_sys::fuzz_target;
use nexus_core::tokens::{KeySet, Signer, TokenKey};
use nexus_protocol::Timestamp;

const NOW: Timestamp = Timestamp(1_767_434_400_000);
const LEEWAY_MS: i64 = 30_000;

fn keys() -> &'static (Signer, EncodingKey) {
    static KEYS: OnceLock<(Signer, EncodingKey)> = OnceLock::new();
    KEYS.get_or_init(|| {
        let pair = KeyPair::generate(KeySize::Rsa2048).expect("a pair");
        let der: Pkcs8V1Der<'_> = pair.as_der().expect("it can be written");
        let body = STANDARD.encode(der.as_ref());
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
        let key = TokenKey::from_pem("k1", Timestamp(0), pem.as_bytes()).expect("a key");
        let signing = EncodingKey::from_rsa_pem(pem.as_bytes()).expect("the same key");
        (Signer::new("https://nexus.test", "nexus", KeySet::new([key])), signing)
    })
}

fuzz_target!(|data: &[u8]| {
    let (signer, key) = keys();
    if let Ok(text) = std::str::from_utf8(data) {
        assert!(signer.verify(text, NOW).is_err(), "nobody has signed it");
    }
    let mut parts = data.splitn(2, |byte| *byte == b'\n');
    let (Some(header), Some(claims)) = (parts.next(), parts.next()) else { return };
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let signature = sign(message.as_bytes(), key, Algorithm::RS256).expect("a signature");
    if let Ok(claims) = signer.verify(&format!("{message}.{signature}"), NOW) {
        assert_eq!((&*claims.iss, &*claims.aud), ("https://nexus.test", "nexus"));
        assert!(claims.expires_at().0.saturating_add(LEEWAY_MS) >= NOW.0, "{claims:?}");
    }
});
