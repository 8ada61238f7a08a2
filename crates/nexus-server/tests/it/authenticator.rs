//! An authenticator made of software: it makes keys and signs, and lies where a test wants it to.

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
        RsaKeyPair,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

pub const PRESENT: u8 = 0x01;
pub const VERIFIED: u8 = 0x04;
pub const BACKED_UP: u8 = 0x18;
const HAS_KEY: u8 = 0x40;

enum Key {
    Es256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Rs256(RsaKeyPair),
}

/// With the browser before it.
pub struct Authenticator {
    key: Key,
    pub id: Vec<u8>,
    pub user_handle: Option<String>,
    pub origin: String,
    pub rp_id: String,
    pub flags: u8,
    pub counter: u32,
    pub cross_origin: bool,
    /// In place of the one that was given.
    pub challenge: Option<String>,
    pub kind: Option<&'static str>,
    pub tampered: bool,
}

pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Authenticator {
    pub fn new() -> Authenticator {
        Authenticator::of(-7)
    }

    /// By the COSE number of its algorithm.
    pub fn of(algorithm: i64) -> Authenticator {
        let key = match algorithm {
            -7 => Key::Es256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap()),
            -8 => Key::Ed25519(Ed25519KeyPair::generate().unwrap()),
            _ => Key::Rs256(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()),
        };
        let mut id = vec![0; 32];
        aws_lc_rs::rand::fill(&mut id).unwrap();
        Authenticator {
            key,
            id,
            user_handle: None,
            origin: "http://localhost:8080".to_owned(),
            rp_id: "localhost".to_owned(),
            flags: PRESENT | VERIFIED | BACKED_UP,
            counter: 0,
            cross_origin: false,
            challenge: None,
            kind: None,
            tampered: false,
        }
    }

    /// `RegistrationResponseJSON` for `{ publicKey: … }`.
    pub fn create(&mut self, options: &Value) -> Value {
        let options = &options["publicKey"];
        assert_eq!(options["rp"]["id"], self.rp_id.as_str());
        self.user_handle = options["user"]["id"].as_str().map(str::to_owned);
        self.attest(options["challenge"].as_str().unwrap())
    }

    pub fn attest(&self, challenge: &str) -> Value {
        let client_data = self.client_data("webauthn.create", challenge);
        let mut data = self.data(HAS_KEY);
        data.extend([0xAA; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend(self.public_key());
        let mut object = head(5, 3);
        object.extend([text("fmt"), text("none"), text("attStmt"), head(5, 0)].concat());
        object.extend([text("authData"), bytes(&data)].concat());
        json!({
            "id": encode(&self.id),
            "rawId": encode(&self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": encode(client_data.as_bytes()),
                "attestationObject": encode(&object),
                "authenticatorData": encode(&data),
                "transports": ["internal", "hybrid", "carrier-pigeon"],
            },
        })
    }

    /// `AuthenticationResponseJSON` for `{ publicKey: … }`.
    pub fn get(&self, options: &Value) -> Value {
        let options = &options["publicKey"];
        self.sign(options["challenge"].as_str().unwrap())
    }

    pub fn sign(&self, challenge: &str) -> Value {
        let client_data = self.client_data("webauthn.get", challenge);
        let data = self.data(0);
        let message = [&data[..], digest(&SHA256, client_data.as_bytes()).as_ref()].concat();
        let mut signature = self.signature(&message);
        if self.tampered {
            *signature.last_mut().unwrap() ^= 1;
        }
        json!({
            "id": encode(&self.id),
            "rawId": encode(&self.id),
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": encode(client_data.as_bytes()),
                "authenticatorData": encode(&data),
                "signature": encode(&signature),
                "userHandle": self.user_handle,
            },
        })
    }

    fn client_data(&self, kind: &str, challenge: &str) -> String {
        json!({
            "type": self.kind.unwrap_or(kind),
            "challenge": self.challenge.as_deref().unwrap_or(challenge),
            "origin": self.origin,
            "crossOrigin": self.cross_origin,
            "other_keys_can_be_added_here": "do not compare clientDataJSON against a template",
        })
        .to_string()
    }

    fn data(&self, more_flags: u8) -> Vec<u8> {
        let mut data = digest(&SHA256, self.rp_id.as_bytes()).as_ref().to_vec();
        data.push(self.flags | more_flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn signature(&self, message: &[u8]) -> Vec<u8> {
        let chance = SystemRandom::new();
        match &self.key {
            Key::Es256(key) => key.sign(&chance, message).unwrap().as_ref().to_vec(),
            Key::Ed25519(key) => key.sign(message).as_ref().to_vec(),
            Key::Rs256(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &chance, message, &mut signature).unwrap();
                signature
            }
        }
    }

    fn public_key(&self) -> Vec<u8> {
        match &self.key {
            Key::Es256(key) => {
                let (x, y) = key.public_key().as_ref()[1..].split_at(32);
                let curve = [int(-1), int(1), int(-2), bytes(x), int(-3), bytes(y)].concat();
                [head(5, 5), int(1), int(2), int(3), int(-7), curve].concat()
            }
            Key::Ed25519(key) => {
                let curve = [int(-1), int(6), int(-2), bytes(key.public_key().as_ref())].concat();
                [head(5, 4), int(1), int(1), int(3), int(-8), curve].concat()
            }
            Key::Rs256(key) => {
                let n = key.public_key().modulus().big_endian_without_leading_zero();
                let e = key.public_key().exponent().big_endian_without_leading_zero();
                let number = [int(-1), bytes(n), int(-2), bytes(e)].concat();
                [head(5, 4), int(1), int(3), int(3), int(-257), number].concat()
            }
        }
    }
}

// CBOR, RFC 8949 §3.

fn head(major: u8, number: usize) -> Vec<u8> {
    match number {
        0..24 => vec![major << 5 | u8::try_from(number).unwrap()],
        24..256 => vec![major << 5 | 24, u8::try_from(number).unwrap()],
        _ => {
            let [high, low] = u16::try_from(number).unwrap().to_be_bytes();
            vec![major << 5 | 25, high, low]
        }
    }
}

fn int(number: i64) -> Vec<u8> {
    match usize::try_from(number) {
        Ok(number) => head(0, number),
        Err(_) => head(1, usize::try_from(-1 - number).unwrap()),
    }
}

fn bytes(bytes: &[u8]) -> Vec<u8> {
    [head(2, bytes.len()), bytes.to_vec()].concat()
}

fn text(text: &str) -> Vec<u8> {
    [head(3, text.len()), text.as_bytes().to_vec()].concat()
}
