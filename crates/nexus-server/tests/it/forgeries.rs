//! Access tokens that are none, at both doors: the routes and the sockets. S-8.

use std::fs;

use aws_lc_rs::{
    encoding::{AsDer as _, PublicKeyX509Der},
    hmac,
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA512, RsaKeyPair, RsaSignatureEncoding,
    },
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use nexus_client::Client;
use serde_json::{Value, json};

use crate::fixture::{Person, TestApp, key_dir};

/// The pair that the server signs with.
fn ours() -> RsaKeyPair {
    let mut files = fs::read_dir(key_dir()).unwrap().map(|file| file.unwrap().path());
    let pem = files.find(|path| path.extension().is_some_and(|end| end == "pem")).unwrap();
    let pem = fs::read_to_string(pem).unwrap();
    let lines: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    RsaKeyPair::from_pkcs8(&STANDARD.decode(lines).unwrap()).unwrap()
}

/// A good token, and what it takes to make others like it.
struct Forger {
    key: RsaKeyPair,
    good: String,
    header: Value,
    claims: Value,
}

impl Forger {
    fn with(token: &str) -> Forger {
        let part = |number: usize| {
            let text = token.split('.').nth(number).unwrap();
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
        };
        Forger { key: ours(), good: token.to_owned(), header: part(0), claims: part(1) }
    }

    fn sign(&self, message: &str, by: &RsaKeyPair, how: &'static RsaSignatureEncoding) -> String {
        let mut signature = vec![0; by.public_modulus_len()];
        by.sign(how, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Signed with the right key, whatever it says.
    fn signed(&self, header: &str, claims: &str) -> String {
        self.sign(&message(header, claims), &self.key, &RSA_PKCS1_SHA256)
    }

    fn header(&self, field: &str, value: Value) -> String {
        self.signed(&changed(&self.header, field, value), &self.claims.to_string())
    }

    fn claim(&self, field: &str, value: Value) -> String {
        self.signed(&self.header.to_string(), &changed(&self.claims, field, value))
    }

    /// By a header that names another algorithm, with the signature that this one makes.
    fn by(&self, algorithm: &str, signature: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
        let header = changed(&self.header, "alg", json!(algorithm));
        let message = message(&header, &self.claims.to_string());
        let signature = signature(message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// The public key in each form in which it could become the secret of an HMAC.
    fn public_forms(&self) -> [Vec<u8>; 4] {
        let der: PublicKeyX509Der<'_> = self.key.public_key().as_der().unwrap();
        let text = STANDARD.encode(der.as_ref());
        let lines: Vec<&str> =
            text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        let pem =
            format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"));
        let trimmed = pem.trim_end().as_bytes().to_vec();
        [pem.into_bytes(), trimmed, der.as_ref().to_vec(), self.key.public_key().as_ref().to_vec()]
    }

    fn of_other_algorithms(&self) -> Vec<String> {
        let mut forged: Vec<String> =
            ["none", "None", "NONE"].map(|none| self.by(none, |_| Vec::new())).into();
        for secret in self.public_forms() {
            forged.push(self.by("HS256", |message| {
                let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
                hmac::sign(&key, message).as_ref().to_vec()
            }));
        }
        // r = s = 0, which careless verifiers take for any message (CVE-2022-21449).
        forged.push(self.by("ES256", |_| vec![0; 64]));
        forged.push(self.by("ES384", |_| vec![0; 96]));
        let header = changed(&self.header, "alg", json!("RS512"));
        let rs512 = message(&header, &self.claims.to_string());
        forged.push(self.sign(&rs512, &self.key, &RSA_PKCS1_SHA512));
        let other = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        let same = message(&self.header.to_string(), &self.claims.to_string());
        forged.push(self.sign(&same, &other, &RSA_PKCS1_SHA256));
        forged
    }

    fn of_other_headers(&self) -> Vec<String> {
        let mut forged = Vec::new();
        for (field, value) in [
            ("alg", json!("PS256")),
            ("alg", json!(["RS256"])),
            ("typ", json!("JWT")),
            ("typ", json!("refresh+jwt")),
            ("typ", json!("id+jwt")),
            ("typ", json!(null)),
            ("kid", json!("../../dev/null")),
            ("kid", json!("k1' OR '1'='1")),
            ("kid", json!("k1\u{0}")),
            ("kid", json!("")),
            ("kid", json!(1)),
            ("kid", json!(null)),
            ("jwk", json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB" })),
            ("jku", json!("https://evil.test/jwks.json")),
            ("x5u", json!("https://evil.test/cert.pem")),
            ("x5c", json!(["MIIB"])),
            ("crit", json!(["exp"])),
            ("zip", json!("DEF")),
            ("b64", json!(false)),
        ] {
            forged.push(self.header(field, value));
        }
        let twice = self.header.to_string().replacen('{', r#"{"kid":"k0","#, 1);
        forged.push(self.signed(&twice, &self.claims.to_string()));
        forged
    }

    fn of_other_claims(&self) -> Vec<String> {
        let now = self.claims["iat"].as_i64().unwrap();
        let mut forged = Vec::new();
        for (field, value) in [
            ("iss", json!("https://evil.test")),
            ("iss", json!(null)),
            ("aud", json!("other")),
            ("sub", json!("ann")),
            ("sid", json!(null)),
            ("iat", json!(now + 600)),
            ("nbf", json!(now + 600)),
            ("exp", json!("9999999999")),
            ("exp", json!("٩٩٩٩٩٩٩٩٩٩")),
            ("exp", json!(1e300)),
            ("exp", json!(null)),
            ("role", json!("admin")),
        ] {
            forged.push(self.claim(field, value));
        }
        let twice = self.claims.to_string().replacen('{', r#"{"aud":"nexus","#, 1);
        forged.push(self.signed(&self.header.to_string(), &twice));
        forged
    }

    fn of_other_shapes(&self) -> Vec<String> {
        let good = &self.good;
        let parts: Vec<&str> = good.split('.').collect();
        vec![
            ".".to_owned(),
            "..".to_owned(),
            format!("{}.{}", parts[0], parts[1]),
            format!("{}.{}.", parts[0], parts[1]),
            format!("{good}."),
            format!("{good}.{}", parts[2]),
            format!("{}.{}.{}.{}.{}", parts[0], parts[1], parts[2], parts[0], parts[1]),
            good[..good.len() - 4].to_owned(),
            format!("{good}===="),
            format!("{}.{}.{}", parts[0], parts[1], parts[2].to_lowercase()),
            format!("{good}{}", "A".repeat(8_000)),
        ]
    }
}

fn message(header: &str, claims: &str) -> String {
    format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims))
}

fn changed(object: &Value, field: &str, value: Value) -> String {
    let mut object = object.clone();
    object[field] = value;
    object.to_string()
}

/// The code with which each door refuses it.
async fn refusals(app: &TestApp, token: &str) -> [Option<String>; 2] {
    let route = match app.api.with_token(token).get("/users/me").await {
        Ok(_) => None,
        Err(err) => {
            let problem = err.problem().unwrap();
            assert_eq!(problem.status, 401, "{err}");
            Some(problem.code.as_str().to_owned())
        }
    };
    let socket = Client::connect(app.host(), token, &["/chat"]).await;
    [route, socket.err().map(|refused| refused.code().unwrap().to_owned())]
}

#[tokio::test]
async fn s8_a_forged_token_opens_neither_door() {
    let app = TestApp::start().await;
    let Person { access_token, refresh_token, .. } = app.person("ann").await;
    let forger = Forger::with(&access_token);
    let same = forger.signed(&forger.header.to_string(), &forger.claims.to_string());
    assert_eq!(refusals(&app, &same).await, [None, None], "made as the server makes them");
    let mut forged = vec![refresh_token];
    forged.extend(forger.of_other_algorithms());
    forged.extend(forger.of_other_headers());
    forged.extend(forger.of_other_claims());
    forged.extend(forger.of_other_shapes());
    assert!(forged.len() >= 40, "{}", forged.len());
    for token in &forged {
        let expected = Some("unauthenticated".to_owned());
        assert_eq!(refusals(&app, token).await, [expected.clone(), expected], "{token:.600}");
    }
    println!("{} forgeries at two doors", forged.len());
    let long_ago = forger.claims["iat"].as_i64().unwrap() - 901;
    let mut claims = forger.claims.clone();
    (claims["iat"], claims["exp"]) = (json!(long_ago - 900), json!(long_ago));
    let expired = forger.signed(&forger.header.to_string(), &claims.to_string());
    let expected = Some("token_expired".to_owned());
    assert_eq!(refusals(&app, &expired).await, [expected.clone(), expected]);
    app.stop().await;
}
